//! One story for all examples: the account `ci` and its token `deploy`.

use serde_json::{Value, json};

pub(super) fn service_account() -> Value {
    json!({
        "id": "sa_4Qm0pXc8Rb2Ty6Lw",
        "name": "ci",
        "description": "Builds and deploys",
        "roles": ["editor", "viewer"],
        "disabled": false,
        "restriction": { "permission": "READ_AND_WRITE", "labels": { "environment": "test" } },
        "managed_by": "terraform",
        "origin": "3f8a1c92d07be645",
        "created_at": "2026-11-22T10:00:00Z",
        "updated_at": "2026-11-22T10:00:00Z",
    })
}

pub(super) fn new_service_account() -> Value {
    json!({
        "name": "ci",
        "description": "Builds and deploys",
        "roles": ["editor", "viewer"],
        "restriction": { "permission": "READ_AND_WRITE", "labels": { "environment": "test" } },
    })
}

pub(super) fn access_token() -> Value {
    json!({
        "id": "at_9Zk3vNd7Hs1Gf5Ju",
        "name": "deploy",
        "service_account_id": "sa_4Qm0pXc8Rb2Ty6Lw",
        "description": null,
        "roles": ["editor", "viewer"],
        "scopes": ["samples:read"],
        "visibility": { "level": "selected", "users": [], "teams": ["platform"] },
        "disabled": false,
        "expires_at": "2027-02-20T10:00:00Z",
        "status": "active",
        "managed_by": "terraform",
        "origin": "3f8a1c92d07be645",
        "generation": 1,
        "created_at": "2026-11-22T10:00:00Z",
        "issued_at": "2026-11-22T10:00:00Z",
        "last_used_at": null,
        "updated_at": "2026-11-22T10:00:00Z",
        "previous": null,
        "secret": null,
    })
}

pub(super) fn minted_access_token() -> Value {
    let mut token = access_token();
    token["secret"] = json!("lyd_…");
    token
}

pub(super) fn rotated_access_token() -> Value {
    let mut token = minted_access_token();
    token["generation"] = json!(2);
    token["issued_at"] = json!("2027-02-10T10:00:00Z");
    token["updated_at"] = json!("2027-02-10T10:00:00Z");
    token["expires_at"] = json!("2027-05-11T10:00:00Z");
    token["previous"] = json!({ "expires_at": "2027-02-11T10:00:00Z", "until_first_use": false });
    token
}

pub(super) fn sample() -> Value {
    json!({ "id": "sm_2Wb6yAe0Ci4Kl8Mo", "labels": { "environment": "test" }, "value": "21.5" })
}

pub(super) fn page(item: Value) -> Value {
    json!({ "items": [item], "next_cursor": null })
}
