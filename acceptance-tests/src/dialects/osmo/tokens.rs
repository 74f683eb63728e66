//! Personal access tokens: they end on a day, carry a snapshot of roles, and cannot be changed. The parameters of a
//! create are in the query, and its answer is the secret as a JSON string.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, body, dates, query, rules, users};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccessToken, Secret, SecretKind, TokenFilter};

/// Who made the token, in its `vendor` column.
pub(super) const CREATED_BY: &str = "created_by";

pub(super) fn id(user: &str, name: &str) -> String {
    format!("{user}/{name}")
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    create_for(context, context.piece(0), context.piece(1))
}

pub(super) fn create_own(context: &Context<'_>) -> Result<Answer, Refusal> {
    create_for(context, &context.caller.user, context.piece(0))
}

/// The checks stand in the vendor's order.
fn create_for(context: &Context<'_>, user: &str, name: &str) -> Result<Answer, Refusal> {
    let Some(end) = query::text(context, "expires_at") else {
        let place = json!(["query", "expires_at"]);
        let missing = body::mistake("missing", place, "Field required", Value::Null);
        return Err(Refusal::validation(vec![missing]));
    };
    users::check_not_blank(user)?;
    let now = context.call.now;
    let end = dates::parse(&end)?;
    dates::check_not_too_far(end, now)?;
    rules::check_token_name(name)?;
    dates::check_not_past(end, now)?;
    let roles = roles(context, user)?;
    let id = id(user, name);
    if context.store.access_token(&id)?.is_some() {
        return Err(Refusal::user(format!("Token name {name} already exists.")));
    }
    // 32 random bytes in the URL-safe alphabet: 43 characters, without a prefix.
    let random = secret::hash(&secret::mint());
    let bytes: Vec<u8> = (0..random.len() / 2)
        .filter_map(|index| u8::from_str_radix(&random[index * 2..index * 2 + 2], 16).ok())
        .collect();
    let minted = URL_SAFE_NO_PAD.encode(bytes);
    context.server.secret_log.add(&minted);
    let description = query::text(context, "description");
    context.store.insert_access_token(&AccessToken {
        sequence: 0,
        id: id.clone(),
        service_account_id: Some(user.to_owned()),
        name: name.to_owned(),
        description: Some(description.unwrap_or_default()),
        roles,
        scopes: BTreeSet::new(),
        visibility: None,
        disabled: false,
        expires_at: Some(dates::start_of(end)),
        managed_by: None,
        generation: 1,
        created_at: now,
        issued_at: now,
        last_used_at: None,
        updated_at: now,
        vendor: Map::from_iter([(CREATED_BY.to_owned(), json!(context.caller.user))]),
        account_disabled: false,
        previous: None,
    })?;
    context.store.insert_secret(&Secret {
        hash: secret::hash(&minted),
        access_token_id: Some(id),
        service_account_id: None,
        kind: SecretKind::Current,
        generation: 1,
        scopes: None,
        issued_at: now,
        expires_at: None,
        until_first_use: false,
    })?;
    Ok(Answer::json(StatusCode::OK, &json!(minted)))
}

/// The roles asked for, of which the user must hold each, or a snapshot of all the user has.
fn roles(context: &Context<'_>, user: &str) -> Result<BTreeSet<String>, Refusal> {
    let held = context.store.service_account(user)?;
    let held = held.map_or_else(BTreeSet::new, |user| user.roles);
    let asked = context.parameter("roles").collect::<Vec<_>>();
    if asked.is_empty() {
        if held.is_empty() {
            let message = "At least one role must be specified for the access token.";
            return Err(Refusal::user(message));
        }
        return Ok(held);
    }
    let wanted: BTreeSet<String> = asked.iter().cloned().collect();
    // A role asked for twice counts as one that is not held.
    if wanted.len() != asked.len() || !wanted.is_subset(&held) {
        let message = "User does not have all the requested roles. Token creation failed.";
        return Err(Refusal::user(message));
    }
    Ok(wanted)
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    users::find(context, context.piece(0))?;
    list_of(context, context.piece(0))
}

pub(super) fn list_own(context: &Context<'_>) -> Result<Answer, Refusal> {
    list_of(context, &context.caller.user)
}

/// Whoever asks for the own ones need not be a user.
fn list_of(context: &Context<'_>, user: &str) -> Result<Answer, Refusal> {
    let filter = TokenFilter {
        service_account_id: Some(user.to_owned()),
        created_until: context.call.lists_as_of,
        ..TokenFilter::default()
    };
    let mut tokens = context.store.access_tokens(&filter, 0, usize::MAX)?;
    tokens.sort_by(|left, right| left.name.cmp(&right.name));
    let shown: Vec<Value> = tokens
        .iter()
        .map(|token| {
            json!({
                "user_name": user,
                "token_name": token.name,
                "expires_at": token.expires_at.map(dates::show_day),
                "description": token.description,
                "roles": token.roles,
            })
        })
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!(shown)))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    users::find(context, context.piece(0))?;
    delete_of(context, context.piece(0), context.piece(1))
}

pub(super) fn delete_own(context: &Context<'_>) -> Result<Answer, Refusal> {
    delete_of(context, &context.caller.user, context.piece(0))
}

fn delete_of(context: &Context<'_>, user: &str, name: &str) -> Result<Answer, Refusal> {
    let id = id(user, name);
    if context.store.access_token(&id)?.is_none() {
        let message = format!("Access token {name} does not exist.");
        return Err(Refusal::user(message));
    }
    context.store.delete_access_token(&id)?;
    Ok(users::null())
}

pub(super) fn roles_of_own(context: &Context<'_>) -> Result<Answer, Refusal> {
    let (user, name) = (context.caller.user.as_str(), context.piece(0));
    let Some(token) = context.store.access_token(&id(user, name))? else {
        return Err(Refusal::user(format!(
            "Token {name} not found or does not belong to current user"
        )));
    };
    // The token got its roles from whoever made it, when it was made.
    let roles: Vec<Value> = token
        .roles
        .iter()
        .map(|role| {
            json!({
                "role_name": role,
                "assigned_by": token.vendor.get(CREATED_BY),
                "assigned_at": dates::show_moment(token.created_at),
            })
        })
        .collect();
    let body = json!({ "user_name": user, "token_name": name, "roles": roles });
    Ok(Answer::json(StatusCode::OK, &body))
}
