//! `lanyard_identity` and `lanyard_server`: who we are, and whom we talk to.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::data;
use lanyard_compiler::value::Value;

use crate::engine::probe;
use crate::record::Identity;
use crate::token_server::TokenServer;

pub(super) async fn identity(
    server: &dyn TokenServer,
    config: &Value,
) -> Result<Value, Diagnostic> {
    let Identity {
        kind,
        id,
        name,
        service_account,
        access_token,
        roles,
        scopes,
        restriction,
    } = server
        .identity()
        .await
        .map_err(|problem| problem.diagnostic())?;
    let answer = data::Identity {
        id: Some(id),
        name: Some(name),
        kind: Some(kind),
        service_account: service_account.map(|account| account.id),
        expires_at: access_token.as_ref().and_then(|token| token.expires_at),
        access_token: access_token.map(|token| token.id),
        roles: Some(roles.into_iter().collect()),
        scopes: Some(scopes.into_iter().collect()),
        restriction: restriction.as_ref().map(data::restriction),
    };
    Ok(data::value(config, &answer))
}

/// Answered from what is known of this kind of server, and of this one where they differ. Where it does not say, the kind counts.
pub(super) async fn server(server: &dyn TokenServer, config: &Value) -> Value {
    probe(server).await;
    data::value(config, &data::server(server.capabilities()))
}
