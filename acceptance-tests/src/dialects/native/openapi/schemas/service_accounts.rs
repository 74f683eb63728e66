//! Service accounts.

use serde_json::{Value, json};

use super::super::super::rules;
use super::super::operation::reference;
use super::{Named, closed, described, labels, object, or_null, page};

pub(super) fn all() -> Named {
    vec![
        ("ServiceAccount", service_account()),
        ("ServiceAccountPage", page("ServiceAccount")),
        ("NewServiceAccount", new_service_account()),
        ("ServiceAccountPatch", service_account_patch()),
        ("Restriction", restriction()),
        ("RestrictionPatch", restriction_patch()),
    ]
}

fn service_account() -> Value {
    described(
        "An account that programs sign in as.",
        object(
            json!({
                "id": { "type": "string", "pattern": "^sa_[0-9A-Za-z]{16}$" },
                "name": described("Unique among accounts, case-sensitive.", reference("Name")),
                "description": reference("Description"),
                "roles": described("Sorted.", reference("Roles")),
                "disabled": { "type": "boolean", "description": "A disabled account's tokens are refused." },
                "restriction": or_null(reference("Restriction")),
                "managed_by": reference("ManagedBy"),
                "origin": reference("Origin"),
                "created_at": reference("Time"),
                "updated_at": reference("Time"),
            }),
            &[
                "id",
                "name",
                "description",
                "roles",
                "disabled",
                "restriction",
                "managed_by",
                "origin",
                "created_at",
                "updated_at",
            ],
        ),
    )
}

fn new_service_account() -> Value {
    closed(
        json!({
            "name": reference("Name"),
            "description": reference("Description"),
            "roles": or_null(reference("Roles")),
            "disabled": { "type": ["boolean", "null"], "default": false },
            "restriction": or_null(reference("Restriction")),
            "managed_by": reference("ManagedBy"),
            "origin": reference("Origin"),
        }),
        &["name"],
    )
}

fn service_account_patch() -> Value {
    described(
        "A JSON merge patch (RFC 7396): what is left out stays, null clears. Tokens lose the roles that their account loses.",
        closed(
            json!({
                "name": reference("Name"),
                "description": reference("Description"),
                "roles": or_null(reference("Roles")),
                "disabled": { "type": ["boolean", "null"] },
                "restriction": or_null(reference("RestrictionPatch")),
                "managed_by": reference("ManagedBy"),
                "origin": reference("Origin"),
            }),
            &[],
        ),
    )
}

fn restriction() -> Value {
    described(
        "Limits an account to part of the data.",
        closed(
            json!({
                "permission": { "enum": rules::PERMISSIONS },
                "labels": or_null(labels(Some(rules::RESTRICTION_LABELS), json!("string"))),
            }),
            &["permission"],
        ),
    )
}

fn restriction_patch() -> Value {
    described(
        "Merged into the restriction there is; a label that is null goes away. Where there is none yet, `permission` is required.",
        closed(
            json!({
                "permission": { "enum": rules::PERMISSIONS },
                "labels": or_null(labels(None, json!(["string", "null"]))),
            }),
            &[],
        ),
    )
}
