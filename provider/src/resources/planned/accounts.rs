//! What is planned for accounts and what for their tokens, against each other. Terraform plans an account before the tokens that name it.

use std::collections::{HashMap, HashSet};

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::State;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::state::{Open, Outline, Part as _, Roles};
use lanyard_compiler::plan::{
    NotWorking, no_role_to_take, none_of_its_roles, roles_beyond_account, roles_left,
    two_renew_one_secret,
};
use lanyard_compiler::value::{AttributePath, Value};
use parking_lot::Mutex;

use super::Subject;

/// What is planned so far, by the ids of the accounts.
#[derive(Default)]
pub(super) struct Accounts {
    /// The roles that each will have.
    roles: Mutex<HashMap<String, Roles>>,
    /// Those whose roles change.
    changing: Mutex<HashSet<String>>,
    /// Those that are disabled and will not be.
    enabled: Mutex<HashSet<String>>,
    /// Those whose one secret their own `rotation` block renews, and those whose one secret is an access token of ours.
    renewing: Mutex<HashSet<String>>,
    with_token: Mutex<HashSet<String>>,
}

impl Accounts {
    /// An account that exists is planned.
    pub(super) fn planned(&self, account: &State, planned: &Outline) {
        let Some(id) = account.id.clone() else {
            return;
        };
        if account.disabled == Some(true) && planned.disabled.value() == Some(&false) {
            self.enabled.lock().insert(id.clone());
        }
        if account.roles.write() != planned.roles.write() {
            self.changing.lock().insert(id.clone());
        }
        self.roles.lock().insert(id, planned.roles.clone());
    }

    /// What is left of the roles of a token to its next secret, where its account is planned to have others than before. One that stays as it
    /// is decides nothing: an apply plans the token again, and such an account not.
    pub(super) fn roles_left(&self, subject: &Subject<'_>, token: &State) -> Option<Value> {
        let account = token.service_account.as_ref();
        let account = account.filter(|account| self.changing.lock().contains(*account))?;
        let roles = self.roles.lock();
        let (can, wanted) = (token.capabilities(subject.server), &subject.config.roles);
        roles_left(can, wanted, token.roles.as_ref()?, roles.get(account)?)
    }

    /// True if the account of a token is disabled, and will not be.
    pub(super) fn enables_that_of(&self, token: &State) -> bool {
        let account = token.service_account.as_ref();
        NotWorking::of(token) == Some(NotWorking::AccountDisabled)
            && account.is_some_and(|account| self.enabled.lock().contains(account))
    }

    /// The roles that the account of a token is planned to have, as far as they are known.
    pub(super) fn roles_of_that_of(&self, token: &State) -> Vec<String> {
        let roles = self.roles.lock();
        let account = token.service_account.as_ref();
        let held = account.and_then(|account| roles.get(account)?.value());
        let known = held.into_iter().flatten().filter_map(|role| match &**role {
            Open::Known(role) => Some(role.clone()),
            Open::Unknown => None,
        });
        known.collect()
    }

    /// An account with one secret that it renews itself, and the token that is this secret: whichever is planned later is told.
    pub(super) fn renewed_twice(
        &self,
        subject: &Subject<'_>,
        id: Option<&str>,
    ) -> Option<Diagnostic> {
        if !subject.server.service_account.issues_secret {
            return None;
        }
        let (account, mine, others, attribute) = match subject.kind {
            Kind::ServiceAccount => {
                subject.config.rotation.value()?;
                (id?, &self.renewing, &self.with_token, "rotation")
            }
            Kind::AccessToken => {
                let mut claims = subject.claims().into_iter();
                claims.find(|claim| claim.attribute == "service_account")?;
                let account = subject.config.service_account.value()?;
                let account = account.as_str();
                (account, &self.with_token, &self.renewing, "service_account")
            }
        };
        mine.lock().insert(account.to_owned());
        others.lock().contains(account).then(|| {
            two_renew_one_secret(
                subject.server.title,
                "the access token of this account",
                &format!("the service account {account:?}"),
            )
            .at(AttributePath::attribute(attribute))
        })
    }

    /// What the roles of a token say against those of its account.
    pub(super) fn against_token(
        &self,
        subject: &Subject<'_>,
        prior: Option<&State>,
        planned: &Outline,
    ) -> Option<Diagnostic> {
        let config = subject.config;
        let account = config.service_account.value()?;
        let roles = self.roles.lock();
        let held = roles.get(account)?;
        let name = config.name.value().map_or("", String::as_str);
        let token = format!("The access token {name:?}");
        let account = format!("the service account {account:?}");
        let beyond = roles_beyond_account(&config.roles, &token, held, &account);
        let keeps = prior.and_then(|prior| prior.roles.as_ref());
        // Only a secret that is new may be given others.
        let keeps = keeps.filter(|_| !planned.roles.is_unknown());
        let anew = || no_role_to_take(subject.server, &config.roles, &token, held, &account);
        beyond
            .or_else(|| prior.is_none().then(anew)?)
            .or_else(|| planned.roles.is_unknown().then(anew)?)
            .or_else(|| {
                let server = Some(subject.server);
                none_of_its_roles(server, &config.roles, keeps?, &token, held, &account)
            })
    }
}
