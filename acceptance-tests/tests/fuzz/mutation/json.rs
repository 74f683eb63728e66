//! JSON that stays JSON: one part of a document is taken out, doubled, or replaced by something else.

use serde_json::{Value as Json, json};

use crate::random::Random;

/// A spoiled version of a JSON document; `None` if it is none.
pub(super) fn spoil(
    input: &[u8],
    other: &[u8],
    words: &[&str],
    random: &mut Random,
) -> Option<Vec<u8>> {
    let mut document: Json = serde_json::from_slice(input).ok()?;
    let by = replacement(&document, other, words, random);
    let mut parts = count(&document);
    // What is deep inside is most of it; the outside deserves its turn as well.
    if random.below(4) == 0 {
        parts = parts.min(4);
    }
    let mut target = random.below(parts);
    change(&mut document, &mut target, &by, random);
    Some(document.to_string().into_bytes())
}

/// Something from the other document or this one, or an edge of what there is.
fn replacement(document: &Json, other: &[u8], words: &[&str], random: &mut Random) -> Json {
    let other = serde_json::from_slice(other).unwrap_or_default();
    let word = |random: &mut Random| match words {
        [] => String::new(),
        words => (*random.pick(words)).to_owned(),
    };
    match random.below(10) {
        0 => Json::Null,
        1 => true.into(),
        2 => json!({}),
        3 => json!([]),
        4 => word(random).into(),
        // Words are often pieces of JSON themselves.
        5 => serde_json::from_str(&format!("{{{}}}", word(random))).unwrap_or_default(),
        6 => {
            const EDGES: [&str; 6] = [
                "0",
                "-1",
                "1.5",
                "1e308",
                "18446744073709551615",
                "-9223372036854775808",
            ];
            let edge = *random.pick(&EDGES);
            serde_json::from_str(edge).unwrap_or_default()
        }
        7 => {
            const EDGES: [&str; 6] = [
                "",
                "\u{1b}[31m",
                "é\u{301}\u{202e}",
                "9999-12-31T23:59:59Z",
                "${",
                "a\nb|`c`<d>",
            ];
            (*random.pick(&EDGES)).into()
        }
        8 => some_part(document, random),
        _ => some_part(&other, random),
    }
}

fn some_part(document: &Json, random: &mut Random) -> Json {
    let mut target = random.below(count(document));
    find(document, &mut target).cloned().unwrap_or_default()
}

fn count(document: &Json) -> usize {
    1 + match document {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

/// The part with this number, counted from the outside.
fn find<'a>(document: &'a Json, target: &mut usize) -> Option<&'a Json> {
    if *target == 0 {
        return Some(document);
    }
    *target -= 1;
    match document {
        Json::Array(items) => items.iter().find_map(|item| find(item, target)),
        Json::Object(entries) => entries.values().find_map(|item| find(item, target)),
        _ => None,
    }
}

/// Changes the part with this number; true once that is done.
fn change(document: &mut Json, target: &mut usize, by: &Json, random: &mut Random) -> bool {
    if *target == 0 {
        once(document, by, random);
        return true;
    }
    *target -= 1;
    match document {
        Json::Array(items) => items
            .iter_mut()
            .any(|item| change(item, target, by, random)),
        Json::Object(entries) => entries
            .values_mut()
            .any(|item| change(item, target, by, random)),
        _ => false,
    }
}

fn once(part: &mut Json, by: &Json, random: &mut Random) {
    match (part, random.below(3)) {
        (Json::Array(items), 0) if !items.is_empty() => {
            drop(items.remove(random.below(items.len())));
        }
        (Json::Array(items), 1) => items.push(by.clone()),
        (Json::Object(entries), choice @ (0 | 1)) if !entries.is_empty() => {
            let name = entries
                .keys()
                .nth(random.below(entries.len()))
                .cloned()
                .unwrap_or_default();
            let Some(value) = entries.shift_remove(&name) else {
                return;
            };
            if choice == 1 {
                let name = by
                    .as_str()
                    .map_or_else(|| format!("{name}_"), str::to_owned);
                entries.insert(name, value);
            }
        }
        (part, _) => *part = by.clone(),
    }
}
