//! Answers kept under their idempotency key, so that a repeated request gets the first one's answer. Secrets are
//! not in them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, as_json, json, milliseconds, time};

#[derive(Clone, Debug)]
pub(crate) struct Replay {
    /// Which request was answered: a hash of its method, path and body.
    pub(crate) fingerprint: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) answered_at: Timestamp,
}

impl Store {
    pub(crate) fn replay(&self, credential: &str, key: &str) -> Result<Option<Replay>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT fingerprint, status, headers, body, answered_at FROM replays WHERE credential = ?1 AND key = ?2",
            )?
            .query_row([credential, key], |row| {
                Ok(Replay {
                    fingerprint: row.get(0)?,
                    status: row.get(1)?,
                    headers: json(row.get(2)?),
                    body: row.get(3)?,
                    answered_at: time(row.get(4)?),
                })
            })
            .optional()
    }

    pub(crate) fn insert_replay(
        &self,
        credential: &str,
        key: &str,
        replay: &Replay,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO replays (credential, key, fingerprint, status, headers, body, answered_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                credential,
                key,
                replay.fingerprint,
                replay.status,
                as_json(&replay.headers),
                replay.body,
                milliseconds(replay.answered_at),
            ])?;
        Ok(())
    }

    pub(crate) fn sweep_replays(&self, answered_before: Timestamp) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM replays WHERE answered_at <= ?1")?
            .execute([milliseconds(answered_before)])?;
        Ok(())
    }
}
