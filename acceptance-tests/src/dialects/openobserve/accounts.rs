//! Service accounts: memberships of users in an organization. The e-mail address and the names are global, the token
//! belongs to the membership. There is no reading of one.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::account_tokens::{self, WITHOUT_STATIC_TOKEN};
use super::fault::Refusal;
use super::{
    Context, body, bulk, caller, email, ingestion, permissions, profile, roles, system_account,
    users,
};
use crate::serving::call::Answer;
use crate::store::{AccountFilter, ServiceAccount, StoreError};

/// Names of a user, shared by all organizations.
const USER: &str = "oo-user";
const EXTERNAL: &str = "is_external";

pub(super) fn id(organization: &str, email: &str) -> String {
    format!("{organization}/{email}")
}

#[derive(Deserialize)]
struct Wanted {
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
}

#[derive(Default, Deserialize)]
struct Names {
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
}

const NAMES: &[&str] = &["email", "first_name", "last_name"];

/// All that is done to accounts needs the feature.
fn require_feature(context: &Context<'_>) -> Result<(), Refusal> {
    if profile::has_accounts(context.server) {
        return Ok(());
    }
    Err(Refusal::forbidden("Service Accounts Not Enabled"))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    require_feature(context)?;
    let mut accounts = members(context, context.organization())?;
    accounts.retain(|member| users::role(member).is_none());
    accounts.reverse();
    let mut shown = Vec::new();
    for account in &accounts {
        shown.push(show(context, account)?);
    }
    shown.extend(system_account::show(context));
    if let Some(permissions) = &context.caller.permissions {
        let organization = context.organization();
        let may_see = |account: &Value| {
            let email = caller::text(account, "email");
            permissions.allow(&["AllowGet", "AllowList"], organization, &email)
        };
        shown.retain(may_see);
    }
    Ok(Answer::json(StatusCode::OK, &json!({ "data": shown })))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, NAMES)?;
    require_feature(context)?;
    let email = email::parse(&wanted.email).ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    context.caller.may_administer()?;
    if is_member(context, &email)? {
        if profile::swallows_duplicates(context.server) {
            return Ok(created(
                context,
                &email,
                &account_tokens::stillborn(context),
            ));
        }
        return Err(Refusal::bad_request("User already exists"));
    }
    keep_new_names(context, &email, &wanted.first_name, &wanted.last_name)?;
    let mut account = membership(context, context.organization(), &email);
    context.store.insert_service_account(&account)?;
    let token = account_tokens::mint(context, &mut account)?;
    Ok(created(context, &email, &token))
}

fn created(context: &Context<'_>, email: &str, token: &str) -> Answer {
    let mut body = json!({ "code": 200, "message": "User saved successfully" });
    if !profile::shows_tokens_again(context.server) {
        body["token"] = json!(token);
        body["user"] = json!(email);
    }
    Answer::json(StatusCode::OK, &body)
}

