//! Service accounts as rows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Store, StoreError, TokenFilter, as_json, fits, json, milliseconds, time};

/// An account that programs sign in as.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceAccount {
    /// Position in the order of creation; 0 until stored.
    pub sequence: i64,
    /// The server's name for it, never reused.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Names of the roles it has.
    pub roles: BTreeSet<String>,
    /// A disabled account's tokens are refused.
    pub disabled: bool,
    /// Which data it may see.
    pub restriction: Option<Restriction>,
    /// The tool that owns it, if any.
    pub managed_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What only one dialect knows.
    pub vendor: Map<String, Value>,
}

/// Limits an account to part of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// `READ`, `WRITE` or `READ_AND_WRITE`.
    pub permission: String,
    /// Only data that carries all of these labels.
    pub labels: BTreeMap<String, String>,
}

/// Which accounts a list shall hold; the default is all of them.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Exactly this name.
    pub name: Option<String>,
    /// Exactly this owner.
    pub managed_by: Option<String>,
    /// The list as of this time: without accounts made later, with those deleted later. Other changes show already.
    pub created_until: Option<Timestamp>,
}

const COLUMNS: &str = "seq, id, name, description, roles, disabled, restriction, managed_by, created_at, updated_at, vendor";

impl Store {
    /// Up to `limit` accounts that come after the one with sequence `after` (0: from the start), oldest first.
    pub fn service_accounts(
        &self,
        filter: &AccountFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<ServiceAccount>, StoreError> {
        let sql_limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(&list_statement(filter))?;
        let rows = statement.query_map(
            params![
                after,
                filter.name,
                filter.managed_by,
                filter.created_until.map(milliseconds),
                sql_limit
            ],
            from_row,
        )?;
        let mut found = rows.collect::<Result<Vec<_>, _>>()?;
        if let Some(time) = filter.created_until {
            let wanted =
                |account: &ServiceAccount| account.sequence > after && filter.takes(account);
            let graves = &self.graves.service_accounts;
            graves.raise(&mut found, time, limit, wanted, |account| account.sequence);
        }
        Ok(found)
    }

    /// The account with this id.
    pub fn service_account(&self, id: &str) -> Result<Option<ServiceAccount>, StoreError> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM service_accounts WHERE id = ?1"
            ))?
            .query_row([id], from_row)
            .optional()
    }

    /// When any token of this account was last used.
    pub fn service_account_last_used_at(&self, id: &str) -> Result<Option<Timestamp>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT max(last_used_at) FROM access_tokens WHERE service_account_id = ?1",
            )?
            .query_row([id], |row| row.get::<_, Option<i64>>(0))
            .map(|found| found.map(time))
    }

    pub(crate) fn insert_service_account(
        &self,
        account: &ServiceAccount,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO service_accounts (id, name, description, roles, disabled, restriction, managed_by, created_at, updated_at, vendor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                account.id,
                account.name,
                account.description,
                as_json(&account.roles),
                account.disabled,
                account.restriction.as_ref().map(as_json),
                account.managed_by,
                milliseconds(account.created_at),
                milliseconds(account.updated_at),
                as_json(&account.vendor),
            ])?;
        Ok(())
    }

    pub(crate) fn update_service_account(
        &self,
        account: &ServiceAccount,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "UPDATE service_accounts SET name = ?2, description = ?3, roles = ?4, disabled = ?5, restriction = ?6,
                 managed_by = ?7, updated_at = ?8, vendor = ?9 WHERE id = ?1",
            )?
            .execute(params![
                account.id,
                account.name,
                account.description,
                as_json(&account.roles),
                account.disabled,
                account.restriction.as_ref().map(as_json),
                account.managed_by,
                milliseconds(account.updated_at),
                as_json(&account.vendor),
            ])?;
        Ok(())
    }

    /// Deletes the account, its tokens and their secrets.
    pub(crate) fn delete_service_account(&self, id: &str) -> Result<(), StoreError> {
        let its_tokens = TokenFilter {
            service_account_id: Some(id.to_owned()),
            ..TokenFilter::default()
        };
        let tokens = self.access_tokens(&its_tokens, 0, usize::MAX)?;
        let account = self.service_account(id)?;
        self.graves.access_tokens.bury(self.graves.now(), tokens);
        self.graves
            .service_accounts
            .bury(self.graves.now(), account);
        self.connection
            .prepare_cached("DELETE FROM service_accounts WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }
}

impl AccountFilter {
    /// Whether the list holds this account; the same in words as the statement is in SQL.
    fn takes(&self, account: &ServiceAccount) -> bool {
        fits(self.name.as_ref(), Some(&account.name))
            && fits(self.managed_by.as_ref(), account.managed_by.as_ref())
            && self
                .created_until
                .is_none_or(|time| account.created_at <= time)
    }
}

/// One statement per combination of filters, so that each can use its index.
fn list_statement(filter: &AccountFilter) -> String {
    let conditions = [
        (filter.name.is_some(), " AND name = ?2"),
        (filter.managed_by.is_some(), " AND managed_by = ?3"),
        (filter.created_until.is_some(), " AND created_at <= ?4"),
    ];
    let wanted = conditions.iter().filter(|(wanted, _)| *wanted);
    let conditions: String = wanted.map(|(_, condition)| *condition).collect();
    format!(
        "SELECT {COLUMNS} FROM service_accounts WHERE seq > ?1{conditions} ORDER BY seq LIMIT ?5"
    )
}

fn from_row(row: &Row<'_>) -> Result<ServiceAccount, StoreError> {
    Ok(ServiceAccount {
        sequence: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        roles: json(row.get(4)?),
        disabled: row.get(5)?,
        restriction: json(row.get(6)?),
        managed_by: row.get(7)?,
        created_at: time(row.get(8)?),
        updated_at: time(row.get(9)?),
        vendor: json(row.get(10)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Database;

    #[test]
    fn no_list_of_accounts_looks_at_all_of_them_or_sorts() {
        let store = Store::open(&Database::Memory).unwrap();
        let some = || Some("x".to_owned());
        for filter in [
            AccountFilter::default(),
            AccountFilter {
                name: some(),
                ..AccountFilter::default()
            },
            AccountFilter {
                managed_by: some(),
                ..AccountFilter::default()
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
