//! What is left in the end, compared with what is configured.

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::RotationCapability;
use lanyard_compiler::value::Value;

use super::ground::{ACCOUNT, Verb};
use super::holdings::{self, Holdings};
use super::world::World;

/// What is left once everything has calmed down.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// The operation itself succeeded, in spite of the fault.
    pub(super) unnoticed: bool,
    /// The next apply ended with an error that named what is in the way, or the next plan warned of a dead secret, and the step that was
    /// named helped.
    pub(super) took_a_step: bool,
    /// Credentials on the server that nobody configured.
    pub(super) orphans: usize,
    /// Secrets in the state that the server does not accept.
    pub(super) lost: usize,
    /// Whatever else is not as it should be.
    pub(super) problems: Vec<String>,
}

impl Outcome {
    /// Errors where there should be none.
    pub(super) fn note(&mut self, what: &str, diagnostics: &[Diagnostic]) {
        if has_errors(diagnostics) {
            self.problems.push(format!("{what}: {diagnostics:?}"));
        }
    }
}

impl World {
    /// Compares what is with what is configured.
    pub(super) async fn judge(&mut self, outcome: &mut Outcome) {
        let exists = self.operation.verb != Verb::Delete;
        if self.object.state.is_null() == exists {
            outcome.problems.push(format!("in the state: {}", !exists));
        }
        if exists {
            // What a late deed of the server changed would show now.
            let diagnostics = self.object.refresh().await;
            if has_errors(&diagnostics) || self.object.state.is_null() {
                outcome
                    .problems
                    .push(format!("gone at the end: {diagnostics:?}"));
                outcome.lost += 1;
                return;
            }
            self.expect_empty_plan(outcome);
        }
        self.count(outcome);
        let secret = self.token();
        if let Some(old) = &self.secret
            && Some(old) != secret.as_ref()
            && self.must_be_dead()
            && holdings::lets_in(&self.server, &self.before.0, old).await
        {
            outcome
                .problems
                .push("the secret before still works".to_owned());
            outcome.orphans += 1;
        }
        if !exists || !self.issues_secret() {
            return;
        }
        let secret = match self.operation.verb {
            // An import does not show the secret; the one in use must still work.
            Verb::Import => self.secret.clone(),
            _ => secret,
        };
        let Some(secret) = secret else {
            outcome.problems.push("no secret in the state".to_owned());
            outcome.lost += 1;
            return;
        };
        let state = &self.object.state;
        let disabled = state.get("disabled").as_bool() == Some(true);
        if !holdings::lets_in(&self.server, state, &secret).await && !disabled {
            outcome.lost += 1;
        }
        if let Value::Secret(previous) = state.get("previous_token")
            && !holdings::lets_in(&self.server, state, previous.expose()).await
        {
            outcome
                .problems
                .push("previous_token does not work any more".to_owned());
        }
        if self.keeps && self.secret.as_ref() != Some(&secret) {
            outcome
                .problems
                .push("the secret changed, though nothing was to rotate".to_owned());
        }
    }

    /// Counts what is there, beside what was there anyway, against what is configured.
    fn count(&self, outcome: &mut Outcome) {
        let mut found = Holdings::of(&self.server).since(&self.ground);
        let state = &self.object.state;
        let (mut accounts, mut tokens) = (0, 0);
        if state.is_null() {
            // Where nothing can be deleted, what lets nobody in is as good as gone.
            found.tokens = &found.tokens - &found.disabled;
        } else if self.operation.kind == ACCOUNT {
            accounts = 1;
        } else if state.get("id") != state.get("service_account") {
            let slots = matches!(
                self.capabilities.access_token.rotation,
                RotationCapability::TwoSlots
            );
            if slots {
                found.tokens.retain(|id| !is_retired(state, id));
            }
            tokens = 1;
        }
        for (found, wanted) in [
            (found.accounts.len(), accounts),
            (found.tokens.len(), tokens),
        ] {
            outcome.orphans += found.saturating_sub(wanted);
            outcome.lost += wanted.saturating_sub(found);
        }
    }

    fn issues_secret(&self) -> bool {
        let kind = if self.operation.kind == ACCOUNT {
            Kind::ServiceAccount
        } else {
            Kind::AccessToken
        };
        kind.capabilities_for(self.capabilities, &self.object.state)
            .issues_secret
    }

    /// True if the operation ends the secret before it at once.
    fn must_be_dead(&self) -> bool {
        match self.operation.verb {
            Verb::Delete | Verb::ApplyLater(_) => true,
            Verb::Apply(config) => !config.contains("grace_period"),
            Verb::Import | Verb::Refresh => false,
        }
    }
}

/// True for a token that a state's `retired` covers: `ACCOUNT/NAME@2` stands for every secret up to the second.
fn is_retired(state: &Value, id: &str) -> bool {
    let number = id
        .rsplit_once("--")
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(1);
    let retired = state.get("retired").as_list().unwrap_or_default();
    let up_to = retired
        .iter()
        .filter_map(|entry| entry.get("id").as_str()?.rsplit_once('@'))
        .filter_map(|(_, number)| number.parse::<i64>().ok())
        .max();
    up_to.is_some_and(|up_to| number <= up_to)
}
