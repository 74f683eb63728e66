//! `variable` and `output` blocks.

use super::{Context, OutputBlock, Rule, Variable, parse_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::evaluate::Evaluator;
use crate::language::source::Spot;
use crate::language::syntax::{Attribute, Block, Body, Name, Node, references};
use crate::language::term::{Shape, Term, apply_defaults, convert};
use crate::language::which::Language;
use crate::language::words::Place;

/// Names that mean something else in a `module` block.
const RESERVED: [&str; 8] = [
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "depends_on",
    "lifecycle",
    "locals",
];

pub(super) fn variable(context: &Context<'_>, block: &Block) -> Option<Variable> {
    let [name] = context.labels(block, ["name"])?;
    let mark = context.evaluator.mark();
    let body = &block.body;
    let label = block.labels[0].spot;
    context.check_name(&name, label, "variable name");
    if RESERVED.contains(&name.as_ref()) {
        context.error(
            label,
            Code::ReservedName,
            "Invalid variable name",
            format!("The variable name {name:?} is reserved due to its special meaning inside module blocks."),
        );
    }
    context.check_words(
        Place::Variable,
        body,
        &[
            "default",
            "type",
            "description",
            "sensitive",
            "ephemeral",
            "nullable",
        ],
        &["validation"],
    );
    let shape = body.attribute("type").map_or(Shape::Any, |attribute| {
        let mark = context.evaluator.mark();
        let shape = parse_type(context.evaluator, &attribute.expression);
        // What is wrong with the type says nothing about the default.
        if context.evaluator.failed_since(mark) {
            Shape::Any
        } else {
            shape
        }
    });
    context.constant_text(body, "description");
    context.constant_text(body, "deprecated");
    let nullable = context
        .constant(body, "nullable", &Shape::Bool)
        .and_then(|term| term.as_bool())
        .unwrap_or(true);
    let default = context.constant(body, "default", &Shape::Any).map(|given| {
        let spot = |other: &str| place_of_default(block, other);
        let filled = if given.is_null() { given } else { apply_defaults(&given, &shape) };
        let default = convert(&filled, &shape).unwrap_or_else(|mismatch| {
            context.error(
                spot("type"),
                Code::InvalidDefault,
                "Invalid default value for variable",
                format!("This default value is not compatible with the variable's type constraint: {mismatch}."),
            );
            Term::unknown(shape.clone())
        });
        if default.is_null() && !nullable {
            context.error(
                spot("nullable"),
                Code::InvalidDefault,
                "Invalid default value for variable",
                "A null default value is not valid when nullable=false.",
            );
        }
        default
    });
    let is_const = context
        .constant(body, "const", &Shape::Bool)
        .and_then(|term| term.as_bool());
    let is_secret = |name: &str| context.constant_bool(body, name);
    // OpenTofu complains only where such a variable is used.
    let is_early = is_const == Some(true) && context.evaluator.language == Language::Terraform;
    if is_early && (is_secret("sensitive") || is_secret("ephemeral")) {
        context.error(
            block.head,
            Code::InvalidValue,
            "Const variable cannot be sensitive or ephemeral",
            "What a variable that is declared with `const` holds is seen in the names of folders.",
        );
    }
    Some(Variable {
        is_const,
        untyped: body.attribute("type").is_none(),
        shape,
        default,
        sensitive: context.constant_bool(body, "sensitive"),
        ephemeral: context.constant_bool(body, "ephemeral"),
        nullable,
        validations: validations(context, body, &name),
        is_broken: context.evaluator.failed_since(mark),
        spot: block.head,
        name,
    })
}

/// Where a default that does not fit stands; where an override file made it so, the block there.
fn place_of_default(block: &Block, other: &str) -> Spot {
    let body = &block.body;
    let Some(default) = body.attribute("default") else {
        return block.head;
    };
    let other = body.attribute(other).map_or(block.head, Attribute::spot);
    let default = default.expression.spot;
    match &body.overridden {
        Some(overridden) if default.file != other.file => overridden.head,
        _ => default,
    }
}

fn validations(context: &Context<'_>, body: &Body, name: &Name) -> Vec<Rule> {
    let mut rules = context.rules(body, "validation");
    rules.retain(|rule| {
        let mut refers = false;
        references(&rule.condition, context.evaluator.language, &mut |found| {
            let first = found.steps.first();
            refers |= &*found.root == "var" && first.is_some_and(|first| first == name);
        });
        if !refers {
            context.error(
                rule.condition.spot,
                Code::ConstantCondition,
                "Invalid variable validation condition",
                format!("The condition for variable {name:?} must refer to var.{name} in order to test incoming values."),
            );
        }
        refers
    });
    rules
}

impl Variable {
    /// Makes a given value fit the declaration.
    pub(crate) fn fit(
        &self,
        evaluator: &Evaluator<'_>,
        given: &Term,
        spot: Spot,
        origin: &str,
    ) -> Term {
        let (given, given_marks) = given.clone().unmarked();
        if given.is_null() && !self.nullable {
            if let Some(default) = &self.default {
                return default.clone();
            }
            let error = Diagnostic::error(Code::InvalidValue, "Required variable not set").detail(format!(
                "Unsuitable value for {} from {origin}: required variable may not be set to null.",
                self.name
            ));
            evaluator.complain(spot, error);
            return Term::unknown(self.shape.clone());
        }
        let filled = if given.is_null() {
            given
        } else {
            apply_defaults(&given, &self.shape)
        };
        let fitted = match convert(&filled, &self.shape) {
            Ok(term) => term.marked(&given_marks),
            Err(mismatch) => {
                let reason = if self.sensitive || given_marks.is_sensitive() {
                    "the reason is not shown because the value is sensitive".to_owned()
                } else {
                    mismatch.to_string()
                };
                let error = Diagnostic::error(Code::InvalidValue, "Invalid value for input variable").detail(format!(
                    "The value for {:?} from {origin} does not fit its type constraint {}: {reason}.",
                    self.name,
                    self.shape.spelling()
                ));
                evaluator.complain(spot, error);
                Term::unknown(self.shape.clone())
            }
        };
        if fitted.is_unknown() && !self.nullable {
            return fitted.refined_not_null();
        }
        fitted
    }
}

pub(super) fn output(context: &Context<'_>, block: &Block) -> Option<OutputBlock> {
    let [name] = context.labels(block, ["name"])?;
    let body = &block.body;
    context.check_name(&name, block.labels[0].spot, "output name");
    context.check_words(
        Place::Output,
        body,
        &[
            "value",
            "description",
            "sensitive",
            "ephemeral",
            "depends_on",
        ],
        &["precondition"],
    );
    context.constant_text(body, "description");
    context.constant_text(body, "deprecated");
    let value = context
        .required(body, block.head, "value")
        .unwrap_or_else(|| {
            std::sync::Arc::new(crate::language::syntax::Expression::new(
                Node::Broken,
                block.head,
            ))
        });
    Some(OutputBlock {
        value,
        deprecated: body.attribute("deprecated").map(Attribute::spot),
        sensitive: context.constant_bool(body, "sensitive"),
        ephemeral: context.constant_bool(body, "ephemeral"),
        depends_on: context.paths(body, "depends_on"),
        preconditions: context.rules(body, "precondition"),
        spot: block.head,
        name,
    })
}
