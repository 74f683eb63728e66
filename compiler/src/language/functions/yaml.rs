//! YAML as Terraform reads it: one document, YAML 1.2 with the words of 1.1 (`yes`, `on`), merge keys and dates as text.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::{Failure, Outcome, text};
use crate::language::bounds;
use crate::language::evaluate::{Evaluator, Names};
use crate::language::term::{Content, Shape, Term, convert};
use crate::language::which::Language;
use crate::value::Number;

const CORE: &str = "tag:yaml.org,2002:";

pub(super) fn yamldecode(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    let mut reader = Reader {
        events: Parser::new_from_str(text(arguments, 0)),
        merges_lists: evaluator.language == Language::OpenTofu,
        anchors: HashMap::new(),
    };
    match reader.next()? {
        Event::StreamStart => {}
        _ => return Err(Failure::call("missing stream start token")),
    }
    match reader.next()? {
        Event::DocumentStart(_) => {}
        _ => return Err(Failure::call("missing start of document")),
    }
    let first = reader.next()?;
    let value = reader.value(first, 0)?;
    match (reader.next()?, reader.next()?) {
        (Event::DocumentEnd, Event::StreamEnd) => Ok(value),
        _ => Err(Failure::call("only a single document is allowed")),
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// OpenTofu also merges lists of mappings into a mapping.
    merges_lists: bool,
    /// Complete values by the number of their anchor; one that is still being read is missing.
    anchors: HashMap<usize, Term>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, Failure> {
        match self.events.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => {
                let place = error.marker();
                Err(Failure::call(format!(
                    "on line {}, column {}: {}",
                    place.line(),
                    place.col() + 1,
                    error.info()
                )))
            }
            None => Err(Failure::call("expecting value but found end of stream")),
        }
    }

    fn value(&mut self, event: Event<'_>, depth: u16) -> Result<Term, Failure> {
        if depth > bounds::DEPTH {
            return Err(Failure::call("it is nested too deeply"));
        }
        let (anchor, value) = match event {
            Event::Scalar(source, style, anchor, tag) => {
                (anchor, scalar(&source, style, tag.as_deref())?)
            }
            Event::SequenceStart(anchor, tag) => {
                core_tag(tag.as_deref(), "seq", "sequence")?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                core_tag(tag.as_deref(), "map", "mapping")?;
                (anchor, self.mapping(depth)?)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                return value.ok_or_else(|| {
                    Failure::call("cannot refer to an anchor from inside its own definition")
                });
            }
            _ => return Err(Failure::call("expecting value but found something else")),
        };
        // Anchors are counted from one.
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: u16) -> Result<Term, Failure> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return bounded(Term::tuple(items)),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn merge(&self, entries: &mut BTreeMap<Arc<str>, Term>, value: &Term) -> Result<(), Failure> {
        let items = value.as_items().filter(|_| self.merges_lists);
        for source in items.unwrap_or(std::slice::from_ref(value)) {
            let source = source.as_entries().ok_or_else(|| {
                let kind = source.shape().friendly();
                Failure::call(format!("cannot merge {kind} into mapping"))
            })?;
            for (name, value) in source {
                entries.insert(name.clone(), value.clone());
            }
        }
        Ok(())
    }

    fn mapping(&mut self, depth: u16) -> Result<Term, Failure> {
        let mut entries = BTreeMap::new();
        loop {
            match self.next()? {
                Event::MappingEnd => return bounded(Term::object(entries.into())),
                Event::Scalar(source, style, _, tag) => {
                    let merges = match &tag {
                        None => source == "<<",
                        Some(tag) => tag.handle == CORE && tag.suffix == "merge",
                    };
                    let key = match merges {
                        true => None,
                        false => Some(key(&source, style, tag.as_deref())?),
                    };
                    let event = self.next()?;
                    let value = self.value(event, depth + 1)?;
                    match key {
                        Some(key) => {
                            entries.insert(key, value);
                        }
                        None => self.merge(&mut entries, &value)?,
                    }
                }
                _ => return Err(Failure::call("only strings are allowed as mapping keys")),
            }
        }
    }
}

/// Aliases of aliases grow without a long text.
fn bounded(term: Term) -> Result<Term, Failure> {
    let weight = term.weight();
    if weight.size > bounds::VALUES || weight.depth > bounds::DEPTH {
        return Err(Failure::call("the value is too large"));
    }
    Ok(term)
}

