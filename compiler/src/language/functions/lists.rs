//! Lists.

use super::strings::non_null;
use super::{Failure, Outcome, check_size, items, texts, whole};
use crate::language::evaluate::same_value;
use crate::language::term::{
    Content, Marks, Shape, Term, add, as_usize, convert, divide, equal, subtract, unify,
};
use crate::value::Number;

/// The items of a list, set or tuple; `None` for something unknown; a failure for anything else.
fn sequence<'a>(
    arguments: &'a [Term],
    index: usize,
    wanted: &str,
) -> Result<Option<&'a [Term]>, Failure> {
    let term = &arguments[index];
    match &term.content {
        Content::List(list) | Content::Set(list) | Content::Tuple(list) => Ok(Some(&list.items)),
        Content::Unknown(unknown)
            if matches!(
                unknown.shape,
                Shape::Any | Shape::List(_) | Shape::Set(_) | Shape::Tuple(_)
            ) =>
        {
            Ok(None)
        }
        _ => Err(Failure::argument(index, wanted)),
    }
}

pub(super) fn compact(arguments: &[Term]) -> Outcome {
    let mut kept = non_null(arguments);
    kept.retain(|item| item.as_str() != Some(""));
    Ok(Term::list(Shape::String, kept))
}

pub(super) fn sort(arguments: &[Term]) -> Outcome {
    if !arguments[0].is_wholly_known() {
        // How many there will be is known, if nothing else.
        let unknown = Term::unknown_not_null(Shape::String);
        return Ok(match arguments[0].as_items() {
            Some(items) => Term::list(Shape::String, vec![unknown; items.len()]),
            None => Term::unknown_not_null(Shape::list(Shape::String)),
        });
    }
    let mut sorted = texts(arguments, 0)?;
    sorted.sort_unstable();
    Ok(Term::list(
        Shape::String,
        sorted.into_iter().map(Term::string).collect(),
    ))
}

pub(super) fn distinct(arguments: &[Term]) -> Outcome {
    let mut kept: Vec<Term> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in items(arguments, 0) {
        let new = match item.as_str() {
            Some(text) => seen.insert(text),
            None => !kept.iter().any(|other| equal(other, item)),
        };
        if new {
            kept.push(item.clone());
        }
    }
    Ok(Term::list(element_of(&arguments[0]), kept))
}

fn element_of(list: &Term) -> Shape {
    list.shape().element().cloned().unwrap_or_default()
}

pub(super) fn chunklist(arguments: &[Term]) -> Outcome {
    let list = &arguments[0];
    let size = whole(arguments, 1)?;
    let Some(all) = list.as_items() else {
        return Ok(Term::unknown(Shape::list(list.shape())).marked(&list.marks));
    };
    let size = usize::try_from(size)
        .map_err(|_| Failure::argument(1, "the size argument must be positive"))?;
    let element = element_of(list);
    let chunks: Vec<Term> = match (size, all) {
        (_, []) => Vec::new(),
        (0, all) => vec![Term::list(element, all.to_vec())],
        (size, all) => all
            .chunks(size)
            .map(|chunk| Term::list(element.clone(), chunk.to_vec()))
            .collect(),
    };
    Ok(Term::list(list.shape(), chunks).marked(&list.marks))
}

pub(super) fn concat(arguments: &[Term]) -> Outcome {
    if arguments.is_empty() {
        return Err(Failure::call("at least one argument is required"));
    }
    let mut marks = Marks::default();
    let mut unknown = false;
    let mut all = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        marks = marks.union(&argument.marks);
        let problem = "all arguments must be lists or tuples";
        if matches!(argument.shape(), Shape::Set(_)) {
            return Err(Failure::argument(index, problem));
        }
        match sequence(arguments, index, problem)? {
            Some(items) => all.extend(items.iter().cloned()),
            None => unknown = true,
        }
        check_size(all.len())?;
    }
    let lists: Option<Vec<Shape>> = arguments
        .iter()
        .map(|argument| match argument.shape() {
            shape @ Shape::List(_) => Some(shape),
            _ => None,
        })
        .collect();
    let unified = lists.and_then(|shapes| unify(&shapes));
    if unknown {
        return Ok(Term::unknown(unified.unwrap_or_default()).marked(&marks));
    }
    let term = match unified {
        Some(shape @ Shape::List(_)) => convert(&Term::tuple(all), &shape)
            .map_err(|mismatch| Failure::call(mismatch.to_string()))?,
        _ => Term::tuple(all),
    };
    Ok(term.marked(&marks))
}

