//! What somebody asks for outside any plan, because a secret may have leaked or is needed no more.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::action::ActionKind;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::{AccessToken, GracePeriod, Kind, observe};
use lanyard_compiler::plan;
use lanyard_compiler::value::AttributePath;

use super::detached::detached;
use super::naming::{about, named};
use super::revoke::end_or_say_why;
use crate::object::{Object, RotateRequest, anything};
use crate::token_server::TokenServer;

/// Ends one object for certain, or says why not; already gone is success. Runs to its end even if the caller stops waiting.
pub async fn revoke(server: &Arc<dyn TokenServer>, kind: Kind, id: &str) -> Result<(), Diagnostic> {
    let (server, id) = (Arc::clone(server), id.to_owned());
    detached(async move { end_or_say_why(&*server, kind, &id).await }).await?
}

/// What is to be said of an action before it is carried out. A token that is not there may be made until then.
pub async fn foresee(server: &dyn TokenServer, action: ActionKind, id: &str) -> Option<Diagnostic> {
    match AccessToken::of(server).read(id).await {
        Ok(token) => plan::on_demand(action, server.capabilities(), &token?, server.now()),
        Err(error) => Some(about(&error, Kind::AccessToken, id, "Reading")),
    }
}

/// The token of an id that somebody gave.
pub async fn token(server: &dyn TokenServer, id: &str) -> Result<AccessTokenRecord, Diagnostic> {
    let found = AccessToken::of(server).read(id).await;
    found
        .map_err(|problem| problem.diagnostic())?
        .ok_or_else(|| {
            Diagnostic::error(Code::ObjectNotFound, "The object does not exist")
                .at(AttributePath::attribute("access_token"))
                .detail(format!(
                    "The token server has no access token with the id {id:?}."
                ))
                .hint("Check the id: it is the token's `id`, not its name and not its secret.")
                .hint("Check the server: an id of another one says nothing here.")
                .hint("If it was revoked before, nothing is left to do.")
        })
}

/// Issues a secret that nobody keeps, so that the next plan finds the one in a state dead, or takes the new one over where the server shows
/// it. Runs to its end even if the caller stops waiting.
pub async fn rotate_away(
    server: &Arc<dyn TokenServer>,
    token: AccessTokenRecord,
    grace_period: Option<GracePeriod>,
) -> Result<(), Diagnostic> {
    let server = Arc::clone(server);
    detached(async move {
        let server = &*server;
        let rotate = ActionKind::RotateAccessToken;
        let told = plan::on_demand(rotate, server.capabilities(), &token, server.now());
        if let Some(impossible) = told.filter(Diagnostic::is_error) {
            return Err(impossible);
        }
        // The one secret of an account has no name on its server.
        let state = named(&observe::access_token(&token), Some(&token.id));
        let current = AccessToken::decode(&state.write())?;
        let request = RotateRequest::of(&token, current.clone(), current, grace_period);
        let issued = AccessToken::of(server)
            .rotate(&token.id, &request, &anything)
            .await;
        server.session().wrote(Kind::AccessToken, &token.id);
        let issued = issued.map_err(|problem| problem.diagnostic())?;
        // With two slots the old secret is a token of its own; nobody would remember to end it later.
        match issued.retired.first() {
            Some(old) => end_or_say_why(server, Kind::AccessToken, &old.id).await,
            None => Ok(()),
        }
    })
    .await?
}
