//! An account that reaches data which it did not reach before.

use crate::model::Kind;
use crate::model::state::Seen;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "restriction-dropped",
    level: Level::Warning,
    summary: "A label of an account's restriction, or the whole restriction, goes away or changes.",
    why: "The restriction is what kept a leaked token away from the data of others.",
    remedy: "Add an account with the other labels, instead of taking labels from the one that exists.",
    silent: "A restriction that is hidden, or known only after the apply, counts as dropped where it changes.",
    is_told: false,
    check: |subject| {
        let root = AttributePath::attribute("restriction");
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::ServiceAccount) {
            let Some(before) = item.before.as_deref().map(|before| &before.restriction) else {
                continue;
            };
            let after = &after.restriction;
            if before == after || before.is_null() {
                continue;
            }
            let (Some(before), Some(now)) = (before.value(), after.value()) else {
                let message = match after {
                    Seen::Known(None) => "reaches all data: its restriction ends",
                    _ => {
                        "may reach more data: its restriction changes and is hidden, or not known yet"
                    }
                };
                found.push(Hit::of(item, root.clone(), message));
                continue;
            };
            let (labels, now) = (&before.labels, &now.labels);
            let path = root.then("labels");
            if labels == now || labels.is_null() {
                continue;
            }
            let (Some(labels), Seen::Known(now)) = (labels.value(), now) else {
                let message =
                    "may reach more data: its labels change and are hidden, or not known yet";
                found.push(Hit::of(item, path, message));
                continue;
            };
            for (label, value) in labels {
                match now.as_ref().and_then(|now| now.get(label)) {
                    Some(now) if now == value => {}
                    Some(_) => {
                        let message = format!("reaches other data: its label {label} changes");
                        found.push(Hit::of(item, path.key(&**label), message));
                    }
                    None => {
                        let message = format!("reaches more data: its label {label} goes away");
                        found.push(Hit::of(item, path.key(&**label), message));
                    }
                }
            }
        }
        found
    },
    fires: Fixture::Change(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
    labels     = { team = "shop", env = "prod" }
  }
}
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
    labels     = { env = "prod" }
  }
}
"#,
    ),
    passes: Fixture::Change(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
    labels     = { env = "prod" }
  }
}
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
    labels     = { team = "shop", env = "prod" }
  }
}
"#,
    ),
};
