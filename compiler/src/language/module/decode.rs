//! A body of top-level blocks to a module.

mod providers;
mod statements;

use super::content::{ESCAPING, note_version};
use super::resource::{repetition, resource};
use super::variable::{output, variable};
use super::{Call, Context, Local, Module};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::Mode;
use crate::language::source::Spot;
use crate::language::syntax::{Block, Body};
use crate::language::which::Language;
use crate::language::words::{self, Form, Place};
use crate::suggest::closest;

pub(crate) use providers::our_provider_names;
pub(super) use providers::provider_name;
use providers::{language, passed_providers, provider, required_providers, terraform};
use statements::{check, import, moved, removed};

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
pub(super) const CALL_ATTRIBUTES: [&str; 6] = [
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
        let mut error = Diagnostic::error(Code::UnknownAttribute, "Unsupported argument").detail(format!(
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
        "action" | "list" if context.evaluator.language == Language::Terraform => {
            note_version(context.evaluator, Place::File, &block.kind, block.kind_spot);
        }
        // OpenTofu 1.12's place for version constraints: it binds OpenTofu alone.
        "language" if context.evaluator.language == Language::OpenTofu => language(context, block),
        // Likewise, of a module that needs no `terraform` block around it.
        "required_providers" if context.evaluator.language == Language::OpenTofu => {
            required_providers(context, module, block);
        }
        kind => {
            let mut error = Diagnostic::error(Code::UnknownBlock, "Unsupported block type")
                .detail(format!("Blocks of type {kind:?} are not expected here."));
            if kind == "server" || context.schemas.has(Mode::Managed, kind) {
                error = error.hint(
                    "this is a block of a Lanyard document: name the file so that it ends in .lanyard.hcl",
                );
            } else if let Some(other) =
                words::other_program(Place::File, kind, context.evaluator.language)
            {
                error = error.hint(other);
            } else if let Some(meant) = closest(kind, BLOCKS) {
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
            Code::DuplicateDeclaration,
            &format!("Duplicate {what} declaration"),
            format!("A {what} named {name:?} was already declared. Names must be unique within a module."),
        );
    }
}

fn locals(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    for inner in &block.body.blocks {
        context.error(
            inner.kind_spot,
            Code::UnknownBlock,
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
            Code::DuplicateDeclaration,
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
    let mut blocks_alone = Body::empty(body.spot);
    blocks_alone.blocks.clone_from(&body.blocks);
    context.check_words(Place::Module, &blocks_alone, &[], &[ESCAPING]);
    let lifecycle = context.single(body, "lifecycle");
    if let Some(lifecycle) = lifecycle {
        context.check_words(Place::ModuleLifecycle, &lifecycle.body, &[], &[]);
    }
    let source = context.required(body, block.head, "source");
    let providers = body
        .attribute("providers")
        .map(|attribute| passed_providers(context, &attribute.expression))
        .unwrap_or_default();
    let own: Vec<&str> =
        words::of(Place::Module, Form::Argument, context.evaluator.language).collect();
    let is_own = |name: &str| CALL_ATTRIBUTES.contains(&name) || own.contains(&name);
    let mut inputs = Body::empty(body.spot);
    inputs.overridden = body.overridden.clone();
    inputs.attributes = body
        .attributes
        .iter()
        .filter(|attribute| !is_own(&attribute.name))
        .cloned()
        .collect();
    context.unescape(body, &mut inputs);
    for inner in &inputs.blocks {
        context.error(
            inner.kind_spot,
            Code::UnknownBlock,
            "Unsupported block type",
            "The inputs of a module are arguments: blocks are not allowed here.",
        );
    }
    Some(Call {
        source,
        version: body
            .attribute("version")
            .map(|attribute| attribute.expression.clone()),
        repetition: repetition(context, body, lifecycle),
        arguments: inputs.types_own(),
        providers,
        depends_on: context.paths(body, "depends_on"),
        spot: block.head,
        name,
    })
}
