//! A reference server in this process, which its operator calls unless told otherwise.

use std::borrow::Borrow;
use std::ops::Deref;

use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Fault, FaultRule, Options, ReferenceServer, When};
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::support::caller::Caller;
use crate::support::http;

/// A running server, which its operator calls.
pub(crate) struct Vendor {
    pub(crate) server: ReferenceServer,
    pub(crate) operator: Caller,
}

/// A vendor's server, for a test to give words of its own.
macro_rules! vendor {
    ($name:ident) => {
        struct $name(crate::vendor::Vendor);

        impl std::ops::Deref for $name {
            type Target = crate::vendor::Vendor;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}
pub(crate) use vendor;

impl Deref for Vendor {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.operator
    }
}

impl Vendor {
    pub(crate) fn start(api: Api) -> Self {
        Self::with(Options::new(api))
    }

    /// A server that keeps its data in this file.
    pub(crate) fn start_on(api: Api, file: &std::path::Path) -> Self {
        let mut options = Options::new(api);
        options.database = Database::File(file.to_owned());
        Self::with(options)
    }

    pub(crate) fn with(options: Options) -> Self {
        let api = options.api;
        let server = ReferenceServer::start(options).unwrap();
        let client = http::builder().redirect(Policy::none()).build().unwrap();
        let anonymous = Caller::of(&server.url, client);
        let [token, name, password] = [&server.token, &server.username, &server.password]
            .map(|part| part.as_deref().unwrap_or_default());
        let operator = match api {
            Api::Native => anonymous.bearer(token),
            Api::Chronosphere => anonymous.with("api-token", token),
            Api::Splunk => anonymous.with("x-sf-token", token),
            Api::Elasticsearch | Api::OpenObserve => anonymous.basic(name, password),
            // Wants an exchange first, which the tests make when they have set the clock.
            Api::Osmo => anonymous,
        };
        Self { server, operator }
    }

    /// The operator's token, where the vendor has one.
    pub(crate) fn operator_token(&self) -> &str {
        self.server.token.as_deref().unwrap()
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.server.clock().advance_seconds(seconds).unwrap();
    }

    /// The next request with this method and path is done, and its answer is lost.
    pub(crate) fn lose_one_answer(&self, method: &str, path: &str) {
        let rule = FaultRule::new(Fault::Cut { when: When::After });
        let faults = self.server.faults();
        faults.add(rule.on(method, path).times(1)).unwrap();
    }

    /// The next request with this method and path is answered with this status, and nothing is done.
    pub(crate) fn fail_once(&self, method: &str, path: &str, status: u16) {
        let fault = Fault::Status {
            status,
            retry_after: Some(2),
            before_work: true,
        };
        let rule = FaultRule::new(fault).on(method, path).times(1);
        self.server.faults().add(rule).unwrap();
    }

    /// Sets the switches of the vendor's edition, version and defects.
    pub(crate) fn profile(&self, switches: impl Borrow<Value>) {
        let Self { server, operator } = self;
        let secret = server.token.as_ref().or(server.password.as_ref()).unwrap();
        let control = operator.bearer(secret);
        control.put("/-/profile", switches).expect(200);
    }
}
