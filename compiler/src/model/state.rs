//! What a resource's state says, with a type for everything that a decision looks at: the one bridge between the values of the edges
//! (Terraform's wire, documents, reviews) and planning and the engine. What nobody decides by, such as a description or limits,
//! travels along as the schema describes it.

mod form;
mod outline;
mod part;
mod written;

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use jiff::Timestamp;

pub use form::{Form, Loose, Open, Planned, Rough, Seen, Shown, Stored};
pub(crate) use outline::outline;
pub use outline::{Outline, Roles};
pub(crate) use part::unreadable;
pub use part::{Part, Unreadable};
pub use written::Written;

use super::access_token::{OnConflict, Status, VisibilityLevel};
use super::facts;
use super::kind::Kind;
use super::lifetime::{GracePeriod, Lifetime};
use super::server::{Capabilities, ResourceCapabilities};
use super::service_account::Permission;
use crate::diagnostic::Diagnostic;
use crate::secret::Secret;
use crate::value::{Entries, Value};

/// Declares attributes once: the struct, how it is read from an object and how it is written into one.
macro_rules! attributes {
    ($(#[$about:meta])* pub struct $name:ident<F> { $($(#[$doc:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name<F: Form = Stored> {
            $($(#[$doc])* pub $field: F::Of<$kind>,)*
        }

        impl<F: Form> $name<F> {
            /// The names of its attributes.
            pub const NAMES: &[&str] = &[$(stringify!($field)),*];

            fn read_from(object: &Value) -> Result<Self, Unreadable> {
                Ok(Self {
                    $($field: Part::read(object.get(stringify!($field)))
                        .map_err(|problem| problem.inside(stringify!($field)))?,)*
                })
            }

            /// Sets those that the object has.
            fn write_into(&self, object: &mut Entries) {
                let Self { $($field),* } = self;
                $(if let Some(place) = object.get_mut(stringify!($field)) {
                    *place = $field.write();
                })*
            }
        }

        impl Default for $name {
            /// Everything is null.
            fn default() -> Self {
                Self { $($field: None),* }
            }
        }
    };
}

attributes! {
    /// The attributes of both kinds of resource by which anything is decided. What a kind does not have is `None`.
    pub struct Attributes<F> {
        /// Null where only the configuration could know it, and has not said so yet.
        pub name: Option<String>,
        pub email: Option<String>,
        pub service_account: Option<String>,
        pub roles: Option<Vec<F::Of<String>>>,
        pub scopes: Option<Vec<F::Of<String>>>,
        pub disabled: Option<bool>,
        pub unrestricted: Option<bool>,
        pub restriction: Option<Restriction<F>>,
        pub on_conflict: Option<OnConflict>,
        pub recipient: Option<String>,
        pub ttl: Option<Written<Lifetime>>,
        pub expires_at: Option<Written<Timestamp>>,
        pub rotation: Option<Rotation<F>>,

        pub id: Option<String>,
        pub created_at: Option<Written<Timestamp>>,
        pub token: Option<Secret>,
        pub encrypted_token: Option<String>,
        pub previous_token: Option<Secret>,
        pub issued_at: Option<Written<Timestamp>>,
        pub rotate_at: Option<Written<Timestamp>>,
        pub rotation_due: Option<bool>,
        pub rotation_reason: Option<String>,
        pub generation: Option<i64>,
        pub status: Option<Status>,
        pub retired: Option<Vec<Retired>>,
    }
}

attributes! {
    /// A `rotation` block.
    pub struct Rotation<F> {
        pub before_expiry: Option<Written<Lifetime>>,
        pub every: Option<Written<Lifetime>>,
        pub grace_period: Option<Written<GracePeriod>>,
        /// The values may be anything.
        pub triggers: Option<Entries>,
        pub jitter: Option<Written<Lifetime>>,
        pub after_import: Option<bool>,
    }
}

attributes! {
    /// A `restriction` block.
    pub struct Restriction<F> {
        pub permission: Option<Permission>,
        pub labels: Option<Entries>,
    }
}

attributes! {
    /// A `visibility` block.
    pub struct Visibility<F> {
        pub level: Option<VisibilityLevel>,
        pub users: Option<Vec<F::Of<String>>>,
        pub teams: Option<Vec<F::Of<String>>>,
    }
}

/// An element of `retired`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    pub id: String,
    pub revoke_at: Option<Written<Timestamp>>,
    pub due: bool,
    /// What its server says of its own end and of that of the one that came after it; nothing that is stored.
    pub expires_at: Option<Timestamp>,
    pub successor_expires_at: Option<Timestamp>,
}

impl Retired {
    pub fn new(id: &str, revoke_at: Option<Timestamp>) -> Self {
        Self {
            id: id.to_owned(),
            revoke_at: revoke_at.map(Into::into),
            due: false,
            expires_at: None,
            successor_expires_at: None,
        }
    }
}

/// A resource's state: as it is stored, or as it is planned, where what only an apply can tell is unknown. A configuration is a
/// planned state that says nothing computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State<F: Form = Stored> {
    kind: Kind,
    attributes: Attributes<F>,
    /// All else that the schema has, and no more: a plan keeps many states.
    others: Entries,
}

