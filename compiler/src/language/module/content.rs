//! What may stand in a block, checked: unknown and missing arguments, blocks that do not belong, labels.

use std::sync::Arc;

use super::Rule;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::Schemas;
use crate::language::evaluate::{Evaluator, NoNames, Scope};
use crate::language::source::Spot;
use crate::language::syntax::{
    Block, Body, Expression, Name, Node, Path, PathStep, as_path, as_quoted_path, as_text,
    references,
};
use crate::language::term::{Shape, Term};
use crate::language::which::Language;
use crate::language::words::{self, Form, Place};
use crate::suggest::closest;

/// The block whose arguments are its type's own, also those that are named like one of Terraform's.
pub(super) const ESCAPING: &str = "_";

/// What decoding needs from around it.
pub(crate) struct Context<'a> {
    pub(crate) evaluator: &'a Evaluator<'a>,
    pub(crate) schemas: &'a Schemas,
}

/// Complains about arguments and blocks that do not belong into a body.
pub(crate) fn check_unknown(
    evaluator: &Evaluator<'_>,
    body: &Body,
    attributes: &[&str],
    blocks: &[&str],
) {
    check_unknown_but(evaluator, body, attributes, blocks, &|_| None);
}

/// Likewise where some words are another program's: `elsewhere` says whose.
fn check_unknown_but(
    evaluator: &Evaluator<'_>,
    body: &Body,
    attributes: &[&str],
    blocks: &[&str],
    elsewhere: &dyn Fn(&str) -> Option<String>,
) {
    for attribute in &body.attributes {
        let name = attribute.name.as_ref();
        if attributes.contains(&name) {
            continue;
        }
        let mut error = match body.is_ignoring() {
            true => ignored("argument", name),
            false => Diagnostic::error(Code::UnknownAttribute, "Unsupported argument")
                .detail(format!("An argument named {name:?} is not expected here.")),
        };
        if let Some(other) = elsewhere(name) {
            error = error.hint(other);
        } else if blocks.contains(&name) {
            error = error.hint(format!(
                "{name:?} is a block: write `{name} {{ … }}` without the equals sign"
            ));
        } else if let Some(meant) = closest(name, attributes.iter().copied()) {
            error = error.meant(meant);
        } else if let Some(meant) = closest(name, blocks.iter().copied()) {
            error = error.hint(format!("did you mean the block {meant:?}?"));
        }
        evaluator.complain(attribute.name_spot, error);
    }
    for block in &body.blocks {
        let kind = block.kind.as_ref();
        if blocks.contains(&kind) {
            continue;
        }
        let mut error = match body.is_ignoring() {
            true => ignored("block", kind),
            false => Diagnostic::error(Code::UnknownBlock, "Unsupported block type")
                .detail(format!("Blocks of type {kind:?} are not expected here.")),
        };
        if let Some(other) = elsewhere(kind) {
            error = error.hint(other);
        } else if attributes.contains(&kind) {
            error = error.hint(format!("{kind:?} is an argument: write `{kind} = …`"));
        } else if let Some(meant) = closest(kind, blocks.iter().copied()) {
            error = error.meant(meant);
        }
        evaluator.complain(block.kind_spot, error);
    }
}

/// An argument that is not there; or only in an override file, which changes arguments and gives no new ones that are required.
pub(crate) fn missing_argument(name: &str, is_added: bool) -> Diagnostic {
    let error = Diagnostic::error(Code::MissingAttribute, "Missing required argument");
    if is_added {
        return error.detail(format!(
            "The argument {name:?} is required, and only an override file sets it."
        ));
    }
    error.detail(format!(
        "The argument {name:?} is required, but no definition was found."
    ))
}

/// A warning of what a type does not have, in a block that an override file changes.
pub(crate) fn ignored(what: &str, name: &str) -> Diagnostic {
    Diagnostic::warning(Code::IgnoredBesideOverride, format!("Ignored {what}")).detail(format!(
        "The {what} {name:?} is not expected here. Beside an override file that changes the same block Terraform says nothing of that: it has no effect."
    ))
}

