//! One step into a value: `.name` and `[key]`.

use crate::diagnostic::{Code, Diagnostic};
use crate::language::term::{Content, Marks, Shape, Term, as_usize, convert};
use crate::suggest::closest;

type Step = Result<Term, Box<Diagnostic>>;

fn wrong(code: Code, summary: &str, detail: impl Into<String>) -> Step {
    Err(Box::new(Diagnostic::error(code, summary).detail(detail)))
}

/// `term.name`.
pub(crate) fn attribute_of(term: &Term, name: &str) -> Step {
    let unsupported =
        |detail: String| wrong(Code::UnsupportedAttribute, "Unsupported attribute", detail);
    let result = match &term.content {
        Content::Null(_) => {
            return wrong(
                Code::NullValue,
                "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.",
            );
        }
        Content::Object(object) => match object.entries.get(name) {
            Some(value) => value.clone(),
            None => {
                let names = object.entries.keys().map(AsRef::as_ref);
                return Err(missing_attribute(name, names));
            }
        },
        Content::Map(map) => match map.entries.get(name) {
            Some(value) => value.clone(),
            None => {
                let mut error = Diagnostic::error(Code::MissingElement, "Missing map element")
                    .detail(format!(
                        "This map does not have an element with the key {name:?}."
                    ));
                if let Some(meant) = closest(name, map.entries.keys().map(AsRef::as_ref)) {
                    error = error.hint(format!("did you mean {meant:?}?"));
                }
                return Err(Box::new(error));
            }
        },
        Content::Unknown(unknown) => match &unknown.shape {
            Shape::Any => Term::dynamic(),
            Shape::Map(element) => Term::unknown(Shape::clone(element)),
            Shape::Object(fields) => match fields.get(name) {
                Some(field) => Term::unknown(field.shape.clone()),
                None => return Err(missing_attribute(name, fields.keys().map(AsRef::as_ref))),
            },
            shape => return unsupported(no_attributes(shape)),
        },
        _ => return unsupported(no_attributes(&term.shape())),
    };
    Ok(result.marked(&term.marks))
}

fn missing_attribute<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Box<Diagnostic> {
    let mut error = Diagnostic::error(Code::UnsupportedAttribute, "Unsupported attribute").detail(
        format!("This object does not have an attribute named {name:?}."),
    );
    if let Some(meant) = closest(name, names) {
        error = error.hint(format!("did you mean {meant:?}?"));
    }
    Box::new(error)
}

fn no_attributes(shape: &Shape) -> String {
    match shape {
        Shape::List(element) | Shape::Set(element) if matches!(**element, Shape::Object(_)) => {
            let kind = if matches!(shape, Shape::List(_)) {
                "list"
            } else {
                "set"
            };
            format!(
                "A {kind} of objects has no attributes of its own; pick an element, or use [*] or a `for` expression to reach all of them."
            )
        }
        shape if shape.is_primitive() => {
            format!("A {} has no attributes.", shape.friendly())
        }
        _ => "This value does not have any attributes.".to_owned(),
    }
}

/// `term[key]`.
pub(crate) fn element_of(term: &Term, key: &Term) -> Step {
    let invalid = |detail: &str| wrong(Code::InvalidIndex, "Invalid index", detail);
    if term.is_null() {
        return wrong(
            Code::NullValue,
            "Attempt to index null value",
            "This value is null, so it does not have any indices.",
        );
    }
    if key.is_null() {
        return invalid("A null value cannot be used as an index.");
    }
    let marks = term.marks.union(&key.marks);
    let shape = match &term.content {
        Content::Unknown(unknown) => unknown.shape.clone(),
        Content::List(list) => Shape::list(list.element.clone()),
        Content::Map(map) => Shape::map(map.element.clone()),
        Content::Tuple(_) => Shape::Tuple([].into()),
        Content::Object(_) => Shape::Object(std::sync::Arc::default()),
        Content::Set(_) => Shape::set(Shape::Any),
        _ => return invalid("This value does not have any indices."),
    };
    if shape == Shape::Any || key.is_dynamic() {
        // It may be any element.
        let inside = term.deep_marks().origins_only();
        return Ok(Term::dynamic().marked(&marks.union(&inside)));
    }
    let wanted = match shape {
        Shape::List(_) | Shape::Tuple(_) => Shape::Number,
        Shape::Map(_) | Shape::Object(_) => Shape::String,
        Shape::Set(_) => {
            return invalid(
                "The elements of a set have no index. Use a `for` expression over all of them, or tolist() if their order does not matter.",
            );
        }
        _ => return invalid("This value does not have any indices."),
    };
    let key = match convert(key, &wanted) {
        Ok(key) => key,
        Err(mismatch) => {
            return invalid(&format!(
                "The given key does not identify an element in this collection value: {mismatch}."
            ));
        }
    };
    if key.is_unknown() || term.is_unknown() {
        return unknown_element(term, &key, marks);
    }
    match &term.content {
        Content::List(items) | Content::Tuple(items) => {
            let Some(number) = key.as_number() else {
                return Ok(Term::dynamic().marked(&marks));
            };
            if !number.is_integer() {
                return invalid(
                    "Indexing a sequence requires a whole number, but this one has a fraction.",
                );
            }
            let Some(index) = as_usize(number) else {
                return invalid("A negative number is not a valid index for a sequence.");
            };
            match items.items.get(index) {
                Some(item) => Ok(item.clone().marked(&marks)),
                None if items.items.is_empty() => invalid("The collection has no elements."),
                None => invalid(&format!(
                    "There is no element {index}: the collection has {}.",
                    items.items.len()
                )),
            }
        }
        Content::Map(entries) | Content::Object(entries) => {
            let name = key.as_str().unwrap_or_default();
            // Which attribute of an object it is does not cling to its value, as that of a map does.
            let marks = match &term.content {
                Content::Object(_) => term.marks.clone(),
                _ => marks,
            };
            match entries.entries.get(name) {
                Some(value) => Ok(value.clone().marked(&marks)),
                None => {
                    let detail = if key.marks.is_sensitive() {
                        "The given key does not identify an element in this collection value."
                            .to_owned()
                    } else {
                        format!(
                            "There is no element with the key {name:?} in this collection value."
                        )
                    };
                    let mut error =
                        Diagnostic::error(Code::InvalidIndex, "Invalid index").detail(detail);
                    if let Some(meant) = closest(name, entries.entries.keys().map(AsRef::as_ref))
                        && !key.marks.is_sensitive()
                    {
                        error = error.hint(format!("did you mean {meant:?}?"));
                    }
                    Err(Box::new(error))
                }
            }
        }
        _ => invalid("This value does not have any indices."),
    }
}

/// The element of something that is not known, or at a key that is not.
fn unknown_element(term: &Term, key: &Term, marks: Marks) -> Step {
    let shape = match (&term.shape(), key.as_str()) {
        (Shape::List(element) | Shape::Map(element), _) => Shape::clone(element),
        (Shape::Object(fields), Some(name)) => match fields.get(name) {
            Some(field) => field.shape.clone(),
            None => return Err(missing_attribute(name, fields.keys().map(AsRef::as_ref))),
        },
        (Shape::Tuple(items), _) => key
            .as_number()
            .and_then(as_usize)
            .and_then(|index| items.get(index))
            .cloned()
            .unwrap_or_default(),
        _ => Shape::Any,
    };
    // Which element it is, is not known; so it may carry the marks of any of them.
    let marks = if key.is_unknown() {
        marks.union(&term.deep_marks())
    } else {
        marks
    };
    Ok(Term::unknown(shape).marked(&marks))
}
