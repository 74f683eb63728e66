//! `chronosphere_service_account`, as the vendor's provider `chronosphereio/chronosphere` writes it in version 1.9: schema version
//! 0, from its published schema (`docs/resources/service_account.md`). The secret is shown once, when the account is made: the
//! state that is moved is the only place that still has it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Origin;
use super::carried::{Carried, Left, Unreadable, meant, read, required, service_account, unknown};
use crate::model::Kind;
use crate::model::record::ServiceAccountRecord;
use crate::model::service_account::{Permission, Restriction};
use crate::secret::Secret;

pub(super) const SERVICE_ACCOUNT: Origin = Origin {
    type_name: "chronosphere_service_account",
    providers: &["chronosphereio/chronosphere"],
    schema_version: 0,
    kind: Kind::ServiceAccount,
    carry,
};

#[derive(Deserialize)]
struct Account {
    /// The slug.
    id: Option<String>,
    name: Option<String>,
    slug: Option<String>,
    email: Option<String>,
    token: Option<Secret>,
    unrestricted: Option<bool>,
    restriction: Option<Vec<RestrictionState>>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

#[derive(Deserialize)]
struct RestrictionState {
    permission: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

fn carry(state: Json) -> Result<Carried, Unreadable> {
    let Account {
        id,
        name,
        slug,
        email,
        token,
        unrestricted,
        restriction,
        others,
    } = read(state)?;
    let mut left = unknown("", others);
    let restriction = match restriction.into_iter().flatten().next() {
        Some(RestrictionState {
            permission,
            labels,
            others,
        }) => {
            left.extend(unknown("restriction.", others));
            let permission = required("restriction.permission", permission)?;
            Some(Restriction {
                permission: self::permission(&permission).ok_or_else(|| {
                    Unreadable::attribute(
                        "restriction.permission",
                        "is no permission that is known",
                    )
                })?,
                labels: labels.unwrap_or_default(),
            })
        }
        // An account must not seem to have more power than it has.
        None if unrestricted != Some(true) => {
            return Err(Unreadable::attribute(
                "unrestricted",
                "is not true, and there is no `restriction`",
            ));
        }
        None => None,
    };
    let token = token.filter(|token| !token.expose().is_empty());
    if token.is_none() {
        left.push(Left::new(
            "token",
            "the state holds no secret, and Chronosphere shows it only once",
        ));
    }
    let id = required("id", id)?;
    let record = ServiceAccountRecord {
        slug: Some(meant(slug).unwrap_or_else(|| id.clone())),
        id,
        name: required("name", name)?,
        email: meant(email),
        restriction,
        token,
        ..ServiceAccountRecord::default()
    };
    Ok(Carried {
        state: service_account(&record).write(),
        left,
    })
}

/// The state has the server's words; a configuration may have any of the vendor's three spellings.
pub(super) const PERMISSIONS: [(&str, Permission); 9] = [
    ("READ", Permission::Read),
    ("READ_ONLY", Permission::Read),
    ("READ_PERMISSION", Permission::Read),
    ("WRITE", Permission::Write),
    ("WRITE_ONLY", Permission::Write),
    ("WRITE_PERMISSION", Permission::Write),
    ("READ_AND_WRITE", Permission::ReadAndWrite),
    ("READ_WRITE", Permission::ReadAndWrite),
    ("READWRITE_PERMISSION", Permission::ReadAndWrite),
];

pub(super) fn permission(spelling: &str) -> Option<Permission> {
    let known = PERMISSIONS.iter().find(|(theirs, _)| *theirs == spelling);
    known.map(|(_, permission)| *permission)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::Value;

    fn state(more: &Json) -> Json {
        let mut state = json!({
            "id": "ci", "name": "CI", "slug": "ci", "email": "ci-1@serviceaccount.chronosphere.io", "token": "s3cr3t",
            "unrestricted": true, "restriction": [],
        });
        let (Some(members), Some(more)) = (state.as_object_mut(), more.as_object()) else {
            unreachable!("both are objects");
        };
        members.extend(more.clone());
        state
    }

    #[test]
    fn the_secret_and_everything_else_comes_along() {
        let Carried { state, left } = carry(state(&json!({}))).unwrap();
        assert_eq!(left, []);
        assert_eq!(state.get("token").as_secret(), Some(&Secret::new("s3cr3t")));
        assert_eq!(state.get("unrestricted"), &Value::Bool(true));
        for (name, text) in [("id", "ci"), ("slug", "ci"), ("name", "CI")] {
            assert_eq!(state.get(name).as_str(), Some(text));
        }
    }

    #[test]
    fn a_restriction_keeps_its_labels() {
        let restricted = json!({
            "unrestricted": false,
            "restriction": [{ "permission": "READ_WRITE", "labels": { "Team": "shop" } }],
        });
        let Carried { state, left } = carry(state(&restricted)).unwrap();
        assert_eq!(left, []);
        let restriction = state.get("restriction");
        assert_eq!(
            restriction.get("permission").as_str(),
            Some("READ_AND_WRITE")
        );
        assert_eq!(restriction.get("labels").get("Team").as_str(), Some("shop"));
        assert_eq!(state.get("unrestricted"), &Value::Bool(false));
    }

    #[test]
    fn what_is_not_known_is_named() {
        let more = json!({
            "owner": "ops", "timeouts": null, "note": "", "token": "", "unrestricted": null,
            "restriction": [{ "permission": "READ", "datasets": ["d"] }],
        });
        let Carried { left, .. } = carry(state(&more)).unwrap();
        let named: Vec<_> = left.iter().map(|left| left.attribute.as_str()).collect();
        assert_eq!(named, ["owner", "restriction.datasets", "token"]);
    }

    #[test]
    fn no_account_seems_to_have_more_power_than_it_has() {
        for more in [
            json!({ "unrestricted": false }),
            json!({ "unrestricted": null, "restriction": null }),
            json!({ "unrestricted": false, "restriction": [{ "permission": "ADMIN" }] }),
            json!({ "unrestricted": false, "restriction": [{}] }),
        ] {
            carry(state(&more)).unwrap_err();
        }
    }
}
