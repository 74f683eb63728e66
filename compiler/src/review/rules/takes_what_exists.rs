//! A creation that ends what somebody else made.

use crate::model::access_token::OnConflict;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "takes-what-exists",
    level: Level::Warning,
    summary: "A resource is made with `on_conflict` set to `adopt` or `replace`.",
    why: "If somebody else has made an object of that name, its secret is ended by the creation, and the plan does not show it: it says \
          that something new is created.",
    remedy: "Leave `on_conflict` out, and import what exists. Use it for one apply at most.",
    silent: "Whether there is such an object only the server knows. An `on_conflict` that is hidden or not known yet is not looked at.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.touched().filter(|item| item.before.is_none()) {
            let choice = item
                .after
                .as_ref()
                .and_then(|after| after.on_conflict.value());
            let message = match choice {
                Some(OnConflict::Adopt) => {
                    "takes over what has its name already, and ends its secret"
                }
                Some(OnConflict::Replace) => "ends what has its name already",
                Some(OnConflict::Error) | None => continue,
            };
            found.push(Hit::of(
                item,
                AttributePath::attribute("on_conflict"),
                message,
            ));
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name        = "ci"
  ttl         = "90d"
  on_conflict = "replace"
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
