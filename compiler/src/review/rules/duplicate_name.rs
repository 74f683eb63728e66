//! Two resources that are one object.

use std::collections::HashMap;

use crate::model::Kind;
use crate::review::circumstances::Whereabouts;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-name",
    level: Level::Error,
    summary: "Two resources on one server have the same name, and the same service account.",
    why: "On most servers they are one object: each apply takes it from the other resource, and deleting one ends both.",
    remedy: "Give them different names, or delete one of the two.",
    silent: "Names and accounts that are hidden or not known yet are not compared, nor are resources of which it is not known which provider \
             they have, or whether their provider blocks lead to one server. A saved plan of our own does not say that without the \
             configuration's folder.",
    is_told: false,
    check: |subject| {
        let mut seen: HashMap<_, Vec<(Whereabouts<'_>, &str)>> = HashMap::new();
        let mut found = Vec::new();
        for item in &subject.items {
            let Some(after) = &item.after else { continue };
            let address = &item.change.address;
            // Of which provider it is that the configuration does not have any more does not matter here.
            let known = subject.circumstances.provider_of(address);
            let whereabouts = known.and_then(|_| subject.circumstances.whereabouts_of(address));
            let (Some(name), Some(whereabouts)) = (after.name.value(), whereabouts) else {
                continue;
            };
            let account = match (item.change.kind, after.service_account.value()) {
                (_, Some(id)) => id.clone(),
                (Kind::ServiceAccount, None) => String::new(),
                (Kind::AccessToken, None) if after.service_account.is_null() => String::new(),
                // By the resource that will make it.
                (Kind::AccessToken, None) => match subject.account(item) {
                    Some(account) => account.address.clone(),
                    None => continue,
                },
            };
            let same = seen.entry((item.change.kind, name, account)).or_default();
            match same.iter().find(|(other, _)| *other == whereabouts) {
                Some((_, other)) if item.is_touched() => {
                    let message = format!("has the name of {other}: {name:?}");
                    found.push(Hit::of(item, AttributePath::attribute("name"), message));
                }
                _ => {}
            }
            same.push((whereabouts, address));
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_service_account" "build" {
  name = "ci"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_service_account" "build" {
  name = "build"
}
"#,
    ),
};
