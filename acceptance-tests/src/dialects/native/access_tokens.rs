//! Access tokens: list, create, read, change, delete. Rotation has a file of its own.

use std::collections::BTreeSet;

use http::StatusCode;
use http::header::{ETAG, LOCATION};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::caller::has_passed;
use super::fields::Fields;
use super::page::Page;
use super::problem::Problem;
use super::times::{self, show, show_option};
use super::{Context, conditions, managed_by, no_content, origin, rules};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccessToken, Secret, SecretKind, ServiceAccount, TokenFilter};

/// What a caller may set at any time.
struct Draft {
    name: String,
    description: Option<String>,
    /// In the order given, so that a complaint can point at one.
    roles: Option<Vec<String>>,
    scopes: BTreeSet<String>,
    visibility: Option<Value>,
    disabled: bool,
    expires_at: Option<Timestamp>,
    managed_by: Option<String>,
    origin: Option<String>,
}

/// The secret of a new generation: minted here, or known by its hash only.
pub(super) struct NewSecret {
    pub(super) hash: String,
    /// To be shown once.
    pub(super) minted: Option<String>,
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Problem> {
    let page = Page::read(
        context.call,
        "at",
        &["name", "service_account_id", "managed_by"],
    )?;
    let filter = TokenFilter {
        name: page.filter("name"),
        service_account_id: page.filter("service_account_id"),
        managed_by: page.filter("managed_by"),
        created_until: context.call.lists_as_of,
    };
    let found = context
        .store
        .access_tokens(&filter, page.after, page.wanted())?;
    let now = context.call.now;
    Ok(page.answer(found, |token| token.sequence, |token| as_shown(token, now)))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Problem> {
    let now = context.call.now;
    let mut fields = Fields::parse(&context.call.body)?;
    let service_account_id = fields.text("service_account_id", rules::anything);
    let account = find_account(context, &mut fields, service_account_id.as_deref())?;
    let secret_hash = read_secret_hash(context, &mut fields)?;
    let lifetime = read_lifetime(&mut fields, now);
    let draft = Draft::read(&mut fields, lifetime);
    check_roles(&mut fields, &draft, account.as_ref());
    check_expiry(&mut fields, draft.expires_at, now);
    fields.finish()?;
    refuse_taken_name(context, service_account_id.as_deref(), &draft.name, None)?;

    let inherited = account.map(|account| account.roles).unwrap_or_default();
    let token = AccessToken {
        sequence: 0,
        id: format!("at_{}", secret::random_base62(16)),
        service_account_id,
        name: draft.name,
        description: draft.description,
        roles: draft
            .roles
            .map_or(inherited, |roles| roles.into_iter().collect()),
        scopes: draft.scopes,
        visibility: draft.visibility,
        disabled: draft.disabled,
        expires_at: draft.expires_at,
        managed_by: draft.managed_by,
        generation: 1,
        created_at: now,
        issued_at: now,
        last_used_at: None,
        updated_at: now,
        vendor: origin::kept(draft.origin),
        account_disabled: false,
        previous: None,
    };
    let secret = NewSecret::from(secret_hash);
    context.store.insert_access_token(&token)?;
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
    let answer = answer_with_secret(context, StatusCode::CREATED, &token.id, secret)?;
    Ok(answer.with(LOCATION, &format!("/v1/access-tokens/{}", token.id)))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Problem> {
    let token = find(context)?;
    Ok(conditions::show(
        context.call,
        &as_shown(&token, context.call.now),
    ))
}

pub(super) fn update(context: &Context<'_>) -> Result<Answer, Problem> {
    let now = context.call.now;
    let mut token = find(context)?;
    let patch = Fields::parse(&context.call.body)?;
    let moves = patch.has("service_account_id");
    let mut fields = patch.merged_into(as_written(&token));
    let stays = fields.text("service_account_id", rules::anything) == token.service_account_id;
    if moves && !stays {
        fields.invalid(
            "service_account_id",
            "a token cannot move to another account; create one there",
        );
    }
    let lifetime = fields.time("expires_at");
    let draft = Draft::read(&mut fields, lifetime);
    let account = match token.service_account_id.as_deref() {
        None => None,
        Some(id) => context.store.service_account(id)?,
    };
    check_roles(&mut fields, &draft, account.as_ref());
    // An end that has passed already may stay; no other change needs a new one.
    if draft.expires_at != token.expires_at.map(times::whole_seconds) {
        check_expiry(&mut fields, draft.expires_at, now);
    }
    fields.finish()?;
    conditions::check(context.call, &as_shown(&token, now))?;
    protect(context, &token)?;
    refuse_taken_name(
        context,
        token.service_account_id.as_deref(),
        &draft.name,
        Some(&token.id),
    )?;

    let before = as_written(&token);
    token.name = draft.name;
    token.description = draft.description;
    // Cleared means none here: a change must not give more than it says.
    token.roles = draft.roles.unwrap_or_default().into_iter().collect();
    token.scopes = draft.scopes;
    token.visibility = draft.visibility;
    token.disabled = draft.disabled;
    token.expires_at = draft.expires_at;
    token.managed_by = draft.managed_by;
    token.vendor = origin::kept(draft.origin);
    if as_written(&token) != before {
        token.updated_at = now;
        context.store.update_access_token(&token)?;
    }
    let shown = as_shown(&token, now);
    Ok(Answer::json(StatusCode::OK, &shown).with(ETAG, &conditions::etag(&shown)))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Problem> {
    let token = find(context)?;
    conditions::check(context.call, &as_shown(&token, context.call.now))?;
    protect(context, &token)?;
    context.store.delete_access_token(&token.id)?;
    Ok(no_content())
}

impl Draft {
    fn read(fields: &mut Fields, expires_at: Option<Timestamp>) -> Self {
        Self {
            name: fields.required_text("name", rules::name),
            description: fields.text("description", rules::description),
            roles: fields.list("roles", rules::role),
            scopes: fields
                .list("scopes", rules::scope)
                .unwrap_or_default()
                .into_iter()
                .collect(),
            visibility: fields.group("visibility", |fields| {
                let level = fields.required_text("level", rules::one_of(&rules::VISIBILITY_LEVELS));
                let users = fields.list("users", rules::person).unwrap_or_default();
                let teams = fields.list("teams", rules::person).unwrap_or_default();
                json!({ "level": level, "users": users, "teams": teams })
            }),
            disabled: fields.flag("disabled").unwrap_or(false),
            expires_at,
            managed_by: fields.text("managed_by", rules::managed_by),
            origin: fields.text("origin", rules::origin),
        }
    }
}

impl From<Option<String>> for NewSecret {
    fn from(given_hash: Option<String>) -> Self {
        if let Some(hash) = given_hash {
            return Self { hash, minted: None };
        }
        let minted = secret::mint();
        Self {
            hash: secret::hash(&minted),
            minted: Some(minted),
        }
    }
}

pub(super) fn find(context: &Context<'_>) -> Result<AccessToken, Problem> {
    let id = context.piece(0);
    let found = context.store.access_token(id)?;
    found.ok_or_else(|| Problem::not_found("access token", id))
}

pub(super) fn protect(context: &Context<'_>, token: &AccessToken) -> Result<(), Problem> {
    managed_by::check(
        context.call,
        "access token",
        &token.name,
        token.managed_by.as_deref(),
    )
}

/// The hash a client sent for a secret of its own, if any; one that is in use is complained about.
pub(super) fn read_secret_hash(
    context: &Context<'_>,
    fields: &mut Fields,
) -> Result<Option<String>, Problem> {
    let Some(given) = fields.text("secret_hash", rules::secret_hash) else {
        return Ok(None);
    };
    let hash = given.strip_prefix("sha256:").unwrap_or(&given).to_owned();
    let own = |secret: &Secret| {
        secret.kind == SecretKind::Current
            && secret.access_token_id.as_deref() == Some(context.piece(0))
    };
    let in_use = context
        .store
        .secret(&hash)?
        .is_some_and(|secret| !own(&secret))
        || context.store.operator(&hash)?.is_some();
    if in_use {
        fields.invalid("secret_hash", "is in use by another secret; mint a new one");
    }
    Ok(Some(hash))
}

/// The end that `expires_at` or `ttl_seconds` asks for.
pub(super) fn read_lifetime(fields: &mut Fields, now: Timestamp) -> Option<Timestamp> {
    let expires_at = fields.time("expires_at");
    let Some(seconds) = fields.whole_number("ttl_seconds", 1) else {
        return expires_at;
    };
    if expires_at.is_some() {
        fields.invalid(
            "ttl_seconds",
            "give either expires_at or ttl_seconds, not both",
        );
        return expires_at;
    }
    let end = times::after(now, seconds);
    if end.is_none() {
        fields.invalid(
            "ttl_seconds",
            "ends after the year 9999; use a shorter lifetime",
        );
    }
    end
}

pub(super) fn check_expiry(fields: &mut Fields, expires_at: Option<Timestamp>, now: Timestamp) {
    if has_passed(expires_at, now) {
        let detail = format!("is in the past; the server's clock says {}", show(now));
        fields.invalid("expires_at", detail);
    }
}

/// The token as it is now stored, with its secret if that was minted here.
pub(super) fn answer_with_secret(
    context: &Context<'_>,
    status: StatusCode,
    id: &str,
    secret: NewSecret,
) -> Result<Answer, Problem> {
    let token = context.store.access_token(id)?;
    let token = token.ok_or_else(|| Problem::not_found("access token", id))?;
    let mut shown = as_shown(&token, context.call.now);
    let tag = conditions::etag(&shown);
    if let Some(minted) = secret.minted {
        context.server.secret_log.add(&minted);
        shown["secret"] = Value::String(minted);
    }
    Ok(Answer::json(status, &shown).with(ETAG, &tag))
}

fn find_account(
    context: &Context<'_>,
    fields: &mut Fields,
    id: Option<&str>,
) -> Result<Option<ServiceAccount>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let account = context.store.service_account(id)?;
    if account.is_none() {
        fields.invalid(
            "service_account_id",
            format!("there is no service account {id:?}"),
        );
    }
    Ok(account)
}

fn check_roles(fields: &mut Fields, draft: &Draft, account: Option<&ServiceAccount>) {
    let (Some(account), Some(roles)) = (account, &draft.roles) else {
        return;
    };
    for (index, role) in roles.iter().enumerate() {
        if !account.roles.contains(role) {
            let detail = format!(
                "the service account {:?} does not have the role {role:?}; give it to the account first",
                account.name
            );
            fields.invalid(&format!("roles/{index}"), detail);
        }
    }
}

fn refuse_taken_name(
    context: &Context<'_>,
    service_account_id: Option<&str>,
    name: &str,
    own_id: Option<&str>,
) -> Result<(), Problem> {
    let existing = context.store.access_token_named(service_account_id, name)?;
    let Some(existing) = existing.filter(|existing| Some(existing.id.as_str()) != own_id) else {
        return Ok(());
    };
    let place = match service_account_id {
        Some(id) => format!("of the service account {id}"),
        None => "without service account".to_owned(),
    };
    Err(Problem::name_taken(
        format!(
            "the access token {} {place} is named {name:?} already",
            existing.id
        ),
        json!({
            "id": existing.id,
            "created_at": show(existing.created_at),
            "last_used_at": show_option(existing.last_used_at),
            "managed_by": existing.managed_by,
        }),
    ))
}

/// The fields a caller may set, as JSON to patch.
fn as_written(token: &AccessToken) -> Map<String, Value> {
    let mut written = Map::new();
    written.insert("name".to_owned(), json!(token.name));
    written.insert(
        "service_account_id".to_owned(),
        json!(token.service_account_id),
    );
    written.insert("description".to_owned(), json!(token.description));
    written.insert("roles".to_owned(), json!(token.roles));
    written.insert("scopes".to_owned(), json!(token.scopes));
    written.insert("visibility".to_owned(), json!(token.visibility));
    written.insert("disabled".to_owned(), json!(token.disabled));
    written.insert("expires_at".to_owned(), show_option(token.expires_at));
    written.insert("managed_by".to_owned(), json!(token.managed_by));
    written.insert("origin".to_owned(), origin::shown(&token.vendor));
    written
}

pub(super) fn as_shown(token: &AccessToken, now: Timestamp) -> Value {
    let status = if token.disabled || token.account_disabled {
        "disabled"
    } else if has_passed(token.expires_at, now) {
        "expired"
    } else {
        "active"
    };
    let previous = token
        .previous
        .as_ref()
        .filter(|previous| !has_passed(previous.expires_at, now))
        .map(|previous| {
            json!({
                "expires_at": show_option(previous.expires_at),
                "until_first_use": previous.until_first_use,
            })
        });
    json!({
        "id": token.id,
        "name": token.name,
        "service_account_id": token.service_account_id,
        "description": token.description,
        "roles": token.roles,
        "scopes": token.scopes,
        "visibility": token.visibility,
        "disabled": token.disabled,
        "expires_at": show_option(token.expires_at),
        "status": status,
        "managed_by": token.managed_by,
        "origin": origin::shown(&token.vendor),
        "generation": token.generation,
        "created_at": show(token.created_at),
        "issued_at": show(token.issued_at),
        "last_used_at": show_option(token.last_used_at),
        "updated_at": show(token.updated_at),
        "previous": previous,
        "secret": Value::Null,
    })
}
