//! Secrets of org tokens: minted, found again, and kept in clear beside their hash, since every read shows them.

use jiff::Timestamp;
use serde_json::json;

use super::Context;
use super::fault::Refusal;
use crate::secret;
use crate::store::{AccessToken, Secret, SecretKind, Store, StoreError};

/// Where the clear secret stands in the token's `vendor` column.
pub(super) const CLEAR: &str = "secret";

/// A new secret: 22 characters, as the vendor's look.
pub(super) fn mint(context: &Context<'_>, token: &mut AccessToken) -> Secret {
    let minted = secret::random_base62(22);
    context.server.secret_log.add(&minted);
    token
        .vendor
        .insert(CLEAR.to_owned(), json!(minted.as_str()));
    Secret {
        hash: secret::hash(&minted),
        access_token_id: Some(token.id.clone()),
        service_account_id: None,
        kind: SecretKind::Current,
        generation: token.generation,
        scopes: None,
        issued_at: context.call.now,
        expires_at: None,
        until_first_use: false,
    }
}

/// The token that this secret opens now.
pub(super) fn find_live(
    store: &Store,
    presented: &str,
    now: Timestamp,
) -> Result<Option<AccessToken>, StoreError> {
    let Some(secret) = store.secret(&secret::hash(presented))? else {
        return Ok(None);
    };
    let Some(id) = secret.access_token_id.as_deref() else {
        return Ok(None);
    };
    let token = store.access_token(id)?;
    Ok(token.filter(|token| {
        let end = match secret.kind {
            SecretKind::Current => token.expires_at,
            SecretKind::Previous | SecretKind::Exchanged => secret.expires_at,
        };
        !token.disabled && end.is_none_or(|end| now < end)
    }))
}

/// Puts a new secret in place; the old one lives on for `graceful` seconds, though not beyond its own end. What a second
/// rotation within a grace period leaves alive is documented nowhere; here at most one former secret ever is, so that
/// clients cannot come to rely on more.
pub(super) fn replace(
    context: &Context<'_>,
    token: &mut AccessToken,
    graceful: i64,
    old_end: Option<Timestamp>,
) -> Result<(), Refusal> {
    if let Some(before) = context
        .store
        .secret_of_token(&token.id, SecretKind::Previous)?
    {
        context.store.delete_secret(&before.hash)?;
    }
    if let Some(mut current) = context
        .store
        .secret_of_token(&token.id, SecretKind::Current)?
    {
        if graceful > 0 {
            let end = context.call.now + jiff::SignedDuration::from_secs(graceful);
            current.kind = SecretKind::Previous;
            current.expires_at = Some(old_end.map_or(end, |old_end| old_end.min(end)));
            context.store.update_secret(&current)?;
        } else {
            context.store.delete_secret(&current.hash)?;
        }
    }
    token.generation += 1;
    let minted = mint(context, token);
    context.store.insert_secret(&minted)?;
    Ok(())
}
