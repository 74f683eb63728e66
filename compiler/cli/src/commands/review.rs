//! `lanyard review`: a plan of Terraform, or a saved plan of our own, for whoever has to agree to it. Needs no server.

use std::io::Read as _;
use std::path::Path;

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{Colour, Configuration, Language, Sources};
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::policy::Policy;
use lanyard_compiler::review::revisions::{self, Revision};
use lanyard_compiler::review::{
    Context, Format, Options, Origin, Review as Written, Reviewed, terraform,
};

use crate::args::{Gate, Review, Source};
use crate::complaints::{self, Failure};
use crate::configuration::{self, Compiled};
use crate::console::{Console, Outcome};
use crate::variables::Variables;
use crate::{connection, git, policy};

pub(crate) fn run(arguments: &Review, console: &Console) -> Result<Outcome, Failure> {
    let options = Options {
        colour: console.results == Colour::Ansi,
        forge: arguments.forge,
    };
    let plan = arguments.plan.as_deref();
    let (material, folder) = match &arguments.base {
        Some(base) => {
            let source = Source {
                paths: plan.map(Path::to_owned).into_iter().collect(),
                variables: arguments.variables.clone(),
                language: arguments.language,
            };
            (revisions(&source, base, console), plan)
        }
        None => {
            let dir = arguments.dir.as_deref();
            // The command line is not read without either.
            let text = read(plan.unwrap_or(Path::new("-")));
            let text = text.map_err(Failure::from);
            let language = arguments.language;
            let material = text.and_then(|text| of_plan(text, dir, language, console));
            (material, dir)
        }
    };
    let folder = folder.and_then(Path::to_str);
    let material = material.inspect_err(|failure| {
        if arguments.format != Format::Text {
            // Whoever reads the answer reads no stderr: an old one must not pass for that of this plan.
            console.result(&instead(failure, folder, arguments.format, options));
        }
    })?;
    let reviewed = &material.plan.reviewed;
    let masked = reviewed.plan.masked();
    let review = Written::of(&masked, &reviewed.circumstances, material.context(folder));
    console.stream(|out| review.write(arguments.format, options, out));
    let outcome = if !reviewed.can_be_trusted() {
        // The review says so on top; whoever only looks at the exit code must not take it for a plan.
        Outcome::Failed
    } else if arguments.gate.finds(&review, console) {
        Outcome::Found
    } else if arguments.detailed_exitcode && !reviewed.is_empty() {
        Outcome::Changes
    } else {
        Outcome::Done
    };
    // The process ends now: giving a large plan back piece by piece takes as long as reading it.
    std::mem::forget(review);
    std::mem::forget(material);
    Ok(outcome)
}

/// What stands in place of a review that could not be made.
pub(super) fn instead(
    failure: &Failure,
    folder: Option<&str>,
    format: Format,
    options: Options,
) -> String {
    let Reviewed {
        plan,
        circumstances,
    } = failure.review();
    let context = Context {
        origin: Origin {
            folder,
            checksum: None,
            sources: Some(failure.sources()),
        },
        ..Context::default()
    };
    Written::of(&plan.masked(), &circumstances, context).render(format, options)
}

/// All that a review is made of.
pub(super) struct Material {
    pub(super) plan: Plan,
    configuration: Option<Configuration>,
    sources: Sources,
    policy: Policy,
}

impl Material {
    /// What a review knows beside the plan; `folder` as it was named.
    pub(super) fn context<'a>(&'a self, folder: Option<&'a str>) -> Context<'a> {
        Context {
            origin: Origin {
                folder,
                checksum: self.plan.checksum.as_deref(),
                sources: Some(&self.sources),
            },
            configuration: self.configuration.as_ref(),
            settings: Some(&self.policy.rules),
        }
    }
}

