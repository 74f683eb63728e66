//! Lists in pages. A cursor says after which object the next page begins, in the order of creation, so that a walk
//! through the pages misses nothing and repeats nothing while others create and delete.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::secret;
use crate::serving::call::{Answer, Call};

pub(super) const DEFAULT_LIMIT: usize = 100;
pub(super) const MAXIMUM_LIMIT: usize = 1000;

/// The query of a request for a list.
pub(super) struct Page {
    /// The sequence to go on behind; 0 for the first page.
    pub(super) after: i64,
    pub(super) limit: usize,
    filters: Vec<(String, String)>,
    kind: &'static str,
}

impl Page {
    /// Reads the query. `kind` keeps cursors of different lists apart; `filters` are the other parameters the list
    /// knows.
    pub(super) fn read(call: &Call, kind: &'static str, filters: &[&str]) -> Result<Self, Problem> {
        let mut page = Self {
            after: 0,
            limit: DEFAULT_LIMIT,
            filters: Vec::new(),
            kind,
        };
        let mut cursor = None;
        let mut seen = Vec::new();
        for (name, value) in call.parameters() {
            if seen.contains(&name) {
                return Err(Problem::invalid_request(format!(
                    "the query has {name} more than once"
                )));
            }
            match name.as_ref() {
                "cursor" => cursor = Some(value.into_owned()),
                "limit" => page.limit = limit(&value)?,
                other if filters.contains(&other) => {
                    page.filters.push((other.to_owned(), value.into_owned()));
                }
                other => {
                    let known = [&["cursor", "limit"], filters].concat().join(", ");
                    return Err(Problem::invalid_request(format!(
                        "the query has {other:?}, which this list does not know; it knows {known}"
                    )));
                }
            }
            seen.push(name);
        }
        // The order of the parameters makes no other list.
        page.filters.sort();
        if let Some(cursor) = cursor {
            page.after = page.read_cursor(&cursor).ok_or_else(|| {
                Problem::invalid_request(
                    "the cursor does not belong to this list and these filters; \
                     use next_cursor as it was answered, or leave it out to start over",
                )
            })?;
        }
        Ok(page)
    }

    pub(super) fn filter(&self, name: &str) -> Option<String> {
        let found = self.filters.iter().find(|(filter, _)| filter == name);
        found.map(|(_, value)| value.clone())
    }

    /// How many objects to ask the store for: one more than a page, to learn whether there is a next one.
    pub(super) fn wanted(&self) -> usize {
        self.limit + 1
    }

    /// The page's answer, from up to [`wanted`](Self::wanted) objects.
    pub(super) fn answer<T>(
        &self,
        mut found: Vec<T>,
        sequence: impl Fn(&T) -> i64,
        show: impl Fn(&T) -> Value,
    ) -> Answer {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let next_cursor = found
            .last()
            .filter(|_| more)
            .map(|last| self.write_cursor(sequence(last)));
        let items: Vec<Value> = found.iter().map(show).collect();
        let body = json!({ "items": items, "next_cursor": next_cursor });
        Answer::json(StatusCode::OK, &body)
    }

    fn write_cursor(&self, sequence: i64) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{sequence}:{}", self.kind, self.fingerprint()))
    }

    fn read_cursor(&self, cursor: &str) -> Option<i64> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut parts = text.split(':');
        let (kind, sequence, fingerprint) = (parts.next()?, parts.next()?, parts.next()?);
        let sequence: i64 = sequence.parse().ok()?;
        let fits = kind == self.kind && fingerprint == self.fingerprint() && parts.next().is_none();
        (fits && sequence > 0).then_some(sequence)
    }

    fn fingerprint(&self) -> String {
        let mut hash = secret::hash(&format!("{:?}", self.filters));
        hash.truncate(8);
        hash
    }
}

fn limit(text: &str) -> Result<usize, Problem> {
    text.parse()
        .ok()
        .filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit))
        .ok_or_else(|| {
            Problem::invalid_request(format!(
                "the limit {text:?} is no number from 1 to {MAXIMUM_LIMIT}"
            ))
        })
}
