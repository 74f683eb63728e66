//! What one walk has planned so far. Terraform plans each resource by itself and does not say which it is; what two of them say against
//! each other shows only here.
//!
//! Terraform and OpenTofu check and plan each instance once in a walk (the new object of a replacement once more, unchecked).
//! Nothing else may be concluded from: other callers plan one resource as often as they like.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::State;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::naming::{Claim, Owner, claims};
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::plan::Change;
use lanyard_compiler::review::outside::{LeftSo, drift_of_power};
use lanyard_compiler::value::Value;
use parking_lot::Mutex;
use tokio::sync::Notify;

use self::accounts::Accounts;
use self::names::Names;

mod accounts;
mod names;

/// Kept for one configuration of the provider.
#[derive(Default)]
pub(super) struct Walk {
    is_conclusive: AtomicBool,
    names: Names,
    accounts: Accounts,
    /// What this walk read that moved the power of a credential, by id.
    outside: Mutex<HashMap<(Kind, String), Change>>,
    /// What was imported in this walk, whose unknown secret is told then: the ids.
    imported: Mutex<HashSet<String>>,
    /// What tells which object a state holds, by what Terraform keeps beside the state.
    existing: Mutex<HashMap<Vec<u8>, Value>>,
    /// What was read with a secret that its server shows, and is in no plan yet, by id.
    unplanned: Mutex<HashMap<(Kind, String), Value>>,
    /// How many are planned that may take the place of one of those.
    successors: Mutex<HashMap<(Kind, String), Successors>>,
    /// What is said of configurations that were generated and not planned yet, by id.
    left_out: Mutex<HashMap<(Kind, String), Diagnostic>>,
    noted: Notify,
}

/// Terraform plans what does not depend on each other at the same time, in any order: how long the one plan waits for the other.
const PATIENCE: Duration = Duration::from_secs(1);

/// What tells whether an object is the credential in use.
const IDENTIFYING: [&str; 7] = [
    "id",
    "name",
    "slug",
    "email",
    "service_account",
    "token",
    "previous_token",
];

/// How something new is like what it may replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Both have one name, so that no other is it.
    Same,
    /// Its name is not known yet.
    Perhaps,
    /// It has another name.
    Renamed,
}

/// What is planned as new, and may replace one object that was read.
#[derive(Default)]
struct Successors {
    is_found: bool,
    possible: usize,
}

impl Successors {
    fn add(&mut self, likeness: Likeness) {
        self.is_found |= likeness == Likeness::Same;
        self.possible += 1;
    }

    /// True if, as far as that can be told, it is this one that replaces the object, and may turn out to have its name.
    fn leave(&self, likeness: Likeness) -> bool {
        match likeness {
            Likeness::Same => true,
            Likeness::Perhaps => !self.is_found && self.possible == 1,
            Likeness::Renamed => false,
        }
    }
}

/// What is planned, and where.
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    pub(super) server: &'a Capabilities,
    pub(super) organization: Option<&'a str>,
    pub(super) config: &'a Outline,
    /// All that is configured.
    pub(super) whole: &'a Value,
}

impl Walk {
    /// The caller is one that plans each instance once.
    pub(super) fn conclude_from_each_call(&self) {
        self.is_conclusive.store(true, Ordering::Relaxed);
    }

    /// An instance is about to be planned.
    pub(super) fn checked(&self, subject: &Subject<'_>) {
        if self.is_conclusive.load(Ordering::Relaxed) {
            self.names.checked(subject);
        }
    }

    /// An instance is planned, and not to be replaced: what that contradicts.
    pub(super) fn planned(
        &self,
        subject: &Subject<'_>,
        prior: Option<&State>,
        planned: &Outline,
    ) -> Vec<Diagnostic> {
        if !self.is_conclusive.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let id = prior.and_then(|prior| prior.id.as_deref());
        let mut found: Vec<Diagnostic> = self.names.planned(subject, id).into_iter().collect();
        found.extend(self.accounts.renewed_twice(subject, id));
        match (subject.kind, prior) {
            (Kind::ServiceAccount, Some(prior)) => self.accounts.planned(prior, planned),
            (Kind::ServiceAccount, None) => {}
            (Kind::AccessToken, _) => {
                found.extend(self.accounts.against_token(subject, prior, planned));
            }
        }
        found
    }

    /// True if the account of a token is disabled, and will not be: it is planned before its tokens.
    pub(super) fn enables_account_of(&self, token: &State) -> bool {
        self.accounts.enables_that_of(token)
    }

    /// What is left of the roles of a token to its next secret, where its account is planned to have others: it is planned before its tokens.
    pub(super) fn roles_left(&self, subject: &Subject<'_>, token: &State) -> Option<Value> {
        self.accounts.roles_left(subject, token)
    }

    pub(super) fn imported(&self, state: &State) {
        self.imported.lock().extend(state.id.clone());
    }

