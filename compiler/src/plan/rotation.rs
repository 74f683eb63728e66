//! The arithmetic of a secret's life: when it is due, what its status is, and what is over. `now` is an argument, given only when
//! a state is read, created or updated; planning looks at what was stored then.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::meaning::{time_at, timestamp};
use crate::model::access_token::{Retired, Status};
use crate::model::kind::Kind;
use crate::model::lifetime::{GracePeriod, Lifetime};
use crate::model::observe;
use crate::value::Value;

/// From when on a secret is due: `before_expiry` ahead of its end, moved earlier by up to `jitter`, by a stable hash of the `id`.
pub fn rotate_at(
    expires_at: Timestamp,
    before_expiry: Lifetime,
    jitter: Option<Lifetime>,
    id: &str,
) -> Timestamp {
    let ahead = before_expiry
        .seconds()
        .saturating_add(jitter.map_or(0, |jitter| spread(id, jitter)));
    let ahead = SignedDuration::from_secs(i64::try_from(ahead).unwrap_or(i64::MAX));
    expires_at.checked_sub(ahead).unwrap_or(Timestamp::MIN)
}

/// A stable share of `jitter` in seconds, from 0 to all of it.
fn spread(id: &str, jitter: Lifetime) -> u64 {
    let digest = Sha256::digest(id.as_bytes());
    let hash = digest
        .iter()
        .take(8)
        .fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    hash % jitter.seconds().saturating_add(1)
}

/// True if the secret is to be replaced. A secret that was issued after that point (its end is fixed and did not move) is not due
/// again: rotating it once more would change nothing.
pub fn due(rotate_at: Option<Timestamp>, issued_at: Option<Timestamp>, now: Timestamp) -> bool {
    rotate_at.is_some_and(|at| now >= at && issued_at.is_none_or(|issued| issued < at))
}

/// The status of a secret, from what the server said of it, its end and the time. A server that says that it accepts a secret knows
/// better than any clock; otherwise what is over is over, disabled or not: so that enabling it again shows that it has to be replaced.
pub fn status(
    said: Option<Status>,
    expires_at: Option<Timestamp>,
    due: bool,
    now: Timestamp,
) -> Status {
    let over = expires_at.is_some_and(|end| end <= now);
    match said {
        Some(said @ (Status::Revoked | Status::Expired)) => said,
        None | Some(Status::Disabled) if over => Status::Expired,
        Some(Status::Disabled) => Status::Disabled,
        None | Some(Status::Active | Status::Expiring) if due => Status::Expiring,
        None | Some(Status::Active | Status::Expiring) => Status::Active,
    }
}

/// The `rotate_at` of a state, or of a planned state whose parts are known.
pub(crate) fn rotate_at_of(state: &Value) -> Option<Timestamp> {
    let rotation = state.get("rotation");
    let length = |name| {
        rotation
            .get(name)
            .as_str()
            .and_then(|text| Lifetime::parse(text).ok())
    };
    Some(rotate_at(
        time_at(state, "expires_at")?,
        length("before_expiry")?,
        length("jitter"),
        state.get("id").as_str()?,
    ))
}

/// Decides everything that depends on time, for a state that was just read and reconciled: `rotate_at`, `status`, `rotation_due`,
/// which retired tokens are due, and whether the previous secret is still of use.
#[must_use]
pub fn settle(kind: Kind, mut state: Value, now: Timestamp) -> Value {
    if kind != Kind::AccessToken || state.as_map().is_none() {
        return state;
    }
    let rotate_at = rotate_at_of(&state);
    let said = match state.get("status") {
        Value::Null => None,
        said => Some(parse_status(said)),
    };
    let is_due = due(rotate_at, time_at(&state, "issued_at"), now);
    let status = status(said, time_at(&state, "expires_at"), is_due, now);
    // A secret that is not ours to replace (imported, no rotation asked for) is never due.
    let ours = rotate_at.is_some() || holds_secret(&state);
    let dead = matches!(status, Status::Expired | Status::Revoked) && ours;
    let retired: Vec<Value> = entries(&state)
        .filter_map(|entry| settle_retired(&state, entry, now))
        .collect();
    let previous_ended = retired.is_empty();

    if let Some(entries) = state.as_map_mut() {
        let mut set = |name: &str, value: Value| {
            entries.insert(name, value);
        };
        set("rotate_at", rotate_at.map(|at| at.to_string()).into());
        set("status", observe::status_value(status));
        set("rotation_due", (is_due || dead).into());
        set("retired", Value::List(retired));
        if previous_ended {
            set("previous_token", Value::Null);
        }
    }
    state
}

/// Adds a secret in its grace period to a state's `retired`: a token of its own, or under the token's own id one that the server
/// keeps and ends by itself.
#[must_use]
pub fn retire(mut state: Value, id: &str, revoke_at: Option<Timestamp>) -> Value {
    let entry = observe::retired(&Retired {
        id: id.to_owned(),
        revoke_at,
        due: false,
    });
    let mut list: Vec<Value> = entries(&state)
        .filter(|entry| entry.get("id").as_str() != Some(id))
        .cloned()
        .collect();
    list.push(entry);
    if let Some(entries) = state.as_map_mut() {
        entries.insert("retired", Value::List(list));
    }
    state
}

