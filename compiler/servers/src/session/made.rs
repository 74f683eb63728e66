//! What this run created or took over, by id. Where an id is a name it is given again: whoever ends the object of an older state
//! must not end the one that has its id by now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::value::Value;

use crate::object::Object;
use crate::record::Filter;

/// What a state says of the credential that it holds; null where it does not say.
#[derive(Debug)]
pub(crate) struct Credential {
    created_at: Value,
    issued_at: Value,
    generation: Value,
    token: Value,
    encrypted_token: Value,
}

impl Credential {
    pub(crate) fn of(state: &Value) -> Self {
        let said = |name: &str| state.get(name).clone();
        Self {
            created_at: said("created_at"),
            issued_at: said("issued_at"),
            generation: said("generation"),
            token: said("token"),
            encrypted_token: said("encrypted_token"),
        }
    }

    /// True unless something that both say tells them apart.
    fn may_be(&self, other: &Self) -> bool {
        let agree = |one: &Value, other: &Value| one.is_null() || other.is_null() || one == other;
        agree(&self.created_at, &other.created_at)
            && agree(&self.issued_at, &other.issued_at)
            && agree(&self.generation, &other.generation)
            && agree(&self.token, &other.token)
            && agree(&self.encrypted_token, &other.encrypted_token)
    }

    /// True unless the server's dates or counts tell them apart, which is what a deletion goes by.
    pub(crate) fn was_issued_with(&self, other: &Self) -> bool {
        let at_once = |one: &Value, other: &Value| {
            let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
            !differ(time(one), time(other))
        };
        let counts = self.generation().zip(other.generation());
        at_once(&self.created_at, &other.created_at)
            && at_once(&self.issued_at, &other.issued_at)
            && counts.is_none_or(|(one, other)| one == other)
    }

    /// The count of its secret.
    pub(crate) fn generation(&self) -> Option<i64> {
        self.generation.as_number()?.as_i64()
    }
}

/// Servers and their answers round the time differently.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

/// True if both are known and are not the same moment.
pub(crate) fn differ(before: Option<Timestamp>, now: Option<Timestamp>) -> bool {
    before
        .zip(now)
        .is_some_and(|(before, now)| now.duration_since(before).abs() > ROUNDING)
}

/// What clashes with what: the name, and the account that a token's name is one of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Named {
    pub(crate) kind: Kind,
    pub(crate) service_account: Option<String>,
    /// `None` where an account has room for one alone, whatever it is called.
    pub(crate) name: Option<String>,
}

impl Named {
    pub(crate) fn of<O: Object>(server: &Capabilities, object: &O) -> Self {
        let capabilities = object.capabilities(server);
        let Filter {
            name,
            service_account,
            managed_by: _,
        } = object.namesakes();
        Self {
            kind: O::KIND,
            service_account,
            name: name.filter(|_| capabilities.creation_ends.is_none()),
        }
    }

    /// The same of a planned or stored state.
    pub(crate) fn said<O: Object>(server: &Capabilities, state: &Value) -> Self {
        let capabilities = O::KIND.capabilities_for(server, state);
        let said = |name: &str| state.get(name).as_str().map(str::to_owned);
        Self {
            kind: O::KIND,
            service_account: said("service_account"),
            name: said("name").filter(|_| capabilities.creation_ends.is_none()),
        }
    }
}

/// One object that this run made.
struct Entry {
    credential: Credential,
    named: Named,
    /// It was there already: nothing need tell the state before from the one that holds it now.
    taken_over: bool,
}

/// What this run made has the id of an older state.
pub(crate) struct Instead {
    pub(crate) generation: Option<i64>,
    /// It is what the older state holds, taken over as it was.
    pub(crate) is_the_same: bool,
}

#[derive(Default)]
pub(crate) struct Made {
    objects: Mutex<HashMap<(Kind, String), Entry>>,
    turns: Mutex<HashMap<Named, Arc<tokio::sync::Mutex<()>>>>,
}

impl Made {
    /// Waits until nothing else in this run is being created, changed or deleted there.
    pub(crate) async fn turn(&self, named: &Named) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(named.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// Notes what a creation made, and that the state holds it.
    pub(crate) fn created(&self, named: Named, id: &str, state: &Value, taken_over: bool) {
        let entry = Entry {
            credential: Credential::of(state),
            named,
            taken_over,
        };
        self.objects()
            .insert((entry.named.kind, id.to_owned()), entry);
    }

    /// Follows the state that holds what this run made.
    pub(crate) fn went_on(&self, kind: Kind, before: &Value, after: &Value) {
        let id = |state: &Value| state.get("id").as_str().map(str::to_owned);
        let (Some(old), Some(new)) = (id(before), id(after)) else {
            return;
        };
        let mut objects = self.objects();
        let key = (kind, old);
        if objects
            .get(&key)
            .is_some_and(|entry| entry.credential.may_be(&Credential::of(before)))
            && let Some(mut entry) = objects.remove(&key)
        {
            entry.credential = Credential::of(after);
            // Whoever reads it, or changes it, holds it.
            entry.taken_over = false;
            objects.insert((kind, new), entry);
        }
    }

    /// What has the id by now, if this run made it and this state is an older one's.
    pub(crate) fn instead_of(&self, kind: Kind, id: &str, prior: &Value) -> Option<Instead> {
        let objects = self.objects();
        let entry = objects.get(&(kind, id.to_owned()))?;
        let prior = Credential::of(prior);
        let is_newer = prior.generation() > entry.credential.generation();
        let is_older = !is_newer && (entry.taken_over || !entry.credential.may_be(&prior));
        is_older.then(|| Instead {
            generation: entry.credential.generation(),
            is_the_same: entry.credential.may_be(&prior),
        })
    }

    /// True if this run made what has the id.
    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        self.objects().contains_key(&(kind, id.to_owned()))
    }

    /// The id of what this run made there.
    pub(crate) fn at(&self, named: &Named) -> Option<String> {
        let objects = self.objects();
        let mut found = objects.iter().filter(|(_, entry)| entry.named == *named);
        found.next().map(|((_, id), _)| id.clone())
    }

    /// It is gone.
    pub(crate) fn deleted(&self, kind: Kind, id: &str) {
        self.objects().remove(&(kind, id.to_owned()));
    }

    fn objects(&self) -> MutexGuard<'_, HashMap<(Kind, String), Entry>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
