//! A body of top-level blocks to a module.

use std::collections::HashMap;
use std::sync::Arc;

use super::resource::{repetition, resource};
use super::variable::{output, variable};
use super::{
    Call, CheckBlock, Context, ImportBlock, Local, Module, MovedBlock, ProviderBlock, RemovedBlock,
    RequiredProvider,
};
use crate::diagnostic::Diagnostic;
use crate::language::configuration::Mode;
use crate::language::source::Spot;
use crate::language::syntax::{Block, Body, Expression, Name, Node, Path, as_path, as_text};
use crate::language::term::Shape;
use crate::suggest::closest;

const BLOCKS: [&str; 15] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "moved",
    "import",
    "removed",
    "check",
    "action",
    "list",
];
const CALL_ATTRIBUTES: [&str; 6] = [
    "source",
    "version",
    "count",
    "for_each",
    "providers",
    "depends_on",
];

/// Reads the declarations of a module; everything wrong with them is complained about.
pub(super) fn decode(context: &Context<'_>, module: &mut Module, body: &Body) {
    for attribute in &body.attributes {
        let mut error = Diagnostic::error("unknown-attribute", "Unsupported argument").detail(format!(
            "An argument named {:?} is not expected here: at the top of a file stand only blocks.",
            attribute.name
        ));
        if let Some(meant) = closest(&attribute.name, BLOCKS) {
            error = error.hint(format!("did you mean the block {meant:?}?"));
        } else {
            error = error.hint("values of variables belong into a .tfvars file");
        }
        context.complain(attribute.name_spot, error);
    }
    for block in &body.blocks {
        one(context, module, block);
    }
}

fn one(context: &Context<'_>, module: &mut Module, block: &Block) {
    match block.kind.as_ref() {
        "terraform" => terraform(context, module, block),
        "provider" => provider(context, module, block),
        "variable" => {
            if let Some(variable) = variable(context, block) {
                let (name, spot) = (variable.name.clone(), variable.spot);
                let taken = !module.variables.insert(name.clone(), variable);
                duplicate(context, taken, "variable", &name, spot);
            }
        }
        "locals" => locals(context, module, block),
        "output" => {
            if let Some(output) = output(context, block) {
                let (name, spot) = (output.name.clone(), output.spot);
                let taken = !module.outputs.insert(name.clone(), output);
                duplicate(context, taken, "output", &name, spot);
            }
        }
        "module" => {
            if let Some(call) = call(context, block) {
                let (name, spot) = (call.name.clone(), call.spot);
                let taken = !module.calls.insert(name.clone(), call);
                duplicate(context, taken, "module call", &name, spot);
            }
        }
        "resource" => add_resource(context, module, block, Mode::Managed),
        "data" => add_resource(context, module, block, Mode::Data),
        "ephemeral" => add_resource(context, module, block, Mode::Ephemeral),
        "check" => check(context, module, block),
        "moved" => moved(context, module, block),
        "import" => import(context, module, block),
        "removed" => removed(context, module, block),
        // Terraform 1.14's actions and queries: nothing in them bears on what a configuration asks for.
        "action" | "list" => {}
        kind => {
            let mut error = Diagnostic::error("unknown-block", "Unsupported block type")
                .detail(format!("Blocks of type {kind:?} are not expected here."));
            if let Some(meant) = closest(kind, BLOCKS) {
                error = error.hint(format!("did you mean {meant:?}?"));
            }
            context.complain(block.kind_spot, error);
        }
    }
}

fn duplicate(context: &Context<'_>, taken: bool, what: &str, name: &str, spot: Spot) {
    if taken {
        context.error(
            spot,
            "duplicate-declaration",
            &format!("Duplicate {what} declaration"),
            format!("A {what} named {name:?} was already declared. Names must be unique within a module."),
        );
    }
}

fn terraform(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check(
        &block.body,
        &["required_version", "experiments", "language"],
        &[
            "required_providers",
            "backend",
            "cloud",
            "provider_meta",
            "state_store",
        ],
    );
    for required in block.body.blocks_of("required_providers") {
        for attribute in &required.body.attributes {
            let provider = required_provider(context, &attribute.expression);
            module
                .provider_names
                .insert(attribute.name.clone(), provider);
        }
    }
}

fn required_provider(context: &Context<'_>, expression: &Expression) -> RequiredProvider {
    let mut provider = RequiredProvider {
        source: None,
        aliases: Vec::new(),
    };
    let Node::Object(items) = &expression.node else {
        // The old form: only a version.
        if as_text(expression).is_none() {
            context.error(
                expression.spot,
                "invalid-provider",
                "Invalid required_providers object",
                "A provider requirement is an object with a source and a version.",
            );
        }
        return provider;
    };
    for (key, value) in items {
        match as_text(key).as_deref() {
            Some("source") => provider.source = as_text(value),
            Some("configuration_aliases") => {
                if let Node::Tuple(aliases) = &value.node {
                    provider.aliases = aliases
                        .iter()
                        .filter_map(|alias| match as_path(alias)?.steps.get(1)? {
                            crate::language::syntax::PathStep::Name(name) => Some(name.clone()),
                            _ => None,
                        })
                        .collect();
                }
            }
            Some("version") => {}
            _ => context.error(
                key.spot,
                "invalid-provider",
                "Invalid required_providers object",
                "A provider requirement can have only \"source\", \"version\" and \"configuration_aliases\".",
            ),
        }
    }
    provider
}

