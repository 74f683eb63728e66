//! What becomes of the secret and of everything that follows from it: kept, or replaced by a rotation.

use super::super::meaning::same;
use super::super::written::holds_the_end;
use super::super::{PlannedResource, expiry, rotation};
use super::{Reason, Request, name_of, set};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::schema::Format;
use crate::model::server::RotationCapability;
use crate::value::{AttributePath, Value};

impl Request<'_> {
    /// The secret stays: computed values keep what they have, and what follows from stored data alone follows.
    pub(super) fn keep_secret(&self, plan: &mut PlannedResource) {
        if self.kind != Kind::AccessToken {
            return;
        }
        let planned = &mut plan.planned;
        let moved = ["id", "expires_at", "rotation"]
            .iter()
            .any(|name| planned.get(name) != self.prior.get(name));
        if moved {
            let rotate_at = rotate_at(planned);
            let keep = same(Format::Timestamp, &rotate_at, self.prior.get("rotate_at"));
            set(
                planned,
                "rotate_at",
                if keep {
                    self.prior.get("rotate_at").clone()
                } else {
                    rotate_at
                },
            );
        }
        let was_due = self.prior.get("rotation_due").as_bool() == Some(true);
        let status = rotation::parse_status(self.prior.get("status"));
        let point_moved = planned.get("rotate_at") != self.prior.get("rotate_at");
        let dead = matches!(status, Status::Expired | Status::Revoked);
        if was_due && point_moved && !dead {
            // Whether the new point is reached only the next read can tell.
            set(planned, "rotation_due", false.into());
            if status == Status::Expiring {
                set(planned, "status", "active".into());
            }
        }
        let end_moved = planned.get("expires_at") != self.prior.get("expires_at");
        let toggled = planned.get("disabled") != self.prior.get("disabled");
        if toggled || end_moved && status == Status::Expired {
            set(planned, "status", Value::Unknown);
        }
        if was_due && status != Status::Revoked && holds_the_end(self.config) {
            plan.diagnostics.push(
                Diagnostic::warning(
                    Code::EndIsIgnored,
                    "`ignore_changes` keeps an access token from being rotated",
                )
                .detail(format!(
                    "The secret of {} is due, and `ignore_changes` holds its end, {}: a new secret could not have another.",
                    name_of(self.prior),
                    self.prior.get("expires_at").as_str().unwrap_or_default()
                ))
                .at(AttributePath::attribute("expires_at"))
                .hint("Take `expires_at`, or `all`, out of `ignore_changes`: `ttl` says when each secret ends."),
            );
            return;
        }
        let pointless = status == Status::Expired
            && !self.config.get("expires_at").is_null()
            && !expiry::rotation_moves_the_end(self.capabilities, self.config, self.prior);
        if pointless {
            plan.diagnostics.push(
                Diagnostic::warning(Code::EndIsPast, "The configured end of an access token is past")
                    .detail(format!("{} expired {}. A rotation cannot help: the new secret would have the same end.",
                        name_of(self.prior), self.prior.get("expires_at").as_str().unwrap_or_default()))
                    .at(AttributePath::attribute("expires_at"))
                    .hint("Set a later `expires_at`, or use `ttl`, which counts from each rotation."),
            );
        }
    }

    /// Marks exactly what a rotation changes.
    pub(super) fn rotate(&self, planned: &mut Value, generation: Value, why: Value) {
        let certain = !generation.is_unknown();
        set(planned, "generation", generation);
        set(planned, "rotation_reason", why);
        if self.kind == Kind::ServiceAccount {
            set(planned, "token", Value::Unknown);
            set(planned, "rotation_due", false.into());
            return;
        }
        set_secret(self.config, planned);
        let end = expiry::of_rotated(self.capabilities, self.config, self.prior);
        let end_may_stay = !certain && end != *planned.get("expires_at");
        set(
            planned,
            "expires_at",
            if end_may_stay { Value::Unknown } else { end },
        );
        set(planned, "issued_at", Value::Unknown);
        set(planned, "status", Value::Unknown);
        set(
            planned,
            "rotation_due",
            if certain {
                false.into()
            } else {
                Value::Unknown
            },
        );
        let rotate_at = rotate_at(planned);
        set(
            planned,
            "rotate_at",
            if certain { rotate_at } else { Value::Unknown },
        );
        let rotation = self.config.get("rotation");
        let at_once = !rotation.is_unknown()
            && match rotation.get("grace_period") {
                Value::Null => true,
                grace => grace
                    .as_str()
                    .is_some_and(|grace| grace == "0s" || grace == "0"),
            };
        // A recipient keeps every clear secret out of the state, the old one included.
        let hidden = self.config.get("recipient").as_str().is_some();
        let ends = at_once || hidden;
        set(
            planned,
            "previous_token",
            if ends && certain {
                Value::Null
            } else {
                Value::Unknown
            },
        );
        set(planned, "retired", Value::Unknown);
    }

    /// Whoever takes the grace period away does not want to wait for its end.
    pub(super) fn end_grace(&self, plan: &mut PlannedResource) {
        let living: Vec<&Value> = rotation::entries(self.prior)
            .filter(|entry| entry.get("due").as_bool() != Some(true))
            .collect();
        if living.is_empty() || !rotation::loses_grace(self.prior, &plan.planned) {
            return;
        }
        let Some(capabilities) = self.capabilities else {
            return;
        };
        let ids = living
            .iter()
            .filter_map(|entry| entry.get("id").as_str().map(str::to_owned))
            .collect();
        match capabilities.rotation {
            RotationCapability::TwoSlots
            | RotationCapability::Server {
                ends_early: true, ..
            } => {
                if !plan.planned.get("retired").is_unknown() {
                    set(&mut plan.planned, "retired", Value::List(Vec::new()));
                    set(&mut plan.planned, "previous_token", Value::Null);
                }
                plan.reasons.push(Reason::Revocation { ids });
            }
            RotationCapability::Server { .. }
            | RotationCapability::NoOverlap { .. }
            | RotationCapability::Impossible { .. } => {
                let title = self.server.map_or("This server", |server| server.title);
                let end = living
                    .iter()
                    .find_map(|entry| entry.get("revoke_at").as_str())
                    .map_or_else(String::new, |end| format!(", until {end}"));
                plan.diagnostics.push(
                    Diagnostic::warning(
                        Code::GraceGoesOn,
                        "An old secret cannot be ended before its time",
                    )
                    .detail(format!(
                        "The old secret of {} stays valid for the grace period that its rotation gave it{end}: {title} cannot end it earlier.",
                        name_of(self.prior)
                    ))
                    .at(AttributePath::attribute("rotation").then("grace_period"))
                    .hint("If it must end now, replace the token: `terraform apply -replace=ADDRESS`."),
                );
            }
        }
    }
}

/// A new secret goes to `token`, or for a recipient to `encrypted_token`.
pub(super) fn set_secret(config: &Value, planned: &mut Value) {
    let (clear, encrypted) = match config.get("recipient") {
        Value::Null => (Value::Unknown, Value::Null),
        Value::Unknown => (Value::Unknown, Value::Unknown),
        _ => (Value::Null, Value::Unknown),
    };
    set(planned, "token", clear);
    set(planned, "encrypted_token", encrypted);
}

/// The `rotate_at` of a planned state: null, known, or unknown where parts are.
pub(super) fn rotate_at(planned: &Value) -> Value {
    let rotation = planned.get("rotation");
    let parts = [
        planned.get("expires_at"),
        rotation,
        rotation.get("before_expiry"),
        rotation.get("jitter"),
        planned.get("id"),
    ];
    if planned.get("expires_at").is_null()
        || !rotation.is_unknown() && rotation.get("before_expiry").is_null()
    {
        return Value::Null;
    }
    if parts.iter().any(|part| part.is_unknown()) {
        return Value::Unknown;
    }
    rotation::rotate_at_of(planned)
        .map(|at| at.to_string())
        .into()
}
