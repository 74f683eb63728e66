//! Service accounts: list, create, read, change, delete.

use std::collections::BTreeSet;

use http::StatusCode;
use http::header::{ETAG, LOCATION};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::page::Page;
use super::problem::Problem;
use super::times::{show, show_option};
use super::{Context, conditions, managed_by, no_content, origin, rules};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccountFilter, Restriction, ServiceAccount, Store, StoreError, TokenFilter};

/// What a caller may set.
struct Draft {
    name: String,
    description: Option<String>,
    roles: BTreeSet<String>,
    disabled: bool,
    restriction: Option<Restriction>,
    managed_by: Option<String>,
    origin: Option<String>,
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Problem> {
    let page = Page::read(context.call, "sa", &["name", "managed_by"])?;
    let filter = AccountFilter {
        name: page.filter("name"),
        managed_by: page.filter("managed_by"),
        created_until: context.call.lists_as_of,
    };
    let found = context
        .store
        .service_accounts(&filter, page.after, page.wanted())?;
    Ok(page.answer(found, |account| account.sequence, as_shown))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Problem> {
    let mut fields = Fields::parse(&context.call.body)?;
    let draft = Draft::read(&mut fields);
    fields.finish()?;
    refuse_taken_name(context.store, &draft.name, None)?;
    let now = context.call.now;
    let account = ServiceAccount {
        sequence: 0,
        id: format!("sa_{}", secret::random_base62(16)),
        name: draft.name,
        description: draft.description,
        roles: draft.roles,
        disabled: draft.disabled,
        restriction: draft.restriction,
        managed_by: draft.managed_by,
        created_at: now,
        updated_at: now,
        vendor: origin::kept(draft.origin),
    };
    context.store.insert_service_account(&account)?;
    let shown = as_shown(&account);
    Ok(Answer::json(StatusCode::CREATED, &shown)
        .with(LOCATION, &format!("/v1/service-accounts/{}", account.id))
        .with(ETAG, &conditions::etag(&shown)))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Problem> {
    let account = find(context)?;
    Ok(conditions::show(context.call, &as_shown(&account)))
}

pub(super) fn update(context: &Context<'_>) -> Result<Answer, Problem> {
    let mut account = find(context)?;
    let patch = Fields::parse(&context.call.body)?;
    let mut fields = patch.merged_into(as_written(&account));
    let draft = Draft::read(&mut fields);
    fields.finish()?;
    conditions::check(context.call, &as_shown(&account))?;
    protect(context, &account)?;
    refuse_taken_name(context.store, &draft.name, Some(&account.id))?;

    let lost: Vec<String> = account.roles.difference(&draft.roles).cloned().collect();
    let before = as_shown(&account);
    account.name = draft.name;
    account.description = draft.description;
    account.roles = draft.roles;
    account.disabled = draft.disabled;
    account.restriction = draft.restriction;
    account.managed_by = draft.managed_by;
    account.vendor = origin::kept(draft.origin);
    if as_shown(&account) != before {
        account.updated_at = context.call.now;
        context.store.update_service_account(&account)?;
        take_roles_from_tokens(context, &account.id, &lost)?;
    }
    let shown = as_shown(&account);
    Ok(Answer::json(StatusCode::OK, &shown).with(ETAG, &conditions::etag(&shown)))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Problem> {
    let account = find(context)?;
    conditions::check(context.call, &as_shown(&account))?;
    protect(context, &account)?;
    // Its tokens go with it, whoever manages them: nobody could use them any more.
    context.store.delete_service_account(&account.id)?;
    Ok(no_content())
}

impl Draft {
    fn read(fields: &mut Fields) -> Self {
        let name = fields.required_text("name", rules::name);
        let description = fields.text("description", rules::description);
        let roles = fields.list("roles", rules::role).unwrap_or_default();
        let disabled = fields.flag("disabled").unwrap_or(false);
        let restriction = fields.group("restriction", |fields| {
            let permission = fields.required_text("permission", rules::one_of(&rules::PERMISSIONS));
            let labels = fields.labels("labels").unwrap_or_default();
            if labels.len() > rules::RESTRICTION_LABELS {
                let detail = format!(
                    "has {} labels; use at most {}",
                    labels.len(),
                    rules::RESTRICTION_LABELS
                );
                fields.invalid("labels", detail);
            }
            Restriction { permission, labels }
        });
        Self {
            name,
            description,
            roles: roles.into_iter().collect(),
            disabled,
            restriction,
            managed_by: fields.text("managed_by", rules::managed_by),
            origin: fields.text("origin", rules::origin),
        }
    }
}

fn find(context: &Context<'_>) -> Result<ServiceAccount, Problem> {
    let id = context.piece(0);
    let found = context.store.service_account(id)?;
    found.ok_or_else(|| Problem::not_found("service account", id))
}

fn protect(context: &Context<'_>, account: &ServiceAccount) -> Result<(), Problem> {
    managed_by::check(
        context.call,
        "service account",
        &account.name,
        account.managed_by.as_deref(),
    )
}

fn refuse_taken_name(store: &Store, name: &str, own_id: Option<&str>) -> Result<(), Problem> {
    let filter = AccountFilter {
        name: Some(name.to_owned()),
        ..AccountFilter::default()
    };
    let namesakes = store.service_accounts(&filter, 0, 2)?;
    let Some(existing) = namesakes
        .iter()
        .find(|account| Some(account.id.as_str()) != own_id)
    else {
        return Ok(());
    };
    let last_used_at = store.service_account_last_used_at(&existing.id)?;
    Err(Problem::name_taken(
        format!(
            "the service account {} is named {name:?} already",
            existing.id
        ),
        json!({
            "id": existing.id,
            "created_at": show(existing.created_at),
            "last_used_at": show_option(last_used_at),
            "managed_by": existing.managed_by,
        }),
    ))
}

/// A token never has a role that its account has not.
fn take_roles_from_tokens(
    context: &Context<'_>,
    account_id: &str,
    lost: &[String],
) -> Result<(), StoreError> {
    if lost.is_empty() {
        return Ok(());
    }
    let filter = TokenFilter {
        service_account_id: Some(account_id.to_owned()),
        ..TokenFilter::default()
    };
    for mut token in context.store.access_tokens(&filter, 0, usize::MAX)? {
        let had = token.roles.len();
        token.roles.retain(|role| !lost.contains(role));
        if token.roles.len() < had {
            token.updated_at = context.call.now;
            context.store.update_access_token(&token)?;
        }
    }
    Ok(())
}

/// The fields a caller may set, as JSON to patch.
fn as_written(account: &ServiceAccount) -> Map<String, Value> {
    let mut written = Map::new();
    written.insert("name".to_owned(), json!(account.name));
    written.insert("description".to_owned(), json!(account.description));
    written.insert("roles".to_owned(), json!(account.roles));
    written.insert("disabled".to_owned(), json!(account.disabled));
    written.insert("restriction".to_owned(), json!(account.restriction));
    written.insert("managed_by".to_owned(), json!(account.managed_by));
    written.insert("origin".to_owned(), origin::shown(&account.vendor));
    written
}

fn as_shown(account: &ServiceAccount) -> Value {
    json!({
        "id": account.id,
        "name": account.name,
        "description": account.description,
        "roles": account.roles,
        "disabled": account.disabled,
        "restriction": account.restriction,
        "managed_by": account.managed_by,
        "origin": origin::shown(&account.vendor),
        "created_at": show(account.created_at),
        "updated_at": show(account.updated_at),
    })
}
