//! Who am I: what a credential is and what it may do.

use http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::caller::Identity;
use super::problem::Problem;
use super::times::show_option;
use crate::serving::call::Answer;

pub(super) fn whoami(context: &Context<'_>) -> Result<Answer, Problem> {
    Ok(Answer::json(
        StatusCode::OK,
        &describe(&context.caller.identity),
    ))
}

fn describe(identity: &Identity) -> Value {
    match identity {
        Identity::Anonymous => Value::Null,
        Identity::Operator { id } => json!({
            "kind": "operator",
            "id": id,
            "name": "operator",
            "service_account": null,
            "access_token": null,
            "roles": ["admin"],
            "scopes": [],
            "restriction": null,
        }),
        Identity::Token(live) => {
            let account = live.account.as_ref();
            let token = &live.token;
            json!({
                // A token without account is its own identity.
                "kind": if account.is_some() { "service_account" } else { "access_token" },
                "id": account.map_or(&token.id, |account| &account.id),
                "name": account.map_or(&token.name, |account| &account.name),
                "service_account": account.map(|account| json!({ "id": account.id, "name": account.name })),
                "access_token": {
                    "id": token.id,
                    "name": token.name,
                    "expires_at": show_option(live.expires_at),
                    "generation": live.secret.generation,
                },
                "roles": token.roles,
                "scopes": live.scopes,
                "restriction": account.and_then(|account| account.restriction.as_ref()),
            })
        }
    }
}