pub(super) fn element(arguments: &[Term]) -> Outcome {
    let list = &arguments[0];
    let marks = list.marks.union(&arguments[1].marks);
    let wanted = "cannot read elements from this value: a list or tuple is required";
    if matches!(list.shape(), Shape::Set(_)) {
        return Err(Failure::argument(
            0,
            "cannot read elements from a set, because its elements have no order",
        ));
    }
    let found = sequence(arguments, 0, wanted)?;
    let (Some(all), false) = (found, arguments[1].is_unknown()) else {
        let shape = match list.shape() {
            Shape::List(element) => Shape::clone(&element),
            _ => Shape::Any,
        };
        return Ok(Term::unknown(shape).marked(&marks.union(&list.deep_marks())));
    };
    let index = whole(arguments, 1)?;
    let length = i64::try_from(all.len()).unwrap_or(i64::MAX);
    if length == 0 {
        return Err(Failure::argument(
            0,
            "cannot use element function with an empty list",
        ));
    }
    let position = usize::try_from(index.rem_euclid(length)).unwrap_or_default();
    Ok(all[position].clone().marked(&marks))
}

pub(super) fn flatten(arguments: &[Term]) -> Outcome {
    let wanted = "can only flatten lists, sets and tuples";
    let mut marks = arguments[0].marks.clone();
    let mut flat = Vec::new();
    // A stack, because nesting is as deep as the value is.
    let mut waiting: Vec<&Term> = match arguments[0].as_entries() {
        // While something in there is unknown, nobody looks what it is in.
        Some(entries) if !arguments[0].is_wholly_known() => entries
            .values()
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
        _ => match sequence(arguments, 0, wanted)? {
            Some(items) => items.iter().rev().collect(),
            None => return Ok(Term::dynamic().marked(&marks)),
        },
    };
    while let Some(item) = waiting.pop() {
        match &item.content {
            Content::List(inner) | Content::Set(inner) | Content::Tuple(inner) => {
                marks = marks.union(&item.marks);
                waiting.extend(inner.items.iter().rev());
            }
            // It may turn out to be a list.
            Content::Unknown(unknown)
                if matches!(
                    unknown.shape,
                    Shape::Any | Shape::List(_) | Shape::Set(_) | Shape::Tuple(_)
                ) =>
            {
                return Ok(Term::dynamic().marked(&marks.union(&arguments[0].deep_marks())));
            }
            _ => flat.push(item.clone()),
        }
    }
    Ok(Term::tuple(flat).marked(&marks))
}

pub(super) fn index(arguments: &[Term]) -> Outcome {
    let unknown = Term::unknown_not_null(Shape::Number);
    if arguments.iter().any(Term::is_unknown) {
        return Ok(unknown);
    }
    let (Content::List(list) | Content::Tuple(list)) = &arguments[0].content else {
        return Err(Failure::argument(0, "argument must be a list or tuple"));
    };
    if list.items.is_empty() {
        return Err(Failure::call("cannot search an empty list"));
    }
    for (position, item) in list.items.iter().enumerate() {
        match same_value(item, &arguments[1]) {
            None => return Ok(unknown),
            Some(true) => return Ok(Term::count(position)),
            Some(false) => {}
        }
    }
    Err(Failure::call("item not found"))
}

pub(super) fn matchkeys(arguments: &[Term]) -> Outcome {
    let (values, keys, wanted) = (
        items(arguments, 0),
        items(arguments, 1),
        items(arguments, 2),
    );
    let element = unify(&[element_of(&arguments[1]), element_of(&arguments[2])])
        .ok_or_else(|| Failure::call("keys and searchset must be of the same type"))?;
    let unknown = Term::unknown_not_null(arguments[0].shape());
    if arguments.iter().any(Term::is_unknown) {
        return Ok(unknown);
    }
    if values.len() != keys.len() {
        return Err(Failure::call("length of keys and values should be equal"));
    }
    let result = |kept| Ok(Term::list(element_of(&arguments[0]), kept));
    if wanted.is_empty() {
        return result(Vec::new());
    }
    if !arguments[0].is_wholly_known() || !arguments[1].is_wholly_known() {
        return Ok(unknown);
    }
    let alike = |term: &Term| convert(term, &element).unwrap_or_else(|_| term.clone());
    let wanted: Vec<Term> = wanted.iter().map(alike).collect();
    let mut kept = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        let key = alike(key);
        for other in &wanted {
            match same_value(&key, other) {
                // Terraform gives up all of the list here.
                None => return result(Vec::new()),
                Some(true) => {
                    kept.push(value.clone());
                    break;
                }
                Some(false) => {}
            }
        }
    }
    result(kept)
}

