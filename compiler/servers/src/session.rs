//! What this process knows of a server beyond single answers: what it read in one go, which objects are in its hands, and where
//! it keeps its records of them.

mod holders;
mod made;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::coalesce::Reads;
use crate::object::{Object, OneEach};
use crate::origin::Origin;
use crate::record::Record;
use crate::shown::Shown;
pub(crate) use holders::Clash;
use holders::Holders;
pub use holders::Use;
pub(crate) use made::{Credential, Made, Named, differ};

/// [`Reads`] of each kind.
struct EachRead;

impl OneEach for EachRead {
    type Of<O: Object> = Reads<O>;
}

/// Kept by each backend for the engine.
#[derive(Default)]
pub struct Session {
    service_accounts: Reads<ServiceAccount>,
    access_tokens: Reads<AccessToken>,
    held: Mutex<HashSet<(Kind, String)>>,
    /// The accounts that this run updates.
    changed: Mutex<HashSet<String>>,
    /// The names of the access tokens that this run deletes, by the account's id.
    ended: Mutex<HashMap<String, Vec<String>>>,
    /// What the last list of everything showed of each secret: who plans from lists has no state that would tell.
    listed: Mutex<HashMap<(Kind, String), Shown>>,
    pub(crate) made: Made,
    pub(crate) holders: Holders,
    origin: OnceLock<Origin>,
    stateless: OnceLock<()>,
    /// Set once the server was asked what it can do, whether it said so or not.
    pub(crate) probed: OnceCell<()>,
    /// The id of the organization that we are in, once the server told it (see [`crate::TokenServer::organization`]).
    pub(crate) organization: OnceCell<String>,
}

impl Session {
    /// Says where the records of what is made through this connection are kept. Without it, nothing that exists is ever taken
    /// for what an interrupted run left behind. Said once; who says it again is not heard.
    pub fn come_from(&self, origin: Origin) {
        // The first one stands: it is what the objects made so far are marked with.
        let _ = self.origin.set(origin);
    }

    /// Says that whoever works through this connection keeps no state: nothing is brought into one.
    pub fn keep_no_state(&self) {
        self.stateless.get_or_init(|| ());
    }

    pub(crate) fn keeps_state(&self) -> bool {
        self.stateless.get().is_none()
    }

    /// What an object is marked with whose creator had the answer.
    pub fn origin(&self) -> Option<&str> {
        self.origin.get().map(Origin::as_str)
    }

    /// What an object is marked with until its creator has the answer and says so: no state holds what carries it.
    pub(crate) fn unclaimed(&self) -> Option<&str> {
        self.origin.get().map(Origin::unclaimed)
    }

    /// What was read of this kind.
    pub(crate) fn reads<O: Object>(&self) -> &Reads<O> {
        O::among::<EachRead>(&self.service_accounts, &self.access_tokens)
    }

    /// Notes that some resource's state holds this object: it is no leftover, whatever it looks like.
    pub(crate) fn hold(&self, kind: Kind, id: &str) {
        let mut held = self.held.lock();
        held.insert((kind, id.to_owned()));
    }

    pub(crate) fn holds(&self, kind: Kind, id: &str) -> bool {
        let held = self.held.lock();
        held.contains(&(kind, id.to_owned()))
    }

    /// Notes that this run updates the object.
    pub(crate) fn changes(&self, kind: Kind, id: &str) {
        if kind == Kind::ServiceAccount {
            let mut changed = self.changed.lock();
            changed.insert(id.to_owned());
        }
    }

    pub(crate) fn changes_account(&self, id: &str) -> bool {
        let changed = self.changed.lock();
        changed.contains(id)
    }

    /// Notes that this run deletes an access token of the account.
    pub(crate) fn ends(&self, service_account: &str, name: &str) {
        let mut ended = self.ended.lock();
        let names = ended.entry(service_account.to_owned()).or_default();
        names.push(name.to_owned());
    }

    /// The names of those of the account.
    pub(crate) fn ended(&self, service_account: &str) -> Vec<String> {
        let ended = self.ended.lock();
        let mut names = ended.get(service_account).cloned().unwrap_or_default();
        names.sort();
        names
    }

    /// Notes what a list of everything showed.
    pub(crate) fn list<R: Record>(&self, kind: Kind, records: &[R]) {
        let shown = |record: &R| Some(((kind, record.id().to_owned()), Shown::now(record)?));
        let mut listed = self.listed.lock();
        listed.extend(records.iter().filter_map(shown));
    }

    /// What it showed of the secret of this object.
    pub(crate) fn listed(&self, kind: Kind, id: &str) -> Option<Shown> {
        let listed = self.listed.lock();
        listed.get(&(kind, id.to_owned())).cloned()
    }

    /// Notes a write: nothing that was read before it counts for this object any more.
    pub(crate) fn wrote(&self, kind: Kind, id: &str) {
        match kind {
            // What happens to an account happens to its tokens: their roles, their status, their existence.
            Kind::ServiceAccount => {
                self.service_accounts.wrote(id);
                self.access_tokens.forget();
            }
            Kind::AccessToken => self.access_tokens.wrote(id),
        }
    }
}
