//! Lanyard's own functions, as its provider offers them.

use super::{Failure, Outcome, text};
use crate::language::term::Term;
use crate::model::functions::{self, Refusal, Unit};

pub(super) fn authorization_header(arguments: &[Term]) -> Outcome {
    if arguments.len() > 2 {
        return Err(Failure::argument(
            2,
            "only one user name may follow the token",
        ));
    }
    let user = (arguments.len() == 2).then(|| text(arguments, 1));
    functions::authorization_header(text(arguments, 0), user)
        .map(Term::string)
        .map_err(failure)
}

pub(super) fn duration_seconds(arguments: &[Term]) -> Outcome {
    duration(Unit::Seconds, arguments)
}

pub(super) fn duration_hours(arguments: &[Term]) -> Outcome {
    duration(Unit::Hours, arguments)
}

fn duration(unit: Unit, arguments: &[Term]) -> Outcome {
    functions::duration_in(unit, text(arguments, 0))
        .map(Term::number)
        .map_err(failure)
}

fn failure(Refusal { argument, text }: Refusal) -> Failure {
    Failure::argument(argument, text.trim_end_matches('.'))
}
