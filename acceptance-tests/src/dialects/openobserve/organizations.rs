//! Organizations: `default` and `_meta` always exist.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, accounts, body, streams};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::Store;

pub(super) const DEFAULT: &str = "default";
pub(super) const META: &str = "_meta";
const KIND: &str = "oo-organization";

pub(super) fn exists(store: &Store, organization: &str) -> Result<bool, Refusal> {
    Ok([DEFAULT, META].contains(&organization) || store.document(KIND, organization)?.is_some())
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
    #[serde(default)]
    service_account: Option<String>,
}

/// An account named here becomes a member whose token never works and is never shown.
pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.caller.may_administer()?;
    let wanted: Wanted = body::read(context, &["name"])?;
    let identifier = secret::random_base62(27);
    let organization =
        json!({ "identifier": identifier, "name": wanted.name, "org_type": "custom" });
    context
        .store
        .keep_document(KIND, &identifier, &organization)?;
    if let Some(email) = wanted.service_account {
        accounts::join_without_token(context, &identifier, &email)?;
    }
    Ok(Answer::json(StatusCode::OK, &organization))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let built_in = [DEFAULT, META]
        .map(|name| json!({ "identifier": name, "name": name, "org_type": "default" }));
    let made = context.store.documents(KIND)?;
    let all: Vec<Value> = built_in
        .into_iter()
        .chain(made.into_iter().map(|made| made.body))
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({ "data": all })))
}

pub(super) fn settings(_: &Context<'_>) -> Result<Answer, Refusal> {
    let settings = json!({
        "scrape_interval": 15,
        "trace_id_field_name": "trace_id",
        "span_id_field_name": "span_id",
        "toggle_ingestion_logs": false,
    });
    Ok(Answer::json(StatusCode::OK, &json!({ "data": settings })))
}

/// Nothing of what it counts is here.
pub(super) fn summary(context: &Context<'_>) -> Result<Answer, Refusal> {
    let (streams, records) = streams::totals(context)?;
    let body = json!({
        "streams": { "num_streams": streams, "total_records": records, "total_storage_size": 0.0,
            "total_compressed_size": 0.0, "total_index_size": 0.0 },
        "pipelines": { "num_realtime": 0, "num_scheduled": 0 },
        "alerts": { "num_realtime": 0, "num_scheduled": 0 },
        "total_functions": 0,
        "total_dashboards": 0,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// Something that any member may look at, and no ingestion token.
pub(super) fn dashboards(_: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::json(StatusCode::OK, &json!({ "dashboards": [] })))
}
