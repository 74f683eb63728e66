//! Expressions to terms, by Terraform's rules. Everything wrong is noted and evaluation goes on with an unknown in its place, so
//! that one pass finds every mistake.

mod call;
mod index;
mod iterate;
mod operators;
mod template;
mod traversal;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(crate) use index::{attribute_of, element_of};
pub(crate) use operators::same_value;
pub(crate) use traversal::{Found, Names, NoNames, Whose};

use super::bounds;
use super::loader::{LoadError, Loader};
use super::required::Required;
use super::source::{FileId, Sources, Spot};
use super::syntax::{Expression, Name, Node};
use super::term::{Content, Marks, Shape, Term, convert, unify};
use super::which::Language;
use crate::diagnostic::{Code, Diagnostic};

/// What evaluation needs from around it, and the complaints it collects.
pub(crate) struct Evaluator<'a> {
    pub(crate) sources: RefCell<Sources>,
    pub(crate) loader: &'a dyn Loader,
    pub(crate) language: Language,
    pub(crate) required: Required,
    pub(crate) diagnostics: RefCell<Vec<Diagnostic>>,
    fuel: Cell<u64>,
    exhausted: Cell<bool>,
    /// Template files that were read, by path.
    pub(crate) templates: RefCell<HashMap<String, Arc<Expression>>>,
    /// Files that were read, by path.
    pub(crate) files: RefCell<HashMap<String, ReadFile>>,
}

/// How a value is too large.
#[derive(Clone, Copy)]
enum TooLarge {
    Text,
    Values,
    Depth,
}

/// What reading a file gave.
pub(crate) type ReadFile = Result<Arc<[u8]>, LoadError>;

/// The names an expression may use.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) names: &'a dyn Names,
    pub(super) frame: Option<&'a Frame<'a>>,
    /// The item a splat is at.
    pub(super) item: Option<&'a Term>,
}

