//! Checksums and names derived from them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::files::bytes_of;
use super::{Failure, Outcome, text};
use crate::language::evaluate::{Evaluator, Names};
use crate::language::term::Term;

fn hex(bytes: impl AsRef<[u8]>) -> Outcome {
    Ok(Term::string(HEXLOWER.encode(bytes.as_ref())))
}

fn base64(bytes: impl AsRef<[u8]>) -> Outcome {
    Ok(Term::string(STANDARD.encode(bytes)))
}

pub(super) fn md5(arguments: &[Term]) -> Outcome {
    hex(Md5::digest(text(arguments, 0)))
}

pub(super) fn sha1(arguments: &[Term]) -> Outcome {
    hex(Sha1::digest(text(arguments, 0)))
}

pub(super) fn sha256(arguments: &[Term]) -> Outcome {
    hex(Sha256::digest(text(arguments, 0)))
}

pub(super) fn sha512(arguments: &[Term]) -> Outcome {
    hex(Sha512::digest(text(arguments, 0)))
}

pub(super) fn base64sha256(arguments: &[Term]) -> Outcome {
    base64(Sha256::digest(text(arguments, 0)))
}

pub(super) fn base64sha512(arguments: &[Term]) -> Outcome {
    base64(Sha512::digest(text(arguments, 0)))
}

pub(super) fn filemd5(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    hex(Md5::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn filesha1(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    hex(Sha1::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn filesha256(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    hex(Sha256::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn filesha512(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    hex(Sha512::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn filebase64sha256(
    evaluator: &Evaluator<'_>,
    _: &dyn Names,
    arguments: &[Term],
) -> Outcome {
    base64(Sha256::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn filebase64sha512(
    evaluator: &Evaluator<'_>,
    _: &dyn Names,
    arguments: &[Term],
) -> Outcome {
    base64(Sha512::digest(bytes_of(evaluator, text(arguments, 0))?))
}

pub(super) fn uuidv5(arguments: &[Term]) -> Outcome {
    let namespace = match text(arguments, 0) {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let digits: String = namespace.chars().filter(|letter| *letter != '-').collect();
    let groups: Vec<usize> = namespace.split('-').map(str::len).collect();
    let bytes: Option<Vec<u8>> = (groups == [8, 4, 4, 4, 12] && digits.is_ascii())
        .then(|| {
            (0..16)
                .map(|index| u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16).ok())
                .collect()
        })
        .flatten();
    let Some(bytes) = bytes else {
        return Err(Failure::argument(
            0,
            format!("uuidv5() doesn't support namespace {namespace:?}"),
        ));
    };
    let hash = Sha1::new()
        .chain_update(bytes)
        .chain_update(text(arguments, 1))
        .finalize();
    let mut id = [0_u8; 16];
    id.copy_from_slice(&hash[..16]);
    id[6] = (id[6] & 0x0f) | 0x50;
    id[8] = (id[8] & 0x3f) | 0x80;
    let digits = HEXLOWER.encode(&id);
    Ok(Term::string(format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    )))
}
