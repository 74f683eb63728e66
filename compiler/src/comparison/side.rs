//! One server of a configuration, as far as planning goes.

use crate::delivery::Place;
use crate::diagnostic::Diagnostic;
use crate::model::server::{Api, Capabilities, capabilities};
use crate::model::settings::one_spelling;
use crate::plan::in_use::InUse;
use crate::plan::inventory::Inventory;
use crate::secret::Secret;

/// A provider of the configuration and what its server has.
pub struct Side {
    /// The provider configuration, as the user names it.
    pub provider: String,
    pub server: Server,
    /// Empty while the server is not known.
    pub url: String,
    pub organization: Option<String>,
    /// The one that the credential is of, where the server says it and the address does not.
    pub told_organization: Option<String>,
    /// What we sign in with: on some servers this alone says in which organization we are.
    pub credential: Option<Secret>,
    /// What it has; empty while the server is not known.
    pub inventory: Inventory,
    /// The credential that we sign in with; `None` if the server does not say who it is.
    pub in_use: Option<InUse>,
    /// A complaint that belongs to no single resource.
    pub note: Option<Diagnostic>,
}

/// `url` of a provider is not known before something else is applied, as a sentence without its end.
pub fn settings_not_known(unknown: &[String], provider: &str) -> String {
    let names: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let are = if unknown.len() == 1 { "is" } else { "are" };
    let names = names.join(" and ");
    format!("{names} of {provider} {are} not known before something else is applied")
}

/// Which of the sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SideIndex(pub usize);

/// What is known of a server.
pub enum Server {
    Known(&'static Capabilities),
    /// Some settings are not known before something else is applied.
    NotKnown {
        api: Option<Api>,
        unknown: Vec<String>,
    },
    /// No resource needs it.
    Unused,
}

impl Side {
    pub fn capabilities(&self) -> Option<&'static Capabilities> {
        match &self.server {
            Server::Known(known) => Some(known),
            Server::NotKnown { api, .. } => api.map(capabilities),
            Server::Unused => None,
        }
    }

    /// Its organization, as surely as it is known.
    pub(super) fn told_or_configured(&self) -> Option<&str> {
        let told = self.told_organization.as_deref();
        told.or(self.organization.as_deref())
    }

    /// Where its secrets are.
    pub fn place(&self) -> Place {
        Place::new(&self.url, self.organization.clone()).told(self.told_organization.clone())
    }

    /// True if two providers lead to one server, so that what one of them declares is there for the other too: by one address, or by
    /// several host names, where they list the same objects.
    pub(super) fn is_same_server(&self, other: &Self) -> bool {
        self.has_same_address(other) || self.lists_the_same(other)
    }

    pub(super) fn lists_the_same(&self, other: &Self) -> bool {
        let is_one_api = matches!(
            (&self.server, &other.server),
            (Server::Known(one), Server::Known(other)) if one.api == other.api
        );
        is_one_api && self.inventory.overlaps(&other.inventory)
    }

    pub(super) fn has_same_address(&self, other: &Self) -> bool {
        let place = |side: &Self| one_spelling(&side.url);
        let organizations_differ = matches!(
            (self.told_or_configured(), other.told_or_configured()),
            (Some(one), Some(other)) if one != other
        );
        self.api() == other.api() && place(self) == place(other) && !organizations_differ
    }

    /// Likewise, and surely: with one address, two credentials may be of two organizations.
    pub(super) fn is_surely_same_server(&self, other: &Self) -> bool {
        let Server::Known(server) = self.server else {
            return false;
        };
        let is_one_organization = !server.organization_of_credential
            || self.credential.is_some() && self.credential == other.credential;
        matches!(other.server, Server::Known(_))
            && is_one_organization
            && self.has_same_address(other)
    }

    /// The name of the API that it speaks; empty while that is not known.
    pub fn api(&self) -> &'static str {
        self.capabilities().map_or("", |known| known.api.name())
    }
}
