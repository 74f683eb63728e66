//! A credential lives on, and nobody manages or rotates it.

use super::assessed_as;
use crate::plan::Action;
use crate::review::accounts::Fate;
use crate::review::assess::Danger;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "is-forgotten",
    level: Level::Warning,
    summary: "A credential leaves the state and lives on: nobody manages or rotates it any more.",
    why: "A forgotten secret works on, perhaps for ever, and appears in no plan again. Nobody notices when it leaks, and nobody knows \
          whom it would hurt to end it.",
    remedy: "Delete it, or say in the change who manages it from now on. `lanyard sweep` finds what nobody manages.",
    silent: "Another configuration that imports the object is not seen.",
    is_told: true,
    check: |subject| {
        let mut found = assessed_as(subject, Danger::IsForgotten);
        let replaced = subject.touched().filter(|item| {
            item.change.action == Action::Replace
                && item.course.manner == Manner::ReplacesAndForgets
                && item.fate != Fate::End
        });
        found.extend(replaced.map(|item| {
            let message = "is replaced, and the old one is forgotten: it lives on, and nobody manages it any more";
            Hit::of(item, AttributePath::root(), message)
        }));
        let anew = subject.touched().filter(|item| item.course.not_found);
        found.extend(anew.map(|item| {
            let message = "is created anew since it is not found on this server: if nobody deleted it, it lives on elsewhere, and nobody manages it any more";
            Hit::of(item, AttributePath::root(), message)
        }));
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["forget"], "before": {"name": "ci"}, "after": null}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "ci"}, "after": null}}]}"#,
    ),
};
