//! Schemas as evaluation wants them: names and types made once, not for every instance.

use std::cell::OnceCell;
use std::sync::Arc;

use super::lower::{shape_of, shape_of_body};
use crate::language::configuration::{Mode, Schemas};
use crate::language::term::{Entries, Shape, Term};
use crate::model::schema::{Block, Body, Nesting};
use crate::value::Value;

/// All schemas, each prepared when it is first asked for.
pub(in crate::language) struct PreparedSchemas {
    schemas: Schemas,
    provider: OnceCell<Prepared>,
    resources: Vec<(Mode, &'static str, OnceCell<Prepared>)>,
}

/// One body; attributes and blocks in the schema's order.
pub(super) struct Prepared {
    /// The name of the type; empty for what is inside of one.
    pub(super) kind: Arc<str>,
    /// Every attribute and block, absent.
    pub(super) absent: Entries,
    pub(super) attributes: Vec<PreparedAttribute>,
    pub(super) blocks: Vec<PreparedBlock>,
}

pub(super) struct PreparedAttribute {
    pub(super) name: Arc<str>,
    pub(super) shape: Shape,
}

pub(super) struct PreparedBlock {
    pub(super) name: Arc<str>,
    /// The type of one block.
    pub(super) shape: Shape,
    pub(super) inner: Prepared,
    /// What stands for no block at all.
    pub(super) absent: (Term, Value),
}

impl PreparedSchemas {
    pub(in crate::language) fn new(schemas: Schemas) -> Self {
        let names = |mode: Mode| {
            schemas
                .names(mode)
                .into_iter()
                .map(move |name| (mode, name))
        };
        Self {
            schemas,
            provider: OnceCell::new(),
            resources: Mode::ALL
                .into_iter()
                .flat_map(names)
                .map(|(mode, name)| (mode, name, OnceCell::new()))
                .collect(),
        }
    }

    pub(super) fn provider(&self) -> &Prepared {
        self.provider
            .get_or_init(|| Prepared::new(&self.schemas.provider().body))
    }

    pub(super) fn find(&self, mode: Mode, name: &str) -> Option<&Prepared> {
        let mut all = self.resources.iter();
        let (_, _, prepared) = all.find(|(other, known, _)| *other == mode && *known == name)?;
        let schema = self.schemas.find(mode, name)?;
        Some(prepared.get_or_init(|| Prepared {
            kind: name.into(),
            ..Prepared::new(&schema.body)
        }))
    }
}

impl Prepared {
    fn new(body: &Body) -> Self {
        let attributes: Vec<PreparedAttribute> = body
            .attributes
            .iter()
            .map(|attribute| PreparedAttribute {
                name: attribute.name.as_str().into(),
                shape: shape_of(&attribute.kind),
            })
            .collect();
        let blocks: Vec<PreparedBlock> = body.blocks.iter().map(PreparedBlock::new).collect();
        let nothing = attributes
            .iter()
            .map(|known| (known.name.clone(), Term::null(known.shape.clone())));
        let no_blocks = blocks
            .iter()
            .map(|known| (known.name.clone(), known.absent.0.clone()));
        Self {
            kind: "".into(),
            absent: nothing.chain(no_blocks).collect(),
            attributes,
            blocks,
        }
    }
}

impl PreparedBlock {
    fn new(block: &Block) -> Self {
        let shape = shape_of_body(&block.body);
        let absent = match block.nesting {
            Nesting::Single => (Term::null(shape.clone()), Value::Null),
            Nesting::List => (
                Term::list(shape.clone(), Vec::new()),
                Value::List(Vec::new()),
            ),
        };
        Self {
            name: block.name.as_str().into(),
            shape,
            inner: Prepared::new(&block.body),
            absent,
        }
    }
}
