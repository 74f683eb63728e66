//! A token without an end.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "never-expires",
    level: Level::Warning,
    summary: "An access token is made or changed, and it has no end.",
    why: "A secret that leaks years from now still works then. Nothing forces anybody to rotate it, so nobody knows whether that works.",
    remedy: "Set `ttl`, and a `rotation` block that renews the secret in time.",
    silent: "An end that the server chooses is known only after the apply; a hidden one may be there.",
    is_told: false,
    check: |subject| {
        let tokens = subject.comes(Kind::AccessToken);
        tokens
            .filter(|(_, after)| after.ttl.is_null() && after.expires_at.is_null())
            .map(|(item, _)| {
                let message = "has no end: neither `ttl` nor `expires_at` is set";
                Hit::of(item, AttributePath::attribute("expires_at"), message)
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}
"#,
    ),
};
