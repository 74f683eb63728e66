//! `lanyard review`: a plan of Terraform, or a saved plan of our own, for whoever has to agree to it. Needs no server.

use std::io::Read as _;
use std::path::Path;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::Colour;
use lanyard_compiler::plan::Plan;
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::review::{self, Options, terraform};

use crate::args::Review;
use crate::complaints;
use crate::console::{Console, Outcome};

pub(crate) fn run(arguments: &Review, console: &Console) -> Outcome {
    match read(&arguments.plan).and_then(|text| parse(&text)) {
        Ok(plan) => {
            let options = Options {
                colour: console.results == Colour::Ansi,
            };
            console.result(&review::render(&plan, arguments.format.into(), options));
            if arguments.detailed_exitcode && !plan.is_empty() {
                Outcome::Changes
            } else {
                Outcome::Done
            }
        }
        Err(problem) => {
            complaints::tell_one(&problem, console);
            Outcome::Failed
        }
    }
}

fn read(path: &Path) -> Result<String, Diagnostic> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    read.map(|()| text).map_err(|error| {
        Diagnostic::error("unreadable-plan", "The plan cannot be read")
            .detail(format!("{}: {error}.", path.display()))
            .hint("Plans of Terraform are read as JSON: `terraform show -json PLANFILE`.")
    })
}

/// Our plans say that they are; everything else must be Terraform's.
fn parse(text: &str) -> Result<Plan, Diagnostic> {
    if SavedPlan::is_one(text) {
        SavedPlan::parse(text).map(|saved| saved.plan)
    } else {
        terraform::parse(text)
    }
}
