//! What must be known before modules can be found: where they are, and in which version. Only variables, locals and paths can say so,
//! and in Terraform of the variables only those that are declared `const`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use super::load::ModuleTree;
use super::{Module, Variable};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::evaluate::{Evaluator, Found, Names, Scope};
use crate::language::inputs::Inputs;
use crate::language::syntax::{Expression, Name, references};
use crate::language::term::{Marks, Shape, Term, convert};
use crate::language::which::Language;
use crate::language::{MissingVariables, Options};

pub(super) struct Early<'a> {
    evaluator: &'a Evaluator<'a>,
    options: &'a Options,
    inputs: &'a Inputs,
    /// What was evaluated already, by module, kind and name.
    values: RefCell<HashMap<Key, Term>>,
    /// What is being evaluated: a cycle is complained of where everything is put in order.
    pending: RefCell<HashSet<Key>>,
    /// A variable has no value yet, which is allowed where nothing is applied.
    lacks_values: Cell<bool>,
}

type Key = (usize, Kind, Name);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Variable,
    Local,
}

impl<'a> Early<'a> {
    pub(super) fn new(
        evaluator: &'a Evaluator<'a>,
        options: &'a Options,
        inputs: &'a Inputs,
    ) -> Self {
        Self {
            evaluator,
            options,
            inputs,
            values: RefCell::default(),
            pending: RefCell::default(),
            lacks_values: Cell::new(false),
        }
    }

    /// The text of an argument of a module call: `None` if it is not known or wrong, which was told, `Some(None)` if it is null.
    pub(super) fn text(
        &self,
        tree: &ModuleTree,
        at: usize,
        expression: &Expression,
        what: &str,
    ) -> Option<Option<String>> {
        if !self.may_refer(expression, &format!("the {what} of a module")) {
            return None;
        }
        let mark = self.evaluator.mark();
        let names = EarlyNames {
            early: self,
            tree,
            at,
        };
        self.lacks_values.set(false);
        let term = self.evaluator.evaluate(expression, Scope::new(&names));
        if self.evaluator.failed_since(mark) {
            self.explain(mark, expression, what);
            return None;
        }
        let wrong = |summary: String, detail: String| {
            let error = Diagnostic::error(Code::InvalidModuleSource, summary).detail(detail);
            self.evaluator.complain(expression.spot, error);
        };
        let marks = term.deep_marks();
        if marks.is_sensitive() || marks.is_ephemeral() {
            let kind = if marks.is_sensitive() {
                "Sensitive"
            } else {
                "Ephemeral"
            };
            wrong(
                format!("{kind} value not allowed"),
                format!(
                    "The {what} of a module cannot be derived from a sensitive or ephemeral value: it would be seen in the names of folders."
                ),
            );
            return None;
        }
        if term.is_null() {
            return Some(None);
        }
        match convert(&term, &Shape::String) {
            Ok(term) => match term.as_str() {
                Some(text) => return Some(Some(text.to_owned())),
                None if self.lacks_values.get() => {
                    let note = Diagnostic::warning(Code::ModuleNotOnDisk, "Module is not known")
                        .detail(format!("The {what} of the module depends on a variable without a value; its outputs are unknown."));
                    self.evaluator.complain(expression.spot, note);
                }
                None => wrong(
                    format!("Unknown module {what}"),
                    match self.evaluator.language {
                        Language::Terraform => "Only literal values and variables that are declared with `const = true` are known while modules are looked for.".to_owned(),
                        Language::OpenTofu => "It depends on something that is not known while modules are looked for.".to_owned(),
                    },
                ),
            },
            Err(mismatch) => wrong(
                format!("Unsuitable module {what}"),
                format!("Unsuitable value: {mismatch}."),
            ),
        }
        None
    }

    /// Says what a mistake elsewhere, such as in a local, means for a module.
    fn explain(&self, mark: usize, expression: &Expression, what: &str) {
        let own = self.evaluator.sources.borrow().span(expression.spot);
        let is_elsewhere = |error: &Diagnostic| {
            error.span.as_ref().is_none_or(|span| {
                span.file != own.file
                    || span.range.end < own.range.start
                    || own.range.end < span.range.start
            })
        };
        if self.evaluator.diagnostics.borrow()[mark..]
            .iter()
            .all(is_elsewhere)
        {
            let error = Diagnostic::error(
                Code::InvalidModuleSource,
                format!("Unknown module {what}"),
            )
            .detail(
                "It depends on something that is wrong, or not known while modules are looked for.",
            );
            self.evaluator.complain(expression.spot, error);
        }
    }

    /// Complains of a `for_each` of a provider that nobody can know early enough.
    pub(super) fn check_providers(&self, tree: &ModuleTree, at: usize) {
        for provider in &tree.modules[at].module.providers {
            if let Some(for_each) = &provider.for_each
                && self.may_refer(for_each, "the `for_each` of a provider")
            {
                let names = EarlyNames {
                    early: self,
                    tree,
                    at,
                };
                self.evaluator.evaluate(for_each, Scope::new(&names));
            }
        }
    }

    /// Complains of references to what is never known early.
    fn may_refer(&self, expression: &Expression, what: &str) -> bool {
        let mut all = true;
        references(expression, self.evaluator.language, &mut |reference| {
            if may_refer(self.evaluator.language, &reference.root) {
                if self.evaluator.language == Language::Terraform {
                    let what = format_args!("references in {what}");
                    self.evaluator.required.note(what, 15, reference.spot);
                }
                return;
            }
            all = false;
            let error = Diagnostic::error(Code::ReferenceNotAllowed, "Value not known early enough")
                .detail(format!(
                    "{:?} cannot be used in {what}: only variables, locals and paths are known so early.",
                    reference.root
                ));
            self.evaluator.complain(reference.spot, error);
        });
        all
    }

