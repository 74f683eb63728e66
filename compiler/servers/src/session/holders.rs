//! Which states of this run hold which object, as far as their plans were asked for. Two states that hold one object (a copy with the
//! same import, an address that changed without `moved`, what an interrupted replacement left) each undo what the other does.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lanyard_compiler::model::Kind;
use tokio::sync::Notify;

use super::made::Credential;

/// What a plan does with the object of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Keeps,
    /// Deletes it, or replaces it.
    Ends,
}

/// How two states get in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    HeldTwice,
    /// One is to be deleted, and what the deletion would find is the other's as well.
    EndsAnothers,
}

struct Holder {
    instance: String,
    credential: Credential,
    intends: Use,
}

/// Terraform plans what does not depend on each other at the same time, in any order: how long the one plan waits for the other.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(crate) struct Holders {
    objects: Mutex<HashMap<(Kind, String), Vec<Holder>>>,
    /// The states that were read in this run.
    read: Mutex<HashSet<String>>,
    noted: Notify,
}

impl Holders {
    pub(crate) fn was_read(&self, instance: &str) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(instance.to_owned());
    }

    pub(crate) fn has_read(&self, instance: &str) -> bool {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.contains(instance)
    }

    /// True if another state keeps this object. It may be about to say so.
    pub(crate) async fn is_kept(&self, kind: Kind, id: &str, instance: &str) -> bool {
        let kept = async {
            loop {
                let noted = self.noted.notified();
                if self.keeps(kind, id, instance) {
                    return;
                }
                noted.await;
            }
        };
        tokio::time::timeout(PATIENCE, kept).await.is_ok()
    }

    fn keeps(&self, kind: Kind, id: &str, instance: &str) -> bool {
        let objects = self.objects();
        let mut holders = objects.get(&(kind, id.to_owned())).into_iter().flatten();
        holders.any(|holder| holder.intends == Use::Keeps && holder.instance != instance)
    }

    /// Notes what is planned for the object of a state. A plan may be asked for again: the latest counts.
    pub(crate) fn note(
        &self,
        kind: Kind,
        id: &str,
        instance: &str,
        credential: Credential,
        intends: Use,
    ) -> Option<Clash> {
        let mut objects = self.objects();
        let holders = objects.entry((kind, id.to_owned())).or_default();
        holders.retain(|holder| holder.instance != instance);
        holders.push(Holder {
            instance: instance.to_owned(),
            credential,
            intends,
        });
        self.noted.notify_waiters();
        clash(holders)
    }

    /// What this state holds is to be replaced: its id, and whom that hurts.
    pub(crate) fn ends(&self, kind: Kind, instance: &str) -> Option<(String, Clash)> {
        let mut objects = self.objects();
        objects
            .iter_mut()
            .filter(|((of_kind, _), _)| *of_kind == kind)
            .find_map(|((_, id), holders)| {
                let position = holders.iter().position(|it| it.instance == instance)?;
                let mut holder = holders.remove(position);
                holder.intends = Use::Ends;
                holders.push(holder);
                clash(holders)
                    .filter(|clash| *clash == Clash::EndsAnothers)
                    .map(|clash| (id.clone(), clash))
            })
    }

    /// This state holds nothing any more.
    pub(crate) fn gone(&self, kind: Kind, id: &str, instance: &str) {
        if let Some(holders) = self.objects().get_mut(&(kind, id.to_owned())) {
            holders.retain(|holder| holder.instance != instance);
        }
    }

    fn objects(&self) -> MutexGuard<'_, HashMap<(Kind, String), Vec<Holder>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the last one clashes with the others.
fn clash(holders: &[Holder]) -> Option<Clash> {
    let (last, others) = holders.split_last()?;
    let ends_anothers = others.iter().any(|other| {
        last.intends != other.intends && last.credential.was_issued_with(&other.credential)
    });
    let kept_twice =
        last.intends == Use::Keeps && others.iter().any(|other| other.intends == Use::Keeps);
    match (ends_anothers, kept_twice) {
        (true, _) => Some(Clash::EndsAnothers),
        (false, true) => Some(Clash::HeldTwice),
        (false, false) => None,
    }
}
