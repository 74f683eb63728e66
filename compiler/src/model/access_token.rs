//! An access token: a secret with a name, power and an end.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lifetime::{GracePeriod, Lifetime};
use super::words::words;
use crate::secret::Secret;

/// A secret that a machine authenticates with, its power, its lifetime and how it is rotated.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct AccessToken {
    /// Name of the token, unique on its server or within its service account.
    pub name: String,

    /// `id` of the service account that the token belongs to. Required or refused as the server demands.
    pub service_account: Option<String>,

    /// What the token is for, for people.
    pub description: Option<String>,

    /// Roles of the service account that the token carries; left out, all that the account has when the token is created.
    #[schemars(extend("x-computed" = true))]
    pub roles: Option<BTreeSet<String>>,

    /// What the token may be used for, in the server's own words.
    #[schemars(extend("x-computed" = true))]
    pub scopes: Option<BTreeSet<String>>,

    /// When the token ends, RFC 3339. Give this or `ttl`, or neither for the server's default.
    #[schemars(with = "Option<String>", extend("format" = "date-time", "x-computed" = true))]
    pub expires_at: Option<jiff::Timestamp>,

    /// How long each secret of this token lasts from the moment it is issued, for example `"90d"`.
    pub ttl: Option<Lifetime>,

    /// Refuses the token while true, without deleting it.
    #[serde(default)]
    #[schemars(extend("x-computed" = true))]
    pub disabled: bool,

    /// What to do when the server already has a token of this name: `error` stops and says how to go on, `adopt` takes it over and
    /// issues a new secret for it, `replace` revokes it and creates it anew.
    #[serde(default)]
    #[schemars(extend("x-local" = true, "x-computed" = true))]
    pub on_conflict: OnConflict,

    /// An age public key (`age1…`; of hardware also `age1tag1…` and `age1tagpq1…`). Then `token` stays null, and `encrypted_token` holds the secret, readable only by the owner of
    /// the key: no clear secret enters the state.
    #[schemars(extend("x-local" = true))]
    pub recipient: Option<String>,

    /// Replaces the secret in place, before it ends or on demand.
    #[schemars(extend("x-local" = true))]
    pub rotation: Option<Rotation>,

    /// Who may see the token on its server.
    pub visibility: Option<Visibility>,

    /// How much may be sent with the token, and from which use on somebody is told.
    pub limits: Option<Limits>,

    /// Who is told when a limit is near.
    #[serde(default, rename = "alert")]
    pub alerts: Vec<Alert>,
}

/// When and how a secret is replaced. Rotation happens when somebody applies: schedule an apply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Rotate when less than this is left before the end, for example `"14d"`.
    pub before_expiry: Option<Lifetime>,

    /// Rotate when the secret is this old, for example `"60d"`, also where it never ends; in place of `before_expiry`. It counts from
    /// `issued_at`: where that is not known, the plan warns, and the next new secret begins the count.
    pub every: Option<Lifetime>,

    /// How long the old secret stays valid after a rotation: a duration, `"0s"` for not at all, or `"until_first_use"` of the new one.
    pub grace_period: Option<GracePeriod>,

    /// Rotate when a value changes under a key that stood before and stands after. Adding or removing keys, or the whole map, never rotates.
    #[serde(default)]
    pub triggers: BTreeMap<String, String>,

    /// Moves the rotation earlier by up to this much, by a stable hash of the token's `id`, so that a fleet does not rotate at once.
    pub jitter: Option<Lifetime>,

    /// Issue a new secret when this is imported without the one that it has: in the apply that imports it, or in the one that adds this.
    /// What the state holds the secret of is left alone. `lanyard apply`, which keeps no state, has `--rotate` instead.
    pub after_import: Option<bool>,
}

words! {
    /// What to do when the name is taken.
    #[derive(Default)]
    pub enum OnConflict {
        #[default]
        Error = "error",
        Adopt = "adopt",
        Replace = "replace",
    }
}

/// Who may see a token on its server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visibility {
    /// Administrators only, the users and teams named here as well, or everyone.
    pub level: VisibilityLevel,

    /// Ids of users who may see the token; only with `level = "selected"`.
    #[serde(default)]
    pub users: BTreeSet<String>,

    /// Ids of teams whose members may see the token; only with `level = "selected"`.
    #[serde(default)]
    pub teams: BTreeSet<String>,
}

words! {
    pub enum VisibilityLevel {
        Admins = "admins",
        Selected = "selected",
        Everyone = "everyone",
    }
}

