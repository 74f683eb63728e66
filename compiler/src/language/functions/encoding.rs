//! Text in other clothes: Base64, CSV, URLs.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Failure, Outcome, check_length, text};
use crate::language::bounds;
use crate::language::term::{Entries, Field, Shape, Term};

pub(super) fn base64encode(arguments: &[Term]) -> Outcome {
    Ok(Term::string(STANDARD.encode(text(arguments, 0))))
}

pub(super) fn base64decode(arguments: &[Term]) -> Outcome {
    let bytes = decode(text(arguments, 0))?;
    let decoded = String::from_utf8(bytes).map_err(|_| {
        Failure::call("the result of decoding the provided string is not valid UTF-8")
    })?;
    Ok(Term::string(decoded))
}

/// As far as a text may be long: what is packed can be a thousand times as large.
pub(super) fn base64gunzip(arguments: &[Term]) -> Outcome {
    let bytes = decode(text(arguments, 0))?;
    let mut unpacked = Vec::new();
    let bound = u64::try_from(bounds::TEXT).unwrap_or(u64::MAX) + 1;
    MultiGzDecoder::new(bytes.as_slice())
        .take(bound)
        .read_to_end(&mut unpacked)
        .map_err(|error| Failure::call(format!("failed to gunzip the data: {error}")))?;
    check_length(unpacked.len())?;
    let text = String::from_utf8(unpacked)
        .map_err(|_| Failure::call("the unpacked data is not valid UTF-8"))?;
    Ok(Term::string(text))
}

fn decode(value: &str) -> Result<Vec<u8>, Failure> {
    let compact: String = value
        .chars()
        .filter(|letter| !matches!(letter, '\n' | '\r'))
        .collect();
    STANDARD
        .decode(compact)
        .map_err(|_| Failure::call("failed to decode base64 data: it is not valid Base64"))
}

/// The encodings that are known here; others are refused by name.
fn encoding(arguments: &[Term]) -> Result<&'static str, Failure> {
    let name = text(arguments, 1).to_uppercase();
    match name.as_str() {
        "UTF-8" | "UTF8" => Ok("UTF-8"),
        "UTF-16LE" => Ok("UTF-16LE"),
        "UTF-16BE" | "UTF-16" => Ok("UTF-16BE"),
        "ISO-8859-1" | "LATIN1" | "US-ASCII" | "ASCII" => Ok("ISO-8859-1"),
        _ => Err(Failure::argument(
            1,
            format!(
                "{:?} is not an encoding Lanyard knows: use UTF-8, UTF-16LE, UTF-16BE or ISO-8859-1",
                text(arguments, 1)
            ),
        )),
    }
}

pub(super) fn textencodebase64(arguments: &[Term]) -> Outcome {
    let value = text(arguments, 0);
    let bytes: Vec<u8> = match encoding(arguments)? {
        "UTF-16LE" => value.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => value.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "ISO-8859-1" => value
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)))
            .collect::<Result<_, _>>()
            .map_err(|_| {
                Failure::argument(
                    0,
                    "the given string contains characters that cannot be represented in ISO-8859-1",
                )
            })?,
        _ => value.as_bytes().to_vec(),
    };
    Ok(Term::string(STANDARD.encode(bytes)))
}

pub(super) fn textdecodebase64(arguments: &[Term]) -> Outcome {
    let bytes = decode(text(arguments, 0))?;
    let units = |read: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes
            .chunks_exact(2)
            .map(|pair| read([pair[0], pair[1]]))
            .collect()
    };
    let decoded = match encoding(arguments)? {
        "UTF-16LE" => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        "UTF-16BE" => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        "ISO-8859-1" => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    };
    Ok(Term::string(decoded))
}

pub(super) fn urlencode(arguments: &[Term]) -> Outcome {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~')
        .remove(b' ');
    let encoded = utf8_percent_encode(text(arguments, 0), RESERVED).to_string();
    Ok(Term::string(encoded.replace(' ', "+")))
}

/// As a browser reads a query: `+` is a space, and every `%` has two digits behind it.
pub(super) fn urldecode(arguments: &[Term]) -> Outcome {
    let source = text(arguments, 0);
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('%') {
        let is_escape = after
            .get(..2)
            .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if !is_escape {
            let end = after
                .char_indices()
                .nth(2)
                .map_or(after.len(), |(at, _)| at);
            return Err(Failure::call(format!(
                "failed to decode URL: invalid URL escape {:?}",
                format!("%{}", &after[..end])
            )));
        }
        rest = after;
    }
    let spaced = source.replace('+', " ");
    // Go would keep bytes that are no text; a string of the language is text.
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy();
    Ok(Term::string(decoded.into_owned()))
}

pub(super) fn csvdecode(arguments: &[Term]) -> Outcome {
    let mut rows = csv_rows(text(arguments, 0))?.into_iter();
    let header = rows
        .next()
        .ok_or_else(|| Failure::call("missing header line"))?;
    let mut fields = std::collections::BTreeMap::new();
    for name in &header {
        let field = Field::required(Shape::String);
        if fields.insert(name.as_str().into(), field).is_some() {
            return Err(Failure::call(format!("duplicate column name {name:?}")));
        }
    }
    let mut items = Vec::new();
    for (line, row) in rows.enumerate() {
        if row.len() != header.len() {
            return Err(Failure::call(format!(
                "record on line {}: wrong number of fields",
                line + 2
            )));
        }
        let entries: Entries = header
            .iter()
            .map(|name| name.as_str())
            .zip(row.into_iter().map(Term::string))
            .collect();
        items.push(Term::object(entries));
    }
    Ok(Term::list(Shape::Object(fields.into()), items))
}

fn csv_rows(source: &str) -> Result<Vec<Vec<String>>, Failure> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut letters = source.chars().peekable();
    let mut quoted = false;
    let mut started = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted => {
                quoted = false;
                if !matches!(letters.peek(), None | Some(',' | '\n' | '\r')) {
                    return Err(Failure::call("extraneous or missing \" in quoted-field"));
                }
            }
            '"' if field.is_empty() => quoted = true,
            '"' => return Err(Failure::call("bare \" in non-quoted-field")),
            letter if quoted => field.push(letter),
            ',' => row.push(std::mem::take(&mut field)),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' => {
                // An empty line is no record.
                if started {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                started = false;
                continue;
            }
            letter => field.push(letter),
        }
        started |= letter != '\r';
    }
    if quoted {
        return Err(Failure::call("extraneous or missing \" in quoted-field"));
    }
    if started {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}
