//! Model -> state: what a server said becomes a state. Local attributes and what follows from them are null, or their defaults;
//! [`crate::plan::reconcile()`] and [`crate::plan::rotation::settle`] fill them in from the prior state.

use super::access_token::{Alert, OnConflict, Status};
use super::kind::Kind;
use super::record::{AccessTokenRecord, Former, Previous, ServiceAccountRecord, Standing};
use super::service_account::Restriction;
use super::state::{self, Attributes, Retired, State};
use crate::value::Value;

/// The state of a service account as its server describes it.
pub fn service_account(record: &ServiceAccountRecord) -> State {
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
    let attributes = Attributes {
        id: Some(id.clone()),
        name: known_name(name),
        email: email.clone(),
        roles: Some(roles.iter().cloned().collect()),
        disabled: Some(*disabled),
        unrestricted: Some(restriction.is_none()),
        restriction: restriction.as_ref().map(restriction_of),
        created_at: created_at.map(Into::into),
        token: token.clone(),
        on_conflict: Some(OnConflict::default()),
        rotation_due: Some(false),
        ..Attributes::default()
    };
    let others = [
        ("slug", slug.clone().into()),
        ("description", description.clone().into()),
    ];
    State::with(Kind::ServiceAccount, attributes, others)
}

/// The state of an access token as its server describes it.
pub fn access_token(record: &AccessTokenRecord) -> State {
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
        issued_not_before: _,
        generation,
        standing,
        previous,
        retired: before,
        created_at: _,
        last_used_at: _,
        managed_by: _,
        origin: _,
    } = record;
    let attributes = Attributes {
        id: Some(id.clone()),
        name: known_name(name),
        service_account: service_account.clone(),
        roles: roles.as_ref().map(|roles| roles.iter().cloned().collect()),
        scopes: scopes
            .as_ref()
            .map(|scopes| scopes.iter().cloned().collect()),
        expires_at: expires_at.map(Into::into),
        disabled: Some(*disabled),
        token: token.clone(),
        issued_at: issued_at.map(Into::into),
        on_conflict: Some(OnConflict::default()),
        rotation_due: Some(false),
        generation: *generation,
        status: status(*standing, *disabled),
        retired: kept(id, *previous, before.as_deref()),
        ..Attributes::default()
    };
    let alerts = alerts.iter().map(alert_value).collect();
    let others = [
        ("description", description.clone().into()),
        ("visibility", Value::plain(visibility)),
        ("limits", Value::plain(limits)),
        ("alert", Value::List(alerts)),
    ];
    State::with(Kind::AccessToken, attributes, others)
}

/// A name that the server does not know is the configuration's affair.
fn known_name(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// What the server itself keeps alive stands in `retired` under the token's own id, secrets that are tokens of their own under theirs;
/// `None` where it does not say. When the latter are to end, no server knows.
fn kept(id: &str, previous: Previous, before: Option<&[Former]>) -> Option<Vec<Retired>> {
    let kept = |revoke_at: Option<jiff::Timestamp>| Retired::new(id, revoke_at);
    let former = |former: &Former| Retired {
        expires_at: former.expires_at,
        successor_expires_at: former.successor_expires_at,
        ..Retired::new(&former.id, None)
    };
    match previous {
        Previous::Unreported => before.map(|all| all.iter().map(former).collect()),
        Previous::Ended => Some(Vec::new()),
        Previous::Kept {
            expires_at,
            until_first_use: _,
        } => Some(vec![kept(expires_at)]),
    }
}

/// `None` where the server does not say.
fn status(standing: Standing, disabled: bool) -> Option<Status> {
    match standing {
        Standing::Revoked => Some(Status::Revoked),
        Standing::Expired => Some(Status::Expired),
        Standing::Disabled => Some(Status::Disabled),
        Standing::Active | Standing::Unsaid if disabled => Some(Status::Disabled),
        Standing::Active => Some(Status::Active),
        Standing::Unsaid => None,
    }
}

fn restriction_of(restriction: &Restriction) -> state::Restriction {
    let Restriction { permission, labels } = restriction;
    let labels = labels.iter();
    let labels = labels.map(|(key, value)| (key.clone(), value.as_str().into()));
    state::Restriction {
        permission: Some(*permission),
        labels: Some(labels.collect()),
    }
}

/// An `alert` block.
pub(crate) fn alert_value(alert: &Alert) -> Value {
    let mut value = Value::plain(alert);
    let Alert {
        routing_key,
        url,
        secret,
        ..
    } = alert;
    if let Some(entries) = value.as_map_mut() {
        for (name, secret) in [
            ("routing_key", routing_key),
            ("url", url),
            ("secret", secret),
        ] {
            entries.insert(name, secret.clone().into());
        }
    }
    value
}
