//! Accounts that a plan enables: what a token is said not to do while its account is disabled, it does again.

use super::Comparison;
use crate::diagnostic::Code;
use crate::model::state::Outline;
use crate::plan::NotWorking;

impl Comparison {
    /// Takes back what is said of tokens whose accounts this plan enables.
    pub(super) fn tokens_work_again(&mut self) {
        let enabled = self.accounts(|change, before| {
            let enables = before.disabled == Some(true)
                && Outline::of(&change.planned).disabled.value() == Some(&false);
            enables.then_some(())
        });
        if enabled.is_empty() {
            return;
        }
        let changes = self.plan.changes.iter_mut();
        for (change, origin) in changes.zip(&self.origins) {
            let Some(before) = change.before() else {
                continue;
            };
            let Some(account) = before.service_account.clone() else {
                continue;
            };
            let is_cut_off = NotWorking::of(&before) == Some(NotWorking::AccountDisabled);
            if is_cut_off && enabled.contains_key(&(origin.side, account)) {
                change
                    .diagnostics
                    .retain(|told| told.code != Code::SecretDoesNotWork);
            }
        }
    }
}
