//! `ephemeral "lanyard_access_token"`: a token for the length of a run. It is made and removed by the engine that manages the
//! resource of the same name, so nothing is left behind where that leaves nothing behind.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::model::{Kind, State, ephemeral};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;
use lanyard_servers::{TokenServer, engine};
use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::{EphemeralResource, OpenResponse};

const KIND: Kind = Kind::AccessToken;

pub(super) struct EphemeralAccessToken {
    connection: Arc<Connection>,
}

impl EphemeralAccessToken {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self { connection }
    }
}

#[async_trait]
impl EphemeralResource for EphemeralAccessToken {
    fn type_name(&self) -> &'static str {
        KIND.type_name()
    }

    fn schema(&self) -> Schema {
        ephemeral::schema().clone()
    }

    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        ephemeral::check(self.connection.capabilities(), config)
    }

    async fn open(&self, config: Value) -> OpenResponse {
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return failed(vec![problem]),
        };
        let problems = ephemeral::check(Some(server.capabilities()), &config);
        if has_errors(&problems) {
            return failed(problems);
        }
        let wanted = ephemeral::resource(&config, &format!("ephemeral-{:016x}", random()));
        let plan = plan_resource(KIND, Some(server.capabilities()), &Value::Null, &wanted);
        if has_errors(&plan.diagnostics) {
            return failed(plan.diagnostics);
        }
        let made = engine::apply(&server, KIND, &Value::Null, &plan.planned, &wanted).await;
        let mut diagnostics = made.diagnostics;
        if has_errors(&diagnostics) {
            // Terraform does not close what did not open.
            if !made.state.is_null() {
                diagnostics.extend(remove(&server, &made.state).await);
            }
            let told = Outline::of(if made.state.is_null() {
                &wanted
            } else {
                &made.state
            });
            return failed(left_behind(diagnostics, &Issued::of(&told)));
        }
        let mut result = config.as_map().cloned().unwrap_or_default();
        let body = &ephemeral::schema().body;
        for answer in body.attributes.iter().filter(|it| !it.is_configurable()) {
            let value = made.state.get(&answer.name).clone();
            result.insert(answer.name.as_str(), value);
        }
        let issued = Issued::of(&Outline::of(&made.state));
        OpenResponse {
            result: Value::Map(result),
            private: serde_json::to_vec(&issued).unwrap_or_default(),
            diagnostics,
        }
    }

    async fn close(&self, private: Vec<u8>) -> Vec<Diagnostic> {
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return vec![problem],
        };
        let issued: Issued = serde_json::from_slice(&private).unwrap_or_default();
        let mut state = State::nothing(KIND);
        state.id.clone_from(&issued.id);
        left_behind(remove(&server, &state.write()).await, &issued)
    }
}

/// What Terraform keeps of an open token until it is closed.
#[derive(Default, Deserialize, Serialize)]
struct Issued {
    id: Option<String>,
    name: Option<String>,
    expires_at: Option<String>,
}

impl Issued {
    fn of(token: &Outline) -> Self {
        Self {
            id: token.id.value().cloned(),
            name: token.name.value().cloned(),
            expires_at: token.expires_at.value().map(ToString::to_string),
        }
    }
}

/// What to do about a token that may be there still: its name is random, so the next run neither finds nor takes it over.
fn left_behind(mut diagnostics: Vec<Diagnostic>, issued: &Issued) -> Vec<Diagnostic> {
    let name = issued.name.as_deref().unwrap_or_default();
    let end = match &issued.expires_at {
        Some(end) => format!("by itself at {end}"),
        None => "by itself after its `ttl`".to_owned(),
    };
    let sooner = match &issued.id {
        Some(id) => format!(
            "revoke the access token with the id {id:?} there, or by the action `lanyard_revoke_access_token`"
        ),
        None => "revoke it there".to_owned(),
    };
    let unfinished = [Code::OutcomeUnknown, Code::ServerUnavailable];
    for told in diagnostics.iter_mut().filter(|told| {
        // What was refused before anything was issued leaves nothing.
        told.is_error() && (issued.id.is_some() || told.code == Code::OutcomeUnknown)
    }) {
        if unfinished.contains(&told.code) {
            told.hints.clear();
        }
        told.hints.push(format!(
            "If {name:?} is still on the server, it ends {end}. To end it sooner, {sooner}: another run makes a token of another name."
        ));
    }
    diagnostics
}

async fn remove(server: &Arc<dyn TokenServer>, state: &Value) -> Vec<Diagnostic> {
    engine::apply(server, KIND, state, &Value::Null, &Value::Null)
        .await
        .diagnostics
}

fn failed(diagnostics: Vec<Diagnostic>) -> OpenResponse {
    OpenResponse {
        diagnostics,
        ..OpenResponse::default()
    }
}

/// A number that no other process draws: the standard library seeds its hash maps from the system's randomness.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
