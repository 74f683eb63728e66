//! Which states of this run hold which object, as far as their plans were asked for. Two states that hold one object (a copy with the
//! same import, an address that changed without `moved`, what an interrupted replacement left) each undo what the other does.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use lanyard_compiler::model::Kind;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

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
    /// `None`: whatever the object has.
    credential: Option<Credential>,
    intends: Use,
}

/// A state that was read in this run.
struct Reader {
    instance: String,
    /// The secret there is the one that was issued for it.
    has_own_secret: bool,
}

/// Terraform reads what does not depend on each other at the same time, in any order: how long the reads of a run wait for others of their
/// kind, all together. Tokens are read after their accounts, so that one that waits for another token waits for that one's account, too.
fn patience(kind: Kind) -> Duration {
    match kind {
        Kind::ServiceAccount => Duration::from_millis(300),
        Kind::AccessToken => Duration::from_secs(1),
    }
}

#[derive(Default)]
pub(crate) struct Holders {
    objects: Mutex<HashMap<(Kind, String), Vec<Holder>>>,
    read: Mutex<HashMap<(Kind, String), Vec<Reader>>>,
    noted: Notify,
    /// When reads of accounts wait no longer, and those of tokens.
    patience_ends: [OnceLock<Instant>; 2],
}

impl Holders {
    /// Notes that a state was read, and whether the secret there is its own.
    pub(crate) fn was_read(&self, kind: Kind, id: &str, instance: &str, has_own_secret: bool) {
        let mut read = self.read.lock();
        let readers = read.entry((kind, id.to_owned())).or_default();
        readers.retain(|reader| reader.instance != instance);
        readers.push(Reader {
            instance: instance.to_owned(),
            has_own_secret,
        });
        drop(read);
        self.noted.notify_waiters();
    }

    /// True if another state that was read has the secret of this object for its own: it took the object over.
    pub(crate) fn is_taken(&self, kind: Kind, id: &str, instance: &str) -> bool {
        let read = self.read.lock();
        let mut readers = read.get(&(kind, id.to_owned())).into_iter().flatten();
        readers.any(|reader| reader.has_own_secret && reader.instance != instance)
    }

    /// Likewise; the other one may be about to be read.
    pub(crate) async fn is_taken_soon(&self, kind: Kind, id: &str, instance: &str) -> bool {
        let taken = async {
            loop {
                let noted = self.noted.notified();
                if self.is_taken(kind, id, instance) {
                    return;
                }
                noted.await;
            }
        };
        let [of_accounts, of_tokens] = &self.patience_ends;
        let ends = match kind {
            Kind::ServiceAccount => of_accounts,
            Kind::AccessToken => of_tokens,
        };
        let ends = ends.get_or_init(|| Instant::now() + patience(kind));
        tokio::time::timeout_at(*ends, taken).await.is_ok()
    }

    /// Notes what is planned for the object of a state. A plan may be asked for again: the latest counts.
    pub(crate) fn note(
        &self,
        kind: Kind,
        id: &str,
        instance: &str,
        credential: Option<Credential>,
        intends: Use,
    ) -> Option<Clash> {
        let mut objects = self.objects.lock();
        let holders = objects.entry((kind, id.to_owned())).or_default();
        holders.retain(|holder| holder.instance != instance);
        holders.push(Holder {
            instance: instance.to_owned(),
            credential,
            intends,
        });
        clash(holders)
    }

    /// What this state holds is to be replaced: its id, and whom that hurts.
    pub(crate) fn ends(&self, kind: Kind, instance: &str) -> Option<(String, Clash)> {
        let mut objects = self.objects.lock();
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
        if let Some(holders) = self.objects.lock().get_mut(&(kind, id.to_owned())) {
            holders.retain(|holder| holder.instance != instance);
        }
    }
}

/// How the last one clashes with the others.
fn clash(holders: &[Holder]) -> Option<Clash> {
    let (last, others) = holders.split_last()?;
    let ends_anothers = others.iter().any(|other| {
        let credentials = last.credential.as_ref().zip(other.credential.as_ref());
        let may_be_one = credentials.is_none_or(|(one, other)| one.was_issued_with(other));
        last.intends != other.intends && may_be_one
    });
    let kept_twice =
        last.intends == Use::Keeps && others.iter().any(|other| other.intends == Use::Keeps);
    match (ends_anothers, kept_twice) {
        (true, _) => Some(Clash::EndsAnothers),
        (false, true) => Some(Clash::HeldTwice),
        (false, false) => None,
    }
}
