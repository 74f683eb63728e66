//! What our own functions of the configuration language compute. The provider offers them to Terraform; the language calls them itself.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Lifetime;
use crate::diagnostic::quoted;
use crate::value::Number;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The argument to blame, from zero.
    pub argument: usize,
    /// One sentence without what the arguments hold, which may be secret.
    pub text: String,
}

/// A unit in which a duration is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Hours,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Hours => "hours",
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Self::Seconds => 1,
            Self::Hours => 3_600,
        }
    }
}

/// The length of a duration (`1d12h`) as a number of units, to a millionth.
///
/// # Errors
///
/// The text is no duration.
pub fn duration_in(unit: Unit, text: &str) -> Result<Number, Refusal> {
    let lifetime = Lifetime::parse(text).map_err(|reason| Refusal {
        argument: 0,
        text: format!("{} {reason}", quoted(text)),
    })?;
    let number = Number::from(lifetime.seconds()).as_decimal().into_owned() / unit.seconds();
    // A third of an hour has no end in decimals; a millionth of an hour is far below a second.
    Ok(number.round(6).into())
}

/// The value of an HTTP header that signs a request in (RFC 6750, or RFC 7617 with a user's name).
///
/// # Errors
///
/// What cannot stand in a header, and a colon in the user's name.
pub fn authorization_header(token: &str, user: Option<&str>) -> Result<String, Refusal> {
    header_text(token, 0, "The token")?;
    let Some(user) = user else {
        return Ok(format!("Bearer {token}"));
    };
    header_text(user, 1, "The user name")?;
    if user.contains(':') {
        return Err(Refusal {
            argument: 1,
            text: "The user name holds a colon, which separates it from the token.".to_owned(),
        });
    }
    let pair = BASE64_STANDARD.encode(format!("{user}:{token}"));
    Ok(format!("Basic {pair}"))
}

/// Never repeats the text: it may be a secret.
fn header_text(text: &str, argument: usize, what: &str) -> Result<(), Refusal> {
    let problem = if text.is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) {
        "holds a line break or another control character; use trimspace() on what was read from a file"
    } else {
        return Ok(());
    };
    Err(Refusal {
        argument,
        text: format!("{what} {problem}."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(unit: Unit, text: &str) -> String {
        match duration_in(unit, text) {
            Ok(number) => number.to_string(),
            Err(refusal) => refusal.text,
        }
    }

    #[test]
    fn durations_become_numbers() {
        assert_eq!(length(Unit::Seconds, "1d12h"), "129600");
        assert_eq!(length(Unit::Hours, "90d"), "2160");
        assert_eq!(length(Unit::Hours, "90m"), "1.5");
        assert_eq!(length(Unit::Hours, "1m"), "0.016667");
    }

    #[test]
    fn what_is_no_duration_is_explained() {
        let problem = length(Unit::Hours, "90x");
        assert!(
            problem.starts_with("\"90x\" is not a duration; use"),
            "{problem}"
        );
    }

    #[test]
    fn a_token_becomes_a_header() {
        assert_eq!(authorization_header("t0", None), Ok("Bearer t0".to_owned()));
        assert_eq!(
            authorization_header("t0", Some("me@example.com")),
            Ok("Basic bWVAZXhhbXBsZS5jb206dDA=".to_owned())
        );
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused_without_being_shown() {
        for (token, user, expected) in [
            ("hunter2\n", None, "control character"),
            ("", None, "is empty"),
            ("hunter2", Some("a:b"), "colon"),
        ] {
            let problem = authorization_header(token, user).unwrap_err().text;
            assert!(problem.contains(expected), "{problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}
