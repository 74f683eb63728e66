//! A credential that is gone before there is another one.

use crate::plan::Action;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "ends-before-replaced",
    level: Level::Warning,
    summary: "A credential that somebody uses is replaced, and the old one ends before the new one is there.",
    why: "If the apply stops in between, nobody has a secret at all. Even if not, everybody is locked out until they have the new one.",
    remedy: "Set `create_before_destroy`, where the server allows two of that name and no `on_conflict` takes it, or rotate in place.",
    silent: "What nobody in the configuration uses may be used elsewhere.",
    is_told: false,
    check: |subject| {
        let replaced = subject.touched();
        replaced
            .filter(|item| {
                let is_plain = item.course.manner == Manner::Plain;
                item.change.action == Action::Replace && (is_plain || item.ends_by_its_successor())
            })
            .filter(|item| !item.change.consumers.is_empty())
            .map(|item| {
                let message = format!(
                    "ends before the new one is there, and is used by {}",
                    item.change.consumers.join(", ")
                );
                Hit::of(item, AttributePath::root(), message)
            })
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete", "create"], "replace_paths": [["service_account"]],
     "before": {"name": "ci", "service_account": "sa_1"}, "after": {"name": "ci", "service_account": "sa_2"}}}],
 "configuration": {"root_module": {"resources": [{"address": "github_actions_secret.ci",
   "expressions": {"plaintext_value": {"references": ["lanyard_access_token.ci.token"]}}}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create", "delete"], "replace_paths": [["service_account"]],
     "before": {"name": "ci", "service_account": "sa_1"}, "after": {"name": "ci", "service_account": "sa_2"}}}],
 "configuration": {"root_module": {"resources": [{"address": "github_actions_secret.ci",
   "expressions": {"plaintext_value": {"references": ["lanyard_access_token.ci.token"]}}}]}}}"#,
    ),
};
