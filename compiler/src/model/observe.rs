//! Model -> value: what a server said becomes a state of the schema's shape. Local attributes and what follows from them are
//! null, or their defaults; [`crate::plan::reconcile()`] and [`crate::plan::rotation::settle`] fill them in from the prior state.

use std::collections::{BTreeMap, BTreeSet};

use super::access_token::{Alert, Limits, Retired, Rotation, Status, Visibility, VisibilityLevel};
use super::facts;
use super::kind::Kind;
use super::lifetime::{GracePeriod, Lifetime};
use super::record::{AccessTokenRecord, Previous, ServiceAccountRecord, Standing};
use super::service_account::Restriction;
use crate::value::Value;

/// The state of a service account as its server describes it.
pub fn service_account(record: &ServiceAccountRecord) -> Value {
    let ServiceAccountRecord {
        id,
        name,
        slug,
        email,
        description,
        roles,
        disabled,
        restriction,
        created_at,
        token,
        secret_prefix: _,
        last_used_at: _,
        managed_by: _,
        origin: _,
    } = record;
    complete(
        Kind::ServiceAccount,
        [
            ("id", id.as_str().into()),
            ("name", name_value(name)),
            ("slug", text(slug.as_ref())),
            ("email", text(email.as_ref())),
            ("description", text(description.as_ref())),
            ("roles", texts(roles)),
            ("disabled", (*disabled).into()),
            ("unrestricted", restriction.is_none().into()),
            (
                "restriction",
                restriction.as_ref().map_or(Value::Null, restriction_value),
            ),
            ("created_at", text(created_at.as_ref())),
            ("token", token.clone().into()),
            ("rotation_due", false.into()),
        ],
    )
}

/// The state of an access token as its server describes it.
pub fn access_token(record: &AccessTokenRecord) -> Value {
    let AccessTokenRecord {
        id,
        name,
        service_account,
        description,
        roles,
        scopes,
        expires_at,
        disabled,
        visibility,
        limits,
        alerts,
        token,
        secret_prefix: _,
        issued_at,
        generation,
        standing,
        previous,
        retired: before,
        created_at: _,
        last_used_at: _,
        managed_by: _,
        origin: _,
    } = record;
    complete(
        Kind::AccessToken,
        [
            ("id", id.as_str().into()),
            ("name", name_value(name)),
            ("service_account", text(service_account.as_ref())),
            ("description", text(description.as_ref())),
            ("roles", roles.as_ref().map_or(Value::Null, texts)),
            ("scopes", scopes.as_ref().map_or(Value::Null, texts)),
            ("expires_at", text(expires_at.as_ref())),
            ("disabled", (*disabled).into()),
            (
                "visibility",
                visibility.as_ref().map_or(Value::Null, visibility_value),
            ),
            ("limits", limits.as_ref().map_or(Value::Null, limits_value)),
            (
                "alert",
                Value::List(alerts.iter().map(alert_value).collect()),
            ),
            ("token", token.clone().into()),
            ("issued_at", text(issued_at.as_ref())),
            ("rotation_due", false.into()),
            ("generation", (*generation).into()),
            ("status", status(*standing, *disabled)),
            ("retired", kept(id, *previous, before.as_deref())),
        ],
    )
}

/// A name that the server does not know is the configuration's affair.
fn name_value(name: &str) -> Value {
    if name.is_empty() {
        Value::Null
    } else {
        name.into()
    }
}

/// What the server itself keeps alive stands in `retired` under the token's own id, secrets that are tokens of their own under theirs;
/// null where it does not say. When the latter are to end, no server knows.
fn kept(id: &str, previous: Previous, before: Option<&str>) -> Value {
    match previous {
        Previous::Unreported => before.map_or(Value::Null, |id| {
            Value::List(vec![retired(&Retired {
                id: id.to_owned(),
                revoke_at: None,
                due: false,
            })])
        }),
        Previous::Ended => Value::List(Vec::new()),
        Previous::Kept {
            expires_at,
            until_first_use: _,
        } => {
            let id = id.to_owned();
            Value::List(vec![retired(&Retired {
                id,
                revoke_at: expires_at,
                due: false,
            })])
        }
    }
}

/// A retired token as an element of `retired`.
pub fn retired(retired: &Retired) -> Value {
    let Retired { id, revoke_at, due } = retired;
    Value::map([
        ("id", id.as_str().into()),
        ("revoke_at", text(revoke_at.as_ref())),
        ("due", (*due).into()),
    ])
}

