//! What becomes of one object: created, taken in, changed, or gone.

use super::Resource;
use super::addresses::{Called, names_after, within};
use super::passage::Passage;
use super::prior::Prior;
use crate::comparison::hidden;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance, WhyUnread};
use crate::model::Kind;
use crate::plan::{Action, Change, Forced, PlannedResource, Reason, plan_forced, plan_resource};
use crate::review::circumstances::{Course, Manner};
use crate::review::words::quoted;
use crate::value::Value;

/// Why a configuration may declare an instance that it does not show, if it may.
pub(super) fn may_declare(configuration: &Configuration, instance: &Instance) -> Option<String> {
    let mut unread = configuration.unread.iter();
    unread.find_map(|unread| match &unread.why {
        WhyUnread::Module(outer) | WhyUnread::Instances(outer) => {
            within(outer, &instance.resource()).map(|_| unread.why.to_string())
        }
        _ => None,
    })
}

pub(super) fn created(resource: &Resource<'_>, base: &Configuration) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let planned = plan_resource(*kind, *server, &Value::Null, &instance.config);
    let change = described(instance, *kind, Value::Null, planned);
    let mut course = Course::default();
    if let Some(why) = may_declare(base, instance) {
        course
            .notes
            .push(format!("it may exist already: in the base, {why}"));
    }
    (change, course)
}

/// An import: what it changes only the server knows.
pub(super) fn taken_in(resource: &Resource<'_>, id: &str) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let planned = plan_resource(*kind, *server, &Value::Null, &instance.config);
    let unchanged = PlannedResource {
        action: Action::NoOp,
        ..planned
    };
    let prior = unchanged.planned.clone();
    let course = Course {
        notes: vec![format!(
            "is imported by the id {}; what that changes on it, only a plan can tell",
            quoted(id)
        )],
        changes_state: true,
        ..Course::default()
    };
    (described(instance, *kind, prior, unchanged), course)
}

pub(super) fn changed(
    before: &Resource<'_>,
    after: &Resource<'_>,
    called: &Called<'_>,
    passage: &Passage,
) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = after;
    let prior = Prior::of(before, after, called);
    let forced = match passage {
        Passage::Leaves(how) => Some(Forced::Replacement(format!(
            "its provider leads to another server: {how}"
        ))),
        Passage::Stays | Passage::MayLeave(_) => None,
    };
    let planned = match &forced {
        Some(forced) => plan_forced(*kind, *server, &prior.state, &prior.config, forced),
        None => plan_resource(*kind, *server, &prior.state, &prior.config),
    };
    let mut change = described(instance, *kind, prior.state.clone(), planned);
    change.forced = forced;
    change.hidden.extend(hidden(before.instance));
    prior.forget(&mut change);
    let mut course = Course::default();
    let (was, is) = (&before.instance.address, &instance.address);
    if was != is {
        course.notes.push(format!("was called {was}"));
        course.changes_state = true;
    }
    course.manner = manner(&change, instance);
    let (from, to) = (&before.provider.reference, &after.provider.reference);
    let way = match from == to {
        true => format!("of {to}"),
        false => format!("from {from} to {to}"),
    };
    match passage {
        Passage::Stays => {}
        Passage::Leaves(_) => {
            course.manner = Manner::ReplacesAndForgets;
            // There it is new, whatever else changes; here nothing ends.
            change.reasons.truncate(1);
            course.notes.push(format!(
                "the server changes ({way}): Terraform does not find it there and creates it, and the old one lives on at the first server"
            ));
        }
        Passage::MayLeave(what) => {
            course.server_in_doubt = true;
            course.notes.push(format!(
                "the server may change ({way}): {what} is not known; if it does, another one is created there, and the old one lives on at the first server, managed by nobody"
            ));
        }
    }
    (change, course)
}

pub(super) fn gone(resource: &Resource<'_>, head: &Configuration) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let prior = Prior::of(resource, resource, &Called::default());
    let mut planned = plan_resource(*kind, *server, &prior.state, &Value::Null);
    let why = "it is not in the configuration any more".to_owned();
    let forgets = is_forgotten(instance, head);
    let mut course = Course::default();
    if forgets {
        course.manner = Manner::Forgets;
        planned.reasons.clear();
        let why = "`removed`, or `destroy = false`, says so".to_owned();
        planned.reasons.push(Reason::Cascade { what: why });
    } else {
        planned.reasons.insert(0, Reason::Cascade { what: why });
    }
    if let Some(why) = may_declare(head, instance) {
        course.notes.push(format!("it may well stay: {why}"));
    }
    let mut change = described(instance, *kind, prior.state.clone(), planned);
    prior.forget(&mut change);
    if forgets {
        change.action = Action::NoOp;
    }
    (change, course)
}

/// True if what leaves stays on its server: a `removed` block says so, or, where none speaks of it, the `destroy = false` that an
/// OpenTofu's state remembers of the base.
pub(super) fn is_forgotten(instance: &Instance, head: &Configuration) -> bool {
    let lifecycle = &instance.lifecycle;
    let names: Vec<String> = [&instance.address, &instance.resource()]
        .into_iter()
        .flat_map(|address| names_after(head, address))
        .collect();
    let mut blocks = head.removed.iter().filter(|removed| {
        let mut names = names.iter();
        names.any(|name| within(&removed.from, name).is_some())
    });
    blocks
        .next_back()
        .map_or(lifecycle.forgets && lifecycle.state_remembers, |removed| {
            !removed.destroy
        })
}

/// How an object makes way for another one.
pub(super) fn manner(change: &Change, instance: &Instance) -> Manner {
    match change.action {
        Action::Replace if instance.lifecycle.forgets => Manner::ReplacesAndForgets,
        Action::Replace if instance.lifecycle.create_before_destroy => Manner::CreatesFirst,
        _ => Manner::Plain,
    }
}

/// As planned. What is wrong about a configuration `validate` says; that something stays is no mistake.
pub(super) fn described(
    instance: &Instance,
    kind: Kind,
    prior: Value,
    mut planned: PlannedResource,
) -> Change {
    let stays = |told: &Diagnostic| told.code == Code::DeletionLeavesSomething;
    planned.diagnostics.retain(stays);
    let config = instance.config.clone();
    let mut change = Change::new(instance.address.as_str(), kind, prior, config, planned);
    change.hidden = hidden(instance);
    change
}

/// What the head passes the secret on to, and the base does not; and the other way round.
pub(super) fn used_by_others(had: &[String], has: &[String]) -> Vec<String> {
    let less = |these: &[String], those: &[String]| {
        let only: Vec<String> = these
            .iter()
            .filter(|consumer| !those.contains(consumer))
            .cloned()
            .collect();
        only.join(", ")
    };
    let mut notes = Vec::new();
    for (word, only) in [
        ("its secret also goes to", less(has, had)),
        ("its secret goes no longer to", less(had, has)),
    ] {
        if !only.is_empty() {
            notes.push(format!("{word} {only}"));
        }
    }
    notes
}
