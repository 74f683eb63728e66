//! Function calls: arguments are evaluated, converted and checked here, the same way for every function.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Evaluator, Scope, Whose};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::Receives;
use crate::language::functions::{self, Failure, Function, Parameter, Run};
use crate::language::module::parse_constraint;
use crate::language::received::received;
use crate::language::source::Spot;
use crate::language::syntax::{Call, Expression, Node, as_path};
use crate::language::term::{Content, Marks, Shape, Term, Unknown, apply_defaults, convert};
use crate::language::which::Language;
use crate::language::words::how_to_say;
use crate::suggest::closest;

impl Evaluator<'_> {
    pub(super) fn call(&self, call: &Call, spot: Spot, scope: Scope<'_>) -> Term {
        if !scope.names.has_functions() {
            let error = Diagnostic::error(Code::ConstantRequired, "Function calls not allowed")
                .detail("Here stands a plain value: functions cannot be called.");
            self.complain(call.name_spot, error);
            return Term::dynamic();
        }
        let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
        let namespace = name
            .strip_prefix("provider::")
            .and_then(|rest| rest.split_once("::"));
        let whose = namespace.map(|(provider, _)| scope.names.provider(provider));
        if let (Some(Whose::Nobodys), Some((provider, _))) = (whose, namespace) {
            let error = Diagnostic::error(Code::UnknownFunction, "Unknown provider function").detail(format!(
                "There is no provider with the local name {provider:?} in the required_providers of this module."
            ));
            self.complain(call.name_spot, error);
            return Term::dynamic();
        }
        // Whatever a module calls our provider, the table knows its functions by one name.
        let name: Cow<'_, str> = match (whose, namespace) {
            (Some(Whose::Ours), Some((_, function))) => {
                format!("provider::lanyard::{function}").into()
            }
            _ => name.into(),
        };
        let name = name.as_ref();
        let found = functions::find(name);
        let Some(function) = found.filter(|function| function.is_of(self.language)) else {
            let mark = self.mark();
            let marks = call
                .arguments
                .iter()
                .fold(Marks::default(), |marks, argument| {
                    marks.union(&self.evaluate(argument, scope).deep_marks())
                });
            if found.is_some() {
                // What the other program makes of the arguments is its own.
                self.complaints_since(mark);
            }
            // Other providers' functions are theirs to evaluate.
            if whose == Some(Whose::Others) && !name.starts_with("provider::terraform::") {
                return Term::dynamic().marked(&marks);
            }
            let mut error = Diagnostic::error(Code::UnknownFunction, "Call to unknown function")
                .detail(format!("There is no function named {:?}.", call.name));
            if let Some(other) = found.and_then(|function| function.only) {
                error = error.hint(format!("{} has it; {}", other.title(), how_to_say(other)));
            } else if let Some(meant) = closest(name, functions::names(self.language)) {
                error = error.hint(format!("did you mean {meant:?}?"));
            }
            self.complain(call.name_spot, error);
            return Term::dynamic();
        };
        if name == "templatestring"
            && self.language == Language::Terraform
            && let Some(template) = call.arguments.first()
            && !is_from_elsewhere(template)
        {
            let error = Diagnostic::error(Code::InvalidArgument, "Invalid function argument")
                .detail("Invalid value for the \"template\" parameter of templatestring: it must be a reference to a text from elsewhere, such as local.template, and nothing made here.");
            self.complain(template.spot, error);
            return Term::unknown_not_null(Shape::String);
        }
        match function.run {
            Run::Try if !call.expand => self.first_that_works(call, spot, scope),
            Run::Can if !call.expand && call.arguments.len() == 1 => {
                let mark = self.mark();
                let term = self.evaluate(&call.arguments[0], scope);
                let failed = self.failed_since(mark);
                self.complaints_since(mark);
                if !failed && !term.is_wholly_known() {
                    return Term::unknown_not_null(Shape::Bool);
                }
                Term::bool(!failed)
            }
            Run::Convert if !call.expand && call.arguments.len() == 2 => {
                self.converted(call, scope)
            }
            _ => self.ordinary_call(function, call, spot, scope),
        }
    }

    /// `convert(value, type)`.
    fn converted(&self, call: &Call, scope: Scope<'_>) -> Term {
        self.required
            .note(format_args!("`convert`"), 15, call.name_spot);
        let [value, kind] = call.arguments.as_slice() else {
            return Term::dynamic();
        };
        let mark = self.mark();
        let term = self.evaluate(value, scope);
        let marks = term.deep_marks();
        let term = term.without_marks();
        let shape = parse_constraint(self, kind);
        if self.failed_since(mark) {
            return Term::dynamic();
        }
        let filled = match term.is_null() {
            true => term,
            false => apply_defaults(&term, &shape),
        };
        let result = convert(&filled, &shape).unwrap_or_else(|mismatch| {
            let reason = match marks.is_sensitive() {
                true => "the reason is not shown because a sensitive value is involved".to_owned(),
                false => mismatch.to_string(),
            };
            let error = Diagnostic::error(Code::InvalidArgument, "Invalid function argument")
                .detail(format!(
                    "Invalid value for the \"value\" parameter of {}: {reason}.",
                    call.name
                ));
            self.complain(value.spot, error);
            Term::dynamic()
        });
        result.marked(&marks)
    }

    fn first_that_works(&self, call: &Call, spot: Spot, scope: Scope<'_>) -> Term {
        let mut reasons = Vec::new();
        for argument in &call.arguments {
            let mark = self.mark();
            let term = self.evaluate(argument, scope);
            if !self.failed_since(mark) {
                // Once it is known, it may fail, and another argument take its place.
                return match &term.content {
                    Content::Unknown(unknown) => Term::new(Content::Unknown(Arc::new(Unknown {
                        link: unknown.link.clone(),
                        ..Unknown::new(Shape::Any)
                    })))
                    .marked(&term.marks),
                    _ if !term.is_wholly_known() => Term::dynamic().marked(&term.deep_marks()),
                    _ => term,
                };
            }
            reasons.extend(
                self.complaints_since(mark)
                    .into_iter()
                    .filter(Diagnostic::is_error)
                    .map(|reason| format!("{}: {}", reason.summary, reason.detail)),
            );
        }
        let error = Diagnostic::error(Code::FunctionFailed, "Error in function call").detail(
            std::iter::once("No argument of try() could be evaluated:".to_owned())
                .chain(reasons)
                .collect::<Vec<_>>()
                .join("\n"),
        );
        self.complain(spot, error);
        Term::dynamic()
    }

    fn ordinary_call(
        &self,
        function: &Function,
        call: &Call,
        spot: Spot,
        scope: Scope<'_>,
    ) -> Term {
        let mark = self.mark();
        let arguments = match self.arguments(call, scope) {
            Ok(arguments) => arguments,
            Err(marks) => return Term::dynamic().marked(&marks),
        };
        if self.failed_since(mark) || !self.check_count(function, call, &arguments, spot) {
            return Term::dynamic();
        }
        let mut terms = Vec::with_capacity(arguments.len());
        let mut marks = Marks::default();
        let mut unknown = false;
        for (index, (term, argument)) in arguments.into_iter().enumerate() {
            let Some(parameter) = function.parameter(index) else {
                continue;
            };
            let Some(term) = self.argument(parameter, term, argument, call) else {
                continue;
            };
            // A function can keep apart what is marked inside of a collection; one number or text decides about all of the result.
            let is_one = parameter.kind.shape().is_primitive()
                || function.is_one_way() && term.shape().is_primitive();
            let term = if function.keeps_marks && !is_one {
                term
            } else {
                let own = term.deep_marks();
                let own = match function.result_holds_all() {
                    true => own.writing_null(|origin| received(&term, origin) == Receives::Null),
                    false => own.without_written_null(),
                };
                marks = marks.union(&own);
                term.without_marks()
            };
            // A bare null has no type, and what has no type is as good as unknown to most functions.
            let typeless = term.is_null() && term.shape() == Shape::Any;
            unknown |= !parameter.unknown && (typeless || !term.is_wholly_known());
            terms.push(term);
        }
        if self.failed_since(mark) {
            return Term::dynamic();
        }
        if function.is_one_way() {
            marks = marks.hashed();
        }
        if function.reads_path() && self.is_at_home(&terms, spot) {
            unknown = true;
        }
        if unknown || matches!(function.run, Run::Unknown(_)) {
            if function.keeps_marks {
                marks = terms
                    .iter()
                    .fold(marks, |marks, term| marks.union(&term.deep_marks()));
            }
            return Term::unknown(function.returns.shape())
                .refined_not_null()
                .marked(&marks);
        }
        let result = match function.run {
            Run::Pure(run) => run(&terms),
            Run::WithFiles(run) => run(self, scope.names, &terms),
            // Reached only with an expanded argument list, which makes no sense for either.
            Run::Try | Run::Can | Run::Convert | Run::Unknown(_) => {
                Ok(terms.pop().unwrap_or_else(Term::dynamic))
            }
        };
        match result {
            Ok(term) => self.bounded(term, spot).marked(&marks),
            Err(failure) => {
                let hidden = marks.is_sensitive();
                self.complain_failure(function, &failure, call, spot, hidden);
                Term::dynamic()
            }
        }
    }

    /// True for a path in a home folder: what is there depends on whose it is, so nothing is read.
    fn is_at_home(&self, arguments: &[Term], spot: Spot) -> bool {
        let path = arguments.first().and_then(Term::as_str);
        let Some(path) = path.filter(|path| path.starts_with('~')) else {
            return false;
        };
        let note = Diagnostic::warning(Code::FileAtHome, "A file in a home folder is not read")
            .detail(format!(
                "What {path:?} leads to depends on whose home it is, so the result is unknown here."
            ));
        self.complain(spot, note);
        true
    }

    /// The evaluated arguments with the expression each came from; if the expanded one is not known, or was wrong, only what they
    /// derive from.
    fn arguments<'c>(
        &self,
        call: &'c Call,
        scope: Scope<'_>,
    ) -> Result<Vec<(Term, &'c Expression)>, Marks> {
        let mut terms = Vec::with_capacity(call.arguments.len());
        for (index, argument) in call.arguments.iter().enumerate() {
            let term = self.evaluate(argument, scope);
            if !call.expand || index + 1 < call.arguments.len() {
                terms.push((term, argument));
                continue;
            }
            let all = terms
                .iter()
                .fold(term.deep_marks(), |marks: Marks, (term, _): &(Term, _)| {
                    marks.union(&term.deep_marks())
                })
                .origins_only();
            let (term, marks) = term.unmarked();
            if term.is_dynamic() {
                return Err(all);
            }
            match term.as_items() {
                Some(items) => {
                    terms.extend(
                        items
                            .iter()
                            .map(|item| (item.clone().marked(&marks), argument)),
                    );
                }
                None if term.is_unknown() && !term.shape().is_primitive() => return Err(all),
                None => {
                    let error = Diagnostic::error(
                        Code::WrongType,
                        "Invalid expanding argument value",
                    )
                    .detail(
                        "The argument before `...` must be a list, set or tuple, and not null.",
                    );
                    self.complain(argument.spot, error);
                    return Err(all);
                }
            }
        }
        Ok(terms)
    }

    fn check_count(
        &self,
        function: &Function,
        call: &Call,
        arguments: &[(Term, &Expression)],
        spot: Spot,
    ) -> bool {
        let (given, wanted) = (arguments.len(), function.parameters.len());
        if given < wanted {
            let qualifier = if function.rest.is_some() {
                " at least"
            } else {
                ""
            };
            let missing = function.parameters[given].name;
            let error = Diagnostic::error(Code::MissingArgument, "Not enough function arguments").detail(format!(
                "Function {:?} expects{qualifier} {wanted} argument(s). Missing value for {missing:?}.",
                call.name
            ));
            self.complain(spot.last(), error);
            return false;
        }
        if given > wanted && function.rest.is_none() {
            let error = Diagnostic::error(Code::TooManyArguments, "Too many function arguments")
                .detail(format!(
                    "Function {:?} expects only {wanted} argument(s).",
                    call.name
                ));
            self.complain(arguments[wanted].1.spot, error);
            return false;
        }
        true
    }

    fn argument(
        &self,
        parameter: &Parameter,
        term: Term,
        expression: &Expression,
        call: &Call,
    ) -> Option<Term> {
        let reason = match convert(&term, &parameter.kind.shape()) {
            Ok(term) if term.is_null() && !parameter.null => "argument must not be null".to_owned(),
            Ok(term) => return Some(term),
            Err(mismatch) => mismatch.to_string(),
        };
        let error =
            Diagnostic::error(Code::InvalidArgument, "Invalid function argument").detail(format!(
                "Invalid value for the {:?} parameter of {}: {reason}.",
                parameter.name, call.name
            ));
        self.complain(expression.spot, error);
        None
    }

    fn complain_failure(
        &self,
        function: &Function,
        failure: &Failure,
        call: &Call,
        spot: Spot,
        hidden: bool,
    ) {
        let message = if hidden {
            "the reason is not shown because a sensitive value is involved"
        } else {
            failure.message.as_str()
        };
        let named = failure.argument.and_then(|index| {
            let expression = call.arguments.get(index).or(call.arguments.last())?;
            Some((function.parameter(index)?, expression.spot))
        });
        let (error, spot) = match named {
            Some((parameter, spot)) => (
                Diagnostic::error(Code::InvalidArgument, "Invalid function argument").detail(
                    format!(
                        "Invalid value for the {:?} parameter of {}: {message}.",
                        parameter.name, call.name
                    ),
                ),
                spot,
            ),
            None => (
                Diagnostic::error(Code::FunctionFailed, "Error in function call").detail(format!(
                    "Call to function {:?} failed: {message}.",
                    call.name
                )),
                spot,
            ),
        };
        self.complain(spot, error);
    }
}

/// True for a name, with attributes and indices.
fn is_from_elsewhere(expression: &Expression) -> bool {
    match &expression.node {
        Node::Index(inner, _) => is_from_elsewhere(inner),
        _ => as_path(expression).is_some(),
    }
}
