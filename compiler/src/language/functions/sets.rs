//! Sets.

use super::{Failure, Outcome, check_size};
use crate::language::term::{Content, Marks, Shape, Term, compare, convert, unify};

/// All sets as sets of one element type.
fn alike(arguments: &[Term]) -> Result<(Shape, Vec<Vec<Term>>), Failure> {
    // An empty set of nothing in particular agrees with everything.
    let shapes: Vec<Shape> = arguments
        .iter()
        .map(Term::shape)
        .filter(|shape| shape.element() != Some(&Shape::Any))
        .collect();
    let shape = if shapes.is_empty() {
        Shape::set(Shape::Any)
    } else {
        unify(&shapes)
            .ok_or_else(|| Failure::call("given sets must all have compatible element types"))?
    };
    let sets: Result<Vec<Vec<Term>>, Failure> = arguments
        .iter()
        .enumerate()
        .map(|(index, set)| {
            convert(set, &shape)
                .map(|set| set.as_items().unwrap_or_default().to_vec())
                .map_err(|mismatch| Failure::argument(index, mismatch.to_string()))
        })
        .collect();
    Ok((shape.element().cloned().unwrap_or_default(), sets?))
}

fn has(set: &[Term], item: &Term) -> bool {
    set.binary_search_by(|other| compare(other, item)).is_ok()
}

pub(super) fn union(arguments: &[Term]) -> Outcome {
    let (element, sets) = alike(arguments)?;
    if arguments.iter().any(Term::is_unknown) {
        return Ok(Term::unknown_not_null(Shape::set(element)));
    }
    Ok(Term::set(element, sets.into_iter().flatten().collect()))
}

pub(super) fn intersection(arguments: &[Term]) -> Outcome {
    let (element, sets) = alike(arguments)?;
    if !arguments.iter().all(Term::is_wholly_known) {
        return Ok(Term::unknown_not_null(Shape::set(element)));
    }
    let mut sets = sets.into_iter();
    let mut kept = sets.next().unwrap_or_default();
    for other in sets {
        kept.retain(|item| has(&other, item));
    }
    Ok(Term::set(element, kept))
}

pub(super) fn subtract(arguments: &[Term]) -> Outcome {
    let (element, sets) = alike(arguments)?;
    if !arguments.iter().all(Term::is_wholly_known) {
        return Ok(Term::unknown_not_null(Shape::set(element)));
    }
    let [first, second] = sets.as_slice() else {
        return Err(Failure::call("two sets are required"));
    };
    let kept = first
        .iter()
        .filter(|item| !has(second, item))
        .cloned()
        .collect();
    Ok(Term::set(element, kept))
}

pub(super) fn product(arguments: &[Term]) -> Outcome {
    if arguments.len() < 2 {
        return Err(Failure::call("at least two arguments are required"));
    }
    let mut ordered = true;
    let mut marks = Marks::default();
    let mut elements = Vec::new();
    let mut lists: Vec<Vec<Term>> = Vec::new();
    let mut unknown = false;
    for (index, argument) in arguments.iter().enumerate() {
        let element = match argument.shape() {
            Shape::List(element) => Shape::clone(&element),
            Shape::Set(element) => {
                ordered = false;
                Shape::clone(&element)
            }
            Shape::Tuple(items) => unify(&items)
                .or(items.is_empty().then_some(Shape::Any))
                .ok_or_else(|| Failure::argument(index, "all elements must be of the same type"))?,
            Shape::Any => return Ok(Term::dynamic().marked(&argument.deep_marks())),
            _ => return Err(Failure::argument(index, "a set or a list is required")),
        };
        match &argument.content {
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                // Two that are not known may be one.
                unknown |= matches!(argument.content, Content::Set(_))
                    && items.items.len() > 1
                    && !argument.is_wholly_known();
                let items: Result<Vec<Term>, Failure> = items
                    .items
                    .iter()
                    .map(|item| {
                        convert(item, &element)
                            .map_err(|mismatch| Failure::argument(index, mismatch.to_string()))
                    })
                    .collect();
                lists.push(items?);
            }
            _ => unknown = true,
        }
        marks = marks.union(&argument.marks);
        elements.push(element);
    }
    let shape = Shape::Tuple(elements.into());
    if unknown {
        let shape = if ordered {
            Shape::list(shape)
        } else {
            Shape::set(shape)
        };
        return Ok(Term::unknown(shape).marked(&marks));
    }
    let total = lists
        .iter()
        .try_fold(1_usize, |total, list| total.checked_mul(list.len()))
        .unwrap_or(usize::MAX);
    check_size(total.saturating_mul(lists.len() + 1))?;
    let mut rows: Vec<Vec<Term>> = vec![Vec::new()];
    for list in &lists {
        rows = rows
            .iter()
            .flat_map(|row| {
                list.iter().map(|item| {
                    let mut longer = row.clone();
                    longer.push(item.clone());
                    longer
                })
            })
            .collect();
    }
    let rows: Vec<Term> = rows.into_iter().map(Term::tuple).collect();
    let product = if ordered {
        Term::list(shape, rows)
    } else {
        Term::set(shape, rows)
    };
    Ok(product.marked(&marks))
}
