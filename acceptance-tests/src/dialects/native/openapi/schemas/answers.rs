//! Samples, the server itself, and errors.

use serde_json::{Value, json};

use super::super::super::rules;
use super::super::operation::reference;
use super::{Named, closed, described, labels, object, or_null, page};

pub(super) fn all() -> Named {
    vec![
        ("Sample", sample()),
        ("SamplePage", page("Sample")),
        ("NewSample", new_sample()),
        ("Capabilities", capabilities()),
        (
            "Health",
            object(json!({ "status": { "const": "ok" } }), &["status"]),
        ),
        (
            "Document",
            described(
                "An OpenAPI document.",
                object(
                    json!({ "openapi": { "type": "string" } }),
                    &["openapi", "info", "paths"],
                ),
            ),
        ),
        ("Problem", problem()),
        ("Conflict", conflict()),
        ("FieldError", field_error()),
    ]
}

fn sample() -> Value {
    object(
        json!({
            "id": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
            "value": { "type": "string" },
        }),
        &["id", "labels", "value"],
    )
}

fn new_sample() -> Value {
    let mut labels = labels(None, json!("string"));
    labels["description"] = json!("What restrictions are matched against.");
    closed(
        json!({
            "labels": or_null(labels),
            "value": { "type": "string", "maxLength": rules::DESCRIPTION_LENGTH },
        }),
        &["value"],
    )
}

fn capabilities() -> Value {
    let names = json!({ "type": "array", "items": { "type": "string" } });
    let kind = object(
        json!({ "attributes": names, "immutable": names }),
        &["attributes", "immutable"],
    );
    let count = json!({ "type": "integer", "minimum": 1 });
    object(
        json!({
            "api": { "const": "native" },
            "version": { "type": "string" },
            "service_accounts": kind,
            "access_tokens": kind,
            "limits": object(
                json!({ "name_length": count, "labels": count, "page_size": count, "max_grace_period_seconds": count }),
                &["name_length", "labels", "page_size", "max_grace_period_seconds"],
            ),
            "features": names,
            "roles": names,
        }),
        &[
            "api",
            "version",
            "service_accounts",
            "access_tokens",
            "limits",
            "features",
            "roles",
        ],
    )
}

fn problem() -> Value {
    described(
        "Problem details (RFC 9457).",
        object(
            json!({
                "type": { "type": "string", "format": "uri" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "What happened and what to do, for people." },
                "code": {
                    "enum": [
                        "unauthenticated", "forbidden", "not_found", "invalid_request", "validation_failed", "name_taken",
                        "managed_elsewhere", "precondition_failed", "idempotency_key_reused", "rate_limited",
                        "method_not_allowed", "unsupported_media_type", "payload_too_large", "unavailable",
                    ],
                    "description": "What happened, for programs.",
                },
                "errors": { "type": "array", "items": reference("FieldError") },
            }),
            &["type", "title", "status", "detail", "code"],
        ),
    )
}

fn conflict() -> Value {
    json!({
        "allOf": [reference("Problem")],
        "properties": {
            "code": { "enum": ["name_taken", "managed_elsewhere"] },
            "existing": described("Who has the name (`name_taken`).", object(
                json!({
                    "id": { "type": "string" },
                    "created_at": reference("Time"),
                    "last_used_at": reference("OptionalTime"),
                    "managed_by": reference("ManagedBy"),
                }),
                &["id", "created_at", "last_used_at", "managed_by"],
            )),
            "managed_by": { "type": "string", "description": "The tool that owns the object (`managed_elsewhere`)." },
        },
    })
}

fn field_error() -> Value {
    object(
        json!({
            "pointer": { "type": "string", "description": "JSON pointer into the request's body.", "examples": ["/roles/0"] },
            "detail": { "type": "string", "description": "What is wrong and what would be right." },
        }),
        &["pointer", "detail"],
    )
}
