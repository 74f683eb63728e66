//! People: members of an organization with a role and a password. Their records stand beside those of service accounts, and
//! removing a member is the same for both.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, accounts, body, bulk, caller, email, profile};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{ServiceAccount, Store, StoreError};

/// The role of a member, in its `vendor` column; service accounts have none there.
const ROLE: &str = "role";
const PASSWORD: &str = "oo-password";
const STANDARD: [&str; 7] = [
    "admin",
    "root",
    "viewer",
    "editor",
    "user",
    "service_account",
    "sre_agent",
];
const POLICY: &str = "Password must be 8-128 characters and contain at least one lowercase letter, \
                      one uppercase letter, one digit, and one special character.";

/// The role of somebody who is no service account.
pub(super) fn role(member: &ServiceAccount) -> Option<&str> {
    member.vendor.get(ROLE).and_then(Value::as_str)
}

/// Whether this password is that person's.
pub(super) fn knows(store: &Store, email: &str, password: &str) -> Result<bool, StoreError> {
    let kept = store.document(PASSWORD, email)?;
    Ok(kept.is_some_and(|kept| kept.body == json!(secret::hash(password).as_str())))
}

pub(super) fn forget(store: &Store, email: &str) -> Result<(), StoreError> {
    store.delete_document(PASSWORD, email)?;
    Ok(())
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut people = accounts::members(context, context.organization())?;
    people.retain(|member| role(member).is_some());
    people.reverse();
    let mut shown = Vec::new();
    for person in &people {
        shown.push(accounts::show(context, person)?);
    }
    // The root user is at home everywhere, and older than everybody.
    shown.push(json!({
        "email": caller::ROOT,
        "first_name": "root",
        "last_name": "",
        "role": "root",
        "is_external": false,
        "created_at": 0,
    }));
    Ok(Answer::json(StatusCode::OK, &json!({ "data": shown })))
}

#[derive(Deserialize)]
struct Wanted {
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    password: String,
    role: String,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let texts = ["email", "first_name", "last_name", "password", "role"];
    let wanted: Wanted = body::read(context, &texts)?;
    let role = wanted.role.to_ascii_lowercase();
    if !is_strong(&wanted.password) {
        return Err(Refusal::bad_request(POLICY));
    }
    refuse_special(&role)?;
    let email = email::parse(&wanted.email);
    let email = email.ok_or_else(|| Refusal::bad_request("Invalid Email address"))?;
    if !STANDARD.contains(&role.as_str()) {
        return Err(unknown_role(context));
    }
    context.caller.may_administer()?;
    if accounts::is_member(context, &email)? {
        return Err(Refusal::bad_request("User already exists"));
    }
    accounts::keep_new_names(context, &email, &wanted.first_name, &wanted.last_name)?;
    if context.store.document(PASSWORD, &email)?.is_none() {
        keep_password(context, &email, &wanted.password)?;
    }
    join(context, &email, &role)?;
    Ok(accounts::done("User saved successfully"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Change {
    change_password: bool,
    first_name: Option<String>,
    last_name: Option<String>,
    new_password: Option<String>,
    role: Option<String>,
    token: Option<String>,
}

/// What is left out stays as it is, unlike on the way for service accounts. The open-source edition makes whoever is changed
/// an administrator.
pub(super) fn change(context: &Context<'_>) -> Result<Answer, Refusal> {
    let change: Change = body::read(context, &["first_name", "last_name", "role"])?;
    let nothing = change.first_name.is_none()
        && change.last_name.is_none()
        && change.new_password.is_none()
        && change.role.is_none()
        && change.token.is_none();
    if nothing && !change.change_password {
        let message = "Please specify appropriate fields to update user";
        return Err(Refusal::bad_request(message));
    }
    let password = change.new_password.as_deref();
    if change.change_password && password.is_some_and(|password| !is_strong(password)) {
        return Err(Refusal::bad_request(POLICY));
    }
    let role = match &change.role {
        _ if profile::is_open_source(context.server) => Some("admin".to_owned()),
        given => given.as_ref().map(|role| role.to_ascii_lowercase()),
    };
    if let Some(role) = &role {
        refuse_special(role)?;
    }
    let email = email::parse(context.piece(1));
    let email = email.ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    if email == caller::ROOT && context.caller.email != caller::ROOT {
        return Err(Refusal::bad_request("Root user cannot be updated"));
    }
    let Some(mut member) = accounts::member(context, &email)? else {
        return Err(Refusal::not_found("User not found"));
    };
    accounts::refuse_external(&member)?;
    if password.is_some() && !context.caller.administers {
        let message = "You are not authorised to change the password";
        return Err(Refusal::bad_request(message));
    }
    let (first_name, last_name) = accounts::names(context, &email)?;
    accounts::keep_names(
        context,
        &email,
        change.first_name.as_ref().unwrap_or(&first_name),
        change.last_name.as_ref().unwrap_or(&last_name),
    )?;
    if let Some(password) = password {
        keep_password(context, &email, password)?;
    }
    if let Some(role) = role {
        member.vendor.insert(ROLE.to_owned(), json!(role));
        context.store.update_service_account(&member)?;
    }
    Ok(accounts::done("User updated successfully"))
}

#[derive(Deserialize)]
struct Joining {
    role: String,
}

/// Makes somebody who is known elsewhere a member here.
pub(super) fn add(context: &Context<'_>) -> Result<Answer, Refusal> {
    let joining: Joining = body::read(context, &["role"])?;
    let role = joining.role.to_ascii_lowercase();
    refuse_special(&role)?;
    let email = email::parse(context.piece(1));
    let email = email.ok_or_else(|| Refusal::bad_request("Invalid email"))?;
    if email == caller::ROOT {
        let message = "User is root user, no need to add to organization.";
        return Err(Refusal::json(StatusCode::CONFLICT, message));
    }
    if !accounts::is_known(context, &email)? {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Refusal::json(status, "User not found"));
    }
    context.caller.may_administer()?;
    if accounts::is_member(context, &email)? {
        let message = "User is already part of the organization";
        return Err(Refusal::json(StatusCode::CONFLICT, message));
    }
    join(context, &email, &role)?;
    Ok(accounts::done("User added to org successfully"))
}

/// The same as for service accounts, and not bound to their feature.
pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    accounts::remove_member(context)
}

pub(super) fn delete_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    let many = bulk::read(context)?;
    Ok(accounts::remove_many(context, many))
}

