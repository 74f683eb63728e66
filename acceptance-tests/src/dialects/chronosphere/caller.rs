//! Who calls: the operator, or a service account with its one secret, in the header `API-Token`.

use http::StatusCode;
use serde_json::json;

use super::Context;
use super::fault::ApiError;
use crate::secret;
use crate::serving::call::{Answer, Call};
use crate::serving::server::Server;
use crate::store::{ServiceAccount, Store};

pub(super) enum Caller {
    Operator,
    Account(Box<ServiceAccount>),
}

pub(super) fn authenticate(
    server: &Server,
    store: &Store,
    call: &Call,
) -> Result<Caller, ApiError> {
    let Some(presented) = call.header("api-token").filter(|token| !token.is_empty()) else {
        return Err(ApiError::unauthenticated());
    };
    let hash = secret::hash(presented);
    if store.operator(&hash)?.is_some() {
        return Ok(Caller::Operator);
    }
    let id = store
        .secret(&hash)?
        .and_then(|secret| secret.service_account_id);
    let account = match id {
        Some(id) => store.service_account(&id)?,
        None => None,
    };
    let account = account.ok_or_else(ApiError::unauthenticated)?;
    server.secret_log.add(presented);
    Ok(Caller::Account(Box::new(account)))
}

impl Caller {
    /// A restricted account may only ingest or query telemetry.
    pub(super) fn may_configure(&self) -> Result<(), ApiError> {
        match self {
            Self::Account(account) if account.restriction.is_some() => Err(ApiError::forbidden()),
            Self::Operator | Self::Account(_) => Ok(()),
        }
    }
}

/// Which account a token belongs to, by its e-mail address.
pub(super) fn whoami(context: &Context<'_>) -> Result<Answer, ApiError> {
    let email = match authenticate(context.server, context.store, context.call)? {
        Caller::Operator => json!("operator@example.com"),
        Caller::Account(account) => account.vendor.get("email").cloned().unwrap_or_default(),
    };
    Ok(Answer::json(StatusCode::OK, &json!({ "email": email })))
}
