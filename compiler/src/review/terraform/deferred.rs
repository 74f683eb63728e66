//! What a plan puts off until more is known, and what it would do: a later plan does it, and nobody may take this one for all of it.
//! Whoever agrees to this plan has the other one coming, so the rules see it now.

use super::document::{Deferred, DeferredReason};
use super::events::Called;
use super::{events, read};
use crate::review::accounts::Accounts;
use crate::review::assess::assess_change;
use crate::review::circumstances::{Circumstances, PutOff};
use crate::review::words;

/// All that is put off.
#[derive(Default)]
pub(super) struct Later {
    /// Each in words; of other providers the address alone.
    pub(super) told: Vec<String>,
    pub(super) put_off: PutOff,
}

/// # Errors
///
/// What would happen to something of ours is not understood.
pub(super) fn later(
    deferred: Vec<Deferred>,
    circumstances: &Circumstances,
    called: &Called<'_>,
) -> Result<Later, String> {
    let mut all = Later::default();
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
                    let none = Accounts::default();
                    let assessed =
                        assess_change(&none, &change, &course, circumstances, circumstances.now);
                    let notes = course.notes.iter().map(|note| format!(", {note}"));
                    let notes: String = notes.collect();
                    let told = format!("{} {}{notes}", change.address, words::headline(&assessed));
                    all.put_off.changes.push((change, course));
                    told
                }
                None => change.address,
            },
            (None, Some(invocation)) => {
                let address = invocation.address.clone();
                match called.invocations(vec![invocation])?.pop() {
                    Some(aside) => {
                        let told = format!("{address} {}", aside.text);
                        all.put_off.calls.push(aside);
                        told
                    }
                    None => address,
                }
            }
            (None, None) => "something without an address".to_owned(),
        };
        let why = reason.map(|reason| format!(" ({})", in_words(reason)));
        all.told.push(what + &why.unwrap_or_default());
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
        DeferredReason::Excluded => "this plan was asked to leave it out",
        DeferredReason::ExcludedPrereq => "this plan was asked to leave out what it depends on",
        DeferredReason::NotIncluded => "this plan was made for others",
    }
}
