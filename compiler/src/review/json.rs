//! A review for programs. The format is versioned: fields are added, never changed, within a version.

use serde_json::{Map, Value as Json, json};

use super::Page;
use super::assess::{Assessment, is_hidden};
use super::circumstances::{Event, Manner};
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::{Action, Counts, Field, Reason};
use crate::value::Value;

const VERSION: &str = "1.1";

pub(super) fn render(page: &Page<'_>) -> String {
    let Page {
        plan,
        circumstances,
        assessments,
    } = page;
    let Counts {
        create,
        update,
        rotate,
        replace,
        delete,
        unchanged,
    } = plan.counts();
    let (forget, state) = (
        circumstances.forgotten(),
        circumstances.only_in_the_state(plan),
    );
    let asides = |events: &[Event]| -> Vec<Json> {
        let asides = circumstances.asides.iter();
        asides
            .filter(|aside| events.contains(&aside.event))
            .map(|aside| json!({"address": aside.address, "text": aside.text, "changes": aside.event != Event::DriftOnly}))
            .collect()
    };
    let document = json!({
        "format_version": VERSION,
        "summary": {
            "create": create,
            "update": update,
            "rotate": rotate,
            "replace": replace,
            "delete": delete,
            "forget": forget,
            "invoke": circumstances.invocations().count(),
            "state": state,
            "unchanged": unchanged.saturating_sub(forget + state),
        },
        "banners": circumstances.banners.iter().map(diagnostic).collect::<Vec<_>>(),
        "invocations": asides(&[Event::Invocation]),
        "drift": asides(&[Event::Drift, Event::DriftOnly]),
        "changes": assessments.iter().map(change).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn change(assessment: &Assessment<'_>) -> Json {
    let change = assessment.change;
    json!({
        "address": change.address,
        "kind": change.kind.name(),
        "name": change.name(),
        "action": action(change.action, assessment.course.manner),
        "manner": manner(assessment.course.manner),
        "notes": assessment.course.notes,
        "rotates": change.rotates(),
        "danger": assessment.danger.code(),
        "reasons": change.reasons.iter().map(reason).collect::<Vec<_>>(),
        "gained": assessment.gained,
        "lost": assessment.lost,
        "lifetime": assessment.lifetime.as_ref().map(|(before, after)| json!({"before": before, "after": after})),
        "consumers": change.consumers,
        "depends_on": change.depends_on,
        "fields": change.fields.iter().map(field).collect::<Vec<_>>(),
        "diagnostics": change.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Json {
    let mut object = Map::new();
    object.insert("path".to_owned(), field.path.to_string().into());
    // Hidden on one side is hidden on both: what was in clear before may be the secret of now.
    let hidden = field.sensitive || is_hidden(&field.before) || is_hidden(&field.after);
    object.insert("before".to_owned(), plain(&field.before, hidden));
    object.insert("after".to_owned(), plain(&field.after, hidden));
    object.insert(
        "after_unknown".to_owned(),
        (!field.after.is_wholly_known()).into(),
    );
    object.insert("sensitive".to_owned(), hidden.into());
    object.insert(
        "forces_replacement".to_owned(),
        field.forces_replacement.into(),
    );
    Json::Object(object)
}

/// A value as JSON; null where it is unknown or must not be shown.
fn plain(value: &Value, sensitive: bool) -> Json {
    match value {
        Value::Null | Value::Unknown | Value::Secret(_) => Json::Null,
        _ if sensitive => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| number.to_string().into(), Json::from),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(|item| plain(item, false)).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, item)| (key.to_string(), plain(item, false)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn reason(reason: &Reason) -> Json {
    let kind = match reason {
        Reason::Rotation { .. } => "rotation",
        Reason::PossibleRotation { .. } => "possible_rotation",
        Reason::Replacement { .. } => "replacement",
        Reason::Cascade { .. } => "cascade",
        Reason::Revocation { .. } => "revocation",
    };
    json!({"kind": kind, "text": reason.to_string()})
}

fn diagnostic(diagnostic: &Diagnostic) -> Json {
    json!({
        "severity": match diagnostic.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "code": diagnostic.code.name(),
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "path": diagnostic.path.to_string(),
        "hints": diagnostic.hints,
    })
}

fn manner(manner: Manner) -> &'static str {
    match manner {
        Manner::Plain => "plain",
        Manner::Forgets => "forgets",
        Manner::ReplacesAndForgets => "replaces-and-forgets",
        Manner::CreatesFirst => "creates-first",
    }
}

fn action(action: Action, manner: Manner) -> &'static str {
    match action {
        Action::NoOp if manner == Manner::Forgets => "forget",
        Action::NoOp => "no-op",
        Action::Create => "create",
        Action::Update => "update",
        Action::Replace => "replace",
        Action::Delete => "delete",
    }
}
