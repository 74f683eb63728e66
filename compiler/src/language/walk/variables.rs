//! Input variables: of the root from outside, of other modules from their calls.

use super::{Place, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::MissingVariables;
use crate::language::inputs::Given;
use crate::language::module::{Variable, ignored, missing_argument};
use crate::language::term::{Marks, Term};
use crate::suggest::closest;

impl Walk<'_> {
    pub(super) fn variable(&self, instance: usize, index: usize) -> Term {
        let variable = &self.module(self.instances[instance].tree).variables.items[index];
        let term = match self.instances[instance].parent {
            None => self.root_variable(variable),
            Some(parent) => self.module_variable(instance, parent, variable),
        };
        let mut marks = Marks::default();
        if variable.sensitive {
            marks = marks.union(&Marks::sensitive());
        }
        if variable.ephemeral {
            marks = marks.union(&Marks::ephemeral());
        }
        term.marked(&marks)
    }

    fn root_variable(&self, variable: &Variable) -> Term {
        let Some(Given { term, spot, origin }) = self.inputs.get(&variable.name) else {
            return match (&variable.default, self.options.missing_variables) {
                (Some(default), _) => default.clone(),
                (None, MissingVariables::Unknown) => Term::unknown(variable.shape.clone()),
                // What is wrong with the declaration was told.
                (None, MissingVariables::Error) if variable.is_broken => {
                    Term::unknown(variable.shape.clone())
                }
                (None, MissingVariables::Error) => {
                    let error =
                        Diagnostic::error(Code::MissingVariable, "No value for required variable")
                            .detail(format!(
                                "The variable {:?} has no default, and nothing gives it a value.",
                                variable.name
                            ));
                    let error = error.hint(format!(
                        "set it in terraform.tfvars, with --var '{}=…', or as TF_VAR_{}",
                        variable.name, variable.name
                    ));
                    self.evaluator.complain(variable.spot, error);
                    Term::unknown(variable.shape.clone())
                }
            };
        };
        variable.fit(self.evaluator, term, spot.unwrap_or(variable.spot), origin)
    }

    fn module_variable(&self, instance: usize, parent: usize, variable: &Variable) -> Term {
        let child = &self.instances[instance];
        let Some(called_from) = self.tree.modules[child.tree].parent else {
            return Term::dynamic();
        };
        let call = &self.module(called_from.module).calls.items[called_from.call];
        let Some(argument) = call.arguments.attribute(&variable.name) else {
            // A missing required argument was complained about where the module is called.
            return variable
                .default
                .clone()
                .unwrap_or_else(|| Term::unknown(variable.shape.clone()));
        };
        let place = Place {
            repetition: Some((&child.key, child.each_value.as_ref())),
            ..Place::module(parent)
        };
        let term = self.evaluate(&argument.expression, place);
        let spot = argument.expression.spot;
        if term.deep_marks().is_ephemeral() && !variable.ephemeral {
            let error = Diagnostic::error(Code::EphemeralValue, "Ephemeral value not allowed").detail(format!(
                "The value is ephemeral, but the variable {:?} of the module does not take ephemeral values.",
                variable.name
            ));
            self.evaluator.complain(spot, error);
        }
        variable.fit(self.evaluator, &term, spot, "the call")
    }

    /// The arguments of a call against the variables of the module it calls.
    pub(super) fn check_call(&self, tree: usize, index: usize, child: usize) {
        let call = &self.module(tree).calls.items[index];
        let module = self.module(child);
        // Each call is checked once, though it may be reached through many instances.
        if !self.of_module[child].is_empty() {
            return;
        }
        self.check_aliases(call, child);
        self.check_sources(call, tree, child);
        let incomplete = module.broken.contains("") || module.broken.contains("variable");
        for argument in &call.arguments.attributes {
            if module.variables.get(&argument.name).is_some() || incomplete {
                continue;
            }
            let mut error = match call.arguments.is_ignoring() {
                true => ignored("argument", &argument.name),
                false => Diagnostic::error(Code::UnknownAttribute, "Unsupported argument").detail(format!(
                    "An argument named {:?} is not expected here: the module has no variable of this name.",
                    argument.name
                )),
            };
            if let Some(meant) = closest(&argument.name, module.variables.names()) {
                error = error.hint(format!("did you mean {meant:?}?"));
            }
            self.evaluator.complain(argument.name_spot, error);
        }
        for variable in &module.variables.items {
            let arguments = &call.arguments;
            let is_added = arguments.is_added(&variable.name);
            let given = arguments.attribute(&variable.name).is_some() && !is_added;
            if !given && variable.default.is_none() {
                let error = missing_argument(&variable.name, is_added);
                self.evaluator.complain(call.spot, error);
            }
        }
    }
}
