//! Which providers a module needs, configures and passes on.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};

use super::super::installed::invalid_constraint;
use super::super::{Context, Module, ProviderBlock, ProviderName, RequiredProvider};
use crate::language::syntax::{
    Attribute, Block, Body, Expression, Name, Node, Path, PathStep, as_keyword, as_path,
    as_quoted_path, as_text, parse_expression,
};
use crate::language::version::Constraint;
use crate::language::which::{Language, is_own};
use crate::language::words::{self, Form, Place};
use crate::suggest::closest;

pub(super) fn terraform(context: &Context<'_>, module: &mut Module, block: &Block) {
    context.labels(block, []);
    context.check_words(
        Place::Terraform,
        &block.body,
        &["required_version", "experiments", "language"],
        &["required_providers", "backend", "cloud", "provider_meta"],
    );
    // In a file that Terraform reads, too, OpenTofu takes it for Terraform's.
    if context.evaluator.language == Language::Terraform || is_opentofus_own(context, block) {
        constraint(context, &block.body, "required_version");
    }
    for required in block.body.blocks_of("required_providers") {
        required_providers(context, module, required);
    }
    if context.evaluator.language == Language::OpenTofu
        && let Some(encryption) = context.single(&block.body, "encryption")
    {
        super::super::encryption::check(context, encryption);
    }
    for store in &block.body.blocks {
        if !matches!(store.kind.as_ref(), "backend" | "cloud" | "state_store") {
            continue;
        }
        // Nobody asks the modules that are called where they would keep a state.
        if store.kind.as_ref() == "backend" && module.folder.is_empty() {
            backend(context, store);
        }
        if let Some(first) = module.state_is_kept_by.replace(store.kind.clone()) {
            context.error(
                store.head,
                Code::DuplicateBlock,
                "Duplicate backend configuration",
                format!("A module may say only once where its state is kept, and there is a {first} block already."),
            );
        }
    }
}

/// Where the programs can keep a state.
const BACKENDS: [&str; 13] = [
    "azurerm",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "local",
    "oci",
    "oss",
    "pg",
    "remote",
    "s3",
];

fn backend(context: &Context<'_>, block: &Block) {
    let Some([kind]) = context.labels(block, ["type"]) else {
        return;
    };
    if BACKENDS.contains(&kind.as_ref()) {
        return;
    }
    let mut error = Diagnostic::error(Code::InvalidValue, "Invalid backend type")
        .detail(format!("There is no backend type named {kind:?}."));
    if let Some(meant) = closest(&kind, BACKENDS) {
        error = error.hint(format!("did you mean {meant:?}?"));
    }
    context.complain(block.labels[0].spot, error);
}

fn is_opentofus_own(context: &Context<'_>, block: &Block) -> bool {
    let file = context.evaluator.sources.borrow().span(block.head).file;
    is_own(&file)
}

/// An argument that says which versions are meant.
fn constraint(context: &Context<'_>, body: &Body, name: &str) {
    let Some((version, spot)) = context.constant_text(body, name) else {
        return;
    };
    match Constraint::parse(&version) {
        Some(constraint) if name == "required_version" && constraint.names_prerelease() => context.error(
            spot,
            Code::InvalidVersion,
            &format!("Invalid {name} constraint"),
            format!(
                "{version:?} names a prerelease. Prereleases count as the version that they prepare: leave out what follows the dash."
            ),
        ),
        Some(constraint) if context.evaluator.language == Language::Terraform => {
            context.evaluator.required.demand(version, constraint);
        }
        Some(_) => {}
        None => context.complain(spot, invalid_constraint(&version)),
    }
}

/// OpenTofu's `language` block: what it says binds that program alone, but has to be right.
pub(super) fn language(context: &Context<'_>, block: &Block) {
    const EDITION: &str = "tofu2024";
    context.labels(block, []);
    let body = &block.body;
    context.check(body, &["edition", "experiments"], &["compatible_with"]);
    if let Some(edition) = body.attribute("edition")
        && as_keyword(&edition.expression).is_none_or(|word| *word != *EDITION)
    {
        context.error(
            edition.expression.spot,
            Code::InvalidValue,
            "Unsupported language edition",
            format!("OpenTofu 1.12 has only the edition {EDITION}, written without quotes."),
        );
    }
    for compatible in body.blocks_of("compatible_with") {
        constraint(context, &compatible.body, "opentofu");
    }
}

pub(super) fn required_providers(context: &Context<'_>, module: &mut Module, block: &Block) {
    if std::mem::replace(&mut module.has_required_providers, true) {
        context.error(
            block.head,
            Code::DuplicateBlock,
            "Duplicate required providers configuration",
            "A module may have only one required_providers block.",
        );
    }
    for attribute in &block.body.attributes {
        check_local_name(context, attribute);
        let provider = required_provider(context, &attribute.name, &attribute.expression);
        module
            .provider_names
            .insert(attribute.name.clone(), provider);
    }
}

