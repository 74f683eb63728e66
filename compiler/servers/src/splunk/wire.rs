//! Splunk's JSON and its conversion. Everything of the model is taken apart without `..`, so that the next attribute stops the
//! build here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::access_token::{Alert, Limits};
use lanyard_compiler::model::record::{AccessTokenRecord, Previous, Standing};
use lanyard_compiler::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::permissions::Permissions;
use crate::record::Issued;

/// `GET /v2/token`; `count` counts all matches, not those of the page.
#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub(super) count: usize,
    pub(super) results: Vec<Token>,
}

/// `GET /v2/organization`, as far as we need it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization {
    pub(super) id: Option<String>,
    pub(super) organization_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    name: String,
    id: Option<String>,
    secret: Option<Secret>,
    description: Option<String>,
    auth_scopes: Option<BTreeSet<String>>,
    roles: Option<Vec<Role>>,
    disabled: Option<bool>,
    permissions: Option<Permissions>,
    limits: Option<LimitsWire>,
    notifications: Option<Vec<Notification>>,
    /// Unix milliseconds, as the times below.
    expiry: Option<i64>,
    latest_rotation: Option<i64>,
    created: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Role {
    title: Option<String>,
}

/// Quotas by category: `1` hosts, `2` containers, `3` custom metrics, `4` high-resolution metrics.
type Quotas = BTreeMap<String, i64>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitsWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    category_quota: Option<Quotas>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category_notification_threshold: Option<Quotas>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dpm_quota: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dpm_notification_threshold: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs_per_minute_limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_searches_per_minute: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtsm_limit: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(rename = "type")]
    kind: String,
    credential_id: Option<String>,
    credential_name: Option<String>,
    email: Option<String>,
    channel: Option<String>,
    team: Option<String>,
    routing_key: Option<String>,
    responder_name: Option<String>,
    responder_id: Option<String>,
    responder_type: Option<String>,
    url: Option<String>,
    secret: Option<Secret>,
}

impl Token {
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.name == name
    }

    /// True if this is the credential.
    pub(super) fn is(&self, credential: &Secret) -> bool {
        self.secret.as_ref() == Some(credential)
    }

    /// True if both are the same token, whatever it is called.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.id.is_some() && self.id == other.id
    }

    pub(super) fn issued(self) -> Issued<AccessToken> {
        let mut record = self.record();
        let secret = record.token.take();
        Issued {
            record,
            secret,
            retired: None,
        }
    }

    pub(super) fn record(self) -> AccessTokenRecord {
        let Self {
            name,
            id: _,
            secret,
            description,
            auth_scopes,
            roles,
            disabled,
            permissions,
            limits,
            notifications,
            expiry,
            latest_rotation,
            created,
        } = self;
        let disabled = disabled.unwrap_or(false);
        let time = |milliseconds: Option<i64>| {
            // The server keeps milliseconds; lengths are given to it in seconds.
            Timestamp::from_second(milliseconds?.div_euclid(1000)).ok()
        };
        let moment = |milliseconds: Option<i64>| Timestamp::from_millisecond(milliseconds?).ok();
        AccessTokenRecord {
            id: name.clone(),
            name,
            service_account: None,
            description: description.filter(|text| !text.is_empty()),
            roles: Some(titles(roles)),
            scopes: Some(
                auth_scopes
                    .into_iter()
                    .flatten()
                    .map(|scope| scope.to_lowercase())
                    .collect(),
            ),
            expires_at: time(expiry),
            disabled,
            visibility: permissions.and_then(|permissions| permissions.visibility()),
            limits: limits.and_then(LimitsWire::limits),
            alerts: notifications
                .into_iter()
                .flatten()
                .map(Into::into)
                .collect(),
            token: secret.filter(|secret| !secret.expose().is_empty()),
            // Two rotations within a second must be told apart.
            issued_at: moment(latest_rotation).or_else(|| moment(created)),
            generation: None,
            standing: if disabled {
                Standing::Disabled
            } else {
                Standing::Active
            },
            previous: Previous::Unreported,
            created_at: time(created),
            last_used_at: None,
            managed_by: None,
            origin: None,
            secret_prefix: None,
        }
    }
}

