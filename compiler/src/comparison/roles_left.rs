//! Accounts whose roles a plan changes: the next secret of a token that leaves its roles to its account has what is left of them.

use super::Comparison;
use crate::model::state::{Outline, Part as _};
use crate::plan::roles_left;

impl Comparison {
    pub(super) fn tokens_keep_what_is_left(&mut self) {
        let changing = self.accounts(|change, before| {
            let held = Outline::of(&change.planned).roles;
            (before.roles.write() != held.write()).then_some(held)
        });
        if changing.is_empty() {
            return;
        }
        for index in 0..self.plan.changes.len() {
            let change = &self.plan.changes[index];
            let (Some(before), true) = (change.before(), change.rotates()) else {
                continue;
            };
            let side = self.origins[index].side;
            let left = before.service_account.clone().and_then(|account| {
                let can = before.capabilities(self.side_of(index).capabilities()?);
                let wanted = Outline::of(&change.config).roles;
                let held = changing.get(&(side, account))?;
                roles_left(can, &wanted, before.roles.as_ref()?, held)
            });
            if let Some(left) = left {
                let mut change = change.clone();
                change.set_roles(left);
                self.set(index, change);
            }
        }
    }
}
