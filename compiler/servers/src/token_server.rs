//! What every token server can be asked: the same verbs for both kinds of object, and who we are.

use async_trait::async_trait;
use jiff::Timestamp;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::secret::Secret;

use crate::clock::Clock;
use crate::error::{ErrorKind, Result};
use crate::object::BothKinds;
use crate::record::{BeyondReach, Identity, ServerDescription};
use crate::session::Session;

/// The owner that our objects carry on servers that keep owners.
pub const MANAGED_BY: &str = "lanyard";

/// A token server that we are connected to.
#[async_trait]
pub trait TokenServer: BothKinds + Send + Sync {
    /// What this server can do: what its kind declares or, once [`TokenServer::probe`] found that it can do less, that.
    fn capabilities(&self) -> &'static Capabilities;

    /// Asks the server which of its kind's abilities it has (edition, version, feature flags); later calls cost nothing. Servers
    /// that are all alike answer without a call.
    async fn probe(&self) -> Result<&'static Capabilities> {
        Ok(self.capabilities())
    }

    /// The time, as far as the server's clock (the latest `Date` it sent, advanced by the time since) and our own agree.
    fn clock(&self) -> Clock;

    /// What is before this is over.
    fn now(&self) -> Timestamp {
        self.clock().now
    }

    /// The address that was configured.
    fn address(&self) -> String;

    /// The organization that we are in, where the credential alone says it (see [`Capabilities::organization_of_credential`]): by its id,
    /// as the server tells it. `None` where the address says it, and while the server does not tell.
    async fn organization(&self) -> Option<&str> {
        None
    }

    /// Who the credential is that we authenticate with.
    async fn identity(&self) -> Result<Identity>;

    /// What the server says of itself.
    async fn describe(&self) -> Result<ServerDescription>;

    /// Tokens of these accounts (their ids) that work here and that the API cannot touch: they are told and never managed, so no list
    /// has them.
    async fn beyond_reach(&self, accounts: Vec<String>) -> Result<Vec<BeyondReach>> {
        let _ = accounts;
        Ok(Vec::new())
    }

    /// Set where nothing that it tells of an object is other than what another server says of one with the same name.
    fn names_only(&self) -> Option<&dyn NamesOnly> {
        None
    }

    /// Ends what signing in left at the server, at the end of the process.
    async fn sign_out(&self) {}

    /// What this process knows of the server beyond single answers: the engine's, a backend only keeps it.
    fn session(&self) -> &Session;
}

/// What tells such a server from another one.
#[async_trait]
pub trait NamesOnly: Send + Sync {
    /// Whether it lets in who shows this secret. Asking changes nothing.
    async fn lets_in(&self, secret: &Secret) -> Result<bool>;
}

/// The answer to a request that shows a secret, and asks for nothing more.
pub(crate) fn is_let_in<T>(answer: Result<T>) -> Result<bool> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.kind == ErrorKind::SignIn => Ok(false),
        Err(error) => Err(error),
    }
}
