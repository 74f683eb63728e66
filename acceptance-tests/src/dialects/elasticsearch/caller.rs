//! Who calls: the superuser `elastic`, a user with a password, or a service account with one of its tokens.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::api_keys::{self, ApiKey};
use super::fault::{Refusal, uri};
use super::token_value::{self, TokenValue};
use super::{Context, accounts, builtin, credentials, directory, token_cache, tokens, user_tokens};
use crate::secret;
use crate::serving::call::{Answer, Call};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) const SUPERUSER: &str = "elastic";
pub(super) const ACCOUNT_REALM: &str = "_service_account";
/// Where users are kept that were made by the API, as a cluster calls it that configured no realms.
pub(super) const NATIVE_REALM: &str = "default_native";

pub(super) struct Caller {
    pub(super) identity: Identity,
    by_bearer: bool,
}

pub(super) enum Identity {
    Superuser,
    User {
        name: String,
        roles: BTreeSet<String>,
    },
    Account {
        principal: String,
        /// Empty for the vendor's own accounts, whose power is fixed.
        roles: BTreeSet<String>,
        token_name: String,
        /// From the node's file instead of the API.
        from_file: bool,
    },
    ApiKey(Box<ApiKey>),
}

pub(super) fn authenticate(server: &Server, store: &Store, call: &Call) -> Result<Caller, Refusal> {
    let missing = || {
        Refusal::unauthenticated(format!(
            "missing authentication credentials for REST request [{}]",
            uri(call)
        ))
    };
    let header = call.header(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, credential) = header.split_once(' ').ok_or_else(missing)?;
    let credential = credential.trim();
    let scheme = scheme.to_ascii_lowercase();
    let identity = match scheme.as_str() {
        "basic" => basic(store, call, credential)?,
        "bearer" => bearer(server, store, call, credential)?,
        "apikey" => api_key(store, call, credential)?,
        _ => return Err(missing()),
    };
    Ok(Caller {
        identity,
        by_bearer: scheme == "bearer",
    })
}

fn refused() -> Refusal {
    Refusal::unauthenticated(
        "unable to authenticate with provided credentials and anonymous access is not allowed for this request",
    )
}

fn is_operator(store: &Store, presented: &str) -> Result<bool, Refusal> {
    Ok(store.operator(&secret::hash(presented))?.is_some())
}