/// How much may be sent with a token; each limit has an alert threshold beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Number of hosts.
    pub hosts: Option<i64>,
    /// Alert from this number of hosts on.
    pub hosts_alert: Option<i64>,
    /// Number of containers.
    pub containers: Option<i64>,
    /// Alert from this number of containers on.
    pub containers_alert: Option<i64>,
    /// Number of custom metrics.
    pub custom_metrics: Option<i64>,
    /// Alert from this number of custom metrics on.
    pub custom_metrics_alert: Option<i64>,
    /// Number of high-resolution metrics.
    pub high_resolution_metrics: Option<i64>,
    /// Alert from this number of high-resolution metrics on.
    pub high_resolution_metrics_alert: Option<i64>,
    /// Data points per minute.
    pub dpm: Option<i64>,
    /// Alert from this number of data points per minute on.
    pub dpm_alert: Option<i64>,
    /// Analytics jobs started per minute.
    pub job_starts_per_minute: Option<i64>,
    /// Event searches per minute.
    pub event_searches_per_minute: Option<i64>,
    /// New metric time series per minute.
    pub metric_time_series_per_minute: Option<i64>,
}

/// One receiver of alerts about limits. Which of the attributes count depends on `type`. What is secret about it may be left out: of a
/// receiver that is the same in all else, it stays as the server has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Kind of receiver, for example `Email`, `Slack`, `PagerDuty`, `Team`, `Webhook`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Id of the integration's credential on the server.
    pub credential_id: Option<String>,
    /// Name of the integration's credential (Opsgenie).
    pub credential_name: Option<String>,
    /// Address, for `Email`.
    pub email: Option<String>,
    /// Channel without `#`, for `Slack`.
    pub channel: Option<String>,
    /// Team id, for `Team` and `TeamEmail`.
    pub team: Option<String>,
    /// Routing key, for `VictorOps`; left out, the one that the server has stays.
    #[schemars(extend("x-sensitive" = true, "x-computed" = true))]
    pub routing_key: Option<Secret>,
    /// Responder's name, for `Opsgenie`.
    pub responder_name: Option<String>,
    /// Responder's id, for `Opsgenie`.
    pub responder_id: Option<String>,
    /// Responder's type, for `Opsgenie`.
    pub responder_type: Option<String>,
    /// Address called, for `Webhook`; left out, the one that the server has stays.
    #[schemars(extend("x-sensitive" = true, "x-computed" = true))]
    pub url: Option<Secret>,
    /// Shared secret of the webhook; left out, the one that the server has stays, and `""` is none.
    #[schemars(extend("x-sensitive" = true, "x-computed" = true))]
    pub secret: Option<Secret>,
}

/// What the server, or Lanyard, says of an access token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct AccessTokenComputed {
    /// Identifies the token on its server; import by it.
    pub id: String,

    /// The secret. Null after an import, where the server cannot show it, and where a `recipient` is given.
    #[schemars(extend("x-sensitive" = true))]
    pub token: Option<Secret>,

    /// The secret encrypted for `recipient`, as an armored age file; otherwise null.
    pub encrypted_token: Option<String>,

    /// When the current secret was issued, RFC 3339.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub issued_at: Option<jiff::Timestamp>,

    /// From when on the secret is due for rotation, RFC 3339; null if nothing makes it so.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub rotate_at: Option<jiff::Timestamp>,

    /// True if the secret should be replaced by the next apply; of a token that is disabled, by the apply that enables it. Decided when
    /// the state is read, never while planning.
    pub rotation_due: bool,

    /// Why the secret was last rotated, or is about to be.
    pub rotation_reason: Option<String>,

    /// Counts the secrets of this token, starting with 1. Where the server shows its secret (Splunk, OpenObserve's ingestion tokens), one that
    /// a refresh takes over because somebody else issued it counts too.
    pub generation: i64,

    /// Whether the secret works: `active`, `expiring` (due for rotation), `expired`, `revoked` or `disabled`.
    pub status: Status,

    /// The secret before the last rotation, during its grace period.
    #[schemars(extend("x-sensitive" = true))]
    pub previous_token: Option<Secret>,

    /// Secrets that a rotation retired, until their grace period is over: tokens of their own where rotation issues a second token,
    /// otherwise the token itself, whose server keeps the old secret alive.
    pub retired: Vec<Retired>,
}

words! {
    pub enum Status {
        Active = "active",
        Expiring = "expiring",
        Expired = "expired",
        Revoked = "revoked",
        Disabled = "disabled",
    }
}

impl Status {
    /// True if the secret does not work any more, and only another one will.
    pub fn is_dead(self) -> bool {
        match self {
            Self::Expired | Self::Revoked => true,
            Self::Active | Self::Expiring | Self::Disabled => false,
        }
    }
}

/// A retired token in its grace period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Retired {
    /// Identifies the retired token on its server.
    pub id: String,
    /// When it is to end, RFC 3339; null if its first use after the rotation of the new one decides.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub revoke_at: Option<jiff::Timestamp>,
    /// True if its grace period was over when the state was read: the next apply revokes it.
    pub due: bool,
}
