//! What a server has, and which of it a configuration speaks of: how a plan without stored state knows its prior state.
//!
//! An object is found by its name (a token by its account and name, an account by the address that is configured) or by the id of an
//! `import` block. It is ours if the server
//! says that we manage it, if it keeps no owners, or if it is imported; everything else is somebody's, and is left alone.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::diff::merge;
use super::left_out::{leaves_out, with_secrets};
use super::{reconcile, rotation};
use crate::model::server::Capabilities;
use crate::model::state::Outline;
use crate::model::{Kind, State, facts};
use crate::redaction::KnownSecrets;
use crate::value::{AttributePath, Value};

/// One object on a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub kind: Kind,
    /// What the server says of it (see [`crate::model::observe`]).
    pub state: State,
    /// Who manages it, where the server keeps that.
    pub managed_by: Option<String>,
    pub created_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    /// Of its secret, where the server shows anything of it: another secret leaves another trace.
    pub trace: Option<String>,
    /// The mark of the place whose records know of it, where the server keeps such marks: whoever made it had the answer.
    pub claimed_by: Option<String>,
}

/// Everything that one server has.
#[derive(Debug, Default)]
pub struct Inventory {
    found: Vec<Found>,
    /// What the server can do, where that is known.
    server: Option<&'static Capabilities>,
    /// What `managed_by` says of ours; `None` where the server keeps no owners.
    owner: Option<&'static str>,
    /// The server's clock.
    now: Timestamp,
    by_name: HashMap<Key, Vec<usize>>,
    by_id: HashMap<(Kind, String), usize>,
    /// Accounts by their addresses, in lower case.
    by_address: HashMap<String, usize>,
    /// Ids of the accounts that have access tokens.
    with_tokens: HashSet<String>,
    claimed: Vec<bool>,
    /// The server may have more than it lists.
    more_unseen: bool,
}

/// The `import` block of a resource.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    pub id: &'a str,
    /// The ids of all blocks, by the addresses of their resources.
    pub all: &'a HashMap<&'a str, &'a str>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    kind: Kind,
    account: Option<String>,
    name: String,
}

/// What a configured resource is on the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// It does not exist yet.
    New,
    /// It exists and is ours: its position in [`Inventory::found`]; see [`Inventory::prior`].
    Ours(usize),
    /// Its name belongs to an object that is not ours.
    Foreign(Box<Found>),
    /// More than one object has its name; their ids.
    Several(Vec<String>),
    /// The id of its `import` block does not exist, nor anything of ours with its name.
    Missing { id: String },
    /// The object of its `import` block is to get the name that another one of ours has; their ids.
    NameHeld { id: String, by: String },
    /// What identifies it is not known yet; the attribute's name.
    NotKnown(&'static str),
}

impl Inventory {
    pub fn new(found: Vec<Found>, owner: Option<&'static str>, now: Timestamp) -> Self {
        let mut by_name: HashMap<Key, Vec<usize>> = HashMap::new();
        let mut by_id = HashMap::new();
        let mut by_address = HashMap::new();
        let mut with_tokens = HashSet::new();
        for (index, object) in found.iter().enumerate() {
            if let Some(key) = key(
                object.kind,
                object.state.name.as_deref(),
                object.state.service_account.as_deref(),
            ) {
                by_name.entry(key).or_default().push(index);
            }
            if let Some(id) = &object.state.id {
                by_id.insert((object.kind, id.clone()), index);
            }
            if let Some(address) = &object.state.email {
                by_address.insert(address.to_lowercase(), index);
            }
            if let (Kind::AccessToken, Some(account)) = (object.kind, &object.state.service_account)
                && !with_tokens.contains(account)
            {
                with_tokens.insert(account.clone());
            }
        }
        Self {
            claimed: vec![false; found.len()],
            found,
            server: None,
            owner,
            now,
            by_name,
            by_id,
            by_address,
            with_tokens,
            more_unseen: false,
        }
    }

    /// The same, of a server that can do this.
    #[must_use]
    pub fn on(self, server: &'static Capabilities) -> Self {
        Self {
            server: Some(server),
            ..self
        }
    }

    /// The same, of a server that ends its lists early.
    #[must_use]
    pub fn with_more_unseen(self) -> Self {
        Self {
            more_unseen: true,
            ..self
        }
    }

    /// The ids of all its accounts; `None` where it may have others.
    pub fn accounts(&self) -> Option<impl Iterator<Item = &str>> {
        if self.server.is_none() || self.more_unseen {
            return None;
        }
        let accounts = |found: &&Found| found.kind == Kind::ServiceAccount;
        let accounts = self.found.iter().filter(accounts);
        Some(accounts.filter_map(|found| found.state.id.as_deref()))
    }

