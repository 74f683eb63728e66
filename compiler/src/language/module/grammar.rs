//! Which properties of the JSON spelling are blocks.

use super::content::ESCAPING;
use crate::language::configuration::{Mode, Schemas};
use crate::language::syntax::{BlockFactory, BlockKind, Label, Name};
use crate::model::schema::Body as SchemaBody;

/// The prefix of our own types.
pub(crate) const PREFIX: &str = "lanyard_";

/// A place in a configuration.
pub(crate) enum Grammar<'a> {
    /// A `.tf.json` file.
    Root(&'a Schemas),
    /// A `.lanyard.json` file.
    Document(&'a Schemas),
    /// A `resource`, `data` or `ephemeral` block, of ours if there is a schema.
    Resource(Option<&'a SchemaBody>),
    /// A `provider` block, likewise.
    Provider(Option<&'a SchemaBody>),
    /// A block of one of our types.
    Schema(&'a SchemaBody),
    /// A block whose inner blocks are these, without labels.
    Of(&'static [(&'static str, usize)]),
    /// Likewise, where nothing can be referred to, in these attributes or in all.
    Constant(
        Option<&'static [&'static str]>,
        &'static [(&'static str, usize)],
    ),
    /// `dynamic "x"`, with what its content may hold.
    Dynamic(Option<&'a SchemaBody>),
}

const TERRAFORM: &[(&str, usize)] = &[
    ("backend", 1),
    ("cloud", 0),
    ("required_providers", 0),
    ("provider_meta", 1),
    ("encryption", 0),
];
const LIFECYCLE: &[(&str, usize)] = &[
    ("precondition", 0),
    ("postcondition", 0),
    ("action_trigger", 0),
];
const CHECK: &[(&str, usize)] = &[("data", 2), ("assert", 0)];
/// What outputs say about themselves.
const WORDS: &[&str] = &["description", "deprecated"];
const NOTHING: &[(&str, usize)] = &[];

impl<'a> Grammar<'a> {
    fn root(schemas: &'a Schemas, name: &str) -> Option<(usize, BlockFactory<'a>)> {
        let of = |labels: usize, inner: &'static [(&'static str, usize)]| {
            let factory: BlockFactory<'a> =
                Box::new(move |_: &[Label]| Box::new(Grammar::Of(inner)));
            Some((labels, factory))
        };
        let constant = |labels: usize,
                        attributes: Option<&'static [&'static str]>,
                        inner: &'static [(&'static str, usize)]| {
            let factory: BlockFactory<'a> =
                Box::new(move |_: &[Label]| Box::new(Grammar::Constant(attributes, inner)));
            Some((labels, factory))
        };
        let resource = |mode: Mode| {
            let factory: BlockFactory<'a> = Box::new(move |labels: &[Label]| {
                let schema = labels
                    .first()
                    .and_then(|kind| kind.text.strip_prefix(PREFIX))
                    .and_then(|kind| schemas.find(mode, kind));
                Box::new(Grammar::Resource(schema.map(|schema| &schema.body)))
            });
            Some((2, factory))
        };
        match name {
            "terraform" => constant(0, None, TERRAFORM),
            "provider" => {
                let factory: BlockFactory<'a> = Box::new(move |labels: &[Label]| {
                    let ours = labels
                        .first()
                        .is_some_and(|name| name.text.as_ref() == "lanyard");
                    Box::new(Grammar::Provider(ours.then_some(&schemas.provider().body)))
                });
                Some((1, factory))
            }
            "variable" => constant(1, None, &[("validation", 0)]),
            "output" => constant(1, Some(WORDS), &[("precondition", 0)]),
            "locals" => of(0, NOTHING),
            "module" => of(1, &[("lifecycle", 0), (ESCAPING, 0)]),
            "moved" | "import" => of(0, NOTHING),
            "removed" => of(
                0,
                &[("lifecycle", 0), ("connection", 0), ("provisioner", 1)],
            ),
            "check" => of(1, CHECK),
            "resource" => resource(Mode::Managed),
            "data" => resource(Mode::Data),
            "ephemeral" => resource(Mode::Ephemeral),
            "action" | "list" => of(2, NOTHING),
            "language" => of(0, &[("compatible_with", 0)]),
            "required_providers" => of(0, NOTHING),
            _ => None,
        }
    }

    fn document(schemas: &'a Schemas, name: &str) -> Option<(usize, BlockFactory<'a>)> {
        match name {
            "server" => {
                let factory: BlockFactory<'a> = Box::new(move |_: &[Label]| {
                    Box::new(Grammar::Schema(&schemas.provider().body))
                });
                Some((1, factory))
            }
            "variable" | "output" | "locals" | "moved" | "import" | "removed" | "check" => {
                Self::root(schemas, name)
            }
            name => {
                let schema = schemas.find(Mode::Managed, name)?;
                let factory: BlockFactory<'a> =
                    Box::new(move |_: &[Label]| Box::new(Grammar::Resource(Some(&schema.body))));
                Some((1, factory))
            }
        }
    }

    fn of_schema(body: &'a SchemaBody, name: &str) -> Option<(usize, BlockFactory<'a>)> {
        if name == "dynamic" {
            return Some(Self::dynamic(Some(body)));
        }
        let block = body.block(name)?;
        let factory: BlockFactory<'a> =
            Box::new(move |_: &[Label]| Box::new(Grammar::Schema(&block.body)));
        Some((0, factory))
    }

    fn escaping(body: Option<&'a SchemaBody>) -> (usize, BlockFactory<'a>) {
        let factory: BlockFactory<'a> = Box::new(move |_: &[Label]| match body {
            Some(body) => Box::new(Grammar::Schema(body)),
            None => Box::new(Grammar::Of(NOTHING)),
        });
        (0, factory)
    }

    fn dynamic(body: Option<&'a SchemaBody>) -> (usize, BlockFactory<'a>) {
        let factory: BlockFactory<'a> = Box::new(move |labels: &[Label]| {
            let inner = labels
                .first()
                .and_then(|kind| body.and_then(|body| body.block(&kind.text)));
            Box::new(Grammar::Dynamic(inner.map(|block| &block.body)))
        });
        (1, factory)
    }
}

