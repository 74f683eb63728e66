//! Checks that follow from a schema alone and that Terraform leaves to the provider.

use lanyard_compiler::diagnostic::{Code, Diagnostic, quoted_among};
use lanyard_compiler::model::schema::{Attribute, Body, Presence};
use lanyard_compiler::value::{AttributePath, Value};

/// Whether Terraform keeps write-only values out of plan and state (as it and OpenTofu do since 1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteOnly {
    Kept,
    Refused,
}

/// What the schema alone finds wrong with a configuration, which may hold unknown values.
pub(crate) fn configuration(body: &Body, config: &Value, write_only: WriteOnly) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(
        body,
        config,
        &AttributePath::root(),
        &mut |path, attribute, value| {
            found.extend(attribute_check(path, attribute, value, write_only));
        },
    );
    found
}

/// Both lists; of two errors about the same place the first, which knows more, stays.
pub(crate) fn merged(mut first: Vec<Diagnostic>, second: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let second: Vec<_> = second
        .into_iter()
        .filter(|later| {
            !first
                .iter()
                .any(|earlier| earlier.severity == later.severity && earlier.path == later.path)
        })
        .collect();
    first.extend(second);
    first
}

fn walk(
    body: &Body,
    config: &Value,
    path: &AttributePath,
    visit: &mut impl FnMut(&AttributePath, &Attribute, &Value),
) {
    if config.as_map().is_none() {
        return;
    }
    for attribute in &body.attributes {
        let value = config.get(&attribute.name);
        if !value.is_null() {
            visit(&path.then(&attribute.name), attribute, value);
        }
    }
    for block in &body.blocks {
        let path = path.then(&block.name);
        match config.get(&block.name) {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(&block.body, item, &path.index(index), visit);
                }
            }
            single => walk(&block.body, single, &path, visit),
        }
    }
}

fn attribute_check(
    path: &AttributePath,
    attribute: &Attribute,
    value: &Value,
    write_only: WriteOnly,
) -> Option<Diagnostic> {
    if attribute.presence == Presence::Computed {
        return Some(
            Diagnostic::error(Code::ComputedAttribute, "This attribute cannot be set")
                .detail(format!("`{path}` is filled in by Lanyard."))
                .at(path.clone())
                .hint("Remove it from the configuration."),
        );
    }
    if attribute.write_only && write_only == WriteOnly::Refused {
        return Some(
            Diagnostic::error(
                Code::WriteOnlyUnsupported,
                "Terraform is too old for this attribute",
            )
            .detail(format!(
                "`{path}` is write-only and would end up in the state."
            ))
            .at(path.clone())
            .hint("Write-only attributes need Terraform 1.11 or OpenTofu 1.11."),
        );
    }
    if let Some(instead) = &attribute.deprecated {
        return Some(
            Diagnostic::warning(Code::DeprecatedAttribute, "This attribute is deprecated")
                .detail(format!("`{path}`: {instead}"))
                .at(path.clone()),
        );
    }
    let choices = &attribute.choices;
    match value {
        Value::String(text) if !choices.is_empty() && !choices.contains(text) => Some(
            Diagnostic::error(Code::UnknownChoice, "This value is not one of the choices")
                .detail(format!(
                    "`{path}` is {}.",
                    quoted_among(text, choices.iter().map(String::as_str))
                ))
                .at(path.clone())
                .hint(format!("Use one of {}.", choices.join(", "))),
        ),
        _ => None,
    }
}
