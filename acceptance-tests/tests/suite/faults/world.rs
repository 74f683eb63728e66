//! Where one cell is tried: a server of its own, a provider in front of it, and one resource on its way.

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::server::{Capabilities, RotationCapability, capabilities};
use lanyard_compiler::model::{self, Kind};
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::ground::{ACCOUNT, Ground, Operation, Verb};
use super::holdings::{self, Holdings};
use super::trouble::{Span, TIME_OUT, Trouble};
use crate::provider::core::{Action, Core, Object, server_of, settings_for};

/// What is left once everything has calmed down.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// The operation itself succeeded, in spite of the fault.
    pub(super) unnoticed: bool,
    /// The next apply ended with an error that named what is in the way, and the step that it named helped.
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
    fn note(&mut self, what: &str, diagnostics: &[Diagnostic]) {
        if has_errors(diagnostics) {
            self.problems.push(format!("{what}: {diagnostics:?}"));
        }
    }
}

pub(super) struct World {
    operation: &'static Operation,
    server: ReferenceServer,
    capabilities: &'static Capabilities,
    object: Object,
    /// Id of the account that tokens belong to.
    account: String,
    /// What is there whatever the operation does.
    ground: Holdings,
    /// Terraform marks what it made in a create that failed, and replaces it.
    tainted: bool,
    /// The state before the operation, and its secret.
    before: Value,
    secret: Option<String>,
    /// The operation leaves the secret as it is.
    keeps: bool,
    key: age::x25519::Identity,
}

impl World {
    /// Everything as it is before the operation.
    pub(super) async fn before(ground: &Ground, operation: &'static Operation) -> Self {
        let server = server_of(ground.api);
        let core = Core::on(&server).await;
        let mut account = String::new();
        if let Some(config) = ground.account {
            let mut object = core.account();
            object.apply(parse(config)).await;
            account = object.text("id");
        }
        if ground.api == Api::OpenObserve {
            // It makes an organization's first ingestion token when somebody asks for the list.
            let listed = core.data("lanyard_access_tokens", json!({})).await;
            assert!(listed.is_ok(), "{listed:?}");
        }
        let mut world = Self {
            operation,
            capabilities: capabilities(
                model::server::Api::parse(ground.api.name()).expect("the APIs have one name"),
            ),
            object: core.object(operation.kind),
            account,
            ground: Holdings::of(&server),
            server,
            tainted: false,
            before: Value::Null,
            secret: None,
            keeps: false,
            key: age::x25519::Identity::generate(),
        };
        if let Some(theirs) = operation.taken {
            world.take(&core, theirs).await;
        }
        for before in operation.before {
            world.object.apply(world.config(before)).await;
        }
        let seconds = match operation.verb {
            Verb::ApplyLater(_) => 3 * 86_400,
            _ => 3600,
        };
        let moved = world.server.clock().advance_seconds(seconds);
        moved.expect("three days are no distance");
        if matches!(operation.verb, Verb::ApplyLater(_)) {
            assert_eq!(world.object.refresh().await, []);
        }
        world.before = world.object.state.clone();
        world.secret = world.token();
        world.keeps = world.secret.is_some() && world.plans_no_secret();
        world
    }

    fn plans_no_secret(&self) -> bool {
        let config = self.config(self.operation.wanted());
        let plan = self.object.plan(&config).expect("the table can be planned");
        let count = |state: &Value| state.get("generation").clone();
        plan.action != Action::Replace && count(&plan.value) == count(&self.before)
    }

