//! Maps, objects, and questions about any collection.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::strings::length_of;
use super::{Failure, Outcome, items, text};
use crate::language::term::{Content, Marks, Shape, Term, convert, unify};

pub(super) fn length(arguments: &[Term]) -> Outcome {
    let value = &arguments[0];
    let count = match &value.content {
        Content::List(items) | Content::Tuple(items) => items.items.len(),
        Content::Set(items) if items.items.len() < 2 || value.is_wholly_known() => {
            items.items.len()
        }
        Content::Map(entries) | Content::Object(entries) => entries.entries.len(),
        Content::String(text) => length_of(text),
        Content::Set(_) => {
            return Ok(Term::unknown_not_null(Shape::Number).marked(&value.marks));
        }
        Content::Unknown(unknown) => {
            let term = match &unknown.shape {
                Shape::Tuple(items) => Term::count(items.len()),
                Shape::Object(fields) => Term::count(fields.len()),
                Shape::Bool | Shape::Number => return Err(not_countable()),
                _ => Term::unknown_not_null(Shape::Number),
            };
            return Ok(term.marked(&value.marks));
        }
        _ => return Err(not_countable()),
    };
    Ok(Term::count(count).marked(&value.marks))
}

fn not_countable() -> Failure {
    Failure::argument(
        0,
        "argument must be a string, a collection type, or a structural type",
    )
}

pub(super) fn keys(arguments: &[Term]) -> Outcome {
    let map = &arguments[0];
    let term = match &map.content {
        Content::Map(map) => Term::list(
            Shape::String,
            map.entries.keys().cloned().map(Term::string).collect(),
        ),
        Content::Object(object) => {
            Term::tuple(object.entries.keys().cloned().map(Term::string).collect())
        }
        Content::Unknown(unknown) => match &unknown.shape {
            Shape::Object(fields) => {
                Term::tuple(fields.keys().cloned().map(Term::string).collect())
            }
            Shape::Map(_) => Term::unknown_not_null(Shape::list(Shape::String)),
            Shape::Any => Term::dynamic(),
            _ => return Err(not_a_map()),
        },
        _ => return Err(not_a_map()),
    };
    Ok(term.marked(&map.marks))
}

fn not_a_map() -> Failure {
    Failure::argument(0, "must have map or object type")
}

pub(super) fn values(arguments: &[Term]) -> Outcome {
    let map = &arguments[0];
    let term = match &map.content {
        Content::Map(map) => {
            Term::list(map.element.clone(), map.entries.values().cloned().collect())
        }
        Content::Object(object) => Term::tuple(object.entries.values().cloned().collect()),
        Content::Unknown(unknown) => match &unknown.shape {
            Shape::Object(fields) => Term::unknown_not_null(Shape::Tuple(
                fields.values().map(|field| field.shape.clone()).collect(),
            )),
            Shape::Map(element) => Term::unknown_not_null(Shape::list(Shape::clone(element))),
            Shape::Any => Term::dynamic(),
            _ => {
                return Err(Failure::argument(
                    0,
                    "values() requires a map as the first argument",
                ));
            }
        },
        _ => {
            return Err(Failure::argument(
                0,
                "values() requires a map as the first argument",
            ));
        }
    };
    Ok(term.marked(&map.marks))
}

pub(super) fn lookup(arguments: &[Term]) -> Outcome {
    let (map, key) = (&arguments[0], text(arguments, 1));
    if arguments.len() > 3 {
        return Err(Failure::call("lookup() takes two or three arguments"));
    }
    let default = arguments.get(2);
    let mut marks = map.marks.union(&arguments[1].marks);
    let found = match &map.content {
        Content::Map(entries) if arguments[1].is_unknown() => {
            default.map_or(Ok(()), |default| fits(default, &entries.element))?;
            return Ok(Term::unknown(entries.element.clone()).marked(&marks));
        }
        Content::Object(_) if arguments[1].is_unknown() => {
            return Ok(Term::dynamic().marked(&marks.union(&map.deep_marks())));
        }
        Content::Map(map) | Content::Object(map) => map.entries.get(key).cloned(),
        Content::Unknown(unknown) => {
            let shape = match &unknown.shape {
                Shape::Map(element) => Shape::clone(element),
                Shape::Object(fields) => fields
                    .get(key)
                    .map(|field| field.shape.clone())
                    .unwrap_or_default(),
                Shape::Any => Shape::Any,
                _ => return Err(no_map_to_look_in()),
            };
            return Ok(Term::unknown(shape).marked(&marks));
        }
        _ => return Err(no_map_to_look_in()),
    };
    let is_map = matches!(map.content, Content::Map(_));
    let element = map.shape().element().cloned().unwrap_or_default();
    let term = match (found, default) {
        (Some(value), _) => value,
        (None, Some(default)) => {
            marks = marks.union(&default.marks);
            if is_map {
                convert(default, &element).map_err(|_| unfit_default())?
            } else {
                default.clone()
            }
        }
        (None, None) if arguments[1].marks.is_sensitive() => {
            return Err(Failure::call("lookup failed to find the key"));
        }
        (None, None) => {
            return Err(Failure::call(format!("lookup failed to find key {key:?}")));
        }
    };
    Ok(term.marked(&marks))
}

