//! Keeps secrets out of what is said about an answer: first the ones we know, then whatever looks like one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use lanyard_compiler::secret::Secret;

/// Hides secrets in texts that servers and networks wrote.
#[derive(Default)]
pub(super) struct Redaction {
    known: Vec<Secret>,
}

/// The longest text of a server that is passed on, in characters.
const MAX_TEXT: usize = 600;

impl Redaction {
    /// Makes sure that this secret is never shown, in none of its [spellings]. Very short ones are left to the shape: hiding them
    /// would riddle every sentence.
    pub(super) fn hide(&mut self, secret: &Secret) {
        if secret.expose().len() < 4 {
            return;
        }
        self.known.extend(spellings(secret.expose()));
        // What is part of a longer spelling comes after it, or the rest of that one would stay.
        self.known
            .sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        self.known.dedup();
    }

    /// The text without secrets, control characters and undue length.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text: String = text
            .chars()
            .map(|character| {
                if character.is_control() && character != '\n' {
                    ' '
                } else {
                    character
                }
            })
            .collect();
        for secret in &self.known {
            text = text.replace(secret.expose(), "[secret]");
        }
        let mut shown = String::with_capacity(text.len());
        for word in text.split_inclusive(|character: char| !is_secret_character(character)) {
            let bare = word.trim_end_matches(|character: char| !is_secret_character(character));
            if looks_secret(bare) {
                shown.push_str("[redacted]");
                shown.push_str(&word[bare.len()..]);
            } else {
                shown.push_str(word);
            }
        }
        match shown.char_indices().nth(MAX_TEXT) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }
}

/// A secret as a server may echo it: as it is; in a quoted JSON text; in an address or a form; in base64 of either alphabet.
fn spellings(clear: &str) -> impl Iterator<Item = Secret> {
    let quoted = serde_json::Value::from(clear).to_string();
    let form: String = form_urlencoded::byte_serialize(clear.as_bytes()).collect();
    let address = form.replace('+', "%20");
    [
        clear.to_owned(),
        quoted[1..quoted.len() - 1].to_owned(),
        address.replace("%7E", "~"),
        address,
        form,
        STANDARD.encode(clear),
        URL_SAFE.encode(clear),
        STANDARD_NO_PAD.encode(clear),
        URL_SAFE_NO_PAD.encode(clear),
    ]
    .into_iter()
    .map(Secret::new)
}

fn is_secret_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=_".contains(character)
}

/// Our own tokens by their prefix; anything long that mixes digits with capital and small letters, as random text does and words
/// and ids in sentences do not.
fn looks_secret(word: &str) -> bool {
    let has = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    (word.starts_with("lyd_") && word.len() > 12)
        || (word.len() >= 20
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
            && !word.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_words_stay() {
        let mut redaction = Redaction::default();
        redaction.hide(&Secret::new("operator-pass"));
        let text = redaction.text(
            "credential operator-pass, key lyd_0123456789abcdefghijABCDEFGHIJ01kq3Xyz: role \"viewer\" of at_0123456789ab is unknown\u{7}",
        );
        assert_eq!(
            text,
            "credential [secret], key [redacted]: role \"viewer\" of at_0123456789ab is unknown "
        );
        assert!(redaction.text(&"x".repeat(5000)).chars().count() <= MAX_TEXT + 1);
    }
    #[test]
    fn a_secret_is_hidden_however_it_is_spelled() {
        let clear = "o'p \"e\\r/a+t~o";
        let mut redaction = Redaction::default();
        redaction.hide(&Secret::new(clear));
        for spelling in [
            clear.to_owned(),
            serde_json::json!({ "echo": clear }).to_string(),
            "/login?password=o%27p%20%22e%5Cr%2Fa%2Bt~o".to_owned(),
            "password=o%27p+%22e%5Cr%2Fa%2Bt%7Eo&x=1".to_owned(),
            format!("basic {}.", STANDARD.encode(clear)),
            format!("basic {}.", URL_SAFE_NO_PAD.encode(clear)),
        ] {
            let shown = redaction.text(&spelling);
            assert!(shown.contains("[secret]"), "{spelling} is shown as {shown}");
            assert!(!shown.contains("a+t") && !shown.contains("%2Bt"), "{shown}");
        }
    }
}
