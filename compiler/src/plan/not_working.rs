//! Whether the secret that a state holds works: decided here, once, for plans, reviews, the sweep and the engine.

use jiff::Timestamp;

use super::another_secret::{way_after_an_import, way_from_a_dead_secret};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Kind;
use crate::model::access_token::Status;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::{Form, Open, Planned, State, Written};
use crate::plan::{Renewal, rotation};
use crate::value::AttributePath;

/// Why the secret that a state holds does not work, or not for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWorking {
    /// The token is not disabled itself.
    AccountDisabled,
    Expired,
    Revoked,
    /// Another one took its place.
    Replaced,
    /// Likewise, and the server keeps it until then, without an end until the first use of the new one.
    ReplacedAndKept(Option<Timestamp>),
}

impl NotWorking {
    /// By what a state says; `None` for a secret that works, for one that only its token's own `disabled` keeps from working, and where
    /// that is not known or hidden.
    pub fn of<F: Form>(state: &State<F>) -> Option<Self> {
        match state.kind() {
            Kind::ServiceAccount => {
                let is_replaced = F::known(&state.rotation_due) == Some(&Some(true));
                (is_replaced && state.holds_secret()).then_some(Self::Replaced)
            }
            Kind::AccessToken => match F::known(&state.status).copied().flatten()? {
                Status::Active | Status::Expiring => None,
                Status::Disabled => (!is_meant(state)).then_some(Self::AccountDisabled),
                Status::Expired => Some(Self::Expired),
                Status::Revoked => Some(match kept(state) {
                    Some(end) => Self::ReplacedAndKept(end),
                    None => Self::Revoked,
                }),
            },
        }
    }

    /// Likewise, of what nobody wants: `None` for what is disabled.
    pub fn unmeant<F: Form>(state: &State<F>) -> Option<Self> {
        Self::of(state).filter(|_| !is_meant(state))
    }

    /// True if only another secret will work.
    pub fn is_dead(self) -> bool {
        match self {
            Self::Expired | Self::Revoked | Self::Replaced => true,
            Self::AccountDisabled | Self::ReplacedAndKept(_) => false,
        }
    }

    /// True if somebody may have put another secret in its place, which works and ends with the next one, without a grace period.
    pub(crate) fn may_have_a_successor(self) -> bool {
        match self {
            Self::Revoked | Self::Replaced | Self::ReplacedAndKept(_) => true,
            Self::AccountDisabled | Self::Expired => false,
        }
    }

    /// In a clause of its own: `it is expired`.
    pub fn why(self) -> &'static str {
        match self {
            Self::AccountDisabled => "its service account is disabled",
            Self::Expired => "it is expired",
            // At another server than before it may work on.
            Self::Revoked => "the server does not accept it any more",
            Self::Replaced => "the server has another one",
            Self::ReplacedAndKept(_) => "it was replaced elsewhere",
        }
    }

    /// In a sentence, of a secret: `does not work any more, it is expired`.
    pub fn words(self) -> String {
        match self {
            Self::AccountDisabled => format!("does not work: {}", self.why()),
            Self::Expired => format!("does not work any more, {}", self.why()),
            Self::Revoked => "is not accepted by the server any more".to_owned(),
            Self::Replaced => format!("is not accepted any more, {}", self.why()),
            Self::ReplacedAndKept(None) => {
                "was replaced elsewhere and may work until the first use of the new one".to_owned()
            }
            Self::ReplacedAndKept(Some(end)) => {
                format!("was replaced elsewhere and may work until {end}")
            }
        }
    }
}

/// The warning that another secret ends one that somebody put in place of the state's, which no grace period keeps.
pub fn ends_successor(prior: &State, planned: &State<Planned>) -> Option<Diagnostic> {
    let why = NotWorking::of(prior).filter(|why| why.may_have_a_successor())?;
    // Where each secret is a token of its own and one was found, that is retired as any other.
    let is_found = why == NotWorking::Revoked && rotation::undated(prior).next().is_some();
    let is_certain = match Renewal::of(Some(&**prior), planned) {
        Renewal::No | Renewal::HandedOver => return None,
        Renewal::Open => false,
        Renewal::Issued => why != NotWorking::Revoked,
    };
    if is_found {
        return None;
    }
    let name = prior.name.as_deref().unwrap_or_default();
    let what = match is_certain {
        true => "the one that somebody put in its place ends at once",
        false => "one that somebody put in its place may end at once",
    };
    Some(
        Diagnostic::warning(
            Code::SecretReplacedElsewhere,
            "A new secret ends the one that somebody put in place of the old one",
        )
        .at(AttributePath::attribute("token"))
        .detail(format!(
            "{name:?}: its secret {}. With the new one, {what}, whatever `rotation.grace_period` says.",
            why.words()
        ))
        .hint("Whoever has that one needs the new secret as soon as this is applied."),
    )
}

