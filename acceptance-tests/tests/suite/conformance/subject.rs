//! One running server under test, and resources that live on it the way Terraform drives them.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::{Kind, Lifetime, Settings, decode, facts};
use lanyard_compiler::plan::{Action, plan_resource, unfinished_is_an_error};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::engine::{self, Applied, Evidence, Use};
use lanyard_servers::{Origin, ServerError, TokenServer, connect};
use lanyard_token_server::{Api, Options, ReferenceServer};

use super::finding::{Finding, Findings};
use super::report;
use crate::support::states;

/// A server and our connection to it.
pub(crate) struct Subject {
    pub(super) reference: ReferenceServer,
    pub(super) server: Arc<dyn TokenServer>,
    pub(super) findings: Findings,
}

/// Runs one check of those that hold everywhere against a server of its own, and reports what it found.
pub(super) fn run<F: Future<Output = ()>>(
    api: Api,
    name: &'static str,
    check: impl FnOnce(Subject) -> F,
) {
    let findings = ran(api, check);
    assert!(
        !findings.is_empty(),
        "a check should say what works and what is refused"
    );
    report::add(api.name(), name, findings);
}

/// Likewise, a check that only this server has.
pub(super) fn run_alone<F: Future<Output = ()>>(
    api: Api,
    name: &'static str,
    check: impl FnOnce(Subject) -> F,
) {
    report::add(api.name(), name, ran(api, check));
}

