//! Every access token that a server has, and every secret that comes with an account: how old it is, when it ends, whose it is, and
//! whether the configuration knows it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::in_use::Bond;
use super::inventory::{Found, Inventory};
use super::rotation;
use crate::model::access_token::Status;
use crate::model::server::Capabilities;
use crate::model::state::Written;
use crate::model::{Kind, State};

/// One token, or the secret that an account has of its own.
#[derive(Clone, Debug)]
pub struct ListedToken {
    pub server: String,
    /// What the id is of.
    pub kind: Kind,
    /// `None` for what the API cannot address.
    pub id: Option<String>,
    pub name: String,
    /// The account's name, or its id where it is not listed.
    pub account: Option<String>,
    pub status: &'static str,
    /// Ids of secrets before the current one that are tokens of their own and still accepted.
    pub retired: Vec<String>,
    pub created_at: Option<Timestamp>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// `None` where the server does not say.
    pub last_use: Option<LastUse>,
    pub owner: Option<String>,
    /// Whether the configuration speaks of it; `None` without a configuration.
    pub configured: Option<bool>,
    /// Nobody got its secret.
    pub undelivered: bool,
    /// Whether Lanyard signs in with it; `None` where that cannot be told.
    pub in_use: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUse {
    Never,
    At(Timestamp),
}

impl LastUse {
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::Never => None,
        }
    }
}

/// A token that only whoever runs the server can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeyondReach {
    /// The account's id.
    pub service_account: String,
    pub name: String,
    /// Where it is kept: "a file on node-0".
    pub place: String,
}

/// What is known beside the inventory.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    pub url: &'a str,
    pub capabilities: &'a Capabilities,
    /// Whether there is a configuration that could speak of a token.
    pub has_configuration: bool,
    /// What a plan takes the statuses of configured tokens for, by position.
    pub statuses: &'a BTreeMap<usize, Status>,
    /// Positions of objects whose secrets nobody got.
    pub undelivered: &'a BTreeSet<usize>,
    /// False for what another provider of the server has.
    pub here: &'a dyn Fn(&Found) -> bool,
    /// What an object has to do with what any provider of the server signs in with.
    pub bond: &'a dyn Fn(&State) -> Option<Bond>,
    /// Whether that is known of each of them.
    pub say_who: bool,
}

/// Lists the tokens of a server, sorted by account and name.
pub fn list(
    inventory: &Inventory,
    fixed: Vec<BeyondReach>,
    beside: Beside<'_>,
) -> Vec<ListedToken> {
    let found = || inventory.found().iter().enumerate();
    let accounts: BTreeMap<&str, &str> = found()
        .filter(|(_, object)| object.kind == Kind::ServiceAccount)
        .filter_map(|(_, object)| {
            Some((object.state.id.as_deref()?, object.state.name.as_deref()?))
        })
        .collect();
    // Tokens without names are the secrets of their accounts, which the accounts stand for.
    let configured_as_tokens: BTreeSet<&str> = found()
        .filter(|(index, object)| is_nameless(object) && inventory.is_claimed(*index))
        .filter_map(|(_, object)| object.state.service_account.as_deref())
        .collect();
    let undelivered_as_tokens: BTreeSet<&str> = found()
        .filter(|(index, object)| is_nameless(object) && beside.undelivered.contains(index))
        .filter_map(|(_, object)| object.state.service_account.as_deref())
        .collect();
    let mut tokens: Vec<ListedToken> = found()
        .filter(|(_, object)| (beside.here)(object))
        .filter(|(_, object)| match object.kind {
            Kind::AccessToken => !is_nameless(object),
            Kind::ServiceAccount => beside.capabilities.service_account.issues_secret,
        })
        .map(|(index, object)| {
            let Found {
                kind,
                state,
                managed_by,
                created_at,
                last_used_at,
                trace: _,
                claimed_by: _,
            } = object;
            let state = rotation::settle(inventory.server(), state.clone(), inventory.now());
            let id = state.id.clone().unwrap_or_default();
            let account = match kind {
                Kind::ServiceAccount => Some(id.clone()),
                Kind::AccessToken => state.service_account.clone(),
            };
            let account = account.map(|id| {
                accounts
                    .get(id.as_str())
                    .map_or(id.clone(), |name| (*name).to_owned())
            });
            ListedToken {
                server: beside.url.to_owned(),
                kind: *kind,
                name: state
                    .name
                    .clone()
                    .or_else(|| account.clone())
                    .unwrap_or_default(),
                account,
                status: match beside.statuses.get(&index) {
                    Some(planned) => planned.name(),
                    None => status(&state),
                },
                retired: former_secrets(&state),
                created_at: *created_at,
                issued_at: state.issued_at.as_ref().map(Written::value),
                expires_at: state.expires_at.as_ref().map(Written::value),
                last_use: match last_used_at {
                    Some(at) => Some(LastUse::At(*at)),
                    None => beside.capabilities.tells_last_use.then_some(LastUse::Never),
                },
                owner: managed_by.clone(),
                configured: beside.has_configuration.then(|| {
                    inventory.is_claimed(index) || configured_as_tokens.contains(id.as_str())
                }),
                undelivered: beside.undelivered.contains(&index)
                    || *kind == Kind::ServiceAccount && undelivered_as_tokens.contains(id.as_str()),
                id: Some(id),
                in_use: match (beside.bond)(&object.state) {
                    Some(Bond::Itself) => Some(true),
                    _ => beside.say_who.then_some(false),
                },
            }
        })
        .collect();
    tokens.extend(fixed.into_iter().map(|token| ListedToken {
        server: beside.url.to_owned(),
        kind: Kind::AccessToken,
        id: None,
        name: token.name,
        account: Some(token.service_account),
        status: Status::Active.name(),
        retired: Vec::new(),
        created_at: None,
        issued_at: None,
        expires_at: None,
        last_use: None,
        owner: Some(token.place),
        configured: beside.has_configuration.then_some(false),
        undelivered: false,
        in_use: None,
    }));
    tokens.sort_by(|left, right| (&left.account, &left.name).cmp(&(&right.account, &right.name)));
    tokens
}

/// The ids of former secrets that a server still accepts, where they have ids of their own.
pub(super) fn former_secrets(state: &State) -> Vec<String> {
    let own = state.id.as_ref();
    let retired = state.retired().iter().map(|entry| entry.id.clone());
    retired.filter(|id| Some(id) != own).collect()
}

fn status(state: &State) -> &'static str {
    let status = match state.kind() {
        Kind::AccessToken => state.status,
        Kind::ServiceAccount if state.disabled == Some(true) => Some(Status::Disabled),
        Kind::ServiceAccount => Some(Status::Active),
    };
    status.map_or("", Status::name)
}

/// True for the one secret of an account, which has no name of its own on the server.
fn is_nameless(object: &Found) -> bool {
    object.kind == Kind::AccessToken && object.state.name.is_none()
}
