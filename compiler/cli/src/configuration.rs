//! The configuration that a command is about: where it is, the values of its variables, and what it compiles to.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use lanyard_compiler::comparison::{Known, Way, contradictions, null_secrets, ways};
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{
    self, Configuration, Instance, Language, MemoryLoader, MissingVariables, Options, Schemas,
    Sources, Unread, VariableArgument, WhyUnread, Words,
};
use lanyard_compiler::model::settings::check;
use lanyard_compiler::model::{checks, data, ephemeral, token_exchange};
use lanyard_compiler::parallel;
use lanyard_compiler::value::Value;
use lanyard_servers::token_exchange as exchange;

use crate::args::Source;
use crate::complaints::{self, Failure};
use crate::connection;
use crate::console::Console;
use crate::disk::Disk;
use crate::git::Revision;
use crate::policy;
use crate::variables::Variable;

/// What a configuration on disk wants.
pub(crate) struct Compiled {
    pub(crate) configuration: Configuration,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
    /// Kept where nothing is done with the configuration but to look at it.
    pub(crate) words: Words,
    disk: Disk,
    options: Options,
}

/// Compiles what the arguments name.
pub(crate) fn compile(arguments: &Source) -> Result<Compiled, Failure> {
    compile_with(arguments, MissingVariables::Error)
}

/// The same where nothing is done yet: a variable without a value is unknown, as Terraform has it when it validates.
pub(crate) fn compile_to_validate(arguments: &Source) -> Result<Compiled, Failure> {
    compile_with(arguments, MissingVariables::Unknown)
}

fn compile_with(
    arguments: &Source,
    missing_variables: MissingVariables,
) -> Result<Compiled, Failure> {
    let (root, only) = locate(&arguments.paths)?;
    let options = Options {
        missing_variables,
        language: language_with(arguments, &root, missing_variables)?,
        ..options(arguments, &root)?
    };
    Ok(compiled(Disk::new(root).only(only), options))
}

fn compiled(disk: Disk, options: Options) -> Compiled {
    let language::Compiled {
        mut configuration,
        diagnostics,
        sources,
        words,
    } = language::compile(&disk, &options, &Schemas::lanyard());
    let is_looked_at = options.missing_variables == MissingVariables::Unknown;
    configuration.unread.extend(unread_documents(&disk));
    let mut compiled = Compiled {
        configuration,
        diagnostics,
        sources,
        words: if is_looked_at {
            words
        } else {
            Words::default()
        },
        disk,
        options,
    };
    for problem in compiled.check() {
        if !is_said(&compiled.diagnostics, &problem) {
            compiled.diagnostics.push(problem);
        }
    }
    let Compiled {
        diagnostics,
        sources,
        ..
    } = &mut compiled;
    diagnostics.sort_by_cached_key(|diagnostic| {
        let span = diagnostic.span.as_ref();
        span.map(|span| (span.file.clone(), sources.position(span), span.range.end))
    });
    compiled
}

/// Documents beside those that were named: they may declare what these do not.
fn unread_documents(disk: &Disk) -> Vec<Unread> {
    disk.hidden_documents()
        .into_iter()
        .map(|name| Unread {
            why: WhyUnread::File(name),
            kind: None,
            provider: None,
            span: None,
        })
        .collect()
}

/// True if the language complained of the same place already: whoever corrects that sees the rest.
fn is_said(said: &[Diagnostic], problem: &Diagnostic) -> bool {
    let Some(span) = &problem.span else {
        return false;
    };
    said.iter().filter(|other| other.is_error()).any(|other| {
        let Some(inner) = &other.span else {
            return false;
        };
        let within = inner.file == span.file
            && span.range.start <= inner.range.start
            && inner.range.end <= span.range.end;
        within && (other.path == problem.path || inner.range != span.range)
    })
}

/// Compiles, and tells what is no error.
pub(crate) fn compile_or_tell(arguments: &Source, console: &Console) -> Result<Compiled, Failure> {
    let compiled = compile(arguments)?;
    compiled.tell(console)?;
    Ok(compiled)
}

impl Compiled {
    /// Leaves out what is no mistake for whoever asks.
    pub(crate) fn without(mut self, code: Code) -> Self {
        self.diagnostics
            .retain(|diagnostic| diagnostic.code != code);
        self
    }

    /// Tells what is no error.
    pub(crate) fn tell(&self, console: &Console) -> Result<(), Failure> {
        if has_errors(&self.diagnostics) {
            let problems = self.diagnostics.clone();
            return Err(Failure::in_files(problems, self.sources.clone()));
        }
        complaints::tell(&self.diagnostics, &self.sources, console);
        Ok(())
    }

