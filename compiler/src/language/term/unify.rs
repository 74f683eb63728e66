//! The one type that several values can all become: what the branches of a conditional or the items of a list agree on.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::convert::can_convert;
use super::shape::{Field, Shape};

/// The type all of these can be converted to; `None` when there is none (or no type was given).
pub(crate) fn unify(shapes: &[Shape]) -> Option<Shape> {
    // Long lists mostly repeat the same type.
    let mut distinct: Vec<Shape> = Vec::new();
    for shape in shapes {
        if !distinct.contains(shape) {
            distinct.push(shape.clone());
        }
    }
    unify_distinct(&distinct)
}

fn unify_distinct(shapes: &[Shape]) -> Option<Shape> {
    if let [only] = shapes {
        return Some(only.clone());
    }
    let total = shapes.len();
    let count = |matches: fn(&Shape) -> bool| shapes.iter().filter(|shape| matches(shape)).count();
    let maps = count(|shape| matches!(shape, Shape::Map(_)));
    let lists = count(|shape| matches!(shape, Shape::List(_)));
    let sets = count(|shape| matches!(shape, Shape::Set(_)));
    let objects = count(|shape| matches!(shape, Shape::Object(_)));
    let tuples = count(|shape| matches!(shape, Shape::Tuple(_)));
    let any = count(|shape| *shape == Shape::Any);

    if maps > 0 && maps + any == total {
        return collections(shapes, any > 0, Shape::map);
    } else if maps > 0 && maps + objects + any == total {
        let as_map = objects_to_map(shapes.iter().filter(|shape| is_object(shape)));
        if let Some(as_map) = as_map
            && let Some(unified @ Shape::Map(_)) = replace_and_unify(shapes, is_object, &as_map)
        {
            return Some(unified);
        }
    } else if lists > 0 && lists + any == total {
        return collections(shapes, any > 0, Shape::list);
    } else if lists > 0 && lists + tuples + any == total {
        let as_list = tuples_to_list(shapes.iter().filter(|shape| is_tuple(shape)));
        if let Some(as_list) = as_list
            && let Some(unified @ Shape::List(_)) = replace_and_unify(shapes, is_tuple, &as_list)
        {
            return Some(unified);
        }
    } else if sets > 0 && sets + any == total {
        return collections(shapes, any > 0, Shape::set);
    } else if objects > 0 && objects + any == total {
        return if any > 0 {
            Some(Shape::Any)
        } else {
            unify_objects(shapes)
        };
    } else if tuples > 0 && tuples + any == total {
        return if any > 0 {
            Some(Shape::Any)
        } else {
            unify_tuples(shapes)
        };
    } else if objects > 0 && tuples > 0 {
        return None;
    }

    by_preference(shapes).into_iter().find_map(|wanted| {
        let wanted = &shapes[wanted];
        shapes
            .iter()
            .all(|shape| shape == wanted || can_convert(shape, wanted))
            .then(|| wanted.clone())
    })
}

fn is_object(shape: &Shape) -> bool {
    matches!(shape, Shape::Object(_))
}

fn is_tuple(shape: &Shape) -> bool {
    matches!(shape, Shape::Tuple(_))
}

fn replace_and_unify(shapes: &[Shape], which: fn(&Shape) -> bool, with: &Shape) -> Option<Shape> {
    let replaced: Vec<Shape> = shapes
        .iter()
        .map(|shape| {
            if which(shape) {
                with.clone()
            } else {
                shape.clone()
            }
        })
        .collect();
    unify(&replaced)
}

fn collections(shapes: &[Shape], any: bool, build: fn(Shape) -> Shape) -> Option<Shape> {
    if any {
        return Some(Shape::Any);
    }
    let elements: Vec<Shape> = shapes.iter().filter_map(Shape::element).cloned().collect();
    let unified = build(unify(&elements)?);
    all_convert(shapes, unified)
}

fn all_convert(shapes: &[Shape], unified: Shape) -> Option<Shape> {
    shapes
        .iter()
        .all(|shape| *shape == unified || can_convert(shape, &unified))
        .then_some(unified)
}

fn fields(shape: &Shape) -> Option<&Arc<BTreeMap<Arc<str>, Field>>> {
    match shape {
        Shape::Object(fields) => Some(fields),
        _ => None,
    }
}

fn items(shape: &Shape) -> &[Shape] {
    match shape {
        Shape::Tuple(items) => items,
        _ => &[],
    }
}

