//! The token endpoint: a broker exchanges a user-managed account's service token for a short-lived bearer, without a
//! refresh token. Users get theirs upon their password.

use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

use super::fault::Refusal;
use super::privileges::CREATE_OAUTH_TOKEN;
use super::token_value::{self, TokenValue};
use super::{Context, accounts, builtin, tokens, user_tokens};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{Secret, SecretKind, ServiceAccount};

pub(super) const GRANT: &str = "_user_managed_service_account";
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_secs(1200);

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    grant_type: Option<String>,
    #[serde(default)]
    service_account_token: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    refresh_token: Option<String>,
}

pub(super) fn token(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&CREATE_OAUTH_TOKEN)?;
    let wanted: Wanted = context.body()?;
    match wanted.grant_type.as_deref() {
        Some(GRANT) => by_service_token(context, wanted.service_account_token),
        Some("password") => user_tokens::by_password(
            context,
            wanted.username.as_deref(),
            wanted.password.as_deref(),
        ),
        Some("refresh_token") => {
            user_tokens::by_refresh_token(context, wanted.refresh_token.as_deref())
        }
        _ => {
            let description = "the grant type is not supported by this server";
            Err(Refusal::oauth("unsupported_grant_type", description))
        }
    }
}

fn by_service_token(context: &Context<'_>, presented: Option<String>) -> Result<Answer, Refusal> {
    let Some(presented) = presented else {
        let description = "service_account_token is missing";
        return Err(Refusal::oauth("invalid_request", description));
    };
    let value = user_managed(&presented).map_err(|fault| {
        Refusal::oauth("invalid_grant", &format!("service_account_token {fault}"))
    })?;
    let failed = || {
        Refusal::unauthenticated(format!(
            "failed to authenticate service account [{}] with token name [{}]",
            value.principal, value.name
        ))
    };
    let account = account(context, &presented, &value)?.ok_or_else(failed)?;
    let minted = secret::mint();
    context.server.secret_log.add(&minted);
    context.store.insert_secret(&Secret {
        hash: secret::hash(&minted),
        access_token_id: Some(tokens::id(&value.principal, &value.name)),
        service_account_id: None,
        kind: SecretKind::Exchanged,
        generation: 1,
        scopes: None,
        issued_at: context.call.now,
        expires_at: Some(context.call.now + LIFETIME),
        until_first_use: false,
    })?;
    let body = json!({
        "access_token": minted,
        "type": "Bearer",
        "expires_in": LIFETIME.as_secs(),
        "authentication": { "username": account.name, "roles": account.roles },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// What a service token says of itself, or why it cannot be granted upon.
pub(super) fn user_managed(presented: &str) -> Result<TokenValue, &'static str> {
    match token_value::parse(presented) {
        None => Err("is not a valid service account token"),
        Some(value) if builtin::exists(&value.principal) => {
            Err("must belong to a user-managed service account")
        }
        Some(value) => Ok(value),
    }
}

/// The account that the token opens now.
pub(super) fn account(
    context: &Context<'_>,
    presented: &str,
    value: &TokenValue,
) -> Result<Option<ServiceAccount>, Refusal> {
    let known = context.store.secret(&secret::hash(presented))?.is_some();
    let account = accounts::find(context.store, &value.principal)?;
    Ok(account.filter(|account| known && !account.disabled))
}

#[derive(Deserialize)]
struct Ended {
    token: String,
}

pub(super) fn invalidate(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&CREATE_OAUTH_TOKEN)?;
    let ended: Ended = context.body()?;
    let hash = secret::hash(&ended.token);
    let known = context.store.secret(&hash)?;
    let known = known.filter(|known| known.kind == SecretKind::Exchanged);
    if known.is_some() {
        context.store.delete_secret(&hash)?;
    }
    let ended = known.is_some() || user_tokens::end(context.store, &ended.token)?;
    let body = json!({
        "invalidated_tokens": usize::from(ended),
        "previously_invalidated_tokens": 0,
        "error_count": 0,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
