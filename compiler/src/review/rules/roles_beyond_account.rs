//! A token that wants what its account does not have.

use crate::model::Kind;
use crate::model::state::{Form as _, Shown};
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "roles-beyond-account",
    level: Level::Error,
    summary: "A token is to have roles that its service account will not have.",
    why: "The server refuses such a token, in the middle of the apply: what comes before it is done, what comes after it is not.",
    remedy: "Add the roles to the account, or take them from the token.",
    silent: "An account outside of the plan, and roles that are hidden or not known yet, cannot be compared.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::AccessToken) {
            // What it has of the account goes with the account's.
            if subject.leaves_roles_out(item) {
                continue;
            }
            let account = subject.account(item);
            let Some((account, held)) = account.and_then(|account| {
                let held = account.seen_after()?;
                Some((account, held.roles.value()?.clone()))
            }) else {
                continue;
            };
            if held.iter().any(|role| Shown::known(role).is_none()) {
                continue;
            }
            let wanted = after.roles.value().into_iter().flatten();
            let beyond =
                wanted.filter(|role| Shown::known(*role).is_some() && !held.contains(role));
            let beyond: Vec<&str> = beyond
                .filter_map(Shown::known)
                .map(String::as_str)
                .collect();
            if !beyond.is_empty() {
                let message = format!(
                    "is to have {}, and {} will not",
                    beyond.join(", "),
                    account.address
                );
                found.push(Hit::of(item, AttributePath::attribute("roles"), message));
            }
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["viewer"]
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
  roles           = ["admin", "viewer"]
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["admin", "viewer"]
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
  roles           = ["viewer"]
}
"#,
    ),
};
