//! Ingestion tokens of an organization: readable again in clear by administrators, so they are kept in clear, in the
//! token's `vendor` column; switched on and off, never deleted; a name is never free again.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, accounts, body, caller, organizations, profile};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccessToken, Store, StoreError, TokenFilter};

/// Where data is sent to.
pub(super) const INGEST: &str = "/api/{org}/{stream}/_json";

const ORGANIZATION: &str = "organization";
const CLEAR: &str = "token";
const DEFAULT: &str = "default";

#[derive(Deserialize)]
struct Wanted {
    name: String,
    #[serde(default)]
    description: Option<String>,
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    administer(context, "list")?;
    default(context, context.organization())?;
    let mut tokens = all(context.store, context)?;
    // The default one first, then the newest.
    tokens.sort_by_key(|token| (token.name != DEFAULT, -token.sequence));
    let shown: Vec<Value> = tokens.iter().map(show).collect();
    Ok(Answer::json(StatusCode::OK, &json!({ "data": shown })))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, &["name", "description"])?;
    administer(context, "create")?;
    default(context, context.organization())?;
    let name = wanted.name.trim();
    if name.is_empty() {
        return Err(Refusal::bad_request("Token name cannot be empty"));
    }
    if name.len() > 256 {
        return Err(Refusal::bad_request(
            "Token name must be 256 characters or fewer",
        ));
    }
    if !name
        .chars()
        .all(|letter| letter.is_alphanumeric() || "-_".contains(letter))
    {
        return Err(Refusal::bad_request(
            "Token name can only contain alphanumeric characters, hyphens, and underscores",
        ));
    }
    if find(context, name)?.is_some() {
        let message = format!("Token with name '{name}' already exists in this org");
        return Err(Refusal::bad_request(message));
    }
    let by = context.caller.email.clone();
    let description = wanted.description.unwrap_or_default();
    let token = insert(context, context.organization(), name, &description, &by)?;
    Ok(Answer::json(
        StatusCode::OK,
        &json!({ "data": show(&token) }),
    ))
}

#[derive(Deserialize)]
struct Switch {
    enabled: bool,
}

/// The message is JSON text inside JSON.
pub(super) fn switch(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Switch = body::read(context, &[])?;
    administer(context, "manage")?;
    let name = context.piece(1);
    let mut token = find(context, name)?
        .ok_or_else(|| Refusal::not_found(format!("Token '{name}' not found")))?;
    token.disabled = !wanted.enabled;
    context.store.update_access_token(&token)?;
    let done = if wanted.enabled {
        "enabled"
    } else {
        "disabled"
    };
    let message = json!({ "message": format!("Token {done} successfully") });
    Ok(accounts::done(&message.to_string()))
}

/// The default token, as an older interface calls it. For the root user it is that of the organization `default`, whatever the path
/// says.
pub(super) fn passcode(context: &Context<'_>) -> Result<Answer, Refusal> {
    let token = default(context, home(context))?;
    Ok(show_passcode(context, &token))
}

pub(super) fn rotate_passcode(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut token = default(context, home(context))?;
    replace(context, &mut token)?;
    Ok(show_passcode(context, &token))
}

/// Replaces the default token, where there is one already.
pub(super) fn rotate_default(context: &Context<'_>) -> Result<Option<String>, Refusal> {
    match find(context, DEFAULT)? {
        Some(mut token) => Ok(Some(replace(context, &mut token)?)),
        None => Ok(None),
    }
}

fn replace(context: &Context<'_>, token: &mut AccessToken) -> Result<String, Refusal> {
    let clear = mint(context);
    token.vendor.insert(CLEAR.to_owned(), json!(clear));
    token.generation += 1;
    token.issued_at = context.call.now;
    context.store.update_access_token(token)?;
    Ok(clear)
}

fn show_passcode(context: &Context<'_>, token: &AccessToken) -> Answer {
    let body =
        json!({ "data": { "passcode": token.vendor.get(CLEAR), "user": context.caller.email } });
    Answer::json(StatusCode::OK, &body)
}

/// Whether the organization has this ingestion token and it is switched on.
pub(super) fn is_live(
    store: &Store,
    organization: &str,
    presented: &str,
) -> Result<bool, StoreError> {
    if !presented.starts_with("o2oi_") {
        return Ok(false);
    }
    let tokens = store.access_tokens(&TokenFilter::default(), 0, usize::MAX)?;
    Ok(tokens.iter().any(|token| {
        !token.disabled
            && token.vendor.get(ORGANIZATION) == Some(&json!(organization))
            && token.vendor.get(CLEAR) == Some(&json!(presented))
    }))
}