/// A `rotation` block.
pub fn rotation(rotation: &Rotation) -> Value {
    let Rotation {
        before_expiry,
        grace_period,
        triggers,
        jitter,
    } = rotation;
    Value::map([
        ("before_expiry", text(before_expiry.as_ref())),
        ("grace_period", text::<GracePeriod>(grace_period.as_ref())),
        ("triggers", text_map(triggers)),
        ("jitter", text::<Lifetime>(jitter.as_ref())),
    ])
}

/// How a status is spelled.
pub fn status_value(status: Status) -> Value {
    match status {
        Status::Active => "active",
        Status::Expiring => "expiring",
        Status::Expired => "expired",
        Status::Revoked => "revoked",
        Status::Disabled => "disabled",
    }
    .into()
}

/// Null where the server does not say.
fn status(standing: Standing, disabled: bool) -> Value {
    status_value(match standing {
        Standing::Revoked => Status::Revoked,
        Standing::Expired => Status::Expired,
        Standing::Disabled => Status::Disabled,
        Standing::Active | Standing::Unsaid if disabled => Status::Disabled,
        Standing::Active => Status::Active,
        Standing::Unsaid => return Value::Null,
    })
}

fn restriction_value(restriction: &Restriction) -> Value {
    let Restriction { permission, labels } = restriction;
    Value::map([
        ("permission", permission.name().into()),
        ("labels", text_map(labels)),
    ])
}

fn visibility_value(visibility: &Visibility) -> Value {
    let Visibility {
        level,
        users,
        teams,
    } = visibility;
    let level = match level {
        VisibilityLevel::Admins => "admins",
        VisibilityLevel::Selected => "selected",
        VisibilityLevel::Everyone => "everyone",
    };
    Value::map([
        ("level", level.into()),
        ("users", texts(users)),
        ("teams", texts(teams)),
    ])
}

fn limits_value(limits: &Limits) -> Value {
    let Limits {
        hosts,
        hosts_alert,
        containers,
        containers_alert,
        custom_metrics,
        custom_metrics_alert,
        high_resolution_metrics,
        high_resolution_metrics_alert,
        dpm,
        dpm_alert,
        job_starts_per_minute,
        event_searches_per_minute,
        metric_time_series_per_minute,
    } = *limits;
    Value::map([
        ("hosts", hosts.into()),
        ("hosts_alert", hosts_alert.into()),
        ("containers", containers.into()),
        ("containers_alert", containers_alert.into()),
        ("custom_metrics", custom_metrics.into()),
        ("custom_metrics_alert", custom_metrics_alert.into()),
        ("high_resolution_metrics", high_resolution_metrics.into()),
        (
            "high_resolution_metrics_alert",
            high_resolution_metrics_alert.into(),
        ),
        ("dpm", dpm.into()),
        ("dpm_alert", dpm_alert.into()),
        ("job_starts_per_minute", job_starts_per_minute.into()),
        (
            "event_searches_per_minute",
            event_searches_per_minute.into(),
        ),
        (
            "metric_time_series_per_minute",
            Value::from(metric_time_series_per_minute),
        ),
    ])
}

/// An `alert` block.
pub(crate) fn alert_value(alert: &Alert) -> Value {
    let Alert {
        kind,
        credential_id,
        credential_name,
        email,
        channel,
        team,
        routing_key,
        responder_name,
        responder_id,
        responder_type,
        url,
        secret,
    } = alert;
    Value::map([
        ("type", kind.as_str().into()),
        ("credential_id", text(credential_id.as_ref())),
        ("credential_name", text(credential_name.as_ref())),
        ("email", text(email.as_ref())),
        ("channel", text(channel.as_ref())),
        ("team", text(team.as_ref())),
        ("routing_key", text(routing_key.as_ref())),
        ("responder_name", text(responder_name.as_ref())),
        ("responder_id", text(responder_id.as_ref())),
        ("responder_type", text(responder_type.as_ref())),
        ("url", text(url.as_ref())),
        ("secret", secret.clone().into()),
    ])
}

/// Adds what the schema has beyond these entries: defaults, absent attributes and blocks.
fn complete<const N: usize>(kind: Kind, entries: [(&str, Value); N]) -> Value {
    let body = &facts::schema(kind).body;
    let mut state = body.empty();
    for (name, value) in entries {
        debug_assert!(state.contains_key(name), "{kind} has no {name}");
        state.insert(name, value);
    }
    Value::Map(state)
}

fn text<T: ToString>(value: Option<&T>) -> Value {
    value.map(ToString::to_string).into()
}

fn texts(values: &BTreeSet<String>) -> Value {
    Value::set(values.iter().map(|value| value.as_str().into()))
}

fn text_map(values: &BTreeMap<String, String>) -> Value {
    Value::map(
        values
            .iter()
            .map(|(key, value)| (key.clone(), value.as_str().into())),
    )
}
