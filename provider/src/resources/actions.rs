//! Actions on access tokens, for when something has leaked: Terraform 1.14 and newer.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::action::{self, ActionKind};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::server::{Capabilities, RotationCapability};
use lanyard_compiler::model::{AccessToken, GracePeriod, Kind, State, observe};
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::{Object, RotateRequest, Seen, TokenServer, engine};

use super::connection::Connection;
use super::{Action, Progress, listing};

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
        let mut found = Vec::new();
        if config.get("access_token").as_str() == Some("") {
            found.push(
                Diagnostic::error(
                    Code::ActionWithoutTarget,
                    "Nothing says which token is meant",
                )
                .at(AttributePath::attribute("access_token"))
                .detail("`access_token` is empty.")
                .hint("Give the token's id, for example lanyard_access_token.ci.id."),
            );
        }
        let server = self.connection.capabilities();
        if let (ActionKind::RotateAccessToken, Some(server)) = (self.kind, server) {
            found.extend(cannot_rotate(server));
        }
        found.extend(grace_period(config, server).err());
        found
    }

    async fn invoke(&self, config: Value, progress: Progress) -> Vec<Diagnostic> {
        let server = match self.connection.server() {
            Ok(server) => server,
            Err(problem) => return vec![problem],
        };
        let id = config.get("access_token").as_str().unwrap_or_default();
        match self.kind {
            ActionKind::RevokeAccessToken => revoke(&server, id, &progress).await,
            ActionKind::RotateAccessToken => rotate(server.as_ref(), id, &config, &progress)
                .await
                .err()
                .into_iter()
                .collect(),
        }
    }
}

async fn revoke(server: &Arc<dyn TokenServer>, id: &str, progress: &Progress) -> Vec<Diagnostic> {
    progress.report(format!("Revoking the access token {id}"));
    let mut state = State::nothing(Kind::AccessToken);
    state.id = Some(id.to_owned());
    engine::apply(
        server,
        Kind::AccessToken,
        &state.write(),
        &Value::Null,
        &Value::Null,
    )
    .await
    .diagnostics
}

/// Issues a secret that nobody keeps, so that the one in the state is found dead by the next plan.
async fn rotate(
    server: &dyn TokenServer,
    id: &str,
    config: &Value,
    progress: &Progress,
) -> Result<(), Diagnostic> {
    if let Some(problem) = cannot_rotate(server.capabilities()) {
        return Err(problem);
    }
    let grace_period = grace_period(config, Some(server.capabilities()))?;
    let record = listing::read::<AccessToken>(server, id)
        .await?
        .ok_or_else(|| {
            Diagnostic::error(Code::ObjectNotFound, "The object does not exist")
                .at(AttributePath::attribute("access_token"))
                .detail(format!(
                    "The token server has no access token with the id {id:?}."
                ))
                .hint("Check the id: it is the token's `id`, not its name and not its secret.")
        })?;
    let current = AccessToken::decode(&observe::access_token(&record).write())?;
    progress.report(format!(
        "Replacing the secret of the access token {:?}",
        record.name
    ));
    let request = RotateRequest {
        desired: current.clone(),
        current,
        grace_period,
        generation: record.generation.unwrap_or(1).saturating_add(1),
        seen: Seen {
            generation: record.generation,
            issued_at: record.issued_at,
            secret: None,
        },
    };
    let issued = AccessToken::of(server)
        .rotate(id, &request)
        .await
        .map_err(|problem| problem.diagnostic())?;
    // With two slots the old secret is a token of its own; nobody would remember to end it later.
    if let Some(old) = issued.retired {
        engine::revoke(server, Kind::AccessToken, &old).await?;
    }
    progress.report("The next plan shows the rotation that brings the new secret into the state");
    Ok(())
}

fn cannot_rotate(server: &Capabilities) -> Option<Diagnostic> {
    let RotationCapability::Impossible { instead } = server.access_token.rotation else {
        return None;
    };
    Some(
        Diagnostic::error(
            Code::ActionUnsupported,
            "The token server cannot replace a secret in place",
        )
        .detail(format!(
            "On {} this action could only leave a token behind that nobody knows.",
            server.title
        ))
        .hint(instead),
    )
}

/// The grace period asked for, if it can be kept.
fn grace_period(
    config: &Value,
    server: Option<&Capabilities>,
) -> Result<Option<GracePeriod>, Diagnostic> {
    let Some(text) = config.get("grace_period").as_str() else {
        return Ok(None);
    };
    let problem = |code, summary: &str| {
        Diagnostic::error(code, summary).at(AttributePath::attribute("grace_period"))
    };
    let period = GracePeriod::parse(text).map_err(|reason| {
        problem(Code::InvalidDuration, "A duration cannot be read")
            .detail(format!("{text:?} {reason}."))
    })?;
    match (period, server.map(|server| &server.access_token.rotation)) {
        // The new secret is thrown away: nobody will ever use it, and the old one would stay for good.
        (GracePeriod::UntilFirstUse, _) => Err(problem(
            Code::UnusableGracePeriod,
            "This grace period would never end",
        )
        .detail(
            "The secret that this action issues is used by nobody, so the old one would not end.",
        )
        .hint("Give a duration, for example \"1h\".")),
        (GracePeriod::Lasts(length), Some(RotationCapability::NoOverlap { instead }))
            if length.seconds() > 0 =>
        {
            Err(
                problem(Code::UnsupportedGracePeriod, "The old secret ends at once")
                    .detail(format!(
                        "{text:?} is asked for, and this server keeps no old secret."
                    ))
                    .hint(*instead),
            )
        }
        (GracePeriod::Lasts(length), Some(RotationCapability::TwoSlots))
            if length.seconds() > 0 =>
        {
            Err(
                problem(
                    Code::UnsupportedGracePeriod,
                    "Nobody would end the old secret",
                )
                .detail(format!(
                    "{text:?} is asked for. This server keeps an old secret until it is told to end it, and an action remembers nothing."
                ))
                .hint("Leave it out: the old secret then ends at once.")
                .hint("Or change a value in the `triggers` of the token's `rotation` block and apply: that keeps its `grace_period`."),
            )
        }
        (
            GracePeriod::Lasts(length),
            Some(RotationCapability::Server {
                max_grace: Some(longest),
                ..
            }),
        ) if length > *longest => Err(problem(
            Code::UnsupportedGracePeriod,
            "The grace period is too long",
        )
        .detail(format!(
            "{text:?} is asked for, and the server allows {longest} at most."
        ))
        .hint("Give a shorter one.")),
        (period, _) => Ok((!period.is_none()).then_some(period)),
    }
}
