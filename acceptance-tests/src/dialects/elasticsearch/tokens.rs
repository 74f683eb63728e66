//! Service tokens: created under a name, shown once, deleted. Nothing else can be done to them, and they never end.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::privileges::{BUILTIN_TOKEN_CREATE, BUILTIN_TOKEN_DELETE, TOKEN_CREATE, TOKEN_DELETE};
use super::{Context, accounts, builtin, principal, token_cache, token_value};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccessToken, Secret, SecretKind, StoreError, TokenFilter};

/// The account in a token's `vendor` column: a token outlives its account when that is deleted by force.
const PRINCIPAL: &str = "principal";

pub(super) fn id(principal: &str, name: &str) -> String {
    format!("{principal}/{name}")
}

pub(super) fn principal_of(token: &AccessToken) -> String {
    let found = token.vendor.get(PRINCIPAL).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

/// The account's tokens, sorted by name.
pub(super) fn of(context: &Context<'_>, principal: &str) -> Result<Vec<AccessToken>, StoreError> {
    let filter = TokenFilter {
        created_until: context.call.lists_as_of,
        ..TokenFilter::default()
    };
    let mut tokens = context.store.access_tokens(&filter, 0, usize::MAX)?;
    tokens.retain(|token| principal_of(token) == principal);
    tokens.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(tokens)
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let principal = context.principal();
    // Which right is needed goes by the namespace in its one spelling: `ELASTIC/foo` is refused as unknown, not as forbidden.
    let action = match context.piece(0) {
        Some(namespace) if principal::is_reserved(namespace) => &BUILTIN_TOKEN_CREATE,
        _ => &TOKEN_CREATE,
    };
    let name = match context.piece(2) {
        Some(name) => name.to_owned(),
        None => format!("token_{}", secret::random_base62(20)),
    };
    if !principal::is_token_name(&name) {
        return Err(Refusal::validation(&[principal::token_name_fault(&name)]));
    }
    context.require(action)?;
    if !builtin::exists(&principal) && accounts::find(context.store, &principal)?.is_none() {
        return Err(Refusal::illegal_argument(format!(
            "service account [{principal}] does not exist"
        )));
    }
    let id = id(&principal, &name);
    if context.store.access_token(&id)?.is_some() {
        return Err(Refusal::version_conflict(&format!(
            "service_account_token-{id}"
        )));
    }
    let value = token_value::mint(&principal, &name);
    context.server.secret_log.add(&value);
    context.store.insert_access_token(&AccessToken {
        sequence: 0,
        id: id.clone(),
        service_account_id: None,
        name: name.clone(),
        description: None,
        roles: BTreeSet::new(),
        scopes: BTreeSet::new(),
        visibility: None,
        disabled: false,
        expires_at: None,
        managed_by: None,
        generation: 1,
        created_at: context.call.now,
        issued_at: context.call.now,
        last_used_at: None,
        updated_at: context.call.now,
        vendor: Map::from_iter([(PRINCIPAL.to_owned(), json!(principal))]),
        account_disabled: false,
        previous: None,
    })?;
    context.store.insert_secret(&Secret {
        hash: secret::hash(&value),
        access_token_id: Some(id),
        service_account_id: None,
        kind: SecretKind::Current,
        generation: 1,
        scopes: None,
        issued_at: context.call.now,
        expires_at: None,
        until_first_use: false,
    })?;
    let body = json!({ "created": true, "token": { "name": name, "value": value } });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    let action = match context.piece(0) {
        Some(namespace) if principal::is_reserved(namespace) => &BUILTIN_TOKEN_DELETE,
        _ => &TOKEN_DELETE,
    };
    context.require(action)?;
    let id = id(&context.principal(), context.piece(2).unwrap_or_default());
    if context.store.access_token(&id)?.is_none() {
        let body = json!({ "found": false });
        return Err(Refusal::plain(StatusCode::NOT_FOUND, &body));
    }
    context.store.delete_access_token(&id)?;
    if !token_cache::is_cleared_by_deletions(context.server) {
        // As an answer, since a refusal would undo the deletion.
        return Ok(token_cache::not_cleared(&id).into_answer());
    }
    Ok(Answer::json(StatusCode::OK, &json!({ "found": true })))
}