fn key(source: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Arc<str>, Failure> {
    let key = plain_scalar(source, style, tag)?;
    if key.is_null() {
        return Err(Failure::call("mapping key cannot be null"));
    }
    match convert(&key, &Shape::String).map(|key| key.content) {
        Ok(Content::String(key)) => Ok(key),
        _ => Err(Failure::call("only strings are allowed as mapping keys")),
    }
}

fn core_tag(tag: Option<&Tag>, expected: &str, what: &str) -> Result<(), Failure> {
    match tag {
        Some(tag) if tag.handle != CORE || tag.suffix != expected => Err(Failure::call(format!(
            "can't interpret {what} as {}{}",
            tag.handle, tag.suffix
        ))),
        _ => Ok(()),
    }
}

/// A value. The text of a block is text, though a number in it is spelled as numbers are.
fn scalar(source: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Term, Failure> {
    let value = plain_scalar(source, style, tag)?;
    let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    if is_block && tag.is_none() {
        return convert(&value, &Shape::String)
            .map_err(|mismatch| Failure::call(mismatch.to_string()));
    }
    Ok(value)
}

fn plain_scalar(source: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Term, Failure> {
    let tag = match tag {
        None => "",
        Some(Tag { handle, suffix }) if handle == CORE => match suffix.as_str() {
            known @ ("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary") => known,
            other => return Err(Failure::call(format!("unsupported tag \"!!{other}\""))),
        },
        Some(Tag { handle, suffix }) => {
            return Err(Failure::call(format!(
                "unsupported tag \"{handle}{suffix}\""
            )));
        }
    };
    let cannot = || Failure::call(format!("cannot parse {source:?} as !!{tag}"));
    match tag {
        "str" => return Ok(Term::string(source)),
        "binary" => {
            return match STANDARD.decode(source) {
                Ok(_) => Ok(Term::string(source)),
                Err(_) => Err(cannot()),
            };
        }
        _ => {}
    }
    // The first letter tells whether it can be anything but text.
    let hinted = source
        .chars()
        .next()
        .is_none_or(|first| "+-0123456789yYnNtTfFoO~.".contains(first));
    if hinted {
        if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
            return Ok(Term::string(source));
        }
        if let Some(known) = word(source)? {
            return Ok(known);
        }
        if matches!(tag, "" | "timestamp")
            && let Some(time) = timestamp(source)
        {
            return Ok(Term::string(time));
        }
        if let Some(number) = number(source) {
            return Ok(Term::number(number));
        }
    }
    match tag {
        "" => Ok(Term::string(source)),
        "null" => Ok(Term::null(Shape::Any)),
        "int" | "float" => {
            let number = number(&source.replace('_', ""));
            number.map(Term::number).ok_or_else(cannot)
        }
        _ => Err(cannot()),
    }
}

fn word(source: &str) -> Result<Option<Term>, Failure> {
    Ok(Some(match source {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Term::bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Term::bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Term::null(Shape::Any),
        ".nan" | ".NaN" | ".NAN" => {
            return Err(Failure::call("floating point NaN is not supported"));
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
            return Err(Failure::call("an infinite number is not supported"));
        }
        _ => return Ok(None),
    }))
}

/// Decimal, or octal and hexadecimal with their prefix.
fn number(source: &str) -> Option<Number> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = source.strip_prefix(prefix) {
            let plain = digits.chars().all(|digit| digit.is_digit(radix));
            let value = u64::from_str_radix(digits, radix).ok()?;
            return plain.then(|| Number::parse(&value.to_string()))?;
        }
    }
    let unsigned = source.strip_prefix(['+', '-']).unwrap_or(source);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_decimal = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !unsigned.is_empty() && digits(unsigned)
        });
    if !is_decimal {
        return None;
    }
    let sign = if source.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    let exponent = exponent.unwrap_or("0");
    Number::parse(&format!("{sign}{whole}.{fraction}e{exponent}"))
}

/// A date, or a date with a time, in RFC 3339 without fractions: Terraform has no type for times.
fn timestamp(source: &str) -> Option<String> {
    let (date, time) = match source.find(['T', 't', ' ']) {
        Some(at) => (&source[..at], Some(&source[at..])),
        None => (source, None),
    };
    let [year, month, day] = parts(date, '-')?;
    if date.find('-') != Some(4) {
        return None;
    }
    let (clock, zone) = match time {
        None => ([0, 0, 0], "Z".to_owned()),
        Some(time) => {
            let (separator, rest) = time.split_at(1);
            let (clock, zone) = match rest.find(['Z', '+', '-']) {
                Some(at) => (&rest[..at], Some(&rest[at..])),
                None => (rest, None),
            };
            let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let zone = match (separator, zone) {
                (" ", None) => "Z".to_owned(),
                ("T" | "t", Some("Z")) => "Z".to_owned(),
                ("T" | "t", Some(offset)) => offset_of(offset)?,
                _ => return None,
            };
            (parts(whole, ':')?, zone)
        }
    };
    let time = civil::DateTime::new(
        year,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(clock[0]).ok()?,
        i8::try_from(clock[1]).ok()?,
        i8::try_from(clock[2]).ok()?,
        0,
    )
    .ok()?;
    Some(format!("{}{zone}", time.strftime("%Y-%m-%dT%H:%M:%S")))
}

/// Three numbers, all but the first of at most two digits.
fn parts(text: &str, separator: char) -> Option<[i16; 3]> {
    let mut parts = text.split(separator);
    let mut next = |longest: usize| {
        let part = parts.next()?;
        let fits =
            (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse().ok() } else { None }
    };
    let three = [next(4)?, next(2)?, next(2)?];
    parts.next().is_none().then_some(three)
}

/// `+02:00`; `Z` where it is none.
fn offset_of(text: &str) -> Option<String> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let fits = |part: &str, most: u8| {
        part.len() == 2 && part.parse::<u8>().is_ok_and(|number| number <= most)
    };
    if !fits(hours, 24) || !fits(minutes, 60) {
        return None;
    }
    Some(match (hours, minutes) {
        ("00", "00") => "Z".to_owned(),
        _ => text.to_owned(),
    })
}
