//! Terraform's configuration language without Terraform: text to values.
//!
//! [`compile`] reads a folder of `.tf` and `.tf.json` files, or of our own documents (`*.lanyard.hcl`, `*.lanyard.json`; see
//! `language/module/document.rs` for how they are written), evaluates it by Terraform's rules and gives every instance of our own
//! resources with its values, the marks on them and the places they were written at. What cannot be known without a server, such
//! as other providers' resources, is unknown and never an error by itself. Every mistake is reported, not only the first.
//!
//! The rooms, in reading order: `loader` and `source` hold the texts, `syntax` reads them, `term` and `evaluate` know the values
//! and expressions, `functions` the built-in functions, `module` the declarations, `graph` the order, `walk` evaluates it all into
//! a [`Configuration`], and `report` shows complaints to people.

mod alone;
mod behind;
mod bounds;
mod configuration;
mod evaluate;
mod functions;
mod graph;
mod inputs;
mod loader;
mod module;
mod received;
mod reference;
mod report;
mod required;
mod resolve;
mod source;
mod syntax;
mod term;
mod unread;
mod version;
mod walk;
mod which;
mod words;

use std::collections::{BTreeMap, HashSet};

pub(crate) use alone::alone;
pub(crate) use behind::Part;
pub use behind::Words;
pub use bounds::FILE as MAX_FILE_BYTES;
pub use configuration::{
    Conditions, Configuration, Consumer, ConsumerKind, Failed, IgnoreChanges, Import, Instance,
    Key, Lifecycle, Link, Links, Marking, Mode, Moved, Output, Provider, ProviderReference,
    Receives, Removed, Schemas, Trigger, Watched, without_keys,
};
pub use functions::{FunctionFacts, function_facts};
pub(crate) use loader::join;
pub use loader::{LoadError, Loader, MemoryLoader, Walked};
pub(crate) use module::PREFIX;
pub use reference::reference_page;
pub(crate) use report::is_invisible;
pub use report::{Colour, report};
pub use source::{Position, Sources};
pub(crate) use syntax::{
    Body, Node, Path, PathStep, as_path, as_quoted_path, as_text, json, outline,
};
pub(crate) use unread::reasons;
pub use unread::{Unread, WhyUnread};
pub use which::{Language, Parts, Unfit, addition, is_configuration, is_document, language_of};

use crate::diagnostic::{Code, Diagnostic, Span, has_errors};
use crate::value::Value;

/// What comes from outside the configuration. It may hold secrets, so it cannot be printed.
#[derive(Clone)]
pub struct Options {
    /// Whose rules count; `None` if the folder is to say.
    pub language: Option<Language>,
    /// The value of `terraform.workspace`.
    pub workspace: String,
    /// The folder in which `terraform init` keeps modules: `.terraform`, or TF_DATA_DIR.
    pub data_folder: String,
    /// Variables from the environment, without their `TF_VAR_` prefix.
    pub environment: BTreeMap<String, String>,
    /// `-var` and `-var-file`, in the order given; later ones win.
    pub variables: Vec<VariableArgument>,
    /// What to do about a variable that has no value and no default.
    pub missing_variables: MissingVariables,
    /// What servers are known to hold, by instance address: an object of attributes, taken for those that only a server can know.
    /// With it, references such as `lanyard_service_account.ci.id` are known.
    pub known: BTreeMap<String, Value>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            language: None,
            workspace: "default".to_owned(),
            data_folder: ".terraform".to_owned(),
            environment: BTreeMap::new(),
            variables: Vec::new(),
            missing_variables: MissingVariables::Error,
            known: BTreeMap::new(),
        }
    }
}

/// A variable given on the command line.
#[derive(Clone)]
pub enum VariableArgument {
    /// `-var-file`: a path as the [`Loader`] understands it.
    File(String),
    /// `-var name=text`.
    Value { name: String, text: String },
}

/// What to do about a variable that has no value and no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingVariables {
    /// Complain, as Terraform does.
    Error,
    /// Treat it as unknown: for a review, which has no credentials and no secret variables.
    Unknown,
}

/// What compiling gives.
pub struct Compiled {
    /// As much of the configuration as could be made sense of; complete when there are no errors.
    pub configuration: Configuration,
    /// Everything there is to say, in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that were read, for [`report`].
    pub sources: Sources,
    /// What they declare, for a comparison with another revision.
    pub words: Words,
}

impl Compiled {
    /// True if the configuration must not be used.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Compiles the configuration in the loader's root folder.
///
/// It never fails as a whole and never panics: what is wrong stands in [`Compiled::diagnostics`], and the rest is still there.
/// Work and memory are bounded whatever the input.
pub fn compile(loader: &dyn Loader, options: &Options, schemas: &Schemas) -> Compiled {
    let (language, two_languages) = which::settle(loader, options.language);
    let sources = Sources::below(&loader.title());
    let mut evaluator = evaluate::Evaluator::new(loader, language, sources);
    evaluator.diagnostics.borrow_mut().extend(two_languages);
    let context = module::Context {
        evaluator: &evaluator,
        schemas,
    };
    let mut configuration = Configuration::default();
    let declared = module::load(&context, options);
    if let Some((tree, inputs)) = &declared {
        let graph = graph::order(&evaluator, tree);
        let prepared = walk::PreparedSchemas::new(*schemas);
        configuration = walk::Walk::new(
            &evaluator,
            (schemas, &prepared),
            options,
            tree,
            &graph,
            inputs,
        )
        .run();
    }
    evaluator.required.tell(&evaluator);
    let words = Words::new(&mut evaluator, declared);
    let sources = evaluator.sources.into_inner();
    Compiled {
        configuration,
        diagnostics: tidy(evaluator.diagnostics.into_inner(), &sources),
        sources,
        words,
    }
}

/// True if a reference lacks the key of an instance, or has one too many.
fn is_about_a_key(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.code,
        Code::MissingInstanceKey | Code::UnexpectedInstanceKey
    )
}

/// Sorted by place, each said once, not too many.
fn tidy(mut diagnostics: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    diagnostics.retain(|diagnostic| {
        let key = (
            diagnostic.code,
            diagnostic.detail.clone(),
            diagnostic.span.clone(),
        );
        seen.insert(key)
    });
    // Where a reference as a whole makes no sense, what evaluating it came to is no news.
    let nonsense: Vec<Span> = diagnostics
        .iter()
        .filter(|diagnostic| is_about_a_key(diagnostic))
        .filter_map(|diagnostic| diagnostic.span.clone())
        .collect();
    diagnostics.retain(|diagnostic| {
        let Some(span) = &diagnostic.span else {
            return true;
        };
        is_about_a_key(diagnostic)
            || !nonsense.iter().any(|other| {
                other.file == span.file
                    && other.range.start <= span.range.start
                    && span.range.end <= other.range.end
            })
    });
    diagnostics.sort_by_cached_key(|diagnostic| {
        diagnostic
            .span
            .as_ref()
            .map(|span| (span.file.clone(), sources.position(span), span.range.end))
    });
    if diagnostics.len() > bounds::COMPLAINTS {
        // Errors matter more than warnings.
        let (errors, warnings): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(Diagnostic::is_error);
        let total = errors.len() + warnings.len();
        diagnostics = errors
            .into_iter()
            .chain(warnings)
            .take(bounds::COMPLAINTS)
            .collect();
        diagnostics.push(
            Diagnostic::warning(Code::MoreDiagnostics, "There is more").detail(format!(
                "{} further messages are not shown.",
                total - bounds::COMPLAINTS
            )),
        );
    }
    diagnostics
}
