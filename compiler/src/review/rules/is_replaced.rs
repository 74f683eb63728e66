//! A credential ends and another one takes its place.

use super::assessed_as;
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "is-replaced",
    level: Level::Note,
    summary: "A credential ends and another one takes its place.",
    why: "The old secret ends with the old object. Whoever does not take the new one from Terraform, in the same apply, is locked out.",
    remedy: "Where the new secret is all that is wanted, rotate in place with a grace period instead.",
    silent: "A rotation in place is no replacement; see `rotates-at-once`.",
    is_told: true,
    check: |subject| assessed_as(subject, Danger::IsReplaced),
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete", "create"], "replace_paths": [["service_account"]],
     "before": {"name": "ci", "service_account": "sa_1"}, "after": {"name": "ci", "service_account": "sa_2"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "generation": 1, "rotation": {"grace_period": "48h"}},
     "after": {"name": "ci", "generation": 2, "rotation": {"grace_period": "48h"}}, "after_unknown": {"token": true}}}]}"#,
    ),
};