    fn variable(&self, tree: &ModuleTree, at: usize, name: &str) -> Found {
        let Some(variable) = tree.modules[at].module.variables.get(name) else {
            return Found::Reported;
        };
        match self.evaluator.language {
            Language::Terraform if !variable.is_const.unwrap_or_default() => {
                return Found::Value(Term::unknown(variable.shape.clone()), 1);
            }
            Language::OpenTofu if variable.is_const == Some(false) => {
                return Found::Wrong(Box::new(
                    Diagnostic::error(
                        Code::ReferenceNotAllowed,
                        "Unable to use variable in static context",
                    )
                    .detail(format!(
                        "The variable {name:?} is declared with `const = false`."
                    )),
                ));
            }
            _ => {}
        }
        let key = (at, Kind::Variable, variable.name.clone());
        let term = self.once(key, || {
            let mut marks = Marks::default();
            if variable.sensitive {
                marks = marks.union(&Marks::sensitive());
            }
            if variable.ephemeral {
                marks = marks.union(&Marks::ephemeral());
            }
            self.given(tree, at, variable).marked(&marks)
        });
        Found::Value(term, 1)
    }

    /// The value of a variable, from outside or from the call of its module. What is wrong with it is told when it is evaluated for good.
    fn given(&self, tree: &ModuleTree, at: usize, variable: &Variable) -> Term {
        let missing = || match &variable.default {
            Some(default) => default.clone(),
            None => {
                if self.options.missing_variables == MissingVariables::Unknown {
                    self.lacks_values.set(true);
                }
                Term::unknown(variable.shape.clone())
            }
        };
        let given = match tree.modules[at].parent {
            None => self
                .inputs
                .get(&variable.name)
                .map(|given| (given.term.clone(), given.spot)),
            Some(parent) => {
                let call = &tree.modules[parent.module].module.calls.items[parent.call];
                let argument = call
                    .arguments
                    .attributes
                    .iter()
                    .find(|argument| argument.name == variable.name);
                argument.map(|argument| {
                    let names = EarlyNames {
                        early: self,
                        tree,
                        at: parent.module,
                    };
                    let expression = &argument.expression;
                    let scope = Scope::new(&names);
                    let term = self.evaluator.evaluate(expression, scope);
                    (term, Some(expression.spot))
                })
            }
        };
        match given {
            Some((term, spot)) => {
                let mark = self.evaluator.mark();
                let spot = spot.unwrap_or(variable.spot);
                let fitted = variable.fit(self.evaluator, &term, spot, "the call");
                self.evaluator.complaints_since(mark);
                fitted
            }
            None => missing(),
        }
    }

    fn local(&self, tree: &ModuleTree, at: usize, name: &str) -> Found {
        let Some(local) = tree.modules[at].module.locals.get(name) else {
            return Found::Reported;
        };
        let names = EarlyNames {
            early: self,
            tree,
            at,
        };
        let key = (at, Kind::Local, local.name.clone());
        let term = self.once(key, || {
            let scope = Scope::new(&names);
            self.evaluator.evaluate(&local.expression, scope)
        });
        Found::Value(term, 1)
    }

    fn once(&self, key: Key, evaluate: impl FnOnce() -> Term) -> Term {
        if let Some(known) = self.values.borrow().get(&key) {
            return known.clone();
        }
        if !self.pending.borrow_mut().insert(key.clone()) {
            return Term::dynamic();
        }
        let term = evaluate();
        self.pending.borrow_mut().remove(&key);
        self.values.borrow_mut().insert(key, term.clone());
        term
    }
}

fn may_refer(language: Language, root: &str) -> bool {
    match root {
        "var" | "local" | "path" => true,
        "terraform" | "tofu" => language == Language::OpenTofu,
        _ => false,
    }
}

/// The names of a module before it is known what else there is.
struct EarlyNames<'e> {
    early: &'e Early<'e>,
    tree: &'e ModuleTree,
    at: usize,
}

impl EarlyNames<'_> {
    fn module(&self) -> &Module {
        &self.tree.modules[self.at].module
    }
}

impl Names for EarlyNames<'_> {
    fn find(&self, root: &str, attributes: &[&str]) -> Found {
        let early = self.early;
        match (root, attributes) {
            ("var", [name, ..]) => early.variable(self.tree, self.at, name),
            ("local", [name, ..]) => early.local(self.tree, self.at, name),
            ("path", [name @ ("module" | "root" | "cwd"), ..]) => Found::Value(
                early.evaluator.path(&self.module().folder, name),
                1,
            ),
            ("terraform" | "tofu", ["workspace", ..]) => {
                Found::Value(Term::string(early.options.workspace.as_str()), 1)
            }
            _ if early.evaluator.language == Language::OpenTofu => Found::Wrong(Box::new(
                Diagnostic::error(Code::ReferenceNotAllowed, "Value not known early enough").detail(
                    format!("{root:?} is used by what decides where a module is, or how many configurations a provider has: only variables, locals and paths are known so early."),
                ),
            )),
            // Terraform goes on with an unknown value, and complains if that decides.
            _ => Found::Reported,
        }
    }
}
