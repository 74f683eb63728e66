//! The credential that Lanyard signs in with, among the objects that it manages: who ends it locks the run out, and all that follow.

use super::{Action, Renewal, rotation};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::identity::Identity;
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::{Open, Planned, State};
use crate::secret::Secret;

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

/// How a planned change ends a credential, or what it could be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Deleted,
    Replaced,
    Disabled,
    /// It loses these roles.
    Weakened(Vec<String>),
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

impl From<&Identity> for InUse {
    /// The object of ours that the credential would be.
    fn from(identity: &Identity) -> Self {
        Self {
            account: identity
                .service_account
                .as_ref()
                .map(|account| account.id.clone()),
            token: identity.access_token.as_ref().map(|token| token.id.clone()),
            secrets: Vec::new(),
        }
    }
}

impl InUse {
    /// What the object of a state has to do with it.
    pub fn bond(&self, state: &State) -> Option<Bond> {
        let is = |said: &Option<String>, known: &Option<String>| said.is_some() && said == known;
        let held = [&state.token, &state.previous_token].into_iter().flatten();
        let holds = held.into_iter().any(|held| self.secrets.contains(held));
        // Where no token is told, it is the account's own secret: the one token that the account may have.
        let own_secret = self.token.is_none();
        match state.kind() {
            _ if holds => Some(Bond::Itself),
            Kind::AccessToken if own_secret => is(&state.service_account, &self.account)
                .then_some(Bond::Itself)
                .filter(|_| is(&state.id, &self.account)),
            Kind::AccessToken => {
                // A secret in its grace period may be a token of its own.
                let retired = state.retired().iter().map(|retired| Some(&retired.id));
                let own = retired.chain([state.id.as_ref()]);
                let is_ours = own.into_iter().any(|id| id == self.token.as_ref());
                is_ours.then_some(Bond::Itself)
            }
            Kind::ServiceAccount => {
                let is_ours = is(&state.id, &self.account) || is(&state.email, &self.account);
                is_ours.then_some(if own_secret {
                    Bond::Itself
                } else {
                    Bond::Account
                })
            }
        }
    }

    /// The warning about a change that ends it, if this one does.
    pub fn warning(&self, prior: &State, end: &End) -> Option<Diagnostic> {
        let bond = self.bond(prior)?;
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
            End::Weakened(roles) => {
                return Some(
                    Diagnostic::warning(
                        Code::CredentialInUse,
                        "The plan takes power from the credential that Lanyard signs in with",
                    )
                    .detail(format!(
                        "The {} {what} the credential in use, and the plan takes {} from it: the server refuses what needs that, in this run and later.",
                        described(prior),
                        roles.join(", ")
                    ))
                    .hint("Leave it what Lanyard needs, or sign in with another credential to do that."),
                );
            }
        };
        Some(
            Diagnostic::warning(
                Code::CredentialInUse,
                "The plan ends the credential that Lanyard signs in with",
            )
            .detail(format!(
                "The {} {what} the credential in use, and the plan {how}: the server refuses what would come after that, in this run and later.",
                described(prior)
            ))
            .hint(match end {
                End::Rotated { never_overlaps: false } => {
                    "Set `rotation.grace_period`, so that the old secret works until Lanyard has the new one."
                }
                End::Rotated { never_overlaps: true } => {
                    "Make this change alone, and give Lanyard the new secret before the next one."
                }
                End::Deleted | End::Replaced | End::Disabled | End::Weakened(_) => {
                    "Sign in with another credential to do that."
                }
            }),
        )
    }
}

impl InUse {
    /// The complaint about an object that Terraform was asked to replace, and that cannot be replaced in either order.
    pub fn refusal(&self, prior: &State, server: Option<&Capabilities>) -> Option<Diagnostic> {
        let bond = self.bond(prior)?;
        let what = match bond {
            Bond::Itself => "is",
            Bond::Account => "is the account of",
        };
        let rotation = server.map(|server| &prior.capabilities(server).rotation);
        let alone = match (bond, rotation) {
            (Bond::Itself, Some(RotationCapability::Impossible { instead })) => instead,
            _ => {
                "For a new secret alone, change a value in the token's `rotation.triggers`, with a `grace_period` where the server has one."
            }
        };
        Some(
            Diagnostic::error(
                Code::CredentialInUse,
                "Lanyard cannot replace the credential that it signs in with",
            )
            .detail(format!(
                "The {} {what} the credential in use. While it is there, its name is taken; and once it is deleted, the server refuses to make the new one.",
                described(prior)
            ))
            .hint(alone)
            .hint("Sign in with another credential to replace it."),
        )
    }
}

/// What the credential in use may be among, where it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// What is to be deleted because nobody needs it.
    Deleted,
    /// What is written as configuration.
    Written,
}

/// The warning that nothing keeps the credential in use apart from the rest.
pub fn not_known(server: &str, among: Among) -> Diagnostic {
    let danger = match among {
        Among::Deleted => "if the credential in use is among what is to be deleted, it goes too.",
        Among::Written => {
            "if the credential in use is among what is written, it can be ended by the configuration that is applied with it."
        }
    };
    Diagnostic::warning(
        Code::CredentialInUse,
        "It is not known which credential Lanyard signs in with",
    )
    .detail(format!("{server} does not say who we are: {danger}"))
    .hint("Look for it in the list, or sign in with a credential that is not managed here.")
}

/// An object as people know it: `access token "ci" (at_1)`.
pub fn described(state: &State) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let title = state.kind().title();
    match (text(&state.name).as_str(), text(&state.id).as_str()) {
        ("", id) => format!("{title} {id:?}"),
        (name, id) if name == id => format!("{title} {name:?}"),
        (name, id) => format!("{title} {name:?} ({id})"),
    }
}

