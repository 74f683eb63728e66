//! The store: service accounts, access tokens, the hashes of their secrets, and what else must survive a restart,
//! in SQLite (a file or memory). It keeps what any token server would; a dialect puts its own extra fields into
//! the `vendor` column of an object. It decides nothing: rules live in the dialects.

mod access_tokens;
mod documents;
mod graves;
mod migrations;
mod operators;
mod replays;
mod samples;
mod secrets;
mod service_accounts;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::de::DeserializeOwned;

pub use access_tokens::{AccessToken, Previous, TokenFilter};
pub(crate) use operators::{Operator, SESSION_MILLISECONDS};
pub(crate) use replays::Replay;
pub use samples::Sample;
pub(crate) use secrets::{Secret, SecretKind};
pub use service_accounts::{AccountFilter, Restriction, ServiceAccount};

/// SQLite refused: a full disk, a damaged file, a lock held by another program for too long.
pub type StoreError = rusqlite::Error;

/// Where the store keeps its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// Gone when the server stops.
    #[default]
    Memory,
    /// A SQLite file, made when it does not exist.
    File(PathBuf),
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened or written, or is no database.
    #[error("cannot use {path} as database: {source}", path = .path.display())]
    Unusable {
        /// The file as it was named.
        path: PathBuf,
        /// What SQLite said.
        source: StoreError,
    },
    /// The file was written by a later version of this server.
    #[error("{path} was written by a newer version of this server (its format is {found}, this one knows {known})", path = .path.display())]
    Newer {
        /// The file as it was named.
        path: PathBuf,
        /// The format's number in the file.
        found: i64,
        /// The latest format this server knows.
        known: i64,
    },
}

/// One open database.
pub struct Store {
    connection: Connection,
    graves: graves::Graves,
}

impl Store {
    /// Opens the database, and brings an older file up to date.
    pub fn open(database: &Database) -> Result<Self, OpenError> {
        let path = match database {
            Database::Memory => Path::new(":memory:"),
            Database::File(path) => path,
        };
        let unusable = |source| OpenError::Unusable {
            path: path.to_owned(),
            source,
        };
        let mut connection = Connection::open(path).map_err(unusable)?;
        prepare(&connection).map_err(unusable)?;
        let found = migrations::run(&mut connection).map_err(unusable)?;
        if found > migrations::LATEST {
            return Err(OpenError::Newer {
                path: path.to_owned(),
                found,
                known: migrations::LATEST,
            });
        }
        Ok(Self {
            connection,
            graves: graves::Graves::default(),
        })
    }

    /// All that it holds, in memory.
    pub(crate) fn copy(&self) -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        Backup::new(&self.connection, &mut connection)?.step(-1)?;
        prepare(&connection)?;
        Ok(Self {
            connection,
            graves: graves::Graves::default(),
        })
    }

    /// Tells the store what time it is for the work that follows.
    pub(crate) fn set_now(&self, now: Timestamp) {
        self.graves.set_now(now);
    }

    /// Runs work that either happens as a whole or not at all: `Err` undoes what it wrote.
    pub(crate) fn in_transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        // IMMEDIATE: when two servers share a file, the second waits here instead of failing at its first write.
        // Dropped without a commit, a transaction is rolled back.
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let outcome = work()?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// How SQLite would go about a statement.
    #[cfg(test)]
    fn query_plan(&self, statement: &str) -> String {
        let mut explain = self
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
            .unwrap();
        // Unlike `query`, this leaves the parameters unbound.
        let steps: Result<Vec<String>, _> = explain
            .raw_query()
            .mapped(|row| row.get("detail"))
            .collect();
        steps.unwrap().join("; ")
    }

    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.connection
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()
    }

    pub(crate) fn keep_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)")?
            .execute(params![name, value])?;
        Ok(())
    }
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    // WAL keeps what was answered when the process is killed; NORMAL leaves out the disk flush per request,
    // which only a power cut would need.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", "ON")
}

/// Whether a value passes a filter, which may be open.
fn fits(wanted: Option<&String>, found: Option<&String>) -> bool {
    wanted.is_none() || wanted == found
}

/// Times are kept as milliseconds since 1970: some vendors show them so, and all can be derived from it.
fn milliseconds(time: Timestamp) -> i64 {
    time.as_millisecond()
}

fn time(milliseconds: i64) -> Timestamp {
    // Only times that were a `Timestamp` before are ever stored.
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// Lists and groups are kept as JSON in a text column.
fn json<T: DeserializeOwned + Default>(text: Option<String>) -> T {
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn as_json<T: serde::Serialize>(value: &T) -> String {
    // Only strings, lists and maps with string keys are stored: they can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
