//! Samples: the small resource that tokens protect, to show what a token may do.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError, as_json, json};

/// A value with labels that restrictions are matched against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Position in the order of creation; 0 until stored.
    pub sequence: i64,
    /// Its name in paths.
    pub id: String,
    /// Compared case-sensitively.
    pub labels: BTreeMap<String, String>,
    /// Free text.
    pub value: String,
}

impl Store {
    /// Up to `limit` samples after the one with sequence `after`, oldest first.
    pub fn samples(&self, after: i64, limit: usize) -> Result<Vec<Sample>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, id, labels, value FROM samples WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([after, limit], from_row)?;
        rows.collect()
    }

    /// The sample with this id.
    pub fn sample(&self, id: &str) -> Result<Option<Sample>, StoreError> {
        self.connection
            .prepare_cached("SELECT seq, id, labels, value FROM samples WHERE id = ?1")?
            .query_row([id], from_row)
            .optional()
    }

    /// Writes the sample, in the place of one with the same id if there is one.
    pub(crate) fn put_sample(&self, sample: &Sample) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO samples (id, labels, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET labels = excluded.labels, value = excluded.value",
            )?
            .execute(params![sample.id, as_json(&sample.labels), sample.value])?;
        Ok(())
    }

    pub(crate) fn delete_sample(&self, id: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM samples WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<Sample, StoreError> {
    Ok(Sample {
        sequence: row.get(0)?,
        id: row.get(1)?,
        labels: json(row.get(2)?),
        value: row.get(3)?,
    })
}
