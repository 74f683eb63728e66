//! Blocks that declare nothing: `check`, `moved`, `import` and `removed`.

use crate::diagnostic::Code;
use std::sync::Arc;

use super::super::{CheckBlock, Context, ImportBlock, Module, MovedBlock, RemovedBlock, resource};
use super::add_resource;
use crate::language::configuration::Mode;
use crate::language::syntax::{Block, Expression, Path, PathStep};
use crate::language::term::Shape;

pub(super) fn check(context: &Context<'_>, module: &mut Module, block: &Block) {
    let Some([name]) = context.labels(block, ["name"]) else {
        return;
    };
    context.check(&block.body, &[], &["data", "assert"]);
    for data in block.body.blocks_of("data") {
        add_resource(context, module, data, Mode::Data);
    }
    let rules = context.rules(&block.body, "assert");
    if rules.is_empty() {
        context.error(
            block.head,
            Code::MissingBlock,
            "Zero assert blocks",
            "Check blocks must have at least one assert block.",
        );
    }
    module.checks.push(CheckBlock { name, rules });
}

pub(super) fn moved(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check(&block.body, &["from", "to"], &[]);
    let from = context.required(&block.body, block.head, "from");
    let to = context.required(&block.body, block.head, "to");
    let path = |expression: Option<Arc<Expression>>| context.path(&*expression?);
    if let (Some(from), Some(to)) = (path(from), path(to)) {
        module.moved.push(MovedBlock {
            from,
            to,
            spot: block.head,
        });
    }
}

pub(super) fn import(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check(
        &block.body,
        &["to", "id", "identity", "for_each", "provider"],
        &[],
    );
    let Some(to) = context.required(&block.body, block.head, "to") else {
        return;
    };
    let get = |name: &str| {
        block
            .body
            .attribute(name)
            .map(|attribute| attribute.expression.clone())
    };
    let (id, identity) = (get("id"), get("identity"));
    match (&id, &identity) {
        (None, None) => context.error(
            block.head,
            Code::MissingAttribute,
            "Invalid import block",
            "At least one of \"id\" or \"identity\" must be set.",
        ),
        (Some(_), Some(identity)) => context.error(
            identity.spot,
            Code::ConflictingAttributes,
            "Invalid import block",
            "Only one of \"id\" or \"identity\" can be set.",
        ),
        _ => {}
    }
    module.imports.push(ImportBlock {
        to,
        id,
        identity,
        for_each: get("for_each"),
        spot: block.head,
    });
}

pub(super) fn removed(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check(
        &block.body,
        &["from"],
        &["lifecycle", "connection", "provisioner"],
    );
    let Some(from) = context
        .required(&block.body, block.head, "from")
        .and_then(|expression| context.path(&expression))
    else {
        return;
    };
    if !check_removed(context, &from) {
        return;
    }
    for provisioner in block.body.blocks_of("provisioner") {
        context.labels(provisioner, ["type"]);
        resource::provisioner(context, &provisioner.body);
        if !resource::runs_on_destroy(&provisioner.body) {
            context.error(
                provisioner.head,
                Code::InvalidRemoval,
                "Invalid provisioner block",
                "In a \"removed\" block, a provisioner can only run on destroying: with when = destroy.",
            );
        }
    }
    let destroy = context
        .single(&block.body, "lifecycle")
        .and_then(|lifecycle| context.constant(&lifecycle.body, "destroy", &Shape::Bool))
        .and_then(|term| term.as_bool())
        .unwrap_or(true);
    module.removed.push(RemovedBlock {
        from,
        destroy,
        spot: block.head,
    });
}

/// False, after a complaint, for what can never be removed as a whole.
fn check_removed(context: &Context<'_>, from: &Path) -> bool {
    let problem = match from.steps.as_slice() {
        [PathStep::Name(first), ..] if **first == *"data" || **first == *"ephemeral" => {
            "Nothing is destroyed of what is only read: take its block out of the configuration."
        }
        steps if steps.iter().any(|step| !matches!(step, PathStep::Name(_))) => {
            "Instance keys are not allowed: a resource or a module is removed with all its instances."
        }
        _ => return true,
    };
    context.error(
        from.spot,
        Code::InvalidRemoval,
        "Invalid \"from\" of a removed block",
        problem,
    );
    false
}
