//! Access tokens that nobody needs any more, and what may be done about them. Only what Lanyard manages is one.

use super::guard::Limits;
use super::in_use::Bond;
use super::inventory::{Found, Inventory};
use super::not_working::NotWorking;
use super::rotation;
use super::token_list::former_secrets;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Kind, State};

/// A token that nobody needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub id: String,
    pub name: String,
    pub account: Option<String>,
    pub why: Why,
    pub fate: Fate,
}

/// Why nobody needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Expired,
    Revoked,
    NotConfigured,
    /// A newer secret of a token that is configured took its place.
    Retired,
}

impl Why {
    pub fn words(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::NotConfigured => "not in the configuration",
            Self::Retired => "a newer secret took its place",
        }
    }
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing is done yet.
    Left,
    Revoked,
    /// Lanyard signs in with it: it is never revoked.
    InUse,
    /// A former secret of a token that is configured: the apply that knows its grace period ends it.
    Retired,
}

impl Fate {
    /// True for what a sweep may revoke.
    pub fn may_end(self) -> bool {
        self == Self::Left
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Revoked => "revoked",
            Self::InUse => "left: Lanyard signs in with it",
            Self::Retired => "left: `lanyard plan` says what ends it",
        }
    }
}

/// Finds what nobody needs; with `unconfigured`, also what works and that the configuration does not speak of. What is `here` no other
/// provider of the server has.
pub fn leftovers(
    inventory: &Inventory,
    unconfigured: bool,
    here: impl Fn(&Found) -> bool,
    bond: impl Fn(&State) -> Option<Bond>,
) -> Vec<Leftover> {
    let found = inventory.found().iter().enumerate();
    found
        .filter(|(_, object)| object.kind == Kind::AccessToken && here(object))
        .flat_map(|(index, object)| {
            let state = rotation::settle(inventory.server(), object.state.clone(), inventory.now());
            if inventory.is_claimed(index) {
                return retired(&state);
            }
            let fate = bond(&object.state).map_or(Fate::Left, |_| Fate::InUse);
            let leftover = unneeded(inventory, object, &state, unconfigured, fate);
            leftover.into_iter().collect()
        })
        .collect()
}

/// What the configuration does not speak of, if it can go. What it does speak of will be rotated by an apply, not swept.
fn unneeded(
    inventory: &Inventory,
    object: &Found,
    state: &State,
    unconfigured: bool,
    fate: Fate,
) -> Option<Leftover> {
    if object.managed_by.is_none() || !inventory.is_ours(object) {
        return None;
    }
    let why = match NotWorking::of(state) {
        Some(NotWorking::Expired) => Why::Expired,
        Some(NotWorking::Revoked | NotWorking::Replaced) => Why::Revoked,
        // Another secret of it may work.
        None | Some(NotWorking::AccountDisabled | NotWorking::ReplacedAndKept(_)) => {
            if !unconfigured {
                return None;
            }
            Why::NotConfigured
        }
    };
    Some(Leftover {
        id: state.id.clone()?,
        name: state.name.clone()?,
        account: state.service_account.clone(),
        why,
        fate,
    })
}

/// Former secrets of a token that the server still accepts under ids of their own.
fn retired(state: &State) -> Vec<Leftover> {
    let leftover = |id| Leftover {
        id,
        name: state.name.clone().unwrap_or_default(),
        account: state.service_account.clone(),
        why: Why::Retired,
        fate: Fate::Retired,
    };
    former_secrets(state).into_iter().map(leftover).collect()
}

/// Refuses to revoke so many at once that a mistake is likelier than intent, on all servers of one run together: ten servers with nine
/// each are ninety. `allowed` is the number that the user agreed to beforehand.
pub fn too_many(
    count: usize,
    servers: usize,
    limits: Limits,
    allowed: Option<usize>,
) -> Option<Diagnostic> {
    if !limits.are_exceeded(count, None) || allowed.is_some_and(|allowed| count <= allowed) {
        return None;
    }
    Some(
        Diagnostic::error(
            Code::MassDeletion,
            "This would revoke many access tokens at once",
        )
        .detail(match servers {
            0 | 1 => format!("{count} would be revoked."),
            _ => format!("{count} would be revoked, on {servers} servers."),
        })
        .hint("Look at the report without `--revoke`."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::access_token::Status;
    use crate::model::state::Retired;
    use crate::plan::in_use::InUse;

    fn token(id: &str, status: Status, owner: Option<&str>) -> Found {
        let mut state = State::nothing(Kind::AccessToken);
        state.id = Some(id.to_owned());
        state.name = Some(id.to_owned());
        state.status = Some(status);
        Found {
            kind: Kind::AccessToken,
            state,
            managed_by: owner.map(str::to_owned),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        }
    }

    fn swept(found: Vec<Found>, unconfigured: bool, in_use: &InUse) -> Vec<(String, Why, Fate)> {
        let mut inventory = Inventory::new(found, Some("lanyard"), jiff::Timestamp::UNIX_EPOCH);
        let configured = crate::value::Value::map([("name", "configured".into())]);
        let outline = crate::model::state::Outline::of(&configured);
        inventory.claim(Kind::AccessToken, &outline, None);
        let bond = |state: &State| in_use.bond(state);
        leftovers(&inventory, unconfigured, |_| true, bond)
            .into_iter()
            .map(|each| (each.id, each.why, each.fate))
            .collect()
    }

    #[test]
    fn only_what_is_managed_and_not_configured_is_swept() {
        let ours = Some("lanyard");
        let found = || {
            vec![
                token("configured", Status::Expired, ours),
                token("dead", Status::Revoked, ours),
                token("old", Status::Expired, ours),
                token("works", Status::Active, ours),
                token("hand", Status::Expired, None),
                token("theirs", Status::Expired, Some("terraform")),
            ]
        };
        let in_use = InUse {
            token: Some("old".to_owned()),
            ..InUse::default()
        };
        let dead = ("dead".to_owned(), Why::Revoked, Fate::Left);
        let old = |fate| ("old".to_owned(), Why::Expired, fate);
        assert_eq!(
            swept(found(), false, &InUse::default()),
            [dead.clone(), old(Fate::Left)]
        );
        assert_eq!(
            swept(found(), true, &in_use),
            [
                dead,
                old(Fate::InUse),
                ("works".to_owned(), Why::NotConfigured, Fate::Left)
            ]
        );
    }

    #[test]
    fn a_former_secret_of_what_is_configured_is_told_and_left() {
        let mut found = token("configured", Status::Active, Some("lanyard"));
        found.state.retired = Some(vec![Retired::new("configured@2", None)]);
        assert_eq!(
            swept(vec![found], true, &InUse::default()),
            [("configured@2".to_owned(), Why::Retired, Fate::Retired)]
        );
    }

    #[test]
    fn many_on_all_servers_together_have_to_be_agreed_to() {
        let limits = Limits::default();
        let refused = |count, allowed| too_many(count, 10, limits, allowed).is_some();
        assert!(!refused(9, None) && refused(10, None));
        assert!(!refused(90, Some(90)) && refused(90, Some(89)));
    }
}
