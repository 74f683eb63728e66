//! Settings as somebody gave them: right or wrong, some perhaps not known yet.

use crate::model::server::Api;
use crate::model::state::outline;
use crate::secret::Secret;
use crate::value::Number;

outline! {
    /// The settings that anything is judged by before all of them are known. Of a `Secret` here it only matters whether it stands and
    /// is not empty: any text may come from a sensitive variable.
    pub(super) struct Given {
        pub api: Option<String>,
        pub url: Option<String>,
        pub token: Option<Secret>,
        pub username: Option<Secret>,
        pub password: Option<Secret>,
        pub organization: Option<Secret>,
        pub ca_file: Option<Secret>,
        pub client_certificate: Option<Secret>,
        pub client_key: Option<Secret>,
        pub allow_insecure_http: Option<bool>,
        pub request_timeout: Option<String>,
        pub max_retries: Option<Number>,
        pub max_requests_per_second: Option<Number>,
        pub clock_tolerance: Option<String>,
    }
}

impl Given {
    /// The kind of server that is named, or that silence means. `None` while it is not known, or where there is no such kind.
    pub(super) fn kind(&self) -> Option<Api> {
        if self.api.is_null() {
            return Some(Api::default());
        }
        self.api.value().and_then(|name| Api::parse(name))
    }
}
