//! Streams, as far as a credential can be tried on them: records are counted, not kept, and a search finds their number.

use http::StatusCode;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, accounts};
use crate::serving::call::Answer;

const KIND: &str = "oo-stream";

/// A list of records, or one.
pub(super) fn ingest(context: &Context<'_>) -> Result<Answer, Refusal> {
    let stream = context.piece(1);
    let given: Value = serde_json::from_slice(&context.call.body).unwrap_or_default();
    let records = given.as_array().map_or(1, Vec::len);
    let known = count(context, stream)?.unwrap_or(0);
    let key = accounts::id(context.organization(), stream);
    let records_now = known.saturating_add(u64::try_from(records).unwrap_or(0));
    let kept = json!({ "key": key, "records": records_now });
    context.store.keep_document(KIND, &key, &kept)?;
    let status = json!([{ "name": stream, "successful": records, "failed": 0 }]);
    let body = json!({ "code": 200, "status": status });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The number of records, under the name that the query gives it; records themselves are never found.
pub(super) fn search(context: &Context<'_>) -> Result<Answer, Refusal> {
    let given: Value = serde_json::from_slice(&context.call.body)
        .map_err(|error| Refusal::bad_request(error.to_string()))?;
    let sql = given.pointer("/query/sql").and_then(Value::as_str);
    let sql = sql.ok_or_else(|| Refusal::bad_request("missing field `query`"))?;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let after = |word: &str| {
        let place = words.iter().position(|it| it.eq_ignore_ascii_case(word))?;
        Some(words.get(place + 1)?.trim_matches(['"', ',']))
    };
    let records = count(context, after("from").unwrap_or_default())?.unwrap_or(0);
    let counts = sql.to_ascii_lowercase().contains("count(");
    let hits = if counts {
        json!([{ after("as").unwrap_or("count(*)"): records }])
    } else {
        json!([])
    };
    let body = json!({
        "took": 1,
        "hits": hits,
        "total": u8::from(counts),
        "from": 0,
        "size": 10,
        "scan_size": 0,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    let key = accounts::id(context.organization(), context.piece(1));
    if !context.store.delete_document(KIND, &key)? {
        return Err(Refusal::not_found("stream not found"));
    }
    Ok(accounts::done("stream deleted"))
}

fn count(context: &Context<'_>, stream: &str) -> Result<Option<u64>, Refusal> {
    let key = accounts::id(context.organization(), stream);
    let kept = context.store.document(KIND, &key)?;
    Ok(kept.and_then(|kept| kept.body["records"].as_u64()))
}

/// How many streams the organization has, and how many records they hold.
pub(super) fn totals(context: &Context<'_>) -> Result<(usize, u64), Refusal> {
    let prefix = accounts::id(context.organization(), "");
    let mut streams = context.store.documents(KIND)?;
    streams.retain(|stream| {
        let key = stream.body["key"].as_str();
        key.is_some_and(|key| key.starts_with(&prefix))
    });
    let records = streams.iter().filter_map(|it| it.body["records"].as_u64());
    Ok((streams.len(), records.fold(0, u64::saturating_add)))
}
