//! RE2's regular expressions (Go's `regexp/syntax`, which Terraform uses; <https://github.com/google/re2/wiki/Syntax>) in the words of the
//! `regex` crate. Both match alike; they differ in what some escapes and classes mean, and in what they refuse.

use std::fmt::Write as _;

/// The most that one repetition may count to.
const MOST_REPEATS: u32 = 1000;
/// The general categories of Unicode that RE2 knows, `Any` aside.
const CATEGORIES: &[&str] = &[
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs",
];
const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// A pattern for the `regex` crate.
pub(super) struct Translated {
    pub(super) pattern: String,
    /// The names of its groups in their order: RE2 gives one name twice, the crate does not.
    pub(super) names: Vec<Option<String>>,
}

/// The same pattern for the `regex` crate.
///
/// # Errors
///
/// RE2 refuses what the crate would take; the text says why. What both refuse is left to the crate.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        rest: pattern,
        out: String::with_capacity(pattern.len() + 16),
        names: Vec::new(),
        repeated: None,
        repeats: 1,
        open: Vec::new(),
        closed: None,
    };
    while !translator.rest.is_empty() {
        translator.token()?;
    }
    Ok(Translated {
        pattern: translator.out,
        names: translator.names,
    })
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    names: Vec<Option<String>>,
    /// The repetition just before, if there is one.
    repeated: Option<&'a str>,
    /// How often what was read last is repeated, with all repetitions inside of it.
    repeats: u32,
    /// Each group that is open: where it starts in what is written, and the most of that in it.
    open: Vec<(usize, u32)>,
    /// Where the group starts that was read last, if one was.
    closed: Option<usize>,
}

impl<'a> Translator<'a> {
    fn token(&mut self) -> Result<(), String> {
        let before = self.rest;
        let repeated = self.repeated.take();
        let closed = self.closed.take();
        let Some(first) = self.rest.chars().next() else {
            return Ok(());
        };
        if !matches!(first, '*' | '+' | '?' | '{') {
            self.repeats = 1;
        }
        match first {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            ')' => {
                self.out.push(first);
                self.rest = &self.rest[1..];
                // What the group holds is repeated with it.
                let opened = self.open.pop();
                self.repeats = opened.map_or(1, |(_, repeats)| repeats);
                self.closed = opened.map(|(start, _)| start);
                self.counts();
                Ok(())
            }
            '*' | '+' | '?' => {
                self.rest = &self.rest[1..];
                self.repetition(before, repeated)
            }
            '{' => match counted(self.rest) {
                Some((rest, least, most)) => {
                    let count = most.unwrap_or(least);
                    self.repeats = self.repeats.saturating_mul(count.max(1));
                    if count < least || self.repeats.max(least) > MOST_REPEATS {
                        let count = &before[..before.len() - rest.len()];
                        return Err(format!("invalid repeat count: `{count}`"));
                    }
                    self.counts();
                    self.rest = rest;
                    if let (0, Some(start)) = (count, closed) {
                        self.never(start, before);
                        return Ok(());
                    }
                    self.repetition(before, repeated)
                }
                None => {
                    self.literal('{');
                    self.rest = &self.rest[1..];
                    Ok(())
                }
            },
            _ => {
                self.out.push(first);
                self.rest = &self.rest[first.len_utf8()..];
                Ok(())
            }
        }
    }

    /// Ends a repetition that begins `before`: with the question mark that makes it lazy, and never straight after another one.
    fn repetition(&mut self, before: &'a str, repeated: Option<&'a str>) -> Result<(), String> {
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        let operator = &before[..before.len() - self.rest.len()];
        if let Some(repeated) = repeated {
            return Err(format!(
                "invalid nested repetition operator: `{repeated}{operator}`"
            ));
        }
        self.out.push_str(operator);
        self.repeated = Some(operator);
        Ok(())
    }

    /// A group that never takes part: it keeps its number, which the crate would drop with what is repeated zero times.
    fn never(&mut self, start: usize, before: &'a str) {
        self.out.insert_str(start, "(?:");
        self.out.push_str(r"[^\s\S])?");
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        self.repeated = Some(&before[..before.len() - self.rest.len()]);
    }

    /// The group around what was read last repeats at least as often.
    fn counts(&mut self) {
        if let Some((_, most)) = self.open.last_mut() {
            *most = self.repeats.max(*most);
        }
    }

