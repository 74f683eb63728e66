//! Objects that only one dialect has and that no token depends on (teams, role definitions): a kind, a name, and JSON
//! in the dialect's own words.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::{Store, StoreError};

/// One such object, with its position in the order of creation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) sequence: i64,
    pub(crate) body: Value,
}

impl Store {
    pub(crate) fn document(&self, kind: &str, name: &str) -> Result<Option<Document>, StoreError> {
        self.connection
            .prepare_cached("SELECT seq, body FROM documents WHERE kind = ?1 AND name = ?2")?
            .query_row([kind, name], from_row)
            .optional()
    }

    /// All of a kind, oldest first.
    pub(crate) fn documents(&self, kind: &str) -> Result<Vec<Document>, StoreError> {
        self.connection
            .prepare_cached("SELECT seq, body FROM documents WHERE kind = ?1 ORDER BY seq")?
            .query_map([kind], from_row)?
            .collect()
    }

    /// Inserts the document, or replaces the one of this name in place.
    pub(crate) fn keep_document(
        &self,
        kind: &str,
        name: &str,
        body: &Value,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO documents (kind, name, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body",
            )?
            .execute(params![kind, name, body.to_string()])?;
        Ok(())
    }

    /// Whether there was one to delete.
    pub(crate) fn delete_document(&self, kind: &str, name: &str) -> Result<bool, StoreError> {
        let deleted = self
            .connection
            .prepare_cached("DELETE FROM documents WHERE kind = ?1 AND name = ?2")?
            .execute([kind, name])?;
        Ok(deleted > 0)
    }
}

fn from_row(row: &rusqlite::Row<'_>) -> Result<Document, StoreError> {
    Ok(Document {
        sequence: row.get(0)?,
        body: super::json(row.get(1)?),
    })
}
