//! Access tokens whose accounts are replaced: they end with them, and are made anew for the new ones.

use super::Comparison;
use super::resource::{planned_again, replaced};
use crate::language::Configuration;
use crate::model::Kind;
use crate::model::server::DeleteCapability;
use crate::plan::Action;
use crate::value::{AttributePath, Value};

impl Comparison {
    /// Replaces what would end with its account in this plan, and would be made by the next one only, and makes what is made anyway for the
    /// new account. True if there is any.
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
            let (change, origin) = (&self.plan.changes[index], &self.origins[index]);
            let of = |id: &str| ending.get(&(origin.side, id.to_owned()));
            let ends = match change.action {
                Action::NoOp | Action::Update => change.before(),
                Action::Create | Action::Replace | Action::Delete => None,
            };
            let ends = ends.and_then(|before| of(before.service_account.as_deref()?));
            let wanted = change.config.get("service_account").as_str().and_then(of);
            // What is made anyway goes to the new one.
            let is_made = matches!(change.action, Action::Create | Action::Replace);
            let Some(account) = ends.or(wanted.filter(|_| is_made)) else {
                continue;
            };
            let mut change = change.clone();
            if wanted.is_some_and(|wanted| change.depends_on.contains(wanted))
                && let Some(place) = change.config.at_mut(&path)
            {
                // The new one has another id, or may have.
                *place = Value::Unknown;
            }
            let side = self.side_of(index);
            let change = if is_made {
                planned_again(instance, change, side)
            } else {
                let why = format!("{account} is replaced, and its access tokens end with it");
                replaced(instance, &change, side, why)
            };
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
