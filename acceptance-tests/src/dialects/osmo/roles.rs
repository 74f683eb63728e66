//! Role definitions: five that every deployment has, and those that were added. They are managed elsewhere; here they
//! decide who may do what, and deleting one takes it from users and tokens.

use http::StatusCode;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, users};
use crate::serving::call::Answer;
use crate::store::Store;

const KIND: &str = "osmo-role";
/// With this switch, roles are declared in the deployment's values.
const CONFIG_MAP: &str = "config_map";
const DEFAULTS: [&str; 5] = [
    "osmo-admin",
    "osmo-backend",
    "osmo-ctrl",
    "osmo-default",
    "osmo-user",
];

pub(super) fn find(store: &Store, name: &str) -> Result<Option<Value>, Refusal> {
    if let Some(kept) = store.document(KIND, name)? {
        return Ok(Some(kept.body).filter(|body| !body.is_null()));
    }
    Ok(DEFAULTS.contains(&name).then(|| default(name)))
}

fn default(name: &str) -> Value {
    let (actions, resources) = match name {
        "osmo-admin" => (json!(["*:*"]), json!(["*"])),
        "osmo-user" => (
            json!(["auth:Token", "auth:Refresh", "pool:List", "workflow:*"]),
            json!(["*"]),
        ),
        "osmo-default" => (json!(["auth:Refresh"]), json!(["*"])),
        _ => (json!(["internal:*"]), json!(["*"])),
    };
    json!({
        "name": name,
        "description": format!("The default role {name}"),
        "policies": [{ "effect": "Allow", "actions": actions, "resources": resources }],
        "immutable": false,
        "sync_mode": "import",
        "external_roles": [name],
    })
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut names: Vec<String> = DEFAULTS.iter().map(|name| (*name).to_owned()).collect();
    for kept in context.store.documents(KIND)? {
        if let Some(name) = kept.body.get("name").and_then(Value::as_str) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names.dedup();
    let mut shown = Vec::new();
    for name in names {
        shown.extend(find(context.store, &name)?);
    }
    Ok(Answer::json(StatusCode::OK, &json!(shown)))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    let name = context.piece(0);
    let role = find(context.store, name)?.ok_or_else(|| unknown(name))?;
    Ok(Answer::json(StatusCode::OK, &role))
}

pub(super) fn unknown(name: &str) -> Refusal {
    Refusal::user(format!("Role {name} does not exist"))
}

/// Takes the role itself, or an envelope with `configs`.
pub(super) fn put(context: &Context<'_>) -> Result<Answer, Refusal> {
    refuse_config_map(context)?;
    let name = context.piece(0);
    let body: Value = serde_json::from_slice(&context.call.body).map_err(|error| {
        Refusal::validation(
            "json_invalid",
            &json!(["body", 0]),
            "JSON decode error",
            &json!(error.to_string()),
        )
    })?;
    let given = body.get("configs").unwrap_or(&body);
    let field = |name: &str, otherwise: Value| given.get(name).cloned().unwrap_or(otherwise);
    let role = json!({
        "name": name,
        "description": field("description", json!("")),
        "policies": field("policies", json!([])),
        "immutable": false,
        "sync_mode": field("sync_mode", json!("import")),
        "external_roles": field("external_roles", json!([name])),
    });
    context.store.keep_document(KIND, name, &role)?;
    Ok(users::null())
}

fn refuse_config_map(context: &Context<'_>) -> Result<(), Refusal> {
    if context.server.profile.is_on(CONFIG_MAP) {
        return Err(Refusal::managed_by_config_map());
    }
    Ok(())
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    refuse_config_map(context)?;
    let name = context.piece(0);
    if find(context.store, name)?.is_none() {
        return Err(unknown(name));
    }
    users::forget_role(context, name)?;
    if DEFAULTS.contains(&name) {
        // A null hides the default definition.
        context.store.keep_document(KIND, name, &Value::Null)?;
    } else {
        context.store.delete_document(KIND, name)?;
    }
    Ok(users::null())
}

pub(super) fn version(_: &Context<'_>) -> Result<Answer, Refusal> {
    let body = json!({ "major": "6", "minor": "4", "revision": "0", "hash": "" });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// Who the credential belongs to, with its roles.
pub(super) fn profile(context: &Context<'_>) -> Result<Answer, Refusal> {
    let body = json!({
        "profile": { "username": context.caller.user },
        "roles": context.caller.roles,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