pub(super) fn one(arguments: &[Term]) -> Outcome {
    let list = &arguments[0];
    if list.is_null() {
        return Ok(Term::null(Shape::Any).marked(&list.marks));
    }
    let wanted = "must be a list, set, or tuple value with either zero or one elements";
    let Some(items) = sequence(arguments, 0, wanted)? else {
        let shape = list.shape().element().cloned().unwrap_or_default();
        return Ok(Term::unknown(shape).marked(&list.marks));
    };
    let term = match items {
        [] => Term::null(list.shape().element().cloned().unwrap_or_default()),
        [only] => only.clone(),
        _ => return Err(Failure::argument(0, wanted)),
    };
    Ok(term.marked(&list.marks))
}

pub(super) fn reverse(arguments: &[Term]) -> Outcome {
    let list = &arguments[0];
    let wanted = format!(
        "can only reverse list or tuple values, not {}",
        list.shape().friendly()
    );
    let Some(items) = sequence(arguments, 0, &wanted)? else {
        return Ok(Term::unknown(list.shape()).marked(&list.marks));
    };
    let reversed: Vec<Term> = items.iter().rev().cloned().collect();
    let term = match list.shape() {
        Shape::List(element) | Shape::Set(element) => Term::list(Shape::clone(&element), reversed),
        _ => Term::tuple(reversed),
    };
    Ok(term.marked(&list.marks))
}

pub(super) fn slice(arguments: &[Term]) -> Outcome {
    let list = &arguments[0];
    let marks = list.marks.clone();
    if matches!(list.shape(), Shape::Set(_)) {
        return Err(Failure::argument(
            0,
            "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
        ));
    }
    let items = sequence(arguments, 0, "must be a list or tuple value")?;
    let length = match list.shape() {
        Shape::Tuple(items) => Some(items.len()),
        _ => items.map(<[Term]>::len),
    };
    let bound = |index: usize| {
        if arguments[index].is_unknown() {
            return Ok(None);
        }
        let value = arguments[index].as_number().and_then(as_usize);
        let value = value.ok_or_else(|| {
            Failure::argument(index, "must be a whole number and not less than zero")
        })?;
        match length {
            Some(length) if value > length => Err(Failure::argument(
                index,
                "must be less than or equal to the length of the list",
            )),
            _ => Ok(Some(value)),
        }
    };
    let bounds = (bound(1)?, bound(2)?);
    if let (Some(start), Some(end)) = bounds
        && start > end
    {
        return Err(Failure::argument(
            1,
            "must not be greater than the end index",
        ));
    }
    let (Some(items), (Some(start), Some(end))) = (items, bounds) else {
        return Ok(Term::unknown(match list.shape() {
            shape @ Shape::List(_) => shape,
            _ => Shape::Any,
        })
        .marked(&marks.union(&list.deep_marks())));
    };
    let kept = items[start..end].to_vec();
    let term = match list.shape() {
        Shape::List(element) => Term::list(Shape::clone(&element), kept),
        _ => Term::tuple(kept),
    };
    Ok(term.marked(&marks))
}

/// The longest list that `range` makes, as in Terraform.
const LONGEST_RANGE: usize = 1024;

pub(super) fn range(arguments: &[Term]) -> Outcome {
    let numbers: Vec<&Number> = arguments.iter().filter_map(Term::as_number).collect();
    let (zero, one, minus_one) = (
        Number::from(0_i64),
        Number::from(1_i64),
        Number::from(-1_i64),
    );
    let towards = |start: &Number, end: &Number| {
        if end < start {
            minus_one.clone()
        } else {
            one.clone()
        }
    };
    let (start, end, step) = match numbers.as_slice() {
        [end] => (zero.clone(), (*end).clone(), towards(&zero, end)),
        [start, end] => ((*start).clone(), (*end).clone(), towards(start, end)),
        [start, end, step] => ((*start).clone(), (*end).clone(), (*step).clone()),
        _ => return Err(Failure::call("must have one, two, or three arguments")),
    };
    let down = step < zero;
    if start == end {
        return Ok(Term::list(Shape::Number, Vec::new()));
    }
    if step == zero {
        return Err(Failure::call("step must not be zero"));
    }
    if down && end > start {
        return Err(Failure::call(
            "end must be less than start when step is negative",
        ));
    }
    if !down && end < start {
        return Err(Failure::call(
            "end must be greater than start when step is positive",
        ));
    }
    // Fails early instead of counting up to the limit.
    let estimate = divide(&subtract(&end, &start), &step);
    if estimate.is_some_and(|count| count > Number::from(1_000_000_i64)) {
        return Err(Failure::call(
            "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step",
        ));
    }
    let mut values = Vec::new();
    let mut current = start;
    while if down { current > end } else { current < end } {
        if values.len() >= LONGEST_RANGE {
            return Err(Failure::call(
                "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step",
            ));
        }
        values.push(Term::number(current.clone()));
        current = add(&current, &step);
    }
    Ok(Term::list(Shape::Number, values))
}
