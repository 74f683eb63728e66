//! Splunk Observability's org tokens: addressed by name, secrets shown on every read, rotation with grace.

mod callers;
mod fields;
mod names;
mod secrets;

use lanyard_token_server::Api;
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::vendor::{Vendor, vendor};

const DAY: i64 = 24 * 3600;

vendor!(Splunk);

fn start() -> Splunk {
    Splunk(Vendor::start(Api::Splunk))
}

impl Splunk {
    fn create(&self, body: &Value) -> Value {
        self.post("/v2/token", body).expect(200)
    }

    fn holding(&self, secret: &str) -> Caller {
        self.with("x-sf-token", secret)
    }

    /// Whether a token with the scope `INGEST` may send data with this secret.
    fn ingests(&self, secret: &str) -> bool {
        match self.holding(secret).post("/v2/datapoint", json!({})).status {
            200 => true,
            401 => false,
            other => panic!("ingest answered {other}"),
        }
    }
}
