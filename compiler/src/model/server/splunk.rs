//! What Splunk Observability can do: tokens of an organization, with scopes, limits and a rotation of the server's own.

use super::{
    Api, AttributeCapability as Attribute, Capabilities, DefaultEnd, DeleteCapability,
    ExpiryCapability, Limit, Naming, Recovery, ResourceCapabilities, RotationCapability,
    UpdateCapability,
};
use crate::model::lifetime::Lifetime;

const NAME: &[Limit] = &[
    Limit::Length { min: 1, max: 256 },
    Limit::Pattern {
        // The name stands in the address of each request about the token.
        fits: |name| !matches!(name, "." | ".."),
        description: "neither `.` nor `..`",
    },
];
/// Where there is none, the server takes others: no scopes are api and ingest, no roles are power.
const SOME: Limit = Limit::Count {
    min: 1,
    max: usize::MAX,
};
const SCOPES: &[Limit] = &[
    SOME,
    Limit::Each {
        fits: is_scope,
        description: "`api`, `ingest` or `rum`",
    },
    Limit::Alone("rum"),
];
const COUNT: &[Limit] = &[Limit::Range {
    min: 0,
    max: i64::MAX,
}];
const DPM: &[Limit] = &[
    Limit::Range {
        min: 0,
        max: 2_147_483_647,
    },
    Limit::Excludes(&[
        "limits.hosts",
        "limits.containers",
        "limits.custom_metrics",
        "limits.high_resolution_metrics",
    ]),
];

/// Tokens belong to the organization; everything but the scopes changes in place.
pub const CAPABILITIES: Capabilities = Capabilities {
    api: Api::Splunk,
    title: "Splunk Observability",
    tells_last_use: false,
    keeps_owners: false,
    believes_user_names: false,
    organization_of_credential: true,
    organization_in_ids: false,
    service_account: ResourceCapabilities::absent(
        "Its tokens belong to the organization: use `lanyard_access_token` without `service_account`.",
    ),
    access_token: ResourceCapabilities {
        absent: None,
        naming: Naming::Name,
        attributes: &[
            Attribute::renames("name").required().limits(NAME),
            Attribute::in_place("description"),
            Attribute::in_place("roles").limits(&[SOME]),
            Attribute::replace("scopes").limits(SCOPES),
            Attribute::in_place("expires_at"),
            Attribute::in_place("ttl"),
            Attribute::in_place("disabled"),
            Attribute::in_place("visibility"),
            Attribute::in_place("visibility.level").required(),
            Attribute::in_place("visibility.users"),
            Attribute::in_place("visibility.teams"),
            Attribute::in_place("limits"),
            Attribute::in_place("limits.hosts").limits(COUNT),
            Attribute::in_place("limits.hosts_alert").limits(COUNT),
            Attribute::in_place("limits.containers").limits(COUNT),
            Attribute::in_place("limits.containers_alert").limits(COUNT),
            Attribute::in_place("limits.custom_metrics").limits(COUNT),
            Attribute::in_place("limits.custom_metrics_alert").limits(COUNT),
            Attribute::in_place("limits.high_resolution_metrics").limits(COUNT),
            Attribute::in_place("limits.high_resolution_metrics_alert").limits(COUNT),
            Attribute::in_place("limits.dpm").limits(DPM),
            Attribute::in_place("limits.dpm_alert").limits(COUNT),
            Attribute::in_place("limits.job_starts_per_minute")
                .limits(&[Limit::Range { min: 1, max: 60 }]),
            Attribute::in_place("limits.event_searches_per_minute")
                .limits(&[Limit::Range { min: 1, max: 30 }]),
            Attribute::in_place("limits.metric_time_series_per_minute").limits(COUNT),
            Attribute::in_place("alert"),
            Attribute::in_place("alert.type").required(),
            Attribute::in_place("alert.credential_id"),
            Attribute::in_place("alert.credential_name"),
            Attribute::in_place("alert.email"),
            Attribute::in_place("alert.channel"),
            Attribute::in_place("alert.team"),
            Attribute::in_place("alert.routing_key"),
            Attribute::in_place("alert.responder_name"),
            Attribute::in_place("alert.responder_id"),
            Attribute::in_place("alert.responder_type"),
            Attribute::in_place("alert.url"),
            Attribute::in_place("alert.secret"),
        ],
        issues_secret: true,
        creation_ends: None,
        rotation: RotationCapability::Server {
            max_grace: Some(Lifetime::from_seconds(5_184_000)),
            until_first_use: false,
            tells_former: false,
            of_expired: false,
            ends_early: false,
        },
        expiry: ExpiryCapability::Supported {
            required: false,
            whole_days: false,
            // 18 years, the strict reading of the vendor's two statements.
            max: Some(Lifetime::from_seconds(567_648_000)),
            default: DefaultEnd::OfTheServer,
            change: UpdateCapability::InPlace,
        },
        delete: DeleteCapability::Deletes,
        recovery: Recovery::ReadSecret,
    },
    access_token_without_account: None,
    built_in_service_account: None,
    built_in_access_token: None,
};

fn is_scope(text: &str) -> bool {
    matches!(text, "api" | "ingest" | "rum")
}