/// The entries, each id once: the first one counts.
pub(crate) fn each_once<'a>(entries: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut list: Vec<Value> = Vec::new();
    for entry in entries {
        if !list.iter().any(|other| other.get("id") == entry.get("id")) {
            list.push(entry.clone());
        }
    }
    list
}

/// Says when retired tokens end that were found on the server (after an import, or a rotation of somebody else): nobody knows since
/// when they are retired, so their grace period begins now. Only for a state that is kept.
#[must_use]
pub fn date_retired(mut state: Value, now: Timestamp) -> Value {
    let Some(grace) = grace(&state) else {
        return state;
    };
    let end = after(now, grace).map(|end| end.to_string());
    let own = state.get("id").clone();
    let list = entries(&state).map(|entry| {
        let mut entry = entry.clone();
        let is_dated = *entry.get("id") == own || !entry.get("revoke_at").is_null();
        if let Some(fields) = entry.as_map_mut().filter(|_| !is_dated) {
            fields.insert("revoke_at", end.clone().into());
        }
        entry
    });
    let list = Value::List(list.collect());
    if let Some(entries) = state.as_map_mut() {
        entries.insert("retired", list);
    }
    state
}

/// The grace period that the state's `rotation` block gives, if that is a length.
fn grace(state: &Value) -> Option<Lifetime> {
    let text = state.get("rotation").get("grace_period").as_str()?;
    match GracePeriod::parse(text).ok()? {
        GracePeriod::Lasts(length) => Some(length).filter(|length| length.seconds() > 0),
        GracePeriod::UntilFirstUse => None,
    }
}

fn after(time: Timestamp, length: Lifetime) -> Option<Timestamp> {
    let seconds = i64::try_from(length.seconds()).ok()?;
    time.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// When the current secret was issued at the latest, where only its end tells: servers round an end down to the day.
fn issued_at_latest(state: &Value) -> Option<Timestamp> {
    let length = Lifetime::parse(state.get("ttl").as_str()?).ok()?;
    let seconds = i64::try_from(length.seconds()).ok()?;
    let day_after =
        SignedDuration::from_hours(24).checked_sub(SignedDuration::from_secs(seconds))?;
    time_at(state, "expires_at")?.checked_add(day_after).ok()
}

/// True if there was a grace period, and is none any more: then what lives by it ends.
pub fn loses_grace(prior: &Value, planned: &Value) -> bool {
    let none = |state: &Value| has_no_grace(state.get("rotation"));
    !planned.get("rotation").is_unknown() && none(planned) && !none(prior)
}

/// Takes a retired token out of a state's `retired`, after its revocation or absence is confirmed.
#[must_use]
pub fn forget(mut state: Value, id: &str) -> Value {
    let list: Vec<Value> = entries(&state)
        .filter(|entry| entry.get("id").as_str() != Some(id))
        .cloned()
        .collect();
    if let Some(entries) = state.as_map_mut() {
        entries.insert("retired", Value::List(list));
    }
    state
}

/// The entries of a state's `retired`.
pub fn entries(state: &Value) -> impl Iterator<Item = &Value> {
    state.get("retired").as_list().unwrap_or_default().iter()
}

/// True if the state holds a secret that was issued to us.
pub(crate) fn holds_secret(state: &Value) -> bool {
    !state.get("token").is_null() || !state.get("encrypted_token").is_null()
}

pub(crate) fn parse_status(value: &Value) -> Status {
    match value.as_str() {
        Some("expiring") => Status::Expiring,
        Some("expired") => Status::Expired,
        Some("revoked") => Status::Revoked,
        Some("disabled") => Status::Disabled,
        _ => Status::Active,
    }
}

fn has_no_grace(rotation: &Value) -> bool {
    match rotation.get("grace_period") {
        Value::Null => true,
        Value::Unknown => false,
        grace => grace
            .as_str()
            .and_then(|text| GracePeriod::parse(text).ok())
            .is_some_and(GracePeriod::is_none),
    }
}

/// A block that gives no grace, which is more than no block.
fn ends_at_once(rotation: &Value) -> bool {
    rotation.as_map().is_some() && has_no_grace(rotation)
}

fn settle_retired(state: &Value, entry: &Value, now: Timestamp) -> Option<Value> {
    let id = entry.get("id").as_str()?;
    let kept_by_server = state.get("id").as_str() == Some(id);
    let said = entry.get("revoke_at").as_str().and_then(timestamp);
    let is_found = said.is_none() && !kept_by_server;
    let revoke_at = said.or_else(|| {
        let length = grace(state).filter(|_| is_found)?;
        after(issued_at_latest(state)?, length)
    });
    // Nothing would have let it live on.
    let without_grace = is_found && ends_at_once(state.get("rotation"));
    let over = without_grace || revoke_at.is_some_and(|at| at <= now);
    if kept_by_server && over {
        return None;
    }
    Some(observe::retired(&Retired {
        id: id.to_owned(),
        revoke_at,
        due: over && !kept_by_server,
    }))
}
