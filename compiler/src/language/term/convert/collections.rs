//! Lists, sets, tuples, maps and objects as other kinds of collections.

use super::super::shape::Shape;
use super::super::unify::unify;
use super::super::{Content, Entries, Term};
use super::{Mismatch, convert, mismatch, plain};

pub(super) fn sequence(term: &Term, to: &Shape) -> Result<Term, Mismatch> {
    let items = term.as_items().unwrap_or_default();
    match to {
        Shape::List(element) | Shape::Set(element) => {
            let same = match &term.content {
                Content::List(list) if matches!(to, Shape::List(_)) => list.element == **element,
                Content::Set(set) if matches!(to, Shape::Set(_)) => set.element == **element,
                _ => false,
            };
            if same && !element.has_any() {
                return Ok(term.clone());
            }
            let element = if **element == Shape::Any {
                common(items, term).ok_or_else(|| {
                    let kind = if matches!(to, Shape::List(_)) {
                        "list"
                    } else {
                        "set"
                    };
                    Mismatch::new(format!("all {kind} elements must have the same type"))
                })?
            } else {
                Shape::clone(element)
            };
            let items: Result<Vec<Term>, Mismatch> = items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    convert(item, &element).map_err(|error| error.inside(format_args!("[{index}]")))
                })
                .collect();
            let (element, items) = settle(element, items?)?;
            Ok(match to {
                Shape::List(_) => Term::list(element, items),
                _ => Term::set(element, items),
            })
        }
        Shape::Tuple(wanted) => {
            let given = match &term.content {
                Content::Tuple(tuple) if tuple.items.len() == wanted.len() => &tuple.items,
                Content::Tuple(tuple) => {
                    return Err(Mismatch::new(format!(
                        "a tuple of {} is required, but this one has {}",
                        wanted.len(),
                        tuple.items.len()
                    )));
                }
                _ => return Err(mismatch(term, to)),
            };
            let items: Result<Vec<Term>, Mismatch> = given
                .iter()
                .zip(wanted.iter())
                .enumerate()
                .map(|(index, (item, wanted))| {
                    convert(item, wanted).map_err(|error| error.inside(format_args!("[{index}]")))
                })
                .collect();
            Ok(Term::tuple(items?))
        }
        _ => Err(mismatch(term, to)),
    }
}

/// The type that items of no common declared type agree on.
fn common(items: &[Term], collection: &Term) -> Option<Shape> {
    match &collection.content {
        Content::List(list) | Content::Set(list) => Some(list.element.clone()),
        Content::Map(map) => Some(map.element.clone()),
        _ if items.is_empty() => Some(Shape::Any),
        _ => {
            let shapes: Vec<Shape> = items.iter().map(Term::shape).collect();
            unify(&shapes)
        }
    }
}

/// Where the wanted element type left something open, the elements still have to agree on it.
fn settle(element: Shape, items: Vec<Term>) -> Result<(Shape, Vec<Term>), Mismatch> {
    if !element.has_any() || items.is_empty() {
        return Ok((plain(&element), items));
    }
    let shapes: Vec<Shape> = items.iter().map(Term::shape).collect();
    let unified =
        unify(&shapes).ok_or_else(|| Mismatch::new("all elements must have the same type"))?;
    if unified == Shape::Any {
        return Ok((unified, items));
    }
    let items: Result<Vec<Term>, Mismatch> =
        items.iter().map(|item| convert(item, &unified)).collect();
    Ok((unified, items?))
}

pub(super) fn mapping(term: &Term, to: &Shape) -> Result<Term, Mismatch> {
    let Some(entries) = term.as_entries() else {
        return Err(mismatch(term, to));
    };
    match to {
        Shape::Map(element) => {
            if let Content::Map(map) = &term.content
                && map.element == **element
                && !element.has_any()
            {
                return Ok(term.clone());
            }
            let element = if **element == Shape::Any {
                let values: Vec<Term> = entries.values().cloned().collect();
                common(&values, term)
                    .ok_or_else(|| Mismatch::new("all map elements must have the same type"))?
            } else {
                Shape::clone(element)
            };
            let mut names = Vec::with_capacity(entries.len());
            let mut values = Vec::with_capacity(entries.len());
            for (name, value) in entries {
                names.push(name.clone());
                values.push(
                    convert(value, &element)
                        .map_err(|error| error.inside(format_args!("[{name:?}]")))?,
                );
            }
            let (element, values) = settle(element, values)?;
            Ok(Term::map(element, names.into_iter().zip(values).collect()))
        }
        Shape::Object(fields) => {
            let mut missing = Vec::new();
            let mut converted = Entries::new();
            for (name, field) in fields.iter() {
                match entries.get(name) {
                    Some(value) => {
                        let value = convert(value, &field.shape)
                            .map_err(|error| error.inside(format_args!(".{name}")))?;
                        converted.insert(name.clone(), value);
                    }
                    None if field.optional => {
                        converted.insert(name.clone(), Term::null(plain(&field.shape)));
                    }
                    None => missing.push(format!("{name:?}")),
                }
            }
            match missing.as_slice() {
                [] => Ok(Term::object(converted)),
                [one] if matches!(term.content, Content::Map(_)) => Err(Mismatch::new(format!(
                    "map has no element for required attribute {one}"
                ))),
                [one] => Err(Mismatch::new(format!("attribute {one} is required"))),
                many => Err(Mismatch::new(format!(
                    "attributes {} and {} are required",
                    many[..many.len() - 1].join(", "),
                    many[many.len() - 1]
                ))),
            }
        }
        _ => Err(mismatch(term, to)),
    }
}
