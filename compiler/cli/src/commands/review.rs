//! `lanyard review`: a plan of Terraform, or a saved plan of our own, for whoever has to agree to it. Needs no server.

use std::io::Read as _;
use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Colour;
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::review::{
    self, Context, Format, Options, Origin, Review as Written, Reviewed, terraform,
};

use crate::args::Review;
use crate::complaints::Failure;
use crate::console::{Console, Outcome};

pub(crate) fn run(arguments: &Review, console: &Console) -> Result<Outcome, Failure> {
    let options = Options {
        colour: console.results == Colour::Ansi,
        forge: arguments.forge,
    };
    let Plan { reviewed, checksum } = match read(&arguments.plan).and_then(|text| parse(&text)) {
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
    let context = Context {
        origin: Origin {
            checksum: checksum.as_deref(),
            ..Origin::default()
        },
        ..Context::default()
    };
    let review = Written::of(&reviewed.plan, &reviewed.circumstances, context);
    console.result(&review.render(arguments.format, options));
    Ok(if !reviewed.can_be_trusted() {
        // The review says so on top; whoever only looks at the exit code must not take it for a plan.
        Outcome::Failed
    } else if arguments.detailed_exitcode && !reviewed.is_empty() {
        Outcome::Changes
    } else {
        Outcome::Done
    })
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