/// The variables of one `for`.
pub(crate) struct Frame<'a> {
    pub(super) key: Option<(&'a Name, Term)>,
    pub(super) value: (&'a Name, Term),
    pub(super) outer: Option<&'a Self>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(names: &'a dyn Names) -> Self {
        Self {
            names,
            frame: None,
            item: None,
        }
    }

    fn variable(&self, name: &str) -> Option<&Term> {
        let mut frame = self.frame;
        while let Some(current) = frame {
            if current.value.0.as_ref() == name {
                return Some(&current.value.1);
            }
            if let Some((key, term)) = &current.key
                && key.as_ref() == name
            {
                return Some(term);
            }
            frame = current.outer;
        }
        None
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(loader: &'a dyn Loader, language: Language, sources: Sources) -> Self {
        Self {
            sources: RefCell::new(sources),
            loader,
            language,
            required: Required::default(),
            diagnostics: RefCell::default(),
            fuel: Cell::new(bounds::STEPS),
            exhausted: Cell::new(false),
            templates: RefCell::default(),
            files: RefCell::default(),
        }
    }

    /// Notes a complaint about a place.
    pub(crate) fn complain(&self, spot: Spot, diagnostic: Diagnostic) {
        let span = self.sources.borrow().span(spot);
        self.diagnostics.borrow_mut().push(diagnostic.span(span));
    }

    /// The value of `path.module`, `path.root` or `path.cwd` in a module.
    pub(crate) fn path(&self, folder: &str, name: &str) -> Term {
        match name {
            "module" if !folder.is_empty() => Term::string(folder),
            "module" | "root" => Term::string("."),
            _ => self
                .loader
                .root()
                .map_or_else(|| Term::unknown_not_null(Shape::String), Term::string),
        }
    }

    pub(crate) fn add_source(&self, name: &str, text: &str) -> FileId {
        self.sources.borrow_mut().add(name.into(), text.into())
    }

    /// How many complaints there are so far; see [`Evaluator::complaints_since`].
    pub(crate) fn mark(&self) -> usize {
        self.diagnostics.borrow().len()
    }

    /// True if an error was noted since.
    pub(crate) fn failed_since(&self, mark: usize) -> bool {
        self.diagnostics.borrow()[mark..]
            .iter()
            .any(Diagnostic::is_error)
    }

    /// Takes back what was noted since; but that the work has come to its end stays said, whoever would go on without.
    pub(crate) fn complaints_since(&self, mark: usize) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.borrow_mut();
        let since = diagnostics.split_off(mark);
        let (final_words, since) = since
            .into_iter()
            .partition(|complaint| complaint.code == Code::TooMuchWork);
        diagnostics.extend::<Vec<_>>(final_words);
        since
    }

    /// Uses up some of the work that one compilation may do. False once it is used up.
    pub(crate) fn spend(&self, steps: u64, spot: Spot) -> bool {
        match self.fuel.get().checked_sub(steps) {
            Some(rest) => {
                self.fuel.set(rest);
                true
            }
            None => {
                self.fuel.set(0);
                if !self.exhausted.replace(true) {
                    let error = Diagnostic::error(Code::TooMuchWork, "The configuration is too much work")
                        .detail("Evaluating it takes more steps than a configuration may take; the last one was here.")
                        .hint("look for nested `for` expressions over long lists, or locals that double in size");
                    self.complain(spot, error);
                }
                false
            }
        }
    }

    /// Lets instances of a block have the steps that they may take.
    pub(crate) fn grant(&self, instances: usize) {
        let instances = u64::try_from(instances).unwrap_or(u64::MAX);
        let steps = instances.saturating_mul(bounds::STEPS_OF_AN_INSTANCE);
        if !self.exhausted.get() {
            self.fuel.set(self.fuel.get().saturating_add(steps));
        }
    }

    /// The value of an expression. After a complaint it is, or contains, an unknown.
    pub(crate) fn evaluate(&self, expression: &Expression, scope: Scope<'_>) -> Term {
        if !self.spend(1, expression.spot) {
            return Term::dynamic();
        }
        match &expression.node {
            Node::Literal(term) => term.clone(),
            Node::Template(parts) => self.template(parts, expression.spot, scope),
            Node::Unwrapped(inner) | Node::Parentheses(inner) => self.evaluate(inner, scope),
            // Where no name can be used, Terraform does not look for templates at all.
            Node::JsonText { raw, .. } if scope.names.reads_literally() => {
                Term::string(raw.clone())
            }
            Node::JsonText { template, .. } => self.evaluate(template, scope),
            Node::Variable(_) | Node::Attribute(..) | Node::Index(..) => {
                self.traversal(expression, scope)
            }
            Node::Splat(source, each) => self.splat(source, each, expression.spot, scope),
            Node::SplatItem => scope.item.cloned().unwrap_or_else(Term::dynamic),
            Node::Call(call) => self.call(call, expression.spot, scope),
            Node::Conditional(parts) => self.conditional(parts, scope),
            Node::Unary(operator, operand) => self.unary(*operator, operand, scope),
            Node::Binary(first, rest) => self.binary(first, rest, scope),
            Node::Tuple(items) => {
                let items = items
                    .iter()
                    .map(|item| self.evaluate(item, scope))
                    .collect();
                self.bounded(Term::tuple(items), expression.spot)
            }
            Node::Object(items) => self.object(items, expression.spot, scope),
            Node::For(for_expression) => {
                self.for_expression(for_expression, expression.spot, scope)
            }
            Node::Broken => Term::dynamic(),
        }
    }

    /// The value of an expression as a given type; unknown of that type after a complaint.
    pub(crate) fn evaluate_as(
        &self,
        expression: &Expression,
        shape: &Shape,
        scope: Scope<'_>,
        what: &str,
    ) -> Term {
        let term = self.evaluate(expression, scope);
        convert(&term, shape).unwrap_or_else(|mismatch| {
            let error = Diagnostic::error(Code::WrongType, "Incorrect value type")
                .detail(format!("Unsuitable value for {what}: {mismatch}."));
            self.complain(expression.spot, error);
            Term::unknown(shape.clone())
        })
    }

    /// The term itself, or an unknown and a complaint if it grew beyond the limits.
    pub(crate) fn bounded(&self, term: Term, spot: Spot) -> Term {
        let weight = term.weight();
        let length = term.as_str().map_or(0, str::len);
        let work = u64::from(weight.size) / 16 + u64::try_from(length).unwrap_or_default() / 64;
        if work > 0 && !self.spend(work, spot) {
            return Term::dynamic();
        }
        if length > bounds::TEXT {
            self.too_large(spot, TooLarge::Text)
        } else if weight.size > bounds::VALUES {
            self.too_large(spot, TooLarge::Values)
        } else if weight.depth > bounds::DEPTH {
            self.too_large(spot, TooLarge::Depth)
        } else {
            term
        }
    }

    /// Complains of a value that grew beyond a bound; gives what stands for it.
    fn too_large(&self, spot: Spot, how: TooLarge) -> Term {
        let problem = match how {
            TooLarge::Text => "the text is longer than 16 MiB",
            TooLarge::Values => "the collection holds more than four million values",
            TooLarge::Depth => "collections are nested more than 128 levels deep",
        };
        let error = Diagnostic::error(Code::ValueTooLarge, "The value is too large")
            .detail(format!("Evaluation stops here because {problem}."));
        self.complain(spot, error);
        Term::dynamic()
    }

    fn object(&self, items: &[(Expression, Expression)], spot: Spot, scope: Scope<'_>) -> Term {
        let mut entries = Vec::with_capacity(items.len());
        let mut marks = Marks::default();
        // What the values derive from, in case the keys are not known.
        let mut inside = Marks::default();
        let mut known = true;
        // In the JSON spelling, unlike in the native one, a name may stand only once.
        let mut json_names = HashSet::new();
        for (key_expression, value_expression) in items {
            let mark = self.mark();
            let key = if key_expression.is_reference() {
                let error = Diagnostic::error(Code::Syntax, "Ambiguous attribute key").detail(
                    "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.",
                );
                self.complain(key_expression.spot, error);
                Term::unknown(Shape::String)
            } else if matches!(&key_expression.node, Node::Literal(term) if term.is_null()) {
                // Like every bare word before the equals sign, it is a name.
                Term::string("null")
            } else {
                self.evaluate(key_expression, scope)
            };
            let failed = self.failed_since(mark);
            let value = self.evaluate(value_expression, scope);
            if value.weight().marked {
                inside = inside.union(&value.deep_marks().origins_only());
            }
            if failed {
                known = false;
                continue;
            }
            let (key, key_marks) = key.unmarked();
            marks = marks.union(&key_marks);
            if key.is_null() {
                let error = Diagnostic::error(Code::NullKey, "Null value as key")
                    .detail("A null value cannot be used as a key.");
                self.complain(key_expression.spot, error);
                known = false;
                continue;
            }
            match convert(&key, &Shape::String) {
                Ok(key) => match key.content {
                    Content::String(name) => {
                        let is_json = matches!(key_expression.node, Node::JsonText { .. });
                        if is_json && !json_names.insert(name.clone()) {
                            let error = Diagnostic::error(
                                Code::DuplicateDeclaration,
                                "Duplicate object attribute",
                            )
                            .detail(format!(
                                "An attribute named {name:?} is defined here already."
                            ));
                            self.complain(key_expression.spot, error);
                        }
                        entries.push((name, value));
                    }
                    _ => known = false,
                },
                Err(mismatch) => {
                    let error = Diagnostic::error(Code::WrongType, "Incorrect key type")
                        .detail(format!("This value cannot be used as a key: {mismatch}."));
                    self.complain(key_expression.spot, error);
                    known = false;
                }
            }
        }
        if !known {
            return Term::dynamic().marked(&inside);
        }
        let entries = entries.into_iter().collect();
        self.bounded(Term::object(entries).marked(&marks), spot)
    }

    fn conditional(&self, parts: &[Expression; 3], scope: Scope<'_>) -> Term {
        let [condition_expression, yes_expression, no_expression] = parts;
        let mark = self.mark();
        let yes = self.evaluate(yes_expression, scope);
        let yes_complaints = self.complaints_since(mark);
        let no = self.evaluate(no_expression, scope);
        let no_complaints = self.complaints_since(mark);

        let bare_null = |term: &Term| {
            matches!(&term.content, Content::Null(Shape::Any)) && term.marks.is_empty()
        };
        let shape = if bare_null(&yes) {
            Some(no.shape())
        } else if bare_null(&no) {
            Some(yes.shape())
        } else {
            let (yes, no) = (yes.shape(), no.shape());
            if yes == Shape::Any || no == Shape::Any {
                Some(Shape::Any)
            } else {
                unify(&[yes, no])
            }
        };
        let Some(shape) = shape else {
            let error = Diagnostic::error(Code::InconsistentTypes, "Inconsistent conditional result types")
                .detail(format!(
                    "Both results must have the same type. The 'true' result is {}, the 'false' result is {}.",
                    operators::described(&yes.shape()),
                    operators::described(&no.shape())
                ));
            self.complain(yes_expression.spot.to(no_expression.spot), error);
            return Term::dynamic();
        };
        let (condition, condition_marks) = self.evaluate(condition_expression, scope).unmarked();
        if condition.is_null() {
            let error = Diagnostic::error(Code::NullCondition, "Null condition")
                .detail("The condition is null. It must be either true or false.");
            self.complain(condition_expression.spot, error);
            return Term::unknown(shape);
        }
        let (yes, yes_marks) = yes.unmarked();
        let (no, no_marks) = no.unmarked();
        // What is not taken lends its marks, but no null stands in what is.
        let lent = [&condition_marks, &yes_marks, &no_marks].map(Marks::without_written_null);
        let marks = lent[0].union(&lent[1]).union(&lent[2]);
        let Ok(condition) = convert(&condition, &Shape::Bool) else {
            let error = Diagnostic::error(Code::WrongType, "Incorrect condition type")
                .detail("The condition must be a bool.");
            self.complain(condition_expression.spot, error);
            return Term::unknown(shape);
        };
        let Some(condition) = condition.as_bool() else {
            let result = if yes.is_null() && no.is_null() {
                Term::null(shape)
            } else {
                let unknown = Term::unknown(shape);
                if yes.is_certainly_not_null() && no.is_certainly_not_null() {
                    unknown.refined_not_null()
                } else {
                    unknown
                }
            };
            return result.marked(&marks.union(&yes.deep_marks()).union(&no.deep_marks()));
        };
        let (chosen, complaints, chosen_expression, chosen_marks) = if condition {
            (yes, yes_complaints, yes_expression, yes_marks)
        } else {
            (no, no_complaints, no_expression, no_marks)
        };
        let marks = marks.union(&chosen_marks);
        self.diagnostics.borrow_mut().extend(complaints);
        convert(&chosen, &shape)
            .unwrap_or_else(|mismatch| {
                let error = Diagnostic::error(
                    Code::InconsistentTypes,
                    "Inconsistent conditional result types",
                )
                .detail(format!(
                    "The {condition} result has the wrong type: {mismatch}."
                ));
                self.complain(chosen_expression.spot, error);
                Term::unknown(shape)
            })
            .marked(&marks)
    }
}
