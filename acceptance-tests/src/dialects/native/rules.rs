//! What values must look like, in one place: the OpenAPI document states the same rules as patterns.

/// Characters a name may have.
pub(super) const NAME_LENGTH: usize = 128;
/// Characters a description may have.
pub(super) const DESCRIPTION_LENGTH: usize = 1024;
/// Pairs a restriction may ask for.
pub(super) const RESTRICTION_LABELS: usize = 2;
/// Characters a label's key, and its value, may have.
pub(super) const LABEL_LENGTH: usize = 128;
/// Entries a list of roles, scopes, users or teams may have.
pub(super) const LIST_LENGTH: usize = 100;
/// Sixty days.
pub(super) const GRACE_PERIOD_SECONDS: i64 = 5_184_000;
/// The roles that have a meaning to the server.
pub(super) const ROLES: [&str; 3] = ["viewer", "editor", "admin"];
pub(super) const PERMISSIONS: [&str; 3] = ["READ", "WRITE", "READ_AND_WRITE"];
pub(super) const VISIBILITY_LEVELS: [&str; 3] = ["admins", "selected", "everyone"];

type Checked = Result<(), String>;

pub(super) fn name(text: &str) -> Checked {
    length(text, 1, NAME_LENGTH)?;
    if text.chars().any(char::is_control) {
        return Err("a name has no control characters".to_owned());
    }
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err("a name has no space at its start or end".to_owned());
    }
    Ok(())
}

pub(super) fn description(text: &str) -> Checked {
    length(text, 0, DESCRIPTION_LENGTH)
}

pub(super) fn role(text: &str) -> Checked {
    let tail =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    identifier(text, 63, tail).then_some(()).ok_or_else(|| {
        format!("{text:?} is no role's name: a small letter, then up to 62 of a-z, 0-9, _ and -")
    })
}

pub(super) fn scope(text: &str) -> Checked {
    let tail =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.:-".contains(&byte);
    identifier(text, 64, tail).then_some(()).ok_or_else(|| {
        format!("{text:?} is no scope: a small letter, then up to 63 of a-z, 0-9, _, ., : and -")
    })
}

/// The name of a tool, which must fit into the header `Managed-By`.
pub(super) fn managed_by(text: &str) -> Checked {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || text.is_empty() || text.len() > 255 || text == "*" {
        return Err("use 1 to 255 visible ASCII characters, and not * alone".to_owned());
    }
    Ok(())
}

/// Where a tool's records are kept, in its own words.
pub(super) fn origin(text: &str) -> Checked {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || text.is_empty() || text.len() > 255 {
        return Err("use 1 to 255 visible ASCII characters".to_owned());
    }
    Ok(())
}

pub(super) fn secret_hash(text: &str) -> Checked {
    let digits = text.strip_prefix("sha256:").unwrap_or_default();
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if digits.len() != 64 || !digits.bytes().all(hex) {
        return Err(
            "use sha256: and 64 lower-case hex digits, the SHA-256 of the secret's UTF-8 bytes"
                .to_owned(),
        );
    }
    Ok(())
}

pub(super) fn label_key(text: &str) -> Checked {
    length(text, 1, LABEL_LENGTH)
}

pub(super) fn label_value(text: &str) -> Checked {
    length(text, 0, LABEL_LENGTH)
}

/// A user's or a team's name.
pub(super) fn person(text: &str) -> Checked {
    length(text, 1, NAME_LENGTH)
}

pub(super) fn sample_id(text: &str) -> Checked {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
        return Err("a sample's id has 1 to 64 of A-Z, a-z, 0-9, _ and -".to_owned());
    }
    Ok(())
}

pub(super) fn anything(_: &str) -> Checked {
    Ok(())
}

pub(super) fn one_of<'a>(allowed: &'a [&'a str]) -> impl Fn(&str) -> Checked + 'a {
    move |text| {
        allowed
            .contains(&text)
            .then_some(())
            .ok_or_else(|| format!("{text:?} is not one of {}", allowed.join(", ")))
    }
}

fn length(text: &str, minimum: usize, maximum: usize) -> Checked {
    let length = text.chars().count();
    if (minimum..=maximum).contains(&length) {
        return Ok(());
    }
    Err(format!(
        "has {length} characters; use {minimum} to {maximum}"
    ))
}

fn identifier(text: &str, longest: usize, tail: impl Fn(u8) -> bool) -> bool {
    text.len() <= longest
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().skip(1).all(tail)
}
