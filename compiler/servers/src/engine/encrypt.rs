//! Secrets that only their recipient can read (age), so that no clear secret enters the state.

use age::Encryptor;
use age::armor::{ArmoredWriter, Format};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use std::io::Write;

/// The owner of an age public key, of each kind that needs no program beside age itself.
pub(super) struct Recipient(Box<dyn age::Recipient + Send + Sync>);

impl Recipient {
    fn parse(text: &str) -> Result<Self, &'static str> {
        // The kind is told by what stands before the last `1`: it is in no key's alphabet.
        Ok(Self(match text.rsplit_once('1').map(|(kind, _)| kind) {
            Some("age1tag") => Box::new(text.parse::<age::tag::Recipient>()?),
            Some("age1tagpq") => Box::new(text.parse::<age::tagpq::Recipient>()?),
            _ => Box::new(text.parse::<age::x25519::Recipient>()?),
        }))
    }
}

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
    Recipient::parse(text.trim()).map_err(|problem| {
        Diagnostic::error(
            Code::InvalidRecipient,
            "The recipient is not an age public key",
        )
        .detail(format!("`recipient`: {problem}."))
        .at(AttributePath::attribute("recipient"))
        .hint("Use the public key that `age-keygen` prints; it starts with \"age1\".")
    })
}

/// Puts a new secret into what was observed of its object: in clear, or for its recipient.
pub(super) fn store(
    secret: Secret,
    recipient: Option<&Recipient>,
    observed: &mut State,
) -> Result<(), Diagnostic> {
    observed.token = None;
    match recipient {
        None => observed.token = Some(secret),
        Some(recipient) => observed.encrypted_token = Some(encrypt(&secret, recipient)?),
    }
    Ok(())
}

/// The secret as an armored age file for the recipient.
fn encrypt(secret: &Secret, recipient: &Recipient) -> Result<String, Diagnostic> {
    write(secret, recipient).map_err(|problem| {
        Diagnostic::error(Code::NotEncrypted, "The secret could not be encrypted")
            .detail(problem)
            .at(AttributePath::attribute("recipient"))
    })
}

fn write(secret: &Secret, recipient: &Recipient) -> Result<String, String> {
    let to_text = |problem: &dyn std::fmt::Display| format!("age: {problem}.");
    let recipient: &dyn age::Recipient = recipient.0.as_ref();
    let encryptor = Encryptor::with_recipients(std::iter::once(recipient))
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
    fn keys_in_hardware_are_encrypted_for() {
        let key = "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e";
        let recipient = recipient(&format!("{key}\n")).unwrap();
        let text = encrypt(&Secret::new("lyd_hunter2"), &recipient).unwrap();
        assert!(!text.contains("hunter2"));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let problem = recipient("age1nonsense").err().unwrap();
        assert_eq!(problem.path.to_string(), "recipient");
    }
}
