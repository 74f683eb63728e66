//! When a token ends: what the configuration says of it, over what is stored.

use jiff::{SignedDuration, Timestamp};

use super::meaning::{same, time_at};
use crate::model::lifetime::Lifetime;
use crate::model::schema::Format;
use crate::model::server::{Change, ExpiryCapability, ResourceCapabilities};
use crate::value::Value;

/// Two ends this close are the same: servers that are told a length instead of a time start counting a little later.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// What moving the end costs on this server.
pub(crate) fn change(capabilities: Option<&ResourceCapabilities>) -> Change {
    match capabilities.map(|capabilities| capabilities.expiry) {
        Some(ExpiryCapability::Supported { change, .. }) => change,
        Some(ExpiryCapability::Never { .. }) | None => Change::InPlace,
    }
}

/// The end of a new token.
pub(crate) fn of_new(capabilities: Option<&ResourceCapabilities>, config: &Value) -> Value {
    match (config.get("expires_at"), config.get("ttl")) {
        (Value::Null, Value::Null) if has_no_default(capabilities) => Value::Null,
        (Value::Null, _) => Value::Unknown,
        (configured, _) => configured.clone(),
    }
}

/// The end of a secret that the next rotation issues.
pub(crate) fn of_rotated(
    capabilities: Option<&ResourceCapabilities>,
    config: &Value,
    prior: &Value,
) -> Value {
    let (configured, before) = (config.get("expires_at"), prior.get("expires_at"));
    if !configured.is_null() && !before.is_null() && same(Format::Timestamp, configured, before) {
        return before.clone();
    }
    of_new(capabilities, config)
}

/// The end of the secret that exists, after an update that does not rotate.
pub(crate) fn of_existing(
    capabilities: Option<&ResourceCapabilities>,
    config: &Value,
    prior: &Value,
) -> Value {
    let before = prior.get("expires_at");
    match (config.get("expires_at"), config.get("ttl")) {
        (Value::Null, Value::Null) if has_no_default(capabilities) => Value::Null,
        (Value::Null, Value::Null) => before.clone(),
        (Value::Null, Value::Unknown) => Value::Unknown,
        // It works for nobody. When it is enabled, its end is decided.
        (Value::Null, _) if config.get("disabled").as_bool() == Some(true) => before.clone(),
        (Value::Null, ttl) => of_existing_ttl(capabilities, ttl, prior),
        (configured, _) if !before.is_null() && same(Format::Timestamp, configured, before) => {
            before.clone()
        }
        // To a server that keeps days, two times of one day are one end.
        (configured, _) if whole_days(capabilities) && same_day(configured, before) => {
            before.clone()
        }
        (configured, _) => configured.clone(),
    }
}

fn whole_days(capabilities: Option<&ResourceCapabilities>) -> bool {
    matches!(
        capabilities.map(|capabilities| capabilities.expiry),
        Some(ExpiryCapability::Supported {
            whole_days: true,
            ..
        })
    )
}

fn same_day(left: &Value, right: &Value) -> bool {
    let day = |value: &Value| value.as_str().and_then(super::meaning::timestamp).map(day);
    day(left).is_some() && day(left) == day(right)
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(24 * 60 * 60)
}

fn of_existing_ttl(
    capabilities: Option<&ResourceCapabilities>,
    ttl: &Value,
    prior: &Value,
) -> Value {
    let before = prior.get("expires_at");
    let unchanged = same(Format::Lifetime, ttl, prior.get("ttl"));
    let whole_days = whole_days(capabilities);
    // Where the end cannot move in place, the secret that exists keeps the end that it has.
    if unchanged && (whole_days || change(capabilities) != Change::InPlace) {
        return before.clone();
    }
    let wanted = ttl
        .as_str()
        .and_then(|text| Lifetime::parse(text).ok())
        .and_then(|ttl| i64::try_from(ttl.seconds()).ok())
        .zip(time_at(prior, "issued_at"))
        .and_then(|(seconds, issued)| issued.checked_add(SignedDuration::from_secs(seconds)).ok());
    match (wanted, time_at(prior, "expires_at")) {
        (Some(wanted), Some(end)) if end.duration_since(wanted).abs() <= TOLERANCE => {
            before.clone()
        }
        (Some(wanted), Some(end)) if whole_days && day(wanted) == day(end) => before.clone(),
        (Some(wanted), _) if !whole_days => wanted.to_string().into(),
        _ if unchanged => before.clone(),
        _ => Value::Unknown,
    }
}

/// True if a rotation now would give the secret another end than it has; if not, rotating because of the end is pointless.
pub(crate) fn rotation_moves_the_end(
    capabilities: Option<&ResourceCapabilities>,
    config: &Value,
    prior: &Value,
) -> bool {
    let after = of_rotated(capabilities, config, prior);
    after.is_unknown() || !same(Format::Timestamp, &after, prior.get("expires_at"))
}

/// True if both are the same end as far as servers keep it: within a minute, or the day that a server rounded down to.
pub(crate) fn same_end(wanted: &Value, observed: &Value) -> bool {
    let time = |value: &Value| value.as_str().and_then(super::meaning::timestamp);
    let (Some(wanted), Some(observed)) = (time(wanted), time(observed)) else {
        return wanted == observed;
    };
    let day = SignedDuration::from_hours(24);
    let at_midnight = observed.as_second().rem_euclid(day.as_secs()) == 0;
    let later = wanted.duration_since(observed);
    later.abs() <= TOLERANCE || at_midnight && !later.is_negative() && later < day
}

fn has_no_default(capabilities: Option<&ResourceCapabilities>) -> bool {
    match capabilities.map(|capabilities| capabilities.expiry) {
        Some(ExpiryCapability::Supported { has_default, .. }) => !has_default,
        Some(ExpiryCapability::Never { .. }) => true,
        None => false,
    }
}
