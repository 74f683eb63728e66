//! Power that moved without anybody here deciding it.

use std::collections::HashMap;

use crate::model::state::{Form as _, Shown};
use crate::plan::{Action, Change};
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::outside::LeftSo;
use crate::review::subject::{Item, Subject};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "power-changed-outside",
    level: Level::Warning,
    summary: "Somebody changed on the server what a credential can do, and the plan leaves it so.",
    why: "Where a configuration does not say which roles or scopes a credential is to have, a plan takes whatever the server has now: \
          it may be without changes, and the state holds the new power from then on, so that no later plan tells it.",
    remedy: "Ask who did it. Say in the configuration what it is to have; then each plan puts it back.",
    silent: "It goes by the state of before: `lanyard plan` and `--base` have none, and a plan with `-refresh=false` does not look. \
             Lost roles are told only where the account has them, or will have them.",
    is_told: false,
    check: |subject| {
        let outside = &subject.circumstances.outside;
        let mut items: HashMap<&str, &Item<'_>> = HashMap::new();
        if !outside.is_empty() {
            let live = subject.items.iter().rev();
            let live = live.filter(|item| item.course.left_over.is_none());
            items.extend(live.map(|item| (item.change.address.as_str(), item)));
        }
        outside
            .iter()
            .filter_map(|drift| {
                let left = left_so(subject, drift, items.get(drift.address.as_str()).copied())?;
                Some(Hit {
                    address: drift.address.clone(),
                    path: AttributePath::root(),
                    message: format!(
                        "{}: somebody changed that on the server, and the plan leaves it so",
                        left.words()
                    ),
                    hint: Some(left.hint()),
                    place: None,
                    left_over: None,
                })
            })
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "disabled": false, "roles": ["admin", "viewer"]},
     "after": {"name": "ci", "disabled": false, "roles": ["admin", "viewer"]}}}],
 "resource_drift": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "disabled": false, "roles": ["viewer"]},
     "after": {"name": "ci", "disabled": false, "roles": ["admin", "viewer"]}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "disabled": false, "roles": ["admin", "viewer"]},
     "after": {"name": "ci", "disabled": false, "roles": ["viewer"]}}}],
 "resource_drift": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "disabled": false, "roles": ["viewer"]},
     "after": {"name": "ci", "disabled": false, "roles": ["admin", "viewer"]}}}]}"#,
    ),
};

/// A plan that only refreshes has no item, and leaves all as it is.
fn left_so(subject: &Subject<'_>, drift: &Change, item: Option<&Item<'_>>) -> Option<LeftSo> {
    let Some(item) = item else {
        return LeftSo::of(drift, &drift.seen_after()?, &[]);
    };
    // A credential that ends, or that nobody manages from now on, is told as that.
    let stays = matches!(item.change.action, Action::NoOp | Action::Update)
        && item.course.manner == Manner::Plain;
    let planned = item.after.as_deref().filter(|_| stays)?;
    let account = subject.account(item).and_then(Change::seen_after);
    let held = account.as_ref().and_then(|account| account.roles.value());
    let held = held.into_iter().flatten().filter_map(Shown::known);
    let held: Vec<String> = held.cloned().collect();
    LeftSo::of(drift, planned, &held)
}
