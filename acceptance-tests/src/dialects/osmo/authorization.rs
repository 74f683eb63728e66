//! What a caller's roles allow: policies of semantic actions on resources. Users and their roles have no action of
//! their own, so only everything on everything reaches them.

use serde_json::Value;

use super::fault::Refusal;
use super::gateway::Caller;
use super::roles;
use crate::store::Store;

pub(super) enum Action {
    Users,
    TokensOfUser,
    OwnTokens,
    ReadRoles,
    WriteRoles,
    Refresh,
}

pub(super) fn check(
    store: &Store,
    caller: &Caller,
    action: &Action,
    user: Option<&str>,
) -> Result<(), Refusal> {
    if caller.development {
        return Ok(());
    }
    let (name, resource) = match action {
        // No registered action has this name: only wildcards fit it.
        Action::Users => ("", Some(String::new())),
        Action::TokensOfUser => (
            "auth:Token",
            Some(format!("user/{}", user.unwrap_or_default())),
        ),
        Action::OwnTokens => ("auth:Token", None),
        Action::ReadRoles => ("config:Read", Some("config/role".to_owned())),
        Action::WriteRoles => ("config:Update", Some("config/role".to_owned())),
        Action::Refresh => ("auth:Refresh", None),
    };
    let mut allowed = false;
    // Everyone has the default role.
    let default = "osmo-default".to_owned();
    for role in caller.roles.iter().chain([&default]) {
        let Some(role) = roles::find(store, role)? else {
            continue;
        };
        for policy in list(&role, "policies") {
            if !fits(policy, name, resource.as_deref()) {
                continue;
            }
            if policy.get("effect").and_then(Value::as_str) == Some("Deny") {
                return Err(Refusal::access_denied());
            }
            allowed = true;
        }
    }
    if allowed {
        return Ok(());
    }
    Err(Refusal::access_denied())
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let found = value.get(name).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn fits(policy: &Value, action: &str, resource: Option<&str>) -> bool {
    let texts = |name| list(policy, name).iter().filter_map(Value::as_str);
    let acts = texts("actions").any(|pattern| matches(pattern, action));
    let reaches = match resource {
        None => true,
        Some(resource) => texts("resources").any(|pattern| matches(pattern, resource)),
    };
    acts && reaches
}

/// `*`, `*:*`, `auth:*`, `user/*`, or the thing itself.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "*" | "*:*" => true,
        _ => match pattern.strip_suffix('*') {
            Some(prefix) => !text.is_empty() && text.starts_with(prefix),
            None => pattern == text,
        },
    }
}