fn provider(context: &Context<'_>, module: &mut Module, block: &Block) {
    let Some([name]) = context.labels(block, ["name"]) else {
        return;
    };
    let alias = context
        .constant_text(&block.body, "alias")
        .map(|(alias, _)| alias);
    let again = module
        .providers
        .iter()
        .any(|provider| provider.name == name && provider.alias == alias);
    if again {
        let which = alias.as_ref().map_or_else(
            || "a default (non-aliased)".to_owned(),
            |alias| format!("the aliased ({alias:?})"),
        );
        context.error(
            block.head,
            "duplicate-declaration",
            "Duplicate provider configuration",
            format!("This module already has {which} configuration for {name:?}. Give each further one an alias of its own."),
        );
        return;
    }
    let mut body = block.body.clone();
    body.attributes
        .retain(|attribute| !matches!(attribute.name.as_ref(), "alias" | "version"));
    module.providers.push(ProviderBlock {
        name,
        alias,
        body,
        spot: block.head,
    });
}

fn locals(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    for inner in &block.body.blocks {
        context.error(
            inner.kind_spot,
            "unknown-block",
            "Unexpected block",
            format!(
                "A locals block holds only arguments; write `{} = …`.",
                inner.kind
            ),
        );
    }
    for attribute in &block.body.attributes {
        context.check_name(&attribute.name, attribute.name_spot, "local value name");
        let local = Local {
            name: attribute.name.clone(),
            expression: attribute.expression.clone(),
            spot: attribute.spot(),
        };
        let taken = !module.locals.insert(attribute.name.clone(), local);
        duplicate(
            context,
            taken,
            "local value",
            &attribute.name,
            attribute.name_spot,
        );
    }
}

fn add_resource(context: &Context<'_>, module: &mut Module, block: &Block, mode: Mode) {
    let Some(resource) = resource(context, block, mode) else {
        return;
    };
    let key = (mode, resource.kind.clone(), resource.name.clone());
    if module.resource_index.contains_key(&key) {
        context.error(
            resource.spot,
            "duplicate-declaration",
            &format!("Duplicate {} {:?} configuration", block.kind, resource.kind),
            format!("A {} {:?} named {:?} was already declared. Names must be unique per type in each module.", block.kind, resource.kind, resource.name),
        );
        return;
    }
    module.resource_index.insert(key, module.resources.len());
    module.resources.push(resource);
}

fn call(context: &Context<'_>, block: &Block) -> Option<Call> {
    let [name] = context.labels(block, ["name"])?;
    context.check_name(&name, block.labels[0].spot, "module instance name");
    let body = &block.body;
    for inner in &body.blocks {
        context.error(
            inner.kind_spot,
            "unknown-block",
            "Unsupported block type",
            format!(
                "Blocks of type {:?} are not expected in a module block.",
                inner.kind
            ),
        );
    }
    context.required(body, block.head, "source");
    let providers = body
        .attribute("providers")
        .map(|attribute| passed_providers(context, &attribute.expression))
        .unwrap_or_default();
    Some(Call {
        source: context.constant_text(body, "source"),
        repetition: repetition(context, body),
        arguments: body
            .attributes
            .iter()
            .filter(|attribute| !CALL_ATTRIBUTES.contains(&attribute.name.as_ref()))
            .cloned()
            .collect(),
        providers,
        depends_on: context.paths(body, "depends_on"),
        spot: block.head,
        name,
    })
}

fn passed_providers(context: &Context<'_>, expression: &Expression) -> Vec<(Path, Path)> {
    let Node::Object(items) = &expression.node else {
        context.error(
            expression.spot,
            "invalid-provider",
            "Invalid providers argument",
            "The argument must be an object that maps the child's provider names to ours, such as { lanyard = lanyard.eu }.",
        );
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|(key, value)| Some((provider_key(context, key)?, context.path(value)?)))
        .collect()
}

/// `lanyard` reads as text, `lanyard.eu` as a path.
fn provider_key(context: &Context<'_>, key: &Expression) -> Option<Path> {
    match as_text(key) {
        Some(text) => {
            let parsed = crate::language::syntax::parse_expression(key.spot.file, &text).ok()?;
            let mut path = as_path(&parsed)?;
            path.spot = key.spot;
            Some(path)
        }
        None => context.path(key),
    }
}

fn check(context: &Context<'_>, module: &mut Module, block: &Block) {
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
            "missing-block",
            "Zero assert blocks",
            "Check blocks must have at least one assert block.",
        );
    }
    module.checks.push(CheckBlock { name, rules });
}

fn moved(context: &Context<'_>, module: &mut Module, block: &Block) {
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

fn import(context: &Context<'_>, module: &mut Module, block: &Block) {
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
            "missing-attribute",
            "Invalid import block",
            "At least one of \"id\" or \"identity\" must be set.",
        ),
        (Some(_), Some(identity)) => context.error(
            identity.spot,
            "conflicting-attributes",
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

fn removed(context: &Context<'_>, module: &mut Module, block: &Block) {
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

/// The kinds of a module's providers that are ours: local names whose source is Lanyard's.
pub(crate) fn our_provider_names(names: &HashMap<Name, RequiredProvider>) -> impl Fn(&str) -> bool {
    let ours: Vec<Name> = names
        .iter()
        .filter(|(_, provider)| {
            provider
                .source
                .as_ref()
                .is_some_and(|source| super::grammar::last_part(source) == "lanyard")
        })
        .map(|(name, _)| name.clone())
        .collect();
    move |name: &str| name == "lanyard" || ours.iter().any(|other| other.as_ref() == name)
}
