//! A token that is about to end, in a plan that keeps it so.

use crate::model::server::capabilities;
use crate::plan::{Action, BEFORE_IT_ENDS, soon_end_kept};
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "token-ends-soon",
    level: Level::Warning,
    summary: "A token ends within two weeks, or is in the last quarter of a shorter life, nothing rotates it, and the plan leaves it so.",
    why: "The plan may say that nothing is to do, and on the day of the end whoever uses the token is locked out.",
    remedy: "Have it rotated by a `rotation` block, with a `before_expiry` or `every` shorter than a secret lasts, and apply regularly; or move `expires_at`. If it is meant to end, say so in an \
             exception of `lanyard.toml`, or remove the resource.",
    silent: "How near the end is counts from when the plan was made; for a saved plan of `lanyard plan`, from the day of the review. Two revisions \
             without a plan (`--base`) do not say when anything ends. Nothing is said of what is disabled, and of an end that the plan itself moves.",
    is_told: false,
    check: |subject| {
        let Some(now) = subject.now else {
            return Vec::new();
        };
        let items = subject.items.iter().filter(|item| {
            matches!(item.change.action, Action::NoOp | Action::Update)
                && !item.change.brings_secret()
                && item.course.manner == Manner::Plain
                && item.course.left_over.is_none()
        });
        let ending = items.filter_map(|item| {
            let server = subject
                .circumstances
                .api_of(&item.change.address)
                .map(capabilities);
            let end = soon_end_kept(server, item.before.as_deref()?, item.after.as_deref()?, now)?;
            let users = match item.change.consumers.as_slice() {
                [] => String::new(),
                users => format!("; it is used by {}", users.join(", ")),
            };
            let message = format!("ends {end}, and nothing rotates it{users}");
            Some(Hit {
                hint: Some(BEFORE_IT_ENDS.to_owned()),
                ..Hit::of(item, AttributePath::attribute("expires_at"), message)
            })
        });
        ending.collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "timestamp": "2027-03-01T08:00:00Z", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "status": "active", "issued_at": "2026-12-10T08:00:00Z", "expires_at": "2027-03-10T08:00:00Z"},
     "after": {"name": "ci", "status": "active", "issued_at": "2026-12-10T08:00:00Z", "expires_at": "2027-03-10T08:00:00Z"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "timestamp": "2027-03-01T08:00:00Z", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "status": "active", "issued_at": "2026-12-10T08:00:00Z", "expires_at": "2027-03-10T08:00:00Z",
       "rotate_at": "2027-03-05T08:00:00Z"},
     "after": {"name": "ci", "status": "active", "issued_at": "2026-12-10T08:00:00Z", "expires_at": "2027-03-10T08:00:00Z",
       "rotate_at": "2027-03-05T08:00:00Z"}}}]}"#,
    ),
};
