//! A secret as a server may echo it: as it is, or in what it was sent in, also where that stands in something else: a JSON text in a JSON
//! text, a percent-encoded address in an address, a form in base64. Text is decoded while it is compared, so that it does not matter which
//! characters a JSON text, an address, a form or a page escapes, and how.

use std::collections::BTreeSet;
use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use lanyard_compiler::secret::Secret;

const SHOWN: &str = "[secret]";

/// How many encodings may lie around the one that the secret is in.
const AROUND: usize = 2;

/// The signs that begin an escape: of addresses and forms, of JSON, of pages.
const SIGNS: [u8; 3] = [b'%', b'\\', b'&'];

/// The text with each spelling of the secret taken out.
pub(super) fn hide(text: &str, secret: &Secret) -> String {
    let mut found = spelled(text.as_bytes(), secret.expose().as_bytes(), AROUND);
    found.sort_by_key(|range| (range.start, range.end));
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    let mut ranges = found.into_iter().peekable();
    while let Some(Range { start, mut end }) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start < end) {
            end = end.max(next.end);
        }
        let start = (0..=start).rev().find(|at| text.is_char_boundary(*at));
        let end = (end..=text.len()).find(|at| text.is_char_boundary(*at));
        shown.push_str(&text[from..start.unwrap_or(0).max(from)]);
        shown.push_str(SHOWN);
        from = end.unwrap_or(text.len());
    }
    shown + &text[from..]
}

/// Where the secret is in a text, up to so many encodings deeper than the outermost.
fn spelled(text: &[u8], secret: &[u8], around: usize) -> Vec<Range<usize>> {
    let mut found = here(text, secret);
    found.extend(in_base64(text, secret));
    let Some(around) = around.checked_sub(1) else {
        return found;
    };
    for layer in SIGNS.iter().filter_map(|sign| Layer::under(text, *sign)) {
        let deeper = spelled(&layer.bytes, secret, around);
        found.extend(deeper.into_iter().map(|range| layer.around(&range)));
    }
    let holds = |run: &Range<usize>| {
        let mut decoded = decoded(&text[run.clone()]);
        decoded.any(|bytes| !spelled(&bytes, secret, around).is_empty())
    };
    found.extend(runs(text).into_iter().filter(holds));
    found
}

