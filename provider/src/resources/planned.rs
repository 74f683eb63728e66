//! What one walk has planned so far. Terraform plans each resource by itself and does not say which it is; what two of them say against
//! each other shows only here.
//!
//! Terraform and OpenTofu check and plan each instance once in a walk (the new object of a replacement once more, unchecked).
//! Nothing else may be concluded from: other callers plan one resource as often as they like.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lanyard_compiler::diagnostic::{Code, Diagnostic, sentence};
use lanyard_compiler::model::State;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::naming::{Claim, Owner, claims};
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::state::{Open, Outline, Roles};
use lanyard_compiler::plan::{Change, NotWorking};
use lanyard_compiler::plan::{
    no_role_to_take, none_of_its_roles, roles_beyond_account, two_renew_one_secret,
};
use lanyard_compiler::review::outside::{LeftSo, drift_of_power};
use lanyard_compiler::value::{AttributePath, Value};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// Kept for one configuration of the provider.
#[derive(Default)]
pub(super) struct Walk {
    is_conclusive: AtomicBool,
    names: Mutex<HashMap<Claim, Seen>>,
    /// The roles that accounts will have, by id.
    roles: Mutex<HashMap<String, Roles>>,
    /// The accounts whose one secret their own `rotation` block renews, and those whose one secret is an access token of ours, by id.
    renewing: Mutex<HashSet<String>>,
    with_token: Mutex<HashSet<String>>,
    /// The accounts that are disabled and will not be, by id.
    enabled: Mutex<HashSet<String>>,
    /// What this walk read that moved the power of a credential, by id.
    outside: Mutex<HashMap<(Kind, String), Change>>,
    /// What was imported in this walk, whose unknown secret is told then: the ids.
    imported: Mutex<HashSet<String>>,
    /// What tells which object a state holds, by what Terraform keeps beside the state.
    existing: Mutex<HashMap<Vec<u8>, Value>>,
    /// What was read with a secret that its server shows, and is in no plan yet, by id.
    unplanned: Mutex<HashMap<(Kind, String), Value>>,
    noted: Notify,
}

/// Terraform plans what does not depend on each other at the same time, in any order: how long the one plan waits for the other.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was seen under a name.
#[derive(Default)]
struct Seen {
    checked: usize,
    planned: Vec<Instance>,
}

/// One that is planned.
struct Instance {
    /// `None` for one that is new.
    id: Option<String>,
    /// What its configuration says, in the order of the schema.
    says: Vec<(&'static str, Value)>,
}

/// What tells whether an object is the credential in use.
const IDENTIFYING: [&str; 7] = [
    "id",
    "name",
    "slug",
    "email",
    "service_account",
    "token",
    "previous_token",
];

/// What is planned, and where.
pub(super) struct Subject<'a> {
    pub(super) kind: Kind,
    pub(super) server: &'a Capabilities,
    pub(super) organization: Option<&'a str>,
    pub(super) config: &'a Outline,
    /// All that is configured.
    pub(super) whole: &'a Value,
}

impl Walk {
    /// The caller is one that plans each instance once.
    pub(super) fn conclude_from_each_call(&self) {
        self.is_conclusive.store(true, Ordering::Relaxed);
    }

    /// An instance is about to be planned.
    pub(super) fn checked(&self, subject: &Subject<'_>) {
        if !self.is_conclusive.load(Ordering::Relaxed) {
            return;
        }
        let mut names = self.names.lock();
        for claim in subject.claims() {
            names.entry(claim).or_default().checked += 1;
        }
    }

    /// An instance is planned, and not to be replaced: what that contradicts.
    pub(super) fn planned(
        &self,
        subject: &Subject<'_>,
        prior: Option<&State>,
        planned: &Outline,
    ) -> Vec<Diagnostic> {
        if !self.is_conclusive.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let id = prior.and_then(|prior| prior.id.clone());
        let mut found: Vec<Diagnostic> = self.twin(subject, id.clone()).into_iter().collect();
        found.extend(self.renewed_twice(subject, id.as_deref()));
        match subject.kind {
            Kind::ServiceAccount => {
                if let Some(id) = id {
                    let was_disabled = prior.is_some_and(|prior| prior.disabled == Some(true));
                    if was_disabled && planned.disabled.value() == Some(&false) {
                        self.enabled.lock().insert(id.clone());
                    }
                    self.roles.lock().insert(id, planned.roles.clone());
                }
            }
            Kind::AccessToken => found.extend(self.against_account(subject, prior)),
        }
        found
    }

