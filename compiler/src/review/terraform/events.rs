//! What a plan tells beside its changes: drift, imports, moves, leftovers of replacements, and actions that are called.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::action;
use super::document::{ActionReason, Invocation, ResourceChange};
use crate::model::action::ActionKind;
use crate::plan::{Action, Change, PlannedResource};
use crate::review::circumstances::{Aside, Course, Event, Manner};
use crate::review::words::{self, quoted};
use crate::value::{AttributePath, Value};

/// What happened outside, by address and deposed key.
pub(super) type Drifted = BTreeMap<(String, Option<String>), Change>;

pub(super) fn drifted(drift: &[ResourceChange]) -> Drifted {
    let mut found = Drifted::new();
    for json in drift {
        let (Some(kind), Some((action, _))) = (json.kind(), action(&json.change.actions)) else {
            continue;
        };
        let (prior, planned) = json.sides.clone().unwrap_or_default();
        let planned = PlannedResource::new(action, planned);
        found.insert(
            (json.address.clone(), json.deposed.clone()),
            Change::new(&*json.address, kind, prior, Value::Null, planned),
        );
    }
    found
}

/// The drift as asides; `writes` if the apply takes it into the state.
pub(super) fn drift(drifted: &Drifted, writes: bool) -> impl Iterator<Item = Aside> {
    drifted
        .iter()
        .filter(|(_, change)| change.action != Action::NoOp)
        .map(move |((address, _), change)| Aside {
            event: if writes {
                Event::Drift
            } else {
                Event::DriftOnly
            },
            address: address.clone(),
            text: match change.action {
                Action::Delete => "was deleted outside of this configuration".to_owned(),
                _ => format!(
                    "was changed outside of this configuration: {}",
                    differences(change)
                ),
            },
        })
}

fn differences(change: &Change) -> String {
    let parts: Vec<String> = change
        .fields
        .iter()
        .map(|field| match words::changes_hidden(field) {
            true => format!("{} (changed, hidden)", field.path),
            false => format!(
                "{} {} -> {}",
                field.path,
                words::value_before(&field.before, field.sensitive),
                words::value(&field.after, field.sensitive)
            ),
        })
        .collect();
    parts.join(", ")
}

/// How a change is brought about, and what has to be said of it.
pub(super) fn course(
    json: &ResourceChange,
    manner: Manner,
    drifted: &Drifted,
    planned: &PlannedResource,
) -> Course {
    let mut course = Course {
        manner,
        asked_for: matches!(
            json.action_reason,
            Some(ActionReason::ReplaceByRequest | ActionReason::ReplaceByTriggers)
        ),
        is_left_over: json.deposed.is_some(),
        ..Course::default()
    };
    if let Some(key) = &json.deposed {
        course.notes.push(format!(
            "left over of an earlier replacement (deposed {key}); the live object of this address is another one"
        ));
    }
    if let Some(importing) = &json.change.importing {
        let by = match (&importing.id, &importing.identity) {
            (Some(id), _) => format!(" by the id {}", quoted(id)),
            (None, Some(identity)) => format!(" by the identity {}", identity_text(identity)),
            (None, None) => String::new(),
        };
        course.notes.push(format!("is imported{by}"));
        course.changes_state = true;
    }
    if let Some(previous) = json
        .previous_address
        .as_ref()
        .filter(|previous| **previous != json.address)
    {
        course.notes.push(format!("was called {previous}"));
        course.changes_state = true;
    }
    let key = (json.address.clone(), json.deposed.clone());
    if let Some(drift) = drifted.get(&key) {
        course.put_back = put_back(drift, planned);
        course
            .notes
            .extend(what_is_put_back(drift, planned, &course.put_back));
    }
    course
}

/// What this change only brings back to what it was before somebody else touched it.
fn put_back(drift: &Change, planned: &PlannedResource) -> Vec<AttributePath> {
    if (drift.action, planned.action) != (Action::Update, Action::Update) {
        return Vec::new();
    }
    drift
        .fields
        .iter()
        .filter(|field| planned.planned.at(&field.path) == Some(&field.before))
        .map(|field| field.path.clone())
        .collect()
}

fn what_is_put_back(
    drift: &Change,
    planned: &PlannedResource,
    paths: &[AttributePath],
) -> Option<String> {
    if (drift.action, planned.action) == (Action::Delete, Action::Create) {
        return Some("puts back what was deleted outside".to_owned());
    }
    let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
    (!paths.is_empty()).then(|| format!("puts back what was changed outside: {}", paths.join(", ")))
}

/// An identity's attributes as a configuration writes them.
fn identity_text(identity: &Json) -> String {
    let attributes = identity.as_object().into_iter().flatten();
    let attributes: Vec<String> = attributes
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name} = {}", quoted(text)),
            None => format!("{name} = {value}"),
        })
        .collect();
    attributes.join(", ")
}

/// Our own actions that the plan calls.
pub(super) fn invocations(invocations: Vec<Invocation>) -> impl Iterator<Item = Aside> {
    invocations.into_iter().filter_map(|invocation| {
        let kind = ActionKind::ALL
            .into_iter()
            .find(|kind| kind.type_name() == invocation.kind)?;
        let argument = |name: &str| argument(&invocation, name);
        let id = argument("access_token").unwrap_or_else(|| "(none)".to_owned());
        let what = match kind {
            ActionKind::RevokeAccessToken => format!("revokes the access token {id} at once"),
            ActionKind::RotateAccessToken => match argument("grace_period").as_deref() {
                None | Some("\"0s\"" | "\"0\"") => {
                    format!("rotates the access token {id}: the old secret ends at once")
                }
                Some("(known after apply)" | "(sensitive)") => {
                    format!("rotates the access token {id}: the old secret may end at once")
                }
                Some(grace) => {
                    format!("rotates the access token {id}: the old secret works for {grace} more")
                }
            },
        };
        let by = match &invocation.lifecycle_action_trigger {
            Some(trigger) => format!(
                "`action_trigger` of {}",
                trigger.triggering_resource_address
            ),
            None => "`-invoke`".to_owned(),
        };
        Some(Aside {
            event: Event::Invocation,
            text: format!("{what} (by {by})"),
            address: invocation.address,
        })
    })
}

/// An argument of an action in words; `None` where it is not given.
fn argument(invocation: &Invocation, name: &str) -> Option<String> {
    let marked = |marks: &Json| *marks == true || marks[name] == true;
    if marked(&invocation.config_unknown) {
        return Some("(known after apply)".to_owned());
    }
    let value = invocation.config_values[name].as_str()?;
    Some(if marked(&invocation.config_sensitive) {
        "(sensitive)".to_owned()
    } else {
        quoted(value)
    })
}
