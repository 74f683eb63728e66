//! Sessions: an account of `_meta` has one made, to act in another organization as an account of that; also as one whose own token
//! never works.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, accounts, body, caller, organizations, profile, users};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{Store, StoreError};

const KIND: &str = "oo-session";
const HOUR: i64 = 3600;

#[derive(Deserialize)]
struct Wanted {
    org_id: String,
    #[serde(default)]
    service_account: Option<String>,
    #[serde(default)]
    duration_seconds: Option<u32>,
}

pub(super) fn assume(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, &["org_id", "service_account"])?;
    if profile::is_open_source(context.server) {
        let body = json!({ "error": "This feature is only available in the enterprise version" });
        let answer = Answer::json(StatusCode::NOT_IMPLEMENTED, &body);
        return Err(Refusal::answer(answer));
    }
    if context.organization() != organizations::META {
        let message = "Assume service account API must be called on _meta organization";
        return Err(Refusal::bad_request(message));
    }
    let caller = &context.caller.email;
    let email = wanted.service_account.as_ref().unwrap_or(caller);
    let (store, organization) = (context.store, wanted.org_id.as_str());
    if !is_account(store, organizations::META, caller)?
        || !is_account(store, organizations::META, email)?
        || !is_account(store, organization, email)?
    {
        let message =
            "Only service accounts of _meta can be assumed, by one of them, where they are members";
        return Err(Refusal::forbidden(message));
    }
    let seconds = wanted
        .duration_seconds
        .map_or(HOUR, i64::from)
        .min(24 * HOUR);
    let end = context.call.now + SignedDuration::from_secs(seconds);
    let session = secret::random_base62(32);
    context.server.secret_log.add(&session);
    let kept = json!({ "organization": organization, "email": email, "end": end.as_second() });
    store.keep_document(KIND, &secret::hash(&session), &kept)?;
    let body = json!({
        "session_id": session,
        "org_id": organization,
        "role_name": "service_account",
        "expires_at": end.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "expires_in": seconds,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The account that a session acts as, in this organization.
pub(super) fn holder(
    store: &Store,
    session: &str,
    organization: &str,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let kept = store.document(KIND, &secret::hash(session))?;
    let kept = kept.map(|kept| kept.body).unwrap_or_default();
    let end = kept.get("end").and_then(Value::as_i64).unwrap_or(0);
    let email = caller::text(&kept, "email");
    let lives = now.as_second() < end && caller::text(&kept, "organization") == organization;
    Ok((lives && is_account(store, organization, &email)?).then_some(email))
}

fn is_account(store: &Store, organization: &str, email: &str) -> Result<bool, StoreError> {
    let member = store.service_account(&accounts::id(organization, email))?;
    Ok(member.is_some_and(|member| users::role(&member).is_none()))
}
