//! The credential that Lanyard signs in with, among the objects that it manages: who ends it locks the run out, and all that follow.

use super::{Action, rotates};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::kind::Kind;
use crate::model::lifetime::GracePeriod;
use crate::model::server::{Capabilities, RotationCapability};
use crate::secret::Secret;
use crate::value::Value;

/// What is known of the credential in use.
#[derive(Clone, Debug, Default)]
pub struct InUse {
    /// The service account that it belongs to: its id, or its address where the server says no more.
    pub account: Option<String>,
    /// The access token that it is, by its id.
    pub token: Option<String>,
    /// The secrets themselves, to be found in states.
    pub secrets: Vec<Secret>,
}

/// How a planned change ends a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Deleted,
    Replaced,
    Disabled,
    /// A new secret, and no grace period for the old one; true if the server has none to give.
    Rotated {
        never_overlaps: bool,
    },
}

/// What an object has to do with the credential in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// It is that.
    Itself,
    /// It is the account of that.
    Account,
}

impl InUse {
    /// What the object of a state has to do with it.
    pub fn bond(&self, kind: Kind, state: &Value) -> Option<Bond> {
        let says = |name: &str, known: &Option<String>| {
            let text = state.get(name).as_str();
            text.is_some() && text == known.as_deref()
        };
        let holds = ["token", "previous_token"].iter().any(|name| {
            let held = state.get(name).as_secret();
            held.is_some_and(|held| self.secrets.contains(held))
        });
        // Where no token is told, it is the account's own secret: the one token that the account may have.
        let own_secret = self.token.is_none();
        match kind {
            _ if holds => Some(Bond::Itself),
            Kind::AccessToken if own_secret => says("service_account", &self.account)
                .then_some(Bond::Itself)
                .filter(|_| says("id", &self.account)),
            Kind::AccessToken => says("id", &self.token).then_some(Bond::Itself),
            Kind::ServiceAccount => {
                let is_ours = says("id", &self.account) || says("email", &self.account);
                is_ours.then_some(if own_secret {
                    Bond::Itself
                } else {
                    Bond::Account
                })
            }
        }
    }

    /// The warning about a change that ends it, if this one does.
    pub fn warning(&self, kind: Kind, prior: &Value, end: End) -> Option<Diagnostic> {
        let bond = self.bond(kind, prior)?;
        if matches!((bond, end), (Bond::Account, End::Rotated { .. })) {
            return None;
        }
        let what = match bond {
            Bond::Itself => "is",
            Bond::Account => "is the account of",
        };
        let how = match end {
            End::Deleted => "deletes it",
            End::Replaced => "replaces it",
            End::Disabled => "disables it",
            End::Rotated { .. } => "ends its secret at once",
        };
        Some(
            Diagnostic::warning(
                Code::CredentialInUse,
                "The plan ends the credential that Lanyard signs in with",
            )
            .detail(format!(
                "The {} {what} the credential in use, and the plan {how}: the server refuses what would come after that, in this run and later.",
                described(kind, prior)
            ))
            .hint(match end {
                End::Rotated { never_overlaps: false } => {
                    "Set `rotation.grace_period`, so that the old secret works until Lanyard has the new one."
                }
                End::Rotated { never_overlaps: true } => {
                    "Make this change alone, and give Lanyard the new secret before the next one."
                }
                End::Deleted | End::Replaced | End::Disabled => {
                    "Sign in with another credential to do that."
                }
            }),
        )
    }
}

/// The warning that nothing keeps the credential in use from being deleted with what nobody needs.
pub fn not_known(server: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::CredentialInUse,
        "It is not known which credential Lanyard signs in with",
    )
    .detail(format!(
        "{server} does not say who we are: if the credential in use is among what is to be deleted, it goes too."
    ))
    .hint("Look for it in the list, or sign in with a credential that is not managed here.")
}

/// An object as people know it: `access token "ci" (at_1)`.
pub fn described(kind: Kind, state: &Value) -> String {
    let text = |name: &str| state.get(name).as_str().unwrap_or_default();
    match (text("name"), text("id")) {
        ("", id) => format!("{} {id:?}", kind.title()),
        (name, id) if name == id => format!("{} {name:?}", kind.title()),
        (name, id) => format!("{} {name:?} ({id})", kind.title()),
    }
}

/// How a change ends the secret that exists, if it does.
pub fn end(
    kind: Kind,
    server: Option<&Capabilities>,
    action: Action,
    prior: &Value,
    planned: &Value,
) -> Option<End> {
    match action {
        Action::NoOp | Action::Create => None,
        Action::Delete => Some(End::Deleted),
        Action::Replace => Some(End::Replaced),
        Action::Update => {
            let disabled = |state: &Value| state.get("disabled").as_bool() == Some(true);
            if disabled(planned) && !disabled(prior) {
                return Some(End::Disabled);
            }
            let never_overlaps = server.is_some_and(|server| {
                let can = kind.capabilities_for(server, prior);
                matches!(can.rotation, RotationCapability::NoOverlap { .. })
            });
            let ends = rotates(prior, planned) && (never_overlaps || !may_have_grace(planned));
            ends.then_some(End::Rotated { never_overlaps })
        }
    }
}

