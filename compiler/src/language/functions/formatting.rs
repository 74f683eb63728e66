//! `format` and `formatlist`: verbs as in Go and C.

mod numbers;

use super::{Failure, Outcome, check_length, check_size, text};
use crate::language::term::{Content, Shape, Term, convert};
use numbers::{float, signed, whole};

/// One `%…`.
#[derive(Default)]
struct Verb {
    letter: char,
    spelled: String,
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// Which argument, from zero.
    argument: usize,
}

pub(super) fn format(arguments: &[Term]) -> Outcome {
    if !arguments.iter().all(Term::is_wholly_known) {
        return Ok(Term::unknown_not_null(Shape::String));
    }
    formatted(text(arguments, 0), &arguments[1..]).map(Term::string)
}

pub(super) fn formatlist(arguments: &[Term]) -> Outcome {
    let mut length = None;
    for (index, argument) in arguments.iter().enumerate().skip(1) {
        let Some(items) = argument.as_items() else {
            continue;
        };
        match length {
            None => length = Some((items.len(), index)),
            Some((expected, first)) if expected != items.len() => {
                return Err(Failure::argument(
                    index,
                    format!(
                        "argument {index} has length {}, which is inconsistent with argument {first} of length {expected}",
                        items.len()
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    // A list of unknown length makes one.
    if arguments
        .iter()
        .skip(1)
        .any(|argument| argument.is_unknown() && !argument.shape().is_primitive())
    {
        return Ok(Term::unknown_not_null(Shape::list(Shape::String)));
    }
    let rows = length.map_or(1, |(length, _)| length);
    check_size(rows)?;
    let mut results = Vec::with_capacity(rows);
    for row in 0..rows {
        let values: Vec<Term> = arguments[1..]
            .iter()
            .map(|argument| match argument.as_items() {
                Some(items) => items[row].clone(),
                None => argument.clone(),
            })
            .collect();
        if !values.iter().all(Term::is_wholly_known) {
            results.push(Term::unknown_not_null(Shape::String));
            continue;
        }
        let line = formatted(text(arguments, 0), &values).map_err(|failure| {
            Failure::call(format!(
                "error on format iteration {row}: {}",
                failure.message
            ))
        })?;
        results.push(Term::string(line));
    }
    Ok(Term::list(Shape::String, results))
}

fn formatted(format: &str, arguments: &[Term]) -> Result<String, Failure> {
    let mut out = String::new();
    let mut letters = format.char_indices().peekable();
    let mut next = 0;
    let mut highest = 0;
    while let Some((start, letter)) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        if letters.next_if(|(_, letter)| *letter == '%').is_some() {
            out.push('%');
            continue;
        }
        let mut verb = Verb {
            argument: next,
            ..Verb::default()
        };
        read_verb(&mut verb, &mut letters)?;
        let end = letters.peek().map_or(format.len(), |(index, _)| *index);
        verb.spelled = format[start..end].to_owned();
        let Some(argument) = arguments.get(verb.argument) else {
            return Err(Failure::call(format!(
                "not enough arguments for {:?} at {start}: need index {} but have {} total",
                verb.spelled,
                verb.argument + 1,
                arguments.len()
            )));
        };
        next = verb.argument + 1;
        highest = highest.max(next);
        let value = write_value(&verb, argument).map_err(|reason| {
            Failure::argument(
                verb.argument + 1,
                format!(
                    "unsupported value for {:?} at {start}: {reason}",
                    verb.spelled
                ),
            )
        })?;
        check_length(
            out.len()
                .saturating_add(value.len())
                .saturating_add(verb.width.unwrap_or_default()),
        )?;
        pad(&verb, &value, &mut out);
    }
    if highest < arguments.len() {
        return Err(Failure::argument(
            highest + 1,
            match highest {
                0 => "too many arguments; no verbs in format string".to_owned(),
                used => format!("too many arguments; only {used} used by format string"),
            },
        ));
    }
    Ok(out)
}

type Letters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn read_verb(verb: &mut Verb, letters: &mut Letters<'_>) -> Result<(), Failure> {
    while let Some((_, letter)) = letters.peek().copied() {
        match letter {
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            '#' => verb.sharp = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            _ => break,
        }
        letters.next();
    }
    read_index(verb, letters)?;
    verb.width = read_number(letters);
    if letters.next_if(|(_, letter)| *letter == '.').is_some() {
        verb.precision = Some(read_number(letters).unwrap_or_default());
    }
    read_index(verb, letters)?;
    let too_wide = verb
        .width
        .unwrap_or_default()
        .max(verb.precision.unwrap_or_default())
        > 1_000_000;
    if too_wide {
        return Err(Failure::call(
            "a width or precision in the format string is too large",
        ));
    }
    match letters.next() {
        Some((_, letter)) => {
            verb.letter = letter;
            Ok(())
        }
        None => Err(Failure::argument(
            0,
            "unterminated verb at the end of the format string",
        )),
    }
}

fn read_index(verb: &mut Verb, letters: &mut Letters<'_>) -> Result<(), Failure> {
    if letters.next_if(|(_, letter)| *letter == '[').is_none() {
        return Ok(());
    }
    let index = read_number(letters).filter(|index| *index > 0);
    match (index, letters.next()) {
        (Some(index), Some((_, ']'))) => {
            verb.argument = index - 1;
            Ok(())
        }
        _ => Err(Failure::argument(
            0,
            "an argument index must be a positive number in brackets",
        )),
    }
}

fn read_number(letters: &mut Letters<'_>) -> Option<usize> {
    let mut digits = String::new();
    while let Some((_, digit)) = letters.next_if(|(_, letter)| letter.is_ascii_digit()) {
        digits.push(digit);
    }
    if digits.is_empty() {
        None
    } else {
        Some(digits.parse().unwrap_or(usize::MAX))
    }
}

fn write_value(verb: &Verb, argument: &Term) -> Result<String, String> {
    let wanted = |shape: &Shape| {
        if argument.is_null() {
            return Err("null value cannot be formatted".to_owned());
        }
        convert(argument, shape).map_err(|mismatch| mismatch.to_string())
    };
    match verb.letter {
        'v' => Ok(plain(verb, argument)),
        't' => Ok(wanted(&Shape::Bool)?
            .as_bool()
            .unwrap_or_default()
            .to_string()),
        's' | 'q' => {
            let text = wanted(&Shape::String)?;
            let text = text.as_str().unwrap_or_default();
            let text: String = match verb.precision {
                Some(precision) => text.chars().take(precision).collect(),
                None => text.to_owned(),
            };
            Ok(if verb.letter == 'q' {
                json(&Term::string(text))
            } else {
                text
            })
        }
        'b' | 'd' | 'o' | 'x' | 'X' => {
            let number = wanted(&Shape::Number)?;
            whole(verb, number.as_number().ok_or("a number is required")?)
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = wanted(&Shape::Number)?;
            Ok(signed(
                verb,
                &float(verb, number.as_number().ok_or("a number is required")?),
            ))
        }
        other => Err(format!("unsupported format verb '{other}'")),
    }
}

/// `%v` and `%#v`.
fn plain(verb: &Verb, argument: &Term) -> String {
    match &argument.content {
        Content::String(text) if !verb.sharp => text.to_string(),
        Content::Number(number) if !verb.sharp => float(
            &Verb {
                letter: 'g',
                ..Verb::default()
            },
            number,
        ),
        _ => json(argument),
    }
}

fn json(term: &Term) -> String {
    super::json::jsonencode(std::slice::from_ref(term))
        .ok()
        .and_then(|term| term.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn pad(verb: &Verb, value: &str, out: &mut String) {
    let missing = verb
        .width
        .unwrap_or_default()
        .saturating_sub(super::strings::length_of(value));
    if verb.minus {
        out.push_str(value);
        out.push_str(&" ".repeat(missing));
    } else if verb.zero && !matches!(verb.letter, 's' | 'q' | 'v' | 't') {
        let (sign, digits) = match value.strip_prefix(['-', '+', ' ']) {
            Some(digits) => (&value[..value.len() - digits.len()], digits),
            None => ("", value),
        };
        out.push_str(sign);
        out.push_str(&"0".repeat(missing));
        out.push_str(digits);
    } else if verb.zero {
        out.push_str(&"0".repeat(missing));
        out.push_str(value);
    } else {
        out.push_str(&" ".repeat(missing));
        out.push_str(value);
    }
}
