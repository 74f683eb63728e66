//! The OpenAPI document that the web framework makes of its routes: paths, methods and parameters, without schemas.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::{Context, ROUTES};
use crate::serving::call::Answer;

pub(super) const PATH: &str = "/api/openapi.json";
/// The document leaves out itself, and what is for browsers and verifiers.
const HIDDEN: [&str; 3] = [PATH, "/api/auth/login", "/api/auth/keys"];

pub(super) fn read(_: &Context<'_>) -> Result<Answer, Refusal> {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES
        .iter()
        .filter(|route| !HIDDEN.contains(&route.pattern))
    {
        let parameters: Vec<Value> = route
            .pattern
            .split('/')
            .filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        let operation = json!({
            "parameters": parameters,
            "responses": { "200": { "description": "Successful Response" } },
        });
        let path = paths
            .entry(route.pattern.to_owned())
            .or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    let body = json!({
        "openapi": "3.1.0",
        "info": { "title": "OSMO", "version": "6.4.0" },
        "paths": paths,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