    /// The data sources whose answers are not known.
    pub(crate) fn unanswered(&self) -> impl Iterator<Item = &Instance> {
        let sources = self.configuration.data().map(|(instance, ..)| instance);
        sources.filter(|instance| !self.options.known.contains_key(&instance.address))
    }

    /// Compiled again, now that this is known of what its expressions refer to.
    pub(crate) fn knowing(self, known: Known) -> Self {
        let Self { disk, options, .. } = self;
        compiled(disk, Options { known, ..options })
    }

    /// The configuration with what is known of resources that exist.
    pub(crate) fn with(&self, known: &Known) -> Configuration {
        let mut options = self.options.clone();
        options.known.extend(known.clone());
        let compiled = language::compile(&self.disk, &options, &Schemas::lanyard());
        let mut configuration = compiled.configuration;
        configuration.unread.extend(unread_documents(&self.disk));
        configuration
    }

    /// What the model has to say: of each provider block its settings, of each resource what its server can do,
    /// of what lasts for a run as well.
    fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for provider in &self.configuration.providers {
            found.extend(
                check(&provider.config)
                    .into_iter()
                    .map(|problem| provider.locate(problem)),
            );
        }
        let ways = ways_of(&self.configuration);
        let managed = self.configuration.managed().collect();
        let of_each = parallel::map(managed, |(instance, kind, provider)| {
            let server = ways[provider].server;
            let problems = checks::validate_without_state(kind, server, &instance.config);
            let located = problems.into_iter().map(|problem| instance.locate(problem));
            located.collect::<Vec<_>>()
        });
        found.extend(of_each.into_iter().flatten());
        for (instance, kind, _) in self.configuration.data() {
            let problems = data::check(kind, &instance.config).into_iter();
            found.extend(problems.map(|problem| instance.locate(problem)));
        }
        for (instance, provider) in self.configuration.ephemeral() {
            let problems = match &*instance.kind {
                token_exchange::NAME => exchange::validate(&instance.config),
                _ => ephemeral::check(ways[provider].server, &instance.config),
            };
            let problems = problems.into_iter();
            found.extend(problems.map(|problem| instance.locate(problem)));
        }
        found.extend(contradictions(&self.configuration, &ways));
        found.extend(null_secrets(&self.configuration));
        found
    }
}

/// Where the providers of a configuration lead to, one for each.
pub(crate) fn ways_of(configuration: &Configuration) -> Vec<Way> {
    let providers = configuration.providers.iter();
    let settings: Vec<Option<Value>> = providers
        .map(|provider| connection::complete(&provider.config))
        .collect();
    ways(settings.iter().map(Option::as_ref))
}

/// What a folder had in another revision, and the files of values that are not in it; variables without a value are unknown.
pub(crate) fn compile_revision(
    arguments: &Source,
    revision: &mut Revision,
) -> Result<(language::Compiled, Vec<String>), Failure> {
    let (root, _) = locate(&arguments.paths)?;
    let mut options = Options {
        missing_variables: MissingVariables::Unknown,
        ..options(arguments, &root)?
    };
    if revision.is_empty() {
        options.variables.clear();
        let nothing = MemoryLoader::new([("main.tf", "")]);
        let compiled = language::compile(&nothing, &options, &Schemas::lanyard());
        return Ok((compiled, Vec::new()));
    }
    let mut missing = Vec::new();
    options.variables.retain_mut(|given| match given {
        VariableArgument::File(path) => {
            *path = without_links(path);
            let taken = revision.take_values(path);
            let is_there = taken.is_ok();
            missing.extend(taken.err());
            is_there
        }
        VariableArgument::Value { .. } => true,
    });
    let mut compiled = language::compile(revision, &options, &Schemas::lanyard());
    // It may not have had a variable yet that the command line gives a value; who misspells one is told by the other side.
    let is_new = |told: &Diagnostic| told.code == Code::UndeclaredVariable && told.span.is_none();
    compiled.diagnostics.retain(|told| !is_new(told));
    Ok((compiled, missing))
}

/// An absolute path to the same file, where no folder is a link.
fn without_links(path: &str) -> String {
    let whole = Path::new(path);
    let real = whole
        .parent()
        .zip(whole.file_name())
        .and_then(|(folder, name)| {
            let folder = std::fs::canonicalize(folder).ok()?;
            Some(folder.join(name).to_str()?.to_owned())
        });
    real.unwrap_or_else(|| path.to_owned())
}

