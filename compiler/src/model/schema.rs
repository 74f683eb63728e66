//! The facts of every attribute: name, type, documentation, who may set it. Every front end and the reference pages read these;
//! they are derived from the model's types in `facts.rs` and stand nowhere else.

use std::sync::OnceLock;

use crate::value::{AttributePath, Entries, Step, Value};

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    Number,
    String,
    List(Box<Self>),
    /// Order has no meaning; see [`crate::value::Value::set`].
    Set(Box<Self>),
    Map(Box<Self>),
    /// Plain data with fixed keys, in schema order; only inside computed attributes.
    Object(Vec<(String, Self)>),
    /// A value of any type, which travels with it.
    Dynamic,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The configuration must.
    Required,
    /// The configuration may.
    Optional,
    /// The configuration may; otherwise the server does.
    OptionalComputed,
    /// Only the server, or Lanyard, does.
    Computed,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub kind: Type,
    /// Markdown, whole sentences; the user's manual.
    pub doc: String,
    pub presence: Presence,
    /// Never shown; its values are [`crate::value::Value::Secret`].
    pub sensitive: bool,
    /// Given to the provider and stored nowhere.
    pub write_only: bool,
    /// The only values allowed, if the type is a closed choice.
    pub choices: Vec<String>,
    /// What absence means, where the configuration may leave it out and the meaning is fixed (`false`, an empty set); otherwise null.
    pub default: Value,
    /// How texts are compared by meaning.
    pub format: Format,
    /// Lanyard's own: never sent to the server, so a change costs no call.
    pub local: bool,
    /// Why it is deprecated and what to use instead.
    pub deprecated: Option<String>,
}

/// When two texts mean the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Equal letter by letter.
    #[default]
    Plain,
    /// RFC 3339: the same instant.
    Timestamp,
    /// [`crate::model::lifetime::Lifetime`]: the same length.
    Lifetime,
}

/// How often a block may stand and what its value is: one object (or null), or a list of objects (never null).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    Single,
    List,
}

/// A block inside a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub name: String,
    pub doc: String,
    pub nesting: Nesting,
    /// At least one must stand.
    pub required: bool,
    pub body: Body,
}

/// What stands between the braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// In the order of the model's fields: what matters most first.
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
    empty: Empty,
}

/// What [`Body::empty`] and [`Body::absent`] give, made when first asked for. It follows from the rest, so that all are equal.
#[derive(Clone, Debug, Default)]
struct Empty(OnceLock<[Entries; 2]>);

impl PartialEq for Empty {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Empty {}

/// A resource, data source, provider or ephemeral resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Without a prefix, for example `access_token`.
    pub name: String,
    pub doc: String,
    /// Grows when stored state changes shape.
    pub version: i64,
    pub body: Body,
}

impl Attribute {
    /// True if the configuration may set it.
    pub fn is_configurable(&self) -> bool {
        self.presence != Presence::Computed
    }

    /// True if the server or Lanyard may set it.
    pub fn is_computed(&self) -> bool {
        matches!(
            self.presence,
            Presence::Computed | Presence::OptionalComputed
        )
    }
}

impl Block {
    /// True if nothing of it is ever sent to a server.
    pub fn is_local(&self) -> bool {
        self.body.attributes.iter().all(|attribute| attribute.local)
    }
}

impl Body {
    pub fn new(attributes: Vec<Attribute>, blocks: Vec<Block>) -> Self {
        Self {
            attributes,
            blocks,
            empty: Empty::default(),
        }
    }

    /// An object with every attribute and block of this body, absent: defaults where there are some, otherwise null, and no blocks.
    /// All of them share their names, so a body is complete before this is first called.
    pub fn empty(&self) -> Entries {
        self.templates()[0].clone()
    }

    /// Likewise, null where there are defaults: a configuration that says nothing.
    pub fn absent(&self) -> Entries {
        self.templates()[1].clone()
    }

    fn templates(&self) -> &[Entries; 2] {
        self.empty.0.get_or_init(|| {
            let attributes = self.attributes.iter();
            let defaults = attributes.map(|attribute| (&attribute.name, attribute.default.clone()));
            let blocks = self.blocks.iter().map(|block| {
                let value = match block.nesting {
                    Nesting::Single => Value::Null,
                    Nesting::List => Value::List(Vec::new()),
                };
                (&block.name, value)
            });
            let empty: Entries = defaults
                .chain(blocks)
                .map(|(name, value)| (name.as_str(), value))
                .collect();
            let absent = empty.map(|name, value| match self.attribute(name) {
                Some(_) => Value::Null,
                None => value.clone(),
            });
            [empty, absent]
        })
    }

    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// True for a path to or into an attribute that nobody can configure.
    pub fn computes(&self, path: &AttributePath) -> bool {
        matches!(path.steps().first(), Some(Step::Attribute(name))
            if self.attribute(name).is_some_and(|attribute| !attribute.is_configurable()))
    }

    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.name == name)
    }

    /// Calls `visit` with each attribute of this body and of its blocks, with its path; list blocks contribute one path without index.
    pub fn walk(&self, visit: &mut impl FnMut(&AttributePath, &Attribute)) {
        fn inner(
            body: &Body,
            path: &AttributePath,
            visit: &mut impl FnMut(&AttributePath, &Attribute),
        ) {
            for attribute in &body.attributes {
                visit(&path.then(&attribute.name), attribute);
            }
            for block in &body.blocks {
                inner(&block.body, &path.then(&block.name), visit);
            }
        }
        inner(self, &AttributePath::root(), visit);
    }
}