fn titles(roles: Option<Vec<Role>>) -> BTreeSet<String> {
    roles
        .into_iter()
        .flatten()
        .filter_map(|role| role.title)
        .collect()
}

/// A new token. What the configuration leaves to the server is left out.
pub(super) fn create(desired: &AccessToken, now: Timestamp, organization: &str) -> Json {
    let mut body = fields(desired, None, organization);
    if let Some(scopes) = &desired.scopes {
        body.insert("authScopes".to_owned(), wire_scopes(scopes));
    }
    if let Some(seconds) = seconds_until_expiry(desired, now) {
        body.insert("secondsUntilExpiry".to_owned(), json!(seconds));
    }
    Json::Object(body)
}

/// Every writable field: what a PUT leaves out may be kept or reset, and no source says which. The end is sent only if it moves,
/// since it is a length counted from now.
pub(super) fn update(
    before: &Token,
    current: &AccessToken,
    desired: &AccessToken,
    now: Timestamp,
    organization: &str,
) -> Json {
    let mut body = fields(desired, Some(before), organization);
    if let Some(scopes) = &before.auth_scopes {
        body.insert("authScopes".to_owned(), json!(scopes));
    }
    if desired.expires_at != current.expires_at
        && let Some(end) = desired.expires_at
    {
        body.insert("secondsUntilExpiry".to_owned(), json!(seconds(end, now)));
    }
    Json::Object(body)
}

/// How long a new secret is to last; `None` leaves that to the server.
pub(super) fn seconds_until_expiry(desired: &AccessToken, now: Timestamp) -> Option<i64> {
    match (desired.ttl, desired.expires_at) {
        (Some(ttl), _) => i64::try_from(ttl.seconds()).ok(),
        (None, end) => end.map(|end| seconds(end, now)),
    }
}

/// The server takes no end that is past: the least it takes stands for it.
fn seconds(end: Timestamp, now: Timestamp) -> i64 {
    (end.as_second() - now.as_second()).max(1)
}

fn fields(desired: &AccessToken, before: Option<&Token>, organization: &str) -> Map<String, Json> {
    let AccessToken {
        name,
        service_account: _,
        description,
        roles,
        scopes: _,
        expires_at: _,
        ttl: _,
        disabled,
        on_conflict: _,
        recipient: _,
        rotation: _,
        visibility,
        limits,
        alerts,
    } = desired;
    let mut body = Map::new();
    let mut put = |name: &str, value: Json| {
        body.insert(name.to_owned(), value);
    };
    put("name", json!(name));
    put("disabled", json!(disabled));
    let permitted = before.and_then(|before| before.permissions.as_ref());
    put(
        "permissions",
        json!(Permissions::wanted(
            visibility.as_ref(),
            permitted,
            organization
        )),
    );
    put(
        "notifications",
        alerts.iter().map(notification).collect::<Vec<_>>().into(),
    );
    if description.is_some() || before.is_some() {
        put(
            "description",
            json!(description.as_deref().unwrap_or_default()),
        );
    }
    let left_as_they_are = before.map(|before| titles(before.roles.clone()));
    if let Some(roles) = roles.as_ref().or(left_as_they_are.as_ref()) {
        let roles: Vec<_> = roles
            .iter()
            .map(|title| json!({ "title": title }))
            .collect();
        put("roles", roles.into());
    }
    let limits_before = before.and_then(|before| before.limits.as_ref());
    if let Some(limits) = limits_fields(limits.as_ref(), limits_before) {
        put("limits", json!(limits));
    }
    body
}

fn wire_scopes(scopes: &BTreeSet<String>) -> Json {
    scopes
        .iter()
        .map(|scope| scope.to_uppercase())
        .collect::<Vec<_>>()
        .into()
}

/// The limits to send. Two of them end by a zero, says the reference; the others by being left out, as the vendor's own tools do it.
fn limits_fields(desired: Option<&Limits>, before: Option<&LimitsWire>) -> Option<LimitsWire> {
    let mut wire = desired.map(LimitsWire::from).unwrap_or_default();
    let ended = |was: Option<i64>| was.filter(|limit| *limit > 0).map(|_| 0);
    if let Some(before) = before {
        wire.jobs_per_minute_limit = wire
            .jobs_per_minute_limit
            .or_else(|| ended(before.jobs_per_minute_limit));
        wire.event_searches_per_minute = wire
            .event_searches_per_minute
            .or_else(|| ended(before.event_searches_per_minute));
    }
    (desired.is_some() || wire != LimitsWire::default()).then_some(wire)
}

