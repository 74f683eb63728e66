//! The one token of an account in an organization: 16 letters and digits, replaced at once by a rotation. The store keeps
//! its hash, and its first characters for lists; only when an old version is played, which shows tokens again, the token
//! itself stands in the account's `vendor` column.

use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, profile};
use crate::secret;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::{Secret, SecretKind, ServiceAccount, Store, StoreError};

/// Set on accounts whose token is made like any other, but never works and is never shown.
pub(super) const WITHOUT_STATIC_TOKEN: &str = "without_static_token";

const HASH: &str = "hash";
const PREFIX: &str = "prefix";
const CLEAR: &str = "clear";
const FORMER_PREFIX: &str = "former_prefix";
const ROTATED_AT: &str = "rotated_at";

/// Makes a new token; the one before ends at once, or when caches have caught up.
pub(super) fn mint(context: &Context<'_>, account: &mut ServiceAccount) -> Result<String, Refusal> {
    let (server, now) = (context.server, context.call.now);
    let token = secret::random_base62(16);
    if let Some(old) = account.vendor.get(HASH).and_then(Value::as_str) {
        end(context, old)?;
    }
    let hash = secret::hash(&token);
    if let Some(former) = account.vendor.remove(PREFIX) {
        account.vendor.insert(FORMER_PREFIX.to_owned(), former);
    }
    let prefix: String = token.chars().take(4).collect();
    let mut keep = |name: &str, value: Value| account.vendor.insert(name.to_owned(), value);
    keep(PREFIX, json!(prefix));
    keep(HASH, json!(hash.as_str()));
    keep(ROTATED_AT, json!(now.as_millisecond()));
    if profile::shows_tokens_again(server) {
        keep(CLEAR, json!(token));
    }
    context.store.update_service_account(account)?;
    if account.vendor.get(WITHOUT_STATIC_TOKEN) == Some(&json!(true)) {
        return Ok("NOT_AVAILABLE".to_owned());
    }
    server.secret_log.add(&token);
    context.store.insert_secret(&Secret {
        hash,
        access_token_id: None,
        service_account_id: Some(account.id.clone()),
        kind: SecretKind::Current,
        generation: 1,
        scopes: None,
        issued_at: now,
        expires_at: None,
        until_first_use: false,
    })?;
    Ok(token)
}

/// A token that never works: what a creation answers that lost against another one of the same moment.
pub(super) fn stillborn(context: &Context<'_>) -> String {
    let token = secret::random_base62(16);
    context.server.secret_log.add(&token);
    token
}

fn end(context: &Context<'_>, hash: &str) -> Result<(), Refusal> {
    let lag = profile::cache_lag(context.server);
    match context.store.secret(hash)? {
        Some(mut old) if !lag.is_zero() => {
            old.kind = SecretKind::Previous;
            old.expires_at = Some(context.call.now + lag);
            context.store.update_secret(&old)?;
        }
        Some(_) => context.store.delete_secret(hash)?,
        None => {}
    }
    Ok(())
}

/// The id of the account that this token opens, as the caches have it.
pub(super) fn find_live(
    server: &Server,
    store: &Store,
    call: &Call,
    presented: &str,
) -> Result<Option<String>, StoreError> {
    let found = store.secret(&secret::hash(presented))?;
    let live = found.filter(|secret| match secret.kind {
        SecretKind::Current => secret.issued_at + profile::cache_lag(server) <= call.now,
        SecretKind::Previous | SecretKind::Exchanged => {
            secret.expires_at.is_some_and(|end| call.now < end)
        }
    });
    Ok(live.and_then(|secret| secret.service_account_id))
}

/// Four characters and stars; empty where there is no token.
pub(super) fn redacted(context: &Context<'_>, account: &ServiceAccount) -> String {
    let field = |name: &str| account.vendor.get(name);
    let rotated_at = field(ROTATED_AT).and_then(Value::as_i64).unwrap_or(0);
    let lag = profile::cache_lag(context.server).as_millis();
    let fresh = i128::from(rotated_at) + lag > i128::from(context.call.now.as_millisecond());
    let former = field(FORMER_PREFIX).filter(|_| fresh);
    let prefix = former.or_else(|| field(PREFIX)).and_then(Value::as_str);
    prefix.map_or(String::new(), |prefix| format!("{prefix}********"))
}

/// The token as old versions show it again.
pub(super) fn clear(account: &ServiceAccount) -> &str {
    let clear = account.vendor.get(CLEAR);
    clear.and_then(Value::as_str).unwrap_or_default()
}
