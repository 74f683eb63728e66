//! One object under two addresses, of which one ends it, or its secret.

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::holders::{Holders, stays};
use crate::review::subject::Item;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "held-twice",
    level: Level::Error,
    summary: "A deletion, a replacement or a rotation ends what another resource holds, which stays.",
    why: "Two resources of the state are one object on the server, often by two provider blocks that lead to one: whoever takes the secret from the \
          resource that stays is locked out, and no plan said so.",
    remedy: "Let go of one of the two with a `removed` block that has `destroy = false`, or with `terraform state rm`.",
    silent: "Ids that are hidden are not compared, nor are provider blocks whose `url`, `organization` or credential only the apply knows. What \
             `-target` leaves out is compared, as the state had it when it was last read. Another state that holds the object is not seen.",
    is_told: false,
    check: |subject| {
        let ends = subject.touched().filter(|item| {
            let renews = stays(item.change, item.course) && item.change.brings_secret();
            (item.ends() || renews) && item.course.left_over.is_none()
        });
        let ends: Vec<&Item<'_>> = ends.collect();
        if ends.is_empty() {
            return Vec::new();
        }
        let all = subject.items.iter().map(|item| (item.change, item.course));
        let holders = Holders::among(subject.circumstances, all);
        let found = ends.into_iter().filter_map(|item| {
            let holder = holders.other(item.change)?;
            let message = format!("ends what {holder} holds, which stays");
            Some(Hit::of(item, AttributePath::root(), message))
        });
        found.collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.one", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "id": "ci"}, "after": {"name": "ci", "id": "ci"}}},
  {"address": "lanyard_access_token.two", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "ci", "id": "ci"}, "after": null}}],
 "configuration": {
   "provider_config": {
     "lanyard": {"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"},
     "lanyard.b": {"name": "lanyard", "alias": "b", "full_name": "registry.terraform.io/lanyard/lanyard"}},
   "root_module": {"resources": [{"address": "lanyard_access_token.one", "provider_config_key": "lanyard"}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.one", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "id": "ci"}, "after": {"name": "ci", "id": "ci"}}},
  {"address": "lanyard_access_token.two", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "ci", "id": "ci"}, "after": null}}],
 "configuration": {
   "provider_config": {
     "lanyard": {"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"},
     "lanyard.b": {"name": "lanyard", "alias": "b", "full_name": "registry.terraform.io/lanyard/lanyard",
       "expressions": {"url": {"references": ["var.stage"]}}}},
   "root_module": {"resources": [
     {"address": "lanyard_access_token.one", "provider_config_key": "lanyard"},
     {"address": "lanyard_access_token.two", "provider_config_key": "lanyard.b"}]}}}"#,
    ),
};
