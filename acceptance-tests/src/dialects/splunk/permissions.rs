//! Who may see a token: an access control list of users, teams or the organization. Null means administrators only.

use serde_json::Value;

use super::fault::Refusal;

pub(super) fn check(permissions: &Value) -> Result<(), Refusal> {
    if permissions.is_null() {
        return Ok(());
    }
    let entries = permissions.get("acl").and_then(Value::as_array);
    let Some(entries) = entries.filter(|entries| !entries.is_empty()) else {
        return Err(Refusal::bad_request(
            "Permissions are required with one (and only one) of permission types present. \
             Permission types: acl, parent",
        ));
    };
    for entry in entries {
        let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or("");
        if text("principalId").is_empty() {
            return Err(Refusal::bad_request(
                "A principalId is required and may not be empty for acl entry",
            ));
        }
        match text("principalType") {
            "USER" | "TEAM" | "ORG" => {}
            "" => {
                return Err(Refusal::bad_request(
                    "A principalType is required and may not be empty for acl entry",
                ));
            }
            _ => return Err(Refusal::undecodable("permissions.acl.principalType")),
        }
        let actions = entry.get("actions").and_then(Value::as_array);
        let Some(actions) = actions.filter(|actions| !actions.is_empty()) else {
            return Err(Refusal::bad_request(
                "Actions are required and may not be empty for acl entry",
            ));
        };
        let known = |action: &Value| matches!(action.as_str(), Some("READ" | "WRITE"));
        if actions.len() > 2 || !actions.iter().all(known) {
            return Err(Refusal::undecodable("permissions.acl.actions"));
        }
    }
    Ok(())
}
