//! A schema reduced to what the codecs need: which kind of value stands where, keys in wire order.

use lanyard_compiler::model::schema::{Attribute, Body, Nesting, Type};

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
    /// Exactly these keys, sorted by their bytes. Also a whole resource, and a block that may stand once.
    Object(Vec<Field>),
    /// Repeated blocks: a list of such objects, never null.
    Blocks(Vec<Field>),
    /// A value that brings its type along, as Terraform's `dynamic`.
    Dynamic {
        /// Every text in it is a secret.
        secret: bool,
    },
    /// Exactly these items; only the type of a dynamic value says so.
    Tuple(Vec<Self>),
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
        Self::Object(sorted(identity.attributes.iter().map(|attribute| Field {
            name: attribute.name.clone(),
            shape: Self::of_type(&attribute.kind, false),
            write_only: false,
        })))
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
            Type::Object(keys) => Self::Object(sorted(keys.iter().map(|(name, kind)| Field {
                name: name.clone(),
                shape: Self::of_type(kind, sensitive),
                write_only: false,
            }))),
            Type::Dynamic => Self::Dynamic { secret: sensitive },
        }
    }
}

fn fields(body: &Body) -> Vec<Field> {
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
    sorted(attributes.chain(blocks))
}

fn sorted(fields: impl Iterator<Item = Field>) -> Vec<Field> {
    let mut fields: Vec<Field> = fields.collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    fields
}
