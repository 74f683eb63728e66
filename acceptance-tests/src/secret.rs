//! Secrets: minting them, telling by their checksum whether a string can be one, and hashing them. A secret is
//! `lyd_`, 32 random base62 characters and 6 of checksum, so that secret scanners find it and typing errors show.
//! The store sees hashes only.

use aws_lc_rs::{digest, rand};

const PREFIX: &str = "lyd_";
const RANDOM_LENGTH: usize = 32;
const CHECKSUM_LENGTH: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Mints a secret from the system's randomness.
#[must_use]
pub fn mint() -> String {
    let body = format!("{PREFIX}{}", random_base62(RANDOM_LENGTH));
    let checksum = checksum(&body);
    body + &checksum
}

/// Whether this has the form of a secret and its checksum is right; says nothing about whether it is valid.
#[must_use]
pub fn well_formed(candidate: &str) -> bool {
    let length = PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
    if candidate.len() != length || !candidate.starts_with(PREFIX) || !candidate.is_ascii() {
        return false;
    }
    let (body, given) = candidate.split_at(PREFIX.len() + RANDOM_LENGTH);
    body.bytes()
        .skip(PREFIX.len())
        .all(|byte| byte.is_ascii_alphanumeric())
        && checksum(body) == given
}

/// SHA-256 of the secret's UTF-8 bytes, in lower-case hex: what the store keeps.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref())
}

/// Random base62 characters, evenly distributed.
pub(crate) fn random_base62(length: usize) -> String {
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while text.len() < length {
        fill(&mut bytes);
        let fair = bytes.iter().filter(|byte| **byte < 248);
        for byte in fair.take(length - text.len()) {
            text.push(char::from(BASE62[usize::from(byte % 62)]));
        }
    }
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[expect(
    clippy::expect_used,
    reason = "a system without randomness must not mint secrets, and nothing later could help"
)]
fn fill(bytes: &mut [u8]) {
    rand::fill(bytes).expect("the operating system's random source answers");
}

fn checksum(body: &str) -> String {
    let mut rest = crc32(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.map(char::from).iter().collect()
}

/// CRC-32 as in gzip and PNG (reflected, polynomial 0xEDB88320).
fn crc32(bytes: &[u8]) -> u32 {
    let mut remainder = u32::MAX;
    for byte in bytes {
        remainder ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = remainder & 1;
            remainder >>= 1;
            if carry == 1 {
                remainder ^= 0xEDB8_8320;
            }
        }
    }
    !remainder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_crc_32_of_gzip_and_png() {
        // The check value that every catalogue of CRCs gives for this algorithm.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn the_hash_is_sha_256_in_lower_case_hex() {
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_minted_secret_is_well_formed_and_any_changed_character_shows() {
        let secret = mint();
        assert_eq!(secret.len(), 42);
        assert!(well_formed(&secret), "{secret}");
        for position in 0..secret.len() {
            let mut changed = secret.clone().into_bytes();
            changed[position] = if changed[position] == b'a' {
                b'b'
            } else {
                b'a'
            };
            let changed = String::from_utf8(changed).unwrap();
            assert!(!well_formed(&changed), "{secret} and {changed}");
        }
    }
}
