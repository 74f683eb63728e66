//! Where one cell is tried: a server of its own, a provider in front of it, and one resource on its way.

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::ReferenceServer;
use serde_json::{Value as Json, json};

use super::table::{Operation, Span, Trouble, Verb};
use crate::provider::core::{Action, Core, Object, native_server, settings_for};

/// What is left once everything has calmed down.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// The operation itself succeeded, in spite of the fault.
    pub(super) unnoticed: bool,
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
    object: Object,
    /// Id of the account that tokens belong to.
    account: String,
    /// Terraform marks what it made in a create that failed, and replaces it.
    tainted: bool,
    /// The secret before the operation.
    secret: Option<String>,
    key: age::x25519::Identity,
}

impl World {
    /// Everything as it is before the operation.
    pub(super) async fn before(operation: &'static Operation) -> Self {
        let server = native_server();
        let core = Core::on(&server).await;
        let mut account = core.account();
        account
            .apply(json!({"name": "ci", "roles": ["viewer", "editor"]}))
            .await;
        let account = account.text("id");
        let mut world = Self {
            operation,
            object: core.object(operation.kind),
            server,
            account,
            tainted: false,
            secret: None,
            key: age::x25519::Identity::generate(),
        };
        if operation.taken {
            let theirs = json!({"name": "target", "service_account_id": world.account});
            world.post("/v1/access-tokens", &theirs).await;
        }
        if let Some(before) = operation.before {
            world.object.apply(world.config(before)).await;
            world.secret = world.token();
        }
        world
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
        let state = self.object.state.clone();
        let retries = if trouble.kills() { 0 } else { 2 };
        let mut settings = json!({ "max_retries": retries });
        if trouble.is_slow() {
            settings["request_timeout"] = json!("1s");
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
            self.object.state = state;
            self.tainted = false;
        }

        self.object = self.provider(json!({ "max_retries": 2 })).await;
        self.again(&mut outcome).await;
        if trouble == Trouble::SlowWork {
            self.late_work().await;
        }
        self.judge(&mut outcome).await;
        outcome
    }

    /// What Terraform does once.
    async fn perform(&mut self) -> Vec<Diagnostic> {
        match self.operation.verb {
            Verb::Apply(config) => {
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
        let config = self.config(self.wanted());
        let (action, diagnostics) = self.object.try_apply(config.clone()).await;
        outcome.note("the second apply", &diagnostics);
        if (imported || self.operation.verb == Verb::Refresh) && action != Action::NoOp {
            outcome
                .problems
                .push(format!("nothing changed, but the plan says {action:?}"));
        }
        let diagnostics = self.object.refresh().await;
        outcome.note("the last refresh", &diagnostics);
        self.expect_empty_plan(outcome);
    }

    fn expect_empty_plan(&self, outcome: &mut Outcome) {
        match self.object.plan(&self.config(self.wanted())) {
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
        let is_account = self.operation.kind == "lanyard_service_account";
        let mut accounts = vec![self.account.clone()];
        let mut tokens = Vec::new();
        if exists {
            let list = if is_account {
                &mut accounts
            } else {
                &mut tokens
            };
            list.push(self.object.text("id"));
        }
        for (path, known) in [
            ("/v1/service-accounts", accounts),
            ("/v1/access-tokens", tokens),
        ] {
            let found = self.ids(path).await;
            outcome.orphans += found.iter().filter(|id| !known.contains(id)).count();
            outcome.lost += known.iter().filter(|id| !found.contains(id)).count();
        }
        if is_account || !exists {
            return;
        }
        let disabled = self.object.state.get("disabled").as_bool() == Some(true);
        let secret = match self.operation.verb {
            // An import does not show the secret; the one in use must still work.
            Verb::Import => self.secret.clone(),
            _ => self.token(),
        };
        let Some(secret) = secret else {
            outcome.problems.push("no secret in the state".to_owned());
            outcome.lost += 1;
            return;
        };
        if !self.accepts(&secret).await && !disabled {
            outcome.lost += 1;
        }
        if let Value::Secret(previous) = self.object.state.get("previous_token")
            && !self.accepts(previous.expose()).await
        {
            outcome
                .problems
                .push("previous_token does not work any more".to_owned());
        }
        let keeps = match self.operation.verb {
            Verb::Apply(config) => !config.contains("triggers") && self.operation.before.is_some(),
            _ => true,
        };
        if keeps && self.secret.as_ref() != Some(&secret) {
            outcome
                .problems
                .push("the secret changed, though nothing was to rotate".to_owned());
        }
    }

    /// The configuration to end with.
    fn wanted(&self) -> &'static str {
        match self.operation.verb {
            Verb::Apply(config) => config,
            _ => self.operation.before.unwrap_or("{}"),
        }
    }

    fn config(&self, text: &str) -> Json {
        let text = text
            .replace("ACCOUNT", &self.account)
            .replace("RECIPIENT", &self.key.to_public().to_string());
        serde_json::from_str(&text).expect("the table holds JSON")
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

    /// Waits until the server has done what it was slow to do.
    async fn late_work(&self) {
        let done = || {
            let requests = self.server.requests().all();
            requests
                .iter()
                .any(|request| request.fault.as_deref() == Some("slow"))
        };
        while !done() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    async fn accepts(&self, secret: &str) -> bool {
        let answer = reqwest::Client::new()
            .get(format!("{}/v1/whoami", self.server.url))
            .bearer_auth(secret)
            .send()
            .await
            .expect("the server answers");
        answer.status().is_success()
    }

    async fn ids(&self, path: &str) -> Vec<String> {
        let answer = self
            .operator(reqwest::Method::GET, &format!("{path}?limit=1000"))
            .send()
            .await
            .expect("the server answers");
        let text = answer.text().await.expect("the server answers with text");
        let list: Json = serde_json::from_str(&text).expect("a list is JSON");
        let items = list["items"].as_array().expect("a list has items");
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    async fn post(&self, path: &str, body: &Json) {
        let answer = self
            .operator(reqwest::Method::POST, path)
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .expect("the server answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    fn operator(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        reqwest::Client::new()
            .request(method, format!("{}{path}", self.server.url))
            .bearer_auth(self.server.token.as_deref().unwrap_or_default())
    }
}