/// Only before v0.80.
pub(super) fn read_token(context: &Context<'_>) -> Result<Answer, Refusal> {
    require_feature(context)?;
    let account = find(context)?.ok_or_else(|| Refusal::not_found("User not found"))?;
    let body = json!({ "token": account_tokens::clear(&account), "user": account.name });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn update_or_rotate(context: &Context<'_>) -> Result<Answer, Refusal> {
    let names: Names = body::read(context, NAMES)?;
    require_feature(context)?;
    system_account::refuse(context, context.piece(1), "modified")?;
    let rotate = context.parameter("rotateToken").last();
    match rotate.map(|value| value.to_ascii_lowercase()).as_deref() {
        None | Some("false") => update(context, &names),
        Some("true") => rotate_token(context),
        Some(_) => Err(Refusal::bad_request(
            " 'rotateToken' query param with value 'true' or 'false' allowed",
        )),
    }
}

/// Replaces both names: one that is left out becomes empty.
fn update(context: &Context<'_>, names: &Names) -> Result<Answer, Refusal> {
    let email =
        email::parse(context.piece(1)).ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    if email == caller::ROOT {
        return Err(Refusal::bad_request("Root user cannot be updated"));
    }
    let account = find(context)?.ok_or_else(|| Refusal::not_found("User not found"))?;
    refuse_external(&account)?;
    keep_names(context, &email, &names.first_name, &names.last_name)?;
    Ok(done("User updated successfully"))
}

fn rotate_token(context: &Context<'_>) -> Result<Answer, Refusal> {
    if !context.caller.administers {
        return Err(Refusal::forbidden(
            "Admin or Root role required to rotate service account tokens",
        ));
    }
    let mut account = find(context)?.ok_or_else(|| Refusal::not_found("User not found"))?;
    if is(&account, EXTERNAL) {
        return Err(Refusal::not_found(
            "Not allowed for external service accounts",
        ));
    }
    let mistaken = if profile::rotates_the_wrong_token(context.server) {
        ingestion::rotate_default(context)?
    } else {
        None
    };
    let token = match mistaken {
        Some(default) => default,
        None => account_tokens::mint(context, &mut account)?,
    };
    let body = json!({ "token": token, "user": account.name });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    require_feature(context)?;
    remove_member(context)
}

/// Whoever it is.
pub(super) fn remove_member(context: &Context<'_>) -> Result<Answer, Refusal> {
    if !context.caller.administers {
        return Err(Refusal::not_allowed());
    }
    remove(context, context.piece(1))?;
    Ok(done("User removed from organization"))
}

pub(super) fn refuse_external(member: &ServiceAccount) -> Result<(), Refusal> {
    if is(member, EXTERNAL) {
        return Err(Refusal::bad_request(
            "Updates not allowed with external users, please update with source system",
        ));
    }
    Ok(())
}

pub(super) fn member(
    context: &Context<'_>,
    email: &str,
) -> Result<Option<ServiceAccount>, StoreError> {
    context
        .store
        .service_account(&id(context.organization(), email))
}

/// The root user is one everywhere.
pub(super) fn is_member(context: &Context<'_>, email: &str) -> Result<bool, StoreError> {
    Ok(email == caller::ROOT || member(context, email)?.is_some())
}

/// Whether any organization has this user.
pub(super) fn is_known(context: &Context<'_>, email: &str) -> Result<bool, StoreError> {
    Ok(context.store.document(USER, email)?.is_some())
}

pub(super) fn delete_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    let many = bulk::read(context)?;
    if let Some(permissions) = &context.caller.permissions {
        let organization = context.organization();
        let may_delete = |id: &String| permissions.allow(&["AllowDelete"], organization, id);
        if !many.ids.iter().all(may_delete) {
            return Err(permissions::refused());
        }
    }
    require_feature(context)?;
    Ok(remove_many(context, many))
}

/// Of accounts and of people alike.
pub(super) fn remove_many(context: &Context<'_>, many: bulk::Many) -> Answer {
    bulk::delete(many, |id| {
        if !context.caller.administers {
            return Err("Forbidden".to_owned());
        }
        remove(context, id).map_err(|refusal| match (refusal.status(), refusal.message()) {
            (StatusCode::NOT_FOUND, _) => "Not Found".to_owned(),
            (_, Some(message)) if message.starts_with("System") => message.to_owned(),
            _ => "Forbidden".to_owned(),
        })
    })
}

/// A member of one organization only is removed wherever that is: the path's organization is not compared.
fn remove(context: &Context<'_>, address: &str) -> Result<(), Refusal> {
    let email = address.trim().to_ascii_lowercase();
    if email == caller::ROOT || email == context.caller.email {
        return Err(Refusal::forbidden("Not Allowed"));
    }
    system_account::refuse(context, &email, "deleted")?;
    let filter = AccountFilter {
        name: Some(email.clone()),
        ..AccountFilter::default()
    };
    let memberships = context.store.service_accounts(&filter, 0, usize::MAX)?;
    let gone = match memberships.as_slice() {
        [] => return Err(Refusal::not_found("User for the organization not found")),
        [only] => only.id.clone(),
        // An organization it was never in says yes as well.
        [..] => id(context.organization(), &email),
    };
    if memberships.iter().any(|account| is(account, EXTERNAL)) {
        return Err(Refusal::forbidden("Not Allowed"));
    }
    if memberships.len() == 1 {
        context.store.delete_document(USER, &email)?;
        users::forget(context.store, &email)?;
    }
    let organization = gone.split('/').next().unwrap_or_default().to_owned();
    roles::forget_user(context, &organization, &email)?;
    context.store.delete_service_account(&gone)?;
    Ok(())
}

