//! What this run created or took over, by id. Where an id is a name it is given again: whoever ends the object of an older state
//! must not end the one that has its id by now.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::server::{Capabilities, Recovery};
use lanyard_compiler::model::state::{Form, Written};
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::secret::Secret;
use parking_lot::Mutex;

use crate::object::Object;

/// What a state says of the credential that it holds, where it does.
#[derive(Debug)]
pub(crate) struct Credential {
    created_at: Option<Written<Timestamp>>,
    issued_at: Option<Written<Timestamp>>,
    generation: Option<i64>,
    token: Option<Secret>,
    encrypted_token: Option<String>,
}

impl Credential {
    pub(crate) fn of(server: &Capabilities, state: &State) -> Self {
        let is_counted = state.capabilities(server).counts_secrets();
        Self {
            created_at: state.created_at.clone(),
            issued_at: state.issued_at.clone(),
            generation: state.generation.filter(|_| is_counted),
            token: state.token.clone(),
            encrypted_token: state.encrypted_token.clone(),
        }
    }

    /// True unless something that both say tells them apart.
    fn may_be(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        agree(&self.created_at, &other.created_at)
            && agree(&self.issued_at, &other.issued_at)
            && agree(&self.generation, &other.generation)
            && agree(&self.token, &other.token)
            && agree(&self.encrypted_token, &other.encrypted_token)
    }

    /// True unless the server's dates or counts tell them apart, which is what a deletion goes by.
    pub(crate) fn was_issued_with(&self, other: &Self) -> bool {
        let time = |time: &Option<Written<Timestamp>>| time.as_ref().map(Written::value);
        let at_once = |one, other| !differ(time(one), time(other));
        let counts = self.generation().zip(other.generation());
        at_once(&self.created_at, &other.created_at)
            && at_once(&self.issued_at, &other.issued_at)
            && counts.is_none_or(|(one, other)| one == other)
    }

    /// The count of its secret.
    pub(crate) fn generation(&self) -> Option<i64> {
        self.generation
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
        let name = Some(object.name().to_owned());
        Self {
            kind: O::KIND,
            service_account: object.namesakes().service_account,
            name: name.filter(|_| capabilities.creation_ends.is_none()),
        }
    }

    /// The same of a planned or stored state.
    pub(crate) fn said<F: Form>(server: &Capabilities, state: &State<F>) -> Self {
        let capabilities = state.capabilities(server);
        let name = F::known(&state.name).cloned().flatten();
        Self {
            kind: state.kind(),
            service_account: F::known(&state.service_account).cloned().flatten(),
            name: name.filter(|_| capabilities.creation_ends.is_none()),
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
    /// What this run deletes to make it anew, with another secret.
    replaced: Mutex<HashSet<(Kind, String)>>,
    turns: Mutex<HashMap<Named, Arc<tokio::sync::Mutex<()>>>>,
}

impl Made {
    /// Waits until nothing else in this run is being created, changed or deleted there.
    pub(crate) async fn turn(&self, named: &Named) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock();
            Arc::clone(turns.entry(named.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// Notes what a creation made, and which state holds it.
    pub(crate) fn created(&self, named: Named, id: &str, credential: Credential, taken_over: bool) {
        let entry = Entry {
            credential,
            named,
            taken_over,
        };
        self.objects
            .lock()
            .insert((entry.named.kind, id.to_owned()), entry);
    }

    /// Follows the state that holds what this run made.
    pub(crate) fn went_on(&self, server: &Capabilities, before: &State, after: &State) {
        let kind = after.kind();
        let (Some(old), Some(new)) = (before.id.clone(), after.id.clone()) else {
            return;
        };
        let mut objects = self.objects.lock();
        let key = (kind, old);
        if objects
            .get(&key)
            .is_some_and(|entry| entry.credential.may_be(&Credential::of(server, before)))
            && let Some(mut entry) = objects.remove(&key)
        {
            entry.credential = Credential::of(server, after);
            // Whoever reads it, or changes it, holds it.
            entry.taken_over = false;
            objects.insert((kind, new), entry);
        }
    }

    /// What has the id by now, if this run made it and this state is an older one's.
    pub(crate) fn instead_of(
        &self,
        server: &Capabilities,
        id: &str,
        prior: &State,
    ) -> Option<Instead> {
        let kind = prior.kind();
        let objects = self.objects.lock();
        let entry = objects.get(&(kind, id.to_owned()))?;
        let recovery = prior.capabilities(server).recovery;
        let mut prior = Credential::of(server, prior);
        let counts = prior.generation().zip(entry.credential.generation());
        let is_newer = counts.is_some_and(|(prior, ours)| prior > ours);
        let is_older = !is_newer && (entry.taken_over || !entry.credential.may_be(&prior));
        // What is taken over where the server shows the secret keeps it; sealed twice, it looks like two.
        if entry.taken_over && recovery == Recovery::ReadSecret {
            prior.encrypted_token = None;
        }
        is_older.then(|| Instead {
            generation: entry.credential.generation(),
            is_the_same: entry.credential.may_be(&prior),
        })
    }

    /// True if this run made what has the id.
    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        self.objects.lock().contains_key(&(kind, id.to_owned()))
    }

    /// The id of what this run made there.
    pub(crate) fn at(&self, named: &Named) -> Option<String> {
        let objects = self.objects.lock();
        let mut found = objects.iter().filter(|(_, entry)| entry.named == *named);
        found.next().map(|((_, id), _)| id.clone())
    }

    /// It is deleted to be made anew.
    pub(crate) fn replaces(&self, kind: Kind, id: &str) {
        self.replaced.lock().insert((kind, id.to_owned()));
    }

    /// True if what has the id was to be another one.
    pub(crate) fn is_replaced(&self, kind: Kind, id: &str) -> bool {
        self.replaced.lock().contains(&(kind, id.to_owned()))
    }

    /// It is gone.
    pub(crate) fn deleted(&self, kind: Kind, id: &str) {
        self.objects.lock().remove(&(kind, id.to_owned()));
    }
}
