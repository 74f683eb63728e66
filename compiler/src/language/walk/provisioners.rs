//! What the arguments of built-in provisioners must be.

use super::Walk;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::module::{Known, Provisioner};
use crate::language::source::Spot;
use crate::language::term::{Term, convert};

impl Walk<'_> {
    /// Complains of arguments of another type, and where one of several arguments must be set and no other is.
    pub(super) fn check_provisioner(
        &self,
        provisioner: &Provisioner,
        arguments: &[(String, Term, Spot)],
    ) {
        let Some(known) = provisioner.known else {
            return;
        };
        for (path, term, spot) in arguments {
            let (known, name) = match path.strip_prefix("connection.") {
                Some(name) => (Known::connection(), name),
                None => (known, path.as_str()),
            };
            if let Some(shape) = known.shape(name)
                && let Err(mismatch) = convert(term, &shape)
            {
                let reason = match term.deep_marks().is_sensitive() {
                    true => format!("{} required", shape.friendly()),
                    false => mismatch.to_string(),
                };
                let error = Diagnostic::error(Code::WrongType, "Incorrect attribute value type")
                    .detail(format!(
                        "Inappropriate value for attribute {name:?}: {reason}."
                    ));
                self.evaluator.complain(*spot, error);
            }
        }
        let alternatives = known.alternatives();
        let set = arguments
            .iter()
            .filter(|(path, term, _)| alternatives.contains(&path.as_str()) && !term.is_null());
        let set = set.count();
        if !alternatives.is_empty() && set != 1 {
            let all = alternatives.join(", ");
            let error = Diagnostic::error(Code::InvalidValue, "Invalid provisioner configuration")
                .detail(match set {
                    0 => format!("One of these must be set: {all}."),
                    _ => format!("Only one of these can be set: {all}."),
                });
            self.evaluator.complain(provisioner.spot, error);
        }
    }
}
