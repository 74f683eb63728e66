//! Blocks that declare nothing: `check`, `moved`, `import` and `removed`.

use crate::diagnostic::Code;
use std::sync::Arc;

use super::super::address::{Statement, is_module, object, outline};
use super::super::{CheckBlock, Context, ImportBlock, Module, MovedBlock, RemovedBlock, resource};
use super::{add_resource, provider_name};
use crate::language::configuration::Mode;
use crate::language::source::Spot;
use crate::language::syntax::{
    Block, Body, Expression, Name, Node, Path, PathStep, as_path, calls_function, parse_expression,
    references,
};
use crate::language::term::Shape;
use crate::language::which::Language;

pub(super) fn check(context: &Context<'_>, module: &mut Module, block: &Block) {
    let Some([name]) = context.labels(block, ["name"]) else {
        return;
    };
    context.check_name(&name, block.labels[0].spot, "check block name");
    context.check(&block.body, &[], &["data", "assert"]);
    for (position, data) in block.body.blocks_of("data").enumerate() {
        if position > 0 {
            context.error(
                data.head,
                Code::DuplicateBlock,
                "Multiple data resource blocks",
                "A check block can have only one data source of its own.",
            );
            break;
        }
        scoped_data(context, module, data, &name);
    }
    if module.checks.iter().any(|check| check.name == name) {
        context.error(
            block.head,
            Code::DuplicateDeclaration,
            &format!("Duplicate check {name:?} configuration"),
            "Check blocks must have different names in each module.",
        );
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

/// A data source that only the check around it may refer to, and that has no lifecycle of its own.
fn scoped_data(context: &Context<'_>, module: &mut Module, data: &Block, check: &Name) {
    for name in ["count", "for_each"] {
        if let Some(attribute) = data.body.attribute(name) {
            context.error(
                attribute.name_spot,
                Code::UnknownAttribute,
                &format!("Invalid {name:?} attribute"),
                "A data source in a check block cannot be repeated.",
            );
        }
    }
    for lifecycle in data.body.blocks_of("lifecycle") {
        context.error(
            lifecycle.head,
            Code::UnknownBlock,
            "Invalid lifecycle block",
            "A data source in a check block has no lifecycle of its own.",
        );
    }
    let before = module.resources.len();
    add_resource(context, module, data, Mode::Data);
    if let Some(added) = module.resources.get_mut(before) {
        added.check = Some(check.clone());
    }
}

pub(super) fn moved(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check(&block.body, &["from", "to"], &[]);
    let from = context.required(&block.body, block.head, "from");
    let to = context.required(&block.body, block.head, "to");
    let path =
        |expression: Option<Arc<Expression>>| address(context, &*expression?, Statement::Moved);
    if let (Some(from), Some(to)) = (path(from), path(to)) {
        module.moved.push(MovedBlock {
            from,
            to,
            spot: block.head,
        });
    }
}

/// What a statement is about; `None` after a complaint.
fn address(context: &Context<'_>, expression: &Expression, statement: Statement) -> Option<Path> {
    address_of(context, context.path(expression)?, statement)
}

fn address_of(context: &Context<'_>, path: Path, statement: Statement) -> Option<Path> {
    let spot = path.spot;
    let found = object(path, statement, context.evaluator.language);
    found
        .map_err(|problem| {
            context.error(spot, Code::InvalidReference, "Invalid address", problem);
        })
        .ok()
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
    let to = unwrapped(to);
    let has_for_each = block.body.attribute("for_each").is_some();
    let Some(outline) = import_target(context, &to, has_for_each) else {
        return;
    };
    let provider = block.body.attribute("provider");
    let provider = provider.and_then(|attribute| provider_name(context, &attribute.expression));
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
        outline,
        id,
        identity,
        for_each: get("for_each"),
        provider,
        spot: block.head,
    });
}

/// The expression that a text of the JSON spelling holds.
fn unwrapped(expression: Arc<Expression>) -> Arc<Expression> {
    let Node::JsonText { raw, .. } = &expression.node else {
        return expression;
    };
    match parse_expression(expression.spot.file, raw) {
        Ok(mut parsed) => {
            place_at(&mut parsed, expression.spot);
            Arc::new(parsed)
        }
        Err(_) => expression,
    }
}

/// Puts an address and its keys where the text that holds them stands.
fn place_at(address: &mut Expression, spot: Spot) {
    address.spot = spot;
    match &mut address.node {
        Node::Attribute(inner, ..) => place_at(inner, spot),
        Node::Index(inner, key) => {
            key.spot = spot;
            place_at(inner, spot);
        }
        _ => {}
    }
}

/// The address that is imported to. Terraform lets its keys only be what `for_each` gives, and in OpenTofu they are any expressions.
fn import_target(context: &Context<'_>, to: &Expression, has_for_each: bool) -> Option<Path> {
    let language = context.evaluator.language;
    let Some(outline) = outline(to) else {
        context.error(
            to.spot,
            Code::InvalidImport,
            "Invalid import address",
            "The import block's \"to\" argument must be a resource address, whose keys may be expressions.",
        );
        return None;
    };
    if language == Language::Terraform {
        if !has_for_each && as_path(to).is_none() {
            return context.path(to);
        }
        check_keys(context, to);
    }
    address_of(context, outline, Statement::Import)
}

/// Complains of keys that are made of more than what `for_each` gives.
fn check_keys(context: &Context<'_>, address: &Expression) {
    let mut current = address;
    while let Node::Attribute(inner, ..) | Node::Index(inner, _) = &current.node {
        if let Node::Index(_, key) = &current.node {
            let language = context.evaluator.language;
            let mut other = calls_function(key, language);
            references(key, language, &mut |found| {
                other |= &*found.root != "each";
            });
            if other {
                context.error(
                    key.spot,
                    Code::InvalidImport,
                    "Invalid key of an import address",
                    "A key can be made only of each.key and each.value, without functions.",
                );
            }
        }
        current = inner;
    }
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
        .and_then(|expression| address(context, &expression, Statement::Removed))
    else {
        return;
    };
    if !check_removed(context, &from) {
        return;
    }
    let is_module = is_module(&from);
    for provisioner in block.body.blocks_of("provisioner") {
        if is_module {
            context.error(
                provisioner.head,
                Code::InvalidRemoval,
                "Invalid provisioner block",
                "Provisioners can stand only where a resource is removed, not a module.",
            );
        }
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
    let destroy = destroys(context, &block.body);
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

/// What `lifecycle` says of a removal, which destroys unless that says otherwise.
fn destroys(context: &Context<'_>, body: &Body) -> bool {
    if context.evaluator.language == Language::OpenTofu {
        context.single(body, "lifecycle");
    }
    let mut destroy = true;
    for lifecycle in body.blocks_of("lifecycle") {
        let body = &lifecycle.body;
        context.check(body, &["destroy"], &[]);
        let Some(term) = context.constant(body, "destroy", &Shape::Bool) else {
            continue;
        };
        destroy = term.as_bool().unwrap_or(destroy);
    }
    destroy
}
