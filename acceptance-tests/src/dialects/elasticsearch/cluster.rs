//! What clients ask of a cluster before they start.

use http::StatusCode;
use serde_json::json;

use super::fault::Refusal;
use super::{Context, NODE};
use crate::serving::call::Answer;
use crate::serving::server::Server;

pub(super) fn root(context: &Context<'_>) -> Result<Answer, Refusal> {
    let version = if manages_accounts(context.server) {
        "9.6.0"
    } else {
        "9.5.0"
    };
    let body = json!({
        "name": NODE,
        "cluster_name": "lanyard",
        "cluster_uuid": "lanyardReferenceServer",
        "version": {
            "number": version,
            "build_flavor": "default",
            "build_type": "lanyard",
            "build_hash": "0000000000000000000000000000000000000000",
            "build_date": "2026-01-01T00:00:00.000000000Z",
            "build_snapshot": false,
            "lucene_version": "10.4.0",
            "minimum_wire_compatibility_version": "8.19.0",
            "minimum_index_compatibility_version": "8.0.0",
        },
        "tagline": "You Know, for Search",
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn health(_: &Context<'_>) -> Result<Answer, Refusal> {
    let body = json!({
        "cluster_name": "lanyard",
        "status": "green",
        "timed_out": false,
        "number_of_nodes": 1,
        "number_of_data_nodes": 1,
        "active_primary_shards": 1,
        "active_shards": 1,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": 0,
        "unassigned_primary_shards": 0,
        "delayed_unassigned_shards": 0,
        "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0,
        "task_max_waiting_in_queue_millis": 0,
        "active_shards_percent_as_number": 100.0,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The answer to every clearing of a cache.
pub(super) fn cleared() -> Answer {
    let body = json!({
        "_nodes": { "total": 1, "successful": 1, "failed": 0 },
        "cluster_name": "lanyard",
        "nodes": { "lanyardNode0": { "name": NODE } },
    });
    Answer::json(StatusCode::OK, &body)
}

const SERVICE: &str = "/_security/service/{namespace}/{service}";
const QUERY: &str = "/_security/_query/service";

/// `{"user_managed": false}`: a cluster before 9.6, or of several projects. The built-in accounts are all it has.
pub(super) fn manages_accounts(server: &Server) -> bool {
    !server.profile.is_off("user_managed")
}

/// Whether an endpoint has a feature; clients ask with the path's placeholders in it.
pub(super) fn capabilities(context: &Context<'_>) -> Result<Answer, Refusal> {
    let parameters = &context.parameters;
    let method = parameters.get("method").unwrap_or("GET");
    let path = parameters.get("path").unwrap_or_default();
    let asked = parameters.get("capabilities").unwrap_or_default();
    let served = matches!(
        (method, path),
        ("PUT" | "DELETE" | "GET", SERVICE) | ("GET" | "POST", QUERY)
    );
    let known = asked
        .split(',')
        .all(|name| name.is_empty() || name == "user_managed_service_accounts");
    let body = json!({
        "_nodes": { "total": 1, "successful": 1, "failed": 0 },
        "cluster_name": "lanyard",
        "supported": served && known && manages_accounts(context.server),
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
