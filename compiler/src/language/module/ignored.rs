//! `lifecycle { ignore_changes = […] }`: what it names, held against the type of the resource as Terraform holds it.

use super::{Context, PREFIX};
use crate::diagnostic::Code;
use crate::language::configuration::{IgnoreChanges, Mode};
use crate::language::syntax::{Body, Path, PathStep, as_keyword};
use crate::model::schema::{Body as SchemaBody, Nesting, Type};
use crate::value::AttributePath;

/// What is wrong with a path: the code, the summary and the detail.
type Mistake = (Code, &'static str, String);

pub(super) fn ignore_changes(context: &Context<'_>, body: &Body, kind: &str) -> IgnoreChanges {
    let Some(attribute) = body.attribute("ignore_changes") else {
        return IgnoreChanges::Nothing;
    };
    if as_keyword(&attribute.expression).is_some_and(|word| word.as_ref() == "all") {
        return IgnoreChanges::All;
    }
    let paths = context.paths(body, "ignore_changes");
    for path in &paths {
        if let Some((code, summary, detail)) = mistake(context, kind, &path.steps) {
            context.error(path.spot, code, summary, detail);
        }
    }
    IgnoreChanges::Some(paths.iter().map(attribute_path).collect())
}

fn attribute_path(path: &Path) -> AttributePath {
    let root = AttributePath::root();
    path.steps.iter().fold(root, |path, step| match step {
        PathStep::Name(name) => path.then(&**name),
        PathStep::Key(key) => path.key(&**key),
        PathStep::Index(index) => path.index(*index),
    })
}

fn mistake(context: &Context<'_>, kind: &str, steps: &[PathStep]) -> Option<Mistake> {
    const BUILT_IN: [&str; 5] = ["id", "input", "output", "store", "triggers_replace"];
    if kind == "terraform_data" {
        return match steps.first()? {
            PathStep::Name(name) if !BUILT_IN.contains(&&**name) => Some(no_attribute(name)),
            _ => None,
        };
    }
    let ours = kind.strip_prefix(PREFIX)?;
    let schema = context.schemas.find(Mode::Managed, ours)?;
    in_body(&schema.body, steps)
}

fn in_body(body: &SchemaBody, steps: &[PathStep]) -> Option<Mistake> {
    let (first, rest) = steps.split_first()?;
    let name = match first {
        PathStep::Name(name) => name,
        PathStep::Key(key) => {
            let detail = format!("Only attribute access is allowed here: write .{key}");
            return Some((Code::InvalidIndex, "Invalid index operation", detail));
        }
        PathStep::Index(_) => {
            let detail = "Only attribute access is allowed here, with a dot.".to_owned();
            return Some((Code::InvalidIndex, "Invalid index operation", detail));
        }
    };
    if let Some(attribute) = body.attribute(name) {
        return in_value(&attribute.kind, rest);
    }
    let Some(block) = body.block(name) else {
        return Some(no_attribute(name));
    };
    match (block.nesting, rest) {
        (Nesting::Single, rest) => in_body(&block.body, rest),
        (Nesting::List, [PathStep::Name(_), ..]) => Some((
            Code::InvalidIndex,
            "Invalid operation",
            format!("Blocks {name:?} are a list, of which one is named by its number: {name}[0]"),
        )),
        (Nesting::List, rest) => in_body(&block.body, rest.get(1..).unwrap_or_default()),
    }
}

fn in_value(kind: &Type, steps: &[PathStep]) -> Option<Mistake> {
    let (first, rest) = steps.split_first()?;
    let (inner, detail) = match (kind, first) {
        (Type::Dynamic, _) => return None,
        (Type::Map(inner), _) | (Type::List(inner), PathStep::Index(_)) => (Some(&**inner), ""),
        (Type::Object(fields), PathStep::Name(name) | PathStep::Key(name)) => {
            let field = fields.iter().find(|(field, _)| *field == **name);
            (
                field.map(|(_, kind)| kind),
                "There is nothing of that name.",
            )
        }
        (Type::Object(_), PathStep::Index(_)) => (None, "Its parts have names."),
        (Type::List(_), _) => (None, "Its elements have numbers."),
        (Type::Set(_), _) => (
            None,
            "The elements of a set have no names or numbers: name it as a whole.",
        ),
        (Type::Bool | Type::Number | Type::String, _) => (None, "It has no parts."),
    };
    match (inner, first) {
        (Some(inner), _) => in_value(inner, rest),
        (None, PathStep::Name(_)) => Some((
            Code::UnsupportedAttribute,
            "Unsupported attribute",
            detail.to_owned(),
        )),
        (None, _) => Some((Code::InvalidIndex, "Invalid index", detail.to_owned())),
    }
}

fn no_attribute(name: &str) -> Mistake {
    (
        Code::UnsupportedAttribute,
        "Unsupported attribute",
        format!("There is no argument or block named {name:?}."),
    )
}
