//! What a policy says of the rules: how much each counts, where its limits lie, and what is excepted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::Regex;

use super::findings::{Level, Rule};
use crate::diagnostic::Span;
use crate::language::without_keys;
use crate::model::Lifetime;
use crate::plan::guard;

/// The policy of the rules; without one, every rule counts as it says itself.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// By the name of a rule, for the addresses that fit; `None` where it is off. The first that fits counts.
    pub levels: BTreeMap<&'static str, Vec<(Pattern, Option<Level>)>>,
    pub limits: Limits,
    pub exceptions: Vec<Exception>,
    /// From which day on nothing is excepted any more; without a day, every exception holds.
    pub today: Option<Date>,
}

/// Where the limits lie.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest that a secret should last.
    pub lifetime: Lifetime,
    /// The longest that an old secret should work beside the new one.
    pub grace: Lifetime,
    /// How many credentials may end in one plan.
    pub deletions: guard::Limits,
    /// What names should look like.
    pub name: Option<Regex>,
    /// Which team owns what stands at an address; the first that fits counts.
    pub owners: Vec<(Pattern, String)>,
}

impl Default for Limits {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            lifetime: Lifetime::from_seconds(365 * DAY),
            grace: Lifetime::from_seconds(14 * DAY),
            deletions: guard::Limits::default(),
            name: None,
            owners: Vec::new(),
        }
    }
}

/// What a rule finds and may stay.
#[derive(Clone, Debug)]
pub struct Exception {
    pub rule: &'static Rule,
    pub address: Pattern,
    pub reason: String,
    /// The last day on which it holds.
    pub until: Date,
    pub place: Span,
}

/// An address in which `*` stands for any text; without instance keys it means all instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Settings {
    /// How much the rule counts at an address; `None` if it is off there.
    pub fn level(&self, rule: &Rule, address: &str) -> Option<Level> {
        let levels = self.levels.get(rule.name);
        let mut levels = levels.into_iter().flatten();
        let found = levels.find(|(pattern, _)| pattern.matches(address));
        found.map_or(Some(rule.level), |(_, level)| *level)
    }

    /// The exception that holds for what a rule found.
    pub(super) fn exception(&self, rule: &Rule, address: &str) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| {
            exception.rule.name == rule.name
                && !self.is_over(exception)
                && exception.address.matches(address)
        })
    }

    /// True if its last day has passed.
    pub(super) fn is_over(&self, exception: &Exception) -> bool {
        self.today.is_some_and(|today| today > exception.until)
    }
}

impl Limits {
    /// The team that owns what stands at an address.
    pub fn owner(&self, address: &str) -> Option<&str> {
        let mut owners = self.owners.iter();
        let found = owners.find(|(pattern, _)| pattern.matches(address));
        found.map(|(_, team)| team.as_str())
    }
}

impl Pattern {
    /// Fits every address.
    pub fn any() -> Self {
        Self::new("*")
    }

    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn matches(&self, address: &str) -> bool {
        matches(&self.0, address) || matches(&self.0, &without_keys(address))
    }
}

/// True if the pieces between the stars stand in the text one after the other.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, address, expected) in [
            ("lanyard_access_token.ci", "lanyard_access_token.ci", true),
            (
                "lanyard_access_token.ci",
                "lanyard_access_token.ci[\"eu\"]",
                true,
            ),
            (
                "lanyard_access_token.ci[\"us\"]",
                "lanyard_access_token.ci[\"eu\"]",
                false,
            ),
            (
                "lanyard_access_token.ci",
                "lanyard_access_token.cider",
                false,
            ),
            ("module.shop.*", "module.shop.lanyard_access_token.ci", true),
            (
                "module.*.lanyard_access_token.*",
                "module.a[0].lanyard_access_token.ci",
                true,
            ),
            ("*.ci", "lanyard_access_token.ci[0]", true),
            ("ab*ba", "aba", false),
            ("*", "anything", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(address),
                expected,
                "{pattern} {address}"
            );
        }
    }
}
