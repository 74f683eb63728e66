//! A plan for people and machines: what happens to each credential and why, most dangerous first. A plan is data; renderers only
//! render. No output ever holds a secret.

mod assess;
mod circumstances;
mod codequality;
pub mod findings;
mod forge;
mod html;
pub(crate) mod json;
mod markdown;
mod names;
mod places;
mod power;
pub mod revisions;
pub mod rules;
mod sarif;
pub mod settings;
pub mod subject;
pub mod terraform;
mod text;
pub mod uses;
mod words;

pub use assess::{Assessment, Danger, assess};
pub use circumstances::{Aside, Circumstances, Course, Event, Manner, Reviewed};
pub use findings::{Finding, Level, Rule};
pub use forge::Forge;
pub use markdown::{marker, marker_of};
pub use rules::RULES;
pub use settings::Settings;

use std::borrow::Cow;

use crate::language::{Configuration, Sources};
use crate::plan::Plan;
use subject::Subject;

/// How a review is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal; with colour if asked for.
    #[default]
    Text,
    /// For a comment on a pull request; starts with a marker by which it is found and updated.
    Markdown,
    /// For programs: versioned, stable order.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitLab: a Code Quality report.
    Codequality,
    /// A page of its own.
    Html,
}

impl Format {
    pub const ALL: [Self; 6] = [
        Self::Text,
        Self::Markdown,
        Self::Json,
        Self::Sarif,
        Self::Codequality,
        Self::Html,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Codequality => "codequality",
            Self::Html => "html",
        }
    }

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

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
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
    plan: Cow<'a, Plan>,
    circumstances: &'a Circumstances,
    origin: Origin<'a>,
    findings: Vec<Finding>,
}

impl<'a> Review<'a> {
    pub fn of(plan: &'a Plan, circumstances: &'a Circumstances, context: Context<'a>) -> Self {
        let plan = plan.masked();
        let usual = Settings::default();
        let settings = context.settings.unwrap_or(&usual);
        let subject = Subject::new(&plan, circumstances, context.configuration, settings);
        let findings = rules::check(&subject);
        Self {
            circumstances,
            origin: context.origin,
            findings,
            plan,
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

    /// Writes it, ending with a newline.
    pub fn render(&self, format: Format, options: Options) -> String {
        let assessments = assess(&self.plan, self.circumstances);
        let page = Page {
            plan: &self.plan,
            circumstances: self.circumstances,
            assessments: &assessments,
            findings: &self.findings,
            origin: self.origin,
            names: names::Names::of(&self.plan),
        };
        match format {
            Format::Text => text::render(&page, options),
            Format::Markdown => markdown::render(&page, options.forge),
            Format::Json => json::render(&page),
            Format::Sarif => sarif::render(&page),
            Format::Codequality => codequality::render(&page),
            Format::Html => html::render(&page),
        }
    }
}

/// Writes a plan of our own, ending with a newline.
pub fn render(plan: &Plan, format: Format, options: Options) -> String {
    let circumstances = Circumstances::default();
    Review::of(plan, &circumstances, Context::default()).render(format, options)
}

/// Writes a plan from a file, ending with a newline.
pub fn render_reviewed(reviewed: &Reviewed, format: Format, options: Options) -> String {
    let Reviewed {
        plan,
        circumstances,
    } = reviewed;
    Review::of(plan, circumstances, Context::default()).render(format, options)
}

/// All that a renderer writes.
struct Page<'a> {
    plan: &'a Plan,
    circumstances: &'a Circumstances,
    assessments: &'a [Assessment<'a>],
    findings: &'a [Finding],
    origin: Origin<'a>,
    names: names::Names,
}
