//! What somebody else made under the name of something new, where `on_conflict` says that it is taken: only who asks the server knows.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::inventory::{Found, Inventory};
use super::not_working::NotWorking;
use crate::model::access_token::OnConflict;
use crate::model::server::{Capabilities, Recovery};
use crate::model::state::Outline;
use crate::model::{Kind, State};

/// An object that a creation takes over, or ends first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Takes {
    pub id: String,
    pub created_at: Option<String>,
    pub last_used_at: Option<String>,
    /// Who manages it by now, if anybody does.
    pub managed_by: Option<String>,
    /// True if it is deleted first; false if it is taken over.
    pub replaces: bool,
    /// True if it ends, or its secret does, at once.
    pub ends: bool,
    /// How many access tokens end with it.
    pub tokens: usize,
}

impl Takes {
    /// What becomes of an object that is found under the name.
    pub fn of(
        found: &Found,
        config: &Outline,
        server: Option<&Capabilities>,
        inventory: &Inventory,
    ) -> Option<Self> {
        let replaces = match config.on_conflict.value()? {
            OnConflict::Error => return None,
            OnConflict::Adopt => false,
            OnConflict::Replace => true,
        };
        let works = |state: &State| {
            let end = state.stops_at(server);
            !NotWorking::of(state).is_some_and(NotWorking::is_dead)
                && end.is_none_or(|end| end > inventory.now())
        };
        let able = server.map(|server| found.state.capabilities(server));
        let has_new_secret =
            able.is_none_or(|able| able.issues_secret && able.recovery != Recovery::ReadSecret);
        let rotation = config.rotation.value();
        let grace = rotation.and_then(|rotation| rotation.grace_period.value());
        let has_grace = grace.is_some_and(|grace| !grace.value().is_none());
        let ends = replaces || has_new_secret && !has_grace;
        let id = found.state.id.clone()?;
        let is_its_token = |other: &&Found| {
            other.state.service_account.as_ref() == Some(&id) && works(&other.state)
        };
        let takes_tokens =
            replaces && found.kind == Kind::ServiceAccount && inventory.may_have_tokens(&id);
        let tokens = match takes_tokens {
            true => inventory.found().iter().filter(is_its_token).count(),
            false => 0,
        };
        Some(Self {
            created_at: found.created_at.map(|at| at.to_string()),
            last_used_at: found.last_used_at.map(|at| at.to_string()),
            managed_by: found.managed_by.clone(),
            replaces,
            ends: ends && works(&found.state),
            tokens,
            id,
        })
    }

    /// How many credentials end by it.
    pub fn ending(&self) -> usize {
        usize::from(self.ends) + self.tokens
    }

    /// Likewise, by all of these changes.
    pub fn all_ending<'a>(changes: impl IntoIterator<Item = &'a Change>) -> usize {
        let takes = changes
            .into_iter()
            .filter_map(|change| change.takes.as_ref());
        takes.map(Self::ending).sum()
    }

    /// True if both take the same, with the same consequences.
    pub fn agrees(&self, other: &Self) -> bool {
        let used = other.last_used_at.clone();
        Self {
            last_used_at: used,
            ..self.clone()
        } == *other
    }
}

/// The object, and what is known of it.
impl fmt::Display for Takes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            created_at,
            last_used_at,
            managed_by,
            ..
        } = self;
        write!(formatter, "{id} (")?;
        if let Some(at) = created_at {
            write!(formatter, "made {at}, ")?;
        }
        if let Some(at) = last_used_at {
            write!(formatter, "last used {at}, ")?;
        }
        match managed_by {
            Some(owner) => write!(formatter, "{owner:?} manages it)"),
            None => formatter.write_str("nobody manages it)"),
        }
    }
}
