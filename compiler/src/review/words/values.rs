//! Values and texts on one line, safe to show.

use crate::language::is_invisible;
use crate::value::Value;

/// A value on one line, safe to show.
pub(in crate::review) fn value(value: &Value, sensitive: bool) -> String {
    shown(value, sensitive, "(known after apply)")
}

/// Likewise, of what there is before: no apply tells more of that.
pub(in crate::review) fn value_before(value: &Value, sensitive: bool) -> String {
    shown(value, sensitive, "(not known)")
}

fn shown(value: &Value, sensitive: bool, unknown: &str) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => unknown.to_owned(),
        _ if sensitive => "(sensitive)".to_owned(),
        Value::Secret(_) => "(sensitive)".to_owned(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => format!("{value:?}"),
        Value::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| shown(item, false, unknown))
                .collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, item)| format!("{} = {}", key_text(key), shown(item, false, unknown)))
                .collect();
            if entries.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// Text that somebody else chose, on one line: what a terminal would obey, or what reorders a line unseen, is spelled out.
pub(in crate::review) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars()
        .for_each(|character| spell_out(character, &mut out));
    out
}

fn spell_out(character: char, out: &mut String) {
    match is_invisible(character) {
        true => out.extend(character.escape_default()),
        false => out.push(character),
    }
}

/// Text in quotes, on one line and without anything that moves a terminal's cursor.
pub(in crate::review) fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::with_capacity(text.len().min(LONGEST) + 2);
    out.push('"');
    for character in text.chars().take(LONGEST) {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        spell_out(character, &mut out);
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out.push('"');
    out
}

fn key_text(key: &str) -> String {
    let plain = !key.is_empty()
        && key
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if plain { key.to_owned() } else { quoted(key) }
}