/// The folder, and the names of its files if only some are meant.
fn locate(paths: &[PathBuf]) -> Result<(PathBuf, Option<Vec<String>>), Diagnostic> {
    let problem = |path: &Path, what: &str| {
        Diagnostic::error(Code::NoSuchConfiguration, "There is no configuration to read")
            .detail(format!("{}: {what}.", path.display()))
            .hint("Name a folder of Terraform files, or documents that end in .lanyard.hcl or .lanyard.json.")
    };
    match paths {
        [] => Ok((PathBuf::from("."), None)),
        [folder] if folder.is_dir() => Ok((folder.clone(), None)),
        files => {
            let mut folder: Option<&Path> = None;
            let mut names = Vec::new();
            for file in files {
                if !file.exists() {
                    return Err(problem(file, "it does not exist"));
                }
                let (Some(parent), Some(name)) = (
                    file.parent(),
                    file.file_name().and_then(|name| name.to_str()),
                ) else {
                    return Err(problem(file, "it is no file"));
                };
                if file.is_dir() {
                    return Err(problem(file, "a folder can only stand alone"));
                }
                if !language::is_document(name) {
                    return Err(problem(
                        file,
                        "single files are documents; a Terraform configuration is a whole folder",
                    ));
                }
                if folder.is_some_and(|folder| folder != parent) {
                    return Err(problem(
                        file,
                        "documents that belong together stand in one folder",
                    ));
                }
                folder = Some(parent);
                names.push(name.to_owned());
            }
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            Ok((folder.unwrap_or(Path::new(".")).to_owned(), Some(names)))
        }
    }
}

/// Whose language is asked for: on the command line, or by the folder's `lanyard.toml`.
pub(crate) fn language(arguments: &Source, root: &Path) -> Result<Option<Language>, Failure> {
    language_with(arguments, root, MissingVariables::Error)
}

fn language_with(
    arguments: &Source,
    root: &Path,
    missing_variables: MissingVariables,
) -> Result<Option<Language>, Failure> {
    if arguments.language.is_some() {
        return Ok(arguments.language);
    }
    match policy::read_in(root, &mut Sources::default()) {
        Ok(policy) => Ok(policy.language),
        // Whoever only validates is told beside everything else.
        Err(_) if missing_variables == MissingVariables::Unknown => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Variables, in Terraform's order of precedence: environment first, then the command line.
fn options(arguments: &Source, root: &Path) -> Result<Options, Diagnostic> {
    let environment = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?.strip_prefix("TF_VAR_")?.to_owned();
        Some((name, value.into_string().ok()?))
    });
    let mut variables = Vec::new();
    for given in &arguments.variables.0 {
        let text = match given {
            Variable::Value(text) => text,
            Variable::File(file) => {
                // Relative to where the user is, not to the configuration.
                let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
                variables.push(VariableArgument::File(path.to_string_lossy().into_owned()));
                continue;
            }
        };
        let Some((name, text)) = text.split_once('=') else {
            // What was typed may be the secret itself, so it is not repeated.
            return Err(
                Diagnostic::error(Code::InvalidVariable, "A variable cannot be read")
                    .detail("`--var` takes NAME=VALUE, and one has no `=`.")
                    .hint("For example `--var environment=prod`."),
            );
        };
        variables.push(VariableArgument::Value {
            name: name.trim().to_owned(),
            text: text.to_owned(),
        });
    }
    let data_folder = filled("TF_DATA_DIR").unwrap_or_else(|| ".terraform".to_owned());
    let workspace = match filled("TF_WORKSPACE") {
        Some(workspace) if workspace.chars().all(names_a_workspace) => workspace,
        Some(workspace) => {
            return Err(Diagnostic::error(
                Code::UnreadableWorkspace,
                "The name of the workspace is not valid",
            )
            .detail(format!(
                "TF_WORKSPACE is {workspace:?}, and the name of a workspace must fit into a URL as it is."
            ))
            .hint("Use letters, digits, dashes and underscores."));
        }
        None => selected_workspace(&root.join(&data_folder).join("environment"))?,
    };
    Ok(Options {
        environment: environment.collect(),
        variables,
        workspace,
        data_folder,
        ..Options::default()
    })
}

/// A variable of the environment that is not empty.
fn filled(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// What needs no escaping in a part of a URL's path.
fn names_a_workspace(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.~$&+:=@".contains(letter)
}

/// The workspace that `terraform workspace select` noted in this file.
fn selected_workspace(file: &Path) -> Result<String, Diagnostic> {
    const DEFAULT: &str = "default";
    match std::fs::read_to_string(file) {
        Ok(text) if text.trim().is_empty() => Ok(DEFAULT.to_owned()),
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(DEFAULT.to_owned())
        }
        Err(error) => Err(Diagnostic::error(
            Code::UnreadableWorkspace,
            "The selected workspace cannot be read",
        )
        .detail(format!("{}: {error}.", file.display()))
        .hint("Select it again with `terraform workspace select`, or name it in TF_WORKSPACE.")),
    }
}
