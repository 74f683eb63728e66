//! Access tokens that are the one secret of their account: they are there as soon as the account is, whoever has that secret. Without a
//! state, only what an apply left open tells that none was issued for one.

use super::resource::made_anew;
use super::{Asked, Comparison};
use crate::delivery::{Issuing, State};
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::language::{Configuration, Instance};
use crate::model::Kind;
use crate::model::server::Naming;
use crate::plan::{Action, Change};

impl Comparison {
    /// True if a change is of the one secret of an account.
    pub fn is_secret_of_account(&self, index: usize) -> bool {
        let change = &self.plan.changes[index];
        let server = self.side_of(index).capabilities();
        change.kind == Kind::AccessToken
            && server.is_some_and(|server| {
                let can = change.kind.capabilities_for(server, &change.config);
                matches!(can.naming, Naming::Account)
            })
    }

    /// Makes those whose account was made and never handed over: they were to be made after it. A rotation would find that the account's
    /// new secret is another one than the plan has seen.
    pub(super) fn make_with_their_accounts(&mut self, instances: &[&Instance]) {
        let deliveries = self.deliveries.iter();
        let made: Vec<(usize, String)> = deliveries
            .filter(|delivery| {
                delivery.open.kind == Kind::ServiceAccount
                    && matches!(
                        delivery.open.action,
                        Issuing::Create | Issuing::Adopt | Issuing::Replace
                    )
            })
            .filter_map(|delivery| {
                let State::Reissued { address } = &delivery.state else {
                    return None;
                };
                let is_it = |change: &Change| change.address == *address;
                let index = self.plan.changes.iter().position(is_it)?;
                Some((index, self.plan.changes[index].before()?.id.clone()?))
            })
            .collect();
        if made.is_empty() {
            return;
        }
        for (index, instance) in instances.iter().enumerate() {
            let change = &self.plan.changes[index];
            let is_of_one = |account: Option<String>| {
                let mut made = made.iter();
                let here = self.side_of(index).place();
                account.is_some_and(|account| {
                    made.any(|(at, id)| *id == account && self.side_of(*at).place() == here)
                })
            };
            if !matches!(change.action, Action::Create | Action::Replace)
                && self.is_secret_of_account(index)
                && is_of_one(
                    change
                        .before()
                        .and_then(|before| before.service_account.clone()),
                )
            {
                let change = made_anew(instance, change, self.side_of(index));
                self.set(index, change);
            }
        }
    }

    /// The access token of the configuration that is the one secret of an account.
    pub(super) fn token_of_secret(&self, account: usize) -> Option<usize> {
        let before = self.plan.changes[account].before()?;
        if before.kind() != Kind::ServiceAccount {
            return None;
        }
        let id = before.id.as_deref()?;
        let here = self.side_of(account).place();
        let is_it = |index: &usize| {
            let change = &self.plan.changes[*index];
            let after = change.after();
            let of = after
                .as_ref()
                .and_then(|after| after.service_account.value());
            of.is_some_and(|of| of == id)
                && self.is_secret_of_account(*index)
                && self.side_of(*index).place() == here
        };
        (0..self.plan.changes.len()).find(is_it)
    }

    /// Refuses a new secret for an account whose one secret is that of an access token: it would end without anybody saying so.
    pub(super) fn keep_secrets_of_tokens(
        &mut self,
        configuration: &Configuration,
        asked: &Asked<'_>,
    ) {
        if asked.rotate.is_empty() {
            return;
        }
        for (index, (instance, ..)) in configuration.managed().enumerate() {
            if !asked.rotates(instance)
                || Issuing::of(&self.plan.changes[index]) != Some(Issuing::Rotate)
            {
                continue;
            }
            let Some(token) = self.token_of_secret(index) else {
                continue;
            };
            let token = &self.plan.changes[token];
            let (account, address) = (&instance.address, &token.address);
            let server = self.side_of(index).capabilities();
            let title = sentence(server.map_or("the server", |server| server.title));
            let hint = match token.prior.is_null() {
                true => format!("Leave it out: the plan makes {address}, with a new secret."),
                false => format!(
                    "`--rotate '{address}'` instead replaces it, and hands the new one over."
                ),
            };
            let refused = Diagnostic::error(
                Code::SecretHeldTwice,
                "The secret of the account is that of its access token",
            )
            .detail(format!(
                "`--rotate {account}`: {title} has one secret for an account, and {address} is that of this one: it would end, and whoever takes it from there would keep the old one."
            ))
            .hint(hint);
            let refused = instance.locate(refused);
            self.plan.changes[index].diagnostics.push(refused);
        }
    }

    /// Says of those that are there and get no secret that nothing tells for whom theirs was issued.
    pub(super) fn tell_of_secrets_of_accounts(&mut self, configuration: &Configuration) {
        for (index, (instance, ..)) in configuration.managed().enumerate() {
            let change = &self.plan.changes[index];
            if change.prior.is_null()
                || Issuing::of(change).is_some()
                || !self.is_secret_of_account(index)
            {
                continue;
            }
            let server = self.side_of(index).capabilities();
            let title = sentence(server.map_or("the server", |server| server.title));
            let address = &change.address;
            let warning = Diagnostic::warning(
                Code::SecretOfAccount,
                "The secret of the account counts as that of its access token",
            )
            .detail(format!(
                "{address}: {title} has one secret for an account, and does not say for whom it was issued. Without a state it counts as that of this resource, and no other one is issued."
            ))
            .hint(format!(
                "If nobody received it from this resource, as where that was added to an account that was there: `lanyard apply --rotate '{address}'` issues another one, which ends the one before, such as `token` of the account."
            ));
            let warning = instance.locate(warning);
            self.plan.changes[index].diagnostics.push(warning);
        }
    }
}
