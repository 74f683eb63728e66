//! A plan for people and machines: what happens to each credential and why, most dangerous first. A plan is data; renderers only
//! render. No output ever holds a secret.

mod accounts;
mod assess;
mod circumstances;
mod codequality;
mod each;
pub mod findings;
mod forge;
mod holders;
mod html;
pub(crate) mod json;
mod markdown;
mod names;
mod old_secret;
pub mod outside;
mod places;
mod power;
pub mod revisions;
pub mod rules;
mod sarif;
pub mod settings;
mod sight;
pub mod subject;
pub mod terraform;
mod text;
mod unmended;
pub mod uses;
mod words;

pub use assess::{Assessment, Danger, assess};
pub use circumstances::{Aside, Circumstances, Course, Event, Manner, PutOff, Reviewed};
pub use findings::{Finding, Level, Rule};
pub use forge::Forge;
pub use markdown::{marker, marker_of};
pub use power::beyond;
pub use rules::RULES;
pub use settings::Settings;
pub use subject::taken_along;

use std::io::{self, Write};
use std::sync::LazyLock;

use crate::language::{Configuration, Sources};
use crate::model::words::words;
use crate::plan::{Masked, Plan};
use subject::Subject;

words! {
    /// How a review is written.
    #[derive(Default)]
    pub enum Format {
        /// For a terminal; with colour if asked for.
        #[default]
        Text = "text",
        /// For a comment on a pull request; starts with a marker by which it is found and updated.
        Markdown = "markdown",
        /// For programs: versioned, stable order.
        Json = "json",
        /// For code scanning: SARIF 2.1.0.
        Sarif = "sarif",
        /// For GitLab: a Code Quality report.
        Codequality = "codequality",
        /// A page of its own.
        Html = "html",
    }
}

impl Format {
    /// What it is for, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Self::Text => "For people",
            Self::Markdown => "For a comment on a pull request",
            Self::Json => "For programs; the shape is versioned",
            Self::Sarif => "The findings for code scanning: SARIF 2.1.0",
            Self::Codequality => "The findings for GitLab: a Code Quality report",
            Self::Html => "A page of its own, without scripts and anything from outside",
        }
    }
}

/// Choices of whoever asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// ANSI colours; only text has them.
    pub colour: bool,
    /// Whose Markdown it is, and how long a comment may be there.
    pub forge: Forge,
}

/// What a review knows beside the plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    pub origin: Origin<'a>,
    /// What the plan was made of, where that is at hand.
    pub configuration: Option<&'a Configuration>,
    /// What the policy says of the rules.
    pub settings: Option<&'a Settings>,
}

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// The folder of the configuration, as it was named.
    pub folder: Option<&'a str>,
    /// The checksum of the saved plan, as `apply --expect` takes it.
    pub checksum: Option<&'a str>,
    /// The texts in which findings have their places.
    pub sources: Option<&'a Sources>,
}

/// A plan with all that is to be said about it.
pub struct Review<'a> {
    plan: &'a Plan,
    circumstances: &'a Circumstances,
    origin: Origin<'a>,
    items: Vec<Assessment<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Review<'a> {
    /// What is found is told: the plan must be masked.
    pub fn of(
        plan: &'a Masked<'_>,
        circumstances: &'a Circumstances,
        context: Context<'a>,
    ) -> Self {
        static USUAL: LazyLock<Settings> = LazyLock::new(Settings::default);
        let settings = context.settings.unwrap_or(&USUAL);
        let subject = Subject::new(plan, circumstances, context.configuration, settings);
        let findings = rules::check(&subject);
        let mut items = subject.items;
        // What is put off is told as such, above all that happens now.
        items.truncate(plan.changes.len());
        Self {
            plan,
            circumstances,
            origin: context.origin,
            items,
            findings,
        }
    }

    /// What the rules found, the worst first, what is excepted last.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// The worst that was found and is not excepted.
    pub fn worst(&self) -> Option<Level> {
        let counting = self.findings.iter();
        let counting = counting.filter(|finding| finding.excepted.is_none());
        counting.map(|finding| finding.level).max()
    }

    /// The names of the rules that found something of this level or a worse one that is not excepted, each once, the worst first.
    pub fn rules_from(&self, level: Level) -> Vec<&'static str> {
        let mut names = Vec::new();
        for finding in &self.findings {
            let name = finding.rule.name;
            if finding.excepted.is_none() && finding.level >= level && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Writes it, ending with a newline: piece by piece, since the text of a large plan takes more room than the plan.
    pub fn write(&self, format: Format, options: Options, out: &mut dyn Write) -> io::Result<()> {
        let page = Page {
            plan: self.plan,
            circumstances: self.circumstances,
            all: &self.items,
            assessments: &assess::most_dangerous_first(&self.items),
            findings: &self.findings,
            origin: self.origin,
            names: match format {
                Format::Markdown | Format::Html => names::Names::of(self.plan),
                Format::Text | Format::Json | Format::Sarif | Format::Codequality => {
                    names::Names::default()
                }
            },
        };
        match format {
            Format::Text => text::write(&page, options, out),
            Format::Markdown => out.write_all(markdown::render(&page, options.forge).as_bytes()),
            Format::Json => json::write(&page, out),
            Format::Sarif => sarif::write(&page, out),
            Format::Codequality => codequality::write(&page, out),
            Format::Html => html::write(&page, out),
        }
    }

    /// Likewise, as one text.
    pub fn render(&self, format: Format, options: Options) -> String {
        let mut text = Vec::new();
        // Memory takes all that it is given.
        let _ = self.write(format, options, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// Ends a document for programs as a file of text ends.
fn write_json(document: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

/// Writes a plan of our own, ending with a newline.
pub fn render(plan: &Plan, format: Format, options: Options) -> String {
    let circumstances = Circumstances::default();
    Review::of(&plan.masked(), &circumstances, Context::default()).render(format, options)
}

/// Writes a plan from a file, ending with a newline.
pub fn render_reviewed(reviewed: &Reviewed, format: Format, options: Options) -> String {
    let Reviewed {
        plan,
        circumstances,
    } = reviewed;
    Review::of(&plan.masked(), circumstances, Context::default()).render(format, options)
}

/// All that a renderer writes.
struct Page<'a> {
    plan: &'a Plan,
    circumstances: &'a Circumstances,
    /// Also what does not change.
    all: &'a [Assessment<'a>],
    /// What changes, the most dangerous first.
    assessments: &'a [&'a Assessment<'a>],
    findings: &'a [Finding],
    origin: Origin<'a>,
    names: names::Names,
}
