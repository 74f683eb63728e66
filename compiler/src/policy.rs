//! `lanyard.toml`, the file beside a configuration that says what its reviewers allow. It changes only with a reviewed commit, so
//! nothing on a command line reaches past it.
//!
//! ```toml
//! [guard]
//! deletions = 10   # an apply that would end so many credentials is refused,
//! percent   = 50   # and one that would end more than this share of what exists,
//! floor     = 4    # if that is at least so many
//! ```

use std::sync::Arc;

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::plan::guard::Limits;

/// The file's name.
pub const FILE: &str = "lanyard.toml";

/// What `lanyard.toml` says; without the file, nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The limits of an apply; `None` if the file leaves them to us and to whoever applies.
    pub guard: Option<Limits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    guard: Option<Guard>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    deletions: Option<usize>,
    percent: Option<usize>,
    floor: Option<usize>,
}

impl Policy {
    /// Reads the text of the file. `name` is how the user would call it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let File { guard } = toml::from_str(text).map_err(|error| {
            let range = error.span().unwrap_or_default();
            invalid(
                name,
                range,
                &format!("{}.", error.message().trim_end_matches('.')),
            )
        })?;
        let guard = guard.map(|guard| {
            let Guard {
                deletions,
                percent,
                floor,
            } = guard;
            let unless_said = Limits::default();
            Limits {
                count: deletions.unwrap_or(unless_said.count),
                percent: percent.unwrap_or(unless_said.percent),
                at_least: floor.unwrap_or(unless_said.at_least),
            }
        });
        if guard.is_some_and(|limits| limits.percent > 100) {
            let at = text.find("percent").unwrap_or_default();
            return Err(invalid(
                name,
                at..at + "percent".len(),
                "`percent` is a share of what exists: at most 100.",
            ));
        }
        Ok(Self { guard })
    }

    /// Says where the limit that refused can be raised, if that is meant.
    pub fn remedy(&self, refusal: Diagnostic) -> Diagnostic {
        match self.guard {
            Some(_) => refusal.hint(format!(
                "If that is meant, raise `deletions` and `percent` of `[guard]` in {FILE}, in a change that is reviewed."
            )),
            None => refusal.hint("If that is meant, add `--allow-deletions NUMBER` where it is done."),
        }
    }

    /// The limits that hold for an apply, given what was asked for on the command line. With reviewed limits, nothing can be asked.
    pub fn limits(&self, allowed: Option<usize>) -> Result<Limits, Diagnostic> {
        match (self.guard, allowed) {
            (Some(_), Some(_)) => Err(Diagnostic::error(
                Code::GuardIsReviewed,
                "The limits of this configuration are not the command line's to change",
            )
            .detail(format!(
                "{FILE} sets `[guard]`, and `--allow-deletions` would reach past what was reviewed."
            ))
            .hint(format!(
                "Raise `deletions` and `percent` in {FILE} in the change that deletes, so that its reviewers see both."
            ))),
            (Some(limits), None) => Ok(limits),
            (None, _) => Ok(Limits::default()),
        }
    }
}

fn invalid(name: &str, range: std::ops::Range<usize>, detail: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidPolicy, "The policy cannot be read")
        .detail(detail)
        .span(Span {
            file: Arc::from(name),
            range,
        })
        .hint("It may have `[guard]` with `deletions`, `percent` and `floor`, each a number.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_without_the_file() {
        assert_eq!(Policy::parse(FILE, "").unwrap(), Policy::default());
        let policy = Policy::parse(FILE, "[guard]\ndeletions = 30\n").unwrap();
        let expected = Limits {
            count: 30,
            ..Limits::default()
        };
        assert_eq!(policy.limits(None), Ok(expected));
    }

    #[test]
    fn reviewed_limits_are_not_the_command_lines_to_change() {
        let reviewed = Policy::parse(FILE, "[guard]\nfloor = 2").unwrap();
        assert!(reviewed.limits(Some(11)).is_err());
        assert_eq!(Policy::default().limits(Some(11)), Ok(Limits::default()));
    }

    #[test]
    fn mistakes_are_shown_where_they_are() {
        for (text, place, said) in [
            ("[guard]\ndeletion = 3\n", 8..16, "unknown field `deletion`"),
            ("[guard]\nfloor = \"4\"\n", 16..19, "expected usize"),
            ("[guard]\npercent = 150\n", 8..15, "at most 100"),
            ("[gard]\n", 1..5, "unknown field `gard`"),
        ] {
            let error = Policy::parse(FILE, text).unwrap_err();
            assert_eq!(error.span.unwrap().range, place, "{text}");
            assert!(error.detail.contains(said), "{}", error.detail);
        }
    }
}
