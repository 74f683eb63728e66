//! Access tokens and their rotation.

use serde_json::{Value, json};

use super::super::super::rules;
use super::super::operation::reference;
use super::{Named, closed, described, object, or_null, page};

pub(super) fn all() -> Named {
    vec![
        ("AccessToken", access_token()),
        ("AccessTokenPage", page("AccessToken")),
        ("NewAccessToken", new_access_token()),
        ("AccessTokenPatch", access_token_patch()),
        ("Rotation", rotation()),
        ("Previous", previous()),
        ("Visibility", visibility()),
        ("VisibilityPatch", visibility_patch()),
    ]
}

fn access_token() -> Value {
    described(
        "A token of an account, or one without account.",
        object(
            json!({
                "id": { "type": "string", "pattern": "^at_[0-9A-Za-z]{16}$" },
                "name": described("Unique among the account's tokens, or among those without account; case-sensitive.", reference("Name")),
                "service_account_id": { "type": ["string", "null"] },
                "description": reference("Description"),
                "roles": described("Sorted; never more than the account has.", reference("Roles")),
                "scopes": described("Sorted.", reference("Scopes")),
                "visibility": or_null(reference("Visibility")),
                "disabled": { "type": "boolean" },
                "expires_at": described("When the current secret ends; null for never.", reference("OptionalTime")),
                "status": { "enum": ["active", "expired", "disabled"], "description": "`disabled` also when the account is." },
                "managed_by": reference("ManagedBy"),
                "origin": reference("Origin"),
                "generation": { "type": "integer", "minimum": 1, "description": "One more with each rotation." },
                "created_at": reference("Time"),
                "issued_at": described("When the current secret was made.", reference("Time")),
                "last_used_at": described("When any secret of the token was last used.", reference("OptionalTime")),
                "updated_at": reference("Time"),
                "previous": or_null(reference("Previous")),
                "secret": { "type": ["string", "null"], "description": "Only in the answer that minted it; the server does not keep it.", "x-sensitive": true },
            }),
            &[
                "id",
                "name",
                "service_account_id",
                "description",
                "roles",
                "scopes",
                "visibility",
                "disabled",
                "expires_at",
                "status",
                "managed_by",
                "origin",
                "generation",
                "created_at",
                "issued_at",
                "last_used_at",
                "updated_at",
                "previous",
                "secret",
            ],
        ),
    )
}

fn new_access_token() -> Value {
    let mut schema = closed(
        json!({
            "name": reference("Name"),
            "service_account_id": { "type": ["string", "null"], "description": "The account it shall belong to; null for none." },
            "description": reference("Description"),
            "roles": described("Left out or null: those that the account has now.", or_null(reference("Roles"))),
            "scopes": or_null(reference("Scopes")),
            "visibility": or_null(reference("Visibility")),
            "disabled": { "type": ["boolean", "null"], "default": false },
            "expires_at": described("In the future.", reference("GivenTime")),
            "ttl_seconds": { "type": ["integer", "null"], "minimum": 1, "description": "Instead of `expires_at`: seconds from now." },
            "secret_hash": reference("SecretHash"),
            "managed_by": reference("ManagedBy"),
            "origin": reference("Origin"),
        }),
        &["name"],
    );
    schema["not"] = both_lifetimes();
    schema
}

fn access_token_patch() -> Value {
    described(
        "A JSON merge patch (RFC 7396): what is left out stays, null clears. Cleared roles are none.",
        closed(
            json!({
                "name": reference("Name"),
                "description": reference("Description"),
                "roles": or_null(reference("Roles")),
                "scopes": or_null(reference("Scopes")),
                "visibility": or_null(reference("VisibilityPatch")),
                "disabled": { "type": ["boolean", "null"] },
                "expires_at": described("In the future; null for never.", reference("GivenTime")),
                "managed_by": reference("ManagedBy"),
                "origin": reference("Origin"),
            }),
            &[],
        ),
    )
}

fn rotation() -> Value {
    let mut schema = closed(
        json!({
            "secret_hash": described("The hash of the token's current secret: the rotation was done already, and its outcome is answered again.", reference("SecretHash")),
            "grace_period_seconds": { "type": ["integer", "null"], "minimum": 0, "maximum": rules::GRACE_PERIOD_SECONDS, "default": 0, "description": "How long the old secret stays valid, but never beyond its own end." },
            "until_first_use": { "type": ["boolean", "null"], "default": false, "description": "The first use of the new secret ends the old one. Without a grace period, however long that takes." },
            "expires_at": described("The new secret's end, in the future. Neither this nor `ttl_seconds`: as before.", reference("GivenTime")),
            "ttl_seconds": { "type": ["integer", "null"], "minimum": 1, "description": "Instead of `expires_at`: seconds from now." },
        }),
        &[],
    );
    schema["not"] = both_lifetimes();
    schema
}

fn both_lifetimes() -> Value {
    json!({
        "properties": { "expires_at": { "type": "string" }, "ttl_seconds": { "type": "integer" } },
        "required": ["expires_at", "ttl_seconds"],
    })
}

fn previous() -> Value {
    described(
        "The former secret in its grace period.",
        object(
            json!({
                "expires_at": described("When it ends at the latest; null when only the first use of the new one ends it.", reference("OptionalTime")),
                "until_first_use": { "type": "boolean" },
            }),
            &["expires_at", "until_first_use"],
        ),
    )
}

fn visibility() -> Value {
    described("Who gets to see the token.", visibility_with(&["level"]))
}

fn visibility_patch() -> Value {
    described(
        "Merged into the visibility there is. Where there is none yet, `level` is required.",
        visibility_with(&[]),
    )
}

fn visibility_with(required: &[&str]) -> Value {
    let people = json!({
        "type": ["array", "null"],
        "maxItems": rules::LIST_LENGTH,
        "items": { "type": "string", "minLength": 1, "maxLength": rules::NAME_LENGTH },
    });
    closed(
        json!({ "level": { "enum": rules::VISIBILITY_LEVELS }, "users": people, "teams": people }),
        required,
    )
}