/// Likewise in a place where not every program reads the same words.
pub(crate) fn check_words(
    evaluator: &Evaluator<'_>,
    place: Place,
    body: &Body,
    attributes: &[&'static str],
    blocks: &[&'static str],
) {
    let language = evaluator.language;
    let names = body
        .attributes
        .iter()
        .map(|attribute| (&attribute.name, attribute.name_spot));
    for (name, spot) in names.chain(
        body.blocks
            .iter()
            .map(|block| (&block.kind, block.kind_spot)),
    ) {
        note_version(evaluator, place, name, spot);
    }
    let with = |common: &[&'static str], form| -> Vec<&str> {
        common
            .iter()
            .copied()
            .chain(words::of(place, form, language))
            .collect()
    };
    check_unknown_but(
        evaluator,
        body,
        &with(attributes, Form::Argument),
        &with(blocks, Form::Block),
        &|name| words::other_program(place, name, language),
    );
}

/// Notes a word that not every version of Terraform has.
pub(super) fn note_version(evaluator: &Evaluator<'_>, place: Place, name: &str, spot: Spot) {
    if evaluator.language == Language::Terraform
        && let Some(since) = words::since(place, name)
    {
        evaluator
            .required
            .note(format_args!("{name:?}"), since, spot);
    }
}

impl Context<'_> {
    pub(crate) fn complain(&self, spot: Spot, diagnostic: Diagnostic) {
        self.evaluator.complain(spot, diagnostic);
    }

    pub(super) fn error(&self, spot: Spot, code: Code, summary: &str, detail: impl Into<String>) {
        self.complain(spot, Diagnostic::error(code, summary).detail(detail));
    }

    /// The labels of a block, if it has as many as it needs.
    pub(super) fn labels<const N: usize>(
        &self,
        block: &Block,
        names: [&str; N],
    ) -> Option<[Name; N]> {
        let plural = if N == 1 { "label" } else { "labels" };
        if block.labels.len() != N {
            let spot = block.labels.get(N).map_or(block.head, |label| label.spot);
            let (code, summary) = if block.labels.len() < N {
                (
                    Code::MissingLabel,
                    format!("Missing {} for {}", names[block.labels.len()], block.kind),
                )
            } else {
                (
                    Code::ExtraneousLabel,
                    format!("Extraneous label for {}", block.kind),
                )
            };
            let detail = if N == 0 {
                format!("A {} block has no labels.", block.kind)
            } else {
                format!(
                    "A {} block needs {N} {plural}: {}.",
                    block.kind,
                    names.join(", ")
                )
            };
            self.error(spot, code, &summary, detail);
            return None;
        }
        let labels: Vec<Name> = block
            .labels
            .iter()
            .map(|label| label.text.clone())
            .collect();
        labels.try_into().ok()
    }

    /// Complains when a label is not a name.
    pub(super) fn check_name(&self, name: &str, spot: Spot, what: &str) {
        if !crate::language::functions::is_identifier(name) {
            self.error(
                spot,
                Code::InvalidName,
                &format!("Invalid {what}"),
                "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.",
            );
        }
    }

    /// The attributes and blocks a body may have.
    pub(super) fn check(&self, body: &Body, attributes: &[&str], blocks: &[&str]) {
        check_unknown(self.evaluator, body, attributes, blocks);
    }

    /// Likewise in a place where not every program reads the same words.
    pub(super) fn check_words(
        &self,
        place: Place,
        body: &Body,
        attributes: &[&'static str],
        blocks: &[&'static str],
    ) {
        check_words(self.evaluator, place, body, attributes, blocks);
    }

    pub(super) fn required(&self, body: &Body, spot: Spot, name: &str) -> Option<Arc<Expression>> {
        let found = body
            .attribute(name)
            .map(|attribute| attribute.expression.clone());
        if found.is_none() {
            self.error(
                spot,
                Code::MissingAttribute,
                "Missing required argument",
                format!("The argument {name:?} is required, but no definition was found."),
            );
        }
        found
    }

    /// A setting that must be constant.
    pub(super) fn constant(&self, body: &Body, name: &str, shape: &Shape) -> Option<Term> {
        let attribute = body.attribute(name)?;
        let term = self.evaluator.evaluate_as(
            &attribute.expression,
            shape,
            Scope::new(&NoNames),
            &format!("{name:?}"),
        );
        if *shape == Shape::Bool && term.is_null() {
            self.error(
                attribute.expression.spot,
                Code::WrongType,
                "Unsuitable value type",
                format!("The argument {name:?} must be true or false, and not null."),
            );
        }
        Some(term)
    }

    pub(super) fn constant_bool(&self, body: &Body, name: &str) -> bool {
        self.constant(body, name, &Shape::Bool)
            .and_then(|term| term.as_bool())
            .unwrap_or_default()
    }

    pub(super) fn constant_text(&self, body: &Body, name: &str) -> Option<(Name, Spot)> {
        let attribute = body.attribute(name)?;
        let text = as_text(&attribute.expression);
        if text.is_none() {
            self.error(
                attribute.expression.spot,
                Code::ConstantRequired,
                "Constant text required",
                format!(
                    "The argument {name:?} must be plain text, without references or templates."
                ),
            );
        }
        text.map(|text| (text, attribute.expression.spot))
    }

    /// The addresses in a `depends_on` or its like.
    pub(super) fn paths(&self, body: &Body, name: &str) -> Vec<Path> {
        let Some(attribute) = body.attribute(name) else {
            return Vec::new();
        };
        let Node::Tuple(items) = &attribute.expression.node else {
            self.error(
                attribute.expression.spot,
                Code::ConstantRequired,
                "Invalid expression",
                format!("The argument {name:?} must be a list of references, in brackets."),
            );
            return Vec::new();
        };
        let paths = items.iter().filter_map(|item| {
            let path = as_quoted_path(item).or_else(|| self.path(item))?;
            if name == "depends_on" && !is_whole(&path) {
                self.error(
                    item.spot,
                    Code::InvalidReference,
                    &format!("Invalid {name} reference"),
                    format!("References in {name} must be to a whole object, such as a resource, not to an attribute of one."),
                );
            }
            Some(path)
        });
        paths.collect()
    }

    pub(super) fn path(&self, expression: &Expression) -> Option<Path> {
        let path = as_path(expression);
        if path.is_none() {
            self.error(
                expression.spot,
                Code::InvalidReference,
                "Invalid expression",
                "A single static reference is required here: names, attributes and constant indices only.",
            );
        }
        path
    }

    /// Puts what the escaping block of a body holds in its place in `own`, which has the rest of what belongs to the type itself.
    pub(super) fn unescape(&self, body: &Body, own: &mut Body) {
        own.blocks.retain(|block| block.kind.as_ref() != ESCAPING);
        let Some(escaped) = self.single(body, ESCAPING) else {
            return;
        };
        self.labels(escaped, []);
        for attribute in &escaped.body.attributes {
            if own.attribute(&attribute.name).is_some() {
                self.error(
                    attribute.name_spot,
                    Code::DuplicateDeclaration,
                    "Duplicate argument",
                    format!("The argument {:?} is set outside of this block, too. Each argument may be set only once.", attribute.name),
                );
                continue;
            }
            own.attributes.push(attribute.clone());
        }
        own.blocks.extend(escaped.body.blocks.iter().cloned());
    }

    pub(super) fn rules(&self, body: &Body, kind: &str) -> Vec<Rule> {
        let mut rules = Vec::new();
        for block in body.blocks_of(kind) {
            self.labels(block, []);
            self.check(&block.body, &["condition", "error_message"], &[]);
            let condition = self.required(&block.body, block.head, "condition");
            let message = self.required(&block.body, block.head, "error_message");
            let Some(condition) = condition else {
                continue;
            };
            let mut is_constant = true;
            references(&condition, self.evaluator.language, &mut |_| {
                is_constant = false;
            });
            if is_constant {
                self.error(
                    condition.spot,
                    Code::ConstantCondition,
                    &format!("Invalid {kind} expression"),
                    "The condition must refer to at least one object of the configuration: otherwise it checks nothing.",
                );
                continue;
            }
            rules.push(Rule { condition, message });
        }
        rules
    }

    /// Complains when a block that may stand once stands twice; gives the first.
    pub(super) fn single<'b>(&self, body: &'b Body, kind: &str) -> Option<&'b Block> {
        let mut found = body
            .blocks
            .iter()
            .filter(|block| block.kind.as_ref() == kind);
        let first = found.next();
        for second in found {
            self.error(
                second.head,
                Code::DuplicateBlock,
                &format!("Duplicate {kind} block"),
                format!("Only one {kind} block is allowed here."),
            );
        }
        first
    }
}

/// True if a reference ends with what depends on something, or is depended on: attributes do not.
fn is_whole(path: &Path) -> bool {
    let mut names = path.steps.iter().filter_map(|step| match step {
        PathStep::Name(name) => Some(&**name),
        PathStep::Key(_) | PathStep::Index(_) => None,
    });
    let most = match names.next() {
        Some("data" | "ephemeral" | "module") => 2,
        _ => 1,
    };
    names.count() <= most
}
