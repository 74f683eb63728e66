//! Two resources that are one object.

use std::collections::BTreeMap;

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "duplicate-name",
    level: Level::Error,
    summary: "Two resources of one provider have the same name, and the same service account.",
    why: "On most servers they are one object: each apply takes it from the other resource, and deleting one ends both.",
    remedy: "Give them different names, or delete one of the two.",
    silent: "Names and accounts that are hidden or not known yet are not compared; nor are resources of which it is not known which \
             provider they have, and a saved plan of our own does not say that without the configuration's folder.",
    is_told: false,
    check: |subject| {
        let mut seen: BTreeMap<_, &str> = BTreeMap::new();
        let mut found = Vec::new();
        for item in &subject.items {
            let Some(after) = &item.after else { continue };
            let address = &item.change.address;
            let (Some(name), Some(provider)) = (
                after.name.value(),
                subject.circumstances.provider_of(address),
            ) else {
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
            match seen.insert((item.change.kind, provider, name, account), address) {
                Some(other) if item.is_touched() => {
                    let message = format!("has the name of {other}: {name:?}");
                    found.push(Hit::of(item, AttributePath::attribute("name"), message));
                }
                _ => {}
            }
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
