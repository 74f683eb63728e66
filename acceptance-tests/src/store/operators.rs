//! Operators: who started the server. Each start makes one; earlier ones stay valid, so that a state file that
//! remembers one still works after a restart.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, milliseconds};

/// How long a session lasts that was opened by signing in.
pub(crate) const SESSION_MILLISECONDS: i64 = 30 * 24 * 3600 * 1000;

#[derive(Clone, Debug)]
pub(crate) struct Operator {
    pub(crate) id: String,
}

impl Store {
    pub(crate) fn insert_operator(
        &self,
        operator: &Operator,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT INTO operators (id, hash, created_at) VALUES (?1, ?2, ?3)")?
            .execute(params![operator.id, hash, milliseconds(now)])?;
        Ok(())
    }

    pub(crate) fn operator(&self, hash: &str) -> Result<Option<Operator>, StoreError> {
        self.connection
            .prepare_cached("SELECT id FROM operators WHERE hash = ?1")?
            .query_row([hash], |row| Ok(Operator { id: row.get(0)? }))
            .optional()
    }

    /// As [`Self::operator`], without sessions that were opened more than 30 days ago.
    pub(crate) fn session_at(
        &self,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<Operator>, StoreError> {
        self.connection
            .prepare_cached(
                r"SELECT id FROM operators WHERE hash = ?1 AND (id NOT LIKE 'se\_%' ESCAPE '\' OR created_at > ?2)",
            )?
            .query_row(params![hash, milliseconds(now) - SESSION_MILLISECONDS], |row| {
                Ok(Operator { id: row.get(0)? })
            })
            .optional()
    }

    /// Ends a session that was opened by signing in; the operator's own credential stays.
    pub(crate) fn delete_session(&self, hash: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                r"DELETE FROM operators WHERE hash = ?1 AND id LIKE 'se\_%' ESCAPE '\'",
            )?
            .execute([hash])?;
        Ok(())
    }
}
