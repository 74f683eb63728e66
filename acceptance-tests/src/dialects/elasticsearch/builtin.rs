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
        "applications": [],
        "run_as": [],
        "metadata": {},
        "transient_metadata": { "enabled": true },
    })
}

fn indices(principal: &str) -> Value {
    let names: &[&str] = match principal {
        "elastic/auto-ops" => &["*"],
        "elastic/kibana" => &[".kibana*"],
        _ => &["logs-*", "metrics-*", "traces-*"],
    };
    let privileges: &[&str] = match principal {
        "elastic/auto-ops" => &["monitor", "view_index_metadata"],
        "elastic/kibana" => &["all"],
        _ => &["write", "create_index", "auto_configure"],
    };
    json!([{
        "names": names,
        "privileges": privileges,
        "allow_restricted_indices": principal == "elastic/auto-ops",
    }])
}
