//! The two kinds of resource that Lanyard manages.

use std::fmt;

use super::server::{Capabilities, ResourceCapabilities};
use super::state::Outline;
use super::words::words;
use crate::value::Value;

words! {
    /// A kind of managed resource.
    // In the order in which they are created.
    pub enum Kind in "lanyard_" {
        ServiceAccount = "service_account",
        AccessToken = "access_token",
    }
}

impl Kind {
    /// The name in sentences: `service account`.
    pub fn title(self) -> &'static str {
        match self {
            Self::ServiceAccount => "service account",
            Self::AccessToken => "access token",
        }
    }

    /// The kind with this Terraform type name.
    pub fn from_type_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.type_name() == name)
    }

    /// What a server can do with an object of this kind that is configured so: access tokens that belong to no account may differ.
    pub fn capabilities_for<'a>(
        self,
        server: &'a Capabilities,
        config: &Value,
    ) -> &'a ResourceCapabilities {
        Outline::of(config).capabilities(self, server)
    }

    /// Likewise, by its name, and whether it belongs to no account.
    pub fn capabilities_of<'a>(
        self,
        server: &'a Capabilities,
        name: &str,
        alone: bool,
    ) -> &'a ResourceCapabilities {
        match self {
            Self::ServiceAccount => server.service_account_named(name),
            Self::AccessToken if alone => server.access_token_alone(name),
            Self::AccessToken => &server.access_token,
        }
    }

    /// What a server can do with this kind.
    pub fn capabilities(self, server: &Capabilities) -> &ResourceCapabilities {
        match self {
            Self::ServiceAccount => &server.service_account,
            Self::AccessToken => &server.access_token,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
