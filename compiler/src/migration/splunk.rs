//! `signalfx_org_token`, as the vendor's provider `splunk-terraform/signalfx` writes it in version 9.9: schema version 0, from its
//! published schema (`docs/resources/org_token.md`), with the preview `vnext.org-token` and without. Where nothing is meant, its
//! limits say -1 and its texts are empty.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Origin;
use super::carried::{Carried, Left, Unreadable, access_token, meant, read, required, unknown};
use crate::model::Kind;
use crate::model::access_token::{Alert, Limits};
use crate::model::record::{AccessTokenRecord, Standing};
use crate::secret::Secret;

pub(super) const ORG_TOKEN: Origin = Origin {
    type_name: "signalfx_org_token",
    // The second until the vendor took it over.
    providers: &["splunk-terraform/signalfx", "terraform-providers/signalfx"],
    schema_version: 0,
    kind: Kind::AccessToken,
    carry,
};

#[derive(Deserialize)]
struct Token {
    /// The name.
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    auth_scopes: Option<Vec<String>>,
    disabled: Option<bool>,
    host_or_usage_limits: Option<Vec<UsageLimits>>,
    dpm_limits: Option<Vec<DpmLimits>>,
    notifications: Option<Vec<String>>,
    secret: Option<Secret>,
    /// Unix milliseconds; only with the preview.
    expires_at: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

#[derive(Deserialize)]
struct UsageLimits {
    host_notification_threshold: Option<i64>,
    host_limit: Option<i64>,
    container_notification_threshold: Option<i64>,
    container_limit: Option<i64>,
    custom_metrics_notification_threshold: Option<i64>,
    custom_metrics_limit: Option<i64>,
    high_res_metrics_notification_threshold: Option<i64>,
    high_res_metrics_limit: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

#[derive(Deserialize)]
struct DpmLimits {
    dpm_notification_threshold: Option<i64>,
    dpm_limit: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Json>,
}

fn carry(state: Json) -> Result<Carried, Unreadable> {
    let Token {
        id,
        name,
        description,
        auth_scopes,
        disabled,
        host_or_usage_limits,
        dpm_limits,
        notifications,
        secret,
        expires_at,
        others,
    } = read(state)?;
    let mut left = unknown("", others);
    let mut limits = Limits::default();
    for usage in host_or_usage_limits.into_iter().flatten() {
        usage.add_to(&mut limits, &mut left);
    }
    for dpm in dpm_limits.into_iter().flatten() {
        dpm.add_to(&mut limits, &mut left);
    }
    let mut alerts = Vec::new();
    for (index, notification) in notifications.into_iter().flatten().enumerate() {
        match alert(&notification) {
            Ok(Notified { alert, lost }) => {
                alerts.push(alert);
                left.extend(lost.map(|why| Left::new(format!("notifications[{index}]"), why)));
            }
            Err(why) => left.push(Left::new(format!("notifications[{index}]"), why)),
        }
    }
    let disabled = disabled == Some(true);
    let record = AccessTokenRecord {
        id: required("id", id)?,
        name: required("name", name)?,
        description: meant(description),
        // The vendor's provider knows none: the next read tells which it has.
        roles: None,
        scopes: Some(
            auth_scopes
                .into_iter()
                .flatten()
                .map(|scope| scope.to_lowercase())
                .collect(),
        ),
        expires_at: expires_at
            .filter(|end| *end > 0)
            .and_then(|end| Timestamp::from_second(end.div_euclid(1000)).ok()),
        disabled,
        standing: if disabled {
            Standing::Disabled
        } else {
            Standing::Active
        },
        limits: (limits != Limits::default()).then_some(limits),
        alerts,
        token: secret.filter(|secret| !secret.expose().is_empty()),
        ..AccessTokenRecord::default()
    };
    Ok(Carried {
        state: access_token(&record).write(),
        left,
    })
}

impl UsageLimits {
    fn add_to(self, limits: &mut Limits, left: &mut Vec<Left>) {
        let Self {
            host_notification_threshold,
            host_limit,
            container_notification_threshold,
            container_limit,
            custom_metrics_notification_threshold,
            custom_metrics_limit,
            high_res_metrics_notification_threshold,
            high_res_metrics_limit,
            others,
        } = self;
        limits.hosts = limit(host_limit);
        limits.hosts_alert = limit(host_notification_threshold);
        limits.containers = limit(container_limit);
        limits.containers_alert = limit(container_notification_threshold);
        limits.custom_metrics = limit(custom_metrics_limit);
        limits.custom_metrics_alert = limit(custom_metrics_notification_threshold);
        limits.high_resolution_metrics = limit(high_res_metrics_limit);
        limits.high_resolution_metrics_alert = limit(high_res_metrics_notification_threshold);
        left.extend(unknown("host_or_usage_limits.", others));
    }
}

impl DpmLimits {
    fn add_to(self, limits: &mut Limits, left: &mut Vec<Left>) {
        let Self {
            dpm_notification_threshold,
            dpm_limit,
            others,
        } = self;
        limits.dpm = limit(dpm_limit);
        limits.dpm_alert = limit(dpm_notification_threshold);
        left.extend(unknown("dpm_limits.", others));
    }
}

fn limit(number: Option<i64>) -> Option<i64> {
    number.filter(|number| *number >= 0)
}

/// A receiver, and what of it does not come along.
#[derive(Debug)]
pub(super) struct Notified {
    pub(super) alert: Alert,
    pub(super) lost: Option<&'static str>,
}

/// The vendor's provider writes a receiver as one text, its parts between commas. It may hold a webhook's secret: no answer quotes it.
pub(super) fn alert(notification: &str) -> Result<Notified, &'static str> {
    let (kind, rest) = notification.split_once(',').unwrap_or((notification, ""));
    let parts: Vec<&str> = match kind {
        // An address may have commas.
        "Webhook" => rest.splitn(3, ',').collect(),
        _ => rest.split(',').collect(),
    };
    let part = |index: usize| {
        let text = parts.get(index).map(|part| (*part).trim());
        meant(text.map(str::to_owned))
    };
    let expect = |count: usize| {
        (parts.len() == count)
            .then_some(())
            .ok_or("it has not the parts that its type has")
    };
    let mut lost = None;
    let mut alert = Alert {
        kind: kind.to_owned(),
        ..Alert::default()
    };
    match kind {
        "Email" => {
            if parts.len() != 1 {
                expect(3)?;
                lost = Some(
                    "an alert of Lanyard goes to one address: who gets a copy stays behind, and the next change of the token ends it",
                );
            }
            alert.email = part(0);
        }
        "Team" | "TeamEmail" => {
            expect(1)?;
            alert.team = part(0);
        }
        "Slack" => {
            expect(2)?;
            alert.credential_id = part(0);
            alert.channel = part(1);
        }
        "VictorOps" => {
            expect(2)?;
            alert.credential_id = part(0);
            alert.routing_key = part(1).map(Secret::new);
        }
        "Opsgenie" => {
            expect(4)?;
            alert.credential_id = part(0);
            alert.responder_name = part(1);
            alert.responder_id = part(2);
            alert.responder_type = part(3);
        }
        "Webhook" => {
            expect(3)?;
            alert.credential_id = part(0);
            alert.secret = part(1).map(Secret::new);
            alert.url = part(2).map(Secret::new);
        }
        "AmazonEventBridge" | "BigPanda" | "Jira" | "Office365" | "PagerDuty" | "ServiceNow"
        | "SplunkPlatform" | "XMatters" => {
            expect(1)?;
            alert.credential_id = part(0);
        }
        _ => return Err("its type is not known"),
    }
    Ok(Notified { alert, lost })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::Value;