fn unify_objects(shapes: &[Shape]) -> Option<Shape> {
    let all: Vec<_> = shapes.iter().filter_map(fields).collect();
    let first = *all.first()?;
    if !all.iter().all(|other| other.keys().eq(first.keys())) {
        return objects_to_map(shapes.iter());
    }
    let mut unified = BTreeMap::new();
    for name in first.keys() {
        let across: Vec<Shape> = all
            .iter()
            .filter_map(|fields| fields.get(name))
            .map(|field| field.shape.clone())
            .collect();
        unified.insert(name.clone(), Field::required(unify(&across)?));
    }
    all_convert(shapes, Shape::Object(Arc::new(unified))).or_else(|| objects_to_map(shapes.iter()))
}

fn objects_to_map<'a>(shapes: impl Iterator<Item = &'a Shape> + Clone) -> Option<Shape> {
    let attributes: Vec<Shape> = shapes
        .clone()
        .filter_map(fields)
        .flat_map(|fields| fields.values().map(|field| field.shape.clone()))
        .collect();
    let unified = Shape::map(unify(&attributes)?);
    let shapes: Vec<Shape> = shapes.cloned().collect();
    all_convert(&shapes, unified)
}

fn unify_tuples(shapes: &[Shape]) -> Option<Shape> {
    let length = items(shapes.first()?).len();
    if shapes.iter().any(|shape| items(shape).len() != length) {
        return tuples_to_list(shapes.iter());
    }
    let unified: Option<Vec<Shape>> = (0..length)
        .map(|index| {
            let across: Vec<Shape> = shapes
                .iter()
                .filter_map(|shape| items(shape).get(index).cloned())
                .collect();
            unify(&across)
        })
        .collect();
    all_convert(shapes, Shape::Tuple(unified?.into())).or_else(|| tuples_to_list(shapes.iter()))
}

fn tuples_to_list<'a>(shapes: impl Iterator<Item = &'a Shape> + Clone) -> Option<Shape> {
    let all: Vec<Shape> = shapes
        .clone()
        .flat_map(|shape| items(shape).iter().cloned())
        .collect();
    let unified = Shape::list(unify(&all)?);
    let shapes: Vec<Shape> = shapes.cloned().collect();
    all_convert(&shapes, unified)
}

/// The indices of the types, the most general first; of two that do not compare, the earlier.
fn by_preference(shapes: &[Shape]) -> Vec<usize> {
    let mut waiting: Vec<usize> = (0..shapes.len()).collect();
    let mut order = Vec::with_capacity(shapes.len());
    while !waiting.is_empty() {
        let next = waiting
            .iter()
            .position(|candidate| {
                waiting
                    .iter()
                    .all(|other| generality(&shapes[*other], &shapes[*candidate]) != Ordering::Less)
            })
            .unwrap_or(0);
        order.push(waiting.remove(next));
    }
    order
}

/// `Less` when the left type is the more general one.
fn generality(left: &Shape, right: &Shape) -> Ordering {
    match (left, right) {
        (Shape::Any, Shape::Any) => Ordering::Equal,
        (Shape::Any, _) => Ordering::Greater,
        (_, Shape::Any) => Ordering::Less,
        (Shape::String, Shape::Bool | Shape::Number) => Ordering::Less,
        (Shape::Bool | Shape::Number, Shape::String) => Ordering::Greater,
        (Shape::List(left), Shape::List(right))
        | (Shape::Set(left), Shape::Set(right))
        | (Shape::Map(left), Shape::Map(right)) => generality(left, right),
        (Shape::Tuple(_) | Shape::List(_), Shape::Set(_))
        | (Shape::List(_), Shape::Tuple(_))
        | (Shape::Map(_), Shape::Object(_)) => Ordering::Less,
        (Shape::Set(_), Shape::Tuple(_) | Shape::List(_))
        | (Shape::Tuple(_), Shape::List(_))
        | (Shape::Object(_), Shape::Map(_)) => Ordering::Greater,
        (Shape::Object(left), Shape::Object(right)) if left.keys().eq(right.keys()) => all_agree(
            left.values()
                .zip(right.values())
                .map(|(left, right)| generality(&left.shape, &right.shape)),
        ),
        (Shape::Tuple(left), Shape::Tuple(right)) if left.len() == right.len() => all_agree(
            left.iter()
                .zip(right.iter())
                .map(|(left, right)| generality(left, right)),
        ),
        _ => Ordering::Equal,
    }
}

fn all_agree(orders: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for order in orders {
        less |= order == Ordering::Less;
        greater |= order == Ordering::Greater;
    }
    match (less, greater) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
