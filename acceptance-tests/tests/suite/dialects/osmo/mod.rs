//! NVIDIA OSMO's users and access tokens through its gateway: everything is 200 or 400, tokens end on a day, and taking a
//! role away is for good.

mod gateway;
mod service;
mod tokens;
mod users;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::caller::{Caller, Reply, text};
use crate::vendor::{Vendor, vendor};

const DAY: i64 = 24 * 3600;
const USERS: &str = "/api/auth/user";

vendor!(Osmo);

/// At noon of a known day, so that dates can be written down.
fn start() -> Osmo {
    let mut vendor = Vendor::start(Api::Osmo);
    at_noon(&vendor);
    vendor.operator = vendor.bearer(&exchange(&vendor, vendor.operator_token()));
    Osmo(vendor)
}

fn at_noon(vendor: &Vendor) {
    let noon = "2026-11-22T12:00:00Z".parse().unwrap();
    vendor.server.clock().set(noon).unwrap();
}

fn try_exchange(vendor: &Vendor, secret: &str) -> Reply {
    let body = json!({ "token": secret });
    vendor.anonymous().post("/api/auth/jwt/access_token", &body)
}

fn exchange(vendor: &Vendor, secret: &str) -> String {
    text(&try_exchange(vendor, secret).expect(200), "/token")
}

/// What a JWT says.
fn claims(jwt: &str) -> Value {
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

impl Osmo {
    fn user(&self, id: &str, roles: &[&str]) {
        let body = json!({ "id": id, "roles": roles });
        self.post(USERS, &body).expect(200);
    }

    /// Tries to make a token of the user `svc`; the parameters are a query.
    fn try_token(&self, name: &str, query: &str) -> Reply {
        let path = format!("{USERS}/svc/access_token/{name}{query}");
        self.call(Method::POST, &path)
    }

    fn token(&self, name: &str, query: &str) -> String {
        text(&self.try_token(name, query).expect(200), "")
    }

    fn tokens(&self) -> Value {
        self.get(&format!("{USERS}/svc/access_token")).expect(200)
    }

    /// With an administrator's JWT that has not ended since.
    fn renewed(&self) -> Caller {
        let jwt = exchange(self, self.operator_token());
        self.bearer(&jwt)
    }
}

#[track_caller]
fn refused(reply: Reply, message: &str) {
    let expected = json!({ "message": message, "error_code": "USER", "workflow_id": null });
    assert_eq!(reply.expect(400), expected);
}
