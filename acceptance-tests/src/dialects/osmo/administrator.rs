//! The default administrator, whom every deployment starts with: a user with one access token, which is the operator's
//! secret and ends in ten years.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, json};

use super::{dates, tokens, users};
use crate::store::{AccessToken, ServiceAccount, Store, StoreError};

pub(super) const USER: &str = "admin";
pub(super) const ROLE: &str = "osmo-admin";
pub(super) const TOKEN: &str = "default-admin-token";
const TOKEN_DAYS: i32 = 3650;

/// Makes the user and its token unless they are there from an earlier start.
pub(super) fn prepare(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let roles = BTreeSet::from([ROLE.to_owned()]);
    if store.service_account(USER)?.is_none() {
        let assigned =
            json!({ ROLE: { "assigned_by": "System", "assigned_at": dates::show_moment(now) } });
        store.insert_service_account(&ServiceAccount {
            sequence: 0,
            id: USER.to_owned(),
            name: USER.to_owned(),
            description: None,
            roles: roles.clone(),
            disabled: false,
            restriction: None,
            managed_by: None,
            created_at: now,
            updated_at: now,
            vendor: Map::from_iter([
                (users::CREATED_BY.to_owned(), json!(USER)),
                (users::ASSIGNED.to_owned(), assigned),
            ]),
        })?;
    }
    let id = tokens::id(USER, TOKEN);
    if store.access_token(&id)?.is_some() {
        return Ok(());
    }
    // The row is for lists only: the secret is looked up among the operators'.
    store.insert_access_token(&AccessToken {
        sequence: 0,
        id,
        service_account_id: Some(USER.to_owned()),
        name: TOKEN.to_owned(),
        description: Some(
            "Default admin access_token created during service initialization".to_owned(),
        ),
        roles,
        scopes: BTreeSet::new(),
        visibility: None,
        disabled: false,
        expires_at: Some(dates::start_of(dates::days_after(now, TOKEN_DAYS))),
        managed_by: None,
        generation: 1,
        created_at: now,
        issued_at: now,
        last_used_at: None,
        updated_at: now,
        vendor: Map::from_iter([(tokens::CREATED_BY.to_owned(), json!("System"))]),
        account_disabled: false,
        previous: None,
    })
}
