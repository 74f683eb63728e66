//! What is said of the secrets that are missing, and of the ways out.

use super::open::{Open, REASON};
use super::place::Apart;
use super::state::{Delivery, State};
use crate::diagnostic::{Code, Diagnostic};

/// Complains of the secrets that are open: neither an apply nor a list is a success with one. Of those that are stuck, `deliveries` has told
/// how they end.
pub fn still_open<'a>(
    open: impl Iterator<Item = &'a Open>,
    deliveries: &[Delivery],
) -> Option<Diagnostic> {
    let is_stuck = |open: &&Open| {
        let mut stuck = deliveries.iter().filter(|delivery| delivery.is_stuck());
        stuck.any(|delivery| delivery.open == **open)
    };
    let (stuck, again): (Vec<&Open>, Vec<&Open>) = open.partition(is_stuck);
    if stuck.is_empty() && again.is_empty() {
        return None;
    }
    let all: Vec<String> = again
        .iter()
        .chain(&stuck)
        .map(|open| open.to_string())
        .collect();
    let mut problem = Diagnostic::error(
        Code::UndeliveredSecret,
        "Secrets may be issued and are not delivered",
    )
    .detail(format!("{}.", all.join(", ")));
    if !again.is_empty() {
        let these = if stuck.is_empty() {
            String::new()
        } else {
            let addresses: Vec<&str> = again.iter().map(|open| open.address.as_str()).collect();
            format!(" ({})", addresses.join(", "))
        };
        problem = problem.hint(format!(
            "Apply again: each is issued again until it was handed over{these}."
        ));
    }
    if !stuck.is_empty() {
        problem =
            problem.hint("What cannot be issued again here is told above, with its ways out.");
    }
    Some(problem)
}

impl Delivery {
    /// Why its secret stays missing, if it does.
    pub fn complaint(&self) -> Option<Diagnostic> {
        let Self { open, state } = self;
        let problem = |why: &str| {
            Diagnostic::warning(
                Code::UndeliveredSecret,
                "A secret that nobody received cannot be issued again here",
            )
            .detail(format!("{open}: {REASON}, and {why}."))
        };
        match state {
            State::Unconfigured => Some(
                problem(if open.displaced {
                    "the resource at that address is another object now"
                } else {
                    "the configuration does not have it any more"
                })
                    .hint("Configure it again, and the next apply issues its secret again.")
                    .hint("Or end it: `lanyard apply --prune` deletes it where servers keep owners; elsewhere revoke or delete it on the server, and the next apply forgets it."),
            ),
            State::Ambiguous(ids) => Some(
                problem(&format!(
                    "an older version of Lanyard wrote down too little of it: it may be {}",
                    ids.join(" or ")
                ))
                    .hint(format!(
                        "Nothing of it is issued again by itself: that would end a secret that may be in use. If it is what is configured, `lanyard apply --rotate '{}'` issues its secret again.",
                        open.address
                    ))
                    .hint("Then, or if nobody needs it, take its line out of `.lanyard/journal.jsonl`."),
            ),
            State::NotSeen => Some(
                problem("not everything that the server has could be read")
                    .hint("Apply again when it can be: what is not read is not known to be gone."),
            ),
            State::Elsewhere(Apart::Address) => Some(
                problem("no provider of this configuration has that address")
                    .hint("Apply with the settings and variables that lead there: its secret is issued again then. Two names of one host count as two servers."),
            ),
            State::Elsewhere(Apart::Organization) => Some(
                problem("no provider of this configuration has a credential of that organization")
                    .hint("Apply with a credential of it: its secret is issued again then."),
            ),
            State::Elsewhere(Apart::OrganizationNotTold) => Some(
                problem("the server does not say now which organization the credential is of")
                    .hint("Apply with a credential that may read the organization (`GET /v2/organization`): its secret is issued again then."),
            ),
            State::Elsewhere(Apart::OrganizationNotNoted) => Some(
                problem("the server did not say then which organization that was: it may be another one")
                    .hint(format!(
                        "If it is this one, `lanyard apply --rotate '{}'` issues its secret again. Then, or if it ended there, take its line out of `.lanyard/journal.jsonl`.",
                        open.address
                    )),
            ),
            State::Reissued { .. }
            | State::NotIssued
            | State::Replaced { .. }
            | State::Gone
            | State::Ends { .. } => None,
        }
    }
}
