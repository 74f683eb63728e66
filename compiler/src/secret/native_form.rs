//! The form of secrets on the native token server: `lyd_`, random characters, and a checksum, so that whoever searches texts for secrets
//! can tell a real one from a look-alike.

use std::ops::Range;

pub const PREFIX: &str = "lyd_";
pub const RANDOM_CHARACTERS: usize = 32;
pub const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const CHECKSUM_CHARACTERS: usize = 6;
const BODY: usize = PREFIX.len() + RANDOM_CHARACTERS;

/// CRC-32 (IEEE) of prefix and random characters, in base 62, padded with zeros.
pub fn checksum(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut digits = [b'0'; CHECKSUM_CHARACTERS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

/// Where secrets of this form stand in a text.
pub(crate) fn find(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(PREFIX).filter_map(|(start, _)| {
        let end = start + BODY + CHECKSUM_CHARACTERS;
        let found = text.get(start..end)?;
        let (body, sum) = found.split_at_checked(BODY)?;
        let has_form = found[PREFIX.len()..]
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
        (has_form && checksum(body) == sum).then_some(start..end)
    })
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_everybody_computes() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_secret_is_found_and_a_look_alike_is_not() {
        let body = format!("lyd_{}", "0aZ9".repeat(8));
        let secret = format!("{body}{}", checksum(&body));
        let text = format!("ü lyd_ {secret}{secret}, lyd_{secret}");
        let found: Vec<&str> = find(&text).map(|range| &text[range]).collect();
        assert_eq!(found, [&secret; 3]);
        let mistyped = secret.replacen('Z', "z", 1);
        for text in [&body, &mistyped, "lyd_", &secret[1..], "lyd_ü"] {
            assert_eq!(find(text).count(), 0, "{text}");
        }
    }
}