impl LimitsWire {
    /// `None` if nothing is limited. The vendor's own tools leave -1 behind where nothing is meant.
    fn limits(self) -> Option<Limits> {
        let Self {
            category_quota,
            category_notification_threshold,
            dpm_quota,
            dpm_notification_threshold,
            jobs_per_minute_limit,
            event_searches_per_minute,
            mtsm_limit,
        } = self;
        let meant = |limit: Option<i64>| limit.filter(|limit| *limit >= 0);
        let limited = |limit: Option<i64>| limit.filter(|limit| *limit > 0);
        let quotas = category_quota.unwrap_or_default();
        let thresholds = category_notification_threshold.unwrap_or_default();
        let quota = |category| meant(quotas.get(category).copied());
        let threshold = |category| meant(thresholds.get(category).copied());
        let limits = Limits {
            hosts: quota("1"),
            hosts_alert: threshold("1"),
            containers: quota("2"),
            containers_alert: threshold("2"),
            custom_metrics: quota("3"),
            custom_metrics_alert: threshold("3"),
            high_resolution_metrics: quota("4"),
            high_resolution_metrics_alert: threshold("4"),
            dpm: meant(dpm_quota),
            dpm_alert: meant(dpm_notification_threshold),
            job_starts_per_minute: limited(jobs_per_minute_limit),
            event_searches_per_minute: limited(event_searches_per_minute),
            metric_time_series_per_minute: meant(mtsm_limit),
        };
        (limits != Limits::default()).then_some(limits)
    }
}

impl From<&Limits> for LimitsWire {
    fn from(limits: &Limits) -> Self {
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
        } = limits;
        let by_category = |limits: [&Option<i64>; 4]| {
            let quotas: Quotas = (1..)
                .zip(limits)
                .filter_map(|(category, limit): (u8, _)| Some((category.to_string(), (*limit)?)))
                .collect();
            (!quotas.is_empty()).then_some(quotas)
        };
        Self {
            category_quota: by_category([
                hosts,
                containers,
                custom_metrics,
                high_resolution_metrics,
            ]),
            category_notification_threshold: by_category([
                hosts_alert,
                containers_alert,
                custom_metrics_alert,
                high_resolution_metrics_alert,
            ]),
            dpm_quota: *dpm,
            dpm_notification_threshold: *dpm_alert,
            jobs_per_minute_limit: *job_starts_per_minute,
            event_searches_per_minute: *event_searches_per_minute,
            mtsm_limit: *metric_time_series_per_minute,
        }
    }
}

impl From<Notification> for Alert {
    fn from(notification: Notification) -> Self {
        let Notification {
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
        } = notification;
        Self {
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
        }
    }
}