/// The organization that a caller's own things are in.
fn home<'a>(context: &'a Context<'_>) -> &'a str {
    if context.caller.email == caller::ROOT {
        organizations::DEFAULT
    } else {
        context.organization()
    }
}

const RUM: &str = "oo-rum-token";

/// The caller's own token for browsers, made when it is first looked for.
pub(super) fn rum_token(context: &Context<'_>) -> Result<Answer, Refusal> {
    let key = accounts::id(home(context), &context.caller.email);
    match context.store.document(RUM, &key)? {
        Some(kept) => Ok(show_rum_token(context, &kept.body)),
        None => rotate_rum_token(context),
    }
}

pub(super) fn rotate_rum_token(context: &Context<'_>) -> Result<Answer, Refusal> {
    let key = accounts::id(home(context), &context.caller.email);
    let token = format!("rum{}", secret::random_base62(16));
    context.server.secret_log.add(&token);
    let token = json!(token);
    context.store.keep_document(RUM, &key, &token)?;
    Ok(show_rum_token(context, &token))
}

fn show_rum_token(context: &Context<'_>, token: &Value) -> Answer {
    let data = json!({ "user": context.caller.email, "rum_token": token });
    Answer::json(StatusCode::OK, &json!({ "data": data }))
}

/// On the enterprise edition it is the caller's roles that allow it, not this.
fn administer(context: &Context<'_>, verb: &str) -> Result<(), Refusal> {
    if context.caller.administers || !profile::is_open_source(context.server) {
        return Ok(());
    }
    Err(Refusal::forbidden(format!(
        "Admin or Root role required to {verb} ingestion tokens"
    )))
}

fn all(store: &Store, context: &Context<'_>) -> Result<Vec<AccessToken>, StoreError> {
    let filter = TokenFilter {
        created_until: context
            .call
            .lists_as_of
            .or_else(|| profile::lists_as_of(context.server, context.call.now)),
        ..TokenFilter::default()
    };
    let mut tokens = store.access_tokens(&filter, 0, usize::MAX)?;
    let organization = json!(context.organization());
    tokens.retain(|token| token.vendor.get(ORGANIZATION) == Some(&organization));
    Ok(tokens)
}

fn find(context: &Context<'_>, name: &str) -> Result<Option<AccessToken>, StoreError> {
    context
        .store
        .access_token(&accounts::id(context.organization(), name))
}

/// The organization's default token, made when it is first looked for.
fn default(context: &Context<'_>, organization: &str) -> Result<AccessToken, Refusal> {
    let id = accounts::id(organization, DEFAULT);
    if let Some(token) = context.store.access_token(&id)? {
        return Ok(token);
    }
    let description = "Default org ingestion token";
    insert(context, organization, DEFAULT, description, "system")
}

fn mint(context: &Context<'_>) -> String {
    let clear = format!("o2oi_{}", secret::random_base62(32));
    context.server.secret_log.add(&clear);
    clear
}

fn insert(
    context: &Context<'_>,
    organization: &str,
    name: &str,
    description: &str,
    created_by: &str,
) -> Result<AccessToken, Refusal> {
    let token = AccessToken {
        sequence: 0,
        id: accounts::id(organization, name),
        service_account_id: None,
        name: name.to_owned(),
        description: Some(description.to_owned()),
        roles: BTreeSet::new(),
        scopes: BTreeSet::from(["ingest".to_owned()]),
        visibility: None,
        disabled: false,
        expires_at: None,
        managed_by: None,
        generation: 1,
        created_at: context.call.now,
        issued_at: context.call.now,
        last_used_at: None,
        updated_at: context.call.now,
        vendor: Map::from_iter([
            (ORGANIZATION.to_owned(), json!(organization)),
            (CLEAR.to_owned(), json!(mint(context))),
            ("created_by".to_owned(), json!(created_by)),
        ]),
        account_disabled: false,
        previous: None,
    };
    context.store.insert_access_token(&token)?;
    Ok(token)
}

fn show(token: &AccessToken) -> Value {
    json!({
        "name": token.name,
        "description": token.description,
        "token": caller::text(&json!(token.vendor), CLEAR),
        "is_default": token.name == DEFAULT,
        "enabled": !token.disabled,
        "created_by": token.vendor.get("created_by"),
        "created_at": token.created_at.as_millisecond() * 1000,
    })
}
