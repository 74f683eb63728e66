//! Secrets that stand in the plan without the mark of what is sensitive: Terraform shows them to everybody, and nothing here does. The
//! very same value stands in the plan as the secret of one of our resources, which proves what it is.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;

use super::document::{ResourceChange, Verb};
use super::events::Drifted;
use super::values::{either, is_marked};
use crate::language::Receives;
use crate::plan::Change;
use crate::redaction::KnownSecrets;
use crate::review::circumstances::{Circumstances, InClear, Reviewed};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// The values of the configuration's own outputs.
#[derive(Deserialize)]
pub(super) struct OutputChange {
    #[serde(default)]
    actions: Vec<Verb>,
    #[serde(default)]
    before: Json,
    #[serde(default)]
    after: Json,
    #[serde(default)]
    after_unknown: Json,
    #[serde(default)]
    before_sensitive: Json,
    #[serde(default)]
    after_sensitive: Json,
}

/// Hides what happened outside before it is told.
pub(super) fn hide_in_drift(known: &KnownSecrets, drifted: &mut Drifted) {
    for change in drifted.values_mut() {
        change.hide_secrets(known);
    }
}

/// The secrets of all that is changed or unchanged, or was before somebody else changed it.
pub(super) fn known<'a>(
    changes: impl Iterator<Item = &'a Change>,
    others: Vec<Secret>,
) -> KnownSecrets {
    KnownSecrets::new(changes.flat_map(Change::secrets).cloned().chain(others))
}

/// Hides all that stands in clear, and notes where.
pub(super) fn hide(
    known: &KnownSecrets,
    reviewed: &mut Reviewed,
    outputs: Option<BTreeMap<String, OutputChange>>,
) {
    let Reviewed {
        plan,
        circumstances,
    } = reviewed;
    let Circumstances {
        banners,
        courses,
        asides,
        put_off,
        in_clear,
        // Hidden before it was compared.
        outside: _,
        uses,
        servers: _,
        providers: _,
        left_out: _,
        leaves_roles_out: _,
        others,
        protected: _,
        unreceived: _,
        now: _,
    } = circumstances;
    let put_off_changes = put_off.changes.iter_mut();
    let mut later_courses = Vec::new();
    let later = put_off_changes.map(|(change, course)| {
        later_courses.push(course);
        change
    });
    for change in plan.changes.iter_mut().chain(later) {
        let address = change.address.clone();
        let paths = change.hide_secrets(known).into_iter();
        in_clear.extend(paths.map(|path| InClear {
            address: address.clone(),
            path,
        }));
    }
    for course in courses.iter_mut().chain(later_courses) {
        course
            .notes
            .iter_mut()
            .for_each(|note| known.hide_in_text(note));
    }
    for aside in asides.iter_mut().chain(&mut put_off.calls) {
        known.hide_in_text(&mut aside.text);
    }
    for banner in banners {
        banner.hide_secrets(known);
    }
    for (name, output) in outputs.into_iter().flatten() {
        let OutputChange {
            actions,
            before,
            after,
            after_unknown,
            before_sensitive,
            after_sensitive,
        } = output;
        others.outputs += usize::from(actions.iter().any(|verb| *verb != Verb::NoOp));
        let hidden = either(&before_sensitive, &after_sensitive);
        // What showed a secret until now shows the new one where its next value is not known yet.
        let goes_on = is_marked(&after_unknown).then_some(&before);
        let seen = [&after].into_iter().chain(goes_on);
        let mut shown = Value::List(seen.map(|side| without(side, &hidden)).collect());
        let found = known.hide_in(&mut shown, &AttributePath::root());
        let address = format!("output.{name}");
        uses.receives(&address, "", received(&after, &after_unknown));
        if !found.is_empty() {
            in_clear.push(InClear {
                address,
                path: AttributePath::root(),
            });
        } else if holds_no_secret(&after) {
            uses.is_hashed(&address);
        }
    }
}

/// Hides what is sensitive of somebody else: it may be no secret, so that nobody is told where the same value stands.
pub(super) fn hide_quietly(known: &KnownSecrets, reviewed: &mut Reviewed) {
    let found = std::mem::take(&mut reviewed.circumstances.in_clear);
    hide(known, reviewed, None);
    reviewed.circumstances.in_clear = found;
}

/// True if there is a secret of ours that nobody could tell from a hash.
pub(super) fn look_like_hashes(changes: &[ResourceChange], others: &[Secret]) -> bool {
    let sides = changes.iter().filter_map(|change| change.sides.as_ref());
    let held = sides.flat_map(|(before, after)| [before, after]);
    let held = held.flat_map(|side| ["token", "previous_token"].map(|name| side.get(name)));
    let mut all = held.filter_map(Value::as_secret).chain(others);
    all.any(|secret| is_digest(secret.expose()))
}

/// What is kept of a value instead of it, and says the same of whether it holds a secret, and a null or what is encrypted in place of one.
pub(super) fn stand_in(json: &Json) -> Json {
    match json {
        Json::String(text) if is_digest(text) => "0".repeat(32).into(),
        json if holds_no_secret(json) => true.into(),
        Json::String(text) if Receives::of_text(text) == Receives::PerhapsNull => "null".into(),
        json if is_sealed(json) => ARMOR.into(),
        _ => "?".into(),
    }
}

/// How the secret for a recipient begins.
const ARMOR: &str = "-----BEGIN AGE ENCRYPTED FILE-----";

/// True for a text in which a recipient's secret stands.
pub(super) fn is_sealed(json: &Json) -> bool {
    json.as_str().is_some_and(|text| text.contains(ARMOR))
}

