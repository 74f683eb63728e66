//! What the engine and the coalescing reader need to know of both kinds of object alike, and the verbs that a server has for each.
//!
//! Backends own requests and nothing else. They never retry (the one http client does), never wait, and never decide about a
//! lifecycle (the engine does): each verb is one deed on the server, told truthfully.

mod kinds;

use async_trait::async_trait;
use jiff::Timestamp;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::access_token::{OnConflict, Rotation};
use lanyard_compiler::model::record::Former;
use lanyard_compiler::model::server::{Capabilities, ResourceCapabilities};
use lanyard_compiler::model::{self, AccessToken, GracePeriod, Kind, ServiceAccount, State};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use serde::de::DeserializeOwned;

use crate::error::{Result, ServerError};
use crate::record::{Cursor, Filter, Record};
use crate::shown::Shown;

/// A kind of object, as the configuration describes it.
pub trait Object:
    Clone + std::fmt::Debug + PartialEq + DeserializeOwned + Send + Sync + 'static
{
    const KIND: Kind;
    /// What a server says of it.
    type Record: Record;

    /// Reads a wholly known value of the kind's schema.
    fn decode(value: &Value) -> Result<Self, Diagnostic> {
        model::decode(value)
    }
    /// The state that a record makes, without anything local.
    fn observe(record: &Self::Record) -> State;
    /// This kind's verbs of a server.
    fn of(server: &dyn BothKinds) -> &dyn Objects<Self>;
    /// This kind's of what there is one of for each kind.
    fn among<'a, E: OneEach>(
        service_accounts: &'a E::Of<ServiceAccount>,
        access_tokens: &'a E::Of<AccessToken>,
    ) -> &'a E::Of<Self>;

    /// What a server can do with such an object.
    fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities;

    fn name(&self) -> &str;
    fn on_conflict(&self) -> OnConflict;
    fn rotation(&self) -> Option<&Rotation>;
    /// The age public key that secrets are encrypted for.
    fn recipient(&self) -> Option<&str>;
    /// This object without anything that no server keeps: what decides whether an update needs a call.
    fn without_local(&self) -> Self;
    /// True if creating this could have made that: what is left to the server here may be anything there.
    fn could_have_made(&self, made: &Self) -> bool;
    /// This, with what it leaves to the server as it is in `current`.
    fn filled_from(&self, current: &Self) -> Self;
    /// This, to end then; as it is where this kind has no end.
    fn ending(self, end: Option<Timestamp>) -> Self;
    /// What finds the objects that this one could clash with.
    fn namesakes(&self) -> Filter;
    /// True for what is on the server under the very name, or address, that this is to have.
    fn is_meant(&self, record: &Self::Record) -> bool;
}

/// Judges what the server says of an object just before it is changed; an error leaves the object as it is.
pub type Judge<'a, R> = &'a (dyn Fn(&R) -> Result<()> + Send + Sync);

/// The judge for whom the object may be as it likes.
pub fn anything<R>(_: &R) -> Result<()> {
    Ok(())
}

/// Something that there is one of for each kind of object.
pub trait OneEach {
    type Of<O: Object>: 'static;
}

/// The verbs for both kinds.
pub trait BothKinds: Objects<ServiceAccount> + Objects<AccessToken> {}

impl<S: Objects<ServiceAccount> + Objects<AccessToken>> BothKinds for S {}

/// The verbs for one kind of object. Servers without that kind answer each with [`crate::ErrorKind::Unsupported`].
#[async_trait]
pub trait Objects<O: Object>: Send + Sync {
    /// The object, or `None` if the server says for certain that it does not exist. Never answered from a list that may lag.
    async fn read(&self, id: &str) -> Result<Option<O::Record>>;

    /// One page of the objects that pass the filter, from the beginning without a cursor. Lists may lag behind: absence here is
    /// no proof.
    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<O>>;

    /// The objects of these accounts that pass the filter, where servers list by account and a list of all begins with the accounts;
    /// `None` elsewhere.
    async fn of_accounts(&self, _: Vec<String>, _: &Filter) -> Result<Option<Page<O>>> {
        Ok(None)
    }

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
    async fn create(&self, desired: &O) -> Result<Issued<O>>;

    /// Says that the creator has the answer to its creation, where the server keeps marks of it (see [`crate::Origin`]): from then on
    /// nobody takes the object for a leftover. `None` where there is nothing to say.
    async fn claim(&self, id: &str) -> Result<Option<O::Record>> {
        let _ = id;
        Ok(None)
    }

