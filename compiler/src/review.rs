//! A plan for people and machines: what happens to each credential and why, most dangerous first. A plan is data; renderers only
//! render. No output ever holds a secret.

mod assess;
mod circumstances;
pub(crate) mod json;
mod markdown;
mod power;
pub mod terraform;
mod text;
mod words;

pub use assess::{Assessment, Danger, assess};
pub use circumstances::{Aside, Circumstances, Course, Event, Manner, Reviewed};

use crate::plan::Plan;

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
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Text, Self::Markdown, Self::Json];

    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Json => "json",
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
}

/// Writes a plan of our own, ending with a newline.
pub fn render(plan: &Plan, format: Format, options: Options) -> String {
    render_with(plan, &Circumstances::default(), format, options)
}

/// Writes a plan from a file, ending with a newline.
pub fn render_reviewed(reviewed: &Reviewed, format: Format, options: Options) -> String {
    render_with(&reviewed.plan, &reviewed.circumstances, format, options)
}

fn render_with(
    plan: &Plan,
    circumstances: &Circumstances,
    format: Format,
    options: Options,
) -> String {
    let plan = plan.masked();
    let assessments = assess(&plan, circumstances);
    let page = Page {
        plan: &plan,
        circumstances,
        assessments: &assessments,
    };
    match format {
        Format::Text => text::render(&page, options),
        Format::Markdown => markdown::render(&page),
        Format::Json => json::render(&page),
    }
}

/// All that a renderer writes.
struct Page<'a> {
    plan: &'a Plan,
    circumstances: &'a Circumstances,
    assessments: &'a [Assessment<'a>],
}
