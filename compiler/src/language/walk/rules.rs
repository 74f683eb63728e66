//! Validations, pre- and postconditions, checks.

use super::{Place, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{ConsumerKind, Failed};
use crate::language::graph::qualified;
use crate::language::module::Rule;
use crate::language::source::Spot;
use crate::language::syntax::Expression;
use crate::language::term::{Shape, Term, convert};

/// Whether a rule holds.
enum Verdict {
    Holds,
    /// The message that its author wrote.
    Fails(String),
    Unknown,
}

impl Walk<'_> {
    /// Complains if a condition is known to be false. Gives its message.
    pub(super) fn check_rule(
        &self,
        rule: &Rule,
        (place, guarded): (Place<'_>, Option<&str>),
        code: Code,
        summary: &str,
    ) -> Option<Term> {
        let (verdict, message) = self.judge(rule, place, summary);
        if let Verdict::Fails(message) = verdict {
            let error = Diagnostic::error(code, summary).detail(message);
            self.fails(rule.condition.spot, guarded, error);
        }
        message
    }

    fn fails(&self, spot: Spot, guarded: Option<&str>, complaint: Diagnostic) {
        let span = self.evaluator.sources.borrow().span(spot);
        let mut conditions = self.conditions.borrow_mut();
        conditions.failed.push(Failed {
            address: guarded.map(str::to_owned),
            complaint: complaint.clone().span(span),
        });
        self.evaluator.complain(spot, complaint);
    }

    /// Notes whose secrets everybody reads in a message.
    pub(super) fn tells(&mut self, message: Option<&Term>, rule: &Rule, address: &str) {
        let Some(message) = message.filter(|message| !message.deep_marks().is_sensitive()) else {
            return;
        };
        let spot = rule
            .message
            .as_ref()
            .map_or(rule.condition.spot, |message| message.spot);
        self.consume(message, ConsumerKind::Message, address, "", None, spot);
    }

    /// Everything that is judged once all values are there: variables' validations and checks.
    pub(super) fn rules(&mut self) {
        for number in 0..self.instances.len() {
            let (module, prefix) = {
                let instance = &self.instances[number];
                (self.module(instance.tree), instance.address.clone())
            };
            let place = Place::module(number);
            for (index, variable) in module.variables.items.iter().enumerate() {
                for rule in &variable.validations {
                    let Some(message) = self.refusal(rule, place) else {
                        continue;
                    };
                    let spot = self.given_spot(number, index).unwrap_or(variable.spot);
                    let error = Diagnostic::error(Code::InvalidValue, "Invalid value for variable")
                        .detail(message)
                        .hint(format!(
                            "this is checked by a validation rule of the variable {:?}",
                            variable.name
                        ));
                    self.fails(spot, None, error);
                }
            }
            for check in &module.checks {
                for rule in &check.rules {
                    // That a check fails never stops anything.
                    let summary = "Check block assertion failed";
                    let (verdict, told) = self.judge(rule, place, summary);
                    if let Verdict::Fails(message) = verdict {
                        let note = Diagnostic::warning(Code::CheckFailed, summary)
                            .detail(message)
                            .hint(format!("this is asserted by the check {:?}", check.name));
                        self.fails(rule.condition.spot, None, note);
                    }
                    let name = qualified(&prefix, &format!("check.{}", check.name));
                    self.tells(told.as_ref(), rule, &name);
                }
            }
        }
    }

    /// Where the value of a variable was written.
    fn given_spot(&self, instance: usize, index: usize) -> Option<Spot> {
        let instance = &self.instances[instance];
        let variable = &self.module(instance.tree).variables.items[index];
        match self.tree.modules[instance.tree].parent {
            None => self.inputs.get(&variable.name).and_then(|given| given.spot),
            Some(parent) => {
                let call = &self.module(parent.module).calls.items[parent.call];
                let argument = call
                    .arguments
                    .attributes
                    .iter()
                    .find(|argument| argument.name == variable.name)?;
                Some(argument.expression.spot)
            }
        }
    }

    /// The message of a validation that fails. Where it cannot be shown, that is told at the message, too.
    fn refusal(&self, rule: &Rule, place: Place<'_>) -> Option<String> {
        let (verdict, message) = self.verdict(rule, place, "Invalid variable validation");
        if !matches!(verdict, Verdict::Fails(_)) {
            return None;
        }
        let told = message.as_ref().map(|(expression, term)| {
            let marks = term.deep_marks();
            let (summary, detail) = if marks.is_sensitive() || marks.is_ephemeral() {
                (
                    "Error message refers to hidden values",
                    "It contains a sensitive or ephemeral value and is not shown.",
                )
            } else if term.is_unknown() {
                (
                    "Invalid error message",
                    "It refers to what is known only after apply.",
                )
            } else {
                return true;
            };
            let error = Diagnostic::error(Code::InvalidValue, summary).detail(detail);
            self.evaluator.complain(expression.spot, error);
            !term.is_unknown()
        });
        told.unwrap_or(true).then(|| said(message))
    }

    /// Whether a condition holds, and its message, which must be a text, whether or not it does.
    fn judge(&self, rule: &Rule, place: Place<'_>, summary: &str) -> (Verdict, Option<Term>) {
        let (verdict, message) = self.verdict(rule, place, summary);
        if let Some((expression, term)) = &message {
            let problem = match convert(term, &Shape::String) {
                Ok(term) if term.is_null() => "It must not be null.".to_owned(),
                Ok(_) => return (verdict, message.map(|(_, term)| term)),
                Err(mismatch) => format!("Unsuitable value for an error message: {mismatch}."),
            };
            let error = Diagnostic::error(Code::WrongType, "Invalid error message").detail(problem);
            self.evaluator.complain(expression.spot, error);
            return (Verdict::Unknown, None);
        }
        (verdict, None)
    }

    /// Whether a condition holds, and its message.
    fn verdict<'r>(
        &self,
        rule: &'r Rule,
        place: Place<'_>,
        summary: &str,
    ) -> (Verdict, Option<(&'r Expression, Term)>) {
        let mark = self.evaluator.mark();
        let (term, _) = self.evaluate(&rule.condition, place).unmarked();
        let message = rule.message.as_deref();
        let message = message.map(|expression| (expression, self.evaluate(expression, place)));
        if self.evaluator.failed_since(mark) {
            return (Verdict::Unknown, None);
        }
        let problem = match convert(&term, &Shape::Bool) {
            Ok(term) if term.is_null() => {
                "Condition expression must return either true or false, not null.".to_owned()
            }
            Ok(term) => {
                let verdict = match term.as_bool() {
                    Some(true) => Verdict::Holds,
                    Some(false) => Verdict::Fails(said(message.clone())),
                    None => {
                        self.conditions.borrow_mut().open = true;
                        Verdict::Unknown
                    }
                };
                return (verdict, message);
            }
            Err(mismatch) => format!("Invalid condition result value: {mismatch}."),
        };
        let error = Diagnostic::error(Code::WrongType, "Invalid condition result")
            .detail(problem)
            .hint(format!("it is part of: {}", summary.to_lowercase()));
        self.evaluator.complain(rule.condition.spot, error);
        (Verdict::Unknown, None)
    }
}

/// What a message says, or that it cannot be shown.
fn said(message: Option<(&Expression, Term)>) -> String {
    let fallback = "The condition is false, and its error message is not known.";
    let Some((_, term)) = message else {
        return fallback.to_owned();
    };
    let marks = term.deep_marks();
    if marks.is_sensitive() || marks.is_ephemeral() {
        return "The condition is false. Its error message is not shown because it contains a sensitive or ephemeral value.".to_owned();
    }
    // Whatever `nonsensitive` says of it.
    if let Some(origin) = marks.origins().find(|origin| !origin.hashed) {
        return format!(
            "The condition is false. Its error message is not shown because it contains the secret of {}.",
            origin.address
        );
    }
    convert(&term, &Shape::String)
        .ok()
        .and_then(|term| term.as_str().map(|text| text.trim().to_owned()))
        .unwrap_or_else(|| fallback.to_owned())
}
