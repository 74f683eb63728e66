//! An org token as this API shows it: times in milliseconds, the secret every time.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ORGANIZATION_ID;
use super::secrets::CLEAR;
use crate::store::AccessToken;

pub(super) fn token(token: &AccessToken) -> Value {
    let vendor = |name: &str| token.vendor.get(name).cloned().unwrap_or_default();
    let mut shown = json!({
        "id": token.id,
        "name": token.name,
        "description": token.description,
        "secret": vendor(CLEAR),
        "authScopes": token.scopes,
        "roles": token.roles.iter().map(|title| role(title, token)).collect::<Vec<_>>(),
        "disabled": token.disabled,
        "created": token.created_at.as_millisecond(),
        "creator": "AdminUser00",
        "lastUpdated": token.updated_at.as_millisecond(),
        "lastUpdatedBy": "AdminUser00",
        "latestRotation": token.issued_at.as_millisecond(),
        "expiry": token.expires_at.map(Timestamp::as_millisecond),
        "exceedingLimits": false,
        "orgId": ORGANIZATION_ID,
        "permissions": permissions(token),
        "notifications": vendor("notifications"),
    });
    // An organization without the entitlement to token limits answers without the key, and so does a token without any.
    let limits = vendor("limits");
    if !limits.is_null() {
        shown["limits"] = limits;
    }
    shown
}

fn permissions(token: &AccessToken) -> Value {
    match &token.visibility {
        None => Value::Null,
        Some(given) => json!({ "acl": given.get("acl"), "parent": null }),
    }
}

fn role(title: &str, token: &AccessToken) -> Value {
    json!({
        "id": format!("role-{title}"),
        "title": title,
        "description": format!("The built-in role {title}."),
        "capabilities": [],
        "immutable": true,
        "organizationId": ORGANIZATION_ID,
        "created": token.created_at.as_millisecond(),
        "creator": null,
        "lastUpdated": token.created_at.as_millisecond(),
        "lastUpdatedBy": null,
    })
}
