//! `origin`: where an object's maker keeps its records, in a word that only the maker understands. It lets a tool tell what an
//! interrupted run of its own left behind from what another copy of itself made.

use serde_json::{Map, Value, json};

const KEY: &str = "origin";

/// What the store keeps of it.
pub(super) fn kept(origin: Option<String>) -> Map<String, Value> {
    origin
        .map(|origin| (KEY.to_owned(), json!(origin)))
        .into_iter()
        .collect()
}

/// As answers show it; null where nobody said.
pub(super) fn shown(kept: &Map<String, Value>) -> Value {
    kept.get(KEY).cloned().unwrap_or_default()
}