    /// Does what one request could not do when `made` was created or got its secret. `None` if nothing is left to do.
    async fn finish(&self, made: &O::Record, desired: &O) -> Result<Option<O::Record>, Unfinished> {
        let _ = (made, desired);
        Ok(None)
    }

    /// Brings the object from what it was to what is desired, in place. Repeating it is harmless. What also writes what it does not
    /// change reads the object first, and has that judged.
    async fn update(
        &self,
        id: &str,
        current: &O,
        desired: &O,
        judge: Judge<'_, O::Record>,
    ) -> Result<O::Record>;

    /// Issues a new secret, once the object as it is has been judged; the id stays. [`crate::ErrorKind::Overtaken`] if somebody else was quicker, which the server says itself if
    /// it takes conditions or gives each secret a name of its own; elsewhere a look before and after tells. With two slots each old secret's own object stays too, and [`Issued::retired`] names them;
    /// what an interrupted rotation left under the next slot's name is removed first.
    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<O>,
        judge: Judge<'_, O::Record>,
    ) -> Result<Issued<O>>;

    /// Takes over an object that another tool, or nobody, manages, and gives it the desired settings; only after the user said
    /// `adopt`. Its secret stays what it is.
    async fn adopt(&self, id: &str, current: &O, desired: &O) -> Result<O::Record> {
        self.update(id, current, desired, &anything).await
    }

    /// Deletes (revokes) the object, or does what the capabilities say comes nearest. Already gone is success, or
    /// [`crate::ErrorKind::Gone`] where anything on the way may have said so: then the engine looks.
    async fn delete(&self, id: &str) -> Result<()>;

    /// Ends the server's own grace period of the secret before the last rotation. Nothing to end is success.
    async fn revoke_previous(&self, id: &str) -> Result<()> {
        let _ = id;
        Ok(())
    }
}

/// The answer to a create or a rotation: the only answers that bring a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued<O: Object> {
    /// What the server says of the object; its `token` is left empty here.
    pub record: O::Record,
    /// `None` where this kind of object has no secret of its own.
    pub secret: Option<Secret>,
    /// What a rotation with two slots left alive: the objects that hold old secrets, the one just replaced first. What becomes of them
    /// is the engine's to decide.
    pub retired: Vec<Former>,
}

impl<O: Object> Issued<O> {
    /// Without any other object that it leaves alive.
    pub fn alone(record: O::Record, secret: Option<Secret>) -> Self {
        Self {
            record,
            secret,
            retired: Vec::new(),
        }
    }
}

/// An object that a list has and that nobody understands here, as far as it has a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    pub id: Option<String>,
    pub name: Option<String>,
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<O: Object> {
    pub records: Vec<O::Record>,
    /// What is there as well.
    pub unreadable: Vec<Unreadable>,
    /// `None` on the last page.
    pub next: Option<Cursor>,
}

impl<O: Object> Page<O> {
    /// All there is.
    pub(crate) fn whole(records: Vec<O::Record>) -> Self {
        Self::read(records, None)
    }

    /// One of which everything could be read.
    pub(crate) fn read(records: Vec<O::Record>, next: Option<Cursor>) -> Self {
        Self {
            records,
            unreadable: Vec::new(),
            next,
        }
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

impl<O: Object> RotateRequest<O> {
    /// For the secret that the server has now.
    pub fn of(
        record: &O::Record,
        current: O,
        desired: O,
        grace_period: Option<GracePeriod>,
    ) -> Self {
        Self {
            current,
            desired,
            grace_period,
            generation: record.generation().unwrap_or(1).saturating_add(1),
            seen: Seen {
                generation: record.generation(),
                issued_at: record.issued_at(),
                secret: None,
                shown: Shown::now(record),
            },
        }
    }
}

/// What was seen of a secret when its rotation was decided; the default is nothing, and then whatever is there is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub generation: Option<i64>,
    pub issued_at: Option<Timestamp>,
    /// The secret itself, if it was ours and the server's.
    pub secret: Option<Secret>,
    /// What the server showed of it, whosever it was.
    pub(crate) shown: Option<Shown>,
}

impl Seen {
    /// True if what the server shows of its secret is certainly of another one than what was seen.
    pub(crate) fn is_gone_from<R: Record>(&self, record: &R) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| shown.is_gone_from(record))
    }

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
