//! A secret that does not work, or is nobody's, and a plan that leaves it so.

use crate::model::Kind;
use crate::plan::Action;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::{Item, Subject};
use crate::review::uses::Use;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "dead-secret",
    level: Level::Warning,
    summary: "A secret does not work any more, or is not known, and the plan issues no new one.",
    why: "The plan may say that nothing is to do, and whoever takes the secret from the state is refused by the server.",
    remedy: "Let a new secret be issued: add a `rotation` block, change a value of `rotation.triggers`, or set `after_import` for what was \
             imported. Or let the users take the secret from where it is issued now, and of a token with a `recipient` its `encrypted_token`.",
    silent: "What happened after the state was read is not known. Nothing is said of what is disabled, and of an imported token without \
             a known secret only if a plan of Terraform shows somebody who uses it.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        // A plan of our own has no state, and so no secret.
        let has_state = !subject.circumstances.courses.is_empty();
        for item in &subject.items {
            let change = item.change;
            if item.course.manner != Manner::Plain || item.course.left_over.is_some() {
                continue;
            }
            let users = match change.consumers.as_slice() {
                [] => String::new(),
                users => format!(", and is used by {}", users.join(", ")),
            };
            if let Some(why) = item.unmended.filter(|why| why.wants_another()) {
                let message = format!(
                    "its secret {}, and this plan issues no new one{users}",
                    why.words()
                );
                found.push(Hit::of(item, AttributePath::attribute("token"), message));
                continue;
            }
            let stays = matches!(change.action, Action::NoOp | Action::Update);
            let [clear, sealed] =
                ["token", "encrypted_token"].map(|name| change.planned.get(name).is_null());
            let is_unknown = change.kind == Kind::AccessToken && stays && clear && sealed;
            if has_state && is_unknown && !change.brings_secret() && !users.is_empty() {
                let message = format!("its secret is not known here{users}");
                found.push(Hit::of(item, AttributePath::attribute("token"), message));
                continue;
            }
            let nobody = users_of_null(subject, item);
            if !nobody.is_empty() {
                let users = nobody.join(", ");
                let message = format!(
                    "its `token` is null, since the secret is encrypted for `recipient`, and is used by {users}"
                );
                found.push(Hit::of(item, AttributePath::attribute("token"), message));
            }
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "generation": 1, "status": "expired"},
     "after": {"name": "ci", "generation": 1, "status": "expired"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "generation": 1, "status": "expired"},
     "after": {"name": "ci", "generation": 2}, "after_unknown": {"token": true, "status": true}}}]}"#,
    ),
};

/// Who takes the `token` of something that has its secret only for a recipient, and not its `encrypted_token` instead.
fn users_of_null(subject: &Subject<'_>, item: &Item<'_>) -> Vec<String> {
    let planned = &item.change.planned;
    let recipient = planned.get("recipient");
    if recipient.is_null() || recipient.is_unknown() || !planned.get("token").is_null() {
        return Vec::new();
    }
    let uses = subject.circumstances.uses.of(&item.change.address);
    let takes = |attribute: &str| -> Vec<String> {
        let takers = uses.iter().filter(|one| one.attribute == attribute);
        takers.map(Use::name).collect()
    };
    let sealed = takes("encrypted_token");
    let mut users = takes("token");
    users.retain(|user| !sealed.contains(user));
    users.dedup();
    users
}
