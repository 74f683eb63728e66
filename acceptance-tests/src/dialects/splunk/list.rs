//! The list of org tokens: `name` (a part of it), `offset`, `limit`. A query never yields more than 10,000.

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, show};
use crate::serving::call::Answer;
use crate::store::{AccessToken, TokenFilter};

const DEFAULT_LIMIT: usize = 20;
const MAXIMUM: usize = 10_000;

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let (mut part, mut offset, mut limit) = (String::new(), 0_usize, DEFAULT_LIMIT);
    for (name, value) in context.call.parameters() {
        match name.as_ref() {
            "name" => part = value.into_owned(),
            "offset" => offset = value.parse().unwrap_or(0),
            // What is no sensible limit counts as none.
            "limit" => {
                limit = value
                    .parse()
                    .ok()
                    .filter(|limit| *limit > 0)
                    .unwrap_or(DEFAULT_LIMIT);
            }
            _ => {}
        }
    }
    if !context.caller.may_list() {
        return Err(Refusal::unauthenticated());
    }
    let filter = TokenFilter {
        created_until: context.call.lists_as_of,
        ..TokenFilter::default()
    };
    let mut visible = Vec::new();
    for token in context.store.access_tokens(&filter, 0, usize::MAX)? {
        if context.caller.may_see(&token)? {
            visible.push(token);
        }
    }
    let found = search(&visible, &part);
    let end = offset.saturating_add(limit).min(MAXIMUM);
    let page: Vec<Value> = found
        .iter()
        .take(end)
        .skip(offset)
        .map(|token| show::token(token))
        .collect();
    let body = json!({ "count": found.len(), "results": page });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The tokens with this in their name. The official client encodes what it searches for twice, as it does with names in
/// paths, so what is in no name is decoded once more.
fn search<'a>(visible: &'a [AccessToken], part: &str) -> Vec<&'a AccessToken> {
    let with = |part: &str| -> Vec<&'a AccessToken> {
        let has = |token: &&AccessToken| token.name.contains(part);
        visible.iter().filter(has).collect()
    };
    let found = with(part);
    if found.is_empty() {
        return with(&percent_decode_str(part).decode_utf8_lossy());
    }
    found
}