/// What a module calls a provider: small letters, digits and dashes.
fn check_local_name(context: &Context<'_>, attribute: &Attribute) {
    if !is_source_part(&attribute.name) || attribute.name.chars().any(char::is_uppercase) {
        context.error(
            attribute.name_spot,
            Code::InvalidName,
            "Invalid provider local name",
            "The name of a provider has only small letters, digits and dashes.",
        );
    }
}

/// True for a part of a provider's address: letters, digits and single dashes between them.
fn is_source_part(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('-')
        && !part.ends_with('-')
        && !part.contains("--")
        && part
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '-')
}

/// The address of a provider, checked.
fn provider_source(context: &Context<'_>, expression: &Expression) -> Option<Name> {
    let invalid = |summary: &str, detail: &str| {
        context.error(expression.spot, Code::InvalidProvider, summary, detail);
        None
    };
    let Some(source) = as_text(expression) else {
        return invalid("Invalid source", "The source must be plain text.");
    };
    let parts: Vec<&str> = source.split('/').collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty()) {
        return invalid(
            "Invalid provider source string",
            "A source is written [hostname/][namespace/]name.",
        );
    }
    let named = &parts[parts.len().saturating_sub(2)..];
    if !named.iter().all(|part| is_source_part(part)) {
        return invalid(
            "Invalid provider source string",
            "Namespace and name have only letters, digits and dashes, and no dash stands at an end or beside another.",
        );
    }
    if let [_, name] = named
        && name.starts_with("terraform-provider-")
    {
        return invalid(
            "Invalid provider type",
            "The name is the repository's without \"terraform-provider-\".",
        );
    }
    Some(source)
}

/// The names of further configurations that a module must be given.
fn aliases(context: &Context<'_>, local_name: &str, expression: &Expression) -> Vec<Name> {
    let Node::Tuple(aliases) = &expression.node else {
        context.error(
            expression.spot,
            Code::InvalidProvider,
            "Invalid configuration_aliases value",
            "The value is a list of references, such as [lanyard.eu], in brackets.",
        );
        return Vec::new();
    };
    let alias = |alias: &Expression| {
        let path = as_path(alias);
        match path.as_ref().map(|path| path.steps.as_slice()) {
            // The configuration without an alias.
            Some([PathStep::Name(root)]) if **root == *local_name => None,
            Some([PathStep::Name(root), PathStep::Name(name)]) if **root == *local_name => {
                Some(name.clone())
            }
            _ => {
                context.error(
                    alias.spot,
                    Code::InvalidProvider,
                    "Invalid configuration_aliases value",
                    format!("Each is written {local_name}.NAME."),
                );
                None
            }
        }
    };
    aliases.iter().filter_map(alias).collect()
}

/// Complains of what is no text that says which versions are meant.
fn check_version(context: &Context<'_>, expression: &Expression) {
    match as_text(expression) {
        Some(version) if Constraint::parse(&version).is_some() => {}
        Some(version) => context.complain(expression.spot, invalid_constraint(&version)),
        None => context.error(
            expression.spot,
            Code::InvalidVersion,
            "Invalid version constraint",
            "The version must be plain text.",
        ),
    }
}

fn required_provider(
    context: &Context<'_>,
    local_name: &str,
    expression: &Expression,
) -> RequiredProvider {
    let mut provider = RequiredProvider {
        source: None,
        aliases: Vec::new(),
    };
    let mut version = None;
    let Node::Object(items) = &expression.node else {
        // The old form: only a version.
        if as_text(expression).is_some() {
            check_version(context, expression);
        } else {
            context.error(
                expression.spot,
                Code::InvalidProvider,
                "Invalid required_providers object",
                "A provider requirement is an object with a source and a version.",
            );
        }
        return provider;
    };
    for (key, value) in items {
        match as_text(key).as_deref() {
            Some("source") => provider.source = provider_source(context, value),
            Some("configuration_aliases") => {
                provider.aliases = aliases(context, local_name, value);
            }
            Some("version") => {
                check_version(context, value);
                version = Some(value.spot);
            }
            _ => context.error(
                key.spot,
                Code::InvalidProvider,
                "Invalid required_providers object",
                "A provider requirement can have only \"source\", \"version\" and \"configuration_aliases\".",
            ),
        }
    }
    if let Some(spot) = version
        && provider.source.as_deref() == Some("terraform.io/builtin/terraform")
    {
        context.error(
            spot,
            Code::InvalidVersion,
            "Invalid dependency on built-in provider",
            "What is built in has the version of the program: `required_version` says which.",
        );
    }
    provider
}

pub(super) fn provider(context: &Context<'_>, module: &mut Module, block: &Block) {
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
            Code::DuplicateDeclaration,
            "Duplicate provider configuration",
            format!("This module already has {which} configuration for {name:?}. Give each further one an alias of its own."),
        );
        return;
    }
    let for_each = repetition(context, &block.body, alias.is_some());
    let mut body = block.body.clone();
    body.attributes.retain(|attribute| {
        let name = attribute.name.as_ref();
        !matches!(name, "alias" | "version") && !RESERVED.contains(&name)
    });
    context.unescape(&block.body, &mut body);
    module.providers.push(ProviderBlock {
        name,
        alias,
        for_each,
        body: body.types_own(),
        spot: block.head,
    });
}

