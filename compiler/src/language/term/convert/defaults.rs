//! The defaults of a type's optional attributes.

use super::super::shape::Shape;
use super::super::{Content, Entries, Term};

/// Fills in the defaults that a type constraint gives to attributes that are missing or null.
pub(crate) fn apply_defaults(term: &Term, constraint: &Shape) -> Term {
    if !has_defaults(constraint) {
        return term.clone();
    }
    let filled = match (&term.content, constraint) {
        (Content::List(list), Shape::List(element) | Shape::Set(element)) => Term::tuple(
            list.items
                .iter()
                .map(|item| apply_defaults(item, element))
                .collect(),
        ),
        (Content::Set(set), Shape::List(element) | Shape::Set(element)) => Term::tuple(
            set.items
                .iter()
                .map(|item| apply_defaults(item, element))
                .collect(),
        ),
        (Content::Tuple(tuple), Shape::List(element) | Shape::Set(element)) => Term::tuple(
            tuple
                .items
                .iter()
                .map(|item| apply_defaults(item, element))
                .collect(),
        ),
        (Content::Tuple(tuple), Shape::Tuple(wanted)) => Term::tuple(
            tuple
                .items
                .iter()
                .enumerate()
                .map(|(index, item)| match wanted.get(index) {
                    Some(wanted) => apply_defaults(item, wanted),
                    None => item.clone(),
                })
                .collect(),
        ),
        (Content::Map(map), Shape::Map(element)) => each_entry(&map.entries, element),
        (Content::Object(object), Shape::Map(element)) => each_entry(&object.entries, element),
        (Content::Map(given) | Content::Object(given), Shape::Object(fields)) => {
            let mut entries = given.entries.clone();
            for (name, field) in fields.iter() {
                let present = entries.get(name).filter(|value| !value.is_null());
                let value = match (present, &field.default) {
                    (Some(value), _) => apply_defaults(value, &field.shape),
                    (None, Some(default)) => apply_defaults(default, &field.shape),
                    (None, None) => continue,
                };
                entries.insert(name.clone(), value);
            }
            Term::object(entries)
        }
        _ => return term.clone(),
    };
    filled.marked(&term.marks)
}

fn each_entry(entries: &Entries, element: &Shape) -> Term {
    Term::object(
        entries
            .iter()
            .map(|(name, value)| (name.clone(), apply_defaults(value, element)))
            .collect(),
    )
}

fn has_defaults(constraint: &Shape) -> bool {
    match constraint {
        Shape::Any | Shape::Bool | Shape::Number | Shape::String => false,
        Shape::List(element) | Shape::Set(element) | Shape::Map(element) => has_defaults(element),
        Shape::Tuple(items) => items.iter().any(has_defaults),
        Shape::Object(fields) => fields
            .values()
            .any(|field| field.default.is_some() || has_defaults(&field.shape)),
    }
}
