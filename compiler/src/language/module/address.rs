//! Addresses that statements name, read as each program reads them.

use crate::language::syntax::{Expression, Name, Path, PathStep, as_path, steps};
use crate::language::which::Language;

/// The statement that an address stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statement {
    Moved,
    Removed,
    Import,
}

/// What begins an expression, so that Terraform takes no type of that name where something is moved or imported.
const RESERVED: [&str; 10] = [
    "arg",
    "count",
    "each",
    "lazy",
    "local",
    "path",
    "self",
    "template",
    "terraform",
    "var",
];

/// The address of a resource or a module, without the word that says no more than that it is a resource; or what is wrong with it.
pub(crate) fn object(
    mut path: Path,
    statement: Statement,
    language: Language,
) -> Result<Path, String> {
    let terraform = language == Language::Terraform;
    let start = after_modules(&path.steps)?;
    let rest = &path.steps[start..];
    if rest.is_empty() {
        return match statement {
            Statement::Import => {
                Err("It must end in a resource, and only names a module.".to_owned())
            }
            Statement::Moved | Statement::Removed => Ok(path),
        };
    }
    let first = name(rest.first());
    let is_prefixed = first == Some("resource") && terraform && statement != Statement::Removed;
    let is_mode = matches!(first, Some("data" | "ephemeral"));
    if let Some(word) = first
        && terraform
        && statement != Statement::Removed
        && RESERVED.contains(&word)
    {
        return Err(format!(
            "{word:?} begins a reference to something else. A resource of a type of that name is written resource.{word}."
        ));
    }
    let named = &rest[usize::from(is_prefixed || is_mode)..];
    match named {
        [] | [_] => return Err("A resource's address has its type and its name.".to_owned()),
        [PathStep::Key(_) | PathStep::Index(_), ..] => {
            return Err("A resource's address begins with its type.".to_owned());
        }
        [_, PathStep::Key(_) | PathStep::Index(_), ..] => {
            return Err("After a resource's type comes its name.".to_owned());
        }
        [_, _] | [_, _, PathStep::Key(_) | PathStep::Index(_)] => {}
        [_, _, PathStep::Name(_), ..] => {
            return Err(
                "After a resource's name only the key of an instance may stand, in brackets."
                    .to_owned(),
            );
        }
        [_, _, _, _, ..] => return Err("Nothing may follow the key of an instance.".to_owned()),
    }
    match statement {
        Statement::Import if is_mode => {
            return Err("Only managed resources can be imported.".to_owned());
        }
        Statement::Moved if first == Some("ephemeral") && !terraform => {
            return Err("Nothing is kept of ephemeral resources that could be moved.".to_owned());
        }
        Statement::Moved | Statement::Removed | Statement::Import => {}
    }
    if is_prefixed {
        path.steps.remove(start);
    }
    Ok(path)
}

/// Where the part of an address begins that is no path of modules.
fn after_modules(steps: &[PathStep]) -> Result<usize, String> {
    let mut start = 0;
    while name(steps.get(start)) == Some("module") {
        if name(steps.get(start + 1)).is_none() {
            return Err("After \"module.\" comes the name of a module.".to_owned());
        }
        start += 2;
        if matches!(
            steps.get(start),
            Some(PathStep::Key(_) | PathStep::Index(_))
        ) {
            start += 1;
        }
    }
    Ok(start)
}

/// True for `module.a.module.b["x"]`.
pub(crate) fn is_module(path: &Path) -> bool {
    after_modules(&path.steps).is_ok_and(|start| start == path.steps.len())
}

fn name(step: Option<&PathStep>) -> Option<&str> {
    match step {
        Some(PathStep::Name(name)) => Some(name),
        _ => None,
    }
}

/// An address whose keys may be expressions, with some key in the place of each that is not constant.
pub(crate) fn outline(expression: &Expression) -> Option<Path> {
    if let Some(path) = as_path(expression) {
        return Some(path);
    }
    let steps = steps(expression, |_| Some(PathStep::Key(Name::from(""))))?;
    Some(Path {
        steps,
        spot: expression.spot,
    })
}
