//! What every token server can be asked: the same verbs for both kinds of object, and who we are.
//!
//! Backends own requests and nothing else. They never retry (the one http client does), never wait, and never decide about a
//! lifecycle (the engine does): each verb is one deed on the server, told truthfully.

use async_trait::async_trait;
use jiff::Timestamp;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::{AccessToken, GracePeriod, ServiceAccount};
use lanyard_compiler::secret::Secret;

use crate::clock::Clock;
use crate::error::ServerError;
use crate::object::Object;
use crate::record::{BeyondReach, Cursor, Filter, Identity, Issued, Page, ServerDescription};
use crate::session::Session;

/// The owner that our objects carry on servers that keep owners.
pub const MANAGED_BY: &str = "lanyard";

/// A token server that we are connected to.
#[async_trait]
pub trait TokenServer: Objects<ServiceAccount> + Objects<AccessToken> + Send + Sync {
    /// What this server can do: what its kind declares or, once [`TokenServer::probe`] found that it can do less, that.
    fn capabilities(&self) -> &'static Capabilities;

    /// Asks the server which of its kind's abilities it has (edition, version, feature flags); later calls cost nothing. Servers
    /// that are all alike answer without a call.
    async fn probe(&self) -> Result<&'static Capabilities, ServerError> {
        Ok(self.capabilities())
    }

    /// The time, as far as the server's clock (the latest `Date` it sent, advanced by the time since) and our own agree.
    fn clock(&self) -> Clock;

    /// What is before this is over.
    fn now(&self) -> Timestamp {
        self.clock().now
    }

    /// Who the credential is that we authenticate with.
    async fn identity(&self) -> Result<Identity, ServerError>;

    /// What the server says of itself.
    async fn describe(&self) -> Result<ServerDescription, ServerError>;

    /// Tokens that work here and that the API cannot touch: they are told and never managed, so no list has them.
    async fn beyond_reach(&self) -> Result<Vec<BeyondReach>, ServerError> {
        Ok(Vec::new())
    }

    /// True if objects carry the name of the tool that manages them; elsewhere nothing tells ours from those of others.
    fn keeps_owners(&self) -> bool {
        false
    }

    /// What this process knows of the server beyond single answers: the engine's, a backend only keeps it.
    fn session(&self) -> &Session;
}

/// The verbs for one kind of object. Servers without that kind answer each with [`crate::ErrorKind::Unsupported`].
#[async_trait]
pub trait Objects<O: Object>: Send + Sync {
    /// The object, or `None` if the server says for certain that it does not exist. Never answered from a list that may lag.
    async fn read(&self, id: &str) -> Result<Option<O::Record>, ServerError>;

    /// One page of the objects that pass the filter, from the beginning without a cursor. Lists may lag behind: absence here is
    /// no proof.
    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<O>, ServerError>;

    /// Where a list ends whether there is more or not: after so many objects.
    fn lists_at_most(&self) -> Option<usize> {
        None
    }

    /// The narrowest filter that holds everything this tool made, for reading many objects at once.
    fn ours(&self) -> Filter {
        Filter::default()
    }

    /// The account whose list holds this object, where a list is always that of one account: then its other objects come with it.
    fn listed_with<'a>(&self, id: &'a str) -> Option<&'a str> {
        let _ = id;
        None
    }

    /// True if records say when their object was created. Where they do not, the engine looks before it creates: afterwards
    /// nothing could tell what was there before.
    fn dates_creation(&self) -> bool {
        true
    }

    /// Creates an object. A taken name is [`crate::ErrorKind::Conflict`], however the server words it; an unknown outcome is
    /// [`crate::ErrorKind::Ambiguous`]. Returns as soon as there is a secret to keep: what is left to do then is the engine's
    /// to ask for with [`Objects::finish`].
    async fn create(&self, desired: &O) -> Result<Issued<O>, ServerError>;

    /// Says that the creator has the answer to its creation, where the server keeps marks of it (see [`crate::Origin`]): from then on
    /// nobody takes the object for a leftover. `None` where there is nothing to say.
    async fn claim(&self, id: &str) -> Result<Option<O::Record>, ServerError> {
        let _ = id;
        Ok(None)
    }

    /// Does what one request could not do when `made` was created or got its secret. `None` if nothing is left to do.
    async fn finish(&self, made: &O::Record, desired: &O) -> Result<Option<O::Record>, Unfinished> {
        let _ = (made, desired);
        Ok(None)
    }

    /// Brings the object from what it was to what is desired, in place. Repeating it is harmless.
    async fn update(&self, id: &str, current: &O, desired: &O) -> Result<O::Record, ServerError>;

    /// Issues a new secret; the id stays. [`crate::ErrorKind::Overtaken`] if somebody else was quicker, which the server says itself if
    /// it takes conditions or gives each secret a name of its own; elsewhere a look before and after tells. With two slots the old secret's own object stays too, and [`Issued::retired`] names it;
    /// what an interrupted rotation left under the next slot's name is removed first.
    async fn rotate(&self, id: &str, request: &RotateRequest<O>) -> Result<Issued<O>, ServerError>;

    /// Takes over an object that another tool, or nobody, manages, and gives it the desired settings; only after the user said
    /// `adopt`. Its secret stays what it is.
    async fn adopt(&self, id: &str, current: &O, desired: &O) -> Result<O::Record, ServerError> {
        self.update(id, current, desired).await
    }

    /// Deletes (revokes) the object, or does what the capabilities say comes nearest. Already gone is success.
    async fn delete(&self, id: &str) -> Result<(), ServerError>;

    /// Ends the server's own grace period of the secret before the last rotation. Nothing to end is success.
    async fn revoke_previous(&self, id: &str) -> Result<(), ServerError> {
        let _ = id;
        Ok(())
    }
}

/// How a secret is to be replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct RotateRequest<O> {
    pub current: O,
    /// What the object is to be afterwards. Only what comes with a new secret counts here: its end, and what only a new secret
    /// can carry; everything else is an update.
    pub desired: O,
    /// How long the old secret stays valid; `None` ends it at once.
    pub grace_period: Option<GracePeriod>,
    /// The count of the new secret; names the next slot where there are two.
    pub generation: i64,
    /// The secret that is to be replaced, and no later one.
    pub seen: Seen,
}

/// What was seen of a secret when its rotation was decided; the default is nothing, and then whatever is there is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub generation: Option<i64>,
    pub issued_at: Option<Timestamp>,
    /// The secret itself, if it was ours and the server's.
    pub secret: Option<Secret>,
}

impl Seen {
    /// True if the server's secret was certainly issued later. What only one side tells says nothing.
    pub(crate) fn is_before(&self, generation: Option<i64>, issued_at: Option<Timestamp>) -> bool {
        fn later<T: PartialOrd>(seen: Option<T>, now: Option<T>) -> bool {
            seen.zip(now).is_some_and(|(seen, now)| now > seen)
        }
        later(self.generation, generation) || later(self.issued_at, issued_at)
    }
}

/// A later step of a creation or rotation that failed.
#[derive(Clone, Debug)]
pub struct Unfinished {
    pub error: ServerError,
    /// True if the object has more power than was asked for until the step is done: then it must not stay.
    pub restricting: bool,
}
