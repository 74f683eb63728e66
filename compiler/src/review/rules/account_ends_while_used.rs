//! An account that takes tokens in use along.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "account-ends-while-used",
    level: Level::Error,
    summary: "A service account is deleted or replaced while somebody uses tokens of it.",
    why: "All tokens of an account end with it, those that other configurations and people have as well.",
    remedy: "Move the users to tokens of another account first, and delete the account in a later change.",
    silent: "Only tokens in this plan are seen; `lanyard tokens` lists the others.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.items.iter().filter(|item| item.ends()) {
            if item.change.kind != Kind::ServiceAccount {
                continue;
            }
            let used = subject.used_tokens_of(item);
            if !used.is_empty() {
                let message = format!("takes along {}", used.join(", "));
                found.push(Hit::of(item, AttributePath::root(), message));
            }
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["delete"], "before": {"id": "sa_1", "name": "ci"}, "after": null}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "service_account": "sa_1"},
     "after": {"name": "ci", "service_account": "sa_1"}}}],
 "configuration": {"root_module": {"resources": [{"address": "github_actions_secret.ci",
   "expressions": {"plaintext_value": {"references": ["lanyard_access_token.ci.token"]}}}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["delete"], "before": {"id": "sa_1", "name": "ci"}, "after": null}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "service_account": "sa_2"},
     "after": {"name": "ci", "service_account": "sa_2"}}}],
 "configuration": {"root_module": {"resources": [{"address": "github_actions_secret.ci",
   "expressions": {"plaintext_value": {"references": ["lanyard_access_token.ci.token"]}}}]}}}"#,
    ),
};
