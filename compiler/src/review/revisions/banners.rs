//! What has to be said before anything else: what only a plan can tell, and what could not be compared.

use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, reasons};
use crate::review::circumstances::not_compared;

pub(super) fn banners(
    base: &Configuration,
    head: &Configuration,
    in_doubt: &[String],
) -> Vec<Diagnostic> {
    let mut found = vec![
        Diagnostic::warning(
            Code::ByConfigurationOnly,
            "By configuration only: no server and no state was asked",
        )
        .detail(
            "What the base asks for is taken for what there is. Whether it was applied, what is due to rotate, and what was changed \
             outside, only a plan can tell.",
        ),
    ];
    if !in_doubt.is_empty() {
        found.push(
            Diagnostic::warning(
                Code::ServerMayChange,
                "It is not known whether these stay on their server",
            )
            .detail(format!("{}.", in_doubt.join(", ")))
            .hint("If not, new ones are created, and the old ones live on where they are: a plan of Terraform tells."),
        );
    }
    for (which, configuration) in [("the base", base), ("this revision", head)] {
        found.extend(not_compared(which, &reasons(&configuration.unread)));
    }
    found
}