fn may_have_grace(planned: &Value) -> bool {
    let grace = planned.get("rotation").get("grace_period");
    let parsed = grace
        .as_str()
        .and_then(|text| GracePeriod::parse(text).ok());
    planned.get("rotation").is_unknown()
        || grace.is_unknown()
        || parsed.is_some_and(|grace| !grace.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::{Api, capabilities};

    fn token(id: &str, account: &str) -> Value {
        Value::map([("id", id.into()), ("service_account", account.into())])
    }

    fn account(id: &str) -> Value {
        Value::map([("id", id.into()), ("email", format!("{id}@x.io").into())])
    }

    fn in_use(account: Option<&str>, token: Option<&str>) -> InUse {
        InUse {
            account: account.map(str::to_owned),
            token: token.map(str::to_owned),
            secrets: Vec::new(),
        }
    }

    #[test]
    fn it_is_found_by_what_the_server_says_of_it() {
        use Kind::{AccessToken, ServiceAccount};
        let token_of_account = in_use(Some("sa_1"), Some("at_1"));
        let one = |kind, state: &Value| token_of_account.bond(kind, state);
        assert_eq!(one(AccessToken, &token("at_1", "sa_1")), Some(Bond::Itself));
        assert_eq!(one(AccessToken, &token("at_2", "sa_1")), None);
        assert_eq!(one(ServiceAccount, &account("sa_1")), Some(Bond::Account));
        assert_eq!(one(ServiceAccount, &account("sa_2")), None);

        // Where the account has one secret, a token is that one only if it has the account's id.
        let own = in_use(Some("org/ci"), None);
        assert_eq!(
            own.bond(ServiceAccount, &account("org/ci")),
            Some(Bond::Itself)
        );
        assert_eq!(
            own.bond(AccessToken, &token("org/ci", "org/ci")),
            Some(Bond::Itself)
        );
        assert_eq!(own.bond(AccessToken, &token("org/x", "org/ci")), None);
        let by_address = in_use(Some("ci@x.io"), None);
        assert_eq!(
            by_address.bond(ServiceAccount, &account("ci")),
            Some(Bond::Itself)
        );

        let operator = in_use(None, None);
        assert_eq!(
            operator.bond(ServiceAccount, &Value::map([("name", "x".into())])),
            None
        );
        assert_eq!(operator.bond(AccessToken, &token("at_1", "sa_1")), None);
    }

    #[test]
    fn it_is_found_by_its_secret() {
        let known = InUse {
            secrets: vec![Secret::new("lyd_1")],
            ..InUse::default()
        };
        let holding = |secret: &str| Value::map([("token", Secret::new(secret).into())]);
        assert_eq!(
            known.bond(Kind::AccessToken, &holding("lyd_1")),
            Some(Bond::Itself)
        );
        assert_eq!(known.bond(Kind::AccessToken, &holding("lyd_2")), None);
    }

    #[test]
    fn only_what_ends_the_secret_at_once_ends_the_credential() {
        let prior = Value::map([("generation", 1.into()), ("service_account", "a".into())]);
        let rotated = |grace: Value| {
            Value::map([
                ("generation", Value::Unknown),
                ("token", Value::Unknown),
                ("rotation", Value::map([("grace_period", grace)])),
            ])
        };
        let of = |api, planned: &Value| {
            end(
                Kind::AccessToken,
                Some(capabilities(api)),
                Action::Update,
                &prior,
                planned,
            )
        };
        let at_once = Some(End::Rotated {
            never_overlaps: false,
        });
        assert_eq!(of(Api::Native, &rotated(Value::Null)), at_once);
        assert_eq!(of(Api::Native, &rotated("0s".into())), at_once);
        assert_eq!(of(Api::Native, &rotated("2d".into())), None);
        assert_eq!(of(Api::Native, &rotated(Value::Unknown)), None);
        assert_eq!(of(Api::Native, &prior), None);
        let never = Some(End::Rotated {
            never_overlaps: true,
        });
        assert_eq!(of(Api::Openobserve, &rotated("2d".into())), never);
        let disabled = Value::map([("generation", 1.into()), ("disabled", true.into())]);
        assert_eq!(of(Api::Native, &disabled), Some(End::Disabled));
        assert_eq!(
            end(
                Kind::AccessToken,
                None,
                Action::Delete,
                &prior,
                &Value::Null
            ),
            Some(End::Deleted)
        );
    }
}
