//! Keeps secrets out of what is said about an answer: first the ones we know, then whatever looks like one.

use std::cmp::Reverse;

use lanyard_compiler::secret::Secret;

use super::spelling;

/// Hides secrets in texts that servers and networks wrote.
#[derive(Default)]
pub(super) struct Redaction {
    known: Vec<Secret>,
}

/// The longest text of a server that is passed on, in characters.
const MAX_TEXT: usize = 600;

/// The longest that is looked through.
const MAX_READ: usize = 64 * 1024;

impl Redaction {
    /// Makes sure that this secret is never shown, however it is spelled. Very short ones are left to the shape: hiding them would
    /// riddle every sentence.
    pub(super) fn hide(&mut self, secret: &Secret) {
        if secret.expose().len() >= 4 {
            self.known.push(secret.clone());
            // What is part of a longer one comes after it, or the rest of that one would stay.
            self.known
                .sort_by_key(|secret| Reverse(secret.expose().len()));
        }
    }

    /// The text without the secrets that we know.
    pub(super) fn known(&self, text: &str) -> String {
        // What is cut off here, and a secret that is cut in two with it, is far behind what is shown.
        let mut text: String = text.chars().take(MAX_READ).collect();
        for secret in &self.known {
            text = spelling::hide(&text, secret);
        }
        text
    }

    /// The text without secrets, control characters and undue length. Nobody shortens it before: half a secret is not recognized.
    pub(super) fn text(&self, text: &str) -> String {
        let text: String = self
            .known(text)
            .chars()
            .map(|character| {
                if character.is_control() && character != '\n' {
                    ' '
                } else {
                    character
                }
            })
            .collect();
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
    fn the_rest_of_a_longer_secret_does_not_stay() {
        let mut redaction = Redaction::default();
        redaction.hide(&Secret::new("operator"));
        redaction.hide(&Secret::new("operator-pass"));
        assert_eq!(redaction.text("no operator-pass"), "no [secret]");
    }
}