    #[test]
    fn limits_notifications_and_a_disabled_token_come_along() {
        let state = json!({
            "id": "ci", "name": "ci", "description": "", "auth_scopes": ["INGEST"], "disabled": true, "secret": "s3cr3t",
            "dpm_limits": [],
            "host_or_usage_limits": [{
                "host_limit": 10, "host_notification_threshold": 9, "container_limit": -1,
                "container_notification_threshold": -1, "custom_metrics_limit": 0, "custom_metrics_notification_threshold": -1,
                "high_res_metrics_limit": 7, "high_res_metrics_notification_threshold": -1,
            }],
            "notifications": ["Email,ops@example.com", "Slack,cred,alerts"],
        });
        let Carried { state, left } = carry(state).unwrap();
        assert_eq!(left, []);
        assert_eq!(state.get("token").as_secret(), Some(&Secret::new("s3cr3t")));
        assert_eq!(state.get("scopes"), &Value::set(["ingest".into()]));
        assert_eq!(state.get("description"), &Value::Null);
        assert_eq!(state.get("status").as_str(), Some("disabled"));
        let limits = state.get("limits");
        assert_eq!(limits.get("hosts"), &10.into());
        assert_eq!(limits.get("hosts_alert"), &9.into());
        assert_eq!(limits.get("containers"), &Value::Null);
        assert_eq!(limits.get("custom_metrics"), &0.into());
        let alerts = state.get("alert").as_list().unwrap();
        assert_eq!(alerts[1].get("channel").as_str(), Some("alerts"));
    }