/// What keeps each secret of a token, the current one and those before it, from working until somebody enables it again: a clause of its own.
pub(crate) fn kept_from_working<F: Form>(token: &State<F>) -> Option<&'static str> {
    if is_meant(token) {
        return Some("the token is disabled");
    }
    let why = NotWorking::of(token).filter(|why| *why == NotWorking::AccountDisabled)?;
    Some(why.why())
}

/// True if somebody disabled the object itself.
pub(crate) fn is_meant<F: Form>(state: &State<F>) -> bool {
    F::known(&state.disabled) == Some(&Some(true))
}

/// The end of a secret that is not the current one any more, and that the server itself keeps under the token's id.
fn kept<F: Form>(state: &State<F>) -> Option<Option<Timestamp>> {
    let kept = state.kept_by_server().filter(|entry| !entry.due)?;
    Some(kept.revoke_at.as_ref().map(Written::value))
}

/// The warning about an access token whose secret no state holds, and that gets no new one: whoever takes it from its resource gets null.
/// `None` for one that is to be so, which `after_import = false` says.
pub fn not_known(
    prior: &State,
    planned: &State<Planned>,
    server: Option<&Capabilities>,
) -> Option<Diagnostic> {
    let can = prior.capabilities(server?);
    let is_token = prior.kind() == Kind::AccessToken;
    let rotation = planned.rotation.value();
    let is_meant = rotation.is_some_and(|rotation| rotation.after_import == Open::some(false));
    if !is_token || !can.issues_secret || is_meant || prior.holds_secret() || planned.holds_secret()
    {
        return None;
    }
    let name = prior.name.as_deref().unwrap_or_default();
    let told = Diagnostic::warning(
        Code::ImportedWithoutSecret,
        "The secret of an access token is not known",
    )
    .at(AttributePath::attribute("token"))
    .detail(format!(
        "{name:?}: it was issued elsewhere, and the server does not show it again. Whoever takes it from this resource gets null."
    ))
    .hint(way_after_an_import(can));
    Some(match can.rotation {
        RotationCapability::Impossible { .. } => told,
        _ => {
            told.hint("If nobody takes it from here, say so: `after_import = false` in that block.")
        }
    })
}

/// The warning about a secret that does not work, for this reason.
pub fn not_working(state: &State, why: NotWorking, server: Option<&Capabilities>) -> Diagnostic {
    let name = state.name.as_deref().unwrap_or_default();
    let account = match &state.service_account {
        Some(account) => format!("its service account {account:?}"),
        None => "its service account".to_owned(),
    };
    let told = Diagnostic::warning(
        Code::SecretDoesNotWork,
        "The secret of an access token does not work",
    )
    .at(AttributePath::attribute("status"));
    let renew = way_from_a_dead_secret(state, server);
    match why {
        NotWorking::AccountDisabled if state.service_account.is_none() => told
            .detail(format!("{name:?}: it is disabled on the server."))
            .hint("Plan again: where nothing says `disabled = true`, that plan enables it."),
        NotWorking::AccountDisabled => {
            let told = told
                .detail(format!(
                    "{name:?}: {account} is disabled, and with it every access token of it. The token itself is not."
                ))
                .hint("Enable the account: `disabled = false` in its resource, or where it is managed.");
            let takes_disabled = server.is_none_or(|server| {
                let token = state.capabilities(server);
                token.attribute("disabled").is_some()
            });
            if takes_disabled {
                told.hint("If that is meant, say so: `disabled = true` in the token's resource.")
            } else {
                told.hint(
                    "If that is meant, and nobody needs the token any more, remove its resource.",
                )
            }
        }
        NotWorking::Expired => {
            let end = state.stops_at_in_words(server);
            let end = end.map_or_else(String::new, |end| format!(" at {end}"));
            told.detail(format!("{name:?}: it expired{end}, and nothing renews it."))
                .hint(renew)
        }
        NotWorking::Revoked => told
            .detail(format!(
                "{name:?}: the server does not accept it any more, and nothing renews it."
            ))
            .hint(renew),
        NotWorking::ReplacedAndKept(_) => Diagnostic::warning(
            Code::SecretReplacedElsewhere,
            "The secret of an access token was replaced elsewhere",
        )
        .at(AttributePath::attribute("token"))
        .detail(format!("{name:?}: it {}, and nothing renews it.", why.words()))
        .hint(renew),
        NotWorking::Replaced => Diagnostic::warning(
            Code::SecretReplacedElsewhere,
            "The secret of a service account in the state is no longer accepted",
        )
        .at(AttributePath::attribute("token"))
        .detail(format!(
            "{name:?}: it was replaced elsewhere, perhaps by a `lanyard_access_token` of this account."
        ))
        .hint("Use the `token` of that resource, and not the account's.")
        .hint("For the account to get a new secret whenever that happens: add a `rotation` block to it; never where there is such a resource, since each of the two would end the other's secret for ever."),
    }
}
