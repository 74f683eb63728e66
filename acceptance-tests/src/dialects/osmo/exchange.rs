//! The exchange of an access token for a JWT that lives for five minutes and carries the roles of that moment, and the
//! key set it is verified with.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Shape;
use super::fault::Refusal;
use super::{Context, administrator, body, query};
use crate::secret;
use crate::serving::call::Answer;
use crate::signing::SigningKey;

const KEY_ID: &str = "7c1f63f0-6a1b-4c0e-9a57-2f1d3a0b6c4e";
const LIFETIME_SECONDS: i64 = 300;
/// Tokens made by the service have 43 characters; those of older versions, in hexadecimal, have 64.
const LENGTHS: [usize; 2] = [43, 64];
/// The operator's secret as the service wants its default administrator's: one character longer.
pub(super) fn default_admin_token(operator_secret: &str) -> String {
    format!("{operator_secret}-")
}

#[derive(Deserialize)]
struct Wanted {
    token: String,
}

pub(super) fn exchange(context: &Context<'_>) -> Result<Answer, Refusal> {
    let Wanted { token } = body::read(context, &[("token", Shape::Text)])?;
    exchange_token(context, &token)
}

/// With the secret in the address; the vendor advises against it.
pub(super) fn exchange_deprecated(context: &Context<'_>) -> Result<Answer, Refusal> {
    let Some(presented) = query::text(context, "access_token") else {
        let place = json!(["query", "access_token"]);
        let missing = body::mistake("missing", place, "Field required", Value::Null);
        return Err(Refusal::validation(vec![missing]));
    };
    exchange_token(context, &presented)
}

fn exchange_token(context: &Context<'_>, presented: &str) -> Result<Answer, Refusal> {
    let length = presented.chars().count();
    if !LENGTHS.contains(&length) {
        let message = format!("Access token has invalid length {length}");
        return Err(Refusal::user(message));
    }
    let now = context.call.now;
    let operator = presented.strip_suffix('-').map(secret::hash);
    if let Some(hash) = operator
        && context.store.operator(&hash)?.is_some()
    {
        return answer(
            context,
            administrator::USER,
            &json!([administrator::ROLE]),
            administrator::TOKEN,
        );
    }
    let invalid = || Refusal::user("Access Token is invalid");
    let known = context.store.secret(&secret::hash(presented))?;
    let token_id = known
        .and_then(|known| known.access_token_id)
        .ok_or_else(invalid)?;
    let token = context.store.access_token(&token_id)?.ok_or_else(invalid)?;
    context.server.secret_log.add(presented);
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(Refusal::user("Access Token has expired"));
    }
    context.store.touch_access_token(&token.id, now)?;
    let user = token.service_account_id.as_deref().unwrap_or_default();
    answer(context, user, &json!(token.roles), &token.name)
}

fn answer(
    context: &Context<'_>,
    user: &str,
    roles: &Value,
    token_name: &str,
) -> Result<Answer, Refusal> {
    let issued_at = context.call.now.as_second();
    let expires_at = issued_at + LIFETIME_SECONDS;
    let claims = json!({
        "iss": "osmo",
        "aud": "osmo",
        "iat": issued_at,
        "nbf": issued_at,
        "exp": expires_at,
        "unique_name": user,
        "roles": roles,
        "osmo_token_name": token_name,
    });
    let key = SigningKey::of(context.store)?;
    let signed = key.and_then(|key| key.sign(&json!({ "typ": "JWT" }), &claims));
    let signed = signed.ok_or_else(|| Refusal::internal("cannot sign"))?;
    context.server.secret_log.add(&signed);
    let body = json!({ "token": signed, "expires_at": expires_at });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn keys(context: &Context<'_>) -> Result<Answer, Refusal> {
    let key = SigningKey::of(context.store)?;
    // A JWT names no key and the keys say nothing of their use: verifiers try them all.
    let keys: Vec<Value> = key
        .iter()
        .map(|key| {
            let mut shown = key.public_key(json!({ "kid": KEY_ID }));
            let fields = shown.as_object_mut().into_iter();
            fields.for_each(|fields| fields.retain(|name, _| name != "alg" && name != "use"));
            shown
        })
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({ "keys": keys })))
}

/// Where the command-line client would sign in a person; this server signs in tokens only.
pub(super) fn login(_: &Context<'_>) -> Result<Answer, Refusal> {
    let endpoints = [
        "device_endpoint",
        "device_client_id",
        "browser_endpoint",
        "browser_client_id",
        "token_endpoint",
        "logout_endpoint",
    ];
    let body: Value = endpoints
        .into_iter()
        .map(|name| (name, Value::Null))
        .collect();
    Ok(Answer::json(StatusCode::OK, &body))
}