impl BlockKind for Grammar<'_> {
    fn block(&self, name: &str) -> Option<(usize, BlockFactory<'_>)> {
        let of = |labels: usize, inner: &'static [(&'static str, usize)]| {
            let factory: BlockFactory<'_> =
                Box::new(move |_: &[Label]| Box::new(Grammar::Of(inner)));
            Some((labels, factory))
        };
        match *self {
            Self::Root(schemas) => Grammar::root(schemas, name),
            Self::Document(schemas) => Grammar::document(schemas, name),
            Self::Resource(body) => match name {
                "lifecycle" => of(0, LIFECYCLE),
                "connection" => of(0, NOTHING),
                "provisioner" => of(1, &[("connection", 0), (ESCAPING, 0)]),
                ESCAPING => Some(Grammar::escaping(body)),
                "dynamic" => Some(Grammar::dynamic(body)),
                name => Grammar::of_schema(body?, name),
            },
            Self::Provider(body) => match name {
                ESCAPING => Some(Grammar::escaping(body)),
                name => Grammar::of_schema(body?, name),
            },
            Self::Schema(body) => Grammar::of_schema(body, name),
            Self::Of(blocks) | Self::Constant(_, blocks) => {
                let (_, labels) = blocks.iter().find(|(block, _)| *block == name)?;
                of(*labels, NOTHING)
            }
            Self::Dynamic(body) if name == "content" => {
                let factory: BlockFactory<'_> = match body {
                    Some(body) => Box::new(move |_: &[Label]| Box::new(Grammar::Schema(body))),
                    None => Box::new(|_: &[Label]| Box::new(Grammar::Of(NOTHING))),
                };
                Some((0, factory))
            }
            Self::Dynamic(_) => None,
        }
    }

    fn reads_literally(&self, attribute: &str) -> bool {
        match self {
            Self::Constant(Some(attributes), _) => attributes.contains(&attribute),
            Self::Constant(None, _) => true,
            _ => false,
        }
    }
}

/// The last part of a type or provider address: `lanyard` of `example.com/team/lanyard`.
pub(super) fn last_part(source: &Name) -> &str {
    source.rsplit('/').next().unwrap_or_default()
}
