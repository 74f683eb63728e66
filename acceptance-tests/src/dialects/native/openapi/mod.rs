//! The API's description as OpenAPI 3.1. What follows from the table of routes (who may call, which errors, which
//! path and header parameters) is derived from it; the files beside this one say the rest. `docs/` has a copy that
//! a test keeps current.

mod examples;
mod failures;
mod operation;
mod operations;
mod parameters;
mod schemas;

use std::sync::LazyLock;

use http::StatusCode;
use serde_json::{Map, Value, json};

use self::operation::{Operation, parameter};
use super::problem::Problem;
use super::{Access, BodyKind, Context, Effect, Endpoint, ROUTES};
use crate::serving::call::Answer;
use crate::serving::route::Route;

pub(super) fn serve(_: &Context<'_>) -> Result<Answer, Problem> {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    Ok(Answer::text(
        StatusCode::OK,
        "application/json",
        TEXT.clone(),
    ))
}

pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Token server",
            "version": "1.0.0",
            "summary": "Service accounts and access tokens: an open contract that any token server can implement.",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The server that this document was read from." }],
        "security": [{ "bearer": [] }],
        "tags": [
            { "name": "Service accounts", "description": "The accounts that programs sign in as." },
            { "name": "Access tokens", "description": "What programs show to be let in. The secret of a token is shown once, if at all." },
            { "name": "Identity", "description": "What a credential is worth, and exchanging it for a shorter-lived one." },
            { "name": "Samples", "description": "A small protected resource that shows what a token may do." },
            { "name": "Server", "description": "The server itself." },
        ],
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "lyd_ and 32 random base62 characters and 6 of checksum, or whatever a client minted",
                    "description": "The secret of an access token, or the operator's, as `Authorization: Bearer SECRET`.",
                },
            },
            "parameters": parameters::all(),
            "headers": parameters::headers(),
            "responses": failures::all(),
            "schemas": schemas::all(),
        },
    })
}

const DESCRIPTION: &str = "\
Manages machine credentials: service accounts, the access tokens that belong to them, rotation with a grace period, \
restrictions, roles and scopes.

* **Times** are RFC 3339 in UTC with whole seconds. Any offset is understood in requests.
* **Errors** are problem details (RFC 9457) with a `code` for programs; token exchange answers as RFC 6749 says.
* **Lists** come in pages, oldest first. Go on with `next_cursor` until it is null; what is created or deleted \
meanwhile neither repeats nor hides anything else.
* **Secrets may be minted by the client**: a request that carries `secret_hash` never carries the secret, and can be \
repeated without harm. Servers keep hashes only.
* **Repeating** a request that creates or rotates is safe with an `Idempotency-Key`.
* **Ownership**: what has `managed_by` is changed only by requests with that name in `Managed-By`.
* Every answer carries `Date`, by the clock that lifetimes are measured with, and `X-Request-Id`.";

fn paths() -> Value {
    let mut paths = Map::new();
    for (route, operation) in described_routes() {
        let item = paths.entry(route.pattern).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = complete(route, operation);
    }
    Value::Object(paths)
}

/// Each route with its description, in the order of the table. A test makes sure that none is left out.
fn described_routes() -> impl Iterator<Item = (&'static Route<Endpoint>, Operation)> {
    let mut operations = operations::all();
    ROUTES.iter().filter_map(move |route| {
        let key = format!("{} {}", route.method, route.pattern);
        let at = operations.iter().position(|(name, _)| *name == key)?;
        Some((route, operations.swap_remove(at).1))
    })
}

/// Adds what the table of routes knows.
fn complete(route: &Route<Endpoint>, mut operation: Operation) -> Value {
    let endpoint = &route.handler;
    if route.pattern.contains("{id}") {
        operation.parameters.insert(0, id_parameter(route.pattern));
        operation = operation.fails("404", "NotFound");
    }
    if operation.has_parameter("ManagedBy") {
        operation = operation.fails("400", "InvalidRequest");
    }
    if endpoint.effect == Effect::Creates {
        operation = operation
            .parameter("IdempotencyKey")
            .fails("400", "InvalidRequest");
    }
    if endpoint.body != BodyKind::Ignored {
        operation = operation
            .fails("413", "PayloadTooLarge")
            .fails("415", "UnsupportedMediaType");
    }
    if matches!(
        endpoint.body,
        BodyKind::Json | BodyKind::OptionalJson | BodyKind::MergePatch
    ) {
        operation = operation
            .fails("400", "InvalidRequest")
            .fails("422", "ValidationFailed");
    }
    operation.open = endpoint.access == Access::Open;
    if !operation.open {
        operation = operation.fails("401", "Unauthenticated");
    }
    if !matches!(endpoint.access, Access::Open | Access::Anyone) {
        operation = operation.fails("403", "Forbidden");
    }
    operation
        .fails("429", "RateLimited")
        .fails("503", "Unavailable")
        .into_json()
}

fn id_parameter(pattern: &str) -> Value {
    let name = if pattern.starts_with("/v1/service-accounts") {
        "ServiceAccountId"
    } else if pattern.starts_with("/v1/access-tokens") {
        "AccessTokenId"
    } else {
        "SampleId"
    };
    parameter(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let routes: Vec<String> = ROUTES
            .iter()
            .map(|route| format!("{} {}", route.method, route.pattern))
            .collect();
        let described: Vec<&str> = operations::all()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        for route in &routes {
            assert!(
                described.contains(&route.as_str()),
                "{route} has no description"
            );
        }
        for name in described {
            assert!(
                routes.iter().any(|route| route == name),
                "{name} is no route"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn visit(value: &Value, document: &Value) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let target = document.pointer(reference.trim_start_matches('#'));
                        assert!(target.is_some(), "{reference} leads nowhere");
                    }
                    fields.values().for_each(|value| visit(value, document));
                }
                Value::Array(items) => items.iter().for_each(|value| visit(value, document)),
                _ => {}
            }
        }
        let document = document();
        visit(&document, &document);
    }
}