    /// True if the account of a token is disabled, and will not be: it is planned before its tokens.
    pub(super) fn enables_account_of(&self, token: &State) -> bool {
        let account = token.service_account.as_ref();
        NotWorking::of(token) == Some(NotWorking::AccountDisabled)
            && account.is_some_and(|account| self.enabled.lock().contains(account))
    }

    pub(super) fn imported(&self, state: &State) {
        self.imported.lock().extend(state.id.clone());
    }

    pub(super) fn has_imported(&self, state: &State) -> bool {
        let imported = self.imported.lock();
        state.id.as_ref().is_some_and(|id| imported.contains(id))
    }

    /// The plan keeps this object. If it is replaced because the user asked for that, it is planned once more, as what is new.
    pub(super) fn keeps(&self, state: &Value, private: &[u8]) {
        if private.is_empty() || !self.is_conclusive.load(Ordering::Relaxed) {
            return;
        }
        let said = IDENTIFYING.map(|name| (name, state.get(name).clone()));
        let said = said.into_iter().filter(|(_, value)| !value.is_null());
        self.existing
            .lock()
            .insert(private.to_owned(), Value::map(said));
    }

    /// The object that what is new replaces although nothing about itself asks for it.
    pub(super) fn replaced(&self, private: &[u8]) -> Option<Value> {
        self.existing.lock().remove(private)
    }

    /// An object was read, to be planned next.
    pub(super) fn reads(&self, state: &State) {
        if let Some(id) = state.id.clone().filter(|_| state.holds_secret())
            && self.is_conclusive.load(Ordering::Relaxed)
        {
            self.unplanned
                .lock()
                .insert((state.kind(), id), state.write());
        }
    }

    /// Its plan was asked for.
    pub(super) fn plans(&self, state: &State) {
        if let Some(id) = state.id.clone() {
            self.unplanned.lock().remove(&(state.kind(), id));
            self.noted.notify_waiters();
        }
    }

    /// What was read and is like this, if no plan of it is asked for: it is tainted, and what is planned as new is to replace it.
    pub(super) async fn tainted(&self, is_like: impl Fn(&Value) -> bool) -> Option<Value> {
        let found = || {
            let unplanned = self.unplanned.lock();
            unplanned.values().find(|state| is_like(state)).cloned()
        };
        let planned = async {
            loop {
                let noted = self.noted.notified();
                if found().is_none() {
                    return;
                }
                noted.await;
            }
        };
        let is_planned = tokio::time::timeout(PATIENCE, planned).await.is_ok();
        if is_planned { None } else { found() }
    }

    /// An object was read, and its state differs from the one that was stored.
    pub(super) fn differs(&self, kind: Kind, id: String, stored: &Value, now: &Value) {
        if let Some(drift) = drift_of_power(kind, stored, now) {
            self.outside.lock().insert((kind, id), drift);
        }
    }

    /// The plan keeps an object: what it leaves so of the power that somebody moved.
    pub(super) fn leaves(&self, prior: &State, planned: &Value) -> Option<Diagnostic> {
        let kind = prior.kind();
        let drift = self.outside.lock().remove(&(kind, prior.id.clone()?))?;
        let planned = State::read_any(kind, planned).ok()??;
        let roles = self.roles.lock();
        let held = prior.service_account.as_ref();
        let held = held.and_then(|account| roles.get(account)?.value());
        let held = held.into_iter().flatten().filter_map(|role| match &**role {
            Open::Known(role) => Some(role.clone()),
            Open::Unknown => None,
        });
        let left = LeftSo::of(&drift, &planned, &held.collect::<Vec<_>>())?;
        Some(left.warning(kind, prior.name.as_deref().unwrap_or_default()))
    }

    fn twin(&self, subject: &Subject<'_>, id: Option<String>) -> Option<Diagnostic> {
        let mut names = self.names.lock();
        let mut found = None;
        for claim in subject.claims() {
            let seen = names.entry(claim.clone()).or_default();
            seen.planned.push(Instance {
                id: id.clone(),
                says: subject.says(),
            });
            if seen.checked > 1 && seen.planned.len() > 1 {
                found = found.or_else(|| Some(duplicate(subject, &claim, &seen.planned)));
            }
        }
        found
    }

