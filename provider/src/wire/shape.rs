//! A schema reduced to what the codecs need: which kind of value stands where, keys in wire order.

use std::ops::Deref;

use lanyard_compiler::model::schema::{Attribute, Body, Nesting, Type};
use lanyard_compiler::value::{Entries, Value};

use crate::resources::IdentitySchema;

/// The kind of value expected at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireShape {
    Bool,
    Number,
    String,
    /// A string that must never be shown.
    Secret,
    List(Box<Self>),
    /// Decoded sorted and without duplicates.
    Set(Box<Self>),
    Map(Box<Self>),
    /// Exactly these keys. Also a whole resource, and a block that may stand once.
    Object(Fields),
    /// Repeated blocks: a list of such objects, never null.
    Blocks(Fields),
    /// A value that brings its type along, as Terraform's `dynamic`.
    Dynamic {
        /// Every text in it is a secret.
        secret: bool,
    },
    /// Exactly these items; only the type of a dynamic value says so.
    Tuple(Vec<Self>),
}

/// The keys of an object, sorted by their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    fields: Vec<Field>,
    absent: Entries,
}

/// One key of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub shape: WireShape,
    /// Arrives in configurations, is never sent back.
    pub write_only: bool,
}

impl WireShape {
    /// The shape of a resource, data source, provider, and so on.
    pub fn of_body(body: &Body) -> Self {
        Self::Object(fields(body))
    }

    /// The shape of a resource's identity.
    pub fn of_identity(identity: &IdentitySchema) -> Self {
        Self::Object(Fields::from_iter(identity.attributes.iter().map(
            |attribute| Field {
                name: attribute.name.clone(),
                shape: Self::of_type(&attribute.kind, false),
                write_only: false,
            },
        )))
    }

    /// The shape of a plain type. In a sensitive one every text is a secret.
    pub fn of_type(kind: &Type, sensitive: bool) -> Self {
        let inner = |kind: &Type| Box::new(Self::of_type(kind, sensitive));
        match kind {
            Type::Bool => Self::Bool,
            Type::Number => Self::Number,
            Type::String if sensitive => Self::Secret,
            Type::String => Self::String,
            Type::List(item) => Self::List(inner(item)),
            Type::Set(item) => Self::Set(inner(item)),
            Type::Map(item) => Self::Map(inner(item)),
            Type::Object(keys) => {
                Self::Object(Fields::from_iter(keys.iter().map(|(name, kind)| Field {
                    name: name.clone(),
                    shape: Self::of_type(kind, sensitive),
                    write_only: false,
                })))
            }
            Type::Dynamic => Self::Dynamic { secret: sensitive },
        }
    }
}

fn fields(body: &Body) -> Fields {
    let attributes = body.attributes.iter().map(|attribute: &Attribute| Field {
        name: attribute.name.clone(),
        shape: WireShape::of_type(&attribute.kind, attribute.sensitive),
        write_only: attribute.write_only,
    });
    let blocks = body.blocks.iter().map(|block| Field {
        name: block.name.clone(),
        shape: match block.nesting {
            Nesting::Single => WireShape::Object(fields(&block.body)),
            Nesting::List => WireShape::Blocks(fields(&block.body)),
        },
        write_only: false,
    });
    attributes.chain(blocks).collect()
}

impl Fields {
    /// An object that has nothing of it: nulls, and no blocks. All objects that are made from it share their names.
    pub(super) fn absent(&self) -> &Entries {
        &self.absent
    }

    /// Where a key stands.
    pub(super) fn position(&self, key: &str) -> Option<usize> {
        self.binary_search_by(|field| field.name.as_str().cmp(key))
            .ok()
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<T: IntoIterator<Item = Field>>(fields: T) -> Self {
        let mut fields: Vec<Field> = fields.into_iter().collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        let absent = fields.iter().map(|field| {
            let value = match field.shape {
                WireShape::Blocks(_) => Value::List(Vec::new()),
                _ => Value::Null,
            };
            (field.name.as_str(), value)
        });
        Self {
            absent: absent.collect(),
            fields,
        }
    }
}

impl Deref for Fields {
    type Target = [Field];

    fn deref(&self) -> &[Field] {
        &self.fields
    }
}
