//! What comes after a spoiled call: the operation ends somehow, and the next apply has to make it good.

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use serde_json::{Value as Json, json};

use super::ground::Verb;
use super::holdings::{self, Holdings};
use super::outcome::Outcome;
use super::trouble::{Place, Role, Span, TIME_OUT, Trouble};
use super::world::World;
use crate::provider::core::Action;

impl World {
    /// Spoils one call of the operation, lets it come to whatever end, and then applies again.
    pub(super) async fn survive(mut self, call: Place, trouble: Trouble, span: Span) -> Outcome {
        let retries = match span {
            _ if trouble.kills() => 0,
            // A busy server is asked again for minutes.
            Span::Lasting if trouble.is_busy() => 0,
            Span::Once | Span::Lasting => 2,
        };
        let mut settings = json!({ "max_retries": retries });
        if trouble.is_slow() {
            settings["request_timeout"] = json!(TIME_OUT);
        }
        self.object = self.provider(settings).await;
        self.server
            .faults()
            .replace(trouble.rules(call, span))
            .expect("the rules make sense");
        let diagnostics = self.perform().await;
        self.server.faults().clear();
        let mut outcome = Outcome {
            unnoticed: !has_errors(&diagnostics) && !trouble.kills(),
            ..Outcome::default()
        };
        if trouble.kills() {
            (self.object.state, self.object.private) = self.before.clone();
            self.tainted = false;
        }
        if span == Span::Lasting && matches!(call.role, Role::Read { .. }) {
            self.expect_nothing_lost_yet(&mut outcome).await;
        }

        self.object = self.provider(json!({ "max_retries": 2 })).await;
        self.again(&mut outcome).await;
        if trouble == Trouble::SlowWork {
            self.late_work(&mut outcome).await;
        }
        self.judge(&mut outcome).await;
        outcome
    }

    /// Whatever was written was answered, and only reading failed: so the state holds a secret that works, and what it does not hold was taken
    /// back, before anybody applies again.
    async fn expect_nothing_lost_yet(&self, outcome: &mut Outcome) {
        let state = &self.object.state;
        let problem = if state.is_null() {
            let made = Holdings::of(&self.server).since(&self.ground);
            let is_ours = self.operation.taken.is_none() && self.operation.verb != Verb::Delete;
            let is_left = is_ours && made.accounts.len() + made.tokens.len() > 0;
            is_left.then_some("what was made is in no state")
        } else {
            let is_over = self.operation.verb == Verb::Delete
                || state.get("disabled").as_bool() == Some(true);
            let is_dead = match self.token() {
                Some(secret) if !is_over => !holdings::lets_in(&self.server, state, &secret).await,
                _ => false,
            };
            is_dead.then_some("the state is left with a secret that does not work")
        };
        if let Some(problem) = problem {
            outcome
                .problems
                .push(format!("only reading failed, but {problem}"));
        }
    }

    /// The next `terraform apply`: refresh, plan, apply, and an empty plan after it.
    async fn again(&mut self, outcome: &mut Outcome) {
        // Nobody is that quick: some servers tell moments apart by the second.
        let moved = self.server.clock().advance_seconds(60);
        moved.expect("a minute is no distance");
        let imported = matches!(self.operation.verb, Verb::Import);
        if imported {
            outcome.note("the second import", &self.perform().await);
        } else if !self.object.state.is_null() {
            outcome.note("the refresh", &self.object.refresh().await);
        }
        if self.operation.verb == Verb::Delete || self.tainted {
            if !self.object.state.is_null() {
                outcome.note("the second delete", &self.object.destroy().await);
            }
            if !self.tainted {
                return;
            }
        }
        let config = self.config(self.operation.wanted());
        let (action, diagnostics) = self.object.try_apply(config.clone()).await;
        match diagnostics
            .iter()
            .find(|error| error.code == Code::NameTaken)
        {
            Some(taken) => self.take_the_step(taken, config, outcome).await,
            None => outcome.note("the second apply", &diagnostics),
        }
        if (imported || self.operation.verb == Verb::Refresh) && action != Action::NoOp {
            outcome
                .problems
                .push(format!("nothing changed, but the plan says {action:?}"));
        }
        let diagnostics = self.object.refresh().await;
        outcome.note("the last refresh", &diagnostics);
        self.expect_empty_plan(outcome);
    }

