//! A secret as a server may echo it: as it is, or in what it was sent in. Text is decoded while it is compared, so that it does not matter
//! which characters a JSON text, an address, a form or a page escapes, and how.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use lanyard_compiler::secret::Secret;

const SHOWN: &str = "[secret]";

/// The text with each spelling of the secret taken out.
pub(super) fn hide(text: &str, secret: &Secret) -> String {
    let text = without_base64(text, secret);
    let secret = secret.expose().as_bytes();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let found = escaped(rest.as_bytes(), secret).or_else(|| hexadecimal(rest, secret));
        match found.filter(|length| rest.is_char_boundary(*length)) {
            Some(length) => {
                shown.push_str(SHOWN);
                rest = &rest[length..];
            }
            None => {
                shown.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    shown
}

/// How much of the text's start spells the secret, byte by byte, each as it is or escaped.
fn escaped(text: &[u8], secret: &[u8]) -> Option<usize> {
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

fn hexadecimal(text: &str, secret: &[u8]) -> Option<usize> {
    let length = 2 * secret.len();
    let mut digits = text.as_bytes().get(..length)?.chunks(2);
    let same = secret.iter().all(|byte| {
        digits
            .next()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .is_some_and(|digits| u8::from_str_radix(digits, 16) == Ok(*byte))
    });
    same.then_some(length)
}

/// Takes out each run of base64 that the secret is in, wherever in it: a server may echo a header with more in it than the secret.
fn without_base64(text: &str, secret: &Secret) -> String {
    let mut text = text.to_owned();
    for before in 0..3_usize {
        let padded = Secret::new(format!("{}{}", "\0".repeat(before), secret.expose()));
        // Six bits a character: those that are the secret's alone.
        let own = (before * 8).div_ceil(6)..padded.expose().len() * 8 / 6;
        // What is shorter stands in words, too.
        if own.len() < if before == 0 { 5 } else { 8 } {
            continue;
        }
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = Secret::new(engine.encode(padded.expose()));
            text = without_runs(&text, &encoded.expose()[own.clone()]);
        }
    }
    text
}

/// The text without the runs of base64 that this is in.
fn without_runs(text: &str, part: &str) -> String {
    let in_run = |character: char| character.is_ascii_alphanumeric() || "+/-_=".contains(character);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(part) {
        shown.push_str(rest[..found].trim_end_matches(in_run));
        shown.push_str(SHOWN);
        rest = rest[found..].trim_start_matches(in_run);
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

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
                check(clear, &STANDARD.encode(&pair));
                check(clear, &URL_SAFE_NO_PAD.encode(&pair));
            }
        }
        check("hunter2-hunter2", "68756e746572322d68756E74657232");
    }

    #[test]
    fn what_is_no_secret_stays() {
        let text = "cannot read %zz \\u12 &nosuch; &#999999999; \\ % & at_0123 hunter";
        assert_eq!(hide(text, &Secret::new("hunter2")), text);
        assert_eq!(hide("", &Secret::new("hunter2")), "");
        assert_eq!(hide("hunter", &Secret::new("hunter2")), "hunter");
    }
}