impl<F: Form> State<F> {
    /// Reads an object of the kind's schema.
    pub fn read(kind: Kind, object: &Value) -> Result<Self, Diagnostic> {
        let attributes = Attributes::read_from(object).map_err(|problem| problem.of(kind))?;
        let absent = others(kind);
        let mut others = absent.clone();
        // Most of it is absent mostly: what is not takes room, and nothing else.
        for (name, absent) in &absent {
            let said = object.as_map().and_then(|entries| entries.get(name));
            if let Some(said) = said.filter(|said| *said != absent) {
                others.insert(&**name, said.clone());
            }
        }
        Ok(Self {
            kind,
            attributes,
            others,
        })
    }

    /// Likewise, `None` for null: nothing is there.
    pub fn read_any(kind: Kind, object: &Value) -> Result<Option<Self>, Diagnostic> {
        (!object.is_null())
            .then(|| Self::read(kind, object))
            .transpose()
    }

    /// As an object of the kind's schema.
    pub fn write(&self) -> Value {
        let mut entries = facts::schema(self.kind).body.absent();
        for (name, value) in &self.others {
            if let Some(place) = entries.get_mut(name) {
                *place = value.clone();
            }
        }
        self.attributes.write_into(&mut entries);
        Value::Map(entries)
    }

    /// What nobody decides by, as the schema describes it.
    pub fn others(&self) -> &Entries {
        &self.others
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What a server can do with such an object: access tokens that belong to no account may differ.
    pub fn capabilities<'a>(&self, server: &'a Capabilities) -> &'a ResourceCapabilities {
        let name = F::known(&self.name).and_then(Option::as_deref);
        let alone = matches!(F::known(&self.service_account), Some(None));
        self.kind
            .capabilities_of(server, name.unwrap_or_default(), alone)
    }

    /// False if this object says that it holds no secret, and none comes. One that cannot be read may.
    pub fn may_hold_secret(kind: Kind, object: &Value) -> bool {
        match Self::read_any(kind, object) {
            Ok(state) => state.is_some_and(|state| state.holds_secret()),
            Err(_) => true,
        }
    }

    /// True if it holds, or is to hold, a secret that was issued to us.
    pub fn holds_secret(&self) -> bool {
        let absent = |is: Option<bool>| is == Some(true);
        !absent(F::known(&self.token).map(Option::is_none))
            || !absent(F::known(&self.encrypted_token).map(Option::is_none))
    }
}

impl State {
    pub fn new(kind: Kind, attributes: Attributes, others: Entries) -> Self {
        Self {
            kind,
            attributes,
            others,
        }
    }

    /// Likewise, of all else only what is said; a kind has all of these.
    pub(super) fn with<const N: usize>(
        kind: Kind,
        attributes: Attributes,
        said: [(&str, Value); N],
    ) -> Self {
        let mut others = others(kind);
        for (name, value) in said {
            debug_assert!(others.contains_key(name), "{kind} has no {name}");
            others.insert(name, value);
        }
        Self::new(kind, attributes, others)
    }

