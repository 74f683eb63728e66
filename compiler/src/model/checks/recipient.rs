//! Whether a recipient is an age public key: a typing slip would lock the secret away from everybody.

use super::{Subject, attribute};
use crate::diagnostic::{Code, Diagnostic};

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) fn is_an_age_key(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(recipient) = subject.said.recipient.value() else {
        return;
    };
    // A file of keys ends with a new line.
    let Err(Problem { what, hint }) = check(recipient.trim()) else {
        return;
    };
    // The text itself is not shown: somebody who pastes the private key must not find it in a log.
    found.push(
        Diagnostic::error(
            Code::InvalidRecipient,
            "A recipient is not an age public key",
        )
        .detail(format!("`recipient` {what}."))
        .at(attribute("recipient"))
        .hint(hint),
    );
}

/// What is wrong with a recipient, as the end of a sentence, and what to do.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    what: String,
    hint: &'static str,
}

fn problem(what: impl Into<String>, hint: &'static str) -> Problem {
    Problem {
        what: what.into(),
        hint,
    }
}

const PRINTED: &str =
    "Give a public key as `age-keygen` prints it: \"age1\" and 58 more characters.";
const SECRET: &str = "Give the public key, which starts with \"age1\"; `age-keygen -y` shows it. Treat the private key as disclosed.";
const POST_QUANTUM: &str = "Give an X25519 key (`age-keygen` prints one), or one of hardware that is made for both (age1tagpq1…): age makes a file for post-quantum recipients alone or for none.";
const SSH: &str = "Make an age key with `age-keygen`, and give its public key.";
const PLUGIN: &str = "Give a key that age itself can encrypt for: an X25519 key (age1…), or one of hardware (age1tag1…, age1tagpq1…), which newer plugins print.";

/// Reads a Bech32 text (BIP 173) with the prefix of a kind of key that secrets can be encrypted for.
fn check(text: &str) -> Result<(), Problem> {
    if text.to_ascii_lowercase().starts_with("age-secret-key-") {
        return Err(problem("is a private key", SECRET));
    }
    if text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") || text.starts_with("sk-ssh-") {
        return Err(problem("is a key for SSH", SSH));
    }
    if text.lines().count() > 1 {
        let hint = "Give one key: a token has one recipient.";
        return Err(problem("has several lines", hint));
    }
    if text.chars().any(|character| character.is_ascii_uppercase()) {
        return Err(problem("has upper-case letters", PRINTED));
    }
    // The last `1` ends the prefix: it is not in the alphabet.
    let Some((prefix, data)) = text
        .rsplit_once('1')
        .filter(|(prefix, _)| *prefix == "age" || prefix.starts_with("age1"))
    else {
        return Err(problem("does not start with \"age1\"", PRINTED));
    };
    let values = data
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .map(|position| position.and_then(|position| u32::try_from(position).ok()))
        .collect::<Option<Vec<u32>>>()
        .ok_or_else(|| problem("has characters that no key has", PRINTED))?;
    let bytes = match prefix {
        "age" => 32,
        // A point of P-256, compressed.
        "age1tag" => 33,
        // ML-KEM-768 and a point of P-256.
        "age1tagpq" => 1_184 + 65,
        "age1pq" => {
            return Err(problem(
                "is a post-quantum key (age1pq1…), and such keys are not supported yet",
                POST_QUANTUM,
            ));
        }
        _ => {
            return Err(problem(
                "is a key of a plugin of age, and plugins are not run here",
                PLUGIN,
            ));
        }
    };
    // Groups of five bits, then six groups of checksum.
    if values.len() != usize::div_ceil(bytes * 8, 5) + 6 {
        return Err(problem("has the wrong length", PRINTED));
    }
    let high = prefix.bytes().map(|byte| u32::from(byte >> 5));
    let low = prefix.bytes().map(|byte| u32::from(byte & 31));
    let all = high.chain([0]).chain(low).chain(values);
    if checksum(all) == 1 {
        Ok(())
    } else {
        Err(problem(
            "has a wrong checksum: a character is missing or mistyped",
            PRINTED,
        ))
    }
}

fn checksum(values: impl Iterator<Item = u32>) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.fold(1, |state, value| {
        let top = state >> 25;
        let shifted = (state & 0x01ff_ffff) << 5 ^ value;
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| top >> bit & 1 == 1)
            .fold(shifted, |state, (_, generator)| state ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    #[test]
    fn a_mistyped_key_is_refused() {
        assert_eq!(check(KEY), Ok(()));
        for (wrong, expected) in [
            (KEY.replace("ql3z", "ql3x"), "checksum"),
            (KEY.replace("age1", "age2"), "does not start"),
            (KEY[..KEY.len() - 1].to_owned(), "length"),
            (KEY.to_uppercase(), "upper-case"),
            (KEY.replace("ql3z", "qb3z"), "characters"),
            ("age1".to_owned(), "length"),
            (String::new(), "does not start"),
            ("age1é".to_owned(), "characters"),
            (format!("{KEY}\n{KEY}"), "several lines"),
        ] {
            let problem = check(&wrong).unwrap_err();
            assert!(problem.what.contains(expected), "{wrong}: {problem:?}");
        }
    }

    #[test]
    fn a_key_of_another_kind_is_told_as_what_it_is() {
        let tagged = "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e";
        assert_eq!(check(tagged), Ok(()));
        for (other, what, hint) in [
            ("age1pq1qqqqqqqq", "post-quantum key", "age1tagpq1"),
            ("age1yubikey1qqqqqqqq", "a plugin of age", "X25519"),
            ("age1se1qqqqqqqq", "a plugin of age", "X25519"),
            (
                "ssh-ed25519 AAAAC3Nza me@here",
                "a key for SSH",
                "age-keygen",
            ),
            ("ssh-rsa AAAAB3Nza", "a key for SSH", "age-keygen"),
            ("AGE-SECRET-KEY-1QQQ", "a private key", "disclosed"),
        ] {
            let problem = check(other).unwrap_err();
            assert!(problem.what.contains(what), "{problem:?}");
            assert!(problem.hint.contains(hint), "{problem:?}");
        }
    }
}
