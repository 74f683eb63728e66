//! Access tokens as rows. Their secrets are in a table of their own, as hashes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Map, Value};

use super::{Store, StoreError, as_json, fits, json, milliseconds, time};

/// What a program shows to be let in; its secret is replaced when it is rotated, it stays the same token.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessToken {
    /// Position in the order of creation; 0 until stored.
    pub sequence: i64,
    /// The server's name for it, never reused.
    pub id: String,
    /// The account it belongs to, if any.
    pub service_account_id: Option<String>,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Names of the roles it has; never more than its account.
    pub roles: BTreeSet<String>,
    /// What it is narrowed to; empty means not narrowed.
    pub scopes: BTreeSet<String>,
    /// Who may see it, in the words of the dialect.
    pub visibility: Option<Value>,
    /// A disabled token is refused.
    pub disabled: bool,
    /// When its current secret dies.
    pub expires_at: Option<Timestamp>,
    /// The tool that owns it, if any.
    pub managed_by: Option<String>,
    /// 1, and one more with each rotation.
    pub generation: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its current secret was made.
    pub issued_at: Timestamp,
    /// When any of its secrets was last used.
    pub last_used_at: Option<Timestamp>,
    /// When it was last changed; being used is no change.
    pub updated_at: Timestamp,
    /// What only one dialect knows.
    pub vendor: Map<String, Value>,
    /// Found beside it: whether its account is disabled.
    pub account_disabled: bool,
    /// Found beside it: its former secret, whose own end may have passed.
    pub previous: Option<Previous>,
}

/// A former secret in its grace period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// When it ends at the latest.
    pub expires_at: Option<Timestamp>,
    /// Whether the first use of the current secret ends it.
    pub until_first_use: bool,
}

/// Which tokens a list shall hold; the default is all of them.
#[derive(Clone, Debug, Default)]
pub struct TokenFilter {
    /// Exactly this name.
    pub name: Option<String>,
    /// Only tokens of this account.
    pub service_account_id: Option<String>,
    /// Exactly this owner.
    pub managed_by: Option<String>,
    /// The list as of this time: without tokens made later, with those deleted later. Other changes show already.
    pub created_until: Option<Timestamp>,
}

const SELECT: &str = "
    SELECT token.seq, token.id, token.service_account_id, token.name, token.description, token.roles, token.scopes,
        token.visibility, token.disabled, token.expires_at, token.managed_by, token.generation, token.created_at,
        token.issued_at, token.last_used_at, token.updated_at, token.vendor, account.disabled, previous.hash,
        previous.expires_at, previous.until_first_use
    FROM access_tokens AS token
    LEFT JOIN service_accounts AS account ON account.id = token.service_account_id
    LEFT JOIN secrets AS previous ON previous.access_token_id = token.id AND previous.kind = 'previous'";

impl Store {
    /// Up to `limit` tokens that come after the one with sequence `after` (0: from the start), oldest first.
    pub fn access_tokens(
        &self,
        filter: &TokenFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<AccessToken>, StoreError> {
        let sql_limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(&list_statement(filter))?;
        let rows = statement.query_map(
            params![
                after,
                filter.name,
                filter.service_account_id,
                filter.managed_by,
                filter.created_until.map(milliseconds),
                sql_limit
            ],
            from_row,
        )?;
        let mut found = rows.collect::<Result<Vec<_>, _>>()?;
        if let Some(time) = filter.created_until {
            let wanted = |token: &AccessToken| token.sequence > after && filter.takes(token);
            let graves = &self.graves.access_tokens;
            graves.raise(&mut found, time, limit, wanted, |token| token.sequence);
        }
        Ok(found)
    }

    /// The token with this id.
    pub fn access_token(&self, id: &str) -> Result<Option<AccessToken>, StoreError> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE token.id = ?1"))?
            .query_row([id], from_row)
            .optional()
    }

    /// The token of this name within the account, or among those without an account.
    pub fn access_token_named(
        &self,
        service_account_id: Option<&str>,
        name: &str,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.connection
            .prepare_cached(&format!(
                "{SELECT} WHERE token.name = ?1 AND token.service_account_id IS ?2 ORDER BY token.seq LIMIT 1"
            ))?
            .query_row(params![name, service_account_id], from_row)
            .optional()
    }

    pub(crate) fn insert_access_token(&self, token: &AccessToken) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO access_tokens (id, service_account_id, name, description, roles, scopes, visibility, disabled, expires_at,
                 managed_by, generation, created_at, issued_at, last_used_at, updated_at, vendor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute(params![
                token.id,
                token.service_account_id,
                token.name,
                token.description,
                as_json(&token.roles),
                as_json(&token.scopes),
                token.visibility.as_ref().map(as_json),
                token.disabled,
                token.expires_at.map(milliseconds),
                token.managed_by,
                token.generation,
                milliseconds(token.created_at),
                milliseconds(token.issued_at),
                token.last_used_at.map(milliseconds),
                milliseconds(token.updated_at),
                as_json(&token.vendor),
            ])?;
        Ok(())
    }

