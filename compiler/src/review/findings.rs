//! What the rules find in a plan: each finding names its rule, its resource and, where that is at hand, its place in the configuration.

use std::collections::HashMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::subject::{Item, Subject};
use super::uses::Use;
use crate::diagnostic::Span;
use crate::model::words::words;
use crate::value::AttributePath;

words! {
    /// How much a finding counts; a rule that is off finds nothing.
    pub enum Level {
        /// Worth knowing.
        Note = "note",
        /// Worth a second look before somebody agrees.
        Warning = "warning",
        /// Should not be merged as it is.
        Error = "error",
    }
}

impl Level {
    /// What it means, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Self::Note => "Worth knowing",
            Self::Warning => "Worth a second look before somebody agrees",
            Self::Error => "Should not be merged as it is",
        }
    }
}

/// Something that a plan should be looked at for, and all that is to be said about it.
pub struct Rule {
    /// In `kebab-case`; stays the same for ever.
    pub name: &'static str,
    /// Unless the policy says otherwise.
    pub level: Level,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// What goes wrong.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// Where it says nothing because it cannot know.
    pub silent: &'static str,
    /// True if the review of the change itself says as much already: text and comments need not say it twice.
    pub is_told: bool,
    pub check: fn(&Subject<'_>) -> Vec<Hit>,
    /// Finds something; the example of its page.
    pub fires: Fixture,
    /// Finds nothing.
    pub passes: Fixture,
}

/// A change to review, as a test and as an example.
#[derive(Clone, Copy, Debug)]
pub enum Fixture {
    /// A configuration of which nothing exists yet.
    New(&'static str),
    /// A configuration before and after.
    Change(&'static str, &'static str),
    /// A policy, and a configuration of which nothing exists yet.
    Under(&'static str, &'static str),
    /// The JSON of a plan of Terraform.
    Plan(&'static str),
}

impl Rule {
    /// The address of its page.
    pub fn page(&self) -> String {
        let name = self.name;
        format!(
            "{}/blob/main/docs/rules/{name}.md",
            env!("CARGO_PKG_REPOSITORY")
        )
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub address: String,
    /// The root for the resource as a whole.
    pub path: AttributePath,
    pub message: String,
    pub hint: Option<String>,
    /// Where that is elsewhere than the attribute.
    pub place: Option<Span>,
    /// The key of what is left over at the address, if this is not about its live object.
    pub left_over: Option<String>,
}

impl Hit {
    /// About a resource, or an attribute of it.
    pub fn of(item: &Item<'_>, path: AttributePath, message: impl Into<String>) -> Self {
        Self {
            address: item.change.address.clone(),
            path,
            message: message.into(),
            hint: None,
            place: None,
            left_over: item.course.left_over.clone(),
        }
    }

    /// About what takes a secret; what it does with it stands in the message.
    pub fn of_use(one: &Use, message: impl Into<String>) -> Self {
        Self {
            address: one.name(),
            path: AttributePath::root(),
            message: message.into(),
            hint: None,
            place: one.place.clone(),
            left_over: None,
        }
    }
}

/// What a rule found, as it is told.
#[derive(Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub level: Level,
    pub address: String,
    /// The root for the resource as a whole.
    pub path: AttributePath,
    /// One sentence; holds no secret.
    pub message: String,
    /// What to do about this one.
    pub hint: Option<String>,
    /// Where in the configuration, as far as that is at hand.
    pub place: Option<Span>,
    /// As of the [`Hit`].
    pub left_over: Option<String>,
    /// Why it is accepted, in the words of the policy's exception.
    pub excepted: Option<String>,
}

impl Finding {
    /// Stays the same when lines move and words change: 64 hexadecimal digits of the rule, the object and the attribute.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let path = self.path.to_string();
        let parts = [self.rule.name, &self.address, &path];
        for part in parts.into_iter().chain(self.left_over.as_deref()) {
            hash.update(part.as_bytes());
            // No two lists of parts read alike.
            hash.update([0]);
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (level, rule) = (self.level.name(), self.rule.name);
        write!(formatter, "{level}[{rule}] {}", self.address)?;
        if !self.path.is_root() {
            write!(formatter, ".{}", self.path)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// The rules that found something about a resource.
pub(super) fn codes(findings: &[Finding]) -> HashMap<&str, Vec<&'static str>> {
    let mut codes: HashMap<&str, Vec<&str>> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.excepted.is_none()) {
        let found = codes.entry(&finding.address).or_default();
        if !found.contains(&finding.rule.name) {
            found.push(finding.rule.name);
        }
    }
    codes
}