fn fits(default: &Term, element: &Shape) -> Result<(), Failure> {
    convert(default, element)
        .map(drop)
        .map_err(|_| unfit_default())
}

fn unfit_default() -> Failure {
    Failure::argument(
        2,
        "the default value must have the same type as the map elements",
    )
}

fn no_map_to_look_in() -> Failure {
    Failure::argument(0, "lookup() requires a map as the first argument")
}

pub(super) fn merge(arguments: &[Term]) -> Outcome {
    let mut marks = Marks::default();
    let mut merged: BTreeMap<Arc<str>, Term> = BTreeMap::new();
    let mut unknown = false;
    let mut all_maps = true;
    let mut typeless = false;
    let mut shapes = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        marks = marks.union(&argument.marks);
        match &argument.content {
            Content::Map(map) => {
                shapes.push(argument.shape());
                merged.extend(
                    map.entries
                        .iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            Content::Object(object) => {
                all_maps = false;
                merged.extend(
                    object
                        .entries
                        .iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            Content::Null(shape) => match shape {
                Shape::Map(_) => shapes.push(shape.clone()),
                Shape::Object(_) | Shape::Any => {}
                _ => return Err(no_map(index)),
            },
            Content::Unknown(unknown_argument) => match &unknown_argument.shape {
                shape @ Shape::Map(_) => {
                    shapes.push(shape.clone());
                    unknown = true;
                }
                Shape::Object(fields) => {
                    all_maps = false;
                    for (name, field) in fields.iter() {
                        merged.insert(name.clone(), Term::unknown(field.shape.clone()));
                    }
                }
                Shape::Any => {
                    all_maps = false;
                    unknown = true;
                }
                _ => return Err(no_map(index)),
            },
            // Behind something without a type, nothing but a look at the values tells, and a set of texts passes for a map.
            Content::Set(set) if typeless => {
                all_maps = false;
                for item in &set.items {
                    let Content::String(text) = &item.content else {
                        return Err(no_map(index));
                    };
                    merged.insert(text.clone(), item.clone());
                }
            }
            _ => return Err(no_map(index)),
        }
        typeless |= argument.shape() == Shape::Any;
    }
    let unified = (all_maps && !shapes.is_empty())
        .then(|| unify(&shapes))
        .flatten();
    let same = shapes.windows(2).all(|pair| pair[0] == pair[1]);
    let term = match unified {
        _ if unknown && all_maps && same => {
            Term::unknown_not_null(shapes.first().cloned().unwrap_or_default())
        }
        _ if unknown => Term::dynamic(),
        Some(Shape::Map(element)) if same => Term::map(Shape::clone(&element), merged.into()),
        _ => Term::object(merged.into()),
    };
    Ok(term.marked(&marks))
}

fn no_map(index: usize) -> Failure {
    Failure::argument(index, "arguments must be maps or objects")
}

pub(super) fn zipmap(arguments: &[Term]) -> Outcome {
    let names = items(arguments, 0);
    let values = &arguments[1];
    let marks = arguments[0].marks.union(&values.marks);
    let list = match &values.content {
        Content::List(items) | Content::Tuple(items) => &items.items,
        Content::Unknown(unknown)
            if matches!(unknown.shape, Shape::Any | Shape::List(_) | Shape::Tuple(_)) =>
        {
            let shape = match &unknown.shape {
                Shape::List(element) => Shape::map(Shape::clone(element)),
                _ => Shape::Any,
            };
            return Ok(Term::unknown(shape).marked(&marks));
        }
        _ => {
            return Err(Failure::argument(
                1,
                "values argument must be a list or tuple value",
            ));
        }
    };
    if !arguments[0].is_wholly_known() {
        let shape = match values.shape() {
            Shape::List(element) => Shape::map(Shape::clone(&element)),
            _ => Shape::Any,
        };
        return Ok(Term::unknown(shape).marked(&marks.union(&arguments[0].deep_marks())));
    }
    if names.len() != list.len() {
        return Err(Failure::call(format!(
            "number of keys ({}) does not match number of values ({})",
            names.len(),
            list.len()
        )));
    }
    let mut entries = Vec::with_capacity(list.len());
    let mut key_marks = marks;
    for (index, (name, value)) in names.iter().zip(list).enumerate() {
        key_marks = key_marks.union(&name.marks);
        match &name.content {
            Content::String(name) => {
                entries.push((name.clone(), value.clone()));
            }
            _ => {
                return Err(Failure::argument(
                    0,
                    format!("element {index} is null; a string is required"),
                ));
            }
        }
    }
    let entries = entries.into_iter().collect();
    let term = match values.shape() {
        Shape::List(element) => Term::map(Shape::clone(&element), entries),
        _ => Term::object(entries),
    };
    Ok(term.marked(&key_marks))
}

pub(super) fn transpose(arguments: &[Term]) -> Outcome {
    let mut transposed: BTreeMap<Arc<str>, Vec<Term>> = BTreeMap::new();
    for (name, values) in arguments[0].as_entries().into_iter().flatten() {
        let Some(values) = values.as_items() else {
            return Err(Failure::argument(0, "the map must not contain null values"));
        };
        for value in values {
            let Content::String(value) = &value.content else {
                return Err(Failure::argument(
                    0,
                    "the lists must not contain null values",
                ));
            };
            transposed
                .entry(value.clone())
                .or_default()
                .push(Term::string(name.clone()));
        }
    }
    let entries = transposed
        .into_iter()
        .map(|(name, names)| (name, Term::list(Shape::String, names)))
        .collect();
    Ok(Term::map(Shape::list(Shape::String), entries))
}

pub(super) fn contains(arguments: &[Term]) -> Outcome {
    if arguments.iter().any(Term::is_unknown) {
        return Ok(Term::unknown_not_null(Shape::Bool));
    }
    let Some(all) = arguments[0].as_items() else {
        return Err(Failure::argument(0, "argument must be list, tuple, or set"));
    };
    let mut unknown = false;
    for item in all {
        match crate::language::evaluate::same_value(item, &arguments[1]) {
            Some(true) => return Ok(Term::bool(true)),
            Some(false) => {}
            None => unknown = true,
        }
    }
    Ok(if unknown {
        Term::unknown_not_null(Shape::Bool)
    } else {
        Term::bool(false)
    })
}

pub(super) fn alltrue(arguments: &[Term]) -> Outcome {
    quantify(&arguments[0], false)
}

pub(super) fn anytrue(arguments: &[Term]) -> Outcome {
    quantify(&arguments[0], true)
}

/// Whether any item is `deciding`; null counts as false.
fn quantify(list: &Term, deciding: bool) -> Outcome {
    let Some(all) = list.as_items() else {
        return Ok(Term::unknown_not_null(Shape::Bool));
    };
    let mut unknown = false;
    for item in all {
        if item.is_unknown() {
            unknown = true;
            // What stands behind it may decide that one of them is true, but not that one of them is false.
            if deciding {
                continue;
            }
            break;
        }
        if item.as_bool().unwrap_or_default() == deciding {
            return Ok(Term::bool(deciding));
        }
    }
    Ok(if unknown {
        Term::unknown_not_null(Shape::Bool)
    } else {
        Term::bool(!deciding)
    })
}

pub(super) fn coalesce(arguments: &[Term]) -> Outcome {
    if arguments.is_empty() {
        return Err(Failure::call("at least one argument is required"));
    }
    let shapes: Vec<Shape> = arguments.iter().map(Term::shape).collect();
    let shape =
        unify(&shapes).ok_or_else(|| Failure::call("all arguments must have the same type"))?;
    for (index, argument) in arguments.iter().enumerate() {
        if argument.is_unknown() {
            let rest = arguments.get(index..).unwrap_or_default();
            if let [only] = rest
                && only.shape() == shape
            {
                return Ok(only.clone());
            }
            // Each of the rest may be it.
            let rest = rest.iter();
            let open = Term::unknown(shape);
            return Ok(rest.fold(open, |open, one| open.marked(&one.marks)));
        }
        if argument.is_null() || (shape == Shape::String && argument.as_str() == Some("")) {
            continue;
        }
        return convert(argument, &shape).map_err(|mismatch| Failure::call(mismatch.to_string()));
    }
    Err(Failure::call("no non-null, non-empty-string arguments"))
}

pub(super) fn coalescelist(arguments: &[Term]) -> Outcome {
    if arguments.is_empty() {
        return Err(Failure::call("at least one argument is required"));
    }
    // Behind something unknown, nobody looks.
    let known = arguments
        .iter()
        .take_while(|argument| !argument.is_unknown());
    for (index, argument) in known.clone().enumerate() {
        if !matches!(argument.shape(), Shape::List(_) | Shape::Tuple(_)) {
            return Err(Failure::argument(
                index,
                "arguments must be lists or tuples",
            ));
        }
    }
    let is_open = known.clone().count() < arguments.len();
    for argument in known {
        if argument.as_items().is_some_and(|items| !items.is_empty()) {
            return Ok(argument.clone());
        }
    }
    match is_open {
        true => Ok(Term::dynamic()),
        false => Err(Failure::call("no non-null arguments")),
    }
}
