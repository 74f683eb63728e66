//! The gateway: verifies the JWT and says who calls. In development mode there is none, and a header names the caller.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fault::Refusal;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::signing::SigningKey;
use crate::store::Store;

pub(super) struct Caller {
    pub(super) user: String,
    pub(super) roles: BTreeSet<String>,
    /// No gateway stands before the service, which itself checks nothing.
    pub(super) development: bool,
    /// The access token that the JWT was exchanged for.
    pub(super) token_name: Option<String>,
}

impl Caller {
    pub(super) fn nobody() -> Self {
        Self {
            user: String::new(),
            roles: BTreeSet::new(),
            development: false,
            token_name: None,
        }
    }
}

/// With this switch there is no gateway at all, as where no identity provider is configured.
const DEVELOPMENT: &str = "development";

pub(super) fn authenticate(server: &Server, store: &Store, call: &Call) -> Result<Caller, Refusal> {
    if is_open(&call.path) && !server.profile.is_on(DEVELOPMENT) {
        return Ok(Caller::nobody());
    }
    if server.profile.is_on(DEVELOPMENT) {
        return Ok(named(call, call.header("x-osmo-user").unwrap_or_default()));
    }
    // The gateway drops `x-osmo-user` and its like from what clients send.
    let presented = call.bearer().or_else(|| call.header("x-osmo-auth"));
    let presented = presented.ok_or_else(|| Refusal::unauthenticated("Jwt is missing"))?;
    // The raw access token is no bearer credential: it is no JWT.
    if presented.split('.').count() != 3 {
        let text =
            "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
        return Err(Refusal::unauthenticated(text));
    }
    let key = SigningKey::of(store)?.ok_or_else(|| Refusal::internal("no signing key"))?;
    let claims = key
        .verify(presented)
        .ok_or_else(|| Refusal::unauthenticated("Jwt verification fails"))?;
    let expires_at = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
    if expires_at <= call.now.as_second() {
        return Err(Refusal::unauthenticated("Jwt is expired"));
    }
    let roles = claims.get("roles").and_then(Value::as_array);
    Ok(Caller {
        user: claims
            .get("unique_name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        roles: roles
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        development: false,
        token_name: claims
            .get("osmo_token_name")
            .and_then(Value::as_str)
            .map(str::to_owned),
    })
}

/// Before all else, the gateway refuses paths with escaped slashes. The framework behind it takes them for slashes, and
/// no path of its own would fit.
pub(super) fn refuse_escaped_slashes(server: &Server, call: &Call) -> Result<(), Refusal> {
    let path = call.path.to_ascii_lowercase();
    if !server.profile.is_on(DEVELOPMENT) && (path.contains("%2f") || path.contains("%5c")) {
        return Err(Refusal::escaped_slash());
    }
    if path.contains("%2f") {
        return Err(Refusal::no_such_path());
    }
    Ok(())
}

/// Whoever a header names, without a gateway that would check it.
fn named(call: &Call, user: &str) -> Caller {
    let user = if user.is_empty() { "testuser" } else { user };
    Caller {
        user: user.to_owned(),
        development: true,
        token_name: call.header("x-osmo-token-name").map(str::to_owned),
        ..Caller::nobody()
    }
}

/// What needs no login: whatever begins so.
pub(super) fn is_open(path: &str) -> bool {
    let open = [
        "/api/version",
        "/api/auth/login",
        "/api/auth/keys",
        "/api/auth/jwt/access_token",
        "/api/auth/jwt/refresh_token",
        "/client/version",
    ];
    open.iter().any(|open| path.starts_with(open))
}
