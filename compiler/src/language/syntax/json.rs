//! JSON with places: every value and key knows where it stands, and a string knows which byte of the file each of its bytes is.

use std::sync::Arc;

use super::native::SyntaxError;
use crate::language::bounds;
use crate::language::source::{FileId, Spot};
use crate::language::term::parse_number;
use crate::value::Number;

#[derive(Clone, Debug)]
pub(crate) struct Json {
    pub(crate) value: Value,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(Text),
    Array(Vec<Json>),
    Object(Vec<Member>),
}

#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: Text,
    pub(crate) name_spot: Spot,
    pub(crate) value: Json,
}

/// A decoded string and the file's byte for each of its bytes and for its end.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: Arc<str>,
    pub(crate) table: Arc<[u32]>,
}

impl Spot {
    /// In bytes of its file.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Json {
    /// What kind of value this is, with an article.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

/// Reads a text that is in no file of a configuration.
pub(crate) fn parse_alone(text: &str) -> Option<Json> {
    parse(FileId::NONE, text).ok()
}

/// Reads one JSON value that fills the text.
pub(super) fn parse(file: FileId, text: &str) -> Result<Json, SyntaxError> {
    let mut reader = Reader {
        file,
        text,
        at: 0,
        depth: 0,
    };
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.error("expected the end of the file after the JSON value"));
    }
    Ok(value)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Json, SyntaxError> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return Err(self.error("expected a JSON value")),
            None => return Err(self.error("the file ends where a JSON value was expected")),
        };
        Ok(Json {
            value,
            spot: self.spot(start, self.at),
        })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, SyntaxError>,
    ) -> Result<Value, SyntaxError> {
        if self.depth >= bounds::JSON_NESTING {
            let mut error = self.error(&format!(
                "nested more than {} levels deep",
                bounds::JSON_NESTING
            ));
            error.limit = true;
            return Err(error);
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, SyntaxError> {
        let mut members = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b'}') && members.is_empty() {
                break;
            }
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a property name in double quotes"));
            }
            let name = self.string()?;
            let name_spot = self.spot(start, self.at);
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.error("expected a colon after the property name"));
            }
            self.at += 1;
            self.skip_space();
            let value = self.value()?;
            members.push(Member {
                name,
                name_spot,
                value,
            });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.error("expected a comma or a closing brace")),
            }
        }
        self.at += 1;
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Result<Value, SyntaxError> {
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') && items.is_empty() {
                break;
            }
            items.push(self.value()?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.error("expected a comma or a closing bracket")),
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    fn string(&mut self) -> Result<Text, SyntaxError> {
        let mut text = String::new();
        let mut table = Vec::new();
        self.at += 1;
        loop {
            let start = self.at;
            let Some(letter) = self.text[self.at..].chars().next() else {
                return Err(self.error("the file ends inside a string"));
            };
            let decoded = match letter {
                '"' => break,
                '\\' => self.escape()?,
                letter if (letter as u32) < 0x20 => {
                    return Err(self.error("a string cannot contain a line break or other control character; write \\n"));
                }
                letter => {
                    self.at += letter.len_utf8();
                    letter
                }
            };
            // An escape maps to where it starts; ordinary letters map byte by byte.
            for byte in 0..decoded.len_utf8() {
                let inner = if letter == '\\' { 0 } else { byte };
                table.push(u32::try_from(start + inner).unwrap_or(u32::MAX));
            }
            text.push(decoded);
        }
        table.push(u32::try_from(self.at).unwrap_or(u32::MAX));
        self.at += 1;
        Ok(Text {
            text: text.into(),
            table: table.into(),
        })
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let error = self.error("not an escape that JSON knows");
        self.at += 1;
        let letter = self.peek().ok_or(error)?;
        let decoded = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return Err(self.error("not an escape that JSON knows"));
            }
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self) -> Result<char, SyntaxError> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 1;
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Ok(char::REPLACEMENT_CHARACTER);
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Reads `uXXXX`.
    fn hex(&mut self) -> Result<u32, SyntaxError> {
        let digits = self.text.get(self.at + 1..self.at + 5);
        let code = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(code) = code else {
            return Err(self.error("\\u needs four hexadecimal digits"));
        };
        self.at += 5;
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
            .count();
        let text = &rest[..length];
        if !is_json_number(text) {
            return Err(self.error("not a number that JSON knows"));
        }
        let Some(number) = parse_number(text) else {
            let mut error = self.error("this number is too large");
            error.limit = true;
            return Err(error);
        };
        self.at += length;
        Ok(Value::Number(number))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a JSON value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn spot(&self, start: usize, end: usize) -> Spot {
        Spot {
            file: self.file,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        let length = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        SyntaxError {
            spot: self.spot(self.at, self.at + length),
            summary: "Invalid JSON",
            message: message.to_owned(),
            limit: false,
        }
    }
}

fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = digits
        .split_once(['e', 'E'])
        .map_or((digits, None), |(mantissa, exponent)| {
            (mantissa, Some(exponent))
        });
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(whole, fraction)| {
            (whole, Some(fraction))
        });
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits =
        exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && exponent_digits.is_none_or(all_digits)
}
