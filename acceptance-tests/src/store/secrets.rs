//! Hashes of secrets, and which token or account each one opens.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, params};

use super::{Store, StoreError, as_json, json, milliseconds, time};

/// What the store knows of one secret: everything but the secret.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    /// SHA-256 in lower-case hex.
    pub(crate) hash: String,
    pub(crate) access_token_id: Option<String>,
    /// Set where a dialect's accounts have a secret of their own.
    pub(crate) service_account_id: Option<String>,
    pub(crate) kind: SecretKind,
    /// The generation of the token it was made in.
    pub(crate) generation: i64,
    /// What an exchange narrowed it to.
    pub(crate) scopes: Option<BTreeSet<String>>,
    pub(crate) issued_at: Timestamp,
    /// Its own end; a current secret ends with its token instead.
    pub(crate) expires_at: Option<Timestamp>,
    /// A previous secret that dies as soon as the current one is used.
    pub(crate) until_first_use: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    /// Of the token's present generation.
    Current,
    /// Of the generation before, in its grace period.
    Previous,
    /// Short-lived, handed out by a token exchange.
    Exchanged,
}

impl ToSql for SecretKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Current => "current",
            Self::Previous => "previous",
            Self::Exchanged => "exchanged",
        }))
    }
}

impl FromSql for SecretKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "current" => Ok(Self::Current),
            "previous" => Ok(Self::Previous),
            "exchanged" => Ok(Self::Exchanged),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

const COLUMNS: &str = "hash, access_token_id, service_account_id, kind, generation, scopes, issued_at, expires_at, until_first_use";

impl Store {
    pub(crate) fn secret(&self, hash: &str) -> Result<Option<Secret>, StoreError> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM secrets WHERE hash = ?1"))?
            .query_row([hash], from_row)
            .optional()
    }

    /// The token's secret of this kind; of exchanged ones there can be many, and this is any of them.
    pub(crate) fn secret_of_token(
        &self,
        token_id: &str,
        kind: SecretKind,
    ) -> Result<Option<Secret>, StoreError> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM secrets WHERE access_token_id = ?1 AND kind = ?2 LIMIT 1"
            ))?
            .query_row(params![token_id, kind], from_row)
            .optional()
    }

    pub(crate) fn insert_secret(&self, secret: &Secret) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(&format!(
                "INSERT INTO secrets ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            ))?
            .execute(params![
                secret.hash,
                secret.access_token_id,
                secret.service_account_id,
                secret.kind,
                secret.generation,
                secret.scopes.as_ref().map(as_json),
                milliseconds(secret.issued_at),
                secret.expires_at.map(milliseconds),
                secret.until_first_use,
            ])?;
        Ok(())
    }

    pub(crate) fn update_secret(&self, secret: &Secret) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE secrets SET kind = ?2, expires_at = ?3, until_first_use = ?4 WHERE hash = ?1",
            )?
            .execute(params![
                secret.hash,
                secret.kind,
                secret.expires_at.map(milliseconds),
                secret.until_first_use,
            ])?;
        Ok(())
    }

    pub(crate) fn delete_secret(&self, hash: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM secrets WHERE hash = ?1")?
            .execute([hash])?;
        Ok(())
    }

    /// Forgets exchanged secrets that ended before this time; nobody can ask for them again.
    pub(crate) fn sweep_exchanged_secrets(&self, now: Timestamp) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM secrets WHERE kind = 'exchanged' AND expires_at <= ?1")?
            .execute([milliseconds(now)])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<Secret, StoreError> {
    Ok(Secret {
        hash: row.get(0)?,
        access_token_id: row.get(1)?,
        service_account_id: row.get(2)?,
        kind: row.get(3)?,
        generation: row.get(4)?,
        scopes: row
            .get::<_, Option<String>>(5)?
            .map(|text| json(Some(text))),
        issued_at: time(row.get(6)?),
        expires_at: row.get::<_, Option<i64>>(7)?.map(time),
        until_first_use: row.get(8)?,
    })
}
