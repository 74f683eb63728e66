//! Validations, pre- and postconditions, checks.

use super::{Place, Walk};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::language::module::Rule;
use crate::language::term::{Shape, convert};

/// Whether a rule holds.
enum Verdict {
    Holds,
    /// The message that its author wrote.
    Fails(String),
    Unknown,
}

impl Walk<'_> {
    /// Complains if a condition is known to be false.
    pub(super) fn check_rule(&self, rule: &Rule, place: Place<'_>, code: Code, summary: &str) {
        if let Verdict::Fails(message) = self.judge(rule, place, summary) {
            let error = Diagnostic::error(code, summary).detail(message);
            self.evaluator.complain(rule.condition.spot, error);
        }
    }

    /// Everything that is judged once all values are there: variables' validations and checks.
    pub(super) fn rules(&self) {
        for (number, instance) in self.instances.iter().enumerate() {
            let module = self.module(instance.tree);
            let place = Place::module(number);
            for (index, variable) in module.variables.items.iter().enumerate() {
                for rule in &variable.validations {
                    let Verdict::Fails(message) =
                        self.judge(rule, place, "Invalid variable validation")
                    else {
                        continue;
                    };
                    let spot = self.given_spot(number, index).unwrap_or(variable.spot);
                    let error = Diagnostic::error(Code::InvalidValue, "Invalid value for variable")
                        .detail(message)
                        .hint(format!(
                            "this is checked by a validation rule of the variable {:?}",
                            variable.name
                        ));
                    self.evaluator.complain(spot, error);
                }
            }
            for check in &module.checks {
                for rule in &check.rules {
                    let mark = self.evaluator.mark();
                    let verdict = self.judge(rule, place, "Check block assertion failed");
                    // A check never stops anything.
                    for note in &mut self.evaluator.diagnostics.borrow_mut()[mark..] {
                        note.severity = Severity::Warning;
                    }
                    if let Verdict::Fails(message) = verdict {
                        let note =
                            Diagnostic::warning(Code::CheckFailed, "Check block assertion failed")
                                .detail(message)
                                .hint(format!("this is asserted by the check {:?}", check.name));
                        self.evaluator.complain(rule.condition.spot, note);
                    }
                }
            }
        }
    }

    /// Where the value of a variable was written.
    fn given_spot(&self, instance: usize, index: usize) -> Option<crate::language::source::Spot> {
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

    fn judge(&self, rule: &Rule, place: Place<'_>, summary: &str) -> Verdict {
        let mark = self.evaluator.mark();
        let (term, _) = self.evaluate(&rule.condition, place).unmarked();
        if self.evaluator.failed_since(mark) {
            return Verdict::Unknown;
        }
        let problem = match convert(&term, &Shape::Bool) {
            Ok(term) if term.is_null() => {
                "Condition expression must return either true or false, not null.".to_owned()
            }
            Ok(term) => {
                return match term.as_bool() {
                    Some(true) => Verdict::Holds,
                    Some(false) => Verdict::Fails(self.message(rule, place)),
                    None => Verdict::Unknown,
                };
            }
            Err(mismatch) => format!("Invalid condition result value: {mismatch}."),
        };
        let error = Diagnostic::error(Code::WrongType, "Invalid condition result")
            .detail(problem)
            .hint(format!("it is part of: {}", summary.to_lowercase()));
        self.evaluator.complain(rule.condition.spot, error);
        Verdict::Unknown
    }

    fn message(&self, rule: &Rule, place: Place<'_>) -> String {
        let fallback = "The condition is false, and its error message is not known.";
        let Some(expression) = &rule.message else {
            return fallback.to_owned();
        };
        let term = self.evaluate(expression, place);
        let marks = term.deep_marks();
        if marks.is_sensitive() || marks.is_ephemeral() {
            return "The condition is false. Its error message is not shown because it contains a sensitive or ephemeral value.".to_owned();
        }
        convert(&term, &Shape::String)
            .ok()
            .and_then(|term| term.as_str().map(|text| text.trim().to_owned()))
            .unwrap_or_else(|| fallback.to_owned())
    }
}
