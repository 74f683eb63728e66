//! Token introspection (RFC 7662): what a secret that somebody presents is worth.

use std::collections::HashMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::caller::{Live, find_live};
use super::problem::Problem;
use crate::secret;
use crate::serving::call::Answer;

pub(super) fn introspect(context: &Context<'_>) -> Result<Answer, Problem> {
    let form: HashMap<_, _> = form_urlencoded::parse(&context.call.body).collect();
    let Some(presented) = form.get("token").filter(|token| !token.is_empty()) else {
        return Err(Problem::invalid_request(
            "the form has no field `token` with the secret to look at",
        ));
    };
    let hash = secret::hash(presented);
    let body = if let Some(live) = find_live(context.store, &hash, context.call.now)? {
        describe(&live)
    } else if let Some(operator) = context.store.operator(&hash)? {
        json!({
            "active": true,
            "sub": operator.id,
            "client_id": operator.id,
            "username": "operator",
            "scope": "",
            "token_type": "Bearer",
        })
    } else {
        json!({ "active": false })
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn describe(live: &Live) -> Value {
    let token = &live.token;
    let account = live.account.as_ref();
    let scopes: Vec<&str> = live.scopes.iter().map(String::as_str).collect();
    let mut body = json!({
        "active": true,
        "sub": account.map_or(&token.id, |account| &account.id),
        "client_id": token.id,
        "username": account.map_or(&token.name, |account| &account.name),
        "scope": scopes.join(" "),
        "iat": live.secret.issued_at.as_second(),
        "token_type": "Bearer",
    });
    if let Some(end) = live.expires_at {
        body["exp"] = json!(end.as_second());
    }
    body
}
