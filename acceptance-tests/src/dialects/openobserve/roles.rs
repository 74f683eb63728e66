//! Roles of an organization: names with permissions and users, changed by deltas.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{
    Context, DELETE, Endpoint, GROUP, GROUPS, GROUPS_BULK, POST, PUT, ROLE, ROLES, ROLES_BULK,
    accounts, body, bulk, caller, groups,
};
use crate::serving::call::Answer;
use crate::serving::route::Route;
use crate::store::Store;

const KIND: &str = "oo-role";
const STANDARD: [&str; 7] = [
    "root",
    "admin",
    "editor",
    "viewer",
    "user",
    "service_account",
    "sre_agent",
];

fn key(organization: &str, role: &str) -> String {
    format!("{organization}/{role}")
}

fn strings(value: &Value, name: &str) -> BTreeSet<String> {
    let items = value.get(name).and_then(Value::as_array);
    let texts = items.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Names of an organization's roles with what they hold.
fn all(store: &Store, organization: &str) -> Result<Vec<(String, Value)>, Refusal> {
    let documents = store.documents(KIND)?;
    let prefix = format!("{organization}/");
    Ok(documents
        .into_iter()
        .filter_map(|found| {
            let key = found.body.get("key")?.as_str()?.to_owned();
            let name = key.strip_prefix(&prefix)?.to_owned();
            Some((name, found.body))
        })
        .collect())
}

/// Names of the roles that the user holds directly.
pub(super) fn of(store: &Store, organization: &str, email: &str) -> Result<Vec<String>, Refusal> {
    let holding = all(store, organization)?
        .into_iter()
        .filter(|(_, role)| strings(role, "users").contains(email));
    Ok(holding.map(|(name, _)| name).collect())
}

/// Objects and what is permitted on each, by the roles that the user holds directly.
pub(super) fn permissions_of(
    store: &Store,
    organization: &str,
    email: &str,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut found = Vec::new();
    for (_, role) in all(store, organization)? {
        if strings(&role, "users").contains(email) {
            let permissions = role.get("permissions").and_then(Value::as_array);
            found.extend(permissions.into_iter().flatten().map(|permission| {
                let text = |name| caller::text(permission, name);
                (text("object"), text("permission"))
            }));
        }
    }
    Ok(found)
}

pub(super) fn forget_user(
    context: &Context<'_>,
    organization: &str,
    email: &str,
) -> Result<(), Refusal> {
    for (name, mut role) in all(context.store, organization)? {
        let mut users = strings(&role, "users");
        if users.remove(email) {
            role["users"] = json!(users);
            context
                .store
                .keep_document(KIND, &key(organization, &name), &role)?;
        }
    }
    Ok(())
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let roles = all(context.store, context.organization())?;
    let names: Vec<String> = roles.into_iter().map(|(name, _)| name).collect();
    Ok(Answer::json(StatusCode::OK, &json!(names)))
}

#[derive(Deserialize)]
struct Wanted {
    role: String,
}

/// Every run of other characters than letters, digits and underscores becomes one underscore.
pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(context, &["role"])?;
    context.caller.may_administer()?;
    let mut name = String::new();
    for letter in wanted.role.trim().chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            name.push(letter);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    if name.is_empty() || STANDARD.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(Refusal::bad_request(
            "Custom role name cannot be empty or standard role",
        ));
    }
    let key = key(context.organization(), &name);
    if context.store.document(KIND, &key)?.is_some() {
        return Err(Refusal::bad_request("Role already exists"));
    }
    let role = json!({ "key": key, "users": [], "permissions": [] });
    context.store.keep_document(KIND, &key, &role)?;
    Ok(accounts::done("Role created successfully"))
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    add: Vec<Value>,
    #[serde(default)]
    remove: Vec<Value>,
    #[serde(default)]
    add_users: Option<BTreeSet<String>>,
    #[serde(default)]
    remove_users: Option<BTreeSet<String>>,
}

