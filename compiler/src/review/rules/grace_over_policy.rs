//! An old secret that works for too long.

use crate::model::GracePeriod;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::old_secret::OldSecret;
use crate::review::subject::Item;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "grace-over-policy",
    level: Level::Warning,
    summary: "The old secret works longer beside the new one than `grace` of `[limits]` allows: 14 days, unless said otherwise.",
    why: "A rotation after a leak ends nothing as long as the leaked secret works on.",
    remedy: "Set a shorter `grace_period`: as long as it takes until everybody has the new secret.",
    silent: "`until_first_use` has no length. What is hidden or not known yet is not compared. A secret that does not work any more gets no grace, whatever the block says.",
    is_told: false,
    check: |subject| {
        let longest = subject.settings.limits.grace;
        let mut found = Vec::new();
        for item in subject.touched() {
            let rotation = item
                .after
                .as_deref()
                .and_then(|after| after.rotation.value());
            let grace = rotation.and_then(|rotation| rotation.grace_period.value());
            if let Some(grace) = grace
                && !gives_none(item)
                && let GracePeriod::Lasts(length) = grace.value()
                && length > longest
            {
                let message =
                    format!("gives an old secret {grace} more, and {longest} are allowed");
                let path = AttributePath::attribute("rotation").then("grace_period");
                found.push(Hit::of(item, path, message));
            }
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  rotation {
    before_expiry = "30d"
    grace_period  = "28d"
  }
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  rotation {
    before_expiry = "30d"
    grace_period  = "48h"
  }
}
"#,
    ),
};

/// True if a rotation replaces a secret that does not work any more, which gets no grace.
fn gives_none(item: &Item<'_>) -> bool {
    let is_dead = matches!(
        item.old_secret(),
        OldSecret::IsDead(_) | OldSecret::ReplacedElsewhere(_) | OldSecret::EndsWithItsAccount
    );
    item.change.rotates() && is_dead
}