    /// Takes out secrets that stand in clear, in descriptions for example: for whoever shows what was found. What identifies an object
    /// stays.
    pub fn hide_secrets(&mut self) {
        let shown = self.found.iter();
        let known = KnownSecrets::new(shown.filter_map(|object| object.state.token.clone()));
        for object in &mut self.found {
            if let Some(manager) = &mut object.managed_by {
                known.hide_in_text(manager);
            }
            if let Some(state) = without_secrets(&object.state, &known) {
                object.state = state;
            }
        }
    }

    /// Finds the object that `config` speaks of, and remembers that it is spoken of.
    pub fn claim(&mut self, kind: Kind, config: &Outline, import: Option<Import<'_>>) -> Match {
        let named = self.named(kind, config);
        match import {
            Some(import) => self.claim_imported(kind, named, import),
            None => match named {
                Ok(candidates) => self.found_among(&candidates),
                Err(attribute) => Match::NotKnown(attribute),
            },
        }
    }

    /// Once it is applied, a block may name what is gone: an object that was replaced, or that is called by its name and was renamed.
    fn claim_imported(
        &mut self,
        kind: Kind,
        named: Result<Vec<usize>, &'static str>,
        import: Import<'_>,
    ) -> Match {
        let id = import.id.trim().to_owned();
        let named = named.unwrap_or_default();
        let Some(index) = self.by_id.get(&(kind, id.clone())).copied() else {
            return match self.found_among(&named) {
                Match::Ours(index) => Match::Ours(index),
                _ => Match::Missing { id },
            };
        };
        // What another block imports may be about to lose its name.
        let holds_name = |other: &&usize| {
            let object = &self.found[**other];
            let is_imported = import
                .all
                .values()
                .any(|id| Some(id.trim()) == object.state.id.as_deref());
            self.is_ours(object) && !is_imported
        };
        let holder = match named.contains(&index) {
            true => None,
            false => named.iter().find(holds_name),
        };
        match holder.and_then(|other| self.found[*other].state.id.clone()) {
            Some(by) => Match::NameHeld { id, by },
            None => self.take(index),
        }
    }

    /// What is called as `config` says (positions of [`Self::found`]), or the attribute that has to be known for that.
    fn named(&self, kind: Kind, config: &Outline) -> Result<Vec<usize>, &'static str> {
        if config.email.is_unknown() {
            return Err("email");
        }
        // Only servers that know accounts by their addresses let it be configured, and then the name decides nothing.
        if let Some(address) = config.email.value() {
            let found = self.by_address.get(&address.trim().to_lowercase());
            return Ok(found.copied().into_iter().collect());
        }
        if config.name.is_unknown() {
            return Err("name");
        }
        if config.service_account.is_unknown() {
            return Err("service_account");
        }
        let name = config.name.value().map(String::as_str);
        let account = config.service_account.value().map(String::as_str);
        let candidates = key(kind, name, account).and_then(|key| {
            self.by_name
                .get(&key)
                .or_else(|| self.by_name.get(&nameless(key)))
        });
        Ok(candidates.cloned().unwrap_or_default())
    }

    fn found_among(&mut self, candidates: &[usize]) -> Match {
        let ours: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|index| self.is_ours(&self.found[*index]))
            .collect();
        match (ours.as_slice(), candidates) {
            (_, []) => Match::New,
            ([only], _) => self.take(*only),
            ([], [foreign, ..]) => {
                self.claimed[*foreign] = true;
                Match::Foreign(Box::new(self.found[*foreign].clone()))
            }
            (several, _) => Match::Several(
                several
                    .iter()
                    .filter_map(|index| self.found[*index].state.id.clone())
                    .collect(),
            ),
        }
    }

    pub fn trace(&self, kind: Kind, id: &str) -> Option<String> {
        self.of_id(kind, id)?.trace.clone()
    }

    /// What is ours and nobody claimed.
    pub fn unclaimed(&self) -> impl Iterator<Item = &Found> {
        self.found
            .iter()
            .zip(&self.claimed)
            .filter(|(object, claimed)| {
                // Without owners on the server, nothing tells what is ours.
                !**claimed && self.owner.is_some() && !self.more_unseen && self.is_ours(object)
            })
            .map(|(object, _)| object)
    }

    /// Everything that the server has.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Where this lists an object that another list has.
    pub fn position_of(&self, object: &Found) -> Option<usize> {
        let id = object.state.id.clone()?;
        self.by_id.get(&(object.kind, id)).copied()
    }

    /// True if the other list has an object of this one: both are of one server, whatever their addresses say. That is told by ids that
    /// are given once, which they are where owners are kept and elsewhere are names, or by a secret that both show.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ids_are_names = self.owner.is_none() || other.owner.is_none();
        let is_listed = |object: &Found| {
            let twin = other.position_of(object).map(|at| &other.found[at]);
            twin.is_some_and(|twin| {
                let was_made = object.created_at.is_some();
                let shows_secret = object.state.token.is_some();
                was_made && !ids_are_names && twin.created_at == object.created_at
                    || shows_secret && twin.state.token == object.state.token
            })
        };
        self.found.iter().any(is_listed)
    }

    /// True if the server may have what was not listed, or could not be read.
    pub fn may_have_more(&self) -> bool {
        self.more_unseen
    }

    /// False if an account has no access tokens for certain.
    pub fn may_have_tokens(&self, account: &str) -> bool {
        self.more_unseen || self.with_tokens.contains(account)
    }

    /// True if the configuration spoke of the object at this position of [`Inventory::found`].
    pub fn is_claimed(&self, index: usize) -> bool {
        self.claimed.get(index).copied().unwrap_or_default()
    }

    /// True if the object may be changed without asking.
    pub fn is_ours(&self, object: &Found) -> bool {
        self.owner
            .is_none_or(|owner| object.managed_by.as_deref() == Some(owner))
    }

    /// The object with this id.
    pub fn of_id(&self, kind: Kind, id: &str) -> Option<&Found> {
        self.by_id
            .get(&(kind, id.to_owned()))
            .map(|index| &self.found[*index])
    }

    pub(super) fn server(&self) -> Option<&'static Capabilities> {
        self.server
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The prior state of the object at a position of [`Inventory::found`]: the state that a provider would have stored, complete
    /// with what only the configuration knows.
    pub fn prior(&self, index: usize, config: &Value) -> Option<State> {
        let object = self.found.get(index)?;
        let account = object.state.service_account.clone();
        let account = account.and_then(|id| self.by_id.get(&(Kind::ServiceAccount, id)));
        let since = account.and_then(|index| self.found[*index].created_at);
        let mut prior = prior(self.server, config, &object.state, since, self.now);
        if object.state.retired.is_none() {
            prior.suppose_kept(object.created_at, self.now);
        }
        Some(prior)
    }

    fn take(&mut self, index: usize) -> Match {
        self.claimed[index] = true;
        Match::Ours(index)
    }
}

