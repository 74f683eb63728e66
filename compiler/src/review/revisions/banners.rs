//! What has to be said before anything else: what only a plan can tell, and what could not be compared.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, reasons};
use crate::review::circumstances::not_compared;

pub(super) fn banners(
    base: &Configuration,
    head: &Configuration,
    in_doubt: &[String],
    taken_for_native: &BTreeSet<&str>,
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
    if !taken_for_native.is_empty() {
        let providers: Vec<&str> = taken_for_native.iter().copied().collect();
        found.push(
            Diagnostic::warning(
                Code::ServerNotKnown,
                "It is not known which kind of token server this is for",
            )
            .detail(format!(
                "Neither {} nor the environment says `api` or `url`, or what stands there is not known. It was taken for a server that \
                 changes a name in place, where others replace what has it, with its secret.",
                providers.join(" nor ")
            ))
            .hint("Set LANYARD_API here as it is where the plan is made, or `api` in the provider block."),
        );
    }
    for (which, configuration) in [("the base", base), ("this revision", head)] {
        found.extend(not_compared(which, &reasons(&configuration.unread)));
    }
    found
}
