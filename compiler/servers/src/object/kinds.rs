//! The two kinds: what each answers for itself.

use jiff::Timestamp;
use lanyard_compiler::model::access_token::{OnConflict, Rotation};
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::{Capabilities, ResourceCapabilities};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, State, observe};

use super::{BothKinds, Object, Objects, OneEach};
use crate::record::Filter;

/// What both kinds have.
macro_rules! common {
    () => {
        fn of(server: &dyn BothKinds) -> &dyn Objects<Self> {
            server
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
    };
}

impl Object for ServiceAccount {
    const KIND: Kind = Kind::ServiceAccount;
    type Record = ServiceAccountRecord;

    fn observe(record: &ServiceAccountRecord) -> State {
        observe::service_account(record)
    }

    fn among<'a, E: OneEach>(
        service_accounts: &'a E::Of<ServiceAccount>,
        _: &'a E::Of<AccessToken>,
    ) -> &'a E::Of<Self> {
        service_accounts
    }

    fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities {
        server.service_account_named(&self.name)
    }

    common!();

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

    fn ending(self, _: Option<Timestamp>) -> Self {
        self
    }

    /// Whoever has an address is known by it, under any name.
    fn namesakes(&self) -> Filter {
        Filter {
            name: Some(self.name.clone()).filter(|_| self.email.is_none()),
            ..Filter::default()
        }
    }

    fn is_meant(&self, record: &ServiceAccountRecord) -> bool {
        match (&self.email, &record.email) {
            (Some(wanted), Some(has)) => wanted.trim().eq_ignore_ascii_case(has),
            (Some(_), None) => false,
            (None, _) => record.name == self.name,
        }
    }
}

impl Object for AccessToken {
    const KIND: Kind = Kind::AccessToken;
    type Record = AccessTokenRecord;

    fn observe(record: &AccessTokenRecord) -> State {
        observe::access_token(record)
    }

    fn among<'a, E: OneEach>(
        _: &'a E::Of<ServiceAccount>,
        access_tokens: &'a E::Of<AccessToken>,
    ) -> &'a E::Of<Self> {
        access_tokens
    }

    fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities {
        match self.service_account {
            None => server.access_token_alone(&self.name),
            Some(_) => &server.access_token,
        }
    }

    common!();

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

    fn ending(self, end: Option<Timestamp>) -> Self {
        Self {
            expires_at: end,
            ..self
        }
    }

    fn namesakes(&self) -> Filter {
        Filter {
            name: Some(self.name.clone()),
            service_account: self.service_account.clone(),
            managed_by: None,
        }
    }

    fn is_meant(&self, record: &AccessTokenRecord) -> bool {
        record.name == self.name
    }
}
