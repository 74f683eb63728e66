//! A secret that nobody can use because its account is disabled, in a plan that leaves it so.

use crate::plan::NotWorking;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::unmended::Unmended;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "secret-does-not-work",
    level: Level::Warning,
    summary: "The service account of a token is disabled, so that its secret does not work, and the plan leaves it so.",
    why: "All who use the token are locked out, although its resource says nothing of the kind and a plan without changes looks as if \
          all were well.",
    remedy: "Enable the account. If it is meant, set `disabled` on the token, or remove it.",
    silent: "What expired or was revoked is found by `dead-secret`. A token whose status is hidden or not known yet is not looked at; a server is asked when the plan is made, and not when it \
             is reviewed.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in &subject.items {
            // Whatever ended is found by `dead-secret`.
            if item.unmended != Some(Unmended::NotWorking(NotWorking::AccountDisabled)) {
                continue;
            }
            let message = "has a secret that does not work: its service account is disabled";
            let path = AttributePath::attribute("status");
            found.push(Hit::of(item, path, message));
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"},
     "after": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["update"], "before": {"id": "sa_1", "name": "ci", "disabled": true},
     "after": {"id": "sa_1", "name": "ci", "disabled": false}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"},
     "after": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"}}}]}"#,
    ),
};
