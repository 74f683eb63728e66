//! The APIs the server can speak, all over the one store. A new one is a file (or folder) here, its `mod` line and
//! its line in [`dialects!`].

mod chronosphere;
mod elasticsearch;
mod native;
mod openobserve;
mod osmo;
mod splunk;

use std::fmt;
use std::str::FromStr;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use crate::serving::call::{Answer, Call};
use crate::serving::server::Server;
use crate::store::{Store, StoreError};

/// What a server must know to speak one API.
pub(crate) trait Dialect: Sync {
    /// Answers a request. The store is locked for as long as this runs.
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer;

    /// Says in the API's own form that the server does not get to the work.
    fn failure(&self, failure: &Failure) -> Answer;

    /// The route that a request means, with placeholders, for the counters.
    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str>;

    /// The largest body that it reads, in bytes.
    fn body_limit(&self) -> usize {
        1024 * 1024
    }

    /// The API as an OpenAPI document, where it has one.
    fn description(&self) -> Option<Value> {
        None
    }

    /// Puts into the store what every deployment of this vendor starts with.
    fn prepare(&self, _store: &Store, _now: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    /// How the operator signs in, given the secret that was minted for this start.
    fn credentials(&self, operator_secret: &str) -> Credentials;
}

/// Reasons before any work that are the same for every API.
pub(crate) enum Failure {
    /// The body has more bytes than the limit.
    BodyTooLarge { limit: usize },
    /// The caller asks more often than `--rate-limit` allows.
    RateLimited { retry_after: u64 },
    /// A fault rule wants this status.
    Fault {
        status: StatusCode,
        retry_after: Option<u64>,
    },
}

/// How to sign in; `None` where the API has no such thing.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) token: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) organization: Option<String>,
}

/// What an endpoint's function gets to see.
struct Context<'a, Caller> {
    server: &'a Server,
    store: &'a Store,
    call: &'a Call,
    /// The variable pieces of the path, decoded once.
    pieces: Vec<String>,
    /// Who asks; what the route needs is already granted.
    caller: Caller,
}

impl<Caller> Context<'_, Caller> {
    /// A variable piece of the path.
    fn piece(&self, index: usize) -> &str {
        self.pieces.get(index).map_or("", String::as_str)
    }

    /// The values of a query parameter, in order.
    fn parameter<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = String> + 'a {
        let parameters = self.call.parameters();
        let values = parameters.filter(move |(name, _)| name == wanted);
        values.map(|(_, value)| value.into_owned())
    }
}

/// Whether a server that reads nothing but JSON takes the body: it does not when that is said to be something else. With the switch
/// `{"any_media_type": true}` it takes whatever turns out to be JSON.
fn takes(server: &Server, call: &Call) -> bool {
    server.profile.is_on("any_media_type") || call.may_be_json()
}

macro_rules! dialects {
    ($($(#[$documentation:meta])* $variant:ident = $name:literal => $dialect:expr;)*) => {
        /// An API the server can speak.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Api {
            $($(#[$documentation])* $variant,)*
        }

        impl Api {
            /// Every API there is.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Its description as an OpenAPI document, where it has one.
            #[must_use]
            pub fn description(self) -> Option<Value> {
                self.dialect().description()
            }

            pub(crate) fn dialect(self) -> &'static dyn Dialect {
                match self {
                    $(Self::$variant => &$dialect,)*
                }
            }
        }
    };
}

dialects! {
    /// The open token server API.
    Native = "native" => native::Native;
    /// Chronosphere's Config API v1: service accounts and teams.
    Chronosphere = "chronosphere" => chronosphere::Chronosphere;
    /// Elasticsearch's service accounts and service tokens.
    Elasticsearch = "elasticsearch" => elasticsearch::Elasticsearch;
    /// OpenObserve's service accounts and ingestion tokens, and token exchange through Dex.
    OpenObserve = "openobserve" => openobserve::OpenObserve;
    /// NVIDIA OSMO's users and access tokens.
    Osmo = "osmo" => osmo::Osmo;
    /// Splunk Observability Cloud's org tokens.
    Splunk = "splunk" => splunk::Splunk;
}

impl fmt::Display for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Api {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .find(|api| api.name() == name)
            .copied()
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|api| api.name()).collect();
                format!(
                    "there is no API named {name:?}; known: {}",
                    known.join(", ")
                )
            })
    }
}
