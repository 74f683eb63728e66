//! Who calls. Basic credentials are an e-mail address with a password (the root user and other people) or with the token of a service
//! account in the path's organization; an ingestion token stands as the password of any name, on ingestion paths only.
//! A bearer is a token that Dex issued for this server, and a session is that of an assumed account.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use serde_json::Value;

use super::fault::Refusal;
use super::permissions::{self, Permissions};
use super::{account_tokens, accounts, dex, ingestion, profile, roles, sessions, users};
use crate::secret;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::{Store, StoreError};

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
    let presented = presented(server, call).ok_or_else(Refusal::no_credentials)?;
    let header = presented.as_str();
    let refused = || Refusal::unauthorized("Unauthorized Access");
    let (scheme, credential) = header.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return bearer(server, store, call, organization, credential.trim());
    }
    if scheme == "session" && !profile::is_open_source(server) {
        let holder = sessions::holder(store, credential, organization, call.now)?;
        return as_account(server, store, organization, holder.ok_or_else(refused)?);
    }
    let (name, password) = pair(header).ok_or_else(refused)?;
    let password = password.as_str();
    if is_root(store, &name, password)? {
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
    as_account(server, store, organization, name)
}

fn as_account(
    server: &Server,
    store: &Store,
    organization: &str,
    email: String,
) -> Result<Caller, Refusal> {
    if profile::enforces_roles(server) && roles::of(store, organization, &email)?.is_empty() {
        return Err(permissions::refused());
    }
    Ok(Caller::named(email, false))
}

/// What the caller brings: cookies are looked at before the header.
fn presented(server: &Server, call: &Call) -> Option<String> {
    let cookie = |wanted: &str| {
        let mut cookies = call.header(COOKIE)?.split(';');
        let found = cookies.find_map(|cookie| {
            cookie
                .trim()
                .split_once('=')
                .filter(|(name, _)| *name == wanted)
        });
        let bytes = STANDARD.decode(found?.1).unwrap_or_default();
        Some(String::from_utf8(bytes).unwrap_or_default())
    };
    let external = || cookie("auth_ext").filter(|_| !profile::is_open_source(server));
    let Some(tokens) = cookie("auth_tokens") else {
        let header = || call.header(AUTHORIZATION).map(str::to_owned);
        return external().or_else(header);
    };
    let tokens: Value = serde_json::from_str(&tokens).unwrap_or_default();
    let token = text(&tokens, "access_token");
    if token.is_empty() {
        return external();
    }
    let is_whole = ["Basic", "Bearer", "session"]
        .iter()
        .any(|scheme| token.starts_with(scheme));
    Some(if is_whole {
        token
    } else {
        format!("Bearer {token}")
    })
}

/// The address, in lower case, and the password of a `Basic` header.
pub(super) fn pair(header: &str) -> Option<(String, String)> {
    let (scheme, credential) = header.split_once(' ')?;
    let bytes = STANDARD.decode(credential.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    let pair = (name.trim().to_ascii_lowercase(), password.trim().to_owned());
    scheme.eq_ignore_ascii_case("basic").then_some(pair)
}

pub(super) fn is_root(store: &Store, name: &str, password: &str) -> Result<bool, StoreError> {
    Ok(name == ROOT && store.operator(&secret::hash(password))?.is_some())
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
