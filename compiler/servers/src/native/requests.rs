//! Requests that both kinds of object make.

use lanyard_compiler::model::server::native::CAPABILITIES;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Native, mint};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::record::{Cursor, Filter};
use crate::token_server::MANAGED_BY;

/// The most that the API gives at once.
const PAGE: u32 = 1000;

impl Native {
    /// Deletes what is at the path; nothing there is success. A path that cannot exist leads to nothing.
    pub(super) async fn remove(&self, path: Option<String>) -> Result<()> {
        let Some(path) = path else {
            return Ok(());
        };
        let request =
            Request::new(Method::DELETE, path, Repeat::Harmless).header("managed-by", OURS);
        let done = self.api.client.done(&request).await;
        self.api.gone(done).await.map(|_| ())
    }

    /// Changes an object in the name of its owner, and gives it as it is then.
    pub(super) async fn patched<T: DeserializeOwned>(
        &self,
        collection: &str,
        id: &str,
        patch: &Json,
        owner: HeaderValue,
    ) -> Result<T> {
        let path = object(collection, id).ok_or_else(|| not_an_id(id))?;
        let request = Request::new(Method::PATCH, path, Repeat::Harmless)
            .header("managed-by", owner)
            .body("application/merge-patch+json", patch);
        self.api.object(&request).await
    }
}

pub(super) const OURS: HeaderValue = HeaderValue::from_static(MANAGED_BY);
/// Overrides another tool's ownership.
pub(super) const ANYBODYS: HeaderValue = HeaderValue::from_static("*");

/// The path of one object; `None` for an id that no object can have.
pub(super) fn object(collection: &str, id: &str) -> Option<String> {
    segment(id).map(|id| format!("{collection}/{id}"))
}

pub(super) fn page(collection: &str, filter: &Filter, from: Option<&Cursor>) -> Request {
    // Who looks for a name wants one object, not the biggest page.
    let limit = if filter.name.is_some() { 100 } else { PAGE };
    Request::get(collection)
        .query("limit", Some(limit))
        .query("cursor", from.map(|Cursor(cursor)| cursor))
        .query("name", filter.name.as_ref())
        .query("managed_by", filter.managed_by.as_ref())
}

/// A creation or rotation: the key makes the server answer a repetition as it answered the first time.
pub(super) fn keyed(path: String, body: &Json) -> Result<Request> {
    let key = mint::idempotency_key()
        .and_then(|key| HeaderValue::from_str(&key).ok())
        .ok_or_else(no_randomness)?;
    Ok(Request::new(Method::POST, path, Repeat::Harmless)
        .header("idempotency-key", key)
        .body("application/json", body))
}

pub(super) fn managed_here() -> Filter {
    Filter {
        managed_by: Some(MANAGED_BY.to_owned()),
        ..Filter::default()
    }
}

pub(super) fn not_an_id(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("{id:?} cannot be the id of an object"),
    )
}

pub(super) fn no_randomness() -> ServerError {
    ServerError::new(
        ErrorKind::Retry { after: None },
        CAPABILITIES.title,
        "this machine has no randomness to make a secret from",
    )
}
