//! What the provider offers, by type name. Schemas are built when they are first needed and then kept: most processes serve
//! one walk and need few of them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::value::Value;

use super::call::Answer;
use crate::resources::{
    Action, DataSource, EphemeralResource, Function, IdentitySchema, ListResource, Provider,
    Resource,
};
use crate::wire::WireShape;

/// Everything the provider offers.
pub(super) struct Catalogs {
    pub(super) settings: OnceLock<Described>,
    pub(super) resources: Catalog<dyn Resource>,
    pub(super) data_sources: Catalog<dyn DataSource>,
    pub(super) ephemeral_resources: Catalog<dyn EphemeralResource>,
    pub(super) list_resources: Catalog<dyn ListResource>,
    pub(super) actions: Catalog<dyn Action>,
    pub(super) functions: BTreeMap<&'static str, Arc<dyn Function>>,
}

impl Catalogs {
    pub(super) fn new(provider: &dyn Provider) -> Self {
        Self {
            settings: OnceLock::new(),
            resources: Catalog::new(provider.resources()),
            data_sources: Catalog::new(provider.data_sources()),
            ephemeral_resources: Catalog::new(provider.ephemeral_resources()),
            list_resources: Catalog::new(provider.list_resources()),
            actions: Catalog::new(provider.actions()),
            functions: provider
                .functions()
                .into_iter()
                .map(|function| (function.name(), function))
                .collect(),
        }
    }
}

/// The things of one kind.
pub(super) struct Catalog<T: ?Sized>(BTreeMap<&'static str, Entry<T>>);

/// One thing, and its schema once somebody asked for it.
pub(super) struct Entry<T: ?Sized> {
    pub(super) item: Arc<T>,
    described: OnceLock<Described>,
}

/// A schema with the shape of its values.
pub(super) struct Described {
    pub(super) schema: Schema,
    pub(super) shape: WireShape,
    pub(super) identity: Option<(IdentitySchema, WireShape)>,
}

impl Described {
    pub(super) fn new(schema: Schema, identity: Option<IdentitySchema>) -> Self {
        Self {
            shape: WireShape::of_body(&schema.body),
            schema,
            identity: identity.map(|identity| {
                let shape = WireShape::of_identity(&identity);
                (identity, shape)
            }),
        }
    }

    /// The identity of the object in this (planned or real) state; parts may be unknown while planning a creation.
    pub(super) fn identify(&self, state: &Value) -> Value {
        self.identity.as_ref().map_or(Value::Null, |(identity, _)| {
            Value::map(identity.attributes.iter().map(|attribute| {
                let value = state.get(&attribute.name).clone();
                (attribute.name.clone(), value)
            }))
        })
    }

    pub(super) fn identity_shape(&self) -> Option<&WireShape> {
        self.identity.as_ref().map(|(_, shape)| shape)
    }
}

impl<T: Offer + ?Sized> Catalog<T> {
    fn new(items: Vec<Arc<T>>) -> Self {
        let entry = |item: Arc<T>| {
            let described = OnceLock::new();
            (item.name(), Entry { item, described })
        };
        Self(items.into_iter().map(entry).collect())
    }

    pub(super) fn find(&self, name: &str) -> Answer<&Entry<T>> {
        self.0.get(name).ok_or_else(|| {
            vec![
                Diagnostic::error(Code::UnknownType, "Lanyard does not know this type")
                    .detail(format!("There is no {} {name:?}.", T::KIND))
                    .hint("Check the provider's version, and the spelling."),
            ]
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &Entry<T>)> {
        self.0.iter().map(|(name, entry)| (*name, entry))
    }
}

impl<T: Offer + ?Sized> Entry<T> {
    pub(super) fn described(&self) -> &Described {
        self.described.get_or_init(|| self.item.describe())
    }
}

/// What all offered things have in common.
pub(super) trait Offer {
    const KIND: &'static str;

    fn name(&self) -> &'static str;
    fn describe(&self) -> Described;
}

macro_rules! offer {
    ($($kind:ty: $words:literal;)*) => {
        $(impl Offer for $kind {
            const KIND: &'static str = $words;

            fn name(&self) -> &'static str {
                self.type_name()
            }

            fn describe(&self) -> Described {
                Described::new(self.schema(), None)
            }
        })*
    };
}

offer! {
    dyn DataSource: "data source";
    dyn EphemeralResource: "ephemeral resource";
    dyn ListResource: "list resource";
    dyn Action: "action";
}

impl Offer for dyn Resource {
    const KIND: &'static str = "resource";

    fn name(&self) -> &'static str {
        self.type_name()
    }

    fn describe(&self) -> Described {
        Described::new(self.schema(), self.identity())
    }
}
