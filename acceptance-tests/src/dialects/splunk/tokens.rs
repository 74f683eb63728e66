//! Org tokens: create, read, replace, delete. A `PUT` replaces description, disabled, notifications and limits
//! whether it names them or not; permissions and roles it keeps unless it names them; scopes it changes only when the
//! switch `scopes_change` is on.

use std::collections::BTreeSet;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, limits, notifications, permissions, secrets, show};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::AccessToken;

/// What an organization gives a token that names no end: 30 days.
pub(super) const DEFAULT_LIFESPAN_SECONDS: i64 = 30 * 24 * 3600;
const MAXIMUM_SECONDS_UNTIL_EXPIRY: i64 = 5_676_000_000;
/// The vendor says that scopes cannot be updated, but its Terraform provider sends changed ones; with this switch on
/// they are taken.
const SCOPES_CHANGE: &str = "scopes_change";
/// The last is named once in the vendor's documentation.
const ROLES: [&str; 4] = ["power", "usage", "read_only", "admin"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    auth_scopes: Option<Vec<String>>,
    #[serde(default)]
    roles: Option<Vec<Role>>,
    #[serde(default)]
    disabled: Option<bool>,
    #[serde(default)]
    seconds_until_expiry: Option<i64>,
    /// Present and null means "only administrators"; absent means "as it was".
    #[serde(default, deserialize_with = "present")]
    permissions: Option<Value>,
    #[serde(default)]
    limits: Option<Value>,
    #[serde(default)]
    notifications: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Role {
    #[serde(default)]
    title: Option<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_write()?;
    let (wanted, name) = read_body(context)?;
    if context.store.access_token_named(None, &name)?.is_some() {
        return Err(taken());
    }
    let scopes = scopes(wanted.auth_scopes.as_deref())?;
    let expires_at = end(
        context,
        wanted
            .seconds_until_expiry
            .or(Some(DEFAULT_LIFESPAN_SECONDS)),
    )?;
    let mut token = AccessToken {
        sequence: 0,
        id: secret::random_base62(11),
        service_account_id: None,
        name,
        description: None,
        roles: BTreeSet::from(["power".to_owned()]),
        scopes,
        visibility: None,
        disabled: false,
        expires_at,
        managed_by: None,
        generation: 1,
        created_at: context.call.now,
        issued_at: context.call.now,
        last_used_at: None,
        updated_at: context.call.now,
        vendor: Map::new(),
        account_disabled: false,
        previous: None,
    };
    set(&mut token, wanted)?;
    let minted = secrets::mint(context, &mut token);
    context.store.insert_access_token(&token)?;
    context.store.insert_secret(&minted)?;
    Ok(answer(&token))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    let token = find(context)?;
    if !context.caller.may_see(&token)? {
        return Err(Refusal::not_found());
    }
    Ok(answer(&token))
}

pub(super) fn update(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_write()?;
    let mut token = find(context)?;
    let (wanted, name) = read_body(context)?;
    if name != token.name && context.store.access_token_named(None, &name)?.is_some() {
        return Err(taken());
    }
    if wanted.seconds_until_expiry.is_some() {
        token.expires_at = end(context, wanted.seconds_until_expiry)?;
    }
    if context.server.profile.is_on(SCOPES_CHANGE) && wanted.auth_scopes.is_some() {
        token.scopes = scopes(wanted.auth_scopes.as_deref())?;
    }
    token.name = name;
    set(&mut token, wanted)?;
    token.updated_at = context.call.now;
    context.store.update_access_token(&token)?;
    Ok(answer(&token))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_write()?;
    let token = find(context)?;
    context.store.delete_access_token(&token.id)?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// The token that the path names. The official client encodes names twice, so a name that is not found is decoded once more.
pub(super) fn find(context: &Context<'_>) -> Result<AccessToken, Refusal> {
    let once = context.pieces.first().map_or("", String::as_str);
    if let Some(token) = context.store.access_token_named(None, once)? {
        return Ok(token);
    }
    let twice = percent_decode_str(once).decode_utf8_lossy();
    context
        .store
        .access_token_named(None, &twice)?
        .ok_or_else(Refusal::not_found)
}

pub(super) fn answer(token: &AccessToken) -> Answer {
    Answer::json(StatusCode::OK, &show::token(token))
}

/// When a lifetime that begins now ends.
pub(super) fn end(
    context: &Context<'_>,
    seconds: Option<i64>,
) -> Result<Option<Timestamp>, Refusal> {
    let Some(seconds) = seconds else {
        return Ok(None);
    };
    if !(1..=MAXIMUM_SECONDS_UNTIL_EXPIRY).contains(&seconds) {
        let message = format!(
            "secondsUntilExpiry must be greater than 0 and at most {MAXIMUM_SECONDS_UNTIL_EXPIRY}"
        );
        return Err(Refusal::bad_request(message));
    }
    let end = context
        .call
        .now
        .checked_add(SignedDuration::from_secs(seconds));
    end.map(Some)
        .map_err(|_| Refusal::bad_request("secondsUntilExpiry ends beyond the calendar"))
}

fn read_body(context: &Context<'_>) -> Result<(Wanted, String), Refusal> {
    let mut wanted: Wanted =
        serde_json::from_slice(&context.call.body).map_err(Refusal::undecodable)?;
    match wanted.name.take().filter(|name| !name.is_empty()) {
        Some(name) => Ok((wanted, name)),
        None => Err(Refusal::bad_request(
            "Please provide a name for this token.",
        )),
    }
}

fn taken() -> Refusal {
    Refusal::bad_request("A token with the same name already exists!")
}

fn scopes(given: Option<&[String]>) -> Result<BTreeSet<String>, Refusal> {
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return Ok(BTreeSet::from(["API".to_owned(), "INGEST".to_owned()]));
    };
    if let Some(unknown) = given
        .iter()
        .find(|scope| !["API", "INGEST", "RUM"].contains(&scope.as_str()))
    {
        return Err(Refusal::undecodable(format!("authScopes: {unknown}")));
    }
    let scopes: BTreeSet<String> = given.iter().cloned().collect();
    if scopes.len() > 1 && scopes.contains("RUM") {
        return Err(Refusal::bad_request(
            "The RUM scope cannot be combined with other scopes.",
        ));
    }
    Ok(scopes)
}

/// What creating and replacing have in common.
fn set(token: &mut AccessToken, wanted: Wanted) -> Result<(), Refusal> {
    let Wanted {
        name: _,
        description,
        auth_scopes: _,
        roles,
        disabled,
        seconds_until_expiry: _,
        permissions,
        limits,
        notifications,
    } = wanted;
    token.description = description.filter(|description| !description.is_empty());
    token.disabled = disabled.unwrap_or(false);
    if let Some(roles) = roles {
        let titles = roles.into_iter().filter_map(|role| role.title);
        token.roles = titles.collect();
        if let Some(unknown) = token
            .roles
            .iter()
            .find(|title| !ROLES.contains(&title.as_str()))
        {
            return Err(Refusal::undecodable(format!("roles: {unknown}")));
        }
        if token.roles.is_empty() {
            token.roles.insert("power".to_owned());
        }
    }
    if let Some(permissions) = permissions {
        permissions::check(&permissions)?;
        token.visibility = Some(permissions).filter(|permissions| !permissions.is_null());
    }
    let limits = limits::read(limits)?;
    let notifications = notifications.unwrap_or_default();
    notifications::check(&notifications)?;
    token.vendor.insert("limits".to_owned(), limits);
    token
        .vendor
        .insert("notifications".to_owned(), json!(notifications));
    Ok(())
}
