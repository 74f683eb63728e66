//! Who asks, and what they may do: roles give power, scopes and restrictions take some of it away.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::problem::Problem;
use crate::secret;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::{
    AccessToken, Restriction, Secret, SecretKind, ServiceAccount, Store, StoreError,
};

/// What an endpoint asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing, not even a credential.
    Open,
    /// Any valid credential.
    Anyone,
    CredentialsRead,
    CredentialsWrite,
    SamplesRead,
    SamplesWrite,
}

pub(super) struct Caller {
    pub(super) identity: Identity,
}

pub(super) enum Identity {
    Anonymous,
    /// Who started the server: may do everything.
    Operator {
        id: String,
    },
    Token(Box<Live>),
}

/// A secret that opens something now, and what it opens.
pub(super) struct Live {
    pub(super) token: AccessToken,
    pub(super) account: Option<ServiceAccount>,
    pub(super) secret: Secret,
    /// When this secret stops to work, if nothing else happens.
    pub(super) expires_at: Option<Timestamp>,
    /// What it is narrowed to, by its token and by the exchange it comes from; empty means not narrowed.
    pub(super) scopes: BTreeSet<String>,
}

/// Finds out who asks, and notes that they did.
pub(super) fn authenticate(server: &Server, store: &Store, call: &Call) -> Result<Caller, Problem> {
    let Some(presented) = call.bearer() else {
        return Err(Problem::unauthenticated(
            "no credential was sent; send one as `Authorization: Bearer SECRET`",
        ));
    };
    let hash = secret::hash(presented);
    if let Some(live) = find_live(store, &hash, call.now)? {
        note_use(store, &live, call.now)?;
        server.secret_log.add(presented);
        return Ok(Caller {
            identity: Identity::Token(Box::new(live)),
        });
    }
    if let Some(operator) = store.operator(&hash)? {
        server.secret_log.add(presented);
        return Ok(Caller {
            identity: Identity::Operator { id: operator.id },
        });
    }
    Err(Problem::unauthenticated(
        "the credential is not valid: it is unknown, expired, revoked or disabled",
    ))
}

