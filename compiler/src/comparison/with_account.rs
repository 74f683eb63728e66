//! Access tokens whose accounts are replaced: they end with them, and are made anew for the new ones.

use super::Comparison;
use super::resource::replaced;
use crate::language::Configuration;
use crate::model::Kind;
use crate::model::server::DeleteCapability;
use crate::plan::Action;
use crate::value::{AttributePath, Value};

impl Comparison {
    /// Replaces what would end with its account in this plan, and would be made by the next one only. True if there is any.
    pub(super) fn replace_with_their_accounts(&mut self, configuration: &Configuration) -> bool {
        let mut found = false;
        let ending = self.accounts(|change, _| {
            (change.action == Action::Replace).then(|| change.address.clone())
        });
        if ending.is_empty() {
            return found;
        }
        let path = AttributePath::attribute("service_account");
        for (index, (instance, ..)) in configuration.managed().enumerate() {
            let change = &self.plan.changes[index];
            if !matches!(change.action, Action::NoOp | Action::Update) {
                continue;
            }
            let side = self.origins[index].side;
            let account = change
                .before()
                .and_then(|before| before.service_account.clone());
            let Some(account) = account.and_then(|id| ending.get(&(side, id))) else {
                continue;
            };
            let mut change = change.clone();
            let link = instance.links.get(&path);
            if link.is_some_and(|link| *link.address == **account)
                && let Some(place) = change.config.at_mut(&path)
            {
                // The new one has another id, or may have.
                *place = Value::Unknown;
            }
            let why = format!("{account} is replaced, and its access tokens end with it");
            let change = replaced(instance, &change, self.side_of(index), why);
            self.set(index, change);
            found = true;
        }
        found
    }

    /// The states of what has to end before the object that a replacement leaves behind can go: access tokens that the plan replaces or
    /// deletes, on a server that keeps an account while it has any.
    pub fn ends_before(&self, index: usize) -> Vec<&Value> {
        let change = &self.plan.changes[index];
        let Some(account) = change.before() else {
            return Vec::new();
        };
        let Some(server) = self.side_of(index).capabilities() else {
            return Vec::new();
        };
        let stays = account.capabilities(server).delete == DeleteCapability::DeletesAlone;
        if change.action != Action::Replace || !stays {
            return Vec::new();
        }
        let side = self.origins[index].side;
        let tokens = self.plan.changes.iter().zip(&self.origins);
        let tokens = tokens.filter(|(token, origin)| {
            token.kind == Kind::AccessToken
                && origin.side == side
                && matches!(token.action, Action::Replace | Action::Delete)
                && token
                    .before()
                    .is_some_and(|before| before.service_account == account.id)
        });
        tokens.map(|(token, _)| &token.prior).collect()
    }
}
