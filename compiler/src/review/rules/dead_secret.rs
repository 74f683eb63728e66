//! A secret that does not work, or is nobody's, and a plan that leaves it so.

use std::collections::BTreeSet;

use crate::language::Receives;
use crate::model::Kind;
use crate::model::server::capabilities;
use crate::plan::{Action, way_after_an_import, way_from_a_dead_secret};
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
    remedy: "Let a new secret be issued, where the server can: add a `rotation` block, change a value of `rotation.triggers`, or set \
             `after_import` for what was imported; where it cannot, the finding says what to do instead. Or let the users take the secret from where it is issued now, and of a token with a `recipient` its `encrypted_token`.",
    silent: "What happened after the state was read is not known. Nothing is said of what is disabled, and of an imported token without \
             a known secret only if a plan of Terraform shows somebody who uses it. Whether somebody gets null of a token with a `recipient` may \
             not be known, then the finding says so: without the configuration's folder, the plan shows it of outputs and of some arguments.",
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
            let side = item.after.as_deref().or(item.before.as_deref());
            let server = subject.circumstances.api_of(&change.address);
            let server = server.map(capabilities);
            if let Some(why) = item.unmended.filter(|why| why.wants_another()) {
                let message = format!(
                    "its secret {}, and this plan issues no new one{users}",
                    why.words()
                );
                let hint = side.map(|side| way_from_a_dead_secret(side, server));
                found.push(hit(item, message, hint));
                continue;
            }
            let stays = matches!(change.action, Action::NoOp | Action::Update);
            let [clear, sealed] =
                ["token", "encrypted_token"].map(|name| change.planned.get(name).is_null());
            let is_unknown = change.kind == Kind::AccessToken && stays && clear && sealed;
            if has_state && is_unknown && !change.brings_secret() && !users.is_empty() {
                let message = format!("its secret is not known here{users}");
                let can = side
                    .zip(server)
                    .map(|(side, server)| side.capabilities(server));
                found.push(hit(item, message, can.map(way_after_an_import)));
                continue;
            }
            let users = UsersOfNull::of(subject, item);
            if let Some(users) = users.words() {
                let message = format!(
                    "its `token` is null, since the secret is encrypted for `recipient`{users}"
                );
                found.push(hit(item, message, None));
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

fn hit(item: &Item<'_>, message: String, hint: Option<&str>) -> Hit {
    Hit {
        hint: hint.map(str::to_owned),
        ..Hit::of(item, AttributePath::attribute("token"), message)
    }
}

/// Who takes the `token` of something that has its secret only for a recipient.
#[derive(Default)]
struct UsersOfNull {
    certain: BTreeSet<String>,
    /// Of whom only the reference is known.
    perhaps: BTreeSet<String>,
}

impl UsersOfNull {
    fn of(subject: &Subject<'_>, item: &Item<'_>) -> Self {
        let mut found = Self::default();
        if !item.has_sealed_secret() {
            return found;
        }
        let uses = subject.circumstances.uses.of(&item.change.address);
        let takers = |attribute: &'static str| {
            let keepers = uses.iter().filter(|one| one.kind.keeps_secret());
            keepers.filter(move |one| one.attribute == attribute)
        };
        let sealed: BTreeSet<String> = takers("encrypted_token").map(Use::name).collect();
        for one in takers("token") {
            let name = one.name();
            match one.receives {
                Receives::Null => drop(found.certain.insert(name)),
                Receives::NoNull => {}
                // It has the encrypted one instead.
                Receives::NotKnown if sealed.contains(&name) => {}
                Receives::PerhapsNull | Receives::NotKnown => drop(found.perhaps.insert(name)),
            }
        }
        found.perhaps.retain(|name| !found.certain.contains(name));
        found
    }

    /// What goes on behind that the secret is null; `None` where nobody takes it.
    fn words(&self) -> Option<String> {
        let list = |users: &BTreeSet<String>| {
            let users: Vec<&str> = users.iter().map(String::as_str).collect();
            users.join(", ")
        };
        let (certain, perhaps) = (list(&self.certain), list(&self.perhaps));
        match (certain.as_str(), perhaps.as_str()) {
            ("", "") => None,
            (_, "") => Some(format!(", and is used by {certain}")),
            ("", _) => Some(format!(
                "; it is not known here whether it is null what {perhaps} gets of it"
            )),
            _ => Some(format!(
                ", and is used by {certain}; it is not known here whether it is null what {perhaps} gets of it"
            )),
        }
    }
}
