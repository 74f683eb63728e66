//! Lists: `page.max_size`, an opaque `page.token`, and the filters `slugs` and `names`. Values of one filter are
//! alternatives, and an object must pass both filters.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault::ApiError;
use crate::serving::call::{Answer, Call};

/// The server's own choice.
const DEFAULT_SIZE: usize = 100;
/// A larger `page.max_size` is cut to this, since clients are never to trust the count.
const MAXIMUM_SIZE: usize = 1000;

pub(super) struct Page {
    after: i64,
    size: usize,
    slugs: Vec<String>,
    names: Vec<String>,
}

impl Page {
    /// From where and how many objects must be looked at: with filters, all of them may be needed to fill the page.
    pub(super) fn window(&self) -> (i64, usize) {
        let filtered = !self.slugs.is_empty() || !self.names.is_empty();
        let most = if filtered { usize::MAX } else { self.size + 1 };
        (self.after, most)
    }

    pub(super) fn read(call: &Call) -> Result<Self, ApiError> {
        let mut page = Self {
            after: 0,
            size: DEFAULT_SIZE,
            slugs: Vec::new(),
            names: Vec::new(),
        };
        for (name, value) in call.parameters() {
            match name.as_ref() {
                "page.max_size" => {
                    let size: i64 = value
                        .parse()
                        .map_err(|_| ApiError::invalid("page.max_size must be an integer"))?;
                    if size > 0 {
                        page.size = usize::try_from(size)
                            .unwrap_or(MAXIMUM_SIZE)
                            .min(MAXIMUM_SIZE);
                    }
                }
                "page.token" if value.is_empty() => {}
                "page.token" => {
                    page.after = read_token(&value)
                        .ok_or_else(|| ApiError::invalid("page.token is not valid"))?;
                }
                "slugs" => page.slugs.push(value.into_owned()),
                "names" => page.names.push(value.into_owned()),
                _ => {}
            }
        }
        Ok(page)
    }

    /// The answer from all objects in order of creation: sequence, slug, name and what is shown.
    pub(super) fn answer<T>(
        &self,
        key: &str,
        found: &[T],
        facts: impl Fn(&T) -> (i64, &str, &str),
        show: impl Fn(&T) -> Value,
    ) -> Answer {
        let passes = |wanted: &[String], value: &str| {
            wanted.is_empty() || wanted.iter().any(|wanted| wanted == value)
        };
        let mut rest = found.iter().filter(|object| {
            let (sequence, slug, name) = facts(object);
            sequence > self.after && passes(&self.slugs, slug) && passes(&self.names, name)
        });
        let shown: Vec<&T> = rest.by_ref().take(self.size).collect();
        let mut page = Map::new();
        if let (Some(_), Some(last)) = (rest.next(), shown.last()) {
            page.insert("next_token".to_owned(), json!(write_token(facts(last).0)));
        }
        let items: Vec<Value> = shown.into_iter().map(show).collect();
        Answer::json(StatusCode::OK, &json!({ "page": page, key: items }))
    }
}

fn write_token(sequence: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{sequence}"))
}

fn read_token(token: &str) -> Option<i64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("after:")?.parse().ok()
}