    /// Of an object of which nothing is known.
    pub fn nothing(kind: Kind) -> Self {
        Self::new(kind, Attributes::default(), others(kind))
    }

    pub fn into_parts(self) -> (Attributes, Entries) {
        (self.attributes, self.others)
    }
}

/// The attributes and blocks of a kind that no decision looks at, absent: looked for once, since every state is read with them.
fn others(kind: Kind) -> Entries {
    static OTHERS: LazyLock<[Entries; 2]> = LazyLock::new(|| {
        Kind::ALL.map(|kind| {
            let typed = Attributes::<Stored>::NAMES;
            let all = facts::schema(kind).body.absent();
            all.into_iter()
                .filter(|(name, _)| !typed.contains(&&**name))
                .collect()
        })
    });
    OTHERS[kind as usize].clone()
}

impl<F: Form> Deref for State<F> {
    type Target = Attributes<F>;

    fn deref(&self) -> &Attributes<F> {
        &self.attributes
    }
}

impl<F: Form> DerefMut for State<F> {
    fn deref_mut(&mut self) -> &mut Attributes<F> {
        &mut self.attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::Presence;

    #[test]
    fn every_computed_attribute_has_a_type_and_every_type_is_of_an_attribute() {
        let schemas = Kind::ALL.map(|kind| &facts::schema(kind).body);
        for attribute in schemas.iter().flat_map(|body| &body.attributes) {
            let typed = Attributes::<Stored>::NAMES.contains(&attribute.name.as_str());
            let needs_one = attribute.presence == Presence::Computed;
            assert!(typed || !needs_one, "{} has no type", attribute.name);
        }
        for name in Attributes::<Stored>::NAMES {
            let known = |body: &&_| facts_of(body, name);
            assert!(schemas.iter().any(known), "nothing is called {name}");
        }
    }

    fn facts_of(body: &crate::model::schema::Body, name: &str) -> bool {
        body.attribute(name).is_some() || body.block(name).is_some()
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let mut token = facts::schema(Kind::AccessToken).body.empty();
        for (name, value) in [
            ("name", Value::from("ci")),
            ("description", "for CI".into()),
            ("ttl", "2160h".into()),
            ("expires_at", "2030-01-01T01:00:00+01:00".into()),
            ("roles", Value::set(["a".into(), Value::Unknown])),
            ("token", Value::Unknown),
            ("status", "active".into()),
            (
                "rotation",
                Value::map([
                    ("before_expiry", "14d".into()),
                    ("every", Value::Null),
                    ("grace_period", Value::Unknown),
                    ("triggers", Value::map([("a", Value::from("1"))])),
                    ("jitter", Value::Null),
                    ("after_import", true.into()),
                ]),
            ),
        ] {
            token.insert(name, value);
        }
        let token = Value::Map(token);
        let state = State::<Planned>::read(Kind::AccessToken, &token).unwrap();
        assert_eq!(state.write(), token);
        assert!(State::<Stored>::read(Kind::AccessToken, &token).is_err());
    }

    #[test]
    fn a_word_that_is_not_known_is_an_error_with_its_place() {
        let token = Value::map([("status", Value::from("dormant"))]);
        let problem = State::<Stored>::read(Kind::AccessToken, &token).unwrap_err();
        assert_eq!(problem.path.to_string(), "status");
        assert!(problem.detail.contains("\"dormant\""), "{problem}");
    }

    #[test]
    fn what_is_hidden_is_neither_empty_nor_unknown() {
        let hidden = Value::Secret(Secret::new("x"));
        let account = Value::map([("roles", hidden.clone()), ("name", Value::Unknown)]);
        let seen = State::<Shown>::read(Kind::ServiceAccount, &account).unwrap();
        assert!(seen.roles.is_hidden() && !seen.roles.is_null() && seen.name.is_unknown());
        assert_eq!(seen.write().get("roles"), &hidden);
    }
}
