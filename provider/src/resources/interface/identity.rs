//! What tells one remote object from all others: a small object that never changes while the object lives.

use lanyard_compiler::model::schema::Type;

/// The identity of one kind of resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentitySchema {
    /// Starts at 0 and grows when the identity changes shape.
    pub version: i64,
    pub attributes: Vec<IdentityAttribute>,
}

/// One part of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityAttribute {
    pub name: String,
    /// A primitive or a list; Terraform refuses anything else here.
    pub kind: Type,
    pub doc: String,
    /// True if an import block must name it; otherwise it may.
    pub required_for_import: bool,
}
