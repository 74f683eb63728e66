//! What narrows an account and who may see a token, in the API's words.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::model::Restriction;
use lanyard_compiler::model::access_token::{Visibility, VisibilityLevel};
use lanyard_compiler::model::service_account::Permission;
use serde::{Deserialize, Serialize};

use crate::lenient::null_is_default;

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct RestrictionWire {
    permission: PermissionWire,
    /// May be left out, says the contract, as users and teams below.
    #[serde(default, deserialize_with = "null_is_default")]
    labels: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PermissionWire {
    Read,
    Write,
    ReadAndWrite,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct VisibilityWire {
    level: LevelWire,
    #[serde(default, deserialize_with = "null_is_default")]
    users: BTreeSet<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    teams: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum LevelWire {
    Admins,
    Selected,
    Everyone,
}

impl From<RestrictionWire> for Restriction {
    fn from(restriction: RestrictionWire) -> Self {
        let RestrictionWire { permission, labels } = restriction;
        Self {
            permission: match permission {
                PermissionWire::Read => Permission::Read,
                PermissionWire::Write => Permission::Write,
                PermissionWire::ReadAndWrite => Permission::ReadAndWrite,
            },
            labels,
        }
    }
}

impl From<&Restriction> for RestrictionWire {
    fn from(restriction: &Restriction) -> Self {
        let Restriction { permission, labels } = restriction;
        Self {
            permission: match permission {
                Permission::Read => PermissionWire::Read,
                Permission::Write => PermissionWire::Write,
                Permission::ReadAndWrite => PermissionWire::ReadAndWrite,
            },
            labels: labels.clone(),
        }
    }
}

impl From<VisibilityWire> for Visibility {
    fn from(visibility: VisibilityWire) -> Self {
        let VisibilityWire {
            level,
            users,
            teams,
        } = visibility;
        Self {
            level: match level {
                LevelWire::Admins => VisibilityLevel::Admins,
                LevelWire::Selected => VisibilityLevel::Selected,
                LevelWire::Everyone => VisibilityLevel::Everyone,
            },
            users,
            teams,
        }
    }
}

impl From<&Visibility> for VisibilityWire {
    fn from(visibility: &Visibility) -> Self {
        let Visibility {
            level,
            users,
            teams,
        } = visibility;
        Self {
            level: match level {
                VisibilityLevel::Admins => LevelWire::Admins,
                VisibilityLevel::Selected => LevelWire::Selected,
                VisibilityLevel::Everyone => LevelWire::Everyone,
            },
            users: users.clone(),
            teams: teams.clone(),
        }
    }
}
