//! Documents in indices, as much as it takes to see that a credential may read or write them: one document is put or
//! found by its index, and that is all.

use http::StatusCode;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::privileges::{DELETE_INDEX, SEARCH, WRITE_DOCUMENT};
use super::{Context, has_privileges};
use crate::secret;
use crate::serving::call::Answer;

/// Names that begin with an underscore belong to the server.
pub(super) fn is_index(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('_'))
}

pub(super) fn write(context: &Context<'_>) -> Result<Answer, Refusal> {
    let source: Value = context.body()?;
    let index = index(context);
    context.require_on(&WRITE_DOCUMENT, index)?;
    let made = secret::random_base62(20);
    let id = context.piece(1).unwrap_or(&made);
    let before = context.store.document(&kind(index), id)?;
    let body = json!({ "_index": index, "_id": id, "_score": 1.0, "_source": source });
    context.store.keep_document(&kind(index), id, &body)?;
    let (status, result) = match before {
        None => (StatusCode::CREATED, "created"),
        Some(_) => (StatusCode::OK, "updated"),
    };
    let body = json!({
        "_index": index,
        "_id": id,
        "_version": 1,
        "result": result,
        "_shards": { "total": 1, "successful": 1, "failed": 0 },
        "_seq_no": 0,
        "_primary_term": 1,
    });
    Ok(Answer::json(status, &body))
}

/// Finds every document: a query would need a search engine.
pub(super) fn search(context: &Context<'_>) -> Result<Answer, Refusal> {
    let index = index(context);
    if !context.call.body.is_empty() {
        let body: Value = context.body()?;
        if body.as_object().is_none_or(|body| !body.is_empty()) {
            return Err(Refusal::illegal_argument(
                "this server only searches for everything: send no body",
            ));
        }
    }
    context.require_on(&SEARCH, index)?;
    let found = context.store.documents(&kind(index))?;
    if found.is_empty() {
        return Err(Refusal::no_such_index(index));
    }
    let hits: Vec<Value> = found.into_iter().map(|found| found.body).collect();
    let total = if context.parameters.flag("rest_total_hits_as_int")? {
        json!(hits.len())
    } else {
        json!({ "value": hits.len(), "relation": "eq" })
    };
    let body = json!({
        "took": 0,
        "timed_out": false,
        "_shards": { "total": 1, "successful": 1, "skipped": 0, "failed": 0 },
        "hits": { "total": total, "max_score": 1.0, "hits": hits },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    let index = index(context);
    context.require_on(&DELETE_INDEX, index)?;
    let found = context.store.documents(&kind(index))?;
    if found.is_empty() {
        return Err(Refusal::no_such_index(index));
    }
    for document in found {
        let id = document.body["_id"].as_str().unwrap_or_default();
        context.store.delete_document(&kind(index), id)?;
    }
    Ok(Answer::json(
        StatusCode::OK,
        &json!({ "acknowledged": true }),
    ))
}

fn index<'a>(context: &'a Context<'_>) -> &'a str {
    context.piece(0).unwrap_or_default()
}

fn kind(index: &str) -> String {
    format!("document in {index}")
}

/// An action on an index: its name in refusals, and the privileges that grant it, the weakest first.
pub(super) struct IndexAction {
    pub(super) name: &'static str,
    pub(super) granted_by: &'static [&'static str],
}

impl Context<'_> {
    fn require_on(&self, action: &IndexAction, index: &str) -> Result<(), Refusal> {
        let granted = self.caller.index_grants(self.store)?;
        let may = |privilege: &&str| has_privileges::reach(&granted, index, privilege);
        if action.granted_by.iter().any(may) {
            return Ok(());
        }
        let granted_by = action.granted_by.join(",");
        Err(Refusal::forbidden(format!(
            "action [{}] is unauthorized for {} on indices [{index}], this action is granted by the index privileges [{granted_by}]",
            action.name,
            self.who()
        )))
    }
}
