//! A credential, or all that belongs to an account, ends.

use super::assessed_as;
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "ends",
    level: Level::Note,
    summary: "A credential, or all that belongs to a service account, ends.",
    why: "Whoever still uses the secret is locked out when the plan is applied, and nobody can bring it back: a deleted secret is not \
          issued again.",
    remedy: "Make sure that nobody uses it: `lanyard tokens` tells when it was last used, where the server knows that.",
    silent: "What had expired before locks nobody out. Of what was revoked, somebody may have put another secret in its place, which may end.",
    is_told: true,
    check: |subject| assessed_as(subject, Danger::Ends),
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.old", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "old", "status": "active"}, "after": null}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.old", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "old", "status": "expired"}, "after": null}}]}"#,
    ),
};