pub(super) fn change(context: &Context<'_>) -> Result<Answer, Refusal> {
    let change: Change = body::read(context, &[])?;
    context.caller.may_administer()?;
    let key = key(context.organization(), context.piece(1));
    let role = context.store.document(KIND, &key)?;
    let mut role = role
        .ok_or_else(|| Refusal::not_found("Role not found"))?
        .body;
    let mut users = strings(&role, "users");
    users.extend(change.add_users.into_iter().flatten());
    for user in change.remove_users.into_iter().flatten() {
        users.remove(&user);
    }
    let kept = role.get("permissions").and_then(Value::as_array);
    let mut permissions: Vec<Value> = kept.cloned().unwrap_or_default();
    permissions.retain(|permission| !change.remove.contains(permission));
    for permission in change.add {
        if !permissions.contains(&permission) {
            permissions.push(permission);
        }
    }
    role["users"] = json!(users);
    role["permissions"] = json!(permissions);
    context.store.keep_document(KIND, &key, &role)?;
    Ok(accounts::done("Role updated successfully"))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_administer()?;
    let key = key(context.organization(), context.piece(1));
    if !context.store.delete_document(KIND, &key)? {
        return Err(Refusal::not_found("Role not found"));
    }
    let message = json!({ "successful": "true" });
    Ok(accounts::done(&message.to_string()))
}

pub(super) fn delete_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    bulk::delete_named(context, KIND, |name| key(context.organization(), name))
}

/// Types of things that permissions are about.
pub(super) fn resources(_: &Context<'_>) -> Result<Answer, Refusal> {
    let types = ["stream", "dashboard", "alert", "function", "service_accounts"].map(|key| {
        json!({ "key": key, "display_name": key, "parent": "", "visible": true, "has_entities": true })
    });
    Ok(Answer::json(StatusCode::OK, &json!(types)))
}

/// What the open-source edition says to all of it, once it has read what is sent; for the change of a role it wants a JSON string where
/// the other wants an object.
pub(super) fn not_supported(context: &Context<'_>, route: &Route<Endpoint>) -> Refusal {
    let read = match (&route.method, route.pattern) {
        (&POST, ROLES) => body::read::<Wanted>(context, &["role"]).err(),
        (&PUT, ROLE) => body::read::<String>(context, &[]).err(),
        (&DELETE, ROLES_BULK | GROUPS_BULK) => bulk::read(context).err(),
        (&POST, GROUPS) => body::read::<groups::Wanted>(context, &["name"]).err(),
        (&PUT, GROUP) => body::read::<groups::Change>(context, &[]).err(),
        _ => None,
    };
    read.unwrap_or_else(|| Refusal::forbidden("Not Supported"))
}

pub(super) fn permissions(context: &Context<'_>) -> Result<Answer, Refusal> {
    field(context, "permissions")
}

pub(super) fn users(context: &Context<'_>) -> Result<Answer, Refusal> {
    field(context, "users")
}

fn field(context: &Context<'_>, name: &str) -> Result<Answer, Refusal> {
    let key = key(context.organization(), context.piece(1));
    let role = context.store.document(KIND, &key)?;
    let found = role.and_then(|role| role.body.get(name).cloned());
    Ok(Answer::json(
        StatusCode::OK,
        &found.unwrap_or_else(|| json!([])),
    ))
}

pub(super) fn of_user(context: &Context<'_>) -> Result<Answer, Refusal> {
    let email = context.piece(1).to_ascii_lowercase();
    let names = of(context.store, context.organization(), &email)?;
    Ok(Answer::json(StatusCode::OK, &json!(names)))
}

pub(super) fn of_all(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut by_user: Map<String, Value> = Map::new();
    for (name, role) in all(context.store, context.organization())? {
        for user in strings(&role, "users") {
            let roles = by_user.entry(user).or_insert_with(|| json!([]));
            if let Some(roles) = roles.as_array_mut() {
                roles.push(json!(name));
            }
        }
    }
    Ok(Answer::json(StatusCode::OK, &Value::Object(by_user)))
}