/// What the secret with this hash opens at this time; `None` when nothing, for whatever reason.
pub(super) fn find_live(
    store: &Store,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Live>, StoreError> {
    let Some(secret) = store.secret(hash)? else {
        return Ok(None);
    };
    let Some(token) = secret
        .access_token_id
        .as_deref()
        .map_or(Ok(None), |id| store.access_token(id))?
    else {
        return Ok(None);
    };
    let account = match token.service_account_id.as_deref() {
        None => None,
        Some(id) => store.service_account(id)?,
    };
    if token.disabled || token.account_disabled {
        return Ok(None);
    }
    let expires_at = earliest(
        secret.expires_at,
        end_of_generation(&token, secret.generation),
    );
    let generation_lives = secret.generation == token.generation
        || (secret.generation == token.generation - 1 && token.previous.is_some());
    if !generation_lives || has_passed(expires_at, now) {
        return Ok(None);
    }
    let Some(scopes) = in_both(&token.scopes, secret.scopes.as_ref()) else {
        return Ok(None);
    };
    Ok(Some(Live {
        scopes,
        token,
        account,
        secret,
        expires_at,
    }))
}

/// When secrets of this generation end: an exchanged one never outlives the one it was exchanged for.
fn end_of_generation(token: &AccessToken, generation: i64) -> Option<Timestamp> {
    if generation == token.generation {
        return token.expires_at;
    }
    token
        .previous
        .as_ref()
        .and_then(|previous| previous.expires_at)
}

pub(super) fn note_use(store: &Store, live: &Live, now: Timestamp) -> Result<(), StoreError> {
    let token = &live.token;
    if live.secret.kind == SecretKind::Current
        && token
            .previous
            .as_ref()
            .is_some_and(|previous| previous.until_first_use)
        && let Some(previous) = store.secret_of_token(&token.id, SecretKind::Previous)?
    {
        store.delete_secret(&previous.hash)?;
    }
    // Shown in whole seconds; writing it more often would make every read a write.
    let noted = token.last_used_at.map(Timestamp::as_second);
    if noted.is_none_or(|noted| noted < now.as_second()) {
        store.touch_access_token(&token.id, now)?;
    }
    Ok(())
}

pub(super) fn has_passed(end: Option<Timestamp>, now: Timestamp) -> bool {
    end.is_some_and(|end| end <= now)
}

pub(super) fn earliest(first: Option<Timestamp>, second: Option<Timestamp>) -> Option<Timestamp> {
    match (first, second) {
        (Some(first), Some(second)) => Some(first.min(second)),
        (first, second) => first.or(second),
    }
}

/// What two narrowings leave together, of which an empty one narrows nothing. `None` when they leave nothing, as
/// after an exchange whose scopes the token has lost since.
fn in_both(
    token: &BTreeSet<String>,
    exchange: Option<&BTreeSet<String>>,
) -> Option<BTreeSet<String>> {
    let Some(exchange) = exchange.filter(|scopes| !scopes.is_empty()) else {
        return Some(token.clone());
    };
    if token.is_empty() {
        return Some(exchange.clone());
    }
    let both: BTreeSet<String> = token.intersection(exchange).cloned().collect();
    (!both.is_empty()).then_some(both)
}

impl Caller {
    pub(super) fn anonymous() -> Self {
        Self {
            identity: Identity::Anonymous,
        }
    }

    /// A name for the credential that stays the same when its secret is rotated.
    pub(super) fn credential(&self) -> &str {
        match &self.identity {
            Identity::Anonymous => "",
            Identity::Operator { id } => id,
            Identity::Token(live) => &live.token.id,
        }
    }

    pub(super) fn require(&self, access: Access) -> Result<(), Problem> {
        let (roles, scope): (&[&str], &str) = match access {
            Access::Open | Access::Anyone => return Ok(()),
            Access::CredentialsRead => (&["admin"], "credentials:read"),
            Access::CredentialsWrite => (&["admin"], "credentials:write"),
            Access::SamplesRead => (&["viewer", "editor", "admin"], "samples:read"),
            Access::SamplesWrite => (&["editor", "admin"], "samples:write"),
        };
        let Identity::Token(live) = &self.identity else {
            return Ok(());
        };
        let name = &live.token.name;
        if !roles.iter().any(|role| live.token.roles.contains(*role)) {
            let has = listed(&live.token.roles);
            return Err(Problem::forbidden(format!(
                "this needs the role {}; the access token {name:?} has {has}",
                roles.join(" or ")
            )));
        }
        let scopes = &live.scopes;
        if !scopes.is_empty() && !scopes.contains(scope) {
            let has = listed(scopes);
            return Err(Problem::forbidden(format!(
                "this needs the scope {scope}; the access token {name:?} is narrowed to {has}"
            )));
        }
        let permission = self
            .restriction()
            .map(|restriction| restriction.permission.as_str());
        match (access, permission) {
            (Access::SamplesRead, Some("WRITE")) => Err(Problem::forbidden(
                "the service account's restriction allows WRITE only",
            )),
            (Access::SamplesWrite, Some("READ")) => Err(Problem::forbidden(
                "the service account's restriction allows READ only",
            )),
            _ => Ok(()),
        }
    }

    /// Whether data with these labels is within the caller's restriction.
    pub(super) fn may_see(&self, labels: &BTreeMap<String, String>) -> bool {
        self.restriction().is_none_or(|restriction| {
            restriction
                .labels
                .iter()
                .all(|(key, value)| labels.get(key) == Some(value))
        })
    }

    fn restriction(&self) -> Option<&Restriction> {
        match &self.identity {
            Identity::Token(live) => live.account.as_ref()?.restriction.as_ref(),
            Identity::Anonymous | Identity::Operator { .. } => None,
        }
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}
