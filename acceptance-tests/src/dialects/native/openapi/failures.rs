//! The errors that operations share.

use serde_json::{Map, Value, json};

use super::super::problem::MEDIA_TYPE;
use super::operation::reference;

pub(super) fn all() -> Value {
    let mut all = Map::new();
    for (name, description, example) in [
        (
            "InvalidRequest",
            "The request cannot be read: no JSON, an unknown or missing field, a wrong type, a bad cursor. Nothing was done.",
            problem(400, "invalid_request", "The request cannot be read", "/rols: is not known here; known are name, roles")
                .with("errors", json!([{ "pointer": "/rols", "detail": "is not known here; known are name, roles" }])),
        ),
        (
            "Unauthenticated",
            "No credential, or one that is unknown, expired, revoked or disabled.",
            problem(401, "unauthenticated", "No valid credential", "the credential is not valid: it is unknown, expired, revoked or disabled"),
        ),
        (
            "Forbidden",
            "The credential is valid, but has not enough power.",
            problem(403, "forbidden", "Not allowed", "this needs the role admin; the access token \"ci\" has viewer"),
        ),
        (
            "NotFound",
            "There is no such object (any more).",
            problem(404, "not_found", "Not found", "there is no access token \"at_9Zk3vNd7Hs1Gf5Ju\"; it may have been deleted"),
        ),
        (
            "NameTaken",
            "Another object has this name; `existing` says which.",
            problem(409, "name_taken", "The name is taken", "the service account sa_4Qm0pXc8Rb2Ty6Lw is named \"ci\" already").with(
                "existing",
                json!({
                    "id": "sa_4Qm0pXc8Rb2Ty6Lw",
                    "created_at": "2026-11-22T10:00:00Z",
                    "last_used_at": null,
                    "managed_by": "terraform",
                }),
            ),
        ),
        (
            "ManagedElsewhere",
            "The object is managed by a tool (`managed_by`), and the request does not come in its name.",
            managed_elsewhere(),
        ),
        (
            "Conflict",
            "Another object has this name (`name_taken`, with `existing`), or the object is managed by a tool and the request does not come in its name (`managed_elsewhere`, with `managed_by`).",
            managed_elsewhere(),
        ),
        (
            "PreconditionFailed",
            "The object has another ETag than If-Match says.",
            problem(412, "precondition_failed", "Changed meanwhile", "If-Match says \"a\", but the object's ETag is \"b\"; read it again and decide anew"),
        ),
        (
            "PayloadTooLarge",
            "The body is larger than 1 MiB.",
            problem(413, "payload_too_large", "The body is too large", "the body is larger than 1048576 bytes"),
        ),
        (
            "UnsupportedMediaType",
            "The body's Content-Type is not one that this operation reads.",
            problem(415, "unsupported_media_type", "Unsupported media type", "the Content-Type is text/plain; send application/json"),
        ),
        (
            "ValidationFailed",
            "The request can be read, but not fulfilled; `errors` lists every reason. With the code `idempotency_key_reused`: the key came with another request before.",
            problem(422, "validation_failed", "The request cannot be fulfilled", "/expires_at: is in the past; the server's clock says 2026-11-22T10:00:00Z").with(
                "errors",
                json!([{ "pointer": "/expires_at", "detail": "is in the past; the server's clock says 2026-11-22T10:00:00Z" }]),
            ),
        ),
        (
            "RateLimited",
            "Too many requests with this credential.",
            problem(429, "rate_limited", "Too many requests", "this credential asks too often; come again in 1 s"),
        ),
        (
            "Unavailable",
            "The server cannot work for now. Nothing was done.",
            problem(503, "unavailable", "The server cannot work", "the database refuses: disk is full"),
        ),
    ] {
        all.insert(name.to_owned(), response(name, description, &example));
    }
    Value::Object(all)
}

fn response(name: &str, description: &str, example: &Value) -> Value {
    let mut response = json!({ "description": description });
    match name {
        "Unauthenticated" => {
            response["headers"] =
                json!({ "WWW-Authenticate": { "$ref": "#/components/headers/WWWAuthenticate" } });
        }
        "RateLimited" | "Unavailable" => {
            response["headers"] =
                json!({ "Retry-After": { "$ref": "#/components/headers/RetryAfter" } });
        }
        _ => {}
    }
    let schema = match name {
        "NameTaken" | "ManagedElsewhere" | "Conflict" => "Conflict",
        _ => "Problem",
    };
    response["content"] =
        json!({ MEDIA_TYPE: { "schema": reference(schema), "example": example } });
    response
}

fn managed_elsewhere() -> Value {
    problem(409, "managed_elsewhere", "Managed by another tool", "the access token \"ci\" is managed by terraform; change it there, or send `Managed-By: terraform` (or `*`) to change it anyway")
        .with("managed_by", json!("terraform"))
}

fn problem(status: u16, code: &str, title: &str, detail: &str) -> Value {
    json!({
        "type": format!("https://lanyard.dev/problems/{code}"),
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    })
}

trait With {
    fn with(self, name: &str, value: Value) -> Value;
}

impl With for Value {
    fn with(mut self, name: &str, value: Value) -> Value {
        self[name] = value;
        self
    }
}
