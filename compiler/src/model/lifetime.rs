//! How long something lasts: parsed once, compared by meaning.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// A positive length of time in whole seconds, written as numbers with units: `"90d"`, `"36h"`, `"1d12h"`, `"15m"`, `"2w"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime {
    seconds: u64,
}

const UNITS: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];

impl Lifetime {
    /// The longest lifetime that makes sense here: one thousand years.
    pub const MAX_SECONDS: u64 = 1_000 * 366 * 86_400;

    pub const fn from_seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    pub fn seconds(self) -> u64 {
        self.seconds
    }

    /// The end of what begins at a time; `None` where no calendar reaches.
    pub fn after(self, start: Timestamp) -> Option<Timestamp> {
        start.checked_add(self.length()?).ok()
    }

    /// The start of what ends at a time; `None` where no calendar reaches.
    pub fn before(self, end: Timestamp) -> Option<Timestamp> {
        end.checked_sub(self.length()?).ok()
    }

    fn length(self) -> Option<SignedDuration> {
        i64::try_from(self.seconds)
            .ok()
            .map(SignedDuration::from_secs)
    }

    /// Reads `"90d"` or `"1d12h"`. The error says what is wrong with the text, as the end of a sentence that names it.
    pub fn parse(text: &str) -> Result<Self, String> {
        const HOW: &str = "use a number and w, d, h, m or s, for example \"90d\" or \"1d12h\"";
        if text.is_empty() {
            return Err(format!("is empty; {HOW}"));
        }
        let mut seconds = 0_u64;
        let mut rest = text;
        let mut previous_unit = u64::MAX;
        while !rest.is_empty() {
            let digits = rest.len()
                - rest
                    .trim_start_matches(|character: char| character.is_ascii_digit())
                    .len();
            let (number, tail) = rest.split_at(digits);
            let (Ok(number), Some(letter)) = (number.parse::<u64>(), tail.chars().next()) else {
                return Err(format!("is not a duration; {HOW}"));
            };
            let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == letter) else {
                return Err(format!("is not a duration; {HOW}"));
            };
            if *unit >= previous_unit {
                return Err("has its units out of order or twice; write the largest first, for example \"1d12h\"".to_owned());
            }
            previous_unit = *unit;
            seconds = seconds.saturating_add(number.saturating_mul(*unit));
            rest = &tail[letter.len_utf8()..];
        }
        match seconds {
            0 => Err("is zero; leave the attribute out instead".to_owned()),
            _ if seconds > Self::MAX_SECONDS => Err("is longer than 1,000 years".to_owned()),
            _ => Ok(Self { seconds }),
        }
    }
}

/// The shortest spelling in days and smaller: `"90d"`, `"1d12h"`.
impl fmt::Display for Lifetime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.seconds;
        if rest == 0 {
            return formatter.write_str("0s");
        }
        for (letter, unit) in &UNITS[1..] {
            if rest >= *unit {
                write!(formatter, "{}{letter}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

/// How long the old secret stays valid after a rotation: a [`Lifetime`], `"0s"`, or `"until_first_use"` of the new secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GracePeriod {
    Lasts(Lifetime),
    UntilFirstUse,
}

impl GracePeriod {
    /// Reads `"48h"`, `"0s"` or `"until_first_use"`.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "until_first_use" => Ok(Self::UntilFirstUse),
            "0s" | "0" => Ok(Self::Lasts(Lifetime::from_seconds(0))),
            _ => Lifetime::parse(text).map(Self::Lasts).map_err(|problem| {
                if problem.starts_with("is zero") {
                    "is zero; write \"0s\"".to_owned()
                } else {
                    problem
                }
            }),
        }
    }

    /// True if the old secret ends with the rotation.
    pub fn is_none(self) -> bool {
        matches!(self, Self::Lasts(lifetime) if lifetime.seconds() == 0)
    }
}

impl fmt::Display for GracePeriod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lasts(lifetime) => lifetime.fmt(formatter),
            Self::UntilFirstUse => formatter.write_str("until_first_use"),
        }
    }
}

macro_rules! text_form {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|problem| {
                    let text = $crate::diagnostic::quoted(&text);
                    serde::de::Error::custom(format!("{text} {problem}"))
                })
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "format": "lifetime"})
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

text_form!(Lifetime);
text_form!(GracePeriod);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_compared_by_meaning() {
        assert_eq!(Lifetime::parse("90d"), Lifetime::parse("2160h"));
        assert_eq!(Lifetime::parse("1d12h").unwrap().seconds(), 129_600);
        assert_eq!(Lifetime::parse("36h").unwrap().to_string(), "1d12h");
        assert_eq!(Lifetime::parse("2w").unwrap().to_string(), "14d");
        assert_eq!(
            GracePeriod::parse("until_first_use"),
            Ok(GracePeriod::UntilFirstUse)
        );
        assert!(GracePeriod::parse("0s").unwrap().is_none());
    }

    #[test]
    fn what_is_not_a_lifetime_is_explained() {
        for (text, expected) in [
            ("", "is empty"),
            ("90", "is not a duration"),
            ("90x", "is not a duration"),
            ("d", "is not a duration"),
            ("0d", "is zero"),
            ("12h1d", "out of order"),
            ("1d1d", "out of order"),
            ("99999999999999999999d", "is not a duration"),
            ("999999999d", "longer than 1,000 years"),
            ("1é", "is not a duration"),
        ] {
            let problem = Lifetime::parse(text).unwrap_err();
            assert!(problem.contains(expected), "{text:?}: {problem}");
        }
    }
}
