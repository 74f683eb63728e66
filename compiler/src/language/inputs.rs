//! Values for the root module's variables, from wherever they can come, the later the stronger: environment, `terraform.tfvars`,
//! `terraform.tfvars.json`, `*.auto.tfvars` by name, then `-var` and `-var-file` as given.

use std::collections::HashMap;

use super::evaluate::{NoNames, Scope};
use super::loader::join;
use super::module::{Context, Module, complain_syntax, read_native, read_text};
use super::source::Spot;
use super::syntax::{BlockFactory, BlockKind, Name, parse_expression, parse_json};
use super::term::Term;
use super::which::is_variables_file;
use super::{Options, VariableArgument};
use crate::diagnostic::{Code, Diagnostic};
use crate::suggest::closest;

/// A value and where it came from.
pub(super) struct Given {
    pub(super) term: Term,
    pub(super) spot: Option<Spot>,
    /// In words: `terraform.tfvars`, `the environment`.
    pub(super) origin: &'static str,
}

#[derive(Default)]
pub(super) struct Inputs {
    values: HashMap<Name, Given>,
}

impl Inputs {
    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.values.get(name)
    }
}

/// A variables file holds only attributes.
struct NoBlocks;

impl BlockKind for NoBlocks {
    fn takes_list(&self) -> bool {
        false
    }

    fn reads_literally(&self, _: &str) -> bool {
        true
    }

    fn block(&self, _: &str) -> Option<(usize, BlockFactory<'_>)> {
        None
    }
}

pub(super) fn gather(context: &Context<'_>, options: &Options, root: &Module) -> Inputs {
    let mut inputs = Inputs::default();
    for (name, text) in &options.environment {
        // What the environment holds for others is none of our business.
        if root.variables.get(name).is_some() {
            let given = spoken(context, root, name, text, "the environment");
            inputs.values.insert(name.as_str().into(), given);
        }
    }
    for name in automatic(context) {
        read(context, root, &mut inputs, &name, "a variables file");
    }
    for argument in &options.variables {
        match argument {
            VariableArgument::File(path) => read(context, root, &mut inputs, path, "--var-file"),
            VariableArgument::Value { name, text } => {
                if root.variables.get(name).is_some() {
                    let given = spoken(context, root, name, text, "--var");
                    inputs.values.insert(name.as_str().into(), given);
                } else {
                    let error = undeclared(root, name, "--var");
                    context.evaluator.diagnostics.borrow_mut().push(error);
                }
            }
        }
    }
    inputs
}

fn undeclared(root: &Module, name: &str, origin: &str) -> Diagnostic {
    let error = Diagnostic::error(Code::UndeclaredVariable, "Value for undeclared variable").detail(format!(
        "{origin} gives a value to {name:?}, but the root module does not declare a variable of this name."
    ));
    match closest(name, root.variables.names()) {
        Some(meant) => error.hint(format!("did you mean {meant:?}?")),
        None => error,
    }
}

/// The variables files that are read without being named, in order.
fn automatic(context: &Context<'_>) -> Vec<String> {
    let mut names = context.evaluator.loader.files("").unwrap_or_default();
    names.retain(|name| is_variables_file(name));
    names.sort();
    // First of all the two that have that name as a whole.
    names.sort_by_key(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"));
    names
}

fn read(
    context: &Context<'_>,
    root: &Module,
    inputs: &mut Inputs,
    path: &str,
    origin: &'static str,
) {
    let file = join("", path);
    let parsed = if path.ends_with(".json") {
        read_text(context, &file, None).map(|(file, text)| parse_json(file, &text, &NoBlocks))
    } else {
        read_native(context, &file, None)
    };
    let Some(parsed) = parsed else {
        return;
    };
    for error in parsed.errors {
        complain_syntax(context, error);
    }
    for block in &parsed.body.blocks {
        let error = Diagnostic::error(Code::UnknownBlock, "Unexpected block")
            .detail(format!("Blocks are not allowed in a variables file; to declare a variable, move this {} block to a .tf file.", block.kind));
        context.complain(block.kind_spot, error);
    }
    for attribute in &parsed.body.attributes {
        if root.variables.get(&attribute.name).is_none() {
            let mut note = undeclared(root, &attribute.name, "The file");
            note.severity = crate::diagnostic::Severity::Warning;
            context.complain(attribute.name_spot, note);
            continue;
        }
        let term = context
            .evaluator
            .evaluate(&attribute.expression, Scope::new(&NoNames));
        inputs.values.insert(
            attribute.name.clone(),
            Given {
                term,
                spot: Some(attribute.expression.spot),
                origin,
            },
        );
    }
}

/// A value given as text: taken literally for simple types, read as an expression for others.
fn spoken(
    context: &Context<'_>,
    root: &Module,
    name: &str,
    text: &str,
    origin: &'static str,
) -> Given {
    let variable = root.variables.get(name);
    let literal = variable.is_none_or(|variable| variable.untyped || variable.shape.is_primitive());
    let sensitive = variable.is_some_and(|variable| variable.sensitive);
    let given = |term: Term, spot: Option<Spot>| Given { term, spot, origin };
    if literal {
        return given(Term::string(text), None);
    }
    // A secret must not stand in a report's excerpt.
    let shown = if sensitive { "" } else { text };
    let file = context
        .evaluator
        .add_source(&format!("<value for var.{name}>"), shown);
    match parse_expression(file, text) {
        Ok(expression) => {
            let spot = (!sensitive).then_some(expression.spot);
            let term = context
                .evaluator
                .evaluate(&expression, Scope::new(&NoNames));
            given(term, spot)
        }
        Err(mut error) => {
            if sensitive {
                error.spot.start = 0;
                error.spot.end = 0;
            }
            complain_syntax(context, error);
            given(Term::dynamic(), None)
        }
    }
}
