//! What official clients ask beside tokens: the organization, sessions, and a place to send data to, which proves
//! that a token with the scope `INGEST` works.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::caller::Caller;
use super::fault::Refusal;
use super::{ADMINISTRATOR, Context, ORGANIZATION_ID};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{Operator, SESSION_MILLISECONDS};

/// The profile's `organization` is the id of another one at the same address: that of whoever calls from then on.
pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    let id = context.server.profile.text("organization");
    let id = id.unwrap_or_else(|| ORGANIZATION_ID.to_owned());
    let body = json!({ "id": id, "organizationName": "Lanyard", "url": null });
    Ok(Answer::json(StatusCode::OK, &body))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    email: String,
    password: String,
}

pub(super) fn open_session(context: &Context<'_>) -> Result<Answer, Refusal> {
    // An empty header is refused as well.
    if context.call.headers.contains_key("x-sf-token") {
        return Err(Refusal::unauthenticated());
    }
    let sign_in: SignIn =
        serde_json::from_slice(&context.call.body).map_err(Refusal::undecodable)?;
    let hash = secret::hash(&sign_in.password);
    if sign_in.email != ADMINISTRATOR || context.store.operator(&hash)?.is_none() {
        return Err(Refusal::unauthenticated());
    }
    let minted = secret::random_base62(22);
    let id = format!("se_{}", secret::random_base62(16));
    let operator = Operator { id: id.clone() };
    let now = context.call.now;
    context
        .store
        .insert_operator(&operator, &secret::hash(&minted), now)?;
    context.server.secret_log.add(&minted);
    let body = json!({
        "id": id,
        "accessToken": minted,
        "authMethod": "UNDEFINED",
        "createdBy": null,
        "createdMs": now.as_millisecond(),
        "disabled": false,
        "email": sign_in.email,
        "expiryMs": now.as_millisecond() + SESSION_MILLISECONDS,
        "organizationId": ORGANIZATION_ID,
        "personaId": "AdminPersona0",
        "readOnly": false,
        "sessionType": "ORG_USER",
        "updatedBy": null,
        "updatedMs": 0,
        "userId": "AdminUser00",
        "userName": null,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn close_session(context: &Context<'_>) -> Result<Answer, Refusal> {
    let Some(presented) = context.call.header("x-sf-token") else {
        return Err(Refusal::unauthenticated());
    };
    let hash = secret::hash(presented);
    if context.store.operator(&hash)?.is_none() {
        return Err(Refusal::no_such_session());
    }
    context.store.delete_session(&hash)?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

pub(super) fn ingest(context: &Context<'_>) -> Result<Answer, Refusal> {
    match &context.caller {
        Caller::OrgToken(token) if token.scopes.contains("INGEST") => {
            Ok(Answer::json(StatusCode::OK, &json!("OK")))
        }
        Caller::OrgToken(_) | Caller::Administrator | Caller::Anonymous => {
            Err(Refusal::unauthenticated())
        }
    }
}