    /// Does what the error tells: the server cannot say whose the object is that has the name, so the user has to.
    async fn take_the_step(&mut self, taken: &Diagnostic, config: Json, outcome: &mut Outcome) {
        outcome.took_a_step = true;
        let text = taken.to_string();
        let ways = ["adopt", "replace"];
        let named = |way: &&&str| text.contains(&format!("`on_conflict = \"{way}\"`"));
        let Some(way) = ways.iter().find(named) else {
            outcome.problems.push(format!("no way on: {text}"));
            return;
        };
        let mut step = config.clone();
        step["on_conflict"] = json!(way);
        let (_, diagnostics) = self.object.try_apply(step).await;
        outcome.note("the step that was named", &diagnostics);
        let id = self.object.state.get("id").as_str().unwrap_or("?");
        if !text.contains(id) {
            outcome.problems.push(format!("{id} is not named: {text}"));
        }
        let (_, diagnostics) = self.object.try_apply(config).await;
        outcome.note("the apply after the step", &diagnostics);
    }

    pub(super) fn expect_empty_plan(&self, outcome: &mut Outcome) {
        match self.object.plan(&self.config(self.operation.wanted())) {
            Ok(plan) if plan.action == Action::NoOp => {}
            Ok(plan) => outcome
                .problems
                .push(format!("the plan is not empty: {:?}", plan.action)),
            Err(diagnostics) => outcome
                .problems
                .push(format!("the plan fails: {diagnostics:?}")),
        }
    }

    /// Has the server do what it was slow to do, now that everything has calmed down; what that undoes, the next plan says.
    async fn late_work(&mut self, outcome: &mut Outcome) {
        let started = std::time::Instant::now();
        let done = || {
            let requests = self.server.requests().all();
            requests
                .iter()
                .any(|request| request.fault.as_deref() == Some("slow"))
        };
        while !done() {
            // The request may be on its way yet.
            self.server.faults().hurry();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            if started.elapsed() > std::time::Duration::from_secs(20) {
                let problem = "the call that was to be slow was never made".to_owned();
                outcome.problems.push(problem);
                return;
            }
        }
        if self.object.state.is_null() {
            return;
        }
        outcome.note(
            "the refresh after the late work",
            &self.object.refresh().await,
        );
        if self.object.state.is_null() {
            return self.again(outcome).await;
        }
        let config = self.config(self.operation.wanted());
        match self.object.plan(&config) {
            Ok(plan) if plan.action != Action::NoOp => self.again(outcome).await,
            Ok(plan) if tells_of_a_dead_secret(&plan.warnings) => {
                self.look_after(config, outcome).await;
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// Does what the warning tells: an account leaves its secret to whoever replaced it, unless it has a `rotation` block.
    async fn look_after(&mut self, config: Json, outcome: &mut Outcome) {
        outcome.took_a_step = true;
        let mut step = config.clone();
        step["rotation"] = json!({});
        let (_, diagnostics) = self.object.try_apply(step).await;
        outcome.note("the step that was named", &diagnostics);
        let (_, diagnostics) = self.object.try_apply(config).await;
        outcome.note("the apply after the step", &diagnostics);
    }
}

fn tells_of_a_dead_secret(warnings: &[Diagnostic]) -> bool {
    let mut dead = warnings
        .iter()
        .filter(|warning| warning.code == Code::SecretReplacedElsewhere);
    dead.any(|warning| warning.to_string().contains("add a `rotation` block"))
}
