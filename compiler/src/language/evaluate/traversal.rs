//! Names and what follows them: `local.a.b[0]`, resolved in one go so that no object of all locals is ever built.

use super::{Evaluator, Scope, attribute_of, element_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::syntax::{Expression, Node};
use crate::language::term::Term;

/// What a name stands for.
pub(crate) enum Found {
    /// The value, and how many of the attributes after the root name it took.
    Value(Term, usize),
    /// It was already complained about, statically; go on with an unknown.
    Reported,
    /// A complaint about the reference as a whole.
    Wrong(Box<Diagnostic>),
}

/// Which provider a local name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Ours,
    Others,
    /// No provider has the name.
    Nobodys,
}

/// The names of a module, a template or a single expression.
pub(crate) trait Names {
    /// The value of `root`, `root.first` or `root.first.second`, whichever is the first that stands for something.
    fn find(&self, root: &str, attributes: &[&str]) -> Found;

    /// Whose functions are called by the local name of a provider.
    fn provider(&self, name: &str) -> Whose {
        match name {
            "lanyard" => Whose::Ours,
            _ => Whose::Others,
        }
    }

    /// Whether functions can be called at all.
    fn has_functions(&self) -> bool {
        true
    }

    /// Whether texts of the JSON spelling are just texts here, not templates.
    fn reads_literally(&self) -> bool {
        false
    }

    /// How deep in templates read from files this is.
    fn template_depth(&self) -> usize {
        0
    }
}

/// No names at all: for constants.
pub(crate) struct NoNames;

impl Names for NoNames {
    fn has_functions(&self) -> bool {
        false
    }

    fn reads_literally(&self) -> bool {
        true
    }

    fn find(&self, root: &str, _: &[&str]) -> Found {
        Found::Wrong(Box::new(
            Diagnostic::error(Code::ReferenceNotAllowed, "Variables not allowed").detail(format!(
                "{root:?} cannot be used here: the value must be a constant."
            )),
        ))
    }
}

impl Evaluator<'_> {
    pub(super) fn traversal(&self, expression: &Expression, scope: Scope<'_>) -> Term {
        // From the outermost step inwards.
        let mut steps: Vec<&Expression> = Vec::new();
        let mut current = expression;
        while let Node::Attribute(inner, _, _) | Node::Index(inner, _) = &current.node {
            steps.push(current);
            current = inner;
        }
        let mut term = match &current.node {
            Node::Variable(root) => match scope.variable(root) {
                Some(term) => term.clone(),
                None => {
                    let attributes: Vec<&str> = steps
                        .iter()
                        .rev()
                        .take(3)
                        .map_while(|step| match &step.node {
                            Node::Attribute(_, name, _) => Some(name.as_ref()),
                            _ => None,
                        })
                        .collect();
                    match scope.names.find(root, &attributes) {
                        Found::Value(term, taken) => {
                            steps.truncate(steps.len() - taken.min(steps.len()));
                            term
                        }
                        Found::Reported => {
                            self.keys(&steps, scope);
                            return Term::dynamic();
                        }
                        Found::Wrong(diagnostic) => {
                            self.complain(expression.spot, *diagnostic);
                            return Term::dynamic();
                        }
                    }
                }
            },
            _ => self.evaluate(current, scope),
        };
        for step in steps.iter().rev() {
            let result = match &step.node {
                Node::Attribute(_, name, _) => attribute_of(&term, name),
                Node::Index(_, key) => element_of(&term, &self.evaluate(key, scope)),
                _ => Ok(term.clone()),
            };
            term = match result {
                Ok(term) => term,
                Err(diagnostic) => {
                    let spot = match &step.node {
                        Node::Attribute(_, _, name_spot) => *name_spot,
                        Node::Index(inner, _) => crate::language::source::Spot {
                            start: inner.spot.end,
                            ..step.spot
                        },
                        _ => step.spot,
                    };
                    self.complain(spot, *diagnostic);
                    return Term::dynamic();
                }
            };
        }
        term
    }

    /// Evaluates the keys of steps whose root is unknown, for the mistakes in them.
    fn keys(&self, steps: &[&Expression], scope: Scope<'_>) {
        for step in steps {
            if let Node::Index(_, key) = &step.node {
                self.evaluate(key, scope);
            }
        }
    }
}
