//! `lanyard review`: a plan of Terraform, or a saved plan of our own, for whoever has to agree to it. Needs no server.

use std::io::Read as _;
use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{Colour, Sources};
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::review::{
    self, Context, Format, Options, Origin, Review as Written, Reviewed, terraform,
};

use crate::args::{Gate, Review, Source};
use crate::complaints::{self, Failure};
use crate::configuration::{self, Compiled};
use crate::console::{Console, Outcome};
use crate::policy;
use crate::variables::Variables;

pub(crate) fn run(arguments: &Review, console: &Console) -> Result<Outcome, Failure> {
    let options = Options {
        colour: console.results == Colour::Ansi,
        forge: arguments.forge,
    };
    let read = read(&arguments.plan).and_then(|text| parse(&text));
    let Plan {
        mut reviewed,
        checksum,
    } = match read {
        Ok(plan) => plan,
        Err(problem) => {
            if arguments.format != Format::Text {
                // Whoever reads the answer reads no stderr: an old one must not pass for that of this plan.
                let failed = Reviewed::failed(problem.clone());
                console.result(&review::render_reviewed(&failed, arguments.format, options));
            }
            return Err(problem.into());
        }
    };
    let compiled = match &arguments.dir {
        Some(folder) => Some(look_into(folder, &mut reviewed, console)?),
        None => None,
    };
    let mut sources = match &compiled {
        Some(compiled) => compiled.sources.clone(),
        None => Sources::default(),
    };
    let folder = arguments.dir.as_deref();
    let policy = policy::read_in(folder.unwrap_or(Path::new("")), &mut sources)?;
    let context = Context {
        origin: Origin {
            folder: folder.and_then(Path::to_str),
            checksum: checksum.as_deref(),
            sources: Some(&sources),
        },
        configuration: compiled.as_ref().map(|compiled| &compiled.configuration),
        settings: Some(&policy.rules),
    };
    let review = Written::of(&reviewed.plan, &reviewed.circumstances, context);
    console.result(&review.render(arguments.format, options));
    Ok(if !reviewed.can_be_trusted() {
        // The review says so on top; whoever only looks at the exit code must not take it for a plan.
        Outcome::Failed
    } else if arguments.gate.finds(&review) {
        Outcome::Found
    } else if arguments.detailed_exitcode && !reviewed.is_empty() {
        Outcome::Changes
    } else {
        Outcome::Done
    })
}

impl Gate {
    /// True if the caller wants to fail for what was found.
    pub(crate) fn finds(self, review: &Written<'_>) -> bool {
        self.fail_on
            .is_some_and(|level| review.worst() >= Some(level))
    }
}

pub(super) fn read(path: &Path) -> Result<String, Diagnostic> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    read.map(|()| text).map_err(|error| {
        Diagnostic::error(Code::UnreadablePlan, "The plan cannot be read")
            .detail(format!("{}: {error}.", path.display()))
            .hint("Plans of Terraform are read as JSON: `terraform show -json PLANFILE`.")
    })
}

/// A plan from a file.
pub(super) struct Plan {
    pub(super) reviewed: Reviewed,
    /// Of a plan of ours, by which an apply is held to it.
    pub(super) checksum: Option<String>,
}

/// Our plans say that they are; everything else must be Terraform's.
pub(super) fn parse(text: &str) -> Result<Plan, Diagnostic> {
    if SavedPlan::is_one(text) {
        let saved = SavedPlan::parse(text)?;
        Ok(Plan {
            checksum: Some(saved.checksum()),
            reviewed: saved.plan.into(),
        })
    } else {
        Ok(Plan {
            reviewed: terraform::parse(text)?,
            checksum: None,
        })
    }
}

/// Reads the configuration that the plan was made of. What is wrong with it is told, and is no reason not to review the plan.
fn look_into(
    folder: &Path,
    reviewed: &mut Reviewed,
    console: &Console,
) -> Result<Compiled, Failure> {
    let source = Source {
        paths: vec![folder.to_owned()],
        variables: Variables::default(),
    };
    let compiled = configuration::compile_to_validate(&source)?;
    let is_whole = !has_errors(&compiled.diagnostics);
    if !is_whole {
        complaints::tell(&compiled.diagnostics, &compiled.sources, console);
    }
    reviewed.learn(&compiled.configuration, is_whole);
    Ok(compiled)
}
