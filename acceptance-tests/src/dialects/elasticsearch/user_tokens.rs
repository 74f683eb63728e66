//! Bearers for users: granted upon a password, or upon a refresh token, which counts once.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, caller};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::Store;

const ACCESS: &str = "user-token";
const REFRESH: &str = "refresh-token";
const REFRESH_HOURS: i64 = 24;

pub(super) fn by_password(
    context: &Context<'_>,
    username: Option<&str>,
    password: Option<&str>,
) -> Result<Answer, Refusal> {
    let (Some(username), Some(password)) = (username, password) else {
        let description = "username and password are required";
        return Err(Refusal::oauth("invalid_request", description));
    };
    if caller::user(context.store, username, password)?.is_none() {
        let description = format!("unable to authenticate user [{username}]");
        return Err(Refusal::unauthenticated(description));
    }
    issue(context, username)
}

pub(super) fn by_refresh_token(
    context: &Context<'_>,
    presented: Option<&str>,
) -> Result<Answer, Refusal> {
    let Some(presented) = presented else {
        let description = "refresh_token is missing";
        return Err(Refusal::oauth("invalid_request", description));
    };
    let user = live(context.store, REFRESH, presented, context.call.now)?;
    let Some(user) = user else {
        return Err(Refusal::oauth(
            "invalid_grant",
            "token has been invalidated",
        ));
    };
    let hash = secret::hash(presented);
    context.store.delete_document(REFRESH, &hash)?;
    issue(context, &user)
}

/// The user whom this bearer was granted for.
pub(super) fn holder(
    store: &Store,
    presented: &str,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    live(store, ACCESS, presented, now)
}

/// Whether there was such a bearer.
pub(super) fn end(store: &Store, presented: &str) -> Result<bool, Refusal> {
    Ok(store.delete_document(ACCESS, &secret::hash(presented))?)
}

fn issue(context: &Context<'_>, user: &str) -> Result<Answer, Refusal> {
    let access = mint(context, ACCESS, user, super::grant::LIFETIME)?;
    let refresh = mint(
        context,
        REFRESH,
        user,
        SignedDuration::from_hours(REFRESH_HOURS),
    )?;
    let body = json!({
        "access_token": access,
        "type": "Bearer",
        "expires_in": super::grant::LIFETIME.as_secs(),
        "refresh_token": refresh,
        "authentication": { "username": user },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn mint(
    context: &Context<'_>,
    kind: &str,
    user: &str,
    lifetime: SignedDuration,
) -> Result<String, Refusal> {
    let minted = secret::mint();
    context.server.secret_log.add(&minted);
    let end = (context.call.now + lifetime).as_millisecond();
    let body = json!({ "user": user, "end": end });
    context
        .store
        .keep_document(kind, &secret::hash(&minted), &body)?;
    Ok(minted)
}

fn live(
    store: &Store,
    kind: &str,
    presented: &str,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let found = store.document(kind, &secret::hash(presented))?;
    let found = found.map(|found| found.body).filter(|body| {
        let end = body.get("end").and_then(Value::as_i64);
        end.is_some_and(|end| now.as_millisecond() < end)
    });
    Ok(found.and_then(|body| body["user"].as_str().map(str::to_owned)))
}