/// The state without the secrets that stand in clear; what identifies it stays. `None` if there are none.
pub(super) fn without_secrets(state: &State, known: &KnownSecrets) -> Option<State> {
    let whole = state.write();
    if !known.stands_in(&whole) {
        return None;
    }
    let mut shown = whole.clone();
    known.hide_in(&mut shown, &AttributePath::root());
    if let Some(entries) = shown.as_map_mut() {
        for name in ["id", "service_account", "email"] {
            entries.insert(name, whole.get(name).clone());
        }
    }
    // A text that is no text any more is no description.
    State::read(state.kind(), &shown).ok()
}

/// A token without a name of its own is its account's one secret, whatever the configuration calls it.
fn key(kind: Kind, name: Option<&str>, account: Option<&str>) -> Option<Key> {
    if name.is_none() && account.is_none() {
        return None;
    }
    Some(Key {
        kind,
        account: account.map(str::to_owned),
        name: name.unwrap_or_default().to_owned(),
    })
}

fn nameless(key: Key) -> Key {
    Key {
        name: String::new(),
        ..key
    }
}

/// The state that a provider would have stored: what the server says, and what only the configuration knows as if it had been
/// applied before.
fn prior(
    server: Option<&Capabilities>,
    config: &Value,
    observed: &State,
    account_since: Option<Timestamp>,
    now: Timestamp,
) -> State {
    let kind = observed.kind();
    let body = &facts::schema(kind).body;
    // What is written without its secrets is the same all the same, in its place.
    let said = if leaves_out(kind, config) {
        observed.write()
    } else {
        Value::Null
    };
    let config = with_secrets(kind, &said, config);
    let applied = merge(body, &config, &Value::Null).known_part();
    // What cannot be read is complained of by whoever plans it.
    let applied: Option<State> = State::read(observed.kind(), &applied).ok();
    let mut observed = observed.clone();
    // Whoever configures the address finds the account by it, whatever name it was made of.
    let by_address = applied.as_ref().filter(|applied| applied.email.is_some());
    if let Some(name) = by_address.and_then(|applied| applied.name.clone()) {
        observed.name = Some(name);
    }
    let mut state = reconcile(server, applied.as_ref(), observed);
    state.date_by_successors(account_since, now);
    rotation::settle(server, state, now)
}

#[cfg(test)]
mod tests;