    /// Makes what has the name before us.
    async fn take(&self, core: &Core, theirs: &str) {
        let config = self.config(theirs);
        if self.server.api != Api::Native {
            core.object(self.operation.kind).apply(config).await;
            return;
        }
        // Past the provider, which would leave a mark of ownership.
        let answer = reqwest::Client::new()
            .post(format!("{}/v1/access-tokens", self.server.url))
            .bearer_auth(self.server.token.as_deref().unwrap_or_default())
            .header("Content-Type", "application/json")
            .body(
                json!({"name": config["name"], "service_account_id": config["service_account"]})
                    .to_string(),
            )
            .send()
            .await
            .expect("the server answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// The calls that the operation makes when nothing is in its way, such as `PATCH /v1/access-tokens/{id}`.
    pub(super) async fn calls(mut self) -> Vec<String> {
        self.server.requests().clear();
        self.object = self.provider(json!({})).await;
        let diagnostics = self.perform().await;
        assert!(
            !has_errors(&diagnostics),
            "{}: {diagnostics:#?}",
            self.operation.name
        );
        let requests = self.server.requests().all();
        requests
            .iter()
            .map(|request| {
                let path: Vec<&str> = request
                    .path
                    .split('/')
                    .map(|part| match part {
                        id if id.starts_with("sa_") || id.starts_with("at_") => "{id}",
                        part => part,
                    })
                    .collect();
                format!("{} {}", request.method, path.join("/"))
            })
            .collect()
    }

    /// Spoils one call of the operation, lets it come to whatever end, and then applies again.
    pub(super) async fn survive(mut self, call: usize, trouble: Trouble, span: Span) -> Outcome {
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
        let call = u64::try_from(call).expect("calls are few");
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
            self.object.state = self.before.clone();
            self.tainted = false;
        }

        self.object = self.provider(json!({ "max_retries": 2 })).await;
        self.again(&mut outcome).await;
        if trouble == Trouble::SlowWork && self.late_work_shows(&mut outcome).await {
            self.again(&mut outcome).await;
        }
        self.judge(&mut outcome).await;
        outcome
    }

    /// What Terraform does once.
    async fn perform(&mut self) -> Vec<Diagnostic> {
        match self.operation.verb {
            Verb::Apply(config) | Verb::ApplyLater(config) => {
                let was_null = self.object.state.is_null();
                let (_, diagnostics) = self.object.try_apply(self.config(config)).await;
                self.tainted = was_null && !self.object.state.is_null() && has_errors(&diagnostics);
                diagnostics
            }
            Verb::Delete => self.object.destroy().await,
            Verb::Import => {
                let id = self.object.text("id");
                self.object.import(ImportBy::Id(id)).await
            }
            Verb::Refresh => self.object.refresh().await,
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
        match diagnostics.iter().find(|error| error.code == "name-taken") {
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

    fn expect_empty_plan(&self, outcome: &mut Outcome) {
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

    /// Compares what is with what is configured.
    async fn judge(&mut self, outcome: &mut Outcome) {
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
            && holdings::lets_in(&self.server, &self.before, old).await
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

    fn config(&self, text: &str) -> Json {
        let text = text
            .replace("ACCOUNT", &self.account)
            .replace("RECIPIENT", &self.key.to_public().to_string());
        parse(&text)
    }

    /// A provider that was just started, with the resource's state.
    async fn provider(&self, settings: Json) -> Object {
        let mut all = settings_for(&self.server);
        for (name, value) in settings.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        let (core, diagnostics) = Core::configured(all).await;
        assert_eq!(diagnostics, []);
        let mut object = core.object(self.operation.kind);
        object.state = self.object.state.clone();
        object
    }

    /// The secret in the state, decrypted where it is for a recipient.
    fn token(&self) -> Option<String> {
        match (
            self.object.state.get("token"),
            self.object.state.get("encrypted_token"),
        ) {
            (Value::Secret(secret), _) => Some(secret.expose().to_owned()),
            (_, Value::String(armored)) => {
                let clear = age::decrypt(&self.key, armored.as_bytes()).ok()?;
                String::from_utf8(clear).ok()
            }
            _ => None,
        }
    }

    /// Waits until the server has done what it was slow to do; true if that undid something, and the next plan says so.
    async fn late_work_shows(&mut self, outcome: &mut Outcome) -> bool {
        let started = std::time::Instant::now();
        let done = || {
            let requests = self.server.requests().all();
            requests
                .iter()
                .any(|request| request.fault.as_deref() == Some("slow"))
        };
        while !done() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            if started.elapsed() > std::time::Duration::from_secs(20) {
                let problem = "the call that was to be slow was never made".to_owned();
                outcome.problems.push(problem);
                return false;
            }
        }
        if self.object.state.is_null() {
            return false;
        }
        outcome.note(
            "the refresh after the late work",
            &self.object.refresh().await,
        );
        let config = self.config(self.operation.wanted());
        let is_gone = self.object.state.is_null();
        is_gone
            || self
                .object
                .plan(&config)
                .is_ok_and(|plan| plan.action != Action::NoOp)
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

fn parse(text: &str) -> Json {
    serde_json::from_str(text).expect("the table holds JSON")
}
