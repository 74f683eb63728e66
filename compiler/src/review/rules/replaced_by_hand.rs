//! A new object where a new secret would do.

use crate::model::Kind;
use crate::plan::Action;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "replaced-by-hand",
    level: Level::Warning,
    summary: "A token is replaced because somebody asks for it (`-replace`, `replace_triggered_by`), not because it has to be.",
    why: "A replacement ends the old secret at once, and the token's id and history with it. A rotation issues a new secret in place, \
          and the old one can work on for a while.",
    remedy: "Change a value of `rotation.triggers`: that rotates, with the grace period.",
    silent: "A resource that is tainted, or taken out and put back in two changes, is not told apart from others.",
    is_told: false,
    check: |subject| {
        let asked = subject.touched();
        asked
            .filter(|item| {
                // What goes to another server is made there because it has to be.
                let leaves = item.course.manner == Manner::ReplacesAndForgets;
                item.course.asked_for || item.change.forced.is_some() && !leaves
            })
            .filter(|item| {
                item.change.action == Action::Replace && item.change.kind == Kind::AccessToken
            })
            .filter(|item| {
                // It would end with its account.
                let account = subject.account(item);
                account.is_none_or(|account| account.action != Action::Replace)
            })
            .map(|item| {
                let message =
                    "is replaced on request: a rotation would issue a new secret without that";
                Hit::of(item, AttributePath::root(), message)
            })
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "action_reason": "replace_by_request",
   "change": {"actions": ["delete", "create"], "before": {"name": "ci"}, "after": {"name": "ci"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "action_reason": "replace_because_cannot_update",
   "change": {"actions": ["delete", "create"], "replace_paths": [["service_account"]],
     "before": {"name": "ci", "service_account": "sa_1"}, "after": {"name": "ci", "service_account": "sa_2"}}}]}"#,
    ),
};
