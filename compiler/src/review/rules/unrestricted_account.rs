//! A service account that reaches all data.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::Is;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "unrestricted-account",
    level: Level::Warning,
    summary: "A service account is made, or becomes, unrestricted: it reaches all data.",
    why: "A leaked token of such an account reads or writes everything that the server has, not just the data of one team.",
    remedy: "Give the account a `restriction` block with the permission and the labels that it needs.",
    silent: "Servers without restrictions say nothing of it, and where the server is not known, one with restrictions is assumed. An \
             account that was unrestricted before and is changed otherwise is not told again.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::ServiceAccount) {
            let is_open = |state: &crate::model::State<crate::model::state::Shown>| {
                Is::of(&state.unrestricted, |unrestricted| *unrestricted)
            };
            let was_open = item.before.as_deref().map(is_open) == Some(Is::True);
            if !item.change.restrictable || was_open {
                continue;
            }
            let message = match is_open(after) {
                Is::True => "reaches all data: it is unrestricted",
                Is::NotKnown if after.unrestricted.is_hidden() => {
                    "may reach all data: whether it is unrestricted is hidden"
                }
                Is::NotKnown | Is::False => continue,
            };
            found.push(Hit::of(
                item,
                AttributePath::attribute("unrestricted"),
                message,
            ));
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name         = "ci"
  unrestricted = true
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
  }
}
"#,
    ),
};
