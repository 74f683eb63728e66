//! Files next to the configuration, read through the loader.

mod glob;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::json::is_identifier;
use super::{Failure, Outcome, text};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds::{ALTERNATIVES, TEMPLATES};
use crate::language::evaluate::{Evaluator, Found, Names, NoNames, Scope};
use crate::language::loader::{LoadError, Walked, join, normalise};
use crate::language::syntax::{parse_body, parse_template_text};
use crate::language::term::{Entries, Shape, Term};
use crate::language::which::Language;
use crate::suggest::closest;

/// The bytes of a file; read once.
pub(super) fn bytes_of(evaluator: &Evaluator<'_>, path: &str) -> Result<Arc<[u8]>, Failure> {
    let key = normalise(path);
    let mut files = evaluator.files.borrow_mut();
    let read = files
        .entry(key.clone())
        .or_insert_with(|| evaluator.loader.read(&key).map(Into::into));
    read.clone().map_err(|error| match error {
        LoadError::NotFound => Failure::argument(0, format!("no file exists at {path:?}; this function works only with files that are part of the configuration, not with those that resources create")),
        LoadError::Other(reason) => Failure::argument(0, format!("{path:?} cannot be read: {reason}")),
    })
}

/// Reads the files that a data source is given the paths of: whoever compares two revisions has to know whether they are the same, and what
/// the data source makes of them nobody here does.
pub(crate) fn look_at_files(evaluator: &Evaluator<'_>, term: &Term) {
    const LONGEST_PATH: usize = 4096;
    let root = evaluator.loader.root();
    let is_ours = |path: &str| {
        let root = root.as_deref();
        !path.starts_with('/') || root.is_some_and(|root| path.starts_with(root))
    };
    let mut look_at = |term: &Term| {
        let path = term.as_str().filter(|path| !path.is_empty());
        if let Some(path) = path.filter(|path| path.len() <= LONGEST_PATH && is_ours(path)) {
            // Of what is no file that is noted, too.
            drop(bytes_of(evaluator, path));
        }
    };
    look_at(term);
    term.visit(&mut look_at);
}

fn text_of(evaluator: &Evaluator<'_>, path: &str) -> Result<String, Failure> {
    let bytes = bytes_of(evaluator, path)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| {
        Failure::argument(
            0,
            format!(
                "the contents of {path:?} are not valid UTF-8; use filebase64 to read it as Base64"
            ),
        )
    })
}

pub(super) fn file(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    text_of(evaluator, text(arguments, 0)).map(Term::string)
}

pub(super) fn filebase64(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    let bytes = bytes_of(evaluator, text(arguments, 0))?;
    Ok(Term::string(STANDARD.encode(bytes)))
}

pub(super) fn fileexists(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    let path = text(arguments, 0);
    if bytes_of(evaluator, path).is_ok() {
        return Ok(Term::bool(true));
    }
    let key = normalise(path);
    if evaluator.loader.files(&key).is_ok() {
        let message = format!("{path:?} is a directory, not a file");
        return Err(Failure::argument(0, message));
    }
    match evaluator.files.borrow().get(&key) {
        Some(Err(LoadError::Other(reason))) => {
            let message = format!("{path:?} cannot be read: {reason}");
            Err(Failure::argument(0, message))
        }
        _ => Ok(Term::bool(false)),
    }
}

pub(super) fn fileset(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    let folder = normalise(text(arguments, 0));
    // A pattern is never absolute.
    let whole = format!("{folder}/{}", text(arguments, 1));
    let whole = normalise(match folder.as_str() {
        "" => whole.trim_start_matches('/'),
        _ => &whole,
    });
    let (base, pattern) = glob::split(&whole);
    let read = match pattern {
        // A name and no pattern: the file, if it is there.
        "" => {
            let (parent, name) = base.rsplit_once('/').unwrap_or(("", base));
            let files = evaluator.loader.files(parent);
            files.map(|files| Walked::of(files.into_iter().filter(|file| file == name).collect()))
        }
        _ => evaluator.loader.walk(base.trim_end_matches('/')),
    };
    let Walked { mut files, broken } = match read {
        Ok(walked) => walked,
        Err(LoadError::NotFound) => Walked::default(),
        Err(LoadError::Other(reason)) => {
            let message = format!("the files below {base:?} cannot be listed: {reason}");
            return Err(Failure::argument(0, message));
        }
    };
    files.extend(broken.iter().cloned());
    let found: Result<Vec<String>, glob::Wrong> = match evaluator.language {
        Language::Terraform if pattern.is_empty() => {
            Ok(files.iter().map(|_| base.to_owned()).collect())
        }
        Language::OpenTofu if pattern.is_empty() => {
            glob::eagerly(&[], base.rsplit('/').next().unwrap_or(base))
                .map(|_| files.iter().map(|_| base.to_owned()).collect())
        }
        // It is taken for the name of a Windows server, and Terraform fails.
        Language::Terraform if whole.starts_with("\\\\") => Err(glob::Wrong::Pattern),
        Language::Terraform => glob::name_by_name(&files, pattern)
            .map(|found| found.iter().map(|path| format!("{base}{path}")).collect()),
        Language::OpenTofu => glob::eagerly(&files, pattern)
            .map(|found| found.iter().map(|path| format!("{base}{path}")).collect()),
    };
    let found = found.map_err(|wrong| match wrong {
        glob::Wrong::Pattern => {
            Failure::argument(1, "this is not a pattern: a bracket or brace has no end, or a bracket or backslash nothing after it")
        }
        glob::Wrong::TooManyAlternatives => Failure::call(format!(
            "the stars and braces of the pattern make more than {ALTERNATIVES} alternatives"
        )),
    })?;
    let mut names = Vec::with_capacity(found.len());
    for path in &found {
        let is_broken = path
            .strip_prefix(base)
            .is_some_and(|path| broken.iter().any(|broken| broken == path));
        if is_broken && is_passed_over(evaluator.language, pattern) {
            continue;
        }
        if is_broken {
            return Err(Failure::call(format!(
                "failed to stat {path:?}: the link leads nowhere, or round in a circle"
            )));
        }
        names.push(Term::string(seen_from(&folder, path)));
    }
    let found = names;
    Ok(Term::set(Shape::String, found))
}

