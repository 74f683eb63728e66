//! Whether what has an id is the object of a state, as far as a server shows when it was made and for whom.

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::State;
use lanyard_compiler::model::state::Written;

use crate::record::Record;
use crate::session::differ;

/// How the server tells that what has the id is not the object of the state; `None` if it is, or if nothing tells.
pub(super) fn another_object<R: Record>(prior: &State, record: &R) -> Option<&'static str> {
    let time = |time: &Option<Written<Timestamp>>| time.as_ref().map(Written::value);
    if differ(time(&prior.created_at), record.created_at()) {
        return Some("it was created at another time than what this state was given");
    }
    if has_another_address(prior, record) {
        return Some("it has another address than what this state was given");
    }
    if ended_with_its_account(prior, record) {
        return Some("its account was made after the secret of this state was issued");
    }
    None
}

/// True if the account was given another address than the one in the state, which no account changes.
pub(super) fn has_another_address<R: Record>(prior: &State, record: &R) -> bool {
    let addresses = prior.email.as_deref().zip(record.email());
    addresses.is_some_and(|(before, now)| before != now)
}

/// The one that dates an account and the one that dates its secrets may be two machines.
const TWO_CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// True if the secret of the state was issued before the account was made that has the name now: it ended with the one before.
pub(super) fn ended_with_its_account<R: Record>(prior: &State, record: &R) -> bool {
    let issued_at = prior.issued_at.as_ref().map(|time| time.value());
    let not_before = record.issued_not_before();
    issued_at
        .zip(not_before)
        .is_some_and(|(issued, not_before)| not_before.duration_since(issued) > TWO_CLOCKS)
}
