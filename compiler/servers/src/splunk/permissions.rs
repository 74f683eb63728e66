//! Who may see a token: the access control list of the wire, and the three levels of the configuration.

use std::collections::BTreeSet;

use lanyard_compiler::model::access_token::{Visibility, VisibilityLevel};
use serde::{Deserialize, Serialize};

/// `null` means that only administrators see the token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Permissions {
    #[serde(default)]
    acl: Option<Vec<Entry>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    principal_id: Option<String>,
    principal_type: Principal,
    #[serde(default)]
    actions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Principal {
    User,
    Team,
    Org,
    /// A newer server may know more.
    #[serde(other)]
    Other,
}

impl Permissions {
    /// What the wire says, in our words; `None` for administrators only.
    pub(super) fn visibility(&self) -> Option<Visibility> {
        let acl = self.acl.as_deref().unwrap_or_default();
        if acl.is_empty() {
            return None;
        }
        let ids = |kind| {
            let of_kind = acl.iter().filter(|entry| entry.principal_type == kind);
            of_kind
                .filter_map(|entry| entry.principal_id.clone())
                .collect::<BTreeSet<_>>()
        };
        if acl
            .iter()
            .any(|entry| entry.principal_type == Principal::Org)
        {
            return Some(Visibility {
                level: VisibilityLevel::Everyone,
                users: BTreeSet::new(),
                teams: BTreeSet::new(),
            });
        }
        Some(Visibility {
            level: VisibilityLevel::Selected,
            users: ids(Principal::User),
            teams: ids(Principal::Team),
        })
    }

    /// What is configured, for the wire. Who may already change the token, by the server's own page, keeps that right: the
    /// configuration says who sees it. `organization` is who "everyone" is.
    pub(super) fn wanted(
        visibility: Option<&Visibility>,
        current: Option<&Self>,
        organization: &str,
    ) -> Option<Self> {
        let Visibility {
            level,
            users,
            teams,
        } = visibility?;
        let entry = |principal_type, id: &str| Entry {
            principal_id: Some(id.to_owned()),
            principal_type,
            actions: current
                .and_then(|current| current.actions(principal_type, id))
                .unwrap_or_else(|| vec!["READ".to_owned()]),
        };
        let acl = match level {
            VisibilityLevel::Admins => return None,
            VisibilityLevel::Everyone => vec![entry(Principal::Org, organization)],
            VisibilityLevel::Selected => users
                .iter()
                .map(|id| entry(Principal::User, id))
                .chain(teams.iter().map(|id| entry(Principal::Team, id)))
                .collect(),
        };
        Some(Self { acl: Some(acl) })
    }

    fn actions(&self, kind: Principal, id: &str) -> Option<Vec<String>> {
        self.acl
            .iter()
            .flatten()
            .find(|entry| entry.principal_type == kind && entry.principal_id.as_deref() == Some(id))
            .map(|entry| entry.actions.clone())
            .filter(|actions| !actions.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Permissions {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_list_for_users_and_teams_comes_back_as_it_went() {
        let visibility = Visibility {
            level: VisibilityLevel::Selected,
            users: BTreeSet::from(["U1".to_owned()]),
            teams: BTreeSet::from(["T1".to_owned()]),
        };
        let sent = Permissions::wanted(Some(&visibility), None, "O1").unwrap();
        let expected = serde_json::json!({"acl": [
            {"principalId": "U1", "principalType": "USER", "actions": ["READ"]},
            {"principalId": "T1", "principalType": "TEAM", "actions": ["READ"]},
        ]});
        assert_eq!(serde_json::to_value(&sent).unwrap(), expected);
        assert_eq!(sent.visibility(), Some(visibility));
    }

    #[test]
    fn everyone_is_the_organization_and_nobody_is_null() {
        let mut visibility = Visibility {
            level: VisibilityLevel::Everyone,
            users: BTreeSet::new(),
            teams: BTreeSet::new(),
        };
        let sent = Permissions::wanted(Some(&visibility), None, "O1").unwrap();
        assert_eq!(sent.visibility(), Some(visibility.clone()));
        visibility.level = VisibilityLevel::Admins;
        assert_eq!(Permissions::wanted(Some(&visibility), None, "O1"), None);
        assert_eq!(
            read(serde_json::json!({"acl": null, "parent": null})).visibility(),
            None
        );
    }

    #[test]
    fn who_may_change_a_token_still_may_after_an_update() {
        let current = read(serde_json::json!({"acl": [
            {"principalId": "T1", "principalType": "TEAM", "actions": ["READ", "WRITE"]},
        ], "parent": null}));
        let visibility = current.visibility();
        let sent = Permissions::wanted(visibility.as_ref(), Some(&current), "O1").unwrap();
        assert_eq!(sent.acl, current.acl);
    }
}
