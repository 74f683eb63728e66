//! More ends than anybody reads.

use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::Item;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "mass-deletion",
    level: Level::Error,
    summary: "As many credentials as `deletions` says end or are replaced in one plan (10, unless said otherwise), or more than `percent` of what exists \
              (50) and at least `floor` (4).",
    why: "An emptied list, a renamed module or a wrong workspace looks like this, and nobody reads that many lines one by one.",
    remedy: "Split the change, or raise the limit in the change that needs it, so that its reviewers see both.",
    silent: "What had ended before does not count, and what `on_conflict` takes only in a plan of `lanyard plan`. How many exist is known of a whole plan: of one with `-target` or `-exclude`, or that could not be \
             read as a whole, only the number counts. `lanyard apply` and `lanyard sweep --revoke` are refused at the same limits (a sweep only at the number), \
             unless `[guard]` has a number of its own, and whatever `[rules]` and exceptions say of this rule. `terraform apply` reads no `lanyard.toml`: before it, \
             `lanyard review --fail-on error` stops a pipeline.",
    is_told: false,
    check: |subject| {
        let ending: Vec<_> = subject
            .touched()
            .filter(|item| item.ends() && matches!(item.danger, Danger::Ends | Danger::IsReplaced))
            .collect();
        let taking = |item: &&Item<'_>| {
            item.change
                .takes
                .as_ref()
                .is_some_and(|takes| takes.ending() > 0)
        };
        let limits = subject.settings.limits.deletions;
        let received = ending
            .len()
            .saturating_sub(subject.circumstances.unreceived);
        let count = received + subject.taken_along() + subject.taken();
        let existing = subject.existing();
        let is_too_many = limits.are_exceeded(count, existing);
        let first = ending
            .first()
            .copied()
            .or_else(|| subject.items.iter().find(taking));
        let first = first.filter(|_| is_too_many);
        let message = match existing {
            Some(existing) if count < limits.count => format!(
                "ends {count} of {existing} credentials; more than {} % is told here from {} on",
                limits.percent, limits.at_least
            ),
            _ => format!(
                "ends {count} credentials; from {} on that is told here",
                limits.count
            ),
        };
        first
            .map(|first| Hit {
                // Not this one's own finding, but that of all.
                address: "(the plan)".to_owned(),
                left_over: None,
                ..Hit::of(first, AttributePath::root(), message)
            })
            .into_iter()
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci[0]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-0"}}},
  {"address": "lanyard_access_token.ci[1]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-1"}}},
  {"address": "lanyard_access_token.ci[2]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-2"}}},
  {"address": "lanyard_access_token.ci[3]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-3"}}},
  {"address": "lanyard_access_token.ci[4]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-4"}}},
  {"address": "lanyard_access_token.ci[5]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-5"}}},
  {"address": "lanyard_access_token.ci[6]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-6"}}},
  {"address": "lanyard_access_token.ci[7]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-7"}}},
  {"address": "lanyard_access_token.ci[8]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-8"}}},
  {"address": "lanyard_access_token.ci[9]", "mode": "managed", "type": "lanyard_access_token", "change": {"actions": ["delete"], "before": {"name": "ci-9"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci[0]", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "ci-0"}}}]}"#,
    ),
};
