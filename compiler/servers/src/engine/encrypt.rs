//! Secrets that only their recipient can read (age), so that no clear secret enters the state.

use age::Encryptor;
use age::armor::{ArmoredWriter, Format};
use age::x25519::Recipient;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use std::io::Write;

/// A public key that secrets can be handed over with, outside of any state.
pub struct Seal(Recipient);

impl Seal {
    /// Reads an age public key (`age1…`).
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        recipient(text).map(Self)
    }

    /// The secret as an armored age file that only the owner of the key can read.
    pub fn close(&self, secret: &Secret) -> Result<String, Diagnostic> {
        encrypt(secret, &self.0)
    }
}

/// The key of `recipient`. Found before anything is created: a secret that could not be stored must not be issued.
pub(super) fn recipient(text: &str) -> Result<Recipient, Diagnostic> {
    text.trim().parse().map_err(|problem| {
        Diagnostic::error(
            "invalid-recipient",
            "The recipient is not an age public key",
        )
        .detail(format!("`recipient`: {problem}."))
        .at(AttributePath::attribute("recipient"))
        .hint("Use the public key that `age-keygen` prints; it starts with \"age1\".")
    })
}

/// The secret as an armored age file for the recipient.
pub(super) fn encrypt(secret: &Secret, recipient: &Recipient) -> Result<String, Diagnostic> {
    write(secret, recipient).map_err(|problem| {
        Diagnostic::error("not-encrypted", "The secret could not be encrypted")
            .detail(problem)
            .at(AttributePath::attribute("recipient"))
    })
}

fn write(secret: &Secret, recipient: &Recipient) -> Result<String, String> {
    let to_text = |problem: &dyn std::fmt::Display| format!("age: {problem}.");
    let encryptor = Encryptor::with_recipients(std::iter::once(recipient as &dyn age::Recipient))
        .map_err(|problem| to_text(&problem))?;
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)
        .map_err(|problem| to_text(&problem))?;
    let mut writer = encryptor
        .wrap_output(armored)
        .map_err(|problem| to_text(&problem))?;
    writer
        .write_all(secret.expose().as_bytes())
        .map_err(|problem| to_text(&problem))?;
    let armored = writer.finish().map_err(|problem| to_text(&problem))?;
    let bytes = armored.finish().map_err(|problem| to_text(&problem))?;
    String::from_utf8(bytes).map_err(|problem| to_text(&problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_of_the_key_reads_the_secret() {
        let key = age::x25519::Identity::generate();
        let recipient = recipient(&key.to_public().to_string()).unwrap();
        let text = encrypt(&Secret::new("lyd_hunter2"), &recipient).unwrap();
        assert!(
            text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"),
            "{text}"
        );
        assert!(!text.contains("hunter2"));
        assert_eq!(age::decrypt(&key, text.as_bytes()).unwrap(), b"lyd_hunter2");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let problem = recipient("age1nonsense").unwrap_err();
        assert_eq!(problem.path.to_string(), "recipient");
    }
}
