//! Elasticsearch's service accounts and tokens, as the vendor's own API tests go about them.

mod accounts;
mod api_keys;
mod attribution;
mod cluster;
mod grants;
mod tokens;
mod users;

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::caller::{Caller, Reply, text};
use crate::vendor::{Vendor, vendor};

const FLEET: &str = "/_security/service/elastic/fleet-server";
const WORKER: &str = "/_security/service/apps/worker_1";
/// Of the vendor's own tests; the node's file holds it.
const FILE_TOKEN: &str = "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTpyNXdkYmRib1FTZTl2R09Ld2FKR0F3";

vendor!(Cluster);

fn start() -> Cluster {
    Cluster(Vendor::start(Api::Elasticsearch))
}

impl Cluster {
    /// With these cluster privileges, each role under the name of the privilege.
    fn role(&self, name: &str, privileges: &[&str]) {
        let path = format!("/_security/role/{name}");
        self.put(&path, json!({ "cluster": privileges }))
            .expect(200);
    }

    /// A user with one role that has these privileges.
    fn user(&self, name: &str, privileges: &[&str]) -> Caller {
        self.role(name, privileges);
        let body = json!({ "password": "x-pack-test-password", "roles": [name] });
        self.put(&format!("/_security/user/{name}"), &body)
            .expect(200);
        self.basic(name, "x-pack-test-password")
    }

    fn account(&self, path: &str, body: &Value) -> Value {
        self.put(path, body).expect(200)
    }

    fn token(&self, account: &str, name: &str) -> String {
        let path = format!("{account}/credential/token/{name}");
        text(&self.call(Method::PUT, &path).expect(200), "/token/value")
    }

    fn holding(&self, value: &str) -> Caller {
        self.bearer(value)
    }

    fn opens(&self, value: &str) -> bool {
        match self.holding(value).get("/_security/_authenticate").status {
            200 => true,
            401 => false,
            other => panic!("_authenticate answered {other}"),
        }
    }
}

/// Fails unless this kind of error was answered, in the common shape; returns its reason.
#[track_caller]
fn refused(reply: Reply, status: u16, kind: &str) -> String {
    let body = reply.expect(status);
    assert_eq!(body["error"]["type"], kind, "{body}");
    assert_eq!(body["error"]["root_cause"][0]["type"], kind);
    assert_eq!(body["status"], status);
    text(&body, "/error/reason")
}

fn keys(body: &Value) -> Vec<&String> {
    body.as_object().unwrap().keys().collect()
}
