//! Somebody can do more than before.

use super::assessed_as;
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "gains-power",
    level: Level::Note,
    summary: "A credential that exists can do more than before.",
    why: "Whoever holds the secret today gets the new power without being given a new secret, wherever copies of it went. \
          What somebody took away on the server and the plan gives back counts, too: a leaked token that was disabled there works again.",
    remedy: "Give the power to a token of its own, with the consumers that need it.",
    silent: "Hidden power that changes counts as gained. What a role itself allows, only the server knows. What was given on the server is found \
             by `power-changed-outside`.",
    is_told: true,
    check: |subject| assessed_as(subject, Danger::GainsPower),
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "roles": ["viewer"]},
     "after": {"name": "ci", "roles": ["admin", "viewer"]}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "roles": ["admin", "viewer"]},
     "after": {"name": "ci", "roles": ["viewer"]}}}]}"#,
    ),
};