    pub(crate) fn update_access_token(&self, token: &AccessToken) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE access_tokens SET name = ?2, description = ?3, roles = ?4, scopes = ?5, visibility = ?6, disabled = ?7,
                 expires_at = ?8, managed_by = ?9, generation = ?10, issued_at = ?11, last_used_at = ?12, updated_at = ?13, vendor = ?14
                 WHERE id = ?1",
            )?
            .execute(params![
                token.id,
                token.name,
                token.description,
                as_json(&token.roles),
                as_json(&token.scopes),
                token.visibility.as_ref().map(as_json),
                token.disabled,
                token.expires_at.map(milliseconds),
                token.managed_by,
                token.generation,
                milliseconds(token.issued_at),
                token.last_used_at.map(milliseconds),
                milliseconds(token.updated_at),
                as_json(&token.vendor),
            ])?;
        Ok(())
    }

    pub(crate) fn touch_access_token(
        &self,
        id: &str,
        used_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("UPDATE access_tokens SET last_used_at = ?2 WHERE id = ?1")?
            .execute(params![id, milliseconds(used_at)])?;
        Ok(())
    }

    /// Deletes the token and its secrets.
    pub(crate) fn delete_access_token(&self, id: &str) -> Result<(), StoreError> {
        let dead = self.access_token(id)?;
        self.graves.access_tokens.bury(self.graves.now(), dead);
        self.connection
            .prepare_cached("DELETE FROM access_tokens WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }
}

impl TokenFilter {
    /// Whether the list holds this token; the same in words as the statement is in SQL.
    fn takes(&self, token: &AccessToken) -> bool {
        fits(self.name.as_ref(), Some(&token.name))
            && fits(
                self.service_account_id.as_ref(),
                token.service_account_id.as_ref(),
            )
            && fits(self.managed_by.as_ref(), token.managed_by.as_ref())
            && self
                .created_until
                .is_none_or(|time| token.created_at <= time)
    }
}

/// One statement per combination of filters, so that each can use its index.
fn list_statement(filter: &TokenFilter) -> String {
    let conditions = [
        (filter.name.is_some(), " AND token.name = ?2"),
        (
            filter.service_account_id.is_some(),
            " AND token.service_account_id = ?3",
        ),
        (filter.managed_by.is_some(), " AND token.managed_by = ?4"),
        (
            filter.created_until.is_some(),
            " AND token.created_at <= ?5",
        ),
    ];
    let wanted = conditions.iter().filter(|(wanted, _)| *wanted);
    let conditions: String = wanted.map(|(_, condition)| *condition).collect();
    format!("{SELECT} WHERE token.seq > ?1{conditions} ORDER BY token.seq LIMIT ?6")
}

fn from_row(row: &Row<'_>) -> Result<AccessToken, StoreError> {
    Ok(AccessToken {
        sequence: row.get(0)?,
        id: row.get(1)?,
        service_account_id: row.get(2)?,
        name: row.get(3)?,
        description: row.get(4)?,
        roles: json(row.get(5)?),
        scopes: json(row.get(6)?),
        visibility: json(row.get(7)?),
        disabled: row.get(8)?,
        expires_at: row.get::<_, Option<i64>>(9)?.map(time),
        managed_by: row.get(10)?,
        generation: row.get(11)?,
        created_at: time(row.get(12)?),
        issued_at: time(row.get(13)?),
        last_used_at: row.get::<_, Option<i64>>(14)?.map(time),
        updated_at: time(row.get(15)?),
        vendor: json(row.get(16)?),
        account_disabled: row.get::<_, Option<bool>>(17)?.unwrap_or(false),
        previous: match row.get::<_, Option<String>>(18)? {
            None => None,
            Some(_) => Some(Previous {
                expires_at: row.get::<_, Option<i64>>(19)?.map(time),
                until_first_use: row.get(20)?,
            }),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Database;

    #[test]
    fn no_list_of_tokens_looks_at_all_of_them_or_sorts() {
        let store = Store::open(&Database::Memory).unwrap();
        let some = || Some("x".to_owned());
        for filter in [
            TokenFilter::default(),
            TokenFilter {
                name: some(),
                ..TokenFilter::default()
            },
            TokenFilter {
                service_account_id: some(),
                ..TokenFilter::default()
            },
            TokenFilter {
                managed_by: some(),
                ..TokenFilter::default()
            },
        ] {
            let plan = store.query_plan(&list_statement(&filter));
            assert!(
                !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
                "{filter:?}: {plan}"
            );
        }
    }
}
