//! The leak search: no secret that anybody knows of may stand in anything that people or log collectors read, in any usual spelling.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::fs::OpenOptions;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

use super::binaries::scratch;

/// Fails if one of `secrets`, or anything shaped like a secret of the native server, stands in `text`. Says where, never what.
pub(crate) fn expect_none(secrets: &[String], place: &str, text: &str) {
    Search::of(secrets).expect_none(place, text);
}

/// A search for the same secrets in many texts. When it ends it notes how much it searched in `leak-search.tsv` in the scratch
/// folder: one line with the number of secrets, of texts and of bytes.
pub(crate) struct Search {
    needles: Needles,
    secrets: usize,
    texts: Cell<usize>,
    bytes: Cell<usize>,
}

impl Search {
    pub(crate) fn of(secrets: &[String]) -> Self {
        let secrets: HashSet<&String> = secrets.iter().collect();
        Self {
            needles: Needles::of(&secrets),
            secrets: secrets.len(),
            texts: Cell::default(),
            bytes: Cell::default(),
        }
    }

    /// See [`expect_none`].
    pub(crate) fn expect_none(&self, place: &str, text: &str) {
        let mut leaks: Vec<String> = Vec::new();
        self.needles.search(text, |at, form| {
            leaks.push(format!(
                "a secret, {form}, in line {}: {}",
                line_number(text, at),
                around(text, at)
            ));
        });
        self.texts.set(self.texts.get() + 1);
        self.bytes.set(self.bytes.get() + text.len());
        leaks.extend(find_shape(text).map(|at| {
            format!(
                "something shaped like a secret, in line {}: {}",
                line_number(text, at),
                around(text, at)
            )
        }));
        assert!(
            leaks.is_empty(),
            "{place} should hold no secret, but holds:\n{}",
            leaks.join("\n")
        );
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        let line = format!(
            "{}\t{}\t{}\n",
            self.secrets,
            self.texts.get(),
            self.bytes.get()
        );
        // One write, so that the lines of processes side by side do not mix. A search counts without its note, too.
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(scratch().join("leak-search.tsv"));
        let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// All spellings of all secrets, to be found in one pass: a fleet's log is long, and so is the list of its secrets.
struct Needles {
    /// By their first eight bytes; no spelling is shorter.
    by_start: HashMap<[u8; START], Vec<(&'static str, String)>>,
    /// Which two bytes any of them begins with.
    begins: Vec<bool>,
}

const START: usize = 8;

impl Needles {
    fn of(secrets: &HashSet<&String>) -> Self {
        let mut needles = Self {
            by_start: HashMap::new(),
            begins: vec![false; 1 << 16],
        };
        for (form, spelling) in secrets.iter().flat_map(|secret| spellings(secret)) {
            let start = *spelling
                .as_bytes()
                .first_chunk()
                .expect("secrets are longer than eight bytes");
            needles.begins[pair(&start)] = true;
            needles
                .by_start
                .entry(start)
                .or_default()
                .push((form, spelling));
        }
        needles
    }

    /// Calls `found` with the first place of each spelling that stands in `text`, and its name.
    fn search(&self, text: &str, mut found: impl FnMut(usize, &'static str)) {
        let mut seen: HashSet<&str> = HashSet::new();
        for (at, start) in text.as_bytes().windows(START).enumerate() {
            if !self.begins[pair(start)] {
                continue;
            }
            for (form, spelling) in self.by_start.get(start).into_iter().flatten() {
                if text.as_bytes()[at..].starts_with(spelling.as_bytes()) && seen.insert(spelling) {
                    found(at, form);
                }
            }
        }
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// The spellings that a secret takes on its way into texts, each with its name.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    let url_encoded: String = secret
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let json = serde_json::to_string(secret).expect("text is JSON");
    let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut spellings = vec![
        ("as it is", secret.to_owned()),
        ("URL-encoded", url_encoded),
        ("as JSON", json.trim_matches('"').to_owned()),
        ("in hexadecimal", hexadecimal),
        // A third of a secret is more than a hint.
        ("its beginning", secret.chars().take(14).collect()),
        (
            "its end",
            secret
                .chars()
                .skip(secret.chars().count().saturating_sub(14))
                .collect(),
        ),
    ];
    // Inside a longer text, such as `user:password`, base64 depends on where the secret begins; what it shares with its neighbours is cut off.
    for offset in 0..3 {
        let padded = format!("{}{secret}", "x".repeat(offset));
        let encoded = BASE64.encode(padded);
        spellings.push((
            "in base64",
            encoded[[0, 2, 3][offset]..encoded.len() - 2].to_owned(),
        ));
    }
    spellings
}

/// `lyd_` and at least twelve base62 characters.
fn find_shape(text: &str) -> Option<usize> {
    text.match_indices("lyd_").map(|(at, _)| at).find(|at| {
        let rest = &text.as_bytes()[at + 4..];
        rest.len() >= 12 && rest[..12].iter().all(u8::is_ascii_alphanumeric)
    })
}

fn line_number(text: &str, at: usize) -> usize {
    text[..at].lines().count().max(1)
}

/// The words before the leak, which usually tell who wrote it.
fn around(text: &str, at: usize) -> String {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before: Vec<char> = text[line_start..at].chars().collect();
    let start = before.len().saturating_sub(120);
    format!("…{}[secret]", before[start..].iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "lyd_0123456789ABCDEFGHIJabcdefghij01Zz19Q2";

    fn is_found(text: &str) -> bool {
        std::panic::catch_unwind(|| expect_none(&[SECRET.to_owned()], "the text", text)).is_err()
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        assert!(is_found(&format!("Authorization: Bearer {SECRET}")));
        assert!(is_found(&format!("token={}…", &SECRET[..20])));
        assert!(is_found(&format!("…{}", &SECRET[20..])));
        for user in ["", "a", "ab", "abc", "operator:"] {
            let padded =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}{SECRET}"));
            assert!(
                is_found(&format!("Basic {padded}")),
                "with {user:?} before it"
            );
        }
        let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(is_found(&hexadecimal));
    }

    #[test]
    fn an_unknown_secret_is_found_by_its_shape() {
        assert!(is_found("lyd_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz000000"));
    }

    #[test]
    fn other_text_is_none() {
        assert!(!is_found(
            "token = (sensitive value), lyd_ is the prefix, aGVsbG8gd29ybGQ="
        ));
    }
}
