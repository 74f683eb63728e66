//! Splunk Observability's org tokens: addressed by name, secrets shown on every read, rotation with grace.

mod callers;
mod fields;
mod names;
mod secrets;

use lanyard_token_server::Api;
use serde_json::{Value, json};

use super::caller::{Caller, Vendor};

const DAY: i64 = 24 * 3600;

struct Splunk {
    vendor: Vendor,
    admin: Caller,
}

fn start() -> Splunk {
    let vendor = Vendor::start(Api::Splunk);
    let admin = vendor.anonymous().with("x-sf-token", vendor.token());
    Splunk { vendor, admin }
}

impl Splunk {
    fn create(&self, body: &Value) -> Value {
        self.admin.post("/v2/token", body).expect(200)
    }

    fn holding(&self, secret: &str) -> Caller {
        self.vendor.anonymous().with("x-sf-token", secret)
    }

    /// Whether a token with the scope `INGEST` may send data with this secret.
    fn ingests(&self, secret: &str) -> bool {
        match self
            .holding(secret)
            .post("/v2/datapoint", &json!({}))
            .status
        {
            200 => true,
            401 => false,
            other => panic!("ingest answered {other}"),
        }
    }
}
