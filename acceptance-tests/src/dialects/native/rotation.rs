//! Rotation: the token gets a new secret, and the old one a grace period.

use http::StatusCode;
use jiff::Timestamp;

use super::access_tokens::{
    NewSecret, answer_with_secret, as_shown, check_expiry, find, protect, read_lifetime,
    read_secret_hash,
};
use super::caller::{earliest, has_passed};
use super::fields::Fields;
use super::problem::Problem;
use super::{Context, conditions, no_content, rules, times};
use crate::serving::call::Answer;
use crate::store::{AccessToken, Secret, SecretKind};

pub(super) fn rotate(context: &Context<'_>) -> Result<Answer, Problem> {
    let now = context.call.now;
    let mut token = find(context)?;
    let mut fields = Fields::parse(&context.call.body)?;
    let secret_hash = read_secret_hash(context, &mut fields)?;
    let until_first_use = fields.flag("until_first_use").unwrap_or(false);
    let grace_seconds = read_grace_period(&mut fields);
    let lifetime = read_lifetime(&mut fields, now);
    check_expiry(&mut fields, lifetime, now);
    if lifetime.is_none() && has_passed(token.expires_at, now) {
        fields.invalid(
            "expires_at",
            "the token has expired; give it a new expires_at or ttl_seconds",
        );
    }
    fields.finish()?;
    conditions::check(context.call, &as_shown(&token, now))?;
    protect(context, &token)?;

    let current = context
        .store
        .secret_of_token(&token.id, SecretKind::Current)?;
    if let Some(current) = &current
        && secret_hash.as_deref() == Some(&current.hash)
    {
        // The client repeats a rotation whose answer it did not get: this is the secret it wanted.
        return answer_with_secret(
            context,
            StatusCode::OK,
            &token.id,
            NewSecret::from(secret_hash),
        );
    }
    retire(context, &token, current, grace_seconds, until_first_use)?;
    let secret = NewSecret::from(secret_hash);
    token.generation += 1;
    token.issued_at = now;
    token.updated_at = now;
    token.expires_at = lifetime.or(token.expires_at);
    context.store.update_access_token(&token)?;
    context.store.insert_secret(&Secret {
        hash: secret.hash.clone(),
        access_token_id: Some(token.id.clone()),
        service_account_id: None,
        kind: SecretKind::Current,
        generation: token.generation,
        scopes: None,
        issued_at: now,
        expires_at: None,
        until_first_use: false,
    })?;
    answer_with_secret(context, StatusCode::OK, &token.id, secret)
}

pub(super) fn end_grace_period(context: &Context<'_>) -> Result<Answer, Problem> {
    let now = context.call.now;
    let mut token = find(context)?;
    conditions::check(context.call, &as_shown(&token, now))?;
    let previous = context
        .store
        .secret_of_token(&token.id, SecretKind::Previous)?;
    let Some(previous) = previous.filter(|secret| !has_passed(secret.expires_at, now)) else {
        return Err(Problem::not_found(
            "former secret in its grace period of the access token",
            &token.id,
        ));
    };
    protect(context, &token)?;
    context.store.delete_secret(&previous.hash)?;
    token.updated_at = now;
    context.store.update_access_token(&token)?;
    Ok(no_content())
}

fn read_grace_period(fields: &mut Fields) -> i64 {
    let seconds = fields.whole_number("grace_period_seconds", 0).unwrap_or(0);
    if seconds > rules::GRACE_PERIOD_SECONDS {
        let detail = format!(
            "{seconds} is too long; use at most {}",
            rules::GRACE_PERIOD_SECONDS
        );
        fields.invalid("grace_period_seconds", detail);
    }
    seconds
}

/// Makes the current secret the previous one, or ends it when it gets no grace. One before it ends in any case.
fn retire(
    context: &Context<'_>,
    token: &AccessToken,
    current: Option<Secret>,
    grace_seconds: i64,
    until_first_use: bool,
) -> Result<(), Problem> {
    let now = context.call.now;
    if let Some(before) = context
        .store
        .secret_of_token(&token.id, SecretKind::Previous)?
    {
        context.store.delete_secret(&before.hash)?;
    }
    let Some(mut current) = current else {
        return Ok(());
    };
    let end = end_of_grace(token, now, grace_seconds, until_first_use);
    if has_passed(end, now) {
        context.store.delete_secret(&current.hash)?;
        return Ok(());
    }
    current.kind = SecretKind::Previous;
    current.expires_at = end;
    current.until_first_use = until_first_use;
    context.store.update_secret(&current)?;
    Ok(())
}

/// When the old secret ends at the latest. "Until first use" without a grace period means however long that takes.
fn end_of_grace(
    token: &AccessToken,
    now: Timestamp,
    grace_seconds: i64,
    until_first_use: bool,
) -> Option<Timestamp> {
    if grace_seconds == 0 && until_first_use {
        return token.expires_at;
    }
    earliest(times::after(now, grace_seconds), token.expires_at)
}