/// What a person can be made, in the order of the vendor's pages.
pub(super) fn roles(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut roles = vec![json!({ "label": "Admin", "value": "admin" })];
    if !profile::is_open_source(context.server) {
        roles.push(json!({ "label": "Editor", "value": "editor" }));
        roles.push(json!({ "label": "Viewer", "value": "viewer" }));
        roles.push(json!({ "label": "User", "value": "user" }));
    }
    Ok(Answer::json(StatusCode::OK, &json!(roles)))
}

fn join(context: &Context<'_>, email: &str, role: &str) -> Result<(), Refusal> {
    let mut member = accounts::membership(context, context.organization(), email);
    // There, everybody is an administrator.
    let role = if profile::is_open_source(context.server) {
        "admin"
    } else {
        role
    };
    member.vendor.insert(ROLE.to_owned(), json!(role));
    context.store.insert_service_account(&member)?;
    Ok(())
}

fn keep_password(context: &Context<'_>, email: &str, password: &str) -> Result<(), Refusal> {
    context.server.secret_log.add(password);
    let hash = json!(secret::hash(password).as_str());
    context.store.keep_document(PASSWORD, email, &hash)?;
    Ok(())
}

fn refuse_special(role: &str) -> Result<(), Refusal> {
    match role {
        "root" => Err(Refusal::bad_request("Not allowed")),
        "sre_agent" => Err(Refusal::bad_request(
            "SRE Agent role cannot be assigned via API",
        )),
        _ => Ok(()),
    }
}

fn unknown_role(context: &Context<'_>) -> Refusal {
    Refusal::bad_request(if profile::is_open_source(context.server) {
        "Custom roles not allowed"
    } else {
        "Custom role not found"
    })
}

fn is_strong(password: &str) -> bool {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    (8..=128).contains(&password.chars().count())
        && has(|letter| letter.is_ascii_lowercase())
        && has(|letter| letter.is_ascii_uppercase())
        && has(|letter| letter.is_ascii_digit())
        && has(|letter| !letter.is_ascii_alphanumeric())
}