fn notification(alert: &Alert) -> Json {
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
    let texts = [
        ("credentialId", credential_id),
        ("credentialName", credential_name),
        ("email", email),
        ("channel", channel),
        ("team", team),
        ("routingKey", routing_key),
        ("responderName", responder_name),
        ("responderId", responder_id),
        ("responderType", responder_type),
        ("url", url),
    ];
    let mut wire = Map::new();
    wire.insert("type".to_owned(), json!(kind));
    for (name, text) in texts {
        if let Some(text) = text {
            wire.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(secret) = secret {
        wire.insert("secret".to_owned(), json!(secret.expose()));
    }
    Json::Object(wire)
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::{Kind, Lifetime, decode, facts};
    use lanyard_compiler::value::Value;

    use super::*;

    const ANSWER: &str = r#"{"name": "ci/ingest", "id": "ABC123", "secret": "s3cr3t", "authScopes": ["INGEST"], "description": "CI",
        "disabled": false, "created": 1767225600000, "lastUpdated": 1767225600000, "latestRotation": 1767225600000,
        "expiry": 1775001600000, "creator": "U1", "lastUpdatedBy": "U1", "exceedingLimits": false, "orgId": "O1",
        "permissions": {"acl": [{"principalId": "TEAMID1", "principalType": "TEAM", "actions": ["READ"]}], "parent": null},
        "limits": {"categoryQuota": {"3": 1000}, "categoryNotificationThreshold": {"3": 900}},
        "notifications": [{"type": "Email", "email": "ops@example.com"}]}"#;

    fn token() -> Token {
        serde_json::from_str(ANSWER).unwrap()
    }

    fn desired() -> AccessToken {
        let Token { .. } = token();
        let record = token().record();
        AccessToken {
            name: record.name,
            description: record.description,
            scopes: record.scopes,
            ttl: Some(Lifetime::from_seconds(7_776_000)),
            visibility: record.visibility,
            limits: record.limits,
            alerts: record.alerts,
            ..empty()
        }
    }

    fn empty() -> AccessToken {
        let mut config = facts::schema(Kind::AccessToken).body.empty();
        config.insert("name".to_owned(), "ci/ingest".into());
        decode::access_token(&Value::Map(config)).unwrap()
    }

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_references_answer_becomes_a_record() {
        let record = token().record();
        assert_eq!(
            (record.id.as_str(), record.name.as_str()),
            ("ci/ingest", "ci/ingest")
        );
        assert_eq!(record.scopes, Some(BTreeSet::from(["ingest".to_owned()])));
        assert_eq!(
            record.expires_at,
            Some("2026-04-01T00:00:00Z".parse().unwrap())
        );
        assert_eq!(record.issued_at, Some(now()));
        assert_eq!(record.token, Some(Secret::new("s3cr3t")));
        let limits = record.limits.unwrap();
        assert_eq!(
            (limits.custom_metrics, limits.custom_metrics_alert),
            (Some(1000), Some(900))
        );
        assert_eq!(record.alerts[0].email.as_deref(), Some("ops@example.com"));
    }

    #[test]
    fn a_creation_is_the_references_request() {
        let expected = json!({"name": "ci/ingest", "description": "CI", "authScopes": ["INGEST"], "secondsUntilExpiry": 7_776_000,
            "permissions": {"acl": [{"principalId": "TEAMID1", "principalType": "TEAM", "actions": ["READ"]}]},
            "limits": {"categoryQuota": {"3": 1000}, "categoryNotificationThreshold": {"3": 900}},
            "disabled": false,
            "notifications": [{"type": "Email", "email": "ops@example.com"}]});
        assert_eq!(create(&desired(), now(), ""), expected);
    }

    #[test]
    fn an_update_sends_every_field_and_the_end_only_if_it_moves() {
        let current = AccessToken {
            expires_at: token().record().expires_at,
            ..empty()
        };
        let body = update(&token(), &current, &current, now(), "");
        let expected = json!({"name": "ci/ingest", "description": "", "authScopes": ["INGEST"], "disabled": false,
            "roles": [], "permissions": null, "notifications": []});
        assert_eq!(body, expected);
        let later = AccessToken {
            expires_at: Some("2026-01-01T01:00:00Z".parse().unwrap()),
            ..current.clone()
        };
        let body = update(&token(), &current, &later, now(), "");
        assert_eq!(body["secondsUntilExpiry"], json!(3600));
    }

    #[test]
    fn limits_end_as_the_reference_says() {
        let before = LimitsWire {
            jobs_per_minute_limit: Some(5),
            dpm_quota: Some(7),
            ..LimitsWire::default()
        };
        let ended = limits_fields(None, Some(&before)).unwrap();
        assert_eq!(
            ended,
            LimitsWire {
                jobs_per_minute_limit: Some(0),
                ..LimitsWire::default()
            }
        );
        assert_eq!(limits_fields(None, None), None);
    }

    #[test]
    fn what_the_vendors_own_tools_leave_behind_means_nothing() {
        let wire: LimitsWire = serde_json::from_str(
            r#"{"dpmQuota": 1000, "dpmNotificationThreshold": -1, "categoryQuota": null}"#,
        )
        .unwrap();
        let limits = wire.limits().unwrap();
        assert_eq!((limits.dpm, limits.dpm_alert), (Some(1000), None));
        let token: Token = serde_json::from_str(r#"{"name": "bare"}"#).unwrap();
        let record = token.record();
        assert_eq!(
            (record.token, record.limits, record.visibility),
            (None, None, None)
        );
    }
}
