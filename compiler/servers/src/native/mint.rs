//! Makes secrets of the native form.

use aws_lc_rs::rand;
use data_encoding::HEXLOWER;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::secret::native_form::{ALPHABET, PREFIX, RANDOM_CHARACTERS, checksum};
use sha2::{Digest, Sha256};

/// A new secret; `None` if the system has no randomness to give.
pub(super) fn secret() -> Option<Secret> {
    let mut text = String::from(PREFIX);
    while text.len() < PREFIX.len() + RANDOM_CHARACTERS {
        let mut bytes = [0; 64];
        rand::fill(&mut bytes).ok()?;
        let characters = bytes
            .iter()
            // 248 is the largest multiple of 62 in a byte: beyond it, some characters would be likelier than others.
            .filter(|byte| **byte < 248)
            .map(|byte| char::from(ALPHABET[usize::from(byte % 62)]));
        text.extend(characters.take(PREFIX.len() + RANDOM_CHARACTERS - text.len()));
    }
    let checksum = checksum(&text);
    text.push_str(&checksum);
    Some(Secret::new(text))
}

/// What the server is told of a secret: `sha256:` and the hash in lower-case hexadecimal.
pub(super) fn hash(secret: &Secret) -> String {
    let digest = Sha256::digest(secret.expose().as_bytes());
    format!("sha256:{}", HEXLOWER.encode(&digest))
}

/// A name for one request that the server has never seen; `None` if the system has no randomness to give.
pub(super) fn idempotency_key() -> Option<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).ok()?;
    Some(format!("lanyard-{}", HEXLOWER.encode(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_the_native_form_and_never_repeat() {
        let secrets: std::collections::BTreeSet<_> = (0..100).map(|_| secret().unwrap()).collect();
        assert_eq!(secrets.len(), 100);
        for secret in secrets {
            let text = secret.expose();
            assert_eq!(text.len(), 42);
            assert!(text.starts_with("lyd_"));
            let (body, tail) = text.split_at(36);
            assert_eq!(checksum(body), tail);
            assert!(text[4..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(hash(&secret).len(), "sha256:".len() + 64);
        }
    }
}
