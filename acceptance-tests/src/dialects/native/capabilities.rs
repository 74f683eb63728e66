//! What this server can do, for clients that work with several; and whether it is up.

use http::StatusCode;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{Context, page, rules};
use crate::serving::call::Answer;

const FEATURES: [&str; 12] = [
    "rotation",
    "grace_period",
    "until_first_use",
    "client_minted_secrets",
    "idempotency_keys",
    "etags",
    "managed_by",
    "introspection",
    "token_exchange",
    "restrictions",
    "scopes",
    "visibility",
];

pub(super) fn health(_: &Context<'_>) -> Result<Answer, Problem> {
    Ok(Answer::json(StatusCode::OK, &health_body()))
}

pub(super) fn capabilities(_: &Context<'_>) -> Result<Answer, Problem> {
    Ok(Answer::json(StatusCode::OK, &capabilities_body()))
}

pub(super) fn health_body() -> Value {
    json!({ "status": "ok" })
}

pub(super) fn capabilities_body() -> Value {
    json!({
        "api": "native",
        "version": "1.0",
        "service_accounts": {
            "attributes": ["name", "description", "roles", "disabled", "restriction", "managed_by", "origin"],
            "immutable": [],
        },
        "access_tokens": {
            "attributes": [
                "name", "service_account_id", "description", "roles", "scopes", "visibility", "disabled",
                "expires_at", "managed_by", "origin",
            ],
            "immutable": ["service_account_id"],
        },
        "limits": {
            "name_length": rules::NAME_LENGTH,
            "labels": rules::RESTRICTION_LABELS,
            "page_size": page::MAXIMUM_LIMIT,
            "max_grace_period_seconds": rules::GRACE_PERIOD_SECONDS,
        },
        "features": FEATURES,
        "roles": rules::ROLES,
    })
}