    #[test]
    fn the_previews_end_and_points_per_minute_come_along() {
        let state = json!({
            "id": "ci", "name": "ci", "expires_at": 1_775_001_600_000_i64, "disabled": false,
            "dpm_limits": [{ "dpm_limit": 1000, "dpm_notification_threshold": -1 }],
        });
        let Carried { state, left } = carry(state).unwrap();
        assert_eq!(left, []);
        assert_eq!(
            state.get("expires_at").as_str(),
            Some("2026-04-01T00:00:00Z")
        );
        assert_eq!(state.get("limits").get("dpm"), &1000.into());
        assert_eq!(state.get("limits").get("dpm_alert"), &Value::Null);
        assert_eq!(state.get("token"), &Value::Null);
    }

    #[test]
    fn what_is_not_known_is_named_and_never_shown() {
        let state = json!({
            "id": "ci", "name": "ci", "zone": "eu0",
            "dpm_limits": [{ "dpm_limit": 1000, "burst": 3 }],
            "notifications": ["Email,a@example.com,b@example.com,", "Webhook,hush", "Pigeon,hush"],
        });
        let Carried { left, .. } = carry(state).unwrap();
        let named: Vec<_> = left.iter().map(|left| left.attribute.as_str()).collect();
        assert_eq!(
            named,
            [
                "zone",
                "dpm_limits.burst",
                "notifications[0]",
                "notifications[1]",
                "notifications[2]"
            ]
        );
        assert!(!format!("{left:?}").contains("hush"));
    }

    #[test]
    fn every_kind_of_receiver_is_taken_apart() {
        let parsed = |text: &str| alert(text).unwrap().alert;
        let webhook = parsed("Webhook,,s3cr3t,https://example.com/a,b");
        assert_eq!(webhook.credential_id, None);
        assert_eq!(webhook.secret, Some(Secret::new("s3cr3t")));
        assert_eq!(webhook.url, Some(Secret::new("https://example.com/a,b")));
        assert_eq!(parsed("Team,T1").team.as_deref(), Some("T1"));
        let key = parsed("VictorOps,c,key").routing_key;
        assert_eq!(key, Some(Secret::new("key")));
        let opsgenie = parsed("Opsgenie,c,Shop,r1,Team");
        assert_eq!(opsgenie.responder_type.as_deref(), Some("Team"));
        assert_eq!(parsed("PagerDuty,c").credential_id.as_deref(), Some("c"));
    }
}
