//! The vendor's own accounts: fixed in code, never created, changed or deleted.

use serde_json::{Value, json};

pub(super) const PRINCIPALS: [&str; 4] = [
    "elastic/auto-ops",
    "elastic/fleet-server",
    "elastic/fleet-server-remote",
    "elastic/kibana",
];

pub(super) fn exists(principal: &str) -> bool {
    PRINCIPALS.contains(&principal)
}

/// Names of the cluster privileges an account has.
pub(super) fn cluster_privileges(principal: &str) -> &'static [&'static str] {
    match principal {
        "elastic/auto-ops" => &["monitor", "read_ilm", "read_slm"],
        "elastic/fleet-server" => &[
            "monitor",
            "manage_own_api_key",
            "read_fleet_secrets",
            "cluster:admin/xpack/connector/*",
        ],
        "elastic/fleet-server-remote" => &["monitor", "manage_own_api_key"],
        "elastic/kibana" => &[
            "monitor",
            "manage_index_templates",
            "manage_own_api_key",
            "grant_api_key",
            "manage_token",
        ],
        _ => &[],
    }
}

pub(super) fn role_descriptor(principal: &str) -> Value {
    json!({
        "cluster": cluster_privileges(principal),
        "indices": indices(principal),
        "applications": applications(principal),
        "run_as": [],
        "metadata": {},
        "transient_metadata": { "enabled": true },
    })
}

/// Names of indices, what may be done to them, and whether restricted ones are among them. Kibana's real list is very long.
type Indices = (&'static [&'static str], &'static [&'static str], bool);

fn indices(principal: &str) -> Value {
    let grants: &[Indices] = match principal {
        "elastic/auto-ops" => &[(&["*"], &["monitor", "view_index_metadata"], true)],
        "elastic/fleet-server" => FLEET_SERVER,
        "elastic/fleet-server-remote" => &[(&["logs-*", "metrics-*", "traces-*"], APPEND, false)],
        "elastic/kibana" => &[(&[".kibana*"], &["all"], false)],
        _ => &[],
    };
    grants
        .iter()
        .map(|(names, privileges, restricted)| {
            json!({
                "names": names,
                "privileges": privileges,
                "allow_restricted_indices": restricted,
            })
        })
        .collect()
}

const APPEND: &[&str] = &["write", "create_index", "auto_configure"];
const KEEP: &[&str] = &[
    "read",
    "write",
    "monitor",
    "create_index",
    "auto_configure",
    "maintenance",
];
const SYNCHRONIZE: &[&str] = &[
    "read",
    "write",
    "monitor",
    "create_index",
    "auto_configure",
    "maintenance",
    "view_index_metadata",
];
const FLEET_SERVER: &[Indices] = &[
    (
        &[
            "logs-*",
            "metrics-*",
            "traces-*",
            ".logs-endpoint.diagnostic.collection-*",
            ".logs-endpoint.action.responses-*",
            ".logs-endpoint.heartbeat-*",
        ],
        APPEND,
        false,
    ),
    (&["profiling-*"], &["read", "write"], false),
    (
        &["traces-apm.sampled-*"],
        &["read", "monitor", "maintenance"],
        false,
    ),
    (&[".fleet-secrets*"], &["read"], true),
    (&[".fleet-actions*"], KEEP, true),
    (&[".fleet-agents*"], KEEP, true),
    (&[".fleet-artifacts*"], KEEP, true),
    (&[".fleet-enrollment-api-keys*"], KEEP, true),
    (&[".fleet-policies*"], KEEP, true),
    (&[".fleet-policies-leader*"], KEEP, true),
    (&[".fleet-servers*"], KEEP, true),
    (&[".fleet-fileds*"], KEEP, true),
    (
        &["synthetics-*"],
        &["read", "write", "create_index", "auto_configure"],
        false,
    ),
    (&[".elastic-connectors*"], SYNCHRONIZE, false),
    (&["content-*", ".search-acl-filter-*"], SYNCHRONIZE, false),
    (&["agentless-*"], SYNCHRONIZE, false),
];

fn applications(principal: &str) -> Value {
    if principal != "elastic/fleet-server" {
        return json!([]);
    }
    json!([{
        "application": "kibana-*",
        "privileges": ["reserved_fleet-setup"],
        "resources": ["*"],
    }])
}
