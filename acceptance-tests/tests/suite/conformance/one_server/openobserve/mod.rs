//! OpenObserve's habits: accounts that are not ours, organizations, editions and versions, and an ingestion token of its own.

pub(crate) mod accounts;
pub(crate) mod ingestion;
pub(crate) mod sealed;
pub(crate) mod versions;

use reqwest::Method;
use serde_json::Value;

use super::{Resource, Subject, subject};

impl Subject {
    /// What the root user does past us; answers the JSON.
    async fn as_root(&self, method: Method, path: &str, body: &Value) -> Value {
        let answer = crate::support::http::asynchronous()
            .request(method, format!("{}{path}", self.reference.url))
            .basic_auth(
                self.reference.username.as_ref().unwrap(),
                self.reference.password.as_ref(),
            )
            .json(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status}: {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// A new organization's identifier.
    async fn organization(&self) -> String {
        let body = serde_json::json!({ "name": "shop" });
        let made = self
            .as_root(Method::POST, "/api/organizations", &body)
            .await;
        made["identifier"].as_str().unwrap().to_owned()
    }
}