    /// An account with one secret that it renews itself, and the token that is this secret: whichever is planned later is told.
    fn renewed_twice(&self, subject: &Subject<'_>, id: Option<&str>) -> Option<Diagnostic> {
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

    /// What the roles of a token say against those of its account, which is planned before its tokens.
    fn against_account(&self, subject: &Subject<'_>, prior: Option<&State>) -> Option<Diagnostic> {
        let config = subject.config;
        let account = config.service_account.value()?;
        let roles = self.roles.lock();
        let held = roles.get(account)?;
        let name = config.name.value().map_or("", String::as_str);
        let token = format!("The access token {name:?}");
        let account = format!("the service account {account:?}");
        let beyond = roles_beyond_account(&config.roles, &token, held, &account);
        let before = prior.and_then(|prior| prior.roles.as_ref());
        let has_none = before.is_some_and(|roles| roles.is_empty());
        let anew = || no_role_to_take(subject.server, &config.roles, &token, held, &account);
        beyond
            .or_else(|| prior.is_none().then(anew)?)
            .or_else(|| none_of_its_roles(&config.roles, has_none, &token, held, &account))
    }
}

impl Subject<'_> {
    fn says(&self) -> Vec<(&'static str, Value)> {
        names(self.kind)
            .map(|name| (name, self.whole.get(name).clone()))
            .filter(|(_, value)| !value.is_null())
            .collect()
    }

    pub(super) fn claims(&self) -> Vec<Claim> {
        let owner = Owner::of(self.kind, self.config);
        owner.map_or_else(Vec::new, |owner| {
            claims(
                self.kind,
                self.server,
                self.organization,
                owner,
                self.config,
            )
        })
    }
}

fn duplicate(subject: &Subject<'_>, claim: &Claim, planned: &[Instance]) -> Diagnostic {
    let kind = subject.kind.title();
    let (existing, new): (Vec<_>, Vec<_>) =
        planned.iter().partition(|instance| instance.id.is_some());
    let each: Vec<String> = existing
        .into_iter()
        .chain(new)
        .map(|instance| match &instance.id {
            Some(id) => format!("one that exists as {id:?}"),
            None => "one that is new".to_owned(),
        })
        .collect();
    let of = match &claim.owner {
        Owner::Account(id) => format!(" of the service account {id:?}"),
        Owner::Nobody | Owner::AccountOf(_) => String::new(),
    };
    let what = match claim.attribute {
        "service_account" => String::new(),
        attribute => format!(" with the {attribute} {:?}", claim.text),
    };
    Diagnostic::error(Code::DuplicateObject, "Two resources are one object")
        .at(AttributePath::attribute(claim.attribute))
        .detail(format!(
            "More than one {kind}{what}{of} is planned: {}. {} has room for one. {}",
            each.join(", and "),
            sentence(subject.server.title),
            told_apart(subject.kind, planned),
        ))
        .hint("Terraform marks the one that is planned last, and tells no provider the address of the other: `lanyard validate` names both.")
        .hint("Look for another resource block, or another instance, that says the same, perhaps in another module: remove one of the two, or give it another name.")
}

/// Of attributes and blocks.
fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    let body = &facts::schema(kind).body;
    let attributes = body.attributes.iter().map(|attribute| &attribute.name);
    let blocks = body.blocks.iter().map(|block| &block.name);
    attributes.chain(blocks).map(String::as_str)
}

