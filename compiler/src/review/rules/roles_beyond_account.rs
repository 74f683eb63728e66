//! A token that wants what its account does not have.

use crate::model::Kind;
use crate::model::server::capabilities;
use crate::model::state::{Form as _, Seen, Shown};
use crate::plan::{Action, Change};
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::{Item, Subject};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "roles-beyond-account",
    level: Level::Error,
    summary: "A token is to have roles that its service account will not have, or those of an account without any where it needs one.",
    why: "The server refuses such a token, in the middle of the apply: what comes before it is done, what comes after it is not.",
    remedy: "Add the roles to the account, or take them from the token.",
    silent: "An account outside of the plan, and roles that are hidden or not known yet, cannot be compared.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::AccessToken) {
            let Some((account, held)) = subject
                .account(item)
                .and_then(|account| Some((account, roles_of(account)?)))
            else {
                continue;
            };
            // What it has of the account goes with the account's.
            if subject.leaves_roles_out(item) {
                found.extend(has_none_to_take(subject, item, account, &held));
                continue;
            }
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

/// Those that an account will have, where that is known: a new one has none but what it is given.
fn roles_of(account: &Change) -> Option<Vec<Seen<String>>> {
    match &account.seen_after()?.roles {
        Seen::Known(Some(roles)) => Some(roles.clone()),
        Seen::Known(None) if account.action == Action::Create => Some(Vec::new()),
        Seen::Known(None) | Seen::Unknown | Seen::Hidden(_) => None,
    }
}

/// For a server that issues no token without a role.
fn has_none_to_take(
    subject: &Subject<'_>,
    token: &Item<'_>,
    account: &Change,
    held: &[Seen<String>],
) -> Option<Hit> {
    let change = token.change;
    let server = capabilities(subject.circumstances.api_of(&change.address)?);
    let is_issued = change.brings_secret() && !change.may_rotate();
    (is_issued && held.is_empty() && server.access_token.wants_members("roles")).then(|| {
        let message = format!(
            "is to have the roles of {}, which will have none; {} issues no token without a role",
            account.address, server.title
        );
        Hit::of(token, AttributePath::attribute("roles"), message)
    })
}
