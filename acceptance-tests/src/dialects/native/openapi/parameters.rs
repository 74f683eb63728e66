//! Parameters and headers that several operations share.

use serde_json::{Value, json};

use super::super::page;

pub(super) fn all() -> Value {
    json!({
        "ServiceAccountId": path("The account's id.", "^sa_[0-9A-Za-z]{16}$", "sa_4Qm0pXc8Rb2Ty6Lw"),
        "AccessTokenId": path("The token's id.", "^at_[0-9A-Za-z]{16}$", "at_9Zk3vNd7Hs1Gf5Ju"),
        "SampleId": path("The sample's id.", "^[A-Za-z0-9_-]{1,64}$", "sm_2Wb6yAe0Ci4Kl8Mo"),
        "Cursor": {
            "name": "cursor",
            "in": "query",
            "description": "`next_cursor` of the page before, as it was answered. It belongs to the same list with the same filters. Left out for the first page.",
            "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]*$" },
        },
        "Limit": {
            "name": "limit",
            "in": "query",
            "description": "How many objects a page has at most.",
            "schema": {
                "type": "integer",
                "minimum": 1,
                "maximum": page::MAXIMUM_LIMIT,
                "default": page::DEFAULT_LIMIT,
            },
        },
        "NameFilter": filter("name", "Only objects with exactly this name."),
        "ManagedByFilter": filter("managed_by", "Only objects that exactly this tool manages."),
        "ServiceAccountFilter": filter("service_account_id", "Only tokens of this account."),
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Makes the request safe to repeat for 24 hours: with the same key, credential, path and body the first answer comes again, with `Idempotency-Replayed: true`. A secret is in it for ten minutes; after that, or when the server was restarted, it is null.",
            "schema": { "type": "string", "pattern": "^[!-~]{1,255}$" },
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "description": "Only if the object still has this ETag; `*` for any.",
            "schema": { "type": "string" },
            "example": "*",
        },
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "Answers 304 if the object still has this ETag.",
            "schema": { "type": "string" },
            "example": "\"be3a5f60f1d9eb28c7cc917c\"",
        },
        "ManagedBy": {
            "name": "Managed-By",
            "in": "header",
            "description": "In whose name the change is made: the object's `managed_by`, or `*` to change it anyway. Not needed for objects that nobody manages.",
            "schema": { "type": "string", "pattern": "^[!-~]{1,255}$" },
            "example": "*",
        },
    })
}

pub(super) fn headers() -> Value {
    json!({
        "ETag": {
            "description": "Strong; changes with each change of the object, but not when a token is used.",
            "required": true,
            "schema": { "type": "string", "pattern": "^\"[0-9a-f]+\"$" },
            "example": "\"be3a5f60f1d9eb28c7cc917c\"",
        },
        "Location": {
            "description": "The path of what was created.",
            "required": true,
            "schema": { "type": "string", "pattern": "^/v1/" },
            "example": "/v1/service-accounts/sa_4Qm0pXc8Rb2Ty6Lw",
        },
        "IdempotencyReplayed": {
            "description": "There, and `true`, when this is the answer to an earlier request with the same key.",
            "schema": { "type": "string", "const": "true" },
        },
        "WWWAuthenticate": {
            "description": "As RFC 6750 says.",
            "required": true,
            "schema": { "type": "string" },
            "example": "Bearer realm=\"token-server\", error=\"invalid_token\"",
        },
        "RetryAfter": {
            "description": "Seconds until it is worth trying again.",
            "schema": { "type": "integer", "minimum": 0 },
            "example": 1,
        },
    })
}

fn path(description: &str, pattern: &str, example: &str) -> Value {
    json!({
        "name": "id",
        "in": "path",
        "required": true,
        "description": description,
        "schema": { "type": "string", "pattern": pattern },
        "example": example,
    })
}

fn filter(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "in": "query",
        "description": description,
        "schema": { "type": "string" },
    })
}
