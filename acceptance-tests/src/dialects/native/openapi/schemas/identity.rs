//! Who am I, introspection and token exchange.

use serde_json::{Value, json};

use super::super::operation::reference;
use super::{Named, described, form, object, or_null};

pub(super) fn all() -> Named {
    vec![
        ("Identity", identity()),
        ("Introspection", introspection()),
        ("IntrospectionForm", introspection_form()),
        ("ExchangeForm", exchange_form()),
        ("ExchangedToken", exchanged_token()),
        ("OAuthError", oauth_error()),
    ]
}

fn identity() -> Value {
    let named = |more: Value| {
        let mut properties = json!({ "id": { "type": "string" }, "name": { "type": "string" } });
        let mut required = vec!["id", "name"];
        if let Some(more) = more.as_object() {
            for (name, schema) in more {
                properties[name] = schema.clone();
                required.push(name);
            }
        }
        or_null(object(properties, &required))
    };
    described(
        "What a credential is, and what it may do.",
        object(
            json!({
                "kind": { "enum": ["operator", "service_account", "access_token"], "description": "`access_token` for a token without account." },
                "id": { "type": "string" },
                "name": { "type": "string" },
                "service_account": named(json!({})),
                "access_token": named(json!({
                    "expires_at": described("When the presented secret ends.", reference("OptionalTime")),
                    "generation": { "type": "integer", "minimum": 1, "description": "Of the presented secret." },
                })),
                "roles": reference("Roles"),
                "scopes": reference("Scopes"),
                "restriction": or_null(reference("Restriction")),
            }),
            &[
                "kind",
                "id",
                "name",
                "service_account",
                "access_token",
                "roles",
                "scopes",
                "restriction",
            ],
        ),
    )
}

fn introspection() -> Value {
    described(
        "As RFC 7662 says. All that an inactive secret tells is that it is inactive.",
        object(
            json!({
                "active": { "type": "boolean" },
                "sub": { "type": "string", "description": "The account's id, or the token's where it has no account." },
                "client_id": { "type": "string", "description": "The token's id." },
                "username": { "type": "string", "description": "The account's name, or the token's where it has no account." },
                "scope": { "type": "string", "description": "Separated by spaces; empty means not narrowed." },
                "exp": { "type": "integer", "description": "Seconds since 1970; missing when it never ends." },
                "iat": { "type": "integer", "description": "Seconds since 1970." },
                "token_type": { "const": "Bearer" },
            }),
            &["active"],
        ),
    )
}

fn exchange_form() -> Value {
    let uri = "urn:ietf:params:oauth:token-type:access_token";
    form(
        json!({
            "grant_type": { "const": "urn:ietf:params:oauth:grant-type:token-exchange" },
            "subject_token": { "type": "string", "minLength": 1, "description": "The secret of an access token.", "x-sensitive": true },
            "subject_token_type": { "const": uri },
            "requested_token_type": { "const": uri },
            "scope": { "type": "string", "description": "Separated by spaces: what to narrow the new secret to. Left out: as the access token." },
        }),
        &["grant_type", "subject_token", "subject_token_type"],
    )
}

fn exchanged_token() -> Value {
    object(
        json!({
            "access_token": { "type": "string", "description": "A secret that ends soon and is not listed as an access token.", "x-sensitive": true },
            "issued_token_type": { "const": "urn:ietf:params:oauth:token-type:access_token" },
            "token_type": { "const": "Bearer" },
            "expires_in": { "type": "integer", "minimum": 0, "description": "Seconds." },
            "scope": { "type": "string", "description": "Separated by spaces; empty means not narrowed." },
        }),
        &[
            "access_token",
            "issued_token_type",
            "token_type",
            "expires_in",
            "scope",
        ],
    )
}

fn oauth_error() -> Value {
    object(
        json!({
            "error": { "enum": ["invalid_request", "invalid_grant", "unsupported_grant_type", "invalid_scope"] },
            "error_description": { "type": "string" },
        }),
        &["error", "error_description"],
    )
}

fn introspection_form() -> Value {
    form(
        json!({
            "token": { "type": "string", "minLength": 1, "description": "The secret to look at.", "x-sensitive": true },
            "token_type_hint": { "type": "string", "description": "Taken no notice of." },
        }),
        &["token"],
    )
}