/// A principal that signed in through Dex: external, without a token.
pub(super) fn provision(
    context: &Context<'_>,
    organization: &str,
    email: &str,
) -> Result<(), Refusal> {
    let id = id(organization, email);
    if context.store.service_account(&id)?.is_some() {
        return Ok(());
    }
    keep_new_names(context, email, email, "")?;
    let mut account = membership(context, organization, email);
    account.vendor.insert(EXTERNAL.to_owned(), json!(true));
    context.store.insert_service_account(&account)?;
    Ok(())
}

/// A member whose token is made but never works.
pub(super) fn join_without_token(
    context: &Context<'_>,
    organization: &str,
    address: &str,
) -> Result<(), Refusal> {
    let email = email::parse(address).ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    keep_new_names(context, &email, "", "")?;
    let mut account = membership(context, organization, &email);
    account
        .vendor
        .insert(WITHOUT_STATIC_TOKEN.to_owned(), json!(true));
    context.store.insert_service_account(&account)?;
    account_tokens::mint(context, &mut account)?;
    Ok(())
}

/// In order of creation.
pub(super) fn members(
    context: &Context<'_>,
    organization: &str,
) -> Result<Vec<ServiceAccount>, StoreError> {
    let filter = AccountFilter {
        created_until: context
            .call
            .lists_as_of
            .or_else(|| profile::lists_as_of(context.server, context.call.now)),
        ..AccountFilter::default()
    };
    let mut accounts = context.store.service_accounts(&filter, 0, usize::MAX)?;
    let prefix = format!("{organization}/");
    accounts.retain(|account| account.id.starts_with(&prefix));
    Ok(accounts)
}

fn find(context: &Context<'_>) -> Result<Option<ServiceAccount>, StoreError> {
    member(context, &context.piece(1).trim().to_ascii_lowercase())
}

pub(super) fn membership(context: &Context<'_>, organization: &str, email: &str) -> ServiceAccount {
    ServiceAccount {
        sequence: 0,
        id: id(organization, email),
        name: email.to_owned(),
        description: None,
        roles: BTreeSet::new(),
        disabled: false,
        restriction: None,
        managed_by: None,
        created_at: context.call.now,
        updated_at: context.call.now,
        vendor: Map::new(),
    }
}

fn is(account: &ServiceAccount, flag: &str) -> bool {
    account.vendor.get(flag) == Some(&json!(true))
}

/// The names of a user who is already in another organization stay as they are.
pub(super) fn keep_new_names(
    context: &Context<'_>,
    email: &str,
    first_name: &str,
    last_name: &str,
) -> Result<(), Refusal> {
    if is_known(context, email)? {
        return Ok(());
    }
    keep_names(context, email, first_name, last_name)
}

pub(super) fn names(context: &Context<'_>, email: &str) -> Result<(String, String), StoreError> {
    let names = context.store.document(USER, email)?;
    let names = names.map(|names| names.body).unwrap_or_default();
    let name = |which: &str| caller::text(&names, which);
    Ok((name("first_name"), name("last_name")))
}

pub(super) fn keep_names(
    context: &Context<'_>,
    email: &str,
    first_name: &str,
    last_name: &str,
) -> Result<(), Refusal> {
    let names = json!({ "first_name": first_name.trim(), "last_name": last_name.trim() });
    context.store.keep_document(USER, email, &names)?;
    Ok(())
}

pub(super) fn show(context: &Context<'_>, account: &ServiceAccount) -> Result<Value, Refusal> {
    let (first_name, last_name) = names(context, &account.name)?;
    let role = users::role(account);
    let mut shown = json!({
        "email": account.name,
        "first_name": first_name,
        "last_name": last_name,
        "role": role.unwrap_or("service_account"),
        "is_external": is(account, EXTERNAL),
        "created_at": account.created_at.as_millisecond() * 1000,
    });
    if role.is_none() && !profile::shows_tokens_again(context.server) {
        shown["token"] = json!(account_tokens::redacted(context, account));
    }
    Ok(shown)
}

pub(super) fn done(message: &str) -> Answer {
    let body = json!({ "code": 200, "message": message });
    Answer::json(StatusCode::OK, &body)
}
