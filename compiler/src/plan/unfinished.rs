//! What exists, with a secret that works, and lacks something that was asked for, such as a description or a limit that its server did not
//! keep; or whose old secret was to end, and works. No apply that leaves that is done.
//!
//! The engine warns of it, and whoever called it makes it an error once the secret is where it was asked for. One case stays a warning:
//! Terraform marks what was created with an error as tainted, and would replace it, which ends a secret that is in use by then.

use crate::diagnostic::{Code, Diagnostic, Severity};

/// Makes errors of it.
pub fn unfinished_is_an_error(diagnostics: &mut [Diagnostic]) {
    for told in diagnostics {
        if matches!(
            told.code,
            Code::NotTaken | Code::StepFailed | Code::RetiredNotRevoked
        ) {
            told.severity = Severity::Error;
        }
    }
}
