//! Whether a secret is replaced: decided from the configuration and from what was stored when the state was read, never from the
//! clock.

use super::Existing;
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::lifetime::Lifetime;
use crate::model::server::{Recovery, ResourceCapabilities, RotationCapability, UpdateCapability};
use crate::model::state::{Open, Planned, Rotation, State, Written};
use crate::plan::diff::Difference;
use crate::plan::{NotWorking, expiry, rotation};
use crate::value::Value;

const NOT_ACCEPTED: &str = "the secret is no longer accepted";
const NOT_ACCEPTED_HERE: &str =
    "the secret is not accepted at this address, and may work on at the one of before";
const REPLACED: &str = "the secret was replaced elsewhere";
const AT_ITS_END: &str = "at its end";

/// Whether a secret is replaced.
pub(super) enum Decision {
    Keep,
    /// Values that are not known yet decide.
    Perhaps(String),
    Rotate {
        why: String,
        /// Values that are not known yet may add to the reason.
        more: bool,
    },
}

/// Why a secret is replaced, for certain or perhaps.
#[derive(Default)]
struct Reasons {
    certain: Vec<String>,
    possible: Vec<String>,
}

impl Existing<'_> {
    pub(super) fn cannot_rotate(&self) -> bool {
        let expired = self.prior.status == Some(Status::Expired);
        self.capabilities
            .is_some_and(|capabilities| match capabilities.rotation {
                RotationCapability::Impossible { .. } => true,
                RotationCapability::Server { of_expired, .. } => expired && !of_expired,
                RotationCapability::TwoSlots | RotationCapability::NoOverlap { .. } => false,
            })
    }

    /// A secret that nobody got need not be another one where none can be issued, and the server shows the one that there is.
    pub(super) fn hands_over(&self) -> bool {
        let shown_only = |capabilities: &ResourceCapabilities| {
            capabilities.recovery == Recovery::ReadSecret
                && matches!(capabilities.rotation, RotationCapability::Impossible { .. })
        };
        self.reissue.is_some() && self.capabilities.is_some_and(shown_only)
    }

    /// `shown` is the planned state as a value, in which the differences lie.
    pub(super) fn decide_rotation(
        &self,
        differences: &[Difference],
        planned: &State<Planned>,
        shown: &Value,
    ) -> Decision {
        let has_no_secret = self
            .capabilities
            .is_some_and(|capabilities| !capabilities.issues_secret);
        let may_have_none = self.kind == Kind::ServiceAccount
            && self.prior.generation.is_none()
            && self.server.is_none();
        if has_no_secret || may_have_none {
            return Decision::Keep;
        }
        if let Some(why) = self.reissue {
            return Decision::Rotate {
                why: why.to_owned(),
                more: false,
            };
        }
        let mut reasons = Reasons::default();
        self.triggered(&mut reasons);
        self.imported(&mut reasons);
        if self.prior.holds_secret() && self.kind == Kind::AccessToken {
            self.for_another_recipient(&mut reasons);
        }
        let mut follows = self.changed(differences, planned, shown, &mut reasons);
        match self.kind {
            Kind::AccessToken => {
                self.end_of_life(planned, &mut reasons);
                if reasons.certain.is_empty() {
                    self.moved_back(planned, &mut reasons.certain, &mut reasons.possible);
                }
            }
            Kind::ServiceAccount if self.was_replaced_elsewhere() => {
                let why = NOT_ACCEPTED.to_owned();
                match &self.config.rotation {
                    // Whoever replaced it, such as an access token's resource, had the right to: two would end each other's secret for
                    // ever.
                    Open::Known(None) => {}
                    Open::Known(Some(_)) => reasons.certain.push(why),
                    Open::Unknown => reasons.possible.push(why),
                }
            }
            Kind::ServiceAccount => {}
        }
        let Reasons {
            certain,
            mut possible,
        } = reasons;
        if certain.is_empty() {
            possible.append(&mut follows);
        }
        match (certain.is_empty(), possible.is_empty()) {
            (false, more) => Decision::Rotate {
                why: certain.join("; "),
                more: !more,
            },
            (true, false) => Decision::Perhaps(possible.join("; ")),
            (true, true) => Decision::Keep,
        }
    }

    /// Where a value stands under a key both before and after, a change of it rotates; adding or removing keys never does.
    fn triggered(&self, reasons: &mut Reasons) {
        let before = self.prior.rotation.as_ref();
        let before = before.and_then(|rotation| rotation.triggers.as_ref());
        let Some(before) = before.filter(|triggers| !triggers.is_empty()) else {
            return;
        };
        let after = match &self.config.rotation {
            Open::Known(None) => return,
            Open::Known(Some(Rotation { triggers, .. })) if !triggers.is_unknown() => {
                triggers.value()
            }
            _ => {
                let why = "`rotation.triggers` is not known yet";
                reasons.possible.push(why.to_owned());
                return;
            }
        };
        for (key, value) in before {
            // The values may be anything, so only the key is named.
            match after.and_then(|after| after.get(key)) {
                None | Some(Value::Null) => {}
                Some(Value::Unknown) => {
                    let why = format!("`rotation.triggers[{key:?}]` is not known yet");
                    reasons.possible.push(why);
                }
                Some(after) if after != value => {
                    let why = format!("`rotation.triggers[{key:?}]` changed");
                    reasons.certain.push(why);
                }
                Some(_) => {}
            }
        }
    }

    /// Once, where the state came to the object without its secret. What the prior state says of it was said at the apply before.
    fn imported(&self, reasons: &mut Reasons) {
        let before = self.prior.rotation.as_ref();
        let was_said = before.is_some_and(|rotation| rotation.after_import == Some(true));
        if self.prior.holds_secret() || was_said {
            return;
        }
        let said = match &self.config.rotation {
            Open::Unknown => Open::Unknown,
            Open::Known(rotation) => rotation
                .as_ref()
                .map_or(Open::NULL, |rotation| rotation.after_import.clone()),
        };
        match said {
            Open::Known(Some(true)) => {
                let why = "imported without its secret";
                reasons.certain.push(why.to_owned());
            }
            Open::Known(_) => {}
            Open::Unknown => {
                let why = "`rotation.after_import` is not known yet";
                reasons.possible.push(why.to_owned());
            }
        }
    }

    fn for_another_recipient(&self, reasons: &mut Reasons) {
        // White space around a key, such as the end of the line in a file, is none of it.
        let key = |recipient: Option<&String>| recipient.map(|key| key.trim().to_owned());
        match &self.config.recipient {
            Open::Unknown => {
                let why = "`recipient` is not known yet";
                reasons.possible.push(why.to_owned());
            }
            Open::Known(after) if key(after.as_ref()) != key(self.prior.recipient.as_ref()) => {
                reasons.certain.push("`recipient` changed".to_owned());
            }
            Open::Known(_) => {}
        }
    }

    /// What only a new secret can carry. Gives what the server computes anew because of a change, which is no reason of its own.
    fn changed(
        &self,
        differences: &[Difference],
        planned: &State<Planned>,
        shown: &Value,
        reasons: &mut Reasons,
    ) -> Vec<String> {
        let config = &self.given.1;
        let mut follows: Vec<String> = Vec::new();
        for difference in differences.iter().filter(|difference| !difference.local) {
            // A length is told to no server: the end that follows from it is.
            if difference.name == "ttl" && self.end_stays(planned) {
                continue;
            }
            if self.change(&difference.name) == UpdateCapability::Rotate {
                let why = format!("`{}` changed", difference.path);
                let configured = config.at(&difference.path).unwrap_or(&Value::Null);
                let end_open = self.config.ttl.is_unknown() || self.config.disabled.is_unknown();
                let length_open = difference.name == "expires_at" && end_open;
                let fixed_open =
                    self.config.expires_at.is_unknown() || self.config.disabled.is_unknown();
                match shown.at(&difference.path) {
                    // The end that follows may yet be the one it has.
                    _ if difference.name == "ttl" && fixed_open => reasons.possible.push(why),
                    Some(Value::Unknown) if configured.is_null() && !length_open => {
                        follows.push(why);
                    }
                    Some(Value::Unknown) => reasons.possible.push(why),
                    _ => reasons.certain.push(why),
                }
            }
        }
        follows
    }

    fn end_stays(&self, planned: &State<Planned>) -> bool {
        let before = self.prior.expires_at.as_ref();
        let after = planned.expires_at.value();
        before
            .zip(after)
            .is_some_and(|(before, after)| before.means(after))
    }

    /// Accounts' secrets never end by themselves: one that is due was replaced elsewhere.
    pub(super) fn was_replaced_elsewhere(&self) -> bool {
        NotWorking::of(self.prior) == Some(NotWorking::Replaced)
    }

    /// A secret that died, or is about to: decided when the state was read.
    fn end_of_life(&self, planned: &State<Planned>, reasons: &mut Reasons) {
        let prior = self.prior;
        if prior.rotation_due != Some(true) {
            return;
        }
        let rotation = &planned.rotation;
        let ahead = rotation.value().map(|rotation| &rotation.before_expiry);
        let every = rotation.value().map(|rotation| &rotation.every);
        let wants = [ahead, every]
            .into_iter()
            .flatten()
            .any(|length| !length.is_null());
        let wanted = prior.holds_secret() || rotation.is_unknown() || wants;
        let was_disabled = prior.disabled == Some(true);
        if !wanted || was_disabled && planned.disabled == Open::some(true) {
            return;
        }
        let dead = prior.status.is_some_and(Status::is_dead);
        let by_age = match every {
            Some(every) => !every.is_null(),
            None => rotation.is_unknown() && prior_every(prior).is_some(),
        };
        let end_matters = prior.status != Some(Status::Revoked) && (dead || !by_age);
        if end_matters && !expiry::rotation_moves_the_end(self.capabilities, &self.config, prior) {
            return;
        }

        let lead_open = rotation.is_unknown()
            || ahead.is_some_and(Open::is_unknown)
            || every.is_some_and(Open::is_unknown);
        let jitter = rotation.value().map(|rotation| &rotation.jitter);
        let secret_or_wish_open = !prior.holds_secret() && lead_open;
        let point_open = !dead && (lead_open || jitter.is_some_and(Open::is_unknown));
        let end_open = end_matters && self.end_is_open();
        let disabled_open = was_disabled && planned.disabled.is_unknown();
        if secret_or_wish_open || point_open || end_open || disabled_open {
            reasons.possible.push(
                "the secret is due, and values that decide whether it rotates are not known yet"
                    .to_owned(),
            );
            return;
        }
        let end = prior.stops_at_in_words(self.server);
        let end = end.as_deref().unwrap_or(AT_ITS_END);
        match NotWorking::of(prior) {
            Some(NotWorking::Revoked | NotWorking::Replaced | NotWorking::ReplacedAndKept(_)) => {
                reasons.certain.push(self.replaced().to_owned());
            }
            Some(NotWorking::Expired) => reasons.certain.push(format!("expired {end}")),
            None | Some(NotWorking::AccountDisabled) => {
                if !self.is_still_due(planned) {
                    return;
                }
                if let Some(every) = every.and_then(Open::value) {
                    let issued = prior.issued_at.as_ref();
                    let issued = issued.map_or("", |issued| issued.text());
                    let why = format!("issued {issued}, and rotates every {}", every.text());
                    reasons.certain.push(why);
                } else {
                    let ahead = prior.rotation.as_ref();
                    let ahead = ahead.and_then(|rotation| rotation.before_expiry.as_ref());
                    let ahead = ahead.map_or("", |ahead| ahead.text());
                    let why = format!("expires {end}, inside before_expiry {ahead}");
                    reasons.certain.push(why);
                }
            }
        }
    }

    /// Why the secret does not work any more, where a new one would, and nobody wants it disabled.
    pub(super) fn died(&self) -> Option<String> {
        let disabled = &self.config.disabled;
        let stays_disabled = *disabled == Open::some(true)
            || self.prior.disabled == Some(true) && disabled.is_unknown();
        if stays_disabled {
            return None;
        }
        match NotWorking::of(self.prior)? {
            NotWorking::Revoked | NotWorking::Replaced | NotWorking::ReplacedAndKept(_) => {
                Some(self.replaced().to_owned())
            }
            NotWorking::Expired if self.end_is_open() => None,
            NotWorking::Expired => {
                let moves =
                    expiry::rotation_moves_the_end(self.capabilities, &self.config, self.prior);
                let end = self.prior.stops_at_in_words(self.server);
                moves.then(|| format!("expired {}", end.as_deref().unwrap_or(AT_ITS_END)))
            }
            NotWorking::AccountDisabled => None,
        }
    }

    /// Its server may accept the old one for a while, and does where each secret is a token of its own and the old one was found.
    fn replaced(&self) -> &'static str {
        let is_kept = matches!(
            NotWorking::of(self.prior),
            Some(NotWorking::ReplacedAndKept(_))
        );
        match is_kept || rotation::undated(self.prior).next().is_some() {
            true => REPLACED,
            false if self.is_in_doubt => NOT_ACCEPTED_HERE,
            false => NOT_ACCEPTED,
        }
    }

    fn end_is_open(&self) -> bool {
        self.config.expires_at.is_unknown() || self.config.ttl.is_unknown()
    }

    /// Due when it was read, and the configuration did not move the point since.
    fn is_still_due(&self, planned: &State<Planned>) -> bool {
        // The point follows from the old secret: what counts is how far ahead of its end, or at what age, the configuration now wants
        // the rotation.
        let end = self.prior.stops_at(self.server);
        let issued_at = self.prior.issued_at.as_ref().map(|issued| issued.value());
        let wanted = rotation::point_of(planned, end, issued_at, self.prior.id.as_deref());
        let reached = self.prior.rotate_at.as_ref().map(|point| point.value());
        wanted
            .zip(reached)
            .is_some_and(|(wanted, reached)| wanted <= reached)
    }
}

fn prior_every(prior: &State) -> Option<&Written<Lifetime>> {
    prior.rotation.as_ref()?.every.as_ref()
}
