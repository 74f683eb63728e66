//! What credentials an account has: tokens of the API, and of the node's `service_tokens` file, which the API can
//! only show.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::privileges::{CLEAR_CACHE, READ_CREDENTIALS};
use super::{Context, NODE, cluster, principal, token_cache, tokens};
use crate::serving::call::Answer;

/// The account with a token in the node's file, and that token's name.
const FILE_TOKEN: (&str, &str) = ("elastic/fleet-server", "token1");

/// Whether the account exists is not checked.
pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&READ_CREDENTIALS)?;
    let principal = context.principal();
    let index: Map<String, Value> = tokens::of(context, &principal)?
        .into_iter()
        .map(|token| (token.name, json!({})))
        .collect();
    let mut file = Map::new();
    if principal == FILE_TOKEN.0 {
        file.insert(FILE_TOKEN.1.to_owned(), json!({ "nodes": [NODE] }));
    }
    let body = json!({
        "service_account": principal,
        "count": index.len() + file.len(),
        "tokens": index,
        "nodes_credentials": {
            "_nodes": { "total": 1, "successful": 1, "failed": 0 },
            "file_tokens": file,
        },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The file token's secret. It opens what its account may do and nothing else, and stands in the vendor's own tests.
const FILE_TOKEN_VALUE: &str =
    "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTpyNXdkYmRib1FTZTl2R09Ld2FKR0F3";

/// Whether this secret is the one in the node's file.
pub(super) fn is_file_token(presented: &str) -> bool {
    presented.trim_end_matches('=') == FILE_TOKEN_VALUE
}

/// Names that do not exist are fine.
pub(super) fn clear_cache(context: &Context<'_>) -> Result<Answer, Refusal> {
    let names = context.piece(2).unwrap_or("*");
    if names != "*" {
        for name in names.split(',') {
            if !principal::is_token_name(name.trim()) {
                return Err(Refusal::validation(&[principal::token_name_fault(name)]));
            }
        }
    }
    context.require(&CLEAR_CACHE)?;
    token_cache::clear(context.store, &context.principal(), names)?;
    Ok(cluster::cleared())
}
