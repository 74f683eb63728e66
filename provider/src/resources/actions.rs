//! Actions on access tokens, for when something has leaked: Terraform 1.14 and newer.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::action::{self, ActionKind};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;
use lanyard_servers::engine;

use super::connection::Connection;
use super::{Action, Progress};

/// Every action, in the order of the documentation.
pub(super) fn all(connection: &Arc<Connection>) -> Vec<Arc<dyn Action>> {
    ActionKind::ALL
        .into_iter()
        .map(|kind| {
            let action: Arc<dyn Action> = Arc::new(OnToken {
                kind,
                connection: Arc::clone(connection),
            });
            action
        })
        .collect()
}

struct OnToken {
    kind: ActionKind,
    connection: Arc<Connection>,
}

#[async_trait]
impl Action for OnToken {
    fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    fn schema(&self) -> Schema {
        action::schema(self.kind).clone()
    }

    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        action::asked(self.kind, config, self.connection.capabilities())
            .err()
            .unwrap_or_default()
    }

    async fn plan(&self, config: &Value) -> Vec<Diagnostic> {
        let Ok(server) = self.connection.server() else {
            return Vec::new();
        };
        let asked = match action::asked(self.kind, config, Some(server.capabilities())) {
            Ok(asked) => asked,
            Err(problems) => return problems,
        };
        let Some(id) = asked.access_token else {
            return Vec::new();
        };
        let foreseen = engine::foresee(server.as_ref(), self.kind, &id);
        match self.connection.unless_stopped(foreseen).await {
            Ok(told) => told.into_iter().collect(),
            Err(interrupted) => vec![interrupted],
        }
    }

    async fn invoke(&self, config: Value, progress: Progress) -> Vec<Diagnostic> {
        match self.carry_out(&config, &progress).await {
            Ok(()) => Vec::new(),
            Err(problems) => problems,
        }
    }
}

impl OnToken {
    async fn carry_out(&self, config: &Value, progress: &Progress) -> Result<(), Vec<Diagnostic>> {
        let one = |problem| vec![problem];
        let server = self.connection.server().map_err(one)?;
        let asked = action::asked(self.kind, config, Some(server.capabilities()))?;
        let id = asked.access_token.unwrap_or_default();
        // What nothing has been done to is no success: the id may be wrong, or that of another server.
        let token = engine::token(server.as_ref(), &id).await.map_err(one)?;
        match self.kind {
            ActionKind::RevokeAccessToken => {
                progress.report(format!("Revoking the access token {id}"));
                engine::revoke(&server, Kind::AccessToken, &id)
                    .await
                    .map_err(one)
            }
            ActionKind::RotateAccessToken => {
                let name = Some(&token.name).filter(|name| !name.is_empty());
                let name = name.unwrap_or(&id);
                progress.report(format!("Replacing the secret of the access token {name:?}"));
                let is_shown = token.token.is_some();
                engine::rotate_away(&server, token, asked.grace_period)
                    .await
                    .map_err(one)?;
                progress.report(if is_shown {
                    "The next plan takes the new secret over, and counts it in `generation`"
                } else {
                    "The next plan shows the rotation that brings the new secret into the state"
                });
                Ok(())
            }
        }
    }
}
