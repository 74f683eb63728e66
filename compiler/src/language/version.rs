//! Version constraints as Terraform writes them: `~> 1.2, != 1.2.5`.
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/version-constraints>.

use std::cmp::Ordering;

/// A version: its numbers, and what follows a hyphen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    segments: Vec<u64>,
    prerelease: Option<String>,
}

/// Conditions that all have to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constraint(Vec<(Operator, Version)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// Only the last of the given numbers may grow.
    Pessimistic,
}

/// The longer ones first: the first that fits is meant.
const OPERATORS: [(&str, Operator); 7] = [
    ("~>", Operator::Pessimistic),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("!=", Operator::NotEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl Version {
    /// `None` for what is no version.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        // What is built of the same source is the same version.
        let (text, _) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let segments = numbers
            .split('.')
            .map(|number| {
                let plain = number.bytes().all(|digit| digit.is_ascii_digit());
                number.parse().ok().filter(|_| plain)
            })
            .collect::<Option<Vec<u64>>>()?;
        let named = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || ".-~".contains(letter))
        };
        prerelease.is_none_or(named).then(|| Self {
            segments,
            prerelease: prerelease.map(str::to_owned),
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.segments.len().max(other.segments.len());
        let padded = |version: &Self| {
            let mut segments = version.segments.clone();
            segments.resize(length, 0);
            segments
        };
        let prereleases = match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            // A version comes after all that prepares it.
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => one.cmp(other),
        };
        padded(self).cmp(&padded(other)).then(prereleases)
    }

    /// The next one: its last number grows.
    fn next(&self) -> Self {
        let mut segments = self.segments.clone();
        segments.resize(segments.len().max(3), 0);
        if let Some(last) = segments.last_mut() {
            *last = last.saturating_add(1);
        }
        Self {
            segments,
            prerelease: None,
        }
    }

    /// True if everything before the last number of `bound` is as there.
    fn shares_start_of(&self, bound: &Self) -> bool {
        let kept = bound.segments.len().saturating_sub(1);
        (0..kept)
            .all(|index| self.segments.get(index).copied().unwrap_or(0) == bound.segments[index])
    }
}

impl Constraint {
    /// `None` for what is no constraint.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let condition = |part: &str| {
            let part = part.trim();
            let found = OPERATORS
                .iter()
                .find_map(|(sign, operator)| Some((*operator, part.strip_prefix(sign)?)));
            let (operator, version) = found.unwrap_or((Operator::Equal, part));
            Some((operator, Version::parse(version)?))
        };
        text.split(',')
            .map(condition)
            .collect::<Option<_>>()
            .map(Self)
    }

    /// True if it names a version that prepares another one.
    pub(crate) fn names_prerelease(&self) -> bool {
        self.0.iter().any(|(_, bound)| bound.prerelease.is_some())
    }

    /// True if the version is one of those that are wanted. What prepares a version is so only if it is named.
    pub(crate) fn allows(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, bound)| {
            let order = version.compare(bound);
            let comparable = match (&version.prerelease, &bound.prerelease) {
                (Some(_), None) => false,
                (Some(_), Some(_)) => version.segments == bound.segments,
                (None, _) => true,
            };
            match operator {
                Operator::Equal => order.is_eq(),
                Operator::NotEqual => order.is_ne(),
                Operator::Greater => comparable && order.is_gt(),
                Operator::GreaterOrEqual => comparable && order.is_ge(),
                Operator::Less => comparable && order.is_lt(),
                Operator::LessOrEqual => comparable && order.is_le(),
                Operator::Pessimistic => {
                    let prepares = bound.prerelease.is_some() && version.prerelease.is_none();
                    comparable && !prepares && order.is_ge() && version.shares_start_of(bound)
                }
            }
        })
    }

    /// True if it allows a version 1.`minor` or a newer one. What is allowed begins at a version that is named, or right after it.
    pub(crate) fn allows_since(&self, minor: u32) -> bool {
        let first = Version {
            segments: vec![1, u64::from(minor), 0],
            prerelease: None,
        };
        let named = self.0.iter().map(|(_, bound)| bound).chain([&first]);
        named
            .flat_map(|version| [version.clone(), version.next()])
            .any(|version| {
                let at_least = version.segments.iter().chain([&0, &0]).take(2);
                at_least.ge(first.segments.iter().take(2)) && self.allows(&version)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(constraint: &str, version: &str) -> bool {
        Constraint::parse(constraint)
            .unwrap()
            .allows(&Version::parse(version).unwrap())
    }

    #[test]
    fn constraints_allow_what_terraform_allows() {
        for (constraint, version, expected) in [
            ("1.2.3", "1.2.3", true),
            ("= 1.2", "1.2.0", true),
            ("!= 1.2.3", "1.2.3", false),
            ("~> 1.2", "1.9.0", true),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2.3", "1.2.9", true),
            ("~> 1.2.3", "1.3.0", false),
            ("~> 1", "1.9.0", true),
            // Where only one number stands, it is the last.
            ("~> 1", "2.0.0", true),
            (">= 1.0, < 2.0", "1.5.0", true),
            (">= 1.0, < 2.0", "2.0.0", false),
            (">= 1.0", "2.0.0-beta1", false),
            ("2.0.0-beta1", "2.0.0-beta1", true),
            ("> 1", "1.0.0", false),
            ("<= 1", "1.0.0", true),
        ] {
            assert_eq!(
                allows(constraint, version),
                expected,
                "{constraint} {version}"
            );
        }
    }

    #[test]
    fn a_constraint_may_leave_out_all_newer_versions() {
        for (constraint, expected) in [
            ("~> 1.11.0", false),
            ("~> 1.11", true),
            (">= 1.11", true),
            ("< 1.15", false),
            ("<= 1.15", true),
            ("1.15.2", true),
            ("1.14.9", false),
            ("> 1.14.9, < 1.16", true),
            (">= 1.0, < 1.15.0", false),
            ("!= 1.15.0", true),
            ("!= 1.15.0, < 1.15.1", false),
            ("1.15.0-beta1", true),
            ("< 2", true),
            (">= 2.0", true),
            ("~> 0.12", false),
        ] {
            let constraint = Constraint::parse(constraint).unwrap();
            assert_eq!(constraint.allows_since(15), expected, "{constraint:?}");
        }
    }

    #[test]
    fn what_is_no_constraint_is_told() {
        for text in ["", "x", "1.x", ">= 1.0,", "=> 1.0", "1.2.3-", "~> 1.0 beta"] {
            assert_eq!(Constraint::parse(text), None, "{text}");
        }
    }
}
