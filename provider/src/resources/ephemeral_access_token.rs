//! `ephemeral "lanyard_access_token"`: a token for the length of a run. It is made and removed by the engine that manages the
//! resource of the same name, so nothing is left behind where that leaves nothing behind.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::server::{Capabilities, ExpiryCapability};
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::model::{Kind, State, ephemeral};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;
use lanyard_servers::{TokenServer, engine};

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
        let server = self.connection.capabilities();
        if let Some(problem) = server.and_then(without_end) {
            return vec![problem];
        }
        plan_resource(
            KIND,
            server,
            &Value::Null,
            &ephemeral::resource(config, "ephemeral"),
        )
        .diagnostics
    }

    async fn open(&self, config: Value) -> OpenResponse {
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return failed(vec![problem]),
        };
        if let Some(problem) = without_end(server.capabilities()) {
            return failed(vec![problem]);
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
            return failed(diagnostics);
        }
        let mut result = config.as_map().cloned().unwrap_or_default();
        let body = &ephemeral::schema().body;
        for answer in body.attributes.iter().filter(|it| !it.is_configurable()) {
            let value = made.state.get(&answer.name).clone();
            result.insert(answer.name.as_str(), value);
        }
        let id = Outline::of(&made.state).id.value().cloned();
        OpenResponse {
            result: Value::Map(result),
            private: id.unwrap_or_default().into_bytes(),
            diagnostics,
        }
    }

    async fn close(&self, private: Vec<u8>) -> Vec<Diagnostic> {
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return vec![problem],
        };
        let mut state = State::nothing(KIND);
        state.id = Some(String::from_utf8_lossy(&private).into_owned());
        remove(&server, &state.write()).await
    }
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

/// A token that nobody revokes, because Terraform was killed, must end by itself.
fn without_end(server: &Capabilities) -> Option<Diagnostic> {
    let ExpiryCapability::Never { .. } = server.access_token.expiry else {
        return None;
    };
    let resource = "Use the resource `lanyard_access_token`: with a `recipient`, the state does not hold its secret either.";
    Some(
        Diagnostic::error(
            Code::EphemeralWithoutEnd,
            "The token server cannot issue a token for a while",
        )
        .detail(format!(
            "Access tokens of {} never end by themselves: one would stay behind whenever Terraform is interrupted.",
            server.title
        ))
        .hint(server.access_token.absent.unwrap_or(resource)),
    )
}

/// A number that no other process draws: the standard library seeds its hash maps from the system's randomness.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
