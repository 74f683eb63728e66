//! A secret that changes under those who use it.

use crate::model::state::{Rotation, Seen, Shown};
use crate::model::{GracePeriod, Kind};
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "no-grace-while-used",
    level: Level::Warning,
    summary: "A secret rotates without a grace period while somebody uses it.",
    why: "The old secret ends before its users have the new one: each rotation is an outage, as long as it takes to hand the new one on.",
    remedy: "Set `rotation { grace_period = ... }` to longer than it takes until everybody has the new secret.",
    silent: "A grace period that is hidden or not known yet may be there. Where the server cannot keep an old secret, the finding says \
             what to do instead, if the provider block names the server's `api`.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        // Some accounts have a secret of their own.
        let all = Kind::ALL.into_iter().flat_map(|kind| subject.comes(kind));
        for (item, after) in all {
            let goes_without = match &after.rotation {
                Seen::Known(Some(rotation)) => rotates_without(rotation),
                // What cannot be changed in place is a rotation, too.
                Seen::Known(None) => item.danger == Danger::RotatesAtOnce,
                Seen::Unknown | Seen::Hidden(_) => false,
            };
            let users = &item.change.consumers;
            if goes_without && !users.is_empty() {
                let message = format!(
                    "rotates without a grace period, and is used by {}",
                    users.join(", ")
                );
                let path = AttributePath::attribute("rotation").then("grace_period");
                found.push(Hit {
                    hint: subject.instead_of_grace(item).map(str::to_owned),
                    ..Hit::of(item, path, message)
                });
            }
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  rotation {
    before_expiry = "14d"
  }
}

resource "github_actions_secret" "ci" {
  secret_name     = "TOKEN"
  plaintext_value = lanyard_access_token.ci.token
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

resource "github_actions_secret" "ci" {
  secret_name     = "TOKEN"
  plaintext_value = lanyard_access_token.ci.token
}
"#,
    ),
};

fn rotates_without(rotation: &Rotation<Shown>) -> bool {
    let rotates = [&rotation.before_expiry, &rotation.every]
        .iter()
        .any(|length| length.value().is_some())
        || rotation.triggers.value().is_some();
    let none = match &rotation.grace_period {
        Seen::Known(None) => true,
        Seen::Known(Some(grace)) => GracePeriod::is_none(grace.value()),
        Seen::Unknown | Seen::Hidden(_) => false,
    };
    rotates && none
}