/// Terraform lists what `**` stands for as far as it can be looked at.
fn is_passed_over(language: Language, pattern: &str) -> bool {
    language == Language::Terraform && pattern.rsplit('/').next() == Some("**")
}

/// A path relative to a folder, both in their shortest spelling.
fn seen_from(folder: &str, path: &str) -> String {
    let mut steps = folder.split('/').filter(|step| !step.is_empty()).peekable();
    let mut rest = path.trim_start_matches('/');
    while let Some(step) = steps.peek() {
        match rest.split_once('/') {
            Some((first, below)) if first == *step => {
                rest = below;
                steps.next();
            }
            _ => break,
        }
    }
    "../".repeat(steps.count()) + rest
}

pub(super) fn basename(arguments: &[Term]) -> Outcome {
    let path = text(arguments, 0).trim_end_matches('/');
    Ok(Term::string(match path.rsplit('/').next() {
        Some("") | None if text(arguments, 0).is_empty() => ".",
        Some("") | None => "/",
        Some(name) => name,
    }))
}

pub(super) fn dirname(arguments: &[Term]) -> Outcome {
    let path = text(arguments, 0);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let cleaned = match (folder, path.starts_with('/')) {
        ("", true) => "/".to_owned(),
        (folder, _) => normalise(folder),
    };
    Ok(Term::string(if cleaned.is_empty() {
        ".".to_owned()
    } else {
        cleaned
    }))
}

pub(super) fn abspath(evaluator: &Evaluator<'_>, _: &dyn Names, arguments: &[Term]) -> Outcome {
    let path = text(arguments, 0);
    if path.starts_with('/') {
        return Ok(Term::string(normalise(path)));
    }
    Ok(evaluator.loader.root().map_or_else(
        || Term::unknown_not_null(Shape::String),
        |root| Term::string(join(&root, path)),
    ))
}

pub(super) fn pathexpand(arguments: &[Term]) -> Outcome {
    let path = text(arguments, 0);
    match path.strip_prefix('~') {
        None => Ok(Term::string(path)),
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            Ok(Term::unknown_not_null(Shape::String))
        }
        Some(_) => Err(Failure::call("cannot expand user-specific home dir")),
    }
}

/// The variables of a template.
struct TemplateNames<'a> {
    variables: &'a Entries,
    depth: usize,
}

impl Names for TemplateNames<'_> {
    fn find(&self, root: &str, _: &[&str]) -> Found {
        if let Some(term) = self.variables.get(root) {
            return Found::Value(term.clone(), 0);
        }
        let mut error = Diagnostic::error(
            Code::UndeclaredTemplateVariable,
            "Invalid reference in template",
        )
        .detail(format!(
            "The template uses {root:?}, which is not among the variables it is given."
        ));
        if let Some(meant) = closest(root, self.variables.keys().map(AsRef::as_ref)) {
            error = error.hint(format!("did you mean {meant:?}?"));
        }
        Found::Wrong(Box::new(error))
    }

    fn template_depth(&self) -> usize {
        self.depth
    }
}

fn variables(term: &Term) -> Result<Option<Entries>, Failure> {
    if term.is_unknown() {
        return Ok(None);
    }
    let Some(entries) = term.as_entries() else {
        return Err(Failure::argument(1, "invalid vars value: must be a map"));
    };
    if let Some(wrong) = entries.keys().find(|name| !is_identifier(name)) {
        return Err(Failure::argument(
            1,
            format!(
                "invalid template variable name {wrong:?}: must start with a letter, followed by zero or more letters, digits, and underscores"
            ),
        ));
    }
    Ok(Some(entries.clone()))
}