/// What stands in a value where a secret was taken.
pub(super) fn received(value: &Json, unknown: &Json) -> Receives {
    match value {
        Json::Null if !is_marked(unknown) => Receives::Null,
        value => inside(value, unknown),
    }
}

/// Likewise of part of a value. A whole token has the encrypted secret beside the null.
fn inside(value: &Json, unknown: &Json) -> Receives {
    const SEALED: &str = "encrypted_token";
    let all = |mut parts: Box<dyn Iterator<Item = Receives> + '_>| {
        let mut found = Receives::NoNull;
        while found != Receives::PerhapsNull
            && let Some(part) = parts.next()
        {
            if part != Receives::NoNull {
                found = part;
            }
        }
        found
    };
    match value {
        _ if *unknown == true => Receives::NotKnown,
        Json::Null if !is_marked(unknown) => Receives::PerhapsNull,
        Json::Null => Receives::NotKnown,
        Json::String(text) => Receives::of_text(text),
        Json::Bool(_) | Json::Number(_) => Receives::NoNull,
        Json::Array(items) => {
            let items = items.iter().enumerate();
            all(Box::new(
                items.map(|(index, item)| inside(item, &unknown[index])),
            ))
        }
        Json::Object(entries) if entries.contains_key(SEALED) || unknown[SEALED] == true => {
            Receives::NoNull
        }
        Json::Object(entries) => {
            let said = entries.iter();
            let said = said.map(|(name, item)| inside(item, &unknown[name]));
            // What is not known yet is left out.
            let left_out = unknown.as_object().into_iter().flatten();
            let left_out = left_out
                .filter(|(name, mark)| !entries.contains_key(name.as_str()) && is_marked(mark));
            all(Box::new(said.chain(left_out.map(|_| Receives::NotKnown))))
        }
    }
}

/// True for a value of which nobody gets a secret: a hash, the begin of one, or a short number. In a list, each letter may stand by itself.
pub(super) fn holds_no_secret(json: &Json) -> bool {
    match json {
        Json::Bool(_) => true,
        Json::Number(number) => number.to_string().len() <= TOO_SHORT,
        Json::String(text) => text.len() <= TOO_SHORT && is_hex(text) || is_digest(text),
        Json::Null | Json::Array(_) | Json::Object(_) => holds_digests_alone(json),
    }
}

/// No server issues a secret of so few letters.
const TOO_SHORT: usize = 8;

/// True for what is as long as a hash and written like one, in all its parts: a function of Terraform made it.
fn holds_digests_alone(json: &Json) -> bool {
    match json {
        Json::String(text) => is_digest(text),
        Json::Array(items) => !items.is_empty() && items.iter().all(holds_digests_alone),
        Json::Object(entries) => !entries.is_empty() && entries.values().all(holds_digests_alone),
        _ => false,
    }
}

fn is_digest(text: &str) -> bool {
    match text.len() {
        // `md5`, `sha1`, `sha256`, `sha512`.
        32 | 40 | 64 | 128 => is_hex(text),
        // `base64sha256`, `base64sha512`.
        44 | 88 => STANDARD
            .decode(text)
            .is_ok_and(|bytes| matches!(bytes.len(), 32 | 64)),
        60 => text.starts_with("$2a$"),
        // The version of a UUID that is a hash.
        36 => is_hex(&text.replace('-', "")) && text.get(14..15) == Some("5"),
        _ => false,
    }
}

fn is_hex(text: &str) -> bool {
    let is_hex = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    text.bytes().all(is_hex)
}

/// What of a value is not marked.
fn without(json: &Json, marks: &Json) -> Value {
    match (json, marks) {
        (_, Json::Bool(true)) => Value::Null,
        (Json::Array(items), marks) => {
            let each = items.iter().enumerate();
            Value::List(
                each.map(|(index, item)| without(item, &marks[index]))
                    .collect(),
            )
        }
        (Json::Object(entries), marks) => {
            let each = entries.iter();
            Value::map(each.map(|(name, item)| (name.clone(), without(item, &marks[name]))))
        }
        (plain, _) => Value::from(plain),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_in_for_a_value_says_the_same_of_it() {
        let digest = "d41d8cd98f00b204e9800998ecf8427e";
        for value in [
            json!(digest),
            json!("a1"),
            json!("lyd_hunter2"),
            json!("?"),
            json!(""),
            json!(true),
            json!(17),
            json!(123_456_789),
        ] {
            let stand_in = stand_in(&value);
            assert_eq!(
                holds_no_secret(&stand_in),
                holds_no_secret(&value),
                "{value}"
            );
            let (one, other) = (json!([digest, stand_in]), json!([digest, value]));
            assert_eq!(holds_no_secret(&one), holds_no_secret(&other), "{value}");
        }
    }

    #[test]
    fn a_digest_is_told_from_other_texts() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for (text, expected) in [
            (empty, true),
            ("d41d8cd98f00b204e9800998ecf8427e", true),
            ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", true),
            (
                "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
                true,
            ),
            ("5a0ab4ae-8d7d-5b3e-9f0e-1c8e8f0e2c2a", true),
            ("5a0ab4ae-8d7d-4b3e-9f0e-1c8e8f0e2c2a", false),
            (&empty[1..], false),
            (&empty.to_uppercase(), false),
            (&format!("{}-", &empty[1..]), false),
            ("lyd_hunter2hunter2hunter2hunter2hunter2hunte", false),
            ("", false),
        ] {
            assert_eq!(is_digest(text), expected, "{text}");
        }
    }
}
