//! Role definitions: five that every deployment has, and those that were added. They are managed elsewhere; here they
//! decide who may do what, and deleting one takes it from users and tokens.

use http::StatusCode;
use http::header::ACCEPT;
use serde_json::{Value, json};

use super::body::{Field, Shape};
use super::fault::Refusal;
use super::{Context, body, dates, tokens, users};
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

/// The definitions that the service writes to its database at its first start.
fn default(name: &str) -> Value {
    let allow = |actions: Value, resources: Value| json!({ "effect": "Allow", "actions": actions, "resources": resources });
    let everything = || json!(["*"]);
    let (description, policies) = match name {
        "osmo-admin" => (
            "Administrator with full access except internal endpoints",
            json!([
                allow(json!(["*:*"]), everything()),
                allow(json!([]), json!([]))
            ]),
        ),
        "osmo-user" => {
            let actions = json!([
                "app:*",
                "auth:Token",
                "credentials:*",
                "mcp:Access",
                "pool:List",
                "profile:Read",
                "profile:Update",
                "resources:Read",
                "user:List",
                "workflow:List",
                "workflow:Read",
            ]);
            let own = allow(json!(["workflow:*"]), json!(["pool/default"]));
            (
                "Standard user role",
                json!([allow(actions, everything()), own]),
            )
        }
        "osmo-default" => {
            let actions = json!([
                "auth:Login",
                "auth:Refresh",
                "profile:*",
                "system:Health",
                "system:Version"
            ]);
            (
                "Default role all users have access to",
                json!([allow(actions, everything())]),
            )
        }
        "osmo-backend" => {
            let actions = json!(["config:Read", "internal:Operator", "pool:List"]);
            let resources = json!(["backend/*", "pool/*", "config/backend"]);
            ("For backend agents", json!([allow(actions, resources)]))
        }
        _ => {
            let actions = json!(["internal:Logger", "internal:Router"]);
            ("For workflow pods", json!([allow(actions, everything())]))
        }
    };
    json!({
        "name": name,
        "description": description,
        "policies": policies,
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
    let role = find(context.store, name)?.ok_or_else(|| unknown_here(name))?;
    Ok(Answer::json(StatusCode::OK, &role))
}

/// Where roles are configured, the sentence has its full stop.
fn unknown_here(name: &str) -> Refusal {
    Refusal::user(format!("Role {name} does not exist."))
}

pub(super) fn unknown(name: &str) -> Refusal {
    Refusal::user(format!("Role {name} does not exist"))
}

/// The envelope's role goes by its own name: the one in the path is not looked at.
pub(super) fn put(context: &Context<'_>) -> Result<Answer, Refusal> {
    let envelope = body::object(context)?;
    let mut mistakes = Vec::new();
    let place = json!(["body", "configs"]);
    match envelope.get("configs") {
        None => {
            let envelope = json!(envelope);
            mistakes.push(body::mistake("missing", place, "Field required", envelope));
        }
        Some(Value::Object(role)) => body::check(role, &place, FIELDS, &mut mistakes),
        Some(other) => mistakes.push(body::no_object(place, other.clone())),
    }
    body::refuse(mistakes)?;
    refuse_config_map(context)?;
    let given = envelope.get("configs").cloned().unwrap_or_default();
    let field = |name: &str, otherwise: Value| given.get(name).cloned().unwrap_or(otherwise);
    let mut policies = field("policies", json!([]));
    for policy in policies.as_array_mut().into_iter().flatten() {
        for action in items(policy, "actions") {
            check_action(action)?;
        }
        if policy.get("effect").is_none() {
            policy["effect"] = json!("Allow");
        }
    }
    let name = field("name", json!(context.piece(0)));
    let key = name.as_str().unwrap_or_default();
    let role = json!({
        "name": name,
        "description": field("description", json!("")),
        "policies": policies,
        "immutable": false,
        "sync_mode": field("sync_mode", json!("import")),
        "external_roles": field("external_roles", json!([name])),
    });
    context.store.keep_document(KIND, key, &role)?;
    Ok(users::null())
}

const FIELDS: &[Field] = &[
    ("name", Shape::Text),
    ("description", Shape::Text),
    ("policies", Shape::Objects),
    ("sync_mode", Shape::OneOf(&["force", "import", "ignore"])),
];

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let found = value.get(name).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn check_action(action: &Value) -> Result<(), Refusal> {
    match action.as_str() {
        Some(text) if !text.contains(':') => Err(Refusal::user(format!(
            "Invalid action format: {text}. Expected format: \"resource:Action\" (e.g., \"workflow:Create\", \"*:*\")"
        ))),
        _ => Ok(()),
    }
}

fn refuse_config_map(context: &Context<'_>) -> Result<(), Refusal> {
    if context.server.profile.is_on(CONFIG_MAP) {
        return Err(Refusal::managed_by_config_map());
    }
    Ok(())
}

/// Wants a body, whatever it says: the note for the history.
pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    body::object(context)?;
    refuse_config_map(context)?;
    let name = context.piece(0);
    if find(context.store, name)?.is_none() {
        return Err(unknown_here(name));
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

/// For those who do not want JSON, the version alone.
pub(super) fn client_version(context: &Context<'_>) -> Result<Answer, Refusal> {
    let accepted = context.call.header(ACCEPT).unwrap_or_default();
    if accepted.contains("text/plain") {
        let media_type = "text/plain; charset=utf-8";
        return Ok(Answer::text(StatusCode::OK, media_type, "6.4.0".to_owned()));
    }
    version(context)
}

pub(super) fn health(_: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::json(StatusCode::OK, &json!({ "status": "OK" })))
}

/// Who the credential belongs to, with its roles and its end.
pub(super) fn profile(context: &Context<'_>) -> Result<Answer, Refusal> {
    let caller = &context.caller;
    let mut token = Value::Null;
    if let Some(name) = &caller.token_name {
        let found = context
            .store
            .access_token(&tokens::id(&caller.user, name))?;
        let end = found.and_then(|token| token.expires_at);
        token = json!({ "name": name, "expires_at": end.map(dates::show_day) });
    }
    let body = json!({
        "profile": {
            "username": caller.user,
            "email_notification": false,
            "slack_notification": false,
            "pool": null,
        },
        "roles": caller.roles,
        "pools": [],
        "token": token,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
