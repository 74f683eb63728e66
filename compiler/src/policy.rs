//! `lanyard.toml`, the file beside a configuration that says what its reviewers allow. It changes only with a reviewed commit, so
//! nothing on a command line reaches past it.
//!
//! ```toml
//! language = "opentofu"   # where the files do not say whose they are
//!
//! [guard]
//! deletions = 10   # an apply that would end so many credentials is refused, and a review says so,
//! percent   = 50   # and of one that would end more than this share of what exists,
//! floor     = 4    # if that is at least so many
//!
//! [rules]
//! never-expires = "error"
//! is-replaced   = { "module.shop.*" = "off" }   # the first address that fits counts
//!
//! [[exceptions]]
//! rule    = "never-expires"
//! address = "lanyard_access_token.legacy"
//! reason  = "The agent cannot reload its token."
//! until   = 2027-03-31
//! ```

mod document;
mod reader;

pub(crate) use document::Document;

use crate::diagnostic::{Code, Diagnostic};
use crate::language::Language;
use crate::plan::guard::Limits;
use crate::review::Settings;

/// The file's name.
pub const FILE: &str = "lanyard.toml";

/// What `lanyard.toml` says; without the file, nothing.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The limits of an apply; `None` if the file leaves them to us and to whoever applies.
    pub guard: Option<Limits>,
    /// Whose language the configuration is; `None` if its files are to say.
    pub language: Option<Language>,
    /// What it says of the rules of a review.
    pub rules: Settings,
}

impl Policy {
    /// Reads the text of the file. `name` is how the user would call it.
    ///
    /// # Errors
    ///
    /// Every mistake in the file, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        reader::read(name, text)
    }

    /// Says where the limit that refused can be raised, if that is meant.
    pub fn remedy(&self, refusal: Diagnostic) -> Diagnostic {
        match self.guard {
            Some(_) => refusal.hint(format!(
                "If that is meant, raise `deletions` in {FILE}, and `percent` of its `[guard]`, in a change that is reviewed."
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
                "{FILE} says how many may end, and `--allow-deletions` would reach past what was reviewed."
            ))
            .hint(format!(
                "Raise `deletions` in {FILE}, and `percent` of its `[guard]`, in the change that deletes, so that its reviewers see both."
            ))),
            (Some(limits), None) => Ok(limits),
            (None, _) => Ok(Limits::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_without_the_file() {
        assert_eq!(Policy::parse(FILE, "").unwrap().guard, None);
        let policy = Policy::parse(FILE, "[guard]\ndeletions = 30\n").unwrap();
        let expected = Limits {
            count: 30,
            ..Limits::default()
        };
        assert_eq!(policy.limits(None), Ok(expected));
    }

    #[test]
    fn how_many_may_end_is_one_number_unless_the_file_says_two() {
        let read = |text: &str| {
            let policy = Policy::parse(FILE, text).unwrap();
            let guard = policy.guard.map(|guard| (guard.count, guard.percent));
            (policy.rules.limits.deletions.count, guard)
        };
        assert_eq!(read("[limits]\ndeletions = 1\n"), (1, Some((1, 50))));
        assert_eq!(read("[guard]\ndeletions = 1\n"), (1, Some((1, 50))));
        let both = "[limits]\ndeletions = 5\n[guard]\ndeletions = 25\n";
        assert_eq!(read(both), (5, Some((25, 50))));
        let beside = "[limits]\ndeletions = 5\n[guard]\npercent = 30\n";
        assert_eq!(read(beside), (5, Some((5, 30))));
        assert_eq!(read("[limits]\ngrace = \"2d\"\n"), (10, None));
    }

    #[test]
    fn reviewed_limits_are_not_the_command_lines_to_change() {
        let reviewed = Policy::parse(FILE, "[guard]\nfloor = 2").unwrap();
        assert!(reviewed.limits(Some(11)).is_err());
        assert_eq!(Policy::default().limits(Some(11)), Ok(Limits::default()));
    }

    #[test]
    fn every_mistake_is_shown_where_it_is() {
        let text = r#"[guard]
deletion = 3
floor    = "4"
percent  = 150

[rules]
never-expire = "warning"
plain-http   = "fatal"
is-replaced  = { "module.a.*" = "loud", "*" = 3 }

[limits]
lifetime  = "soon"
name      = "("
deletions = -1

[owners]
"*" = 7

[[exceptions]]
rule    = "everything"
address = "a"
until   = 2027-02-30

[[exceptions]]
rule    = "never-expires"
address = ""
reason  = " "
until   = "tomorrow"

[gard]
"#;
        let problems = Policy::parse(FILE, text).unwrap_err();
        let told: Vec<String> = problems
            .iter()
            .map(|problem| {
                let range = problem.span.clone().unwrap().range;
                format!("{}: {}", &text[range], problem.detail)
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn text_that_is_no_toml_is_shown_where_it_ends_to_be() {
        let problems = Policy::parse(FILE, "[guard]\nfloor = \n[rules\n").unwrap_err();
        assert!(problems.len() > 1, "{problems:#?}");
        assert!(problems.iter().all(|problem| problem.span.is_some()));
    }
}
