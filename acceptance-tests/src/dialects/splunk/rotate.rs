//! A new secret for a token: the old one works on for `graceful` seconds. Without a lifetime of its own the new secret
//! gets the organization's, not the one the token had. An expired token is not rotated.

use super::fault::Refusal;
use super::{Context, secrets, tokens};
use crate::serving::call::Answer;

const MAXIMUM_GRACE_SECONDS: i64 = 5_184_000;

pub(super) fn rotate(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_write()?;
    let mut token = tokens::find(context)?;
    if token.expires_at.is_some_and(|end| end <= context.call.now) {
        return Err(Refusal::bad_request(
            "An expired token cannot be rotated. Create a new token.",
        ));
    }
    let graceful = seconds(context, "graceful")?.unwrap_or(0);
    if !(0..=MAXIMUM_GRACE_SECONDS).contains(&graceful) {
        let message = format!("graceful must be between 0 and {MAXIMUM_GRACE_SECONDS}");
        return Err(Refusal::bad_request(message));
    }
    let old_end = token.expires_at;
    let lifespan = seconds(context, "secondsUntilExpiry")?;
    let lifespan = lifespan.unwrap_or(tokens::DEFAULT_LIFESPAN_SECONDS);
    token.expires_at = tokens::end(context, Some(lifespan))?;
    secrets::replace(context, &mut token, graceful, old_end)?;
    token.issued_at = context.call.now;
    token.updated_at = context.call.now;
    context.store.update_access_token(&token)?;
    Ok(tokens::answer(&token))
}

fn seconds(context: &Context<'_>, wanted: &str) -> Result<Option<i64>, Refusal> {
    let found = context.call.parameters().find(|(name, _)| name == wanted);
    found
        .map(|(_, value)| {
            value
                .parse()
                .map_err(|_| Refusal::bad_request(format!("{wanted} must be an integer")))
        })
        .transpose()
}
