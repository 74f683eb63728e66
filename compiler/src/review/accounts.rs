//! The service accounts of a plan, and what becomes of the secrets of their tokens with them.

use std::collections::HashMap;

use super::assess::assess_change;
use super::circumstances::{Circumstances, Course};
use super::power::is_disabled;
use crate::model::server::{DeleteCapability, capabilities};
use crate::model::state::Shown;
use crate::model::{Kind, State};
use crate::plan::{Action, Change, NotWorking};

/// By what tokens call them. Of several the first in the plan counts.
#[derive(Default)]
pub(super) struct Accounts<'a> {
    all: Vec<Account<'a>>,
    by_id: HashMap<String, usize>,
    by_address: HashMap<&'a str, usize>,
}

struct Account<'a> {
    change: &'a Change,
    was_disabled: bool,
    fate: Fate,
}

/// What a plan makes of the secrets of an account's tokens, whatever it does with the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing, as far as that is known.
    None,
    /// None of them works until somebody enables the account.
    Disabled,
    /// They end with it.
    End,
    /// It is to end, which its server refuses while it has tokens.
    KeepIt,
}

impl<'a> Accounts<'a> {
    pub(super) fn among(
        changes: impl IntoIterator<Item = (&'a Change, &'a Course)>,
        circumstances: &Circumstances,
    ) -> Self {
        let mut accounts = Self::default();
        for (change, course) in changes {
            if change.kind != Kind::ServiceAccount {
                continue;
            }
            let position = accounts.all.len();
            let [before, after] = [change.seen_before(), change.seen_after()];
            for state in [&before, &after].into_iter().flatten() {
                if let Some(id) = state.id.value() {
                    let place = accounts.by_id.entry(id.clone());
                    place.or_insert(position);
                }
            }
            let address = change.address.as_str();
            accounts.by_address.entry(address).or_insert(position);
            accounts.all.push(Account {
                change,
                was_disabled: before.as_ref().and_then(is_disabled) == Some(true),
                fate: fate(change, course, [before, after], circumstances),
            });
        }
        accounts
    }

    /// By its id where that is known, else by the resource that will make it.
    pub(super) fn owner(&self, token: &Change, state: &State<Shown>) -> Option<&'a Change> {
        self.of(token, state).map(|account| account.change)
    }

    fn of(&self, token: &Change, state: &State<Shown>) -> Option<&Account<'a>> {
        let found = match state.service_account.value() {
            Some(id) => self.by_id.get(id).copied(),
            None => {
                let referred = token.depends_on.iter();
                referred
                    .filter_map(|address| self.by_address.get(address.as_str()).copied())
                    .min()
            }
        };
        self.all.get(found?)
    }

    /// What becomes of the secret of a token with its account; nothing of one that is only made now.
    pub(super) fn fate(&self, token: &Change, before: Option<&State<Shown>>) -> Fate {
        let Some(before) = before.filter(|_| token.kind == Kind::AccessToken) else {
            return Fate::None;
        };
        let account = self
            .of(token, before)
            .filter(|_| !before.service_account.is_null());
        match account {
            // It is enabled again, or may be.
            Some(account) if account.was_disabled || account.fate != Fate::None => account.fate,
            Some(_) | None => Fate::of(before),
        }
    }
}

impl Fate {
    /// Where no plan changes the account of a token.
    pub(super) fn of(token: &State<Shown>) -> Self {
        match NotWorking::of(token) {
            Some(NotWorking::AccountDisabled) => Self::Disabled,
            _ => Self::None,
        }
    }
}

fn fate(
    change: &Change,
    course: &Course,
    [before, after]: [Option<State<Shown>>; 2],
    circumstances: &Circumstances,
) -> Fate {
    let ends = || assess_change(&Accounts::default(), change, course, circumstances, None).ends();
    if matches!(change.action, Action::Delete | Action::Replace) && ends() {
        let api = circumstances.api_of(&change.address);
        let able = before.as_ref().zip(api.map(capabilities));
        match able.map(|(before, server)| before.capabilities(server).delete) {
            Some(DeleteCapability::Deletes) | None => return Fate::End,
            Some(DeleteCapability::DeletesAlone) => return Fate::KeepIt,
            Some(DeleteCapability::Disables { .. }) => return Fate::Disabled,
            Some(DeleteCapability::Leaves { .. }) => {}
        }
    }
    match after.or(before).as_ref().and_then(is_disabled) {
        Some(true) => Fate::Disabled,
        Some(false) | None => Fate::None,
    }
}