    fn group(&mut self) -> Result<(), String> {
        let Some(inner) = self.rest.strip_prefix("(?") else {
            self.names.push(None);
            self.open.push((self.out.len(), 1));
            self.out.push('(');
            self.rest = &self.rest[1..];
            return Ok(());
        };
        if let Some(inner) = inner.strip_prefix("P<").or_else(|| inner.strip_prefix('<')) {
            return self.named_group(inner);
        }
        let end = inner.find([':', ')']);
        let flags = end.map_or(inner, |end| &inner[..end]);
        let known = |flags: &str| flags.chars().all(|flag| "imsU".contains(flag));
        let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
        let Some(end) = end.filter(|_| known(on) && known(off)) else {
            return Err(format!("invalid or unsupported Perl syntax: `(?{flags}`"));
        };
        if inner[end..].starts_with(':') {
            self.open.push((self.out.len(), 1));
        }
        self.rest = &inner[end + 1..];
        if inner.starts_with(')') {
            return Ok(());
        }
        self.out.push_str("(?");
        self.out.push_str(&each_once(on));
        if flags.contains('-') {
            self.out.push('-');
            self.out.push_str(&each_once(off));
        }
        self.out.push_str(&inner[end..=end]);
        Ok(())
    }

    fn named_group(&mut self, inner: &'a str) -> Result<(), String> {
        let invalid = || format!("invalid named capture: `{}`", self.rest);
        let (name, rest) = inner.split_once('>').ok_or_else(invalid)?;
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if name.is_empty() || !name.chars().all(is_word) {
            return Err(invalid());
        }
        let name = Some(name.to_owned());
        self.open.push((self.out.len(), 1));
        // The crate takes no name twice, and none that begins with a digit.
        match &name {
            Some(fresh)
                if !self.names.contains(&name)
                    && !fresh.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                self.out.push_str(&format!("(?P<{fresh}>"));
            }
            _ => self.out.push('('),
        }
        self.names.push(name);
        self.rest = rest;
        Ok(())
    }

    /// An escape outside of a class.
    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.rest[1..].chars().next() else {
            return Err("trailing backslash at end of expression".to_owned());
        };
        let fixed = match letter {
            'A' => r"\A",
            'z' => r"\z",
            'b' => r"(?-u:\b)",
            'B' => r"(?-u:\B)",
            'Q' => {
                let quoted = &self.rest[2..];
                let (quoted, rest) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
                for letter in quoted.chars() {
                    self.literal(letter);
                }
                self.rest = rest;
                return Ok(());
            }
            _ => {
                if let Some(class) = self.named_class()? {
                    self.out.push_str(&class);
                } else {
                    let letter = self.escaped()?;
                    self.literal(letter);
                }
                return Ok(());
            }
        };
        self.out.push_str(fixed);
        self.rest = &self.rest[2..];
        Ok(())
    }

    /// `\d`, `\pL`, `\p{Greek}` and their opposites, as a class of its own; `None` if something else stands there.
    fn named_class(&mut self) -> Result<Option<String>, String> {
        let mut letters = self.rest.chars();
        letters.next();
        let Some(letter) = letters.next() else {
            return Ok(None);
        };
        let ascii = match letter.to_ascii_lowercase() {
            'd' => Some("0-9"),
            's' => Some(r"\t\n\x0C\r\x20"),
            'w' => Some("0-9A-Za-z_"),
            _ => None,
        };
        if let Some(ascii) = ascii {
            self.rest = letters.as_str();
            let not = if letter.is_ascii_uppercase() { "^" } else { "" };
            return Ok(Some(format!("[{not}{ascii}]")));
        }
        if !matches!(letter, 'p' | 'P') {
            return Ok(None);
        }
        let after = letters.as_str();
        let invalid = || format!("invalid character class range: `\\{letter}{after}`");
        let (name, rest) = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}').ok_or_else(invalid)?,
            None => {
                let length = after.chars().next().map_or(0, char::len_utf8);
                after.split_at(length)
            }
        };
        let (negated, name) = match name.strip_prefix('^') {
            Some(name) => (letter == 'p', name),
            None => (letter == 'P', name),
        };
        let is_script = name.len() > 2
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphabetic() || letter == '_');
        let property = if name == "Any" || CATEGORIES.contains(&name) {
            name.to_owned()
        } else if is_script {
            format!("Script={name}")
        } else {
            return Err(invalid());
        };
        self.rest = rest;
        let letter = if negated { 'P' } else { 'p' };
        Ok(Some(format!("\\{letter}{{{property}}}")))
    }

    /// One escaped character, in a class or outside.
    fn escaped(&mut self) -> Result<char, String> {
        let whole = self.rest;
        let invalid = |length: usize| {
            let shown: String = whole.chars().take(length).collect();
            format!("invalid escape sequence: `{shown}`")
        };
        let mut letters = whole.chars();
        letters.next();
        let letter = letters
            .next()
            .ok_or_else(|| "trailing backslash at end of expression".to_owned())?;
        let after = letters.as_str();
        let (letter, rest) = match letter {
            // A single digit that is not zero would be a reference to a group.
            '1'..='7' if !after.starts_with(|next| matches!(next, '0'..='7')) => {
                return Err(invalid(2));
            }
            '0'..='7' => {
                let more = after
                    .bytes()
                    .take(2)
                    .take_while(|digit| (b'0'..=b'7').contains(digit))
                    .count();
                let digits = &whole[1..2 + more];
                let code = u32::from_str_radix(digits, 8).ok();
                (code.and_then(char::from_u32), &after[more..])
            }
            'x' => match after.strip_prefix('{') {
                Some(inner) => {
                    let (digits, rest) = inner.split_once('}').ok_or_else(|| invalid(3))?;
                    let code = u32::from_str_radix(digits, 16).ok();
                    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                    (code.filter(|_| plain).and_then(char::from_u32), rest)
                }
                None => {
                    let digits = after.get(..2).ok_or_else(|| invalid(4))?;
                    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                    let code = u32::from_str_radix(digits, 16).ok();
                    (code.filter(|_| plain).and_then(char::from_u32), &after[2..])
                }
            },
            'a' => (Some('\u{7}'), after),
            'f' => (Some('\u{c}'), after),
            'n' => (Some('\n'), after),
            'r' => (Some('\r'), after),
            't' => (Some('\t'), after),
            'v' => (Some('\u{b}'), after),
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => (Some(letter), after),
            _ => return Err(invalid(2)),
        };
        self.rest = rest;
        letter.ok_or_else(|| invalid(4))
    }

    fn class(&mut self) -> Result<(), String> {
        let whole = self.rest;
        self.rest = &self.rest[1..];
        let mut out = "[".to_owned();
        if let Some(rest) = self.rest.strip_prefix('^') {
            out.push('^');
            self.rest = rest;
        }
        let mut first = true;
        loop {
            if self.rest.is_empty() {
                return Err(format!("missing closing ]: `{whole}`"));
            }
            if !first && self.rest.starts_with(']') {
                break;
            }
            first = false;
            if let Some((name, rest)) = self
                .rest
                .strip_prefix("[:")
                .and_then(|inner| inner.split_once(":]"))
            {
                if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
                    return Err(format!("invalid character class range: `[:{name}:]`"));
                }
                out.push_str(&self.rest[..name.len() + 4]);
                self.rest = rest;
                continue;
            }
            if self.rest.starts_with('\\')
                && let Some(class) = self.named_class()?
            {
                out.push_str(&class);
                continue;
            }
            let start = self.rest;
            let low = self.member()?;
            let mut high = low;
            if self.rest.starts_with('-') && !self.rest[1..].starts_with(']') {
                let after = &self.rest[1..];
                if after.is_empty() {
                    return Err(format!("missing closing ]: `{whole}`"));
                }
                self.rest = after;
                high = self.member()?;
            }
            if high < low {
                let range = &start[..start.len() - self.rest.len()];
                return Err(format!("invalid character class range: `{range}`"));
            }
            // Writing to text does not fail.
            let _ = write!(
                out,
                "\\x{{{:X}}}-\\x{{{:X}}}",
                u32::from(low),
                u32::from(high)
            );
        }
        self.rest = &self.rest[1..];
        out.push(']');
        self.out.push_str(&out);
        Ok(())
    }

    /// One character of a class.
    fn member(&mut self) -> Result<char, String> {
        if self.rest.starts_with('\\') {
            return self.escaped();
        }
        let letter = self
            .rest
            .chars()
            .next()
            .ok_or_else(|| "missing closing ]".to_owned())?;
        self.rest = &self.rest[letter.len_utf8()..];
        Ok(letter)
    }

    fn literal(&mut self, letter: char) {
        self.out
            .push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
    }
}

/// `{2}`, `{2,}` or `{2,3}` at the start: what follows it, and the counts. Everything else in braces is text.
fn counted(text: &str) -> Option<(&str, u32, Option<u32>)> {
    let inner = text.strip_prefix('{')?;
    let (inner, rest) = inner.split_once('}')?;
    let number = |digits: &str| {
        let plain = !digits.is_empty()
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        // What does not fit is more than any bound.
        plain.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    match inner.split_once(',') {
        None => {
            let count = number(inner)?;
            Some((rest, count, Some(count)))
        }
        Some((least, "")) => Some((rest, number(least)?, None)),
        Some((least, most)) => Some((rest, number(least)?, Some(number(most)?))),
    }
}

/// Flags without repetition, which the crate refuses.
fn each_once(flags: &str) -> String {
    let mut once = String::new();
    for flag in flags.chars() {
        if !once.contains(flag) {
            once.push(flag);
        }
    }
    once
}
