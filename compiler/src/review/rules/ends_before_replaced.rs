//! A credential that is gone before there is another one.

use crate::plan::Action;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::Is;
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
            .filter(|item| item.change.action == Action::Replace)
            .filter(|item| !item.change.consumers.is_empty())
            .filter_map(|item| {
                let ends = match (item.course.manner, item.ends_by_its_successor()) {
                    (Manner::Plain, _) | (_, Is::True) => "ends",
                    (_, Is::NotKnown) => "may end",
                    (_, Is::False) => return None,
                };
                let message = format!(
                    "{ends} before the new one is there, and is used by {}",
                    item.change.consumers.join(", ")
                );
                Some(Hit::of(item, AttributePath::root(), message))
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