/// Where the secret is, byte by byte as it is, escaped or hexadecimal.
fn here(text: &[u8], secret: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        match escaped(rest, secret).or_else(|| hexadecimal(rest, secret)) {
            Some(length) => {
                found.push(at..at + length);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// A text with one kind of escapes read.
struct Layer {
    bytes: Vec<u8>,
    /// Where each byte stood in the text.
    places: Vec<Range<usize>>,
}

impl Layer {
    /// `None` if nothing is escaped so.
    fn under(text: &[u8], sign: u8) -> Option<Self> {
        let mut layer = Self {
            bytes: Vec::with_capacity(text.len()),
            places: Vec::with_capacity(text.len()),
        };
        let mut at = 0;
        while at < text.len() {
            let mut readings = if text[at] == sign {
                readings(&text[at..])
            } else {
                Vec::new()
            };
            let (bytes, length) = match readings.pop() {
                Some((spelled, length)) => (spelled, length),
                None => (Spelled::byte(text[at]), 1),
            };
            for byte in bytes.as_bytes() {
                layer.bytes.push(*byte);
                layer.places.push(at..at + length);
            }
            at += length;
        }
        (layer.bytes != text).then_some(layer)
    }

    /// The part of the text that a part of this stood in; no part is empty.
    fn around(&self, part: &Range<usize>) -> Range<usize> {
        let places = &self.places[part.clone()];
        match (places.first(), places.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }
}

/// How much of the text's start spells the secret, byte by byte, each as it is or escaped.
fn escaped(text: &[u8], secret: &[u8]) -> Option<usize> {
    let may_begin = |byte: &u8| Some(byte) == secret.first() || b"%+\\&".contains(byte);
    if !text.first().is_some_and(may_begin) {
        return None;
    }
    // A backslash or a percent sign may stand for itself, too: both readings are followed, side by side, and the longest counts.
    let mut open = BTreeSet::from([(0, 0)]);
    let mut longest = None;
    while let Some((done, at)) = open.pop_first() {
        if done == secret.len() {
            longest = longest.max(Some(at));
            continue;
        }
        for (spelled, length) in readings(&text[at..]) {
            let bytes = spelled.as_bytes();
            if secret[done..].starts_with(bytes) {
                open.insert((done + bytes.len(), at + length));
            }
        }
        if text.get(at) == secret.get(done) {
            open.insert((done + 1, at + 1));
        }
    }
    longest
}

/// What the start of a text may stand for beside itself, and how long that is. At most a few, since one sign begins each.
fn readings(text: &[u8]) -> Vec<(Spelled, usize)> {
    let digits = |from: usize, to: usize, radix| {
        let digits = std::str::from_utf8(text.get(from..to)?).ok()?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, radix).ok().filter(|_| plain)
    };
    let unit =
        |from: usize| digits(from + 2, from + 6, 16).filter(|_| text[from..].starts_with(b"\\u"));
    let mut found = Vec::new();
    let mut add =
        |spelled: Option<Spelled>, length| found.extend(spelled.map(|spelled| (spelled, length)));
    match text.first() {
        Some(b'%') => {
            let byte = digits(1, 3, 16).and_then(|byte| u8::try_from(byte).ok());
            add(byte.map(Spelled::byte), 3);
        }
        Some(b'+') => add(Some(Spelled::byte(b' ')), 1),
        Some(b'\\') => match text.get(1) {
            Some(b'u') => match (unit(0), text.get(6..).and_then(|_| unit(6))) {
                (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                    let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    add(Spelled::character(code), 12);
                }
                (code, _) => add(code.and_then(Spelled::character), 6),
            },
            Some(letter) => {
                let byte = match letter {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 8,
                    b'f' => 12,
                    other => *other,
                };
                add(Some(Spelled::byte(byte)), 2);
            }
            None => {}
        },
        Some(b'&') => {
            let end = text.iter().take(10).position(|byte| *byte == b';');
            let name = end.and_then(|end| std::str::from_utf8(&text[1..end]).ok());
            let code = name.and_then(|name| match name {
                "amp" => Some(u32::from('&')),
                "lt" => Some(u32::from('<')),
                "gt" => Some(u32::from('>')),
                "quot" => Some(u32::from('"')),
                "apos" => Some(u32::from('\'')),
                name => match name.strip_prefix('#')?.split_at_checked(1)? {
                    ("x" | "X", digits) => u32::from_str_radix(digits, 16).ok(),
                    _ => name[1..].parse().ok(),
                },
            });
            add(
                code.and_then(Spelled::character),
                end.unwrap_or_default() + 1,
            );
        }
        _ => {}
    }
    found
}

/// One byte, or one character in UTF-8.
struct Spelled {
    bytes: [u8; 4],
    length: usize,
}

impl Spelled {
    fn byte(byte: u8) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
        }
    }

    fn character(code: u32) -> Option<Self> {
        let mut bytes = [0; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self { bytes, length })
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

fn hexadecimal(text: &[u8], secret: &[u8]) -> Option<usize> {
    let length = 2 * secret.len();
    let mut digits = text.get(..length)?.chunks(2);
    let same = secret.iter().all(|byte| {
        digits
            .next()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .is_some_and(|digits| u8::from_str_radix(digits, 16) == Ok(*byte))
    });
    same.then_some(length)
}

/// The runs of base64 that the secret is in, wherever in it: a server may echo a header with more in it than the secret.
fn in_base64(text: &[u8], secret: &[u8]) -> Vec<Range<usize>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for before in 0..3_usize {
        let mut padded = vec![0; before];
        padded.extend(secret);
        // Six bits a character: those that are the secret's alone.
        let own = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
        // What is shorter stands in words, too.
        if own.len() < if before == 0 { 5 } else { 8 } {
            continue;
        }
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            parts.push(engine.encode(&padded).as_bytes()[own.clone()].to_vec());
        }
    }
    let holds = |run: &Range<usize>| {
        let run = &text[run.clone()];
        parts
            .iter()
            .any(|part| run.windows(part.len()).any(|window| window == part))
    };
    runs(text).into_iter().filter(holds).collect()
}

/// The longest parts of a text that may be base64, each with the signs that fill it up.
fn runs(text: &[u8]) -> Vec<Range<usize>> {
    let in_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let mut runs = Vec::new();
    let mut at = 0;
    for part in text.chunk_by(|one, next| in_run(one) == in_run(next)) {
        // Shorter than a short secret.
        if part.len() >= 5 && part.first().is_some_and(in_run) {
            runs.push(at..at + part.len());
        }
        at += part.len();
    }
    runs
}

/// What a run of base64 may say: what stands before it may have the look of it, too.
fn decoded(run: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let parts = run.split(|byte| *byte == b'=');
    parts.flat_map(|part| {
        let part: Vec<u8> = part
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .collect();
        (0..4).filter_map(move |from| {
            let part = part.get(from..)?;
            // One character alone is no byte.
            let whole = part.len() - usize::from(part.len() % 4 == 1);
            LENIENT.decode(&part[..whole]).ok()
        })
    })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD as STANDARD_PADDED;

    use super::*;

    /// Nothing of the secret stays, and what is around it does.
    fn check(secret: &str, spelling: &str) {
        let text = format!("before {spelling} behind");
        let shown = hide(&text, &Secret::new(secret));
        assert_eq!(shown, "before [secret] behind", "{spelling}");
    }

    #[test]
    fn a_secret_is_hidden_however_it_is_spelled() {
        let clear = "o'p \"e\\r/a+t~o<ü>";
        for spelling in [
            clear,
            // JSON, as serde, Go, PHP and Python write it.
            r#"o'p \"e\\r/a+t~o<ü>"#,
            r#"o\u0027p \"e\\r/a+t~o\u003cü\u003E"#,
            r#"o'p \"e\\r\/a+t~o<\u00fc>"#,
            // Addresses and forms.
            "o%27p%20%22e%5Cr%2Fa%2Bt~o%3C%C3%BC%3E",
            "o%27p+%22e%5cr%2fa%2bt%7Eo%3c%c3%bc%3e",
            "o'p+\"e%5Cr/a%2Bt~o<%C3%BC>",
            // Pages.
            "o&#39;p &quot;e\\r/a+t~o&lt;ü&gt;",
            "o&#x27;p&#32;&#34;e&#92;r/a&#43;t~o&lt;&#xFC;&gt;",
        ] {
            check(clear, spelling);
        }
        check("line\n😀 end", r"line\n\ud83d\ude00 end");
        check("ends in a %", "ends in a %");
        check("back\\slash\\", r"back\\slash\\");
    }

    #[test]
    fn a_secret_is_hidden_in_base64_wherever_it_stands() {
        let clear = "s3cr3t?>~with signs";
        for around in ["", "a:", "ab:", "abc:", "someone@example.com:"] {
            for behind in ["", "!", "\n"] {
                let pair = format!("{around}{clear}{behind}");
                check(clear, &STANDARD_PADDED.encode(&pair));
                check(clear, &URL_SAFE_NO_PAD.encode(&pair));
            }
        }
        check("hunter2-hunter2", "68756e746572322d68756E74657232");
    }

    type Encoding = fn(&[u8]) -> String;

    /// Each way to write a text in another, as those who do it write it.
    const ENCODINGS: [(&str, Encoding); 6] = [
        ("JSON", |text| {
            let text = String::from_utf8_lossy(text);
            serde_json::to_string(&text)
                .unwrap()
                .trim_matches('"')
                .to_owned()
        }),
        ("JSON in ASCII", |text| {
            let text = String::from_utf8_lossy(text);
            let unit = |unit: u16| match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                _ => format!("\\u{unit:04x}"),
            };
            text.encode_utf16().map(unit).collect()
        }),
        ("address", |text| {
            let byte = |byte: &u8| match byte {
                byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
                byte => format!("%{byte:02X}"),
            };
            text.iter().map(byte).collect()
        }),
        ("form", |text| {
            form_urlencoded::byte_serialize(text).collect()
        }),
        ("page", |text| {
            let text = String::from_utf8_lossy(text);
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;")
        }),
        ("base64", |text| STANDARD_PADDED.encode(text)),
    ];

    #[test]
    fn a_secret_is_hidden_in_three_encodings_of_each_other() {
        let clear = "o'p \"e\\r/a+t~o<ü>%41&amp;";
        for (first, inner) in ENCODINGS {
            for (second, middle) in ENCODINGS {
                for (third, outer) in ENCODINGS {
                    for around in ["", "someone:"] {
                        let pair = format!("{around}{clear}");
                        let text = outer(middle(inner(pair.as_bytes()).as_bytes()).as_bytes());
                        let shown = hide(&format!("before {text} behind"), &Secret::new(clear));
                        let rest = shown.replace("someone:", "").replace("someone%3A", "");
                        assert!(
                            rest.len() < 50 && shown.contains(SHOWN),
                            "{first} in {second} in {third}: {text}: {shown}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let text = "cannot read %zz \\u12 &nosuch; &#999999999; \\ % & at_0123 hunter";
        assert_eq!(hide(text, &Secret::new("hunter2")), text);
        assert_eq!(hide("", &Secret::new("hunter2")), "");
        assert_eq!(hide("hunter", &Secret::new("hunter2")), "hunter");
    }
}
