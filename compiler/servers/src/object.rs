//! What the engine and the coalescing reader need to know of both kinds of object alike.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::access_token::{OnConflict, Rotation};
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::{Capabilities, ResourceCapabilities};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, decode, observe};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::coalesce::Reads;
use crate::record::Filter;
use crate::session::Session;
use crate::token_server::{Objects, TokenServer};

/// A kind of object, as the configuration describes it.
pub trait Object: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    const KIND: Kind;
    /// What a server says of it.
    type Record: Record;

    /// Reads a wholly known value of the kind's schema.
    fn decode(value: &Value) -> Result<Self, Vec<Diagnostic>>;
    /// The state that a record makes, without anything local.
    fn observe(record: &Self::Record) -> Value;
    /// This kind's verbs of a server.
    fn of(server: &dyn TokenServer) -> &dyn Objects<Self>;
    /// What was read of this kind.
    fn reads(session: &Session) -> &Reads<Self>;

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
    /// What finds the objects that this one could clash with.
    fn namesakes(&self) -> Filter;
}

/// What both kinds of record have.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
    fn created_at(&self) -> Option<Timestamp>;
    fn issued_at(&self) -> Option<Timestamp>;
    fn last_used_at(&self) -> Option<Timestamp>;
    fn managed_by(&self) -> Option<&str>;
    /// Where its manager keeps its records of it: see [`crate::Origin`].
    fn origin(&self) -> Option<&str>;
    /// How the current secret begins, where the server shows that much.
    fn secret_prefix(&self) -> Option<&str>;
    /// The server's own count of secrets.
    fn generation(&self) -> Option<i64>;
    /// Takes the secret out, where the server shows it.
    fn take_secret(&mut self) -> Option<Secret>;
}

impl Object for ServiceAccount {
    const KIND: Kind = Kind::ServiceAccount;
    type Record = ServiceAccountRecord;

    fn decode(value: &Value) -> Result<Self, Vec<Diagnostic>> {
        decode::service_account(value)
    }

    fn observe(record: &ServiceAccountRecord) -> Value {
        observe::service_account(record)
    }

    fn of(server: &dyn TokenServer) -> &dyn Objects<Self> {
        server
    }

    fn reads(session: &Session) -> &Reads<Self> {
        &session.service_accounts
    }

    fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities {
        server.service_account_named(&self.name)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn on_conflict(&self) -> OnConflict {
        self.on_conflict
    }

    fn rotation(&self) -> Option<&Rotation> {
        self.rotation.as_ref()
    }

    fn recipient(&self) -> Option<&str> {
        None
    }

    fn without_local(&self) -> Self {
        Self {
            unrestricted: None,
            on_conflict: OnConflict::default(),
            rotation: None,
            ..self.clone()
        }
    }

    fn could_have_made(&self, made: &Self) -> bool {
        self.filled_from(made).without_local() == made.without_local()
    }

    fn filled_from(&self, current: &Self) -> Self {
        Self {
            slug: self.slug.clone().or_else(|| current.slug.clone()),
            email: self.email.clone().or_else(|| current.email.clone()),
            ..self.clone()
        }
    }

    fn namesakes(&self) -> Filter {
        Filter {
            name: Some(self.name.clone()),
            ..Filter::default()
        }
    }
}

impl Object for AccessToken {
    const KIND: Kind = Kind::AccessToken;
    type Record = AccessTokenRecord;

    fn decode(value: &Value) -> Result<Self, Vec<Diagnostic>> {
        decode::access_token(value)
    }

    fn observe(record: &AccessTokenRecord) -> Value {
        observe::access_token(record)
    }

    fn of(server: &dyn TokenServer) -> &dyn Objects<Self> {
        server
    }

    fn reads(session: &Session) -> &Reads<Self> {
        &session.access_tokens
    }

    fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities {
        match self.service_account {
            None => server.access_token_alone(&self.name),
            Some(_) => &server.access_token,
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn on_conflict(&self) -> OnConflict {
        self.on_conflict
    }

    fn rotation(&self) -> Option<&Rotation> {
        self.rotation.as_ref()
    }

    fn recipient(&self) -> Option<&str> {
        self.recipient.as_deref()
    }

    fn without_local(&self) -> Self {
        Self {
            ttl: None,
            on_conflict: OnConflict::default(),
            recipient: None,
            rotation: None,
            ..self.clone()
        }
    }

    fn could_have_made(&self, made: &Self) -> bool {
        let mut expected = self.filled_from(made);
        if self.ttl.is_some() {
            // Counted from a moment that only the server knows.
            expected.expires_at = made.expires_at;
        }
        expected.without_local() == made.without_local()
    }

    fn filled_from(&self, current: &Self) -> Self {
        Self {
            roles: self.roles.clone().or_else(|| current.roles.clone()),
            scopes: self.scopes.clone().or_else(|| current.scopes.clone()),
            ..self.clone()
        }
    }

    fn namesakes(&self) -> Filter {
        Filter {
            name: Some(self.name.clone()),
            service_account: self.service_account.clone(),
            managed_by: None,
        }
    }
}

impl Record for ServiceAccountRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    fn issued_at(&self) -> Option<Timestamp> {
        None
    }

    fn last_used_at(&self) -> Option<Timestamp> {
        self.last_used_at
    }

    fn managed_by(&self) -> Option<&str> {
        self.managed_by.as_deref()
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn secret_prefix(&self) -> Option<&str> {
        self.secret_prefix.as_deref()
    }

    fn generation(&self) -> Option<i64> {
        None
    }

    fn take_secret(&mut self) -> Option<Secret> {
        self.token.take()
    }
}

impl Record for AccessTokenRecord {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }

    fn last_used_at(&self) -> Option<Timestamp> {
        self.last_used_at
    }

    fn managed_by(&self) -> Option<&str> {
        self.managed_by.as_deref()
    }

    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn secret_prefix(&self) -> Option<&str> {
        self.secret_prefix.as_deref()
    }

    fn generation(&self) -> Option<i64> {
        self.generation
    }

    fn take_secret(&mut self) -> Option<Secret> {
        self.token.take()
    }
}
