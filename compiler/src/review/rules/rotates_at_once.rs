//! The secret changes and the old one ends at once, or may.

use super::assessed_as;
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "rotates-at-once",
    level: Level::Note,
    summary: "The secret changes and the old one ends at once, or may.",
    why: "Between the rotation and the moment in which everybody has the new secret, whoever still sends the old one is refused. The one that ends may also be one that somebody put in place of the secret in the state, which no grace period keeps.",
    remedy: "Set `rotation { grace_period = ... }`, where the server can keep the old secret for a while.",
    silent: "A grace period that is hidden, or known only after the apply, counts as none.",
    is_told: true,
    check: |subject| assessed_as(subject, Danger::RotatesAtOnce),
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "generation": 1},
     "after": {"name": "ci", "generation": 2}, "after_unknown": {"token": true}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "generation": 1, "rotation": {"grace_period": "48h"}},
     "after": {"name": "ci", "generation": 2, "rotation": {"grace_period": "48h"}}, "after_unknown": {"token": true}}}]}"#,
    ),
};
