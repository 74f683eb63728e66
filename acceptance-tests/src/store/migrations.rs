//! The shape of the database. Each entry of [`STEPS`] brings it one version further; `PRAGMA user_version` counts
//! the steps done. A step that was ever released is never edited, only followed by another.

use rusqlite::Connection;

use super::StoreError;

pub(super) const LATEST: i64 = STEPS.len() as i64;

const STEPS: &[&str] = &[
    // `seq` is the order of creation that lists page by; AUTOINCREMENT never hands one out twice, so a cursor
    // stays right when the last object is deleted.
    "
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE operators (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL);

    CREATE TABLE service_accounts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        description TEXT,
        roles TEXT NOT NULL,
        disabled INTEGER NOT NULL,
        restriction TEXT,
        managed_by TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        vendor TEXT NOT NULL
    );
    CREATE INDEX service_accounts_by_name ON service_accounts (name, seq);
    CREATE INDEX service_accounts_by_manager ON service_accounts (managed_by, seq);

    CREATE TABLE access_tokens (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        service_account_id TEXT REFERENCES service_accounts (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        description TEXT,
        roles TEXT NOT NULL,
        scopes TEXT NOT NULL,
        visibility TEXT,
        disabled INTEGER NOT NULL,
        expires_at INTEGER,
        managed_by TEXT,
        generation INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        issued_at INTEGER NOT NULL,
        last_used_at INTEGER,
        updated_at INTEGER NOT NULL,
        vendor TEXT NOT NULL
    );
    CREATE INDEX access_tokens_by_name ON access_tokens (name, seq);
    CREATE INDEX access_tokens_by_account ON access_tokens (service_account_id, seq);
    CREATE INDEX access_tokens_by_manager ON access_tokens (managed_by, seq);

    CREATE TABLE secrets (
        hash TEXT PRIMARY KEY,
        access_token_id TEXT REFERENCES access_tokens (id) ON DELETE CASCADE,
        service_account_id TEXT REFERENCES service_accounts (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('current', 'previous', 'exchanged')),
        generation INTEGER NOT NULL,
        scopes TEXT,
        issued_at INTEGER NOT NULL,
        expires_at INTEGER,
        until_first_use INTEGER NOT NULL
    );
    CREATE INDEX secrets_by_token ON secrets (access_token_id, kind);
    CREATE INDEX secrets_by_account ON secrets (service_account_id, kind);
    CREATE INDEX secrets_by_expiry ON secrets (kind, expires_at);

    CREATE TABLE samples (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        labels TEXT NOT NULL,
        value TEXT NOT NULL
    );

    CREATE TABLE replays (
        credential TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        status INTEGER NOT NULL,
        headers TEXT NOT NULL,
        body TEXT NOT NULL,
        answered_at INTEGER NOT NULL,
        PRIMARY KEY (credential, key)
    ) WITHOUT ROWID;
    CREATE INDEX replays_by_age ON replays (answered_at);
    ",
    "
    CREATE TABLE documents (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (kind, name)
    );
    ",
];

/// Does the steps that are missing; returns the version found before.
pub(super) fn run(connection: &mut Connection) -> Result<i64, StoreError> {
    // IMMEDIATE: of two servers that open a new file together, the second waits and then finds the work done.
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > LATEST {
        return Ok(found);
    }
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.commit()?;
    Ok(found)
}
