//! Schemas as evaluation wants them: names and types made once, not for every instance.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lower::{shape_of, shape_of_body};
use crate::language::configuration::{Mode, Schemas};
use crate::language::term::{Entries, Shape, Term};
use crate::model::schema::{Block, Body, Nesting};
use crate::value::Value;

/// All schemas, prepared.
pub(in crate::language) struct PreparedSchemas {
    pub(super) provider: Prepared,
    resources: BTreeMap<(Mode, String), Prepared>,
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
    pub(in crate::language) fn new(schemas: &Schemas) -> Self {
        let modes = [
            (Mode::Managed, &schemas.resources),
            (Mode::Data, &schemas.data_sources),
            (Mode::Ephemeral, &schemas.ephemeral_resources),
        ];
        Self {
            provider: Prepared::new(&schemas.provider.body),
            resources: modes
                .into_iter()
                .flat_map(|(mode, schemas)| schemas.iter().map(move |schema| (mode, schema)))
                .map(|(mode, schema)| {
                    let prepared = Prepared {
                        kind: schema.name.as_str().into(),
                        ..Prepared::new(&schema.body)
                    };
                    ((mode, schema.name.clone()), prepared)
                })
                .collect(),
        }
    }

    pub(super) fn find(&self, mode: Mode, name: &str) -> Option<&Prepared> {
        self.resources.get(&(mode, name.to_owned()))
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
