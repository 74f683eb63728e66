//! Groups of users with roles. Creating one ignores `roles`, and one created with users is never listed.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, accounts, body, bulk};
use crate::serving::call::Answer;

const KIND: &str = "oo-group";

fn key(context: &Context<'_>, name: &str) -> String {
    accounts::id(context.organization(), name)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    name: String,
    #[serde(default)]
    users: Option<BTreeSet<String>>,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, &["name"])?;
    context.caller.may_administer()?;
    let users = wanted.users.unwrap_or_default();
    let key = key(context, &wanted.name);
    let group = json!({
        "key": key,
        "name": wanted.name,
        "listed": users.is_empty(),
        "users": users,
        "roles": [],
    });
    context.store.keep_document(KIND, &key, &group)?;
    Ok(accounts::done("Group created successfully"))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut groups = all(context)?;
    groups.retain(|group| group["listed"] == json!(true));
    let names: Vec<&Value> = groups.iter().map(|group| &group["name"]).collect();
    Ok(Answer::json(StatusCode::OK, &json!(names)))
}

fn all(context: &Context<'_>) -> Result<Vec<Value>, Refusal> {
    let prefix = key(context, "");
    let is_here = |group: &Value| {
        let key = group.get("key").and_then(Value::as_str);
        key.is_some_and(|key| key.starts_with(&prefix))
    };
    let found = context.store.documents(KIND)?.into_iter();
    Ok(found
        .map(|group| group.body)
        .filter(|group| is_here(group))
        .collect())
}

/// A group that does not exist is answered as an empty one.
pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    let name = context.piece(1);
    let group = context.store.document(KIND, &key(context, name))?;
    let group = group.map(|group| group.body).unwrap_or_default();
    let list = |field: &str| group.get(field).cloned().unwrap_or_else(|| json!([]));
    let body = json!({ "name": name, "users": list("users"), "roles": list("roles") });
    Ok(Answer::json(StatusCode::OK, &body))
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    add_users: Option<BTreeSet<String>>,
    #[serde(default)]
    remove_users: Option<BTreeSet<String>>,
    #[serde(default)]
    add_roles: Option<BTreeSet<String>>,
    #[serde(default)]
    remove_roles: Option<BTreeSet<String>>,
}

pub(super) fn change(context: &Context<'_>) -> Result<Answer, Refusal> {
    let change: Change = body::read(context, &[])?;
    context.caller.may_administer()?;
    let key = key(context, context.piece(1));
    let group = context.store.document(KIND, &key)?;
    let mut group = group
        .ok_or_else(|| Refusal::not_found("Group not found"))?
        .body;
    group["users"] = with(&group["users"], change.add_users, change.remove_users);
    group["roles"] = with(&group["roles"], change.add_roles, change.remove_roles);
    context.store.keep_document(KIND, &key, &group)?;
    Ok(accounts::done("Group updated successfully"))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_administer()?;
    let key = key(context, context.piece(1));
    if !context.store.delete_document(KIND, &key)? {
        return Err(Refusal::not_found("Group not found"));
    }
    let message = json!({ "successful": "true" });
    Ok(accounts::done(&message.to_string()))
}

pub(super) fn delete_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    bulk::delete_named(context, KIND, |name| key(context, name))
}

/// Names of the groups that have this user.
pub(super) fn of_user(context: &Context<'_>) -> Result<Answer, Refusal> {
    let email = json!(context.piece(1).to_ascii_lowercase());
    let has_user = |group: &Value| {
        let users = group["users"].as_array();
        users.is_some_and(|users| users.contains(&email))
    };
    let mut groups = all(context)?;
    groups.retain(has_user);
    let names: Vec<&Value> = groups.iter().map(|group| &group["name"]).collect();
    Ok(Answer::json(StatusCode::OK, &json!(names)))
}

fn with(kept: &Value, add: Option<BTreeSet<String>>, remove: Option<BTreeSet<String>>) -> Value {
    let texts = kept.as_array().into_iter().flatten();
    let mut members: BTreeSet<String> =
        texts.filter_map(Value::as_str).map(str::to_owned).collect();
    members.extend(add.into_iter().flatten());
    for member in remove.into_iter().flatten() {
        members.remove(&member);
    }
    json!(members)
}
