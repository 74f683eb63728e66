//! OpenTofu's `encryption` block: what it says concerns the state alone, but has to be right.

use super::Context;
use crate::diagnostic::Code;
use crate::language::syntax::{Block, Body, Name, PathStep, as_path};

/// Complains about what OpenTofu would refuse of the block.
pub(super) fn check(context: &Context<'_>, block: &Block) {
    let body = &block.body;
    context.labels(block, []);
    context.check(
        body,
        &[],
        &[
            "key_provider",
            "method",
            "state",
            "plan",
            "remote_state_data_sources",
        ],
    );
    for provider in body.blocks_of("key_provider") {
        context.labels(provider, ["type", "name"]);
    }
    let methods = body.blocks_of("method");
    let methods: Vec<[Name; 2]> = methods
        .filter_map(|method| context.labels(method, ["type", "name"]))
        .collect();
    for kind in ["state", "plan"] {
        if let Some(target) = context.single(body, kind) {
            context.labels(target, []);
            check_target(context, target, &["enforced"], &methods);
        }
    }
    for sources in body.blocks_of("remote_state_data_sources") {
        context.check(&sources.body, &[], &["default", "remote_state_data_source"]);
        for target in &sources.body.blocks {
            check_target(context, target, &[], &methods);
        }
    }
}

/// What says by which method something is encrypted, and what it falls back on.
fn check_target(context: &Context<'_>, target: &Block, further: &[&str], methods: &[[Name; 2]]) {
    let attributes: Vec<&str> = ["method"].iter().chain(further).copied().collect();
    context.check(&target.body, &attributes, &["fallback"]);
    check_method(context, &target.body, target, methods);
    for fallback in target.body.blocks_of("fallback") {
        check_target(context, fallback, &[], methods);
    }
}

fn check_method(context: &Context<'_>, body: &Body, target: &Block, methods: &[[Name; 2]]) {
    let Some(expression) = context.required(body, target.head, "method") else {
        return;
    };
    let path = as_path(&expression);
    let named = match path.as_ref().map(|path| path.steps.as_slice()) {
        Some(
            [
                PathStep::Name(root),
                PathStep::Name(kind),
                PathStep::Name(name),
            ],
        ) if **root == *"method" => Some((kind, name)),
        _ => None,
    };
    let declared = named.map(|(kind, name)| {
        methods
            .iter()
            .any(|[known, known_name]| known == kind && known_name == name)
    });
    let problem = match declared {
        Some(true) => return,
        Some(false) => "There is no such method block beside it.",
        None => "A method is named as method.TYPE.NAME.",
    };
    context.error(
        expression.spot,
        Code::InvalidReference,
        "Invalid encryption method",
        problem,
    );
}
