//! `Idempotency-Key`: a repeated request gets the answer of the first instead of being done twice. Only answers of
//! requests that did something are kept; one that failed is simply tried again.

use http::header::{HeaderName, HeaderValue};
use http::{StatusCode, header};
use hyper::body::Bytes;
use jiff::SignedDuration;
use serde_json::Value;

use super::Context;
use super::problem::Problem;
use crate::secret;
use crate::serving::call::{Answer, Call};
use crate::store::Replay;

const KEPT: SignedDuration = SignedDuration::from_hours(24);
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Runs the endpoint, or answers what it answered under the same key before.
pub(super) fn once(
    context: &Context<'_>,
    run: fn(&Context<'_>) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    let Some(key) = context.call.headers.get(&KEY) else {
        return run(context);
    };
    let key = readable(key)?;
    let Context {
        server,
        store,
        call,
        ..
    } = context;
    let credential = context.caller.credential();
    let fingerprint = fingerprint(call);
    if let Ok(forgotten) = call.now.checked_sub(KEPT) {
        store.sweep_replays(forgotten)?;
    }
    if let Some(replay) = store.replay(credential, key)? {
        if replay.fingerprint != fingerprint {
            return Err(Problem::idempotency_key_reused());
        }
        let secret = server.recent_secrets.get(credential, key, call.now);
        return Ok(restore(replay, secret));
    }
    let answer = run(context)?;
    let (body, secret) = without_secret(&answer.body);
    store.insert_replay(
        credential,
        key,
        &Replay {
            fingerprint,
            status: answer.status.as_u16(),
            headers: answer
                .headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.to_string(), value.to_str().ok()?.to_owned()))
                })
                .collect(),
            body,
            answered_at: call.now,
        },
    )?;
    if let Some(secret) = secret {
        server
            .recent_secrets
            .keep(credential, key, &secret, call.now);
    }
    Ok(answer)
}

fn readable(key: &HeaderValue) -> Result<&str, Problem> {
    key.to_str()
        .ok()
        .filter(|key| {
            (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        })
        .ok_or_else(|| {
            Problem::invalid_request("an Idempotency-Key has 1 to 255 visible ASCII characters")
        })
}

fn fingerprint(call: &Call) -> String {
    let body = String::from_utf8_lossy(&call.body);
    secret::hash(&format!("{} {}\n{body}", call.method, call.path))
}

fn without_secret(body: &Bytes) -> (String, Option<String>) {
    let text = || String::from_utf8_lossy(body).into_owned();
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return (text(), None);
    };
    match fields.get_mut("secret").map(Value::take) {
        Some(Value::String(secret)) => (Value::Object(fields).to_string(), Some(secret)),
        _ => (text(), None),
    }
}

fn restore(replay: Replay, secret: Option<String>) -> Answer {
    let mut answer = Answer::empty(StatusCode::from_u16(replay.status).unwrap_or(StatusCode::OK));
    for (name, value) in &replay.headers {
        if let Ok(name) = header::HeaderName::try_from(name) {
            answer = answer.with(name, value);
        }
    }
    let mut body = replay.body;
    if let Some(secret) = secret
        && let Ok(Value::Object(mut fields)) = serde_json::from_str(&body)
    {
        fields.insert("secret".to_owned(), Value::String(secret));
        body = Value::Object(fields).to_string();
    }
    answer.body = Bytes::from(body);
    answer.with(REPLAYED, "true")
}
