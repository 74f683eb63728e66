//! What single attributes must look like, whatever the server.

use super::{Place, Stated, Subject};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::lifetime::{GracePeriod, Lifetime};
use crate::model::schema::{Format, Presence, Type};
use crate::model::state::{Form as _, Rough};
use crate::suggest::closest;
use crate::value::{AttributePath, Step, Value};

/// Terraform's core leaves this to the provider.
pub(super) fn computed_ones_are_not_configured(stated: &[Stated<'_>], found: &mut Vec<Diagnostic>) {
    for (place, attribute, value) in stated {
        if attribute.presence == Presence::Computed && !value.is_null() {
            found.push(
                Diagnostic::error(
                    Code::ComputedAttribute,
                    "A computed attribute cannot be configured",
                )
                .detail(format!("`{place}` is set by the server or by Lanyard."))
                .at(place.path())
                .hint(format!("Leave out `{place}`.")),
            );
        }
    }
}

pub(super) fn required_ones_are_set(stated: &[Stated<'_>], found: &mut Vec<Diagnostic>) {
    for (place, attribute, value) in stated {
        if attribute.presence == Presence::Required && value.is_null() {
            found.push(
                Diagnostic::error(Code::MissingAttribute, "A required attribute is missing")
                    .detail(format!("`{place}` must be set."))
                    .at(place.path()),
            );
        }
    }
}

/// Terraform lets a null stand in a list, a set or a map; no server has one there.
pub(super) fn elements_are_not_null(stated: &[Stated<'_>], found: &mut Vec<Diagnostic>) {
    for (place, attribute, value) in stated {
        if matches!(value, Value::List(_) | Value::Map(_)) {
            nulls(&attribute.kind, value, place.path(), found);
        }
    }
}

fn nulls(kind: &Type, value: &Value, path: AttributePath, found: &mut Vec<Diagnostic>) {
    match (kind, value) {
        (Type::List(inner), Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                nulls(inner, item, path.index(index), found);
            }
        }
        (Type::Set(inner), Value::List(items)) => {
            // A set has no positions to point at.
            for item in items {
                nulls(inner, item, path.clone(), found);
            }
        }
        (Type::Map(inner), Value::Map(entries)) => {
            for (key, item) in entries {
                nulls(inner, item, path.key(&**key), found);
            }
        }
        (_, Value::Null) => {
            let what = match path.steps().last() {
                Some(Step::Attribute(_)) => "has a null in it",
                _ => "is null",
            };
            found.push(
                Diagnostic::error(Code::NullElement, "An element is null")
                    .detail(format!("`{path}` {what}."))
                    .at(path)
                    .hint("Give it a value, or leave it out."),
            );
        }
        _ => {}
    }
}

pub(super) fn texts_have_their_form(stated: &[Stated<'_>], found: &mut Vec<Diagnostic>) {
    for (place, attribute, value) in stated {
        let Some(text) = value.as_str() else { continue };
        if !attribute.choices.is_empty() && !attribute.choices.iter().any(|choice| choice == text) {
            found.push(not_a_choice(place, text, &attribute.choices));
        }
        let problem = match attribute.format {
            Format::Timestamp if text.parse::<jiff::Timestamp>().is_err() => {
                found.push(
                    Diagnostic::error(Code::InvalidTimestamp, "A time cannot be read")
                        .detail_of(|quote| {
                            format!("`{place}` is {}, which is not a time.", quote(text))
                        })
                        .at(place.path())
                        .hint("Write it as in RFC 3339, for example \"2027-01-31T00:00:00Z\"."),
                );
                None
            }
            Format::Lifetime if attribute.name == "grace_period" => GracePeriod::parse(text).err(),
            Format::Lifetime => Lifetime::parse(text).err(),
            Format::Timestamp | Format::Plain => None,
        };
        if let Some(problem) = problem {
            found.push(
                Diagnostic::error(Code::InvalidDuration, "A duration cannot be read")
                    .detail_of(|quote| format!("`{place}` is {}, which {problem}.", quote(text)))
                    .at(place.path()),
            );
        }
        if attribute.name == "email" && !looks_like_email(text) {
            found.push(
                Diagnostic::error(Code::InvalidEmail, "An e-mail address has the wrong form")
                    .detail_of(|quote| format!("`{place}` is {}.", quote(text)))
                    .at(place.path())
                    .hint("Write it as name@example.com."),
            );
        }
    }
}

pub(super) fn names_are_not_empty(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut complain = |path: AttributePath| {
        found.push(
            Diagnostic::error(Code::EmptyName, "A name is empty")
                .detail(format!("`{path}` must not be empty."))
                .at(path.clone())
                .hint("Give it a value, or leave it out."),
        );
    };
    let is_blank = |text: &String| text.trim().is_empty();
    let said = &subject.said;
    for (name, text) in [
        ("name", &said.name),
        ("slug", &said.slug),
        ("service_account", &said.service_account),
    ] {
        if text.value().is_some_and(is_blank) {
            complain(AttributePath::attribute(name));
        }
    }
    for (name, members) in [("roles", &said.roles), ("scopes", &said.scopes)] {
        // A set has no positions to point at.
        let mut members = members.value().into_iter().flatten();
        if members.any(|member| Rough::known(member).is_some_and(is_blank)) {
            complain(AttributePath::attribute(name));
        }
    }
}

fn not_a_choice(place: &Place<'_>, text: &str, choices: &[String]) -> Diagnostic {
    let listed: Vec<_> = choices
        .iter()
        .map(|choice| format!("\"{choice}\""))
        .collect();
    let words: Vec<&str> = choices.iter().map(String::as_str).collect();
    let hint = match closest(text, words.iter().copied()) {
        Some(meant) => format!(
            "Did you mean \"{meant}\"? Possible are {}.",
            listed.join(", ")
        ),
        None => format!("Use one of {}.", listed.join(", ")),
    };
    Diagnostic::error(Code::InvalidChoice, "A value is none of those allowed")
        .detail_among(&words, |quote| format!("`{place}` is {}.", quote(text)))
        .at(place.path())
        .hint(hint)
}

fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}
