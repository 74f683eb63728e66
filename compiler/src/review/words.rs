//! The words that every format shares: headlines, values, counts.

use super::assess::keeps_the_old_secret;
use crate::language::is_invisible;
use crate::model::Kind;
use crate::plan::{Action, Change, Counts, Field};
use crate::value::{AttributePath, Entries, Value};

/// What happens, after the address: `is created`.
pub(super) fn headline(change: &Change) -> String {
    let possible = change.planned.get("generation").is_unknown();
    match change.action {
        Action::Create => "is created".to_owned(),
        Action::Delete => match change.kind {
            Kind::AccessToken => "is revoked: its secret ends at once".to_owned(),
            Kind::ServiceAccount => {
                "is deleted: whatever signs in as it is locked out at once".to_owned()
            }
        },
        Action::Replace => "is replaced: deleted and created anew".to_owned(),
        Action::NoOp => "does not change".to_owned(),
        Action::Update if change.rotates() => {
            let what = if possible {
                "may rotate in place"
            } else {
                "rotates in place"
            };
            let old = match change.planned.get("rotation").get("grace_period").as_str() {
                Some("until_first_use") => {
                    "the old secret works until the first use of the new one".to_owned()
                }
                Some(grace) if keeps_the_old_secret(change) => {
                    format!("the old secret works for {grace} more")
                }
                _ => "the old secret ends at once".to_owned(),
            };
            format!("{what}: {old}")
        }
        Action::Update => "is updated in place".to_owned(),
    }
}

/// The sign of an action in text.
pub(super) fn sign(action: Action) -> &'static str {
    match action {
        Action::NoOp => " ",
        Action::Create => "+",
        Action::Update => "~",
        Action::Replace => "-/+",
        Action::Delete => "-",
    }
}

/// `1 to create, 2 to update (1 rotation), 1 to delete`.
pub(super) fn counts(counts: Counts) -> String {
    let Counts {
        create,
        update,
        rotate,
        replace,
        delete,
        unchanged,
    } = counts;
    let mut parts = Vec::new();
    for (count, what) in [
        (create, "create"),
        (update, "update"),
        (replace, "replace"),
        (delete, "delete"),
    ] {
        if count == 0 {
            continue;
        }
        let mut part = format!("{count} to {what}");
        if what == "update" && rotate > 0 {
            part.push_str(&format!(
                " ({rotate} {})",
                if rotate == 1 { "rotation" } else { "rotations" }
            ));
        }
        parts.push(part);
    }
    if parts.is_empty() {
        return format!("nothing to do, {unchanged} unchanged");
    }
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged"));
    }
    parts.join(", ")
}

/// A value on one line, safe to show.
pub(super) fn value(value: &Value, sensitive: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => "(known after apply)".to_owned(),
        _ if sensitive => "(sensitive)".to_owned(),
        Value::Secret(_) => "(sensitive)".to_owned(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => format!("{value:?}"),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| self::value(item, false)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, item)| format!("{} = {}", key_text(key), self::value(item, false)))
                .collect();
            if entries.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// Fields worth a line: what a reviewer could miss is never left out, what every creation has is.
pub(super) fn fields(change: &Change) -> impl Iterator<Item = &Field> {
    let settled = |value: &Value| {
        value.is_null()
            || value.as_bool() == Some(false)
            || value.as_list().is_some_and(<[Value]>::is_empty)
            || value.as_map().is_some_and(Entries::is_empty)
    };
    // What holds unless somebody says otherwise.
    let usual = |path: &AttributePath, value: &Value| match path.to_string().as_str() {
        "on_conflict" => value.as_str() == Some("error"),
        "generation" => *value == Value::from(1),
        _ => false,
    };
    let (action, decided) = (change.action, decided_by_apply(change));
    change.fields.iter().filter(move |field| {
        let Field {
            path,
            before,
            after,
            sensitive,
            ..
        } = field;
        match action {
            Action::Create => !settled(after) && !after.is_unknown() && !usual(path, after),
            Action::Delete => !settled(before) && !sensitive && !usual(path, before),
            _ => !decided.contains(path),
        }
    })
}

/// What nobody chose and only the apply can tell: named together, because nothing is to be reviewed about it.
pub(super) fn decided_by_apply(change: &Change) -> Vec<AttributePath> {
    if matches!(change.action, Action::Create | Action::Delete) {
        return Vec::new();
    }
    change
        .fields
        .iter()
        .filter(|field| field.after.is_unknown() && !field.forces_replacement)
        .filter(|field| change.config.at(&field.path).is_none_or(Value::is_null))
        .map(|field| field.path.clone())
        .collect()
}

/// Text that somebody else chose, on one line: what a terminal would obey, or what reorders a line unseen, is spelled out.
pub(super) fn plain(text: &str) -> String {
    text.chars().flat_map(spelled_out).collect()
}

fn spelled_out(character: char) -> Vec<char> {
    match is_invisible(character) {
        true => character.escape_default().collect(),
        false => vec![character],
    }
}

/// Text in quotes, on one line and without anything that moves a terminal's cursor.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    let shortened: String = text.chars().take(LONGEST).collect();
    let more = if text.chars().count() > LONGEST {
        "…"
    } else {
        ""
    };
    let escaped: String = shortened
        .chars()
        .flat_map(|character| match character {
            '"' | '\\' => vec!['\\', character],
            _ => spelled_out(character),
        })
        .collect();
    format!("\"{escaped}{more}\"")
}

fn key_text(key: &str) -> String {
    let plain = !key.is_empty()
        && key
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if plain { key.to_owned() } else { quoted(key) }
}
