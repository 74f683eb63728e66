//! The engine against servers of every ability, with every kind of failure in between. What the native server does is proven
//! against the reference server; here stands what other servers need.

mod creation;
mod deletion;
mod grace;
mod not_taken;
mod rotation;
mod sealed;
mod untold;

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::state::Attributes;
use lanyard_compiler::model::{Kind, State, facts};
use lanyard_compiler::plan::{Action, PlannedResource, plan_resource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use super::{Evidence, apply_held, read};
use crate::fake::{Fake, Trouble, Verb};
use crate::token_server::TokenServer;

/// A token as Terraform keeps one.
struct Token {
    fake: Arc<Fake>,
    config: Value,
    state: Value,
    /// What is kept beside the state.
    evidence: Option<Evidence>,
    /// The last change has surely issued nothing.
    refused: bool,
}

impl Token {
    /// One of an account, where there are any.
    fn on(api: Api) -> Self {
        let mut token = Self {
            fake: Arc::new(Fake::new(api)),
            config: Value::Map(facts::schema(Kind::AccessToken).body.empty()),
            state: Value::Null,
            evidence: None,
            refused: false,
        };
        token.set("name", "ci");
        match api {
            Api::Elasticsearch => token.set("service_account", "apps/worker"),
            Api::Openobserve | Api::Osmo => token.set("service_account", "somebody"),
            Api::Native | Api::Chronosphere | Api::Splunk => {}
        }
        token
    }

    /// One that exists.
    async fn applied_on(api: Api) -> Self {
        let mut token = Self::on(api);
        token.done().await;
        token
    }

    /// One that exists, with a `rotation` block, and perhaps has been rotated.
    async fn rotated_on(api: Api, rounds: &[&str], grace_period: &str) -> Self {
        let mut token = Self::on(api);
        for round in rounds {
            token.rotate(round, grace_period).await;
        }
        token
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.config.as_map_mut().unwrap().insert(name, value.into());
    }

    /// A rotation block whose trigger has this value.
    fn rotation(&mut self, round: &str, grace_period: &str) {
        let body = &facts::schema(Kind::AccessToken).body;
        let mut block = body.block("rotation").unwrap().body.empty();
        block.insert("grace_period", grace_period.into());
        block.insert("triggers", Value::map([("round", Value::from(round))]));
        self.set("rotation", Value::Map(block));
    }

    /// The next calls of this verb go wrong.
    fn troubles(&self, verb: Verb, trouble: Trouble, times: usize) {
        for _ in 0..times {
            self.fake.trouble(verb, trouble.clone());
        }
    }

    fn server(&self) -> Arc<dyn TokenServer> {
        Arc::<Fake>::clone(&self.fake)
    }

    fn plan(&self) -> PlannedResource {
        let server = self.server();
        let capabilities = Some(server.capabilities());
        plan_resource(Kind::AccessToken, capabilities, &self.state, &self.config)
    }

    async fn apply(&mut self) -> Vec<Diagnostic> {
        let plan = self.plan();
        if plan.action == Action::NoOp {
            return Vec::new();
        }
        assert_eq!(plan.requires_replace, []);
        let config = self.config.clone();
        self.make(&plan.planned, &config, self.evidence.clone().as_ref())
            .await
    }

    /// Applies without anything to tell.
    async fn done(&mut self) {
        assert_eq!(self.apply().await, []);
    }

    /// The codes of what an apply tells.
    async fn tells(&mut self) -> Vec<&'static str> {
        codes(&self.apply().await)
    }

    /// Has the trigger this value from now on.
    async fn rotate(&mut self, round: &str, grace_period: &str) {
        self.rotation(round, grace_period);
        self.done().await;
    }

    async fn destroy(&mut self) -> Vec<Diagnostic> {
        self.make(&Value::Null, &Value::Null, None).await
    }

    async fn destroy_with(&mut self, evidence: &Evidence) -> Vec<Diagnostic> {
        self.make(&Value::Null, &Value::Null, Some(evidence)).await
    }

    async fn make(
        &mut self,
        planned: &Value,
        config: &Value,
        evidence: Option<&Evidence>,
    ) -> Vec<Diagnostic> {
        let (server, kind) = (self.server(), Kind::AccessToken);
        let made = apply_held(&server, kind, &self.state, planned, config, evidence).await;
        let beside = made.beside(kind, self.evidence.take(), &self.state);
        self.evidence = made.evidence.or(beside);
        self.state = made.state;
        self.refused = made.refused;
        made.diagnostics
    }

    fn stored(&self) -> State {
        State::read(Kind::AccessToken, &self.state).unwrap()
    }

    fn held(&self) -> Attributes {
        self.stored().into_parts().0
    }

    async fn refresh(&mut self) {
        let read = read(&*self.fake, &self.stored(), self.evidence.as_ref()).await;
        let Some(found) = read.unwrap() else {
            self.state = Value::Null;
            return;
        };
        self.evidence = found.evidence.or(self.evidence.take());
        self.state = found.state.write();
    }

    fn secret(&self) -> Secret {
        self.held().token.expect("it has a secret")
    }

    /// The state holds the one token there is, and its secret.
    fn assert_alone(&self) {
        let id = self.held().id.expect("it has an id");
        assert_eq!(self.fake.owner(&self.secret()), Some(id.clone()));
        assert_eq!(self.fake.ids(), [id]);
    }

    fn generation(&self) -> Option<i64> {
        self.held().generation
    }

    /// Another process goes on.
    fn restart(&mut self) {
        Arc::get_mut(&mut self.fake).unwrap().restart();
    }

    fn retired(&self) -> usize {
        self.held().retired.unwrap().len()
    }

    /// The old secret is remembered nowhere, and the state holds the one token there is.
    fn assert_nothing_old(&self) {
        assert_eq!(self.retired(), 0);
        assert_eq!(self.held().previous_token, None);
        self.assert_alone();
    }
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect()
}
