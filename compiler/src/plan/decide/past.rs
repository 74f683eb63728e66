//! Ends that would be past: the secret in use must not die of an edit. Planning has no clock, so it leaves open whether a shorter `ttl`
//! means a new secret, and the apply decides.

use jiff::{SignedDuration, Timestamp};

use super::{Existing, name_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, UpdateCapability};
use crate::model::state::{Planned, State};
use crate::plan::{expiry, rotation};
use crate::value::AttributePath;

/// An end this near is as good as past: nobody could move on to another secret in time.
const TOO_NEAR: SignedDuration = SignedDuration::from_secs(60);

impl Existing<'_> {
    /// A shorter `ttl` ends the secret in use earlier, perhaps before now. Then it is replaced, with its grace period.
    pub(super) fn moved_back(
        &self,
        planned: &State<Planned>,
        certain: &mut Vec<String>,
        possible: &mut Vec<String>,
    ) {
        if self.may_have_an_earlier_end(planned) {
            possible.push("the end that `ttl` gives it is not known yet".to_owned());
        }
        let Some((ttl, end)) = self.end_to_decide(planned) else {
            return;
        };
        let Some(now) = self.now else {
            possible.push(format!(
                "with a `ttl` of {ttl} it ends {end}, which may be past when this is applied"
            ));
            return;
        };
        // By its age it is due whatever its end.
        let due = rotation::point_of(planned, Some(end), None, self.prior.id.as_deref());
        if end.duration_since(now) <= TOO_NEAR {
            certain.push(format!("with a `ttl` of {ttl} it would have ended {end}"));
        } else if due.is_some_and(|due| due <= now) {
            let ahead = rotation::lead_of(&planned.rotation);
            certain.push(format!(
                "with a `ttl` of {ttl} it expires {end}, inside before_expiry {ahead}"
            ));
        }
    }

    /// The warning that goes with it: a plan of Terraform's shows no reasons.
    pub(super) fn may_rotate(&self, planned: &State<Planned>) -> Option<Diagnostic> {
        // Nobody uses what has expired.
        let matters = self.now.is_none() && !self.has_expired();
        let (ttl, end) = self.end_to_decide(planned).filter(|_| matters)?;
        Some(
            Diagnostic::warning(Code::MayRotate, "A shorter `ttl` may replace the secret in use")
                .at(AttributePath::attribute("ttl"))
                .detail(format!(
                    "With a `ttl` of {ttl}, the secret of {} ends {end}. If that is past when this is applied, or inside `before_expiry`, it is replaced in the same apply, with the grace period of its `rotation` block; otherwise only its end moves.",
                    name_of(self.prior)
                )),
        )
    }

    fn has_expired(&self) -> bool {
        self.prior.status == Some(Status::Expired)
    }

    /// The end that `ttl` gives the secret in use, if that is earlier than the one it has, or follows one that is over and may be over
    /// as well, and the server would simply take it.
    fn end_to_decide(&self, planned: &State<Planned>) -> Option<(String, Timestamp)> {
        if !self.moves_in_place() || !self.config.expires_at.is_null() {
            return None;
        }
        let ttl = self.config.ttl.value()?;
        let end = planned.stops_at(self.server)?;
        let before = self.prior.expires_at.as_ref();
        let may_be_over = self.has_expired() && !self.cannot_rotate();
        let may_be_past = before
            .is_none_or(|before| end < before.value() || may_be_over && end != before.value());
        may_be_past.then(|| (ttl.to_string(), end))
    }

    /// Likewise, once everything is known.
    fn may_have_an_earlier_end(&self, planned: &State<Planned>) -> bool {
        let (ttl, fixed) = (&self.config.ttl, &self.config.expires_at);
        let fixed_is_open = fixed.is_null() || fixed.is_unknown();
        let works_is_open = self.config.disabled.is_unknown() && planned.expires_at.is_unknown();
        self.moves_in_place()
            && ((ttl.is_unknown() || works_is_open) && fixed_is_open
                || fixed.is_unknown() && !ttl.is_null())
    }

    fn moves_in_place(&self) -> bool {
        self.kind == Kind::AccessToken
            && expiry::change(self.capabilities) == UpdateCapability::InPlace
    }
}

/// Why an access token must not get the end that is planned: it is past at `now`. Some servers refuse that for ever, others end
/// the secret in use within seconds.
pub fn past_end(
    server: Option<&Capabilities>,
    prior: Option<&State>,
    planned: &State<Planned>,
    now: Timestamp,
) -> Option<Diagnostic> {
    let end = planned.expires_at.value()?;
    let stops_at = planned.stops_at(server).filter(|end| *end <= now)?;
    let before = prior.and_then(|prior| prior.expires_at.as_ref());
    let keeps = before.is_some_and(|before| before.means(end));
    if planned.kind() != Kind::AccessToken || keeps {
        return None;
    }
    let takes_disabled = server.is_none_or(|server| {
        let token = planned.capabilities(server);
        token.attribute("disabled").is_some()
    });
    let to_end_it = if takes_disabled {
        "To end the secret now, remove the resource, or set `disabled = true`."
    } else {
        "To end the secret now, remove the resource."
    };
    Some(
        Diagnostic::error(
            Code::EndIsPast,
            "The new end of an access token is already past",
        )
        .at(AttributePath::attribute("expires_at"))
        .detail(format!(
            "{} would end {}. Nothing was changed.",
            name_of(planned),
            stops_at
        ))
        .hint("Set a later `expires_at`, or use `ttl`, which counts from each rotation.")
        .hint(to_end_it),
    )
}
