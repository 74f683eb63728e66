//! Who may see a token: the access control list of the wire, and the three levels of the configuration.

use std::collections::BTreeSet;

use lanyard_compiler::model::access_token::{Visibility, VisibilityLevel};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::lenient::null_is_default;

/// `null` means that only administrators see the token. It is kept as it came: what nobody asked to change goes back like that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Permissions(Json);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    principal_id: Option<String>,
    principal_type: Principal,
    #[serde(default, deserialize_with = "null_is_default")]
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
        if self.acl().is_empty() {
            return None;
        }
        let acl: Vec<Entry> = self.acl().iter().filter_map(entry).collect();
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

    /// What is configured, for the wire. Where that is what there is, it stays as it is, with all that the configuration has no words
    /// for: teams that may change what everyone sees, kinds of holders of a newer server. Who may already change the token, by the
    /// server's own page, keeps that right: the configuration says who sees it. `organization` is who "everyone" is.
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
        if let Some(current) = current
            && current.visibility().as_ref() == visibility
        {
            return Some(current.clone());
        }
        let entry = |principal_type, id: &str| Entry {
            principal_id: Some(id.to_owned()),
            principal_type,
            actions: current
                .and_then(|current| current.actions(principal_type, id))
                .unwrap_or_else(|| vec!["READ".to_owned()]),
        };
        let mut acl = match level {
            VisibilityLevel::Admins => return None,
            VisibilityLevel::Everyone => vec![json!(entry(Principal::Org, organization))],
            VisibilityLevel::Selected => users
                .iter()
                .map(|id| entry(Principal::User, id))
                .chain(teams.iter().map(|id| entry(Principal::Team, id)))
                .map(|entry| json!(entry))
                .collect(),
        };
        acl.extend(current.into_iter().flat_map(Self::foreign).cloned());
        Some(Self(json!({ "acl": acl })))
    }

    fn acl(&self) -> &[Json] {
        let acl = self.0.get("acl").and_then(Json::as_array);
        acl.map_or(&[], Vec::as_slice)
    }

    /// The entries that nothing here has words for.
    fn foreign(&self) -> impl Iterator<Item = &Json> {
        let known = |entry: Entry| entry.principal_type != Principal::Other;
        self.acl()
            .iter()
            .filter(move |one| !entry(one).is_some_and(known))
    }

    fn actions(&self, kind: Principal, id: &str) -> Option<Vec<String>> {
        self.acl()
            .iter()
            .filter_map(entry)
            .find(|entry| entry.principal_type == kind && entry.principal_id.as_deref() == Some(id))
            .map(|entry| entry.actions.clone())
            .filter(|actions| !actions.is_empty())
    }
}

/// An entry, where it is one that can be read.
fn entry(json: &Json) -> Option<Entry> {
    serde_json::from_value(json.clone()).ok()
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
        assert_eq!(sent.acl(), current.acl());
    }

    #[test]
    fn what_is_not_asked_to_change_goes_back_as_it_came() {
        let current = read(serde_json::json!({"acl": [
            {"principalId": "O1", "principalType": "ORG", "actions": ["READ"]},
            {"principalId": "T1", "principalType": "TEAM", "actions": ["READ", "WRITE"]},
            {"principalId": "R1", "principalType": "ROLE", "actions": ["READ"], "until": 7},
        ], "parent": null}));
        let visibility = current.visibility().unwrap();
        assert_eq!(visibility.level, VisibilityLevel::Everyone);
        let sent = Permissions::wanted(Some(&visibility), Some(&current), "O1");
        assert_eq!(sent.as_ref(), Some(&current));
        // Who is to see it now says nothing of holders that the configuration does not know.
        let selected = Visibility {
            level: VisibilityLevel::Selected,
            users: BTreeSet::new(),
            teams: BTreeSet::from(["T1".to_owned()]),
        };
        let sent = Permissions::wanted(Some(&selected), Some(&current), "O1").unwrap();
        assert_eq!(sent.acl(), &current.acl()[1..]);
    }
}
