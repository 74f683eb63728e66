//! Whether a recipient is an age public key: a typing slip would lock the secret away from everybody.

use super::{Subject, attribute};
use crate::diagnostic::Diagnostic;

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) fn is_an_age_key(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(recipient) = subject.get("recipient").as_str() else {
        return;
    };
    let Err(problem) = check(recipient) else {
        return;
    };
    // Somebody who pastes the private key must not find it in a log.
    let diagnostic = Diagnostic::error("invalid-recipient", "A recipient is not an age public key")
        .detail(format!("`recipient` {problem}."))
        .at(attribute("recipient"));
    found.push(if recipient.to_ascii_lowercase().starts_with("age-secret-key-") {
        diagnostic.hint("Give the public key, which starts with \"age1\"; `age-keygen -y` shows it. Treat the private key as disclosed.")
    } else {
        diagnostic.hint("Give a public key as `age-keygen` prints it: \"age1\" and 58 more characters.")
    });
}

/// Reads a Bech32 text (BIP 173) with the prefix `age` and 32 bytes.
fn check(text: &str) -> Result<(), &'static str> {
    if text.chars().any(|character| character.is_ascii_uppercase()) {
        return Err("has upper-case letters");
    }
    let Some(data) = text.strip_prefix("age1") else {
        return Err("does not start with \"age1\"");
    };
    let Some(values) = data
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .map(|position| position.and_then(|position| u32::try_from(position).ok()))
        .collect::<Option<Vec<u32>>>()
    else {
        return Err("has characters that no key has");
    };
    // 256 bits in groups of five, then six groups of checksum.
    if values.len() != 52 + 6 {
        return Err("has the wrong length");
    }
    let prefix = b"age";
    let high = prefix.iter().map(|byte| u32::from(byte >> 5));
    let low = prefix.iter().map(|byte| u32::from(byte & 31));
    let all = high.chain([0]).chain(low).chain(values);
    if checksum(all) == 1 {
        Ok(())
    } else {
        Err("has a wrong checksum: a character is missing or mistyped")
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

    #[test]
    fn a_mistyped_key_is_refused() {
        let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        assert_eq!(check(key), Ok(()));
        for (wrong, expected) in [
            (key.replace("ql3z", "ql3x"), "checksum"),
            (key.replace("age1", "age2"), "does not start"),
            (key[..key.len() - 1].to_owned(), "length"),
            (key.to_uppercase(), "upper-case"),
            (key.replace("ql3z", "qb3z"), "characters"),
            ("age1".to_owned(), "length"),
            (String::new(), "does not start"),
            ("age1é".to_owned(), "characters"),
        ] {
            let problem = check(&wrong).unwrap_err();
            assert!(problem.contains(expected), "{wrong}: {problem}");
        }
    }
}