    /// A configuration was generated, and this is to be said of it when the object is planned.
    pub(super) fn generated(&self, kind: Kind, id: Option<String>, left_out: Option<Diagnostic>) {
        let told = id.zip(left_out);
        let told = told.map(|(id, left_out)| ((kind, id), left_out));
        self.left_out.lock().extend(told);
    }

    /// What is said of the configuration that was generated for this object, once.
    pub(super) fn left_out_of(&self, prior: &State) -> Option<Diagnostic> {
        let id = prior.id.clone()?;
        self.left_out.lock().remove(&(prior.kind(), id))
    }

    pub(super) fn has_imported(&self, state: &State) -> bool {
        let imported = self.imported.lock();
        state.id.as_ref().is_some_and(|id| imported.contains(id))
    }

    /// The plan keeps this object. If it is replaced because the user asked for that, it is planned once more, as what is new.
    pub(super) fn keeps(&self, state: &Value, private: &[u8]) {
        if private.is_empty() || !self.is_conclusive.load(Ordering::Relaxed) {
            return;
        }
        let said = IDENTIFYING.map(|name| (name, state.get(name).clone()));
        let said = said.into_iter().filter(|(_, value)| !value.is_null());
        self.existing
            .lock()
            .insert(private.to_owned(), Value::map(said));
    }

    /// The object that what is new replaces although nothing about itself asks for it.
    pub(super) fn replaced(&self, private: &[u8]) -> Option<Value> {
        self.existing.lock().remove(private)
    }

    /// An object was read, to be planned next.
    pub(super) fn reads(&self, state: &State) {
        if let Some(id) = state.id.clone().filter(|_| state.holds_secret())
            && self.is_conclusive.load(Ordering::Relaxed)
        {
            self.unplanned
                .lock()
                .insert((state.kind(), id), state.write());
        }
    }

    /// Its plan was asked for.
    pub(super) fn plans(&self, state: &State) {
        if let Some(id) = state.id.clone() {
            self.unplanned.lock().remove(&(state.kind(), id));
            self.noted.notify_waiters();
        }
    }

    /// What was read, if no plan of it is asked for, so that it is tainted, and what is planned as new is to replace it: that has its name,
    /// or nothing else that is new can be what replaces it. `likeness`: how the new one is like something that was read; `is_refused`: whether
    /// it must not replace that.
    pub(super) async fn tainted(
        &self,
        kind: Kind,
        likeness: impl Fn(&Value) -> Option<Likeness>,
        is_refused: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        // Terraform reads what is tainted before it plans what replaces it: what is read from now on is something else.
        let mut candidates: Vec<((Kind, String), Likeness)> = Vec::new();
        {
            let unplanned = self.unplanned.lock();
            let mut successors = self.successors.lock();
            for (key, state) in unplanned.iter().filter(|((its, _), _)| *its == kind) {
                let Some(likeness) = likeness(state) else {
                    continue;
                };
                successors.entry(key.clone()).or_default().add(likeness);
                if is_refused(state) {
                    candidates.push((key.clone(), likeness));
                }
            }
        }
        self.noted.notify_waiters();
        let found = || {
            let unplanned = self.unplanned.lock();
            let successors = self.successors.lock();
            let mut its = candidates.iter().filter(|(key, likeness)| {
                let others = successors.get(key);
                others.is_none_or(|others| others.leave(*likeness))
            });
            its.find_map(|(key, _)| unplanned.get(key)).cloned()
        };
        let planned = async {
            loop {
                let noted = self.noted.notified();
                if found().is_none() {
                    return;
                }
                noted.await;
            }
        };
        let is_planned = tokio::time::timeout(PATIENCE, planned).await.is_ok();
        if is_planned { None } else { found() }
    }

    /// An object was read, and its state differs from the one that was stored.
    pub(super) fn differs(&self, kind: Kind, id: String, stored: &Value, now: &Value) {
        if let Some(drift) = drift_of_power(kind, stored, now) {
            self.outside.lock().insert((kind, id), drift);
        }
    }

    /// The plan keeps an object: what it leaves so of the power that somebody moved.
    pub(super) fn leaves(&self, prior: &State, planned: &Value) -> Option<Diagnostic> {
        let kind = prior.kind();
        let drift = self.outside.lock().remove(&(kind, prior.id.clone()?))?;
        let planned = State::read_any(kind, planned).ok()??;
        let held = self.accounts.roles_of_that_of(prior);
        let left = LeftSo::of(&drift, &planned, &held)?;
        Some(left.warning(kind, prior.name.as_deref().unwrap_or_default()))
    }
}

impl Subject<'_> {
    pub(super) fn claims(&self) -> Vec<Claim> {
        let owner = Owner::of(self.kind, self.config);
        owner.map_or_else(Vec::new, |owner| {
            claims(
                self.kind,
                self.server,
                self.organization,
                owner,
                self.config,
            )
        })
    }
}

#[cfg(test)]
mod tests;
