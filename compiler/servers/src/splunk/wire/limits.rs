//! What limits a token's use, in the API's words.

use std::collections::BTreeMap;

use lanyard_compiler::model::access_token::Limits;
use serde::{Deserialize, Serialize};

/// Quotas by category: `1` hosts, `2` containers, `3` custom metrics, `4` high-resolution metrics.
type Quotas = BTreeMap<String, i64>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LimitsWire {
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

/// The limits to send. Two of them end by a zero, says the reference; the others by being left out, as the provider does it.
pub(super) fn limits_fields(
    desired: Option<&Limits>,
    before: Option<&LimitsWire>,
) -> Option<LimitsWire> {
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
    /// `None` if nothing is limited. The provider leaves -1 behind where nothing is meant.
    pub(super) fn limits(self) -> Option<Limits> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_the_vendors_own_tools_leave_behind_limits_nothing() {
        let wire: LimitsWire = serde_json::from_str(
            r#"{"dpmQuota": 1000, "dpmNotificationThreshold": -1, "categoryQuota": null}"#,
        )
        .unwrap();
        let limits = wire.limits().unwrap();
        assert_eq!((limits.dpm, limits.dpm_alert), (Some(1000), None));
    }
}
