//! `openobserve_service_account` and `openobserve_ingestion_token`, as the vendor's provider `openobserve/openobserve` writes them in
//! 2026: schema version 0, from its published schema. Who created a token and what OpenObserve itself says of an object stays with
//! the server, which keeps it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Origin;
use super::carried::{
    Carried, Left, Unreadable, access_token, meant, read, required, service_account, unknown,
};
use crate::model::Kind;
use crate::model::record::{AccessTokenRecord, ServiceAccountRecord, Standing};
use crate::model::server::openobserve::{is_default, name_for};
use crate::model::state::Rotation;
use crate::secret::Secret;
use crate::value::Entries;

const PROVIDERS: &[&str] = &["openobserve/openobserve"];

pub(super) const SERVICE_ACCOUNT: Origin = Origin {
    type_name: "openobserve_service_account",
    providers: PROVIDERS,
    schema_version: 0,
    kind: Kind::ServiceAccount,
    carry: carry_account,
};

pub(super) const INGESTION_TOKEN: Origin = Origin {
    type_name: "openobserve_ingestion_token",
    providers: PROVIDERS,
    schema_version: 0,
    kind: Kind::AccessToken,
    carry: carry_token,
};

/// The trigger that a `rotate_token` becomes.
pub(super) const ROTATE_TOKEN: &str = "rotate_token";