/// Names that no provider's own settings can have.
const RESERVED: [&str; 4] = ["count", "depends_on", "for_each", "source"];

/// OpenTofu's `for_each`; the other names wait for a meaning.
fn repetition(context: &Context<'_>, body: &Body, has_alias: bool) -> Option<Arc<Expression>> {
    let language = context.evaluator.language;
    let mut for_each = None;
    for name in RESERVED {
        let Some(attribute) = body.attribute(name) else {
            continue;
        };
        if words::of(Place::Provider, Form::Argument, language).any(|own| own == name) {
            for_each = Some(attribute);
            continue;
        }
        let mut error = Diagnostic::error(
            Code::UnknownAttribute,
            "Reserved argument name in provider block",
        )
        .detail(format!(
            "The argument {name:?} means nothing in a provider block."
        ));
        if let Some(other) = words::other_program(Place::Provider, name, language) {
            error = error.hint(other);
        }
        context.complain(attribute.name_spot, error);
    }
    let for_each = for_each?;
    if !has_alias {
        context.error(
            for_each.expression.spot,
            Code::InvalidProvider,
            "Alias required when using \"for_each\"",
            "Only a provider configuration with an alias can have a `for_each`.",
        );
    }
    Some(for_each.expression.clone())
}

pub(super) fn passed_providers(
    context: &Context<'_>,
    expression: &Expression,
) -> Vec<(Path, ProviderName)> {
    let Node::Object(items) = &expression.node else {
        context.error(
            expression.spot,
            Code::InvalidProvider,
            "Invalid providers argument",
            "The argument must be an object that maps the child's provider names to ours, such as { lanyard = lanyard.eu }.",
        );
        return Vec::new();
    };
    let child = |expression| as_quoted_path(expression).or_else(|| context.path(expression));
    let mut passed: Vec<(Path, ProviderName)> = Vec::new();
    for (key, value) in items {
        let (Some(child), Some(name)) = (child(key), provider_name(context, value)) else {
            continue;
        };
        if passed.iter().any(|(other, _)| other.steps == child.steps) {
            context.error(
                key.spot,
                Code::InvalidProvider,
                "Duplicate provider address",
                format!("A provider configuration is passed to {child} already: each can be assigned only once."),
            );
            continue;
        }
        passed.push((child, name));
    }
    passed
}

/// `aws`, `aws.west`, OpenTofu's `aws.by_region["west"]`; quotes were allowed once and still read.
pub(crate) fn provider_name(
    context: &Context<'_>,
    expression: &Expression,
) -> Option<ProviderName> {
    let parsed;
    let written = match &expression.node {
        Node::JsonText { raw, .. } => match parse_expression(expression.spot.file, raw) {
            Ok(found) => {
                parsed = found;
                &parsed
            }
            Err(_) => expression,
        },
        _ => expression,
    };
    let (named, key) = match &written.node {
        Node::Index(named, key) => (&**named, Some(&**key)),
        _ => (written, None),
    };
    let steps = if key.is_some() { 2..=2 } else { 1..=2 };
    let path = as_quoted_path(named).filter(|path| steps.contains(&path.steps.len()));
    let language = context.evaluator.language;
    let mut error = Diagnostic::error(
        Code::InvalidProvider,
        "Invalid provider configuration reference",
    )
    .detail("The provider argument requires a provider name and, optionally, an alias, such as lanyard or lanyard.eu.");
    match path {
        Some(path) if key.is_none() || language == Language::OpenTofu => {
            return Some(ProviderName {
                path: Path {
                    spot: expression.spot,
                    ..path
                },
                key: key.map(|key| Expression {
                    spot: if key.spot.end > expression.spot.end {
                        expression.spot
                    } else {
                        key.spot
                    },
                    ..key.clone()
                }),
            });
        }
        Some(_) => {
            if let Some(hint) = words::other_program(Place::Provider, "for_each", language) {
                error = error.hint(hint);
            }
        }
        None => {}
    }
    context.complain(expression.spot, error);
    None
}

/// The kinds of a module's providers that are ours: local names whose source is Lanyard's.
pub(crate) fn our_provider_names(names: &HashMap<Name, RequiredProvider>) -> impl Fn(&str) -> bool {
    let ours: Vec<Name> = names
        .iter()
        .filter(|(_, provider)| {
            provider
                .source
                .as_ref()
                .is_some_and(|source| super::super::grammar::last_part(source) == "lanyard")
        })
        .map(|(name, _)| name.clone())
        .collect();
    move |name: &str| name == "lanyard" || ours.iter().any(|other| other.as_ref() == name)
}
