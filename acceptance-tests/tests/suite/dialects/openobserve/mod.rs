//! OpenObserve's service accounts and ingestion tokens, in its editions and versions: one token per account and
//! organization, replaced without overlap.

mod accounts;
mod editions;
mod ingestion;
mod users;

use lanyard_token_server::Api;
use serde_json::{Value, json};

use crate::support::caller::{Caller, Reply, text};
use crate::vendor::{Vendor, vendor};

const ACCOUNTS: &str = "/api/default/service_accounts";
const CI: &str = "/api/default/service_accounts/ci.default@sa.internal";
const EMAIL: &str = "ci.default@sa.internal";
const INGESTION: &str = "/api/default/ingestion-tokens";

vendor!(OpenObserve);

fn start() -> OpenObserve {
    OpenObserve(Vendor::start(Api::OpenObserve))
}

impl OpenObserve {
    fn create_in(&self, organization: &str, email: &str) -> String {
        let body = json!({ "email": email, "first_name": "CI", "last_name": "pipeline" });
        let path = format!("/api/{organization}/service_accounts");
        text(&self.post(&path, &body).expect(200), "/token")
    }

    fn create(&self) -> String {
        self.create_in("default", EMAIL)
    }

    fn organization(&self) -> String {
        let made = self.post("/api/organizations", json!({ "name": "Other" }));
        text(&made.expect(200), "/identifier")
    }

    fn holding(&self, email: &str, token: &str) -> Caller {
        self.basic(email, token)
    }

    fn opens(&self, organization: &str, token: &str) -> bool {
        let path = format!("/api/{organization}/dashboards");
        match self.holding(EMAIL, token).get(&path).status {
            200 => true,
            401 => false,
            other => panic!("dashboards answered {other}"),
        }
    }

    fn listed(&self, organization: &str) -> Vec<Value> {
        let path = format!("/api/{organization}/service_accounts");
        self.get(&path).expect(200)["data"]
            .as_array()
            .unwrap()
            .clone()
    }

    fn rotate(&self) -> Reply {
        self.put(&format!("{CI}?rotateToken=true"), json!({}))
    }
}

#[track_caller]
fn refused(reply: Reply, status: u16, code: u16, message: &str) {
    assert_eq!(
        reply.expect(status),
        json!({ "code": code, "message": message })
    );
}
