//! How to reach a token server: the provider block, and the `server` block of our own documents.

mod address;
mod check;
mod environment;
mod given;

pub use address::{Address, one_spelling};
pub use check::{address, check, check_complete, kind};
pub use environment::{Completed, expected_kind};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lifetime::Lifetime;
use super::server::Api;
use crate::secret::Secret;

/// Which token server to manage, and the credential to do it with. Every setting can also come from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Kind of token server. Default `native`. Environment: `LANYARD_API`.
    pub api: Option<Api>,

    /// Address of the server, for example `https://tokens.example.com`. Environment: `LANYARD_URL`.
    pub url: Option<String>,

    /// Credential to authenticate with. Environment: `LANYARD_TOKEN`.
    #[schemars(extend("x-sensitive" = true))]
    pub token: Option<Secret>,

    /// User name, where the server takes user name and password. Environment: `LANYARD_USERNAME`.
    pub username: Option<String>,

    /// Password that belongs to `username`. Environment: `LANYARD_PASSWORD`.
    #[schemars(extend("x-sensitive" = true))]
    pub password: Option<Secret>,

    /// Organization, tenant or realm on the server, where it has them. Environment: `LANYARD_ORGANIZATION`.
    pub organization: Option<String>,

    /// Path of a PEM file with the certificate authorities to trust, beside the system's. Environment: `LANYARD_CA_FILE`.
    pub ca_file: Option<String>,

    /// Client certificate for mutual TLS: PEM text, or the path of a PEM file. Environment: `LANYARD_CLIENT_CERTIFICATE`.
    pub client_certificate: Option<String>,

    /// Private key of `client_certificate`: PEM text, or the path of a PEM file. Environment: `LANYARD_CLIENT_KEY`.
    #[schemars(extend("x-sensitive" = true))]
    pub client_key: Option<Secret>,

    /// Allows plain http to a host that is not this machine: the credential then crosses the network in clear text. Default false.
    /// Environment: `LANYARD_ALLOW_INSECURE_HTTP`.
    pub allow_insecure_http: Option<bool>,

    /// How long one request may take. Default `"30s"`. Environment: `LANYARD_REQUEST_TIMEOUT`.
    pub request_timeout: Option<Lifetime>,

    /// How often a request that failed for a passing reason is repeated. Default 4. Environment: `LANYARD_MAX_RETRIES`.
    pub max_retries: Option<u32>,

    /// Upper limit of requests per second to this server; none by default. Environment: `LANYARD_MAX_REQUESTS_PER_SECOND`.
    pub max_requests_per_second: Option<u32>,

    /// How far the server's clock may be from this machine's. Beyond that nothing is taken for due or expired unless it is so by both
    /// clocks. Default `"5m"`. Environment: `LANYARD_CLOCK_TOLERANCE`.
    pub clock_tolerance: Option<Lifetime>,
}
