//! Keeps secrets out of what is said about an answer: first the ones we know, then whatever looks like one.

use std::cmp::Reverse;

use lanyard_compiler::secret::Secret;

use super::request::Request;
use super::{likeness, spelling};

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

    /// The text of an answer to this request without secrets, control characters and undue length. Nobody shortens it before: half a
    /// secret is not recognized.
    pub(super) fn text(&self, text: &str, request: &Request) -> String {
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
        let shown = likeness::hide(&text, request);
        match shown.char_indices().nth(MAX_TEXT) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(redaction: &Redaction, text: &str) -> String {
        redaction.text(text, &Request::get("/things"))
    }

    #[test]
    fn secrets_are_hidden_and_words_stay() {
        let mut redaction = Redaction::default();
        redaction.hide(&Secret::new("operator-pass"));
        let shown = text(
            &redaction,
            "credential operator-pass, key lyd_0123456789abcdefghijABCDEFGHIJ01kq3Xyz: role \"viewer\" of at_0123456789ab is unknown\u{7}",
        );
        assert_eq!(
            shown,
            "credential [secret], key [redacted]: role \"viewer\" of at_0123456789ab is unknown "
        );
        assert!(text(&redaction, &"x".repeat(5000)).chars().count() <= MAX_TEXT + 1);
    }

    #[test]
    fn the_rest_of_a_longer_secret_does_not_stay() {
        let mut redaction = Redaction::default();
        redaction.hide(&Secret::new("operator"));
        redaction.hide(&Secret::new("operator-pass"));
        assert_eq!(text(&redaction, "no operator-pass"), "no [secret]");
    }
}