/// A plan, perhaps with the folder that it was made of.
pub(super) fn of_plan(
    text: String,
    folder: Option<&Path>,
    language: Option<Language>,
    console: &Console,
) -> Result<Material, Failure> {
    let mut plan = parse(text)?;
    let compiled = match folder {
        Some(folder) => Some(look_into(folder, language, &mut plan.reviewed, console)?),
        None => None,
    };
    let (configuration, mut sources) = match compiled {
        Some(compiled) => (Some(compiled.configuration), compiled.sources),
        None => (None, Sources::default()),
    };
    Ok(Material {
        plan,
        policy: policy::read_in(folder.unwrap_or(Path::new("")), &mut sources)?,
        configuration,
        sources,
    })
}

/// Two revisions of a folder: that of Git, and the files as they are.
fn revisions(source: &Source, base: &str, console: &Console) -> Result<Material, Failure> {
    let head = configuration::compile_to_validate(source)?;
    if has_errors(&head.diagnostics) {
        return Err(Failure::in_files(head.diagnostics, head.sources));
    }
    let place = policy::root(source);
    let mut revision = git::Revision::open(&place, base)?;
    let (before, missing) = configuration::compile_revision(source, &mut revision)?;
    let before_ways = configuration::ways_of(&before.configuration);
    let head_ways = configuration::ways_of(&head.configuration);
    let mut reviewed = revisions::compare(
        Revision {
            configuration: &before.configuration,
            sources: &before.sources,
            words: &before.words,
            ways: &before_ways,
        },
        Revision {
            configuration: &head.configuration,
            sources: &head.sources,
            words: &head.words,
            ways: &head_ways,
        },
        connection::environment,
    );
    let values = revision.changed_variable_files()?;
    let banners = &mut reviewed.circumstances.banners;
    let not_compared =
        || Diagnostic::warning(Code::NotCompared, "Not all of the base could be compared");
    if !values.is_empty() {
        let values = values.join(", ");
        banners.push(
            not_compared()
                .detail(format!(
                    "{values} changes: nobody says whether variables take values from there."
                ))
                .hint("What follows from them does not stand here: name the files that count by `--var-file`, or review a plan."),
        );
    }
    if !missing.is_empty() {
        banners.push(
            not_compared()
                .detail(format!("It does not have {}.", missing.join(", ")))
                .hint("What this gives values to is not known there."),
        );
    }
    if before.has_errors() {
        complaints::tell(&before.diagnostics, &before.sources, console);
        banners.push(not_compared().detail("It has errors, which stand on stderr."));
    }
    let mut sources = head.sources;
    Ok(Material {
        plan: Plan {
            reviewed,
            checksum: None,
        },
        policy: policy::read_in(&place, &mut sources)?,
        configuration: Some(head.configuration),
        sources,
    })
}

impl Gate {
    /// True if the caller wants to fail for what was found. Which rules found it is told: what the review of a change says already, it
    /// does not say again by the rule's name.
    pub(crate) fn finds(self, review: &Written<'_>, console: &Console) -> bool {
        let Some(level) = self.fail_on else {
            return false;
        };
        let rules = review.rules_from(level);
        if !rules.is_empty() {
            let (level, rules) = (level.name(), rules.join(", "));
            console.complain(&format!("error: findings at or above {level}: {rules}"));
        }
        !rules.is_empty()
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
fn parse(text: String) -> Result<Plan, Diagnostic> {
    if SavedPlan::is_one(&text) {
        let saved = SavedPlan::parse(&text)?;
        Ok(Plan {
            checksum: Some(saved.checksum()),
            reviewed: saved.into(),
        })
    } else {
        Ok(Plan {
            reviewed: terraform::parse_text(text, connection::environment)?,
            checksum: None,
        })
    }
}

/// Reads the configuration that the plan was made of. What is wrong with it is told, and is no reason not to review the plan.
fn look_into(
    folder: &Path,
    language: Option<Language>,
    reviewed: &mut Reviewed,
    console: &Console,
) -> Result<Compiled, Failure> {
    let source = Source {
        paths: vec![folder.to_owned()],
        variables: Variables::default(),
        language,
    };
    let compiled = configuration::compile_to_validate(&source)?;
    let is_whole = !has_errors(&compiled.diagnostics);
    if !is_whole {
        complaints::tell(&compiled.diagnostics, &compiled.sources, console);
    }
    reviewed.learn(&compiled.configuration, is_whole, connection::environment);
    Ok(compiled)
}