/// How a change ends the secret that exists, if it does.
pub fn end(
    server: Option<&Capabilities>,
    action: Action,
    prior: &State,
    planned: Option<&State<Planned>>,
) -> Option<End> {
    match (action, planned) {
        (Action::NoOp | Action::Create, _) => None,
        (Action::Delete, _) => Some(End::Deleted),
        (Action::Replace, _) => Some(End::Replaced),
        (Action::Update, planned) => {
            let planned = planned?;
            if planned.disabled == Open::some(true) && prior.disabled != Some(true) {
                return Some(End::Disabled);
            }
            let never_overlaps = server.is_some_and(|server| {
                let can = prior.capabilities(server);
                matches!(can.rotation, RotationCapability::NoOverlap { .. })
            });
            let brings_secret = Renewal::of(Some(&**prior), planned).brings_secret();
            let ends =
                brings_secret && (never_overlaps || rotation::ends_at_once(&planned.rotation));
            if ends {
                return Some(End::Rotated { never_overlaps });
            }
            let lost = lost_roles(prior, planned);
            (!lost.is_empty()).then_some(End::Weakened(lost))
        }
    }
}

/// The roles that a change takes away, as far as it is known.
fn lost_roles(prior: &State, planned: &State<Planned>) -> Vec<String> {
    let (Some(before), Some(after)) = (&prior.roles, planned.roles.value()) else {
        return Vec::new();
    };
    if after.contains(&Open::Unknown) {
        return Vec::new();
    }
    let stays = |role: &&String| after.contains(&Open::Known((*role).clone()));
    let lost = before.iter().filter(|role| !stays(role));
    lost.map(|role| format!("{role:?}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::{Api, capabilities};
    use crate::value::Value;

    fn token(id: &str, account: &str) -> State {
        let token = Value::map([("id", id.into()), ("service_account", account.into())]);
        State::read(Kind::AccessToken, &token).unwrap()
    }

    fn account(id: &str) -> State {
        let account = Value::map([("id", id.into()), ("email", format!("{id}@x.io").into())]);
        State::read(Kind::ServiceAccount, &account).unwrap()
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
        use Kind::ServiceAccount;
        let token_of_account = in_use(Some("sa_1"), Some("at_1"));
        let one = |state: &State| token_of_account.bond(state);
        assert_eq!(one(&token("at_1", "sa_1")), Some(Bond::Itself));
        assert_eq!(one(&token("at_2", "sa_1")), None);
        assert_eq!(one(&account("sa_1")), Some(Bond::Account));
        assert_eq!(one(&account("sa_2")), None);

        // Where the account has one secret, a token is that one only if it has the account's id.
        let own = in_use(Some("org/ci"), None);
        assert_eq!(own.bond(&account("org/ci")), Some(Bond::Itself));
        assert_eq!(own.bond(&token("org/ci", "org/ci")), Some(Bond::Itself));
        assert_eq!(own.bond(&token("org/x", "org/ci")), None);
        let by_address = in_use(Some("ci@x.io"), None);
        assert_eq!(by_address.bond(&account("ci")), Some(Bond::Itself));

        let operator = in_use(None, None);
        assert_eq!(operator.bond(&State::nothing(ServiceAccount)), None);
        assert_eq!(operator.bond(&token("at_1", "sa_1")), None);
    }

    #[test]
    fn a_retired_secret_may_be_the_one_in_use() {
        let mut state = token("svc/ci@2", "svc");
        let in_use = in_use(Some("svc"), Some("svc/ci@1"));
        assert_eq!(in_use.bond(&state), None);
        state.retire("svc/ci@1", None);
        assert_eq!(in_use.bond(&state), Some(Bond::Itself));
    }

    #[test]
    fn it_is_found_by_its_secret() {
        let known = InUse {
            secrets: vec![Secret::new("lyd_1")],
            ..InUse::default()
        };
        let holding = |secret: &str| {
            let mut token = State::nothing(Kind::AccessToken);
            token.token = Some(Secret::new(secret));
            token
        };
        assert_eq!(known.bond(&holding("lyd_1")), Some(Bond::Itself));
        assert_eq!(known.bond(&holding("lyd_2")), None);
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
            let prior = State::read(Kind::AccessToken, &prior).unwrap();
            let planned = State::read(Kind::AccessToken, planned).unwrap();
            let server = Some(capabilities(api));
            end(server, Action::Update, &prior, Some(&planned))
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
        let with_roles = |roles: &[&str]| {
            let roles = roles.iter().map(|role| Value::from(*role));
            Value::map([("roles", Value::set(roles))])
        };
        let of_roles = |after: &Value| {
            let kind = Kind::ServiceAccount;
            let prior = State::read(kind, &with_roles(&["admin", "viewer"])).unwrap();
            let after = State::read(kind, after).unwrap();
            end(None, Action::Update, &prior, Some(&after))
        };
        let lost = End::Weakened(vec!["\"admin\"".to_owned()]);
        assert_eq!(of_roles(&with_roles(&["viewer", "editor"])), Some(lost));
        assert_eq!(of_roles(&with_roles(&["viewer", "admin"])), None);
        assert_eq!(of_roles(&Value::map([("roles", Value::Unknown)])), None);
        let disabled = Value::map([("generation", 1.into()), ("disabled", true.into())]);
        assert_eq!(of(Api::Native, &disabled), Some(End::Disabled));
        assert_eq!(
            end(None, Action::Delete, &token("at_1", "a"), None),
            Some(End::Deleted)
        );
    }
}