fn ran<F: Future<Output = ()>>(api: Api, check: impl FnOnce(Subject) -> F) -> Vec<Finding> {
    let reference = ReferenceServer::start(Options::new(api)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = connect_from("here", &settings_of(&reference));
    let findings = Findings::default();
    runtime.block_on(check(Subject {
        reference,
        server,
        findings: findings.clone(),
    }));
    findings.all()
}

/// A connection that works for the state in this place.
fn connect_from(place: &str, settings: &Settings) -> Arc<dyn TokenServer> {
    let server = connect(settings).unwrap();
    server.session().come_from(Origin::of(&[place], settings));
    server
}

fn settings_of(reference: &ReferenceServer) -> Settings {
    Settings {
        api: serde_json::from_value(serde_json::to_value(reference.api.name()).unwrap()).unwrap(),
        url: Some(reference.url.clone()),
        token: reference.token.as_deref().map(Secret::new),
        username: reference.username.clone(),
        password: reference.password.as_deref().map(Secret::new),
        organization: reference.organization.clone(),
        request_timeout: Some(Lifetime::from_seconds(2)),
        max_retries: Some(2),
        // Tests move the server's clock, and this machine's stays where it is.
        clock_tolerance: Lifetime::parse("1000w").ok(),
        ..Settings::default()
    }
}

impl Subject {
    pub(super) fn capabilities(&self) -> &'static Capabilities {
        self.server.capabilities()
    }

    pub(super) fn settings(&self) -> Settings {
        settings_of(&self.reference)
    }

    /// A connection that knows nothing, as after a restart of the provider.
    pub(super) fn restart(&mut self) {
        self.server = connect_from("here", &self.settings());
    }

    /// A connection of somebody with another state.
    pub(super) fn restart_elsewhere(&mut self) {
        self.server = self.elsewhere();
    }

    /// Another connection, of somebody with another state.
    pub(super) fn elsewhere(&self) -> Arc<dyn TokenServer> {
        connect_from("elsewhere", &self.settings())
    }

    /// Another server of this kind, a day later: nothing on it was made at the same time as here.
    pub(super) fn another(&self) -> Self {
        let reference = ReferenceServer::start(Options::new(self.reference.api)).unwrap();
        reference.clock().advance_seconds(86_400).unwrap();
        let server = connect_from("there", &settings_of(&reference));
        Self {
            reference,
            server,
            findings: self.findings.clone(),
        }
    }

    /// Another server of this kind that writes every secret into a file, one a line.
    pub(super) fn noting_secrets(&self, file: &Path) -> Self {
        let reference = ReferenceServer::start(Options {
            secret_log: Some(file.to_owned()),
            ..Options::new(self.reference.api)
        });
        let reference = reference.unwrap();
        let server = connect_from("here", &settings_of(&reference));
        Self {
            reference,
            server,
            findings: self.findings.clone(),
        }
    }

    /// This server, by another name of its host.
    pub(super) fn restart_by_another_address(&mut self) {
        let settings = self.settings();
        let url = settings.url.as_deref().unwrap();
        assert!(url.contains("//127.0.0.1:"), "{url}");
        let url = url.replace("127.0.0.1", "localhost");
        let settings = Settings {
            url: Some(url),
            ..settings
        };
        self.server = connect_from("here", &settings);
    }

    /// A connection that trusts the server's clock no further than people do.
    pub(super) fn restart_doubting(&mut self) {
        let settings = Settings {
            clock_tolerance: None,
            ..self.settings()
        };
        self.server = connect_from("here", &settings);
    }

    /// Another user of the same server.
    pub(super) fn with_secret(&self, secret: &Secret) -> Arc<dyn TokenServer> {
        let settings = Settings {
            token: Some(secret.clone()),
            ..self.settings()
        };
        connect(&settings).unwrap()
    }

    /// Whether the server lets in who shows this secret.
    pub(super) async fn accepts(&self, secret: &Secret) -> bool {
        match self.with_secret(secret).identity().await {
            Ok(_) => true,
            Err(ServerError {
                kind: lanyard_servers::ErrorKind::SignIn,
                ..
            }) => false,
            Err(other) => panic!("neither accepted nor refused: {other}"),
        }
    }

    /// Whether the server lets in who shows this secret of that resource.
    pub(super) async fn lets_in(&self, resource: &Resource, secret: &Secret) -> bool {
        if self.reference.api.name() != "openobserve" {
            return self.accepts(secret).await;
        }
        self.openobserve_lets_in(resource, secret).await
    }

    /// The user name is the account's address; ingestion tokens are good for sending data alone.
    async fn openobserve_lets_in(&self, resource: &Resource, secret: &Secret) -> bool {
        let account = resource.config.get("service_account").as_str();
        let username = match resource.kind {
            Kind::ServiceAccount => {
                let name = resource.config.get("name").as_str().unwrap();
                let chosen = resource.config.get("email").as_str();
                chosen.map_or_else(|| format!("{name}.default@sa.internal"), str::to_owned)
            }
            Kind::AccessToken => account
                .and_then(|id| id.split_once('/'))
                .map_or("anybody", |(_, email)| email)
                .to_owned(),
        };
        if username == "anybody" {
            let sent = crate::support::http::asynchronous()
                .post(format!("{}/api/default/default/_json", self.reference.url))
                .basic_auth(username, Some(secret.expose()))
                .header("content-type", "application/json")
                .body(r#"[{"message": "hello"}]"#)
                .send()
                .await
                .unwrap();
            return sent.status().is_success();
        }
        let settings = Settings {
            username: Some(username),
            password: Some(secret.clone()),
            ..self.settings()
        };
        match connect(&settings).unwrap().identity().await {
            Ok(identity) => identity.kind == "service_account",
            Err(error) if error.kind == lanyard_servers::ErrorKind::SignIn => false,
            Err(error) => panic!("neither accepted nor refused: {error}"),
        }
    }

    /// Sets the switches of edition and version.
    pub(super) async fn profile(&self, switches: &serde_json::Value) {
        let operator = self
            .reference
            .token
            .as_ref()
            .or(self.reference.password.as_ref());
        let answer = crate::support::http::asynchronous()
            .put(format!("{}/-/profile", self.reference.url))
            .bearer_auth(operator.unwrap())
            .json(switches)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    pub(super) fn advance_days(&self, days: i64) {
        self.reference
            .clock()
            .advance_seconds(days * 86_400)
            .unwrap();
    }

    /// An account that exists.
    pub(super) async fn account(&self, name: &str, roles: &[&str]) -> Resource {
        let mut account = Resource::account(name).with("roles", texts(roles));
        account.apply(self).await;
        account
    }

    /// A token of an account of its own; both exist.
    pub(super) async fn token(&self, name: &str) -> Resource {
        let account = self
            .account(&format!("account of {name}"), &["viewer"])
            .await;
        let mut token = Resource::token(name, account.id());
        token.apply(self).await;
        token
    }
}

/// A resource as Terraform keeps one: its configuration and its state.
#[derive(Clone)]
pub(crate) struct Resource {
    pub(super) kind: Kind,
    pub(super) config: Value,
    pub(super) state: Value,
    /// What is kept beside the state.
    pub(super) evidence: Option<Evidence>,
}

impl Resource {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            config: Value::Map(facts::schema(kind).body.empty()),
            state: Value::Null,
            evidence: None,
        }
    }

    pub(super) fn account(name: &str) -> Self {
        Self::new(Kind::ServiceAccount).with("name", name)
    }

    pub(super) fn token(name: &str, account: &str) -> Self {
        Self::new(Kind::AccessToken)
            .with("name", name)
            .with("service_account", account)
    }

    /// The configuration with one attribute set.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        let entries = self.config.as_map_mut().unwrap();
        assert!(entries.contains_key(name), "{} has no {name}", self.kind);
        entries.insert(name.to_owned(), value.into());
    }

    /// A `rotation` block with these attributes.
    pub(super) fn rotation(&mut self, entries: &[(&str, Value)]) {
        let schema = facts::schema(self.kind).body.block("rotation").unwrap();
        let mut block = schema.body.empty();
        for (name, value) in entries {
            block.insert((*name).to_owned(), value.clone());
        }
        self.set("rotation", Value::Map(block));
    }

    pub(super) fn id(&self) -> &str {
        self.state.get("id").as_str().expect("it has an id")
    }

    /// When it ends.
    pub(super) fn end(&self) -> jiff::Timestamp {
        let end = self.state.get("expires_at").as_str();
        end.expect("it has an end").parse().unwrap()
    }

    pub(super) fn secret(&self) -> &Secret {
        self.state
            .get("token")
            .as_secret()
            .expect("it has a secret")
    }

    /// Plans and applies; whatever happens. Without errors, the result is as planned, and wholly known.
    pub(super) async fn try_apply(&mut self, subject: &Subject) -> Vec<Diagnostic> {
        let plan = plan_resource(
            self.kind,
            Some(subject.capabilities()),
            &self.state,
            &self.config,
        );
        assert!(
            plan.requires_replace.is_empty(),
            "{:?}",
            plan.requires_replace
        );
        if plan.action == Action::NoOp {
            return Vec::new();
        }
        let mut applied = engine::apply(
            &subject.server,
            self.kind,
            &self.state,
            &plan.planned,
            &self.config,
        )
        .await;
        // As both doors have it.
        if !self.state.is_null() {
            unfinished_is_an_error(&mut applied.diagnostics);
        }
        let Applied {
            state, diagnostics, ..
        } = &applied;
        if !diagnostics.iter().any(Diagnostic::is_error) {
            assert!(state.is_wholly_known(), "{state:?}");
            as_planned(&plan.planned, state, "");
        }
        let evidence = self.evidence.take();
        self.evidence = applied.beside(self.kind, evidence, &self.state);
        self.state = applied.state;
        applied.diagnostics
    }

    /// Plans and applies without errors; the next read says the same of everything, and nothing is left to plan.
    pub(super) async fn apply(&mut self, subject: &Subject) -> Vec<Diagnostic> {
        let diagnostics = self.try_apply(subject).await;
        if let Some(error) = diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            panic!("{error}");
        }
        let applied = self.state.clone();
        self.refresh(subject).await;
        assert_eq!(self.state, applied, "the next read says something else");
        assert_eq!(self.plan(subject), Action::NoOp, "{:?}", self.state);
        diagnostics
    }

    /// Applies, and finds it the same after a restart.
    pub(super) async fn apply_for_good(&mut self, subject: &mut Subject) {
        self.apply(subject).await;
        subject.restart();
        self.refresh(subject).await;
        assert_eq!(self.plan(subject), Action::NoOp, "{:?}", self.state);
    }

    /// Reads the state anew, as before every plan.
    pub(super) async fn refresh(&mut self, subject: &Subject) {
        self.may_refresh(subject).await.unwrap();
    }

    /// Likewise, where that may be refused.
    pub(super) async fn may_refresh(&mut self, subject: &Subject) -> Result<(), Vec<Diagnostic>> {
        let prior = states::stored(self.kind, &self.state);
        let read = engine::read(&*subject.server, &prior, self.evidence.as_ref()).await;
        let Some(found) = read? else {
            self.state = Value::Null;
            return Ok(());
        };
        self.evidence = found.evidence.or(self.evidence.take());
        self.state = found.state.write();
        Ok(())
    }

    /// What planning to keep it says of other states that hold the same object.
    pub(super) fn keeps(&self, subject: &Subject) -> Option<Diagnostic> {
        let evidence = self.evidence.as_ref()?;
        let state = states::stored(self.kind, &self.state);
        engine::plans(&*subject.server, &state, evidence, Use::Keeps)
    }

    /// Likewise, planning to delete it; and the evidence that the plan keeps for the deletion.
    pub(super) fn plan_destroy(&self, subject: &Subject) -> (Option<Evidence>, Option<Diagnostic>) {
        let Some(evidence) = &self.evidence else {
            return (None, None);
        };
        let state = states::stored(self.kind, &self.state);
        let (planned, said) = engine::plans_to_delete(&*subject.server, &state, evidence);
        (planned.or(self.evidence.clone()), said)
    }

    pub(super) fn plan(&self, subject: &Subject) -> Action {
        plan_resource(
            self.kind,
            Some(subject.capabilities()),
            &self.state,
            &self.config,
        )
        .action
    }

    pub(super) async fn destroy(&mut self, subject: &Subject) -> Vec<Diagnostic> {
        let Applied {
            state, diagnostics, ..
        } = engine::apply_held(
            &subject.server,
            self.kind,
            &self.state,
            &Value::Null,
            &Value::Null,
            self.evidence.as_ref(),
        )
        .await;
        self.state = state;
        diagnostics
    }

    /// The settings of the state, decoded; for calls past the engine.
    pub(super) fn access_token(&self) -> lanyard_compiler::model::AccessToken {
        decode(&self.state).unwrap()
    }

    pub(super) fn service_account(&self) -> lanyard_compiler::model::ServiceAccount {
        decode(&self.state).unwrap()
    }
}

