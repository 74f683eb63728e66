//! Override files: each block replaces parts of the block of the same name.

use super::Context;
use super::content::ESCAPING;
use super::decode::CALL_ATTRIBUTES;
use super::resource::META_ATTRIBUTES;
use crate::diagnostic::Code;
use crate::language::syntax::{Block, Body, Name, Overridden};

/// Merges the blocks of an override file into those of the module.
pub(super) fn merge(context: &Context<'_>, base: &mut Body, over: Body) {
    for mut block in over.blocks {
        match block.kind.as_ref() {
            "locals" => {
                merge_locals(context, base, &mut block);
                continue;
            }
            // Of these there can be several, or they have no name to be found by.
            "terraform" => {
                if let Some(found) = base
                    .blocks
                    .iter_mut()
                    .find(|found| found.kind == block.kind)
                {
                    merge_terraform(&mut found.body, block.body);
                } else {
                    base.blocks.push(block);
                }
                continue;
            }
            "moved" | "import" | "removed" | "check" => {
                context.error(
                    block.head,
                    Code::InvalidOverride,
                    "Cannot override this block",
                    format!("A {} block cannot stand in an override file.", block.kind),
                );
                continue;
            }
            _ => {}
        }
        let found = base.blocks.iter_mut().find(|found| same(found, &block));
        match found {
            Some(found) => {
                note_override(&mut found.body, &block);
                merge_block(&mut found.body, block.body);
            }
            None if block.kind.as_ref() == "provider" => base.blocks.push(block),
            None => {
                let labels: Vec<&str> = block
                    .labels
                    .iter()
                    .map(|label| label.text.as_ref())
                    .collect();
                context.error(
                    block.head,
                    Code::InvalidOverride,
                    &format!("Missing base {} declaration to override", block.kind),
                    format!(
                        "There is no {} {} in this module that this block could override.",
                        block.kind,
                        labels.join(".")
                    ),
                );
            }
        }
    }
}

fn same(left: &Block, right: &Block) -> bool {
    let labels = |block: &Block| {
        block
            .labels
            .iter()
            .map(|label| label.text.clone())
            .collect::<Vec<_>>()
    };
    let alias = |block: &Block| {
        block
            .body
            .attribute("alias")
            .and_then(|attribute| crate::language::syntax::as_text(&attribute.expression))
    };
    left.kind == right.kind
        && labels(left) == labels(right)
        && (left.kind.as_ref() != "provider" || alias(left) == alias(right))
}

fn merge_attributes(base: &mut Body, over: &mut Body) {
    for attribute in over.attributes.drain(..) {
        match base
            .attributes
            .iter_mut()
            .find(|found| found.name == attribute.name)
        {
            Some(found) => *found = attribute,
            None => base.attributes.push(attribute),
        }
    }
}

/// What a type calls its own is one argument, in the escaping block or outside of it: an override replaces it where it stands.
fn replace_across_escaping(base: &mut Body, over: &Body) {
    let escaped = |body: &Body| -> Vec<Name> {
        let blocks = body.blocks_of(ESCAPING);
        let attributes = blocks.flat_map(|block| &block.body.attributes);
        attributes.map(|attribute| attribute.name.clone()).collect()
    };
    let is_own = |name: &Name| {
        let name = name.as_ref();
        !META_ATTRIBUTES.contains(&name) && !CALL_ATTRIBUTES.contains(&name)
    };
    let inside = escaped(over);
    base.attributes
        .retain(|found| !(is_own(&found.name) && inside.contains(&found.name)));
    for block in &mut base.blocks {
        if block.kind.as_ref() == ESCAPING {
            block
                .body
                .attributes
                .retain(|found| !(is_own(&found.name) && over.attribute(&found.name).is_some()));
        }
    }
}

/// Keeps which attributes only override files set.
fn note_override(base: &mut Body, over: &Block) {
    let mut overridden = match base.overridden.take() {
        Some(before) => Overridden {
            head: over.head,
            ..*before
        },
        None => Overridden {
            head: over.head,
            added: Vec::new(),
            is_types_own: false,
        },
    };
    for attribute in &over.body.attributes {
        if base.attribute(&attribute.name).is_none() {
            overridden.added.push(attribute.name.clone());
        }
    }
    base.overridden = Some(Box::new(overridden));
}

fn merge_block(base: &mut Body, mut over: Body) {
    // Either way of repeating replaces the other.
    for (name, other) in [("count", "for_each"), ("for_each", "count")] {
        if over.attribute(name).is_some() {
            base.attributes
                .retain(|attribute| attribute.name.as_ref() != other);
        }
    }
    replace_across_escaping(base, &over);
    merge_attributes(base, &mut over);
    let mut replaced = Vec::new();
    for block in over.blocks {
        if matches!(block.kind.as_ref(), "lifecycle" | ESCAPING)
            && let Some(found) = base
                .blocks
                .iter_mut()
                .find(|found| found.kind == block.kind)
        {
            merge_block(&mut found.body, block.body);
            continue;
        }
        // A dynamic block counts as one of the blocks it makes.
        let kind = kind_of(&block);
        if !replaced.contains(&kind) {
            base.blocks.retain(|found| kind_of(found) != kind);
            replaced.push(kind);
        }
        base.blocks.push(block);
    }
}

fn kind_of(block: &Block) -> std::sync::Arc<str> {
    match block.labels.first() {
        Some(label) if block.kind.as_ref() == "dynamic" => label.text.clone(),
        _ => block.kind.clone(),
    }
}

fn merge_terraform(base: &mut Body, mut over: Body) {
    merge_attributes(base, &mut over);
    for mut block in over.blocks {
        match base
            .blocks
            .iter_mut()
            .find(|found| found.kind == block.kind)
        {
            Some(found) if block.kind.as_ref() == "required_providers" => {
                merge_attributes(&mut found.body, &mut block.body);
            }
            Some(found) => *found = block,
            None => base.blocks.push(block),
        }
    }
}

fn merge_locals(context: &Context<'_>, base: &mut Body, over: &mut Block) {
    for attribute in over.body.attributes.drain(..) {
        let found = base
            .blocks
            .iter_mut()
            .filter(|block| block.kind.as_ref() == "locals")
            .flat_map(|block| &mut block.body.attributes)
            .find(|found| found.name == attribute.name);
        match found {
            Some(found) => *found = attribute,
            None => context.error(
                attribute.name_spot,
                Code::InvalidOverride,
                "Missing base local value definition to override",
                format!(
                    "There is no local value named {:?} in this module that this could override.",
                    attribute.name
                ),
            ),
        }
    }
}
