//! What a plan puts off until more is known, and what it would do: a later plan does it, and nobody may take this one for all of it.

use super::document::{Deferred, DeferredReason};
use super::events::Called;
use super::{events, read};
use crate::plan::Plan;
use crate::review::assess::assess_change;
use crate::review::circumstances::{Aside, Circumstances};
use crate::review::power::Accounts;
use crate::review::words;

/// All that is put off, each in words; of other providers the address alone.
///
/// # Errors
///
/// What would happen to something of ours is not understood.
pub(super) fn told(
    deferred: Vec<Deferred>,
    circumstances: &Circumstances,
    called: &Called<'_>,
) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for Deferred {
        reason,
        resource_change,
        action_invocation,
    } in deferred
    {
        let what = match (resource_change, action_invocation) {
            (Some(change), _) => match change.kind() {
                Some(kind) => {
                    let (change, course) =
                        read(kind, change, circumstances, &events::Drifted::new())?;
                    if let Some(unreadable) = change.diagnostics.first() {
                        return Err(format!("{}: {}", change.address, unreadable.detail));
                    }
                    let plan = Plan::default();
                    let assessed = assess_change(&Accounts::of(&plan), &change, &course);
                    let notes = course.notes.iter().map(|note| format!(", {note}"));
                    let notes: String = notes.collect();
                    format!("{} {}{notes}", change.address, words::headline(&assessed))
                }
                None => change.address,
            },
            (None, Some(invocation)) => {
                let address = invocation.address.clone();
                match called.invocations(vec![invocation])?.pop() {
                    Some(Aside { text, .. }) => format!("{address} {text}"),
                    None => address,
                }
            }
            (None, None) => "something without an address".to_owned(),
        };
        let why = reason.map(|reason| format!(" ({})", in_words(reason)));
        all.push(what + &why.unwrap_or_default());
    }
    Ok(all)
}

fn in_words(reason: DeferredReason) -> &'static str {
    match reason {
        DeferredReason::Unknown => "why is not told",
        DeferredReason::InstanceCountUnknown => "how many there are is not known yet",
        DeferredReason::ResourceConfigUnknown => "its arguments are not known yet",
        DeferredReason::ProviderConfigUnknown => "its provider's arguments are not known yet",
        DeferredReason::AbsentPrereq => "what it needs is not there yet",
        DeferredReason::DeferredPrereq => "what it depends on is put off",
    }
}