/// What Terraform demands of a provider: every value that was known in the plan is in the result.
fn as_planned(planned: &Value, state: &Value, path: &str) {
    match (planned, state) {
        (Value::Unknown, _) => {}
        (Value::Map(planned), Value::Map(state)) => {
            for (name, planned) in planned {
                as_planned(planned, &state[name], &format!("{path}.{name}"));
            }
        }
        _ => assert_eq!(planned, state, "{path} is not as planned"),
    }
}

/// A block with these attributes.
pub(super) fn block(kind: Kind, name: &str, entries: &[(&str, Value)]) -> Value {
    let schema = facts::schema(kind).body.block(name).unwrap();
    let mut block = schema.body.empty();
    for (name, value) in entries {
        assert!(block.insert((*name).to_owned(), value.clone()).is_some());
    }
    Value::Map(block)
}

pub(super) fn texts(texts: &[&str]) -> Value {
    Value::set(texts.iter().map(|text| Value::from(*text)))
}

/// The one diagnostic with this code.
pub(super) fn the<'a>(code: &str, diagnostics: &'a [Diagnostic]) -> &'a Diagnostic {
    let mut found = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.name() == code);
    match (found.next(), found.next()) {
        (Some(one), None) => one,
        _ => panic!("expected one {code}: {diagnostics:#?}"),
    }
}