#[derive(Deserialize)]
struct Account {
    /// `ORGANIZATION/EMAIL`, as ours.
    id: Option<String>,
    /// Also the first half of `id`.
    #[serde(rename = "org_id")]
    _org_id: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    custom_roles: Option<BTreeSet<String>>,
    rotate_token: Option<String>,
    token: Option<Secret>,
    is_system: Option<bool>,
    /// Microseconds since 1970.
    created_at: Option<i64>,
    /// The server's own words; what people write is `first_name`.
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

fn carry_account(state: Json) -> Result<Carried, Unreadable> {
    let Account {
        id,
        _org_id: _,
        email,
        first_name,
        last_name,
        custom_roles,
        rotate_token,
        token,
        is_system,
        created_at,
        _description: _,
        others,
    } = read(state)?;
    let mut left = unknown("", others);
    if meant(last_name).is_some() {
        left.push(Left::new(
            "last_name",
            "an account of Lanyard has one name for people, `description`, which is the first; the last stays on the server as it is",
        ));
    }
    if is_system == Some(true) {
        left.push(Left::new(
            "is_system",
            "Lanyard leaves accounts alone that OpenObserve itself made",
        ));
    }
    let token = secret(token);
    if token.is_none() {
        left.push(Left::new(
            "token",
            "the state holds no secret, and OpenObserve shows it only once; a rotation gives a new one",
        ));
    }
    let email = required("email", email)?;
    let says_roles = custom_roles.is_some();
    let record = ServiceAccountRecord {
        id: required("id", id)?,
        // The vendor's provider knows accounts by their addresses alone.
        name: name_for(&email),
        email: Some(email),
        description: meant(first_name),
        roles: custom_roles.unwrap_or_default(),
        created_at: time(created_at),
        token,
        ..ServiceAccountRecord::default()
    };
    let mut state = service_account(&record);
    if !says_roles {
        // The vendor's provider leaves those of the server alone, and does not keep them.
        state.roles = None;
    }
    if let Some(round) = rotate_token {
        state.rotation = Some(Rotation {
            triggers: Some(Entries::from_iter([(ROTATE_TOKEN, round.into())])),
            ..Rotation::default()
        });
    }
    let state = state.write();
    Ok(Carried { state, left })
}

#[derive(Deserialize)]
struct Token {
    /// `ORGANIZATION/NAME`, as ours.
    id: Option<String>,
    /// Also the first half of `id`.
    #[serde(rename = "org_id")]
    _org_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    enabled: Option<bool>,
    token: Option<Secret>,
    /// Follows from the name.
    #[serde(rename = "is_default")]
    _is_default: Option<bool>,
    /// The server keeps it.
    #[serde(rename = "created_by")]
    _created_by: Option<String>,
    /// Microseconds since 1970.
    created_at: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

fn carry_token(state: Json) -> Result<Carried, Unreadable> {
    let Token {
        id,
        _org_id: _,
        name,
        description,
        enabled,
        token,
        _is_default: _,
        _created_by: _,
        created_at,
        others,
    } = read(state)?;
    let name = required("name", name)?;
    let disabled = enabled == Some(false);
    let created_at = time(created_at);
    let record = AccessTokenRecord {
        id: required("id", id)?,
        // What the server says of its own token is not ours to configure.
        description: meant(description).filter(|_| !is_default(&name)),
        name,
        disabled,
        standing: if disabled {
            Standing::Disabled
        } else {
            Standing::Active
        },
        token: secret(token),
        issued_at: created_at,
        created_at,
        ..AccessTokenRecord::default()
    };
    Ok(Carried {
        state: access_token(&record).write(),
        left: unknown("", others),
    })
}

fn secret(token: Option<Secret>) -> Option<Secret> {
    token.filter(|token| !token.expose().is_empty())
}

fn time(microseconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::Value;

    fn account() -> Json {
        json!({
            "id": "default/ci.pipeline@example.com", "org_id": "default", "email": "ci.pipeline@example.com",
            "first_name": "CI", "last_name": "", "custom_roles": null, "rotate_token": null, "token": "s3cr3t",
            "is_system": false, "created_at": 1_767_225_600_000_000_i64, "description": "",
        })
    }

    fn with(mut state: Json, more: Json) -> Json {
        if let (Some(members), Json::Object(more)) = (state.as_object_mut(), more) {
            members.extend(more);
        }
        state
    }

    #[test]
    fn an_account_brings_its_secret_and_gets_the_name_of_its_address() {
        let Carried { state, left } = carry_account(account()).unwrap();
        assert_eq!(left, []);
        assert_eq!(state.get("token").as_secret(), Some(&Secret::new("s3cr3t")));
        assert_eq!(
            state.get("created_at").as_str(),
            Some("2026-01-01T00:00:00Z")
        );
        for (name, text) in [
            ("id", "default/ci.pipeline@example.com"),
            ("name", "ci-pipeline"),
            ("email", "ci.pipeline@example.com"),
            ("description", "CI"),
        ] {
            assert_eq!(state.get(name).as_str(), Some(text));
        }
        assert_eq!(state.get("rotation"), &Value::Null);
        assert_eq!(
            state.get("roles"),
            &Value::Null,
            "nothing says that it has none"
        );
    }

    #[test]
    fn a_trigger_stays_a_trigger() {
        let state = with(
            account(),
            json!({ "rotate_token": "2026-01", "custom_roles": ["b", "a"] }),
        );
        let Carried { state, .. } = carry_account(state).unwrap();
        let triggers = state.get("rotation").get("triggers");
        assert_eq!(triggers.get("rotate_token").as_str(), Some("2026-01"));
        assert_eq!(state.get("roles"), &Value::set(["a".into(), "b".into()]));
    }

    #[test]
    fn what_stays_behind_is_named() {
        let more = json!({ "last_name": "Bot", "is_system": true, "token": null, "team": "x" });
        let Carried { left, .. } = carry_account(with(account(), more)).unwrap();
        let named: Vec<_> = left.iter().map(|left| left.attribute.as_str()).collect();
        assert_eq!(named, ["team", "last_name", "is_system", "token"]);
    }

    #[test]
    fn a_disabled_ingestion_token_stays_disabled() {
        let state = json!({
            "id": "default/otel", "org_id": "default", "name": "otel", "description": "Collectors", "enabled": false,
            "token": "o2oi_s3cr3t", "is_default": false, "created_by": "root@example.com", "created_at": 1_767_225_600_000_000_i64,
        });
        let Carried { state, left } = carry_token(state).unwrap();
        assert_eq!(left, []);
        assert_eq!(
            state.get("token").as_secret(),
            Some(&Secret::new("o2oi_s3cr3t"))
        );
        assert_eq!(state.get("disabled"), &Value::Bool(true));
        assert_eq!(state.get("status").as_str(), Some("disabled"));
        assert_eq!(state.get("description").as_str(), Some("Collectors"));
    }
}
