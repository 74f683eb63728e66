//! The reference server's own API, and the objects that most tests begin with.

use std::ops::Deref;

use lanyard_token_server::{Api, Options};
use serde_json::{Value, json};

use crate::support::caller::text as text_at;
pub(crate) use crate::support::caller::{Caller, Reply};
use crate::vendor::Vendor;

pub(crate) const ACCOUNTS: &str = "/v1/service-accounts";
pub(crate) const TOKENS: &str = "/v1/access-tokens";

/// A running server, which its operator calls.
pub(crate) struct TestApi(Vendor);

impl Deref for TestApi {
    type Target = Vendor;

    fn deref(&self) -> &Vendor {
        &self.0
    }
}

impl TestApi {
    pub(crate) fn start() -> Self {
        Self::with(Options::new(Api::Native))
    }

    pub(crate) fn with(options: Options) -> Self {
        Self(Vendor::with(options))
    }

    /// A caller whose account has these roles and this restriction.
    pub(crate) fn account_with(&self, name: &str, roles: &[&str], restriction: Value) -> Caller {
        let account = self
            .create_account(json!({ "name": name, "roles": roles, "restriction": restriction }));
        let token = self.create_token(json!({ "name": "t", "service_account_id": account["id"] }));
        self.bearer(text(&token["secret"]))
    }

    pub(crate) fn create_account(&self, body: Value) -> Value {
        self.post(ACCOUNTS, body).expect(201)
    }

    pub(crate) fn create_token(&self, body: Value) -> Value {
        self.post(TOKENS, body).expect(201)
    }

    /// The token as it is now.
    pub(crate) fn token(&self, token: &Value) -> Value {
        self.get(&token_path(token)).expect(200)
    }
}

pub(crate) fn token_path(token: &Value) -> String {
    format!("{TOKENS}/{}", text(&token["id"]))
}

pub(crate) fn account_path(account: &Value) -> String {
    format!("{ACCOUNTS}/{}", text(&account["id"]))
}

pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// The code of each problem with its status.
const PROBLEMS: [(&str, u16); 14] = [
    ("invalid_request", 400),
    ("unauthenticated", 401),
    ("forbidden", 403),
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("name_taken", 409),
    ("managed_elsewhere", 409),
    ("precondition_failed", 412),
    ("payload_too_large", 413),
    ("unsupported_media_type", 415),
    ("validation_failed", 422),
    ("idempotency_key_reused", 422),
    ("rate_limited", 429),
    ("unavailable", 503),
];

impl Reply {
    /// Fails unless it is this error, as problem details.
    #[track_caller]
    pub(crate) fn refused(self, code: &'static str) -> Value {
        assert_eq!(self.body["code"], code, "{}", self.text);
        assert!(PROBLEMS.contains(&(code, self.status)), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], self.status);
        for member in ["type", "title", "detail"] {
            text_at(&self.body, &format!("/{member}"));
        }
        self.body
    }
}

/// The pointers of a problem's errors.
pub(crate) fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors in {problem}"));
    errors.iter().map(|error| text(&error["pointer"])).collect()
}
