//! Whether a secret is replaced: decided from the configuration and from what was stored when the state was read, never from the
//! clock.

use super::super::diff::Difference;
use super::super::meaning::{same, time_at};
use super::super::{expiry, rotation};
use super::{Request, set};
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::schema::Format;
use crate::model::server::{Change, Recovery, ResourceCapabilities, RotationCapability};
use crate::value::{Entries, Value};

const NOT_ACCEPTED: &str = "the secret is no longer accepted";
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

impl Request<'_> {
    pub(super) fn cannot_rotate(&self) -> bool {
        let expired = rotation::parse_status(self.prior.get("status")) == Status::Expired;
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

    /// Decided from the configuration and from what was stored when the state was read; never from the clock.
    pub(super) fn decide_rotation(&self, differences: &[Difference], planned: &Value) -> Decision {
        let (config, prior) = (self.config, self.prior);
        if self
            .capabilities
            .is_some_and(|capabilities| !capabilities.issues_secret)
            || (self.kind == Kind::ServiceAccount
                && prior.get("generation").is_null()
                && self.server.is_none())
        {
            return Decision::Keep;
        }
        if let Some(why) = self.reissue {
            return Decision::Rotate {
                why: why.to_owned(),
                more: false,
            };
        }
        let mut certain: Vec<String> = Vec::new();
        let mut possible: Vec<String> = Vec::new();

        triggers(
            prior.get("rotation"),
            config.get("rotation"),
            &mut certain,
            &mut possible,
        );
        if rotation::holds_secret(prior) && self.kind == Kind::AccessToken {
            match (prior.get("recipient"), config.get("recipient")) {
                (_, Value::Unknown) => possible.push("`recipient` is not known yet".to_owned()),
                (before, after) if !is_same_key(before, after) => {
                    certain.push("`recipient` changed".to_owned());
                }
                _ => {}
            }
        }
        // What the server computes anew because of a change is no reason of its own.
        let mut follows: Vec<String> = Vec::new();
        for difference in differences.iter().filter(|difference| !difference.local) {
            // A length is told to no server: the end that follows from it is.
            if difference.name == "ttl" && self.end_stays(planned) {
                continue;
            }
            if self.change(&difference.name) == Change::Rotate {
                let why = format!("`{}` changed", difference.path);
                let configured = config.at(&difference.path).unwrap_or(&Value::Null);
                let length_open = difference.name == "expires_at" && config.get("ttl").is_unknown();
                match planned.at(&difference.path) {
                    Some(Value::Unknown) if configured.is_null() && !length_open => {
                        follows.push(why);
                    }
                    Some(Value::Unknown) => possible.push(why),
                    _ => certain.push(why),
                }
            }
        }
        match self.kind {
            Kind::AccessToken => {
                self.end_of_life(planned, &mut certain, &mut possible);
                if certain.is_empty() {
                    self.moved_back(planned, &mut certain, &mut possible);
                }
            }
            Kind::ServiceAccount if self.was_replaced_elsewhere() => {
                let why = NOT_ACCEPTED.to_owned();
                match config.get("rotation") {
                    // Whoever replaced it, such as an access token's resource, had the right to: two would end each other's secret for
                    // ever. Accounts have no status, unless it is to say that the secret was lost on its way to us.
                    Value::Null if prior.get("status").is_null() => {}
                    Value::Unknown => possible.push(why),
                    _ => certain.push(why),
                }
            }
            Kind::ServiceAccount => {}
        }
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

    fn end_stays(&self, planned: &Value) -> bool {
        let (before, after) = (self.prior.get("expires_at"), planned.get("expires_at"));
        !before.is_null() && same(Format::Timestamp, before, after)
    }

    /// Accounts' secrets never end by themselves: one that is due was replaced elsewhere.
    pub(super) fn was_replaced_elsewhere(&self) -> bool {
        self.kind == Kind::ServiceAccount
            && self.prior.get("rotation_due").as_bool() == Some(true)
            && rotation::holds_secret(self.prior)
    }

    /// A secret that died, or is about to: decided when the state was read.
    pub(super) fn end_of_life(
        &self,
        planned: &Value,
        certain: &mut Vec<String>,
        possible: &mut Vec<String>,
    ) {
        let prior = self.prior;
        if prior.get("rotation_due").as_bool() != Some(true) {
            return;
        }
        let rotation = planned.get("rotation");
        let ahead = rotation.get("before_expiry");
        let wanted = rotation::holds_secret(prior) || rotation.is_unknown() || !ahead.is_null();
        let was_disabled = prior.get("disabled").as_bool() == Some(true);
        if !wanted || was_disabled && planned.get("disabled").as_bool() == Some(true) {
            return;
        }
        let status = rotation::parse_status(prior.get("status"));
        let dead = matches!(status, Status::Revoked | Status::Expired);
        let end_matters = status != Status::Revoked;
        if end_matters && !expiry::rotation_moves_the_end(self.capabilities, self.config, prior) {
            return;
        }

        let open = |value: &Value| value.is_unknown();
        let secret_or_wish_open = !rotation::holds_secret(prior) && (open(rotation) || open(ahead));
        let point_open = !dead && (open(rotation) || open(ahead) || open(rotation.get("jitter")));
        let end_open = end_matters && self.end_is_open();
        let disabled_open = was_disabled && open(planned.get("disabled"));
        if secret_or_wish_open || point_open || end_open || disabled_open {
            possible.push(
                "the secret is due, and values that decide whether it rotates are not known yet"
                    .to_owned(),
            );
            return;
        }
        let end = prior.get("expires_at").as_str().unwrap_or(AT_ITS_END);
        match status {
            Status::Revoked => certain.push(NOT_ACCEPTED.to_owned()),
            Status::Expired => certain.push(format!("expired {end}")),
            Status::Active | Status::Expiring | Status::Disabled if self.is_still_due(planned) => {
                let ahead = prior
                    .get("rotation")
                    .get("before_expiry")
                    .as_str()
                    .unwrap_or_default();
                certain.push(format!("expires {end}, inside before_expiry {ahead}"));
            }
            Status::Active | Status::Expiring | Status::Disabled => {}
        }
    }

    /// Why the secret does not work any more, where a new one would, and nobody wants it disabled.
    pub(super) fn died(&self) -> Option<String> {
        let (config, prior) = (self.config, self.prior);
        let disabled = config.get("disabled");
        let stays_disabled = disabled.as_bool() == Some(true)
            || prior.get("disabled").as_bool() == Some(true) && disabled.is_unknown();
        if stays_disabled {
            return None;
        }
        match rotation::parse_status(prior.get("status")) {
            Status::Revoked => Some(NOT_ACCEPTED.to_owned()),
            Status::Expired if self.end_is_open() => None,
            Status::Expired => {
                let moves = expiry::rotation_moves_the_end(self.capabilities, config, prior);
                let end = prior.get("expires_at").as_str();
                moves.then(|| format!("expired {}", end.unwrap_or(AT_ITS_END)))
            }
            Status::Active | Status::Expiring | Status::Disabled => None,
        }
    }

    fn end_is_open(&self) -> bool {
        ["expires_at", "ttl"]
            .iter()
            .any(|name| self.config.get(name).is_unknown())
    }

    /// Due when it was read, and the configuration did not move the point since.
    pub(super) fn is_still_due(&self, planned: &Value) -> bool {
        // The point follows from the old end: what counts is how far ahead of it the configuration now wants the rotation.
        let mut moved = planned.clone();
        set(
            &mut moved,
            "expires_at",
            self.prior.get("expires_at").clone(),
        );
        set(&mut moved, "id", self.prior.get("id").clone());
        match (
            rotation::rotate_at_of(&moved),
            time_at(self.prior, "rotate_at"),
        ) {
            (Some(wanted), Some(reached)) => wanted <= reached,
            _ => false,
        }
    }
}

/// White space around a key, such as the end of the line in a file, is none of it.
fn is_same_key(before: &Value, after: &Value) -> bool {
    match (before.as_str(), after.as_str()) {
        (Some(before), Some(after)) => before.trim() == after.trim(),
        _ => before == after,
    }
}

/// Where a value stands under a key both before and after, a change of it rotates; adding or removing keys never does.
fn triggers(prior: &Value, config: &Value, certain: &mut Vec<String>, possible: &mut Vec<String>) {
    let before = prior.get("triggers").as_map();
    if before.is_none_or(Entries::is_empty) {
        return;
    }
    if config.is_unknown() || config.get("triggers").is_unknown() {
        possible.push("`rotation.triggers` is not known yet".to_owned());
        return;
    }
    for (key, value) in before.into_iter().flatten() {
        // The values may be anything, so only the key is named.
        match config.get("triggers").get(key) {
            Value::Null => {}
            Value::Unknown => {
                possible.push(format!("`rotation.triggers[{key:?}]` is not known yet"));
            }
            after if after != value => {
                certain.push(format!("`rotation.triggers[{key:?}]` changed"));
            }
            _ => {}
        }
    }
}
