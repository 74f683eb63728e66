//! A token that ends and is not renewed.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "rotation-missing",
    level: Level::Note,
    summary: "A token ends, and no `rotation` block renews it in time.",
    why: "On the day of its end, whoever uses it is locked out, and the next apply finds it dead.",
    remedy: "Add `rotation { before_expiry = ... }` or `rotation { every = ... }`, and apply on a schedule.",
    silent: "A `rotation` block that is hidden or not known yet may renew it. A token with a fixed `expires_at` cannot be renewed, and \
             is meant to end.",
    is_told: false,
    check: |subject| {
        let tokens = subject.comes(Kind::AccessToken);
        tokens
            .filter(|(_, after)| after.ttl.value().is_some())
            .filter(|(_, after)| {
                let rotation = &after.rotation;
                let renews = rotation.value();
                let never = renews.is_some_and(|rotation| {
                    rotation.before_expiry.is_null() && rotation.every.is_null()
                });
                rotation.is_null() || never
            })
            .map(|(item, _)| {
                let message =
                    "ends, and nothing renews it in time: neither `rotation.before_expiry` nor `rotation.every` is set";
                Hit::of(item, AttributePath::attribute("rotation"), message)
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }
}
"#,
    ),
};
