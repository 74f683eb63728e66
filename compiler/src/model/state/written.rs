//! A time or a length as it was written, so that a state keeps the user's spelling.

use std::fmt;

use jiff::Timestamp;

use crate::model::lifetime::{GracePeriod, Lifetime};

/// What a text means, and its spelling. Two are equal if they are spelled alike; see [`Written::means`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    text: Box<str>,
    value: T,
}

/// What can be read from text.
pub trait Meaning: Sized + Copy + PartialEq + fmt::Display {
    /// In a sentence: `a time`.
    const TITLE: &str;

    fn parse(text: &str) -> Option<Self>;
}

impl<T: Meaning> Written<T> {
    pub fn parse(text: &str) -> Option<Self> {
        let value = T::parse(text)?;
        Some(Self {
            text: text.into(),
            value,
        })
    }

    pub fn value(&self) -> T {
        self.value
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if both mean the same, however they are spelled.
    pub fn means(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Meaning> From<T> for Written<T> {
    fn from(value: T) -> Self {
        Self {
            text: value.to_string().into(),
            value,
        }
    }
}

impl<T> fmt::Display for Written<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Meaning for Timestamp {
    const TITLE: &str = "a time (RFC 3339)";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Meaning for Lifetime {
    const TITLE: &str = "a duration";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl Meaning for GracePeriod {
    const TITLE: &str = "a grace period";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}