pub(super) fn templatefile(
    evaluator: &Evaluator<'_>,
    names: &dyn Names,
    arguments: &[Term],
) -> Outcome {
    let (path, marks) = arguments[0].clone().unmarked();
    if arguments[1].is_unknown() {
        return Ok(Term::dynamic().marked(&marks.union(&arguments[1].marks)));
    }
    let path = path.as_str().unwrap_or_default().to_owned();
    check_depth(evaluator, names, "templatefile")?;
    let key = normalise(&path);
    let cached = evaluator.templates.borrow().get(&key).cloned();
    let template = match cached {
        Some(template) => template,
        None => {
            let source = text_of(evaluator, &path)?;
            let file = evaluator.add_source(&key, &source);
            let template = parse_template_text(file, &source).map_err(|error| {
                let start = error.spot.start as usize;
                let line = source[..start.min(source.len())].matches('\n').count() + 1;
                Failure::argument(
                    0,
                    format!(
                        "{path} is not a valid template: at line {line}: {}",
                        error.message
                    ),
                )
            })?;
            let template = Arc::new(template);
            evaluator
                .templates
                .borrow_mut()
                .insert(key, template.clone());
            template
        }
    };
    render(evaluator, names, &template, &arguments[1]).map(|term| term.marked(&marks))
}

pub(super) fn templatestring(
    evaluator: &Evaluator<'_>,
    names: &dyn Names,
    arguments: &[Term],
) -> Outcome {
    check_depth(evaluator, names, "templatestring")?;
    let (template, marks) = arguments[0].clone().unmarked();
    let Some(source) = template.as_str() else {
        return Ok(Term::unknown_not_null(Shape::String).marked(&marks));
    };
    let shown = if marks.is_sensitive() {
        "(sensitive template)"
    } else {
        source
    };
    let file = evaluator.add_source("<templatestring argument>", shown);
    let template = parse_template_text(file, source).map_err(|error| {
        Failure::argument(0, format!("not a valid template: {}", error.message))
    })?;
    let rendered = render(evaluator, names, &template, &arguments[1])?;
    let rendered = match evaluator.language {
        Language::Terraform => crate::language::term::convert(&rendered, &Shape::String)
            .map_err(|mismatch| Failure::call(mismatch.to_string()))?,
        Language::OpenTofu => rendered,
    };
    Ok(rendered.marked(&marks))
}

/// Terraform calls no template function inside of a template, and OpenTofu does.
fn check_depth(
    evaluator: &Evaluator<'_>,
    names: &dyn Names,
    function: &str,
) -> Result<(), Failure> {
    let depth = names.template_depth();
    match evaluator.language {
        Language::Terraform if depth > 0 => Err(Failure::call(format!(
            "cannot recursively call {function} from inside another template function"
        ))),
        Language::OpenTofu if depth >= TEMPLATES => Err(Failure::call(format!(
            "templates call each other more than {TEMPLATES} levels deep",
        ))),
        _ => Ok(()),
    }
}

fn render(
    evaluator: &Evaluator<'_>,
    outer: &dyn Names,
    template: &crate::language::syntax::Expression,
    vars: &Term,
) -> Outcome {
    let Some(entries) = variables(vars)? else {
        return Ok(Term::unknown_not_null(Shape::String).marked(&vars.marks));
    };
    let names = TemplateNames {
        variables: &entries,
        depth: outer.template_depth() + 1,
    };
    let mark = evaluator.mark();
    let rendered = evaluator.evaluate(template, Scope::new(&names));
    if evaluator.failed_since(mark) {
        // The call is what the user wrote; the places inside the template are told in its message.
        let complaints = evaluator.complaints_since(mark);
        let reasons: Vec<String> = complaints
            .iter()
            .map(|complaint| {
                let place = complaint.span.as_ref().and_then(|span| {
                    let position = evaluator.sources.borrow().position(span)?;
                    Some(format!("{}:{}: ", span.file, position.line))
                });
                format!(
                    "{}{}: {}",
                    place.unwrap_or_default(),
                    complaint.summary,
                    complaint.detail
                )
            })
            .collect();
        return Err(Failure::call(
            reasons.join("; ").trim_end_matches('.').to_owned(),
        ));
    }
    if rendered.is_null() && evaluator.language == Language::Terraform {
        return Err(Failure::call("the result of the template is null"));
    }
    Ok(rendered.marked(&vars.marks))
}

pub(super) fn decode_tfvars(
    evaluator: &Evaluator<'_>,
    _: &dyn Names,
    arguments: &[Term],
) -> Outcome {
    let source = text(arguments, 0);
    let file = evaluator.add_source("<decode_tfvars argument>", source);
    let parsed = parse_body(file, source);
    if let Some(error) = parsed.errors.first() {
        return Err(Failure::argument(
            0,
            format!("invalid tfvars syntax: {}", error.message),
        ));
    }
    if !parsed.body.blocks.is_empty() {
        return Err(Failure::argument(
            0,
            "invalid tfvars syntax: blocks are not allowed here",
        ));
    }
    let entries: Entries = parsed
        .body
        .attributes
        .iter()
        .map(|attribute| {
            let value = evaluator.evaluate(&attribute.expression, Scope::new(&NoNames));
            (attribute.name.clone(), value)
        })
        .collect();
    Ok(Term::object(entries))
}