fn pair(credential: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(credential).ok()?;
    let (name, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((name.to_owned(), secret.to_owned()))
}

fn basic(store: &Store, call: &Call, credential: &str) -> Result<Identity, Refusal> {
    let unreadable = || Refusal::unauthenticated("invalid basic authentication header value");
    let (name, password) = pair(credential).ok_or_else(unreadable)?;
    user(store, &name, &password)?.ok_or_else(|| {
        Refusal::unauthenticated(format!(
            "unable to authenticate user [{name}] for REST request [{}]",
            uri(call)
        ))
    })
}

/// Who has this name and password.
pub(super) fn user(store: &Store, name: &str, password: &str) -> Result<Option<Identity>, Refusal> {
    if name == SUPERUSER && is_operator(store, password)? {
        return Ok(Some(Identity::Superuser));
    }
    let roles = directory::sign_in(store, name, password)?;
    let name = name.to_owned();
    Ok(roles.map(|roles| Identity::User { name, roles }))
}

/// The operator's secret is one, too; then the part before the colon may be anything.
fn api_key(store: &Store, call: &Call, credential: &str) -> Result<Identity, Refusal> {
    let (id, key) = pair(credential).ok_or_else(refused)?;
    if is_operator(store, &key)? {
        return Ok(Identity::Superuser);
    }
    let found = api_keys::sign_in(store, &id, &key, call.now)?;
    found
        .map(|found| Identity::ApiKey(Box::new(found)))
        .ok_or_else(refused)
}

fn bearer(
    server: &Server,
    store: &Store,
    call: &Call,
    credential: &str,
) -> Result<Identity, Refusal> {
    if let Some(value) = token_value::parse(credential) {
        let identity = service_token(store, call, credential, &value)?;
        let token = (value.principal.as_str(), value.name.as_str());
        token_cache::remember(server, store, token, credential, call.now)?;
        server.secret_log.add(credential);
        return Ok(identity);
    }
    if is_operator(store, credential)? {
        return Ok(Identity::Superuser);
    }
    if let Some(name) = user_tokens::holder(store, credential, call.now)? {
        if name == SUPERUSER {
            return Ok(Identity::Superuser);
        }
        let roles = directory::roles_of(store, &name)?.ok_or_else(refused)?;
        return Ok(Identity::User { name, roles });
    }
    // An access token that was granted to an account lives on when the account is disabled.
    let granted = store.secret(&secret::hash(credential))?;
    let granted = granted.filter(|granted| granted.expires_at.is_some_and(|end| call.now < end));
    let token = match granted.and_then(|granted| granted.access_token_id) {
        Some(id) => store.access_token(&id)?,
        None => None,
    };
    let token = token.ok_or_else(refused)?;
    let principal = tokens::principal_of(&token);
    let roles = accounts::find(store, &principal)?.map_or_else(BTreeSet::new, |found| found.roles);
    Ok(Identity::Account {
        principal,
        roles,
        token_name: token.name,
        from_file: false,
    })
}

/// A service token that fails does not fall through to other kinds of bearer.
fn service_token(
    store: &Store,
    call: &Call,
    presented: &str,
    value: &TokenValue,
) -> Result<Identity, Refusal> {
    let TokenValue {
        principal,
        name,
        long_enough,
    } = value;
    let failed = || {
        Refusal::unauthenticated(format!(
            "failed to authenticate service account [{principal}] with token name [{name}]"
        ))
    };
    let from_file = credentials::is_file_token(presented);
    let known = from_file
        || store.secret(&secret::hash(presented))?.is_some()
        || token_cache::remembers(store, (principal, name), presented, call.now)?;
    if !long_enough || !known {
        return Err(failed());
    }
    let roles = if builtin::exists(principal) {
        BTreeSet::new()
    } else {
        let account = accounts::find(store, principal)?;
        let account = account.filter(|account| !account.disabled);
        account.ok_or_else(failed)?.roles
    };
    store.touch_access_token(&tokens::id(principal, name), call.now)?;
    Ok(Identity::Account {
        principal: principal.clone(),
        roles,
        token_name: name.clone(),
        from_file,
    })
}

impl Caller {
    pub(super) fn username(&self) -> &str {
        match &self.identity {
            Identity::Superuser => SUPERUSER,
            Identity::User { name, .. } => name,
            Identity::Account { principal, .. } => principal,
            Identity::ApiKey(key) => &key.owner,
        }
    }

    /// Where the caller is known: the realm's name and kind.
    pub(super) fn realm(&self) -> (&'static str, &'static str) {
        match &self.identity {
            Identity::Superuser => ("reserved", "reserved"),
            Identity::User { .. } => (NATIVE_REALM, "native"),
            Identity::Account { .. } => (ACCOUNT_REALM, ACCOUNT_REALM),
            Identity::ApiKey(_) => ("_es_api_key", "_es_api_key"),
        }
    }

    /// What roles grant on indices, in the words of role definitions: in layers, each of which must grant.
    pub(super) fn index_grants(&self, store: &Store) -> Result<Vec<Vec<Value>>, Refusal> {
        let layer = match &self.identity {
            Identity::Superuser => vec![json!({ "names": ["*"], "privileges": ["all"] })],
            Identity::Account { principal, .. } if builtin::exists(principal) => {
                let descriptor = builtin::role_descriptor(principal);
                directory::grants_of(&descriptor)
            }
            Identity::User { roles, .. } | Identity::Account { roles, .. } => {
                directory::index_grants(store, roles)?
            }
            // Fixed when the key was made.
            Identity::ApiKey(key) => return Ok(key.index_grants.clone()),
        };
        Ok(vec![layer])
    }

    /// Resolved anew at each request: an edit of a role acts at once.
    pub(super) fn cluster_privileges(&self, store: &Store) -> Result<BTreeSet<String>, Refusal> {
        match &self.identity {
            Identity::Superuser => Ok(BTreeSet::from(["all".to_owned()])),
            Identity::Account { principal, .. } if builtin::exists(principal) => {
                let privileges = builtin::cluster_privileges(principal);
                Ok(privileges.iter().map(|name| (*name).to_owned()).collect())
            }
            Identity::User { roles, .. } | Identity::Account { roles, .. } => {
                directory::cluster_privileges(store, roles)
            }
            // Fixed when the key was made.
            Identity::ApiKey(key) => Ok(key.privileges.clone()),
        }
    }
}

/// `GET /_security/_authenticate`.
pub(super) fn show(context: &Context<'_>) -> Result<Answer, Refusal> {
    let body = match &context.caller.identity {
        Identity::Superuser => {
            let mut body = person(SUPERUSER, &json!(["superuser"]), &context.caller);
            body["metadata"] = json!({ "_reserved": true });
            body
        }
        Identity::User { name, roles } => {
            let mut body = person(name, &json!(roles), &context.caller);
            for (field, value) in directory::person(context.store, name)? {
                body[field] = value;
            }
            body
        }
        Identity::Account {
            principal,
            roles,
            token_name,
            from_file,
        } => account(principal, roles, token_name, *from_file),
        Identity::ApiKey(key) => key.describe(),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn person(name: &str, roles: &Value, caller: &Caller) -> Value {
    let (realm, kind) = caller.realm();
    let realm = json!({ "name": realm, "type": kind });
    json!({
        "username": name,
        "roles": roles,
        "full_name": null,
        "email": null,
        "metadata": {},
        "enabled": true,
        "authentication_realm": realm,
        "lookup_realm": realm,
        "authentication_type": if caller.by_bearer { "token" } else { "realm" },
    })
}

/// What tells an account from a person, also on the keys that are made for it.
pub(super) fn account_metadata(principal: &str) -> Value {
    if builtin::exists(principal) {
        json!({ "_elastic_service_account": true })
    } else {
        json!({ "_user_managed_service_account": true })
    }
}

fn account(principal: &str, roles: &BTreeSet<String>, token_name: &str, from_file: bool) -> Value {
    let kind = if from_file {
        "_service_account_file"
    } else {
        "_service_account_index"
    };
    let title = if builtin::exists(principal) {
        "Service account"
    } else {
        "User-managed service account"
    };
    let realm = json!({ "name": ACCOUNT_REALM, "type": ACCOUNT_REALM });
    json!({
        "username": principal,
        "roles": roles,
        "full_name": format!("{title} - {principal}"),
        "email": null,
        "token": { "name": token_name, "type": kind, "managed_by": "elasticsearch" },
        "metadata": account_metadata(principal),
        "enabled": true,
        "authentication_realm": realm,
        "lookup_realm": realm,
        "authentication_type": "token",
    })
}
