//! What was deleted a short while ago, for lists as they were then: a replica that lags shows the dead. In memory
//! only, and only so many; without a fault that asks for it nobody looks here.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use jiff::Timestamp;

use super::{AccessToken, ServiceAccount};

const REMEMBERED: usize = 10_000;

#[derive(Default)]
pub(super) struct Graves {
    now: Cell<Timestamp>,
    pub(super) service_accounts: Graveyard<ServiceAccount>,
    pub(super) access_tokens: Graveyard<AccessToken>,
}

pub(super) struct Graveyard<T>(RefCell<VecDeque<(Timestamp, T)>>);

impl<T> Default for Graveyard<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl Graves {
    pub(super) fn set_now(&self, now: Timestamp) {
        self.now.set(now);
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now.get()
    }
}

impl<T: Clone> Graveyard<T> {
    pub(super) fn bury(&self, deleted_at: Timestamp, dead: impl IntoIterator<Item = T>) {
        let mut graves = self.0.borrow_mut();
        graves.extend(dead.into_iter().map(|dead| (deleted_at, dead)));
        let superfluous = graves.len().saturating_sub(REMEMBERED);
        graves.drain(..superfluous);
    }

    /// Puts among the `living`, up to the `limit` of a page, the wanted ones that died after `time`.
    pub(super) fn raise(
        &self,
        living: &mut Vec<T>,
        time: Timestamp,
        limit: usize,
        wanted: impl Fn(&T) -> bool,
        sequence: impl Fn(&T) -> i64,
    ) {
        let graves = self.0.borrow();
        let dead = graves
            .iter()
            .filter(|(deleted_at, dead)| *deleted_at > time && wanted(dead));
        living.extend(dead.map(|(_, dead)| dead.clone()));
        living.sort_by_key(&sequence);
        // A deletion that was rolled back left its object on both sides.
        living.dedup_by_key(|object| sequence(object));
        living.truncate(limit);
    }
}
