//! What servers say: of their objects, whichever kind they are, of whom a credential is, and of themselves.

use jiff::Timestamp;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::secret::Secret;

use crate::origin::Origin;

pub use lanyard_compiler::model::identity::{
    Identity, IdentityToken, Reference, ServerDescription,
};
pub use lanyard_compiler::plan::token_list::BeyondReach;

/// What both kinds of record have.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
    fn created_at(&self) -> Option<Timestamp>;
    /// Of an account that the server gives an address.
    fn email(&self) -> Option<&str> {
        None
    }
    fn issued_at(&self) -> Option<Timestamp> {
        None
    }
    /// What the secret cannot be older than, where the server does not date it.
    fn issued_not_before(&self) -> Option<Timestamp> {
        None
    }
    fn last_used_at(&self) -> Option<Timestamp>;
    fn managed_by(&self) -> Option<&str>;
    /// Where its manager keeps its records of it: see [`crate::Origin`].
    fn origin(&self) -> Option<&str>;
    /// The same, where its creator had the answer: nobody waits for that any more.
    fn claimed_by(&self) -> Option<&str> {
        self.origin().filter(|mark| Origin::is_of_claimed(mark))
    }
    /// How the current secret begins, where the server shows that much.
    fn secret_prefix(&self) -> Option<&str>;
    /// The server's own count of secrets.
    fn generation(&self) -> Option<i64> {
        None
    }
    /// The secret, where the server shows it.
    fn secret(&self) -> Option<&Secret>;
    /// Takes it out.
    fn take_secret(&mut self) -> Option<Secret>;
}

/// Where a list goes on; opaque to everybody but the backend that made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);

/// Narrows a list. A backend hands to its server what the server understands and drops the rest of the answer itself, so that a
/// page never holds what was not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Exactly this name.
    pub name: Option<String>,
    /// Tokens of this service account's id; meaningless for accounts.
    pub service_account: Option<String>,
    /// Only what this tool owns, where the server keeps owners; elsewhere everything passes.
    pub managed_by: Option<String>,
}

/// What both kinds of record call the same.
macro_rules! common {
    () => {
        fn id(&self) -> &str {
            &self.id
        }

        fn name(&self) -> &str {
            &self.name
        }

        fn created_at(&self) -> Option<Timestamp> {
            self.created_at
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

        fn secret(&self) -> Option<&Secret> {
            self.token.as_ref()
        }

        fn take_secret(&mut self) -> Option<Secret> {
            self.token.take()
        }
    };
}

impl Record for ServiceAccountRecord {
    common!();

    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

impl Record for AccessTokenRecord {
    common!();

    fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }

    fn issued_not_before(&self) -> Option<Timestamp> {
        self.issued_not_before
    }

    fn generation(&self) -> Option<i64> {
        self.generation
    }
}