/// How to recognize the other one: by what it says otherwise. Its values may be sensitive.
fn told_apart(kind: Kind, planned: &[Instance]) -> String {
    let Some((last, others)) = planned.split_last() else {
        return String::new();
    };
    let said = |instance: &Instance, name: &str| {
        let mut says = instance.says.iter();
        says.find(|(other, _)| *other == name)
            .map(|(_, value)| value.clone())
    };
    let differ: Vec<String> = names(kind)
        .filter(|name| {
            let mut others = others.iter();
            others.any(|other| said(other, name) != said(last, name))
        })
        .map(|name| format!("`{name}`"))
        .collect();
    match differ.as_slice() {
        [] => "The other one says exactly the same as this one.".to_owned(),
        names => format!(
            "The other one differs from this one in {}.",
            names.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::server::{Api, capabilities};

    use super::*;

    fn object(kind: Kind, entries: &[(&str, Value)]) -> Outline {
        Outline::of(&facts::object(kind, entries.iter().cloned()))
    }

    fn token(name: &str, account: &str) -> Outline {
        object(
            Kind::AccessToken,
            &[
                ("name", name.into()),
                ("service_account", account.into()),
                ("roles", Value::set(["admin".into()])),
            ],
        )
    }

    fn on_native(kind: Kind, config: &Outline) -> Subject<'_> {
        Subject {
            kind,
            server: capabilities(Api::Native),
            organization: None,
            config,
            whole: &Value::Null,
        }
    }

    fn existing(id: &str) -> Option<State> {
        let mut state = State::nothing(Kind::AccessToken);
        state.id = Some(id.to_owned());
        Some(state)
    }

    /// Checks so many instances, and then plans one for each prior state: what the last of them is told.
    fn told(checked: usize, priors: &[Option<State>]) -> Vec<String> {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let config = token("ci", "sa_1");
        let subject = on_native(Kind::AccessToken, &config);
        for _ in 0..checked {
            planned.checked(&subject);
        }
        let mut told = Vec::new();
        for prior in priors {
            assert_eq!(told, [], "only the last one is told");
            told = planned.planned(&subject, prior.as_ref(), &config);
        }
        told.into_iter().map(|problem| problem.detail).collect()
    }

    #[test]
    fn a_second_instance_of_a_name_is_refused() {
        assert_eq!(
            told(2, &[existing("at_1"), None]),
            [
                "More than one access token with the name \"ci\" of the service account \"sa_1\" is planned: one that exists as \
                 \"at_1\", and one that is new. The native token server has room for one. The other one says exactly the same as this one."
            ]
        );
        assert_eq!(told(2, &[None, None]).len(), 1);
        assert_eq!(told(2, &[existing("at_1"), existing("at_1")]).len(), 1);
    }

    #[test]
    fn the_other_instance_is_recognized_by_what_it_says_otherwise() {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let config = token("ci", "sa_1");
        let [one, other] = [Value::Null, "b".into()]
            .map(|text: Value| Value::map([("name", "ci".into()), ("description", text)]));
        let [one, other] = [&one, &other].map(|whole| Subject {
            whole,
            ..on_native(Kind::AccessToken, &config)
        });
        planned.checked(&one);
        planned.checked(&other);
        assert_eq!(planned.planned(&one, None, &config), []);
        let told = planned.planned(&other, None, &config);
        let [told] = told.try_into().unwrap();
        assert!(
            told.detail
                .ends_with("The other one differs from this one in `description`."),
            "{told}"
        );
    }

    #[test]
    fn one_instance_may_be_planned_twice() {
        // A replacement that the user asked for: first as what exists, then as what is new.
        assert_eq!(told(1, &[existing("at_1"), None]), [""; 0]);
        assert_eq!(told(2, &[existing("at_1")]), [""; 0]);
        let planned = Walk::default();
        let config = token("ci", "sa_1");
        let subject = on_native(Kind::AccessToken, &config);
        for _ in 0..3 {
            planned.checked(&subject);
            // Who does not say that it is Terraform may plan as often as it likes.
            assert_eq!(planned.planned(&subject, None, &config), []);
        }
    }

    #[test]
    fn a_token_has_no_roles_beyond_what_its_account_is_planned_to_have() {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let config = token("ci", "sa_1");
        let account = |roles: &[&str]| {
            let roles = roles.iter().map(|role| Value::from(*role));
            object(Kind::ServiceAccount, &[("roles", Value::set(roles))])
        };
        for (roles, count) in [(&["admin"][..], 0), (&["viewer"], 1), (&[], 1)] {
            let state = account(roles);
            let subject = on_native(Kind::ServiceAccount, &state);
            assert_eq!(
                planned.planned(&subject, existing("sa_1").as_ref(), &state),
                []
            );
            let found = planned.planned(
                &on_native(Kind::AccessToken, &config),
                existing("at_1").as_ref(),
                &config,
            );
            assert_eq!(found.len(), count, "{roles:?} {found:?}");
        }
    }

    #[test]
    fn an_account_and_its_token_that_renew_one_secret_are_refused_in_either_order() {
        let id = "default/ci@example.com";
        let rotation = Value::map([("before_expiry", Value::Null), ("every", "30d".into())]);
        let account = |rotation: Value| {
            let says = [("name", "ci".into()), ("rotation", rotation)];
            object(Kind::ServiceAccount, &says)
        };
        let token = object(
            Kind::AccessToken,
            &[("name", "ci".into()), ("service_account", id.into())],
        );
        let (renews, leaves) = (account(rotation), account(Value::Null));
        let told = |api: Api, order: &[(Kind, &Outline)]| -> Vec<Code> {
            let planned = Walk::default();
            planned.conclude_from_each_call();
            let each = order.iter().flat_map(|(kind, config)| {
                let subject = Subject {
                    server: capabilities(api),
                    organization: Some("default"),
                    ..on_native(*kind, config)
                };
                let mut prior = State::nothing(*kind);
                prior.id = Some(id.to_owned());
                planned.planned(&subject, Some(&prior), config)
            });
            each.map(|told| told.code).collect()
        };
        let (account, token) = ((Kind::ServiceAccount, &renews), (Kind::AccessToken, &token));
        let twice = [Code::SecretHeldTwice];
        assert_eq!(told(Api::Openobserve, &[account, token]), twice);
        assert_eq!(told(Api::Openobserve, &[token, account]), twice);
        assert_eq!(told(Api::Openobserve, &[account, account]), []);
        let quiet = (Kind::ServiceAccount, &leaves);
        assert_eq!(told(Api::Openobserve, &[quiet, token]), []);
        assert_eq!(told(Api::Native, &[account, token]), []);
    }

    #[test]
    fn a_new_token_of_an_account_without_roles_is_refused_where_it_needs_one() {
        let told = |api: Api, roles: &[&str], prior: Option<State>| -> Vec<Code> {
            let planned = Walk::default();
            planned.conclude_from_each_call();
            let subject = |kind, config| Subject {
                server: capabilities(api),
                ..on_native(kind, config)
            };
            let roles = Value::set(roles.iter().map(|role| Value::from(*role)));
            let account = object(Kind::ServiceAccount, &[("roles", roles)]);
            let of_account = subject(Kind::ServiceAccount, &account);
            planned.planned(&of_account, existing("sa_1").as_ref(), &account);
            let says = [("name", "ci".into()), ("service_account", "sa_1".into())];
            let token = object(Kind::AccessToken, &says);
            let found =
                planned.planned(&subject(Kind::AccessToken, &token), prior.as_ref(), &token);
            found.iter().map(|told| told.code).collect()
        };
        assert_eq!(told(Api::Osmo, &[], None), [Code::AccountWithoutRoles]);
        assert_eq!(told(Api::Osmo, &["osmo-user"], None), []);
        assert_eq!(told(Api::Osmo, &[], existing("sa_1/ci")), []);
        assert_eq!(told(Api::Native, &[], None), []);
    }

    #[test]
    fn a_token_that_lost_the_roles_of_its_account_is_told() {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let account = object(
            Kind::ServiceAccount,
            &[("roles", Value::set(["viewer".into()]))],
        );
        let subject = on_native(Kind::ServiceAccount, &account);
        planned.planned(&subject, existing("sa_1").as_ref(), &account);
        let config = |roles: Value| {
            let says = [
                ("name", "ci".into()),
                ("service_account", "sa_1".into()),
                ("roles", roles),
            ];
            object(Kind::AccessToken, &says)
        };
        let none = || Value::set([]);
        for (configured, has, told) in [
            (Value::Null, none(), true),
            (none(), none(), false),
            (Value::Null, Value::set(["viewer".into()]), false),
            (Value::Null, Value::Null, false),
            (Value::Unknown, none(), false),
        ] {
            let mut prior = State::nothing(Kind::AccessToken);
            prior.id = Some("at_1".to_owned());
            prior.roles = match &has {
                Value::List(roles) => Some(
                    roles
                        .iter()
                        .filter_map(|role| role.as_str().map(str::to_owned))
                        .collect(),
                ),
                _ => None,
            };
            let config = config(configured);
            let subject = on_native(Kind::AccessToken, &config);
            let found = planned.planned(&subject, Some(&prior), &config);
            let codes: Vec<Code> = found.iter().map(|told| told.code).collect();
            let expected: &[Code] = if told {
                &[Code::TokenWithoutRoles]
            } else {
                &[]
            };
            assert_eq!(codes, expected, "{found:?}");
        }
    }
}
