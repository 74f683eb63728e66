//! Secrets that were just handed out, in memory only and for ten minutes, so that a request repeated under its
//! idempotency key gets the secret that its first answer lost on the way. They never reach the database.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

const KEPT: SignedDuration = SignedDuration::from_mins(10);

#[derive(Default)]
pub(crate) struct RecentSecrets(Mutex<HashMap<(String, String), Recent>>);

struct Recent {
    secret: String,
    issued_at: Timestamp,
}

impl RecentSecrets {
    pub(crate) fn keep(&self, credential: &str, key: &str, secret: &str, now: Timestamp) {
        let mut kept = self.0.lock();
        kept.retain(|_, recent| is_recent(recent, now));
        kept.insert(
            (credential.to_owned(), key.to_owned()),
            Recent {
                secret: secret.to_owned(),
                issued_at: now,
            },
        );
    }

    pub(crate) fn get(&self, credential: &str, key: &str, now: Timestamp) -> Option<String> {
        let kept = self.0.lock();
        let recent = kept.get(&(credential.to_owned(), key.to_owned()))?;
        is_recent(recent, now).then(|| recent.secret.clone())
    }
}

fn is_recent(recent: &Recent, now: Timestamp) -> bool {
    now.duration_since(recent.issued_at) < KEPT
}
