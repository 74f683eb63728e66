//! One object under two addresses, of which one ends it, or its secret.

use std::collections::HashMap;

use crate::model::Kind;
use crate::plan::Action;
use crate::review::circumstances::{Manner, Whereabouts};
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::{Item, Subject};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "held-twice",
    level: Level::Error,
    summary: "A deletion, a replacement or a rotation ends what another resource holds, which stays.",
    why: "Two resources of the state are one object on the server, often by two provider blocks that lead to one: whoever takes the secret from the \
          resource that stays is locked out, and no plan said so.",
    remedy: "Let go of one of the two with a `removed` block that has `destroy = false`, or with `terraform state rm`.",
    silent: "Ids that are hidden are not compared, nor are provider blocks whose `url`, `organization` or credential only the apply knows. Another \
             state that holds the object is not seen.",
    is_told: false,
    check: |subject| {
        let stays = |item: &Item<'_>| {
            matches!(item.change.action, Action::NoOp | Action::Update)
                && item.course.manner == Manner::Plain
        };
        let mut holders: HashMap<Object<'_>, Vec<(Whereabouts<'_>, &str)>> = HashMap::new();
        for item in subject.items.iter().filter(|item| stays(item)) {
            if let Some((it, whereabouts)) = object(subject, item) {
                let holder = (whereabouts, item.change.address.as_str());
                holders.entry(it).or_default().push(holder);
            }
        }
        let ends = subject.touched().filter(|item| {
            let ends = item.ends() || stays(item) && item.change.brings_secret();
            ends && item.course.left_over.is_none()
        });
        ends.filter_map(|item| {
            let (it, whereabouts) = object(subject, item)?;
            let mut holders = holders.get(&it)?.iter();
            let is_other = |(at, holder): &&(Whereabouts<'_>, &str)| {
                *at == whereabouts && *holder != item.change.address
            };
            let (_, holder) = holders.find(is_other)?;
            let message = format!("ends what {holder} holds, which stays");
            Some(Hit::of(item, AttributePath::root(), message))
        })
        .collect()
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

/// What an id means on one server.
type Object<'a> = (Kind, &'a str);

/// What a resource holds before the plan, and where that is.
fn object<'a>(subject: &Subject<'a>, item: &'a Item<'_>) -> Option<(Object<'a>, Whereabouts<'a>)> {
    let id = item.before.as_ref()?.id.value()?.as_str();
    let whereabouts = subject.circumstances.whereabouts_of(&item.change.address)?;
    Some(((item.change.kind, id), whereabouts))
}
