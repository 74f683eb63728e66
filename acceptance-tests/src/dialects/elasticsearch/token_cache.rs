//! What a node remembers of logins with service tokens, for twenty minutes. The deletion of a token clears that; with the switch
//! `{"cache_clearing": false}` it cannot, and says so although the token is gone: whoever signed in before is still let in, until the
//! memory ends or is cleared by name.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::fault::Refusal;
use crate::secret;
use crate::serving::server::Server;
use crate::store::{Store, StoreError};

const KIND: &str = "cached_service_token";
const MEMORY: SignedDuration = SignedDuration::from_mins(20);

pub(super) fn is_cleared_by_deletions(server: &Server) -> bool {
    !server.profile.is_off("cache_clearing")
}

/// After a successful login. While deletions clear what is remembered, it would change nothing.
pub(super) fn remember(
    server: &Server,
    store: &Store,
    (principal, name): (&str, &str),
    presented: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    // Logins that the memory answers do not make it longer.
    if is_cleared_by_deletions(server) || remembers(store, (principal, name), presented, now)? {
        return Ok(());
    }
    let until = now.saturating_add(MEMORY).unwrap_or(now);
    let body = json!({
        "principal": principal,
        "name": name,
        "hash": secret::hash(presented),
        "until": until.to_string(),
    });
    store.keep_document(KIND, &format!("{principal}/{name}"), &body)
}

pub(super) fn remembers(
    store: &Store,
    (principal, name): (&str, &str),
    presented: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = store.document(KIND, &format!("{principal}/{name}"))?;
    Ok(found.is_some_and(|found| {
        let text = |field| found.body.get(field).and_then(Value::as_str);
        let until = text("until").and_then(|until| until.parse().ok());
        text("hash") == Some(&secret::hash(presented))
            && until.is_some_and(|until: Timestamp| now < until)
    }))
}

/// Forgets the logins with these tokens of the account: names with commas between them, or `*`.
pub(super) fn clear(store: &Store, principal: &str, names: &str) -> Result<(), StoreError> {
    for found in store.documents(KIND)? {
        let text = |field| found.body.get(field).and_then(Value::as_str);
        let name = text("name").unwrap_or_default();
        let named = names == "*" || names.split(',').any(|wanted| wanted.trim() == name);
        if named && text("principal") == Some(principal) {
            store.delete_document(KIND, &format!("{principal}/{name}"))?;
        }
    }
    Ok(())
}

/// The token is gone, and the deletion failed all the same.
pub(super) fn not_cleared(id: &str) -> Refusal {
    Refusal::broken(format!(
        "clearing the cache for service token [{id}] failed. please clear the cache manually"
    ))
}
