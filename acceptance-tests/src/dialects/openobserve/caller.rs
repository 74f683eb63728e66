//! Who calls. Basic credentials are an e-mail address with a password (the root user and other people) or with the token of a service
//! account in the path's organization; an ingestion token stands as the password of any name, on ingestion paths only.
//! A bearer is a token that Dex issued for this server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use serde_json::Value;

use super::fault::Refusal;
use super::permissions::{self, Permissions};
use super::{account_tokens, accounts, dex, ingestion, profile, roles, users};
use crate::secret;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::Store;

pub(super) const ROOT: &str = "root@example.com";

pub(super) struct Caller {
    pub(super) email: String,
    /// The root user, and people whose role is `admin`.
    pub(super) administers: bool,
    /// What their roles permit on service accounts, where it goes by that.
    pub(super) permissions: Option<Permissions>,
}

impl Caller {
    pub(super) fn nobody() -> Self {
        Self::named(String::new(), false)
    }

    fn named(email: String, administers: bool) -> Self {
        Self {
            email,
            administers,
            permissions: None,
        }
    }

    /// Accounts may look at things, but administer nothing.
    pub(super) fn may_administer(&self) -> Result<(), Refusal> {
        if self.administers {
            return Ok(());
        }
        Err(Refusal::forbidden("Not Allowed"))
    }
}

pub(super) fn authenticate(
    server: &Server,
    store: &Store,
    call: &Call,
    organization: &str,
    ingests: bool,
) -> Result<Caller, Refusal> {
    let header = call
        .header(AUTHORIZATION)
        .ok_or_else(Refusal::no_credentials)?;
    let refused = || Refusal::unauthorized("Unauthorized Access");
    let (scheme, credential) = header.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return bearer(server, store, call, organization, credential.trim());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused());
    }
    let decoded = STANDARD.decode(credential.trim()).map_err(|_| refused())?;
    let decoded = String::from_utf8(decoded).map_err(|_| refused())?;
    let (name, password) = decoded.split_once(':').ok_or_else(refused)?;
    let (name, password) = (name.trim().to_ascii_lowercase(), password.trim());
    let hash = secret::hash(password);
    if name == ROOT && store.operator(&hash)?.is_some() {
        return Ok(Caller::named(name, true));
    }
    if let Some(member) = store.service_account(&accounts::id(organization, &name))?
        && let Some(role) = users::role(&member)
        && users::knows(store, &name, password)?
    {
        let administers = role == "admin";
        return Ok(Caller::named(name, administers));
    }
    if ingests && ingestion::is_live(store, organization, password)? {
        server.secret_log.add(password);
        return Ok(Caller::named(name, false));
    }
    let account = account_tokens::find_live(server, store, call, password)?;
    if !profile::has_accounts(server)
        || account.as_deref() != Some(accounts::id(organization, &name).as_str())
    {
        return Err(refused());
    }
    server.secret_log.add(password);
    if profile::enforces_roles(server) && roles::of(store, organization, &name)?.is_empty() {
        return Err(permissions::refused());
    }
    Ok(Caller::named(name, false))
}

/// A token of Dex, for this server, of a principal in the organization.
fn bearer(
    server: &Server,
    store: &Store,
    call: &Call,
    organization: &str,
    presented: &str,
) -> Result<Caller, Refusal> {
    if profile::is_open_source(server) {
        return Err(Refusal::unauthorized("Not Supported"));
    }
    let claims = dex::verify(store, presented, call.now)?
        .ok_or_else(|| Refusal::unauthorized("Token can't be verified"))?;
    if !dex::is_for_openobserve(&claims) {
        return Err(Refusal::unauthorized("InvalidAudience"));
    }
    let email = dex::email_of(&claims).unwrap_or_default();
    let id = accounts::id(organization, &email);
    if store.service_account(&id)?.is_none() {
        return Err(Refusal::unauthorized("Unauthorized Access"));
    }
    let permitted = roles::of(store, organization, &email)?;
    if permitted.is_empty() {
        return Err(Refusal::text(http::StatusCode::FORBIDDEN, "Forbidden"));
    }
    Ok(Caller::named(email, false))
}

/// A text in a JSON object.
pub(super) fn text(value: &Value, name: &str) -> String {
    let found = value.get(name).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}
