//! Service accounts: memberships of users in an organization. The e-mail address and the names are global, the token
//! belongs to the membership. There is no reading of one.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, body, caller, email, roles};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{AccountFilter, Secret, SecretKind, ServiceAccount, StoreError};

/// Names of a user, shared by all organizations.
const USER: &str = "oo-user";
/// The token's first characters, in the membership's `vendor` column: the list shows them.
const PREFIX: &str = "prefix";
const EXTERNAL: &str = "is_external";
const WITHOUT_STATIC_TOKEN: &str = "without_static_token";

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

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut accounts = of_organization(context, context.organization())?;
    accounts.reverse();
    let mut shown = Vec::new();
    for account in &accounts {
        shown.push(show(context, account)?);
    }
    Ok(Answer::json(StatusCode::OK, &json!({ "data": shown })))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, NAMES)?;
    context.caller.may_administer()?;
    let email = email::parse(&wanted.email).ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    let id = id(context.organization(), &email);
    if email == caller::ROOT || context.store.service_account(&id)?.is_some() {
        return Err(Refusal::bad_request("User already exists"));
    }
    // The names of a user who is already in another organization stay as they are.
    if context.store.document(USER, &email)?.is_none() {
        keep_names(context, &email, &wanted.first_name, &wanted.last_name)?;
    }
    let mut account = membership(context, context.organization(), &email);
    context.store.insert_service_account(&account)?;
    let token = mint(context, &mut account)?;
    let body = json!({
        "code": 200,
        "message": "User saved successfully",
        "token": token,
        "user": email,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn update_or_rotate(context: &Context<'_>) -> Result<Answer, Refusal> {
    let names: Names = body::read(context, NAMES)?;
    let rotate = context.query("rotateToken");
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
    if is(&account, EXTERNAL) {
        return Err(Refusal::bad_request(
            "Updates not allowed with external users, please update with source system",
        ));
    }
    keep_names(context, &email, &names.first_name, &names.last_name)?;
    Ok(done("User updated successfully"))
}

fn rotate_token(context: &Context<'_>) -> Result<Answer, Refusal> {
    if !context.caller.is_root {
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
    let hidden = is(&account, WITHOUT_STATIC_TOKEN);
    let token = mint(context, &mut account)?;
    let token = if hidden {
        "NOT_AVAILABLE".to_owned()
    } else {
        token
    };
    let body = json!({ "token": token, "user": account.name });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    if !context.caller.is_root {
        return Err(Refusal::not_allowed());
    }
    remove(context, context.piece(1))?;
    Ok(done("User removed from organization"))
}

#[derive(Deserialize)]
struct Many {
    ids: Vec<String>,
}

pub(super) fn delete_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Many = body::read(context, &[])?;
    let (mut successful, mut unsuccessful, mut last_reason) = (vec![], vec![], Value::Null);
    for id in wanted.ids {
        if !context.caller.is_root {
            last_reason = json!("Forbidden");
            unsuccessful.push(id);
        } else if remove(context, &id).is_ok() {
            successful.push(id);
        } else {
            last_reason = json!("Not Found");
            unsuccessful.push(id);
        }
    }
    let body =
        json!({ "successful": successful, "unsuccessful": unsuccessful, "err": last_reason });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// A member of one organization only is removed wherever that is: the path's organization is not compared.
fn remove(context: &Context<'_>, address: &str) -> Result<(), Refusal> {
    let email = address.trim().to_ascii_lowercase();
    if email == caller::ROOT || email == context.caller.email {
        return Err(Refusal::forbidden("Not Allowed"));
    }
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
    if memberships.len() == 1 {
        context.store.delete_document(USER, &email)?;
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
    if context.store.document(USER, email)?.is_none() {
        keep_names(context, email, email, "")?;
    }
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
    if context.store.document(USER, &email)?.is_none() {
        keep_names(context, &email, "", "")?;
    }
    let mut account = membership(context, organization, &email);
    account
        .vendor
        .insert(WITHOUT_STATIC_TOKEN.to_owned(), json!(true));
    let hidden = secret::random_base62(4);
    account.vendor.insert(PREFIX.to_owned(), json!(hidden));
    context.store.insert_service_account(&account)?;
    Ok(())
}

/// In order of creation.
fn of_organization(
    context: &Context<'_>,
    organization: &str,
) -> Result<Vec<ServiceAccount>, StoreError> {
    let filter = AccountFilter {
        created_until: context.call.lists_as_of,
        ..AccountFilter::default()
    };
    let mut accounts = context.store.service_accounts(&filter, 0, usize::MAX)?;
    let prefix = format!("{organization}/");
    accounts.retain(|account| account.id.starts_with(&prefix));
    Ok(accounts)
}

fn find(context: &Context<'_>) -> Result<Option<ServiceAccount>, StoreError> {
    let email = context.piece(1).trim().to_ascii_lowercase();
    context
        .store
        .service_account(&id(context.organization(), &email))
}

fn membership(context: &Context<'_>, organization: &str, email: &str) -> ServiceAccount {
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

/// A new token of 16 letters and digits; the one before ends at once.
fn mint(context: &Context<'_>, account: &mut ServiceAccount) -> Result<String, Refusal> {
    let token = secret::random_base62(16);
    if let Some(old) = account.vendor.get("hash").and_then(Value::as_str) {
        context.store.delete_secret(old)?;
    }
    let hash = secret::hash(&token);
    let prefix: String = token.chars().take(4).collect();
    account.vendor.insert(PREFIX.to_owned(), json!(prefix));
    account
        .vendor
        .insert("hash".to_owned(), json!(hash.as_str()));
    context.store.update_service_account(account)?;
    // A hidden token is made like any other, but opens nothing.
    if !is(account, WITHOUT_STATIC_TOKEN) {
        context.server.secret_log.add(&token);
        context.store.insert_secret(&Secret {
            hash,
            access_token_id: None,
            service_account_id: Some(account.id.clone()),
            kind: SecretKind::Current,
            generation: 1,
            scopes: None,
            issued_at: context.call.now,
            expires_at: None,
            until_first_use: false,
        })?;
    }
    Ok(token)
}

fn is(account: &ServiceAccount, flag: &str) -> bool {
    account.vendor.get(flag) == Some(&json!(true))
}

fn keep_names(
    context: &Context<'_>,
    email: &str,
    first_name: &str,
    last_name: &str,
) -> Result<(), Refusal> {
    let names = json!({ "first_name": first_name.trim(), "last_name": last_name.trim() });
    context.store.keep_document(USER, email, &names)?;
    Ok(())
}

fn show(context: &Context<'_>, account: &ServiceAccount) -> Result<Value, Refusal> {
    let names = context.store.document(USER, &account.name)?;
    let names = names.map(|names| names.body).unwrap_or_default();
    let prefix = account.vendor.get(PREFIX).and_then(Value::as_str);
    Ok(json!({
        "email": account.name,
        "first_name": caller::text(&names, "first_name"),
        "last_name": caller::text(&names, "last_name"),
        "role": "service_account",
        "is_external": is(account, EXTERNAL),
        "created_at": account.created_at.as_millisecond() * 1000,
        "token": prefix.map_or(String::new(), |prefix| format!("{prefix}********")),
    }))
}

pub(super) fn done(message: &str) -> Answer {
    let body = json!({ "code": 200, "message": message });
    Answer::json(StatusCode::OK, &body)
}
