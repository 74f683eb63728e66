//! From one type to another, and marks put on and taken off.

use super::{Failure, Outcome};
use crate::language::term::{Content, Entries, Marks, Shape, Term, convert};

fn to(arguments: &[Term], shape: &Shape) -> Outcome {
    let given = &arguments[0];
    convert(given, shape).map_err(|mismatch| {
        let kind = shape.friendly();
        let kind = kind.trim_end_matches(" of dynamic");
        let message = match given.as_str() {
            _ if given.marks.is_sensitive() => format!("cannot convert this sensitive value to {kind}"),
            Some(text) if *shape == Shape::Bool => format!(
                "cannot convert {text:?} to bool; only the strings \"true\" or \"false\" are allowed"
            ),
            Some(text) if *shape == Shape::Number => format!(
                "cannot convert {text:?} to number; given string must be a decimal representation of a number"
            ),
            _ => format!("cannot convert {} to {kind}: {mismatch}", given.shape().friendly()),
        };
        Failure::argument(0, message)
    })
}

pub(super) fn tostring(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::String)
}

pub(super) fn tonumber(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::Number)
}

pub(super) fn tobool(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::Bool)
}

pub(super) fn tolist(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::list(Shape::Any))
}

pub(super) fn toset(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::set(Shape::Any))
}

pub(super) fn tomap(arguments: &[Term]) -> Outcome {
    to(arguments, &Shape::map(Shape::Any))
}

pub(super) fn sensitive(arguments: &[Term]) -> Outcome {
    Ok(arguments[0].clone().marked(&Marks::sensitive()))
}

pub(super) fn nonsensitive(arguments: &[Term]) -> Outcome {
    let (term, marks) = arguments[0].clone().unmarked();
    Ok(term.marked(&marks.without_sensitive()))
}

pub(super) fn issensitive(arguments: &[Term]) -> Outcome {
    let given = &arguments[0];
    if given.is_unknown() && !given.marks.is_sensitive() {
        return Ok(Term::unknown_not_null(Shape::Bool));
    }
    Ok(Term::bool(given.marks.is_sensitive()))
}

pub(super) fn ephemeralasnull(arguments: &[Term]) -> Outcome {
    Ok(as_null(&arguments[0]))
}

fn as_null(term: &Term) -> Term {
    if term.marks.is_ephemeral() {
        // Of what is not known, a null could have another type than the value turns out to have.
        let nothing = match term.is_unknown() {
            true => Term::unknown(term.shape()),
            false => Term::null(term.shape()),
        };
        return nothing.marked(&term.marks.without_ephemeral());
    }
    let each = |items: &[Term]| -> Vec<Term> { items.iter().map(as_null).collect() };
    let entries = |entries: &Entries| -> Entries {
        entries
            .iter()
            .map(|(name, value)| (name.clone(), as_null(value)))
            .collect()
    };
    let result = match &term.content {
        Content::List(list) => Term::list(list.element.clone(), each(&list.items)),
        Content::Tuple(tuple) => Term::tuple(each(&tuple.items)),
        Content::Map(map) => Term::map(map.element.clone(), entries(&map.entries)),
        Content::Object(object) => Term::object(entries(&object.entries)),
        _ => return term.clone(),
    };
    result.marked(&term.marks)
}
