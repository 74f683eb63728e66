//! What becomes of the secret that there is when a new one is issued.

use jiff::{SignedDuration, Timestamp};

use super::accounts::Fate;
use super::words::not_beyond;
use crate::model::server::{Api, capabilities};
use crate::model::state::{Seen, Shown};
use crate::model::{GracePeriod, State};
use crate::plan::{NotWorking, rotation};

pub(super) enum OldSecret {
    /// It ended before.
    IsDead(NotWorking),
    /// Somebody else replaced it, and its server keeps it for a while; this ends it, and without a grace period the one in its place.
    ReplacedElsewhere(NotWorking),
    /// Its account ends, and the new one with it.
    EndsWithItsAccount,
    Ends,
    /// How long it works is not known yet, or hidden.
    MayEnd,
    /// With its own end, where that may come earlier.
    WorksFor(String, Option<String>),
    /// Likewise.
    WorksUntilFirstUse(Option<String>),
}

impl OldSecret {
    /// How long it works beside the new one, if it does: `for 48h more`.
    pub(super) fn works_on(&self) -> Option<String> {
        let (how, own_end) = match self {
            Self::WorksUntilFirstUse(end) => ("until the first use of the new one".to_owned(), end),
            Self::WorksFor(grace, end) => (format!("for {grace} more"), end),
            Self::IsDead(_)
            | Self::ReplacedElsewhere(_)
            | Self::EndsWithItsAccount
            | Self::Ends
            | Self::MayEnd => return None,
        };
        Some(not_beyond(&how, own_end.as_deref()))
    }
}

/// How long after it is made a plan is applied, mostly.
const UNTIL_APPLIED: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn old_secret(
    before: Option<&State<Shown>>,
    after: Option<&State<Shown>>,
    fate: Fate,
    own_end: Option<&OwnEnd>,
    now: Option<Timestamp>,
) -> OldSecret {
    if fate == Fate::End && after.is_some() {
        return OldSecret::EndsWithItsAccount;
    }
    match before.and_then(NotWorking::of) {
        Some(why @ NotWorking::ReplacedAndKept(_)) => return OldSecret::ReplacedElsewhere(why),
        // Where each secret is a token of its own and one was found, what is current by now works, and is retired as any other.
        Some(NotWorking::Revoked) if before.is_some_and(has_found) => {}
        Some(why) if why.is_dead() => return OldSecret::IsDead(why),
        // Who enables the account again has it again.
        None | Some(_) => {}
    }
    let Some(after) = after else {
        return OldSecret::Ends;
    };
    let grace = match &after.rotation {
        Seen::Unknown | Seen::Hidden(_) => return OldSecret::MayEnd,
        Seen::Known(None) => return OldSecret::Ends,
        Seen::Known(Some(rotation)) => &rotation.grace_period,
    };
    let own_end = |grace| own_end?.before(grace, now);
    match grace {
        Seen::Unknown | Seen::Hidden(_) => OldSecret::MayEnd,
        Seen::Known(None) => OldSecret::Ends,
        Seen::Known(Some(grace)) => match grace.value() {
            length if length.is_none() => OldSecret::Ends,
            length @ GracePeriod::UntilFirstUse => OldSecret::WorksUntilFirstUse(own_end(length)),
            length @ GracePeriod::Lasts(_) => {
                OldSecret::WorksFor(grace.to_string(), own_end(length))
            }
        },
    }
}

/// When a secret ends by itself, as its server keeps that; likewise in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnEnd {
    pub(super) at: Timestamp,
    pub(super) words: String,
}

impl OwnEnd {
    pub(super) fn of(secret: &State<Shown>, api: Option<Api>) -> Option<Self> {
        let server = api.map(capabilities);
        Some(Self {
            at: secret.stops_at(server)?,
            words: secret.stops_at_in_words(server)?,
        })
    }

    /// In words, where it may come before a grace period is over.
    pub(super) fn before(&self, grace: GracePeriod, now: Option<Timestamp>) -> Option<String> {
        let comes_first = match grace {
            GracePeriod::UntilFirstUse => true,
            GracePeriod::Lasts(length) => {
                let from = now?.checked_add(UNTIL_APPLIED).ok()?;
                self.at < length.after(from)?
            }
        };
        comes_first.then(|| self.words.clone())
    }
}

fn has_found(before: &State<Shown>) -> bool {
    rotation::undated(before).next().is_some()
}
