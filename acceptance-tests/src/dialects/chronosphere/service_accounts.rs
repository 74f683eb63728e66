//! Service accounts: each is born with its one secret, which is shown once and never again. There is no update.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::ApiError;
use super::page::Page;
use super::{Context, slug};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccountFilter, Restriction, Secret, SecretKind, ServiceAccount, Store};

/// Read-only fields and zero times are sent by official clients and are ignored.
#[derive(Deserialize)]
struct Envelope {
    service_account: Option<Wanted>,
    #[serde(default)]
    dry_run: Option<bool>,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    unrestricted: Option<bool>,
    #[serde(default)]
    metrics_restriction: Option<MetricsRestriction>,
}

#[derive(Deserialize)]
struct MetricsRestriction {
    #[serde(default)]
    permission: Option<String>,
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, ApiError> {
    let envelope: Envelope = serde_json::from_slice(&context.call.body)
        .map_err(|error| ApiError::invalid(format!("cannot read the request body: {error}")))?;
    let Some(wanted) = envelope.service_account else {
        return Err(ApiError::invalid("service_account is required"));
    };
    let Some(name) = wanted.name.filter(|name| !name.is_empty()) else {
        return Err(ApiError::invalid("service account name is required"));
    };
    let slug = slug::choose(wanted.slug.as_deref(), &name)?;
    let restriction = restriction(
        wanted.unrestricted.unwrap_or(false),
        wanted.metrics_restriction,
    )?;
    refuse_taken(context.store, &slug, &name)?;
    if envelope.dry_run == Some(true) {
        return Ok(Answer::json(StatusCode::OK, &json!({})));
    }
    let account = ServiceAccount {
        sequence: 0,
        id: slug,
        name,
        description: None,
        roles: BTreeSet::new(),
        disabled: false,
        restriction,
        managed_by: None,
        created_at: context.call.now,
        updated_at: context.call.now,
        vendor: Map::from_iter([("email".to_owned(), json!(email()))]),
    };
    context.store.insert_service_account(&account)?;
    let minted = mint(context, &account)?;
    let mut shown = show(&account);
    shown["token"] = json!(minted);
    Ok(envelope_of(&shown))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, ApiError> {
    let account = find(context)?;
    Ok(envelope_of(&show(&account)))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, ApiError> {
    let page = Page::read(context.call)?;
    let filter = AccountFilter {
        created_until: context.call.lists_as_of,
        ..AccountFilter::default()
    };
    let (after, most) = page.window();
    let accounts = context.store.service_accounts(&filter, after, most)?;
    Ok(page.answer(
        "service_accounts",
        &accounts,
        |account| (account.sequence, &account.id, &account.name),
        show,
    ))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, ApiError> {
    let account = find(context)?;
    context.store.delete_service_account(&account.id)?;
    Ok(Answer::json(StatusCode::OK, &json!({})))
}

fn find(context: &Context<'_>) -> Result<ServiceAccount, ApiError> {
    context
        .store
        .service_account(context.piece(0))?
        .ok_or_else(|| ApiError::not_found("service account", context.piece(0)))
}

/// Exactly one of the two forms of access must be given; the wire knows one spelling of each permission.
fn restriction(
    unrestricted: bool,
    given: Option<MetricsRestriction>,
) -> Result<Option<Restriction>, ApiError> {
    let given = match (unrestricted, given) {
        (true, None) => return Ok(None),
        (false, Some(given)) => given,
        (true, Some(_)) | (false, None) => {
            return Err(ApiError::invalid(
                "only one of unrestricted or metrics_restriction must be set",
            ));
        }
    };
    let permission = given.permission.unwrap_or_default();
    let permission = match permission.as_str() {
        "READ" | "WRITE" => permission,
        "READ_WRITE" => "READ_AND_WRITE".to_owned(),
        _ => {
            let message = format!(
                "metrics_restriction.permission {permission:?} is not READ, WRITE or READ_WRITE"
            );
            return Err(ApiError::invalid(message));
        }
    };
    let labels = given.labels.unwrap_or_default();
    if labels.len() > 2 {
        return Err(ApiError::invalid(
            "metrics_restriction.labels may have at most 2 labels",
        ));
    }
    Ok(Some(Restriction { permission, labels }))
}

fn refuse_taken(store: &Store, slug: &str, name: &str) -> Result<(), ApiError> {
    if store.service_account(slug)?.is_some() {
        let message = format!("service account with slug {slug} already exists");
        return Err(ApiError::conflict(message));
    }
    let filter = AccountFilter {
        name: Some(name.to_owned()),
        ..AccountFilter::default()
    };
    if !store.service_accounts(&filter, 0, 1)?.is_empty() {
        let message = format!("service account with name {name} already exists");
        return Err(ApiError::conflict(message));
    }
    Ok(())
}

fn mint(context: &Context<'_>, account: &ServiceAccount) -> Result<String, ApiError> {
    // The samples in the vendor's pages are lower-case hexadecimal.
    let minted = secret::hash(&secret::mint());
    context.store.insert_secret(&Secret {
        hash: secret::hash(&minted),
        access_token_id: None,
        service_account_id: Some(account.id.clone()),
        kind: SecretKind::Current,
        generation: 1,
        scopes: None,
        issued_at: context.call.now,
        expires_at: None,
        until_first_use: false,
    })?;
    context.server.secret_log.add(&minted);
    Ok(minted)
}

fn email() -> String {
    let mut handle = secret::hash(&secret::random_base62(16));
    handle.truncate(32);
    format!("{handle}@serviceaccount.chronosphere.io")
}

fn envelope_of(account: &Value) -> Answer {
    Answer::json(StatusCode::OK, &json!({ "service_account": account }))
}

/// Absent where false or empty; `"unrestricted": true` is always there, or the official provider plans a replacement.
fn show(account: &ServiceAccount) -> Value {
    let mut shown = json!({
        "slug": account.id,
        "name": account.name,
        "email": account.vendor.get("email"),
        "created_at": time(account.created_at),
        "updated_at": time(account.updated_at),
    });
    match &account.restriction {
        None => shown["unrestricted"] = json!(true),
        Some(restriction) => {
            let permission = match restriction.permission.as_str() {
                "READ_AND_WRITE" => "READ_WRITE",
                other => other,
            };
            shown["metrics_restriction"] = json!({ "permission": permission });
            if !restriction.labels.is_empty() {
                shown["metrics_restriction"]["labels"] = json!(restriction.labels);
            }
        }
    }
    shown
}

pub(super) fn time(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
