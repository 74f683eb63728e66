//! Roles and users, as much of them as decides who may manage service accounts.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::Context;
use super::fault::Refusal;
use super::privileges::{DELETE_USER, MANAGE_ROLES, PUT_USER, READ_ROLES, READ_USERS};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::Store;

const ROLE: &str = "role";
const USER: &str = "user";
const PERSONAL: [&str; 2] = ["full_name", "email"];

pub(super) fn strings(value: Option<&Value>) -> BTreeSet<String> {
    let items = value.and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The union of what roles grant; a role that does not exist grants nothing.
pub(super) fn cluster_privileges(
    store: &Store,
    roles: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Refusal> {
    let mut privileges = BTreeSet::new();
    for role in roles {
        if role == "superuser" {
            privileges.insert("all".to_owned());
        }
        if let Some(found) = store.document(ROLE, role)? {
            privileges.extend(strings(found.body.get("cluster")));
        }
    }
    Ok(privileges)
}

pub(super) fn index_grants(store: &Store, roles: &BTreeSet<String>) -> Result<Vec<Value>, Refusal> {
    let mut grants = Vec::new();
    for role in roles {
        if role == "superuser" {
            grants.push(json!({ "names": ["*"], "privileges": ["all"] }));
        }
        if let Some(found) = store.document(ROLE, role)? {
            grants.extend(grants_of(&found.body));
        }
    }
    Ok(grants)
}

/// What one role grants on indices.
pub(super) fn grants_of(role: &Value) -> Vec<Value> {
    let indices = role.get("indices").or_else(|| role.get("index"));
    let indices = indices.and_then(Value::as_array);
    indices.cloned().unwrap_or_default()
}

/// The user's roles, if the password is right.
pub(super) fn sign_in(
    store: &Store,
    name: &str,
    password: &str,
) -> Result<Option<BTreeSet<String>>, Refusal> {
    let user = store.document(USER, name)?;
    let known = user.filter(|user| {
        user.body.get("hash").and_then(Value::as_str) == Some(&secret::hash(password))
    });
    Ok(known.map(|user| strings(user.body.get("roles"))))
}

/// The user's roles, as long as there is such a user.
pub(super) fn roles_of(store: &Store, name: &str) -> Result<Option<BTreeSet<String>>, Refusal> {
    let user = store.document(USER, name)?;
    Ok(user.map(|user| strings(user.body.get("roles"))))
}

/// What is known of a user beside name and roles.
pub(super) fn person(store: &Store, name: &str) -> Result<Vec<(&'static str, Value)>, Refusal> {
    let user = store.document(USER, name)?.map(|user| user.body);
    let known = |field| Some((field, user.as_ref()?.get(field)?.clone()));
    Ok(PERSONAL.into_iter().filter_map(known).collect())
}

pub(super) fn put_role(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&MANAGE_ROLES)?;
    let body: Value = context.body()?;
    let created = keep(context, ROLE, &body)?;
    let answer = json!({ "role": { "created": created } });
    Ok(Answer::json(StatusCode::OK, &answer))
}

pub(super) fn read_role(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&READ_ROLES)?;
    let name = name(context);
    match context.store.document(ROLE, name)? {
        Some(role) => {
            let role = whole(&role.body);
            Ok(Answer::json(StatusCode::OK, &json!({ name: role })))
        }
        None => Err(Refusal::plain(StatusCode::NOT_FOUND, &json!({}))),
    }
}

/// All parts of a role, also those that it was made without: official clients miss them.
fn whole(role: &Value) -> Value {
    let list = |name: &str| role.get(name).cloned().unwrap_or_else(|| json!([]));
    let map = |name: &str| role.get(name).cloned().unwrap_or_else(|| json!({}));
    json!({
        "cluster": list("cluster"),
        "indices": grants_of(role),
        "applications": list("applications"),
        "run_as": list("run_as"),
        "metadata": map("metadata"),
        "transient_metadata": { "enabled": true },
    })
}

pub(super) fn delete_role(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&MANAGE_ROLES)?;
    delete(context, ROLE)
}

pub(super) fn put_user(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&PUT_USER)?;
    let body: Value = context.body()?;
    let Some(password) = body.get("password").and_then(Value::as_str) else {
        let fault = "password must be specified unless you are updating an existing user";
        return Err(Refusal::validation(&[fault.to_owned()]));
    };
    // The store keeps no password, only its hash.
    let mut user = json!({
        "username": name(context),
        "roles": strings(body.get("roles")),
        "hash": secret::hash(password),
    });
    for field in PERSONAL {
        if let Some(text) = body.get(field).filter(|text| text.is_string()) {
            user[field] = text.clone();
        }
    }
    let created = keep(context, USER, &user)?;
    Ok(Answer::json(StatusCode::OK, &json!({ "created": created })))
}

/// All users, or those whose names the path has.
pub(super) fn read_users(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&READ_USERS)?;
    let wanted = context.piece(0);
    let mut found = Map::new();
    for user in context.store.documents(USER)? {
        let mut shown = user.body;
        let name = shown["username"].as_str().unwrap_or_default().to_owned();
        if wanted.is_some_and(|wanted| !wanted.split(',').any(|wanted| wanted == name)) {
            continue;
        }
        if let Some(fields) = shown.as_object_mut() {
            fields.remove("hash");
            fields.insert("metadata".to_owned(), json!({}));
            fields.insert("enabled".to_owned(), json!(true));
            for field in PERSONAL {
                fields.entry(field).or_insert(Value::Null);
            }
        }
        found.insert(name, shown);
    }
    let status = if found.is_empty() && wanted.is_some() {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    Ok(Answer::json(status, &Value::Object(found)))
}

pub(super) fn delete_user(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&DELETE_USER)?;
    delete(context, USER)
}

fn name<'a>(context: &'a Context<'_>) -> &'a str {
    context.piece(0).unwrap_or_default()
}

fn keep(context: &Context<'_>, kind: &str, body: &Value) -> Result<bool, Refusal> {
    let created = context.store.document(kind, name(context))?.is_none();
    context.store.keep_document(kind, name(context), body)?;
    Ok(created)
}

fn delete(context: &Context<'_>, kind: &str) -> Result<Answer, Refusal> {
    let found = context.store.delete_document(kind, name(context))?;
    let body = json!({ "found": found });
    if found {
        return Ok(Answer::json(StatusCode::OK, &body));
    }
    Err(Refusal::plain(StatusCode::NOT_FOUND, &body))
}
