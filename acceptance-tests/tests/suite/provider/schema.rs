//! The schemas that Terraform is told, whole: a change here is a change that users see.

use std::fmt::Write;

use lanyard_compiler::model::schema::{Body, Nesting, Presence, Type};
use lanyard_provider::resources::provider;

#[test]
fn the_schemas_are_these() {
    let provider = provider();
    let mut text = String::new();
    show("provider", &provider.schema().body, &mut text);
    for resource in provider.resources() {
        show(
            &format!("resource {}", resource.type_name()),
            &resource.schema().body,
            &mut text,
        );
    }
    for source in provider.data_sources() {
        show(
            &format!("data {}", source.type_name()),
            &source.schema().body,
            &mut text,
        );
    }
    for resource in provider.ephemeral_resources() {
        show(
            &format!("ephemeral {}", resource.type_name()),
            &resource.schema().body,
            &mut text,
        );
    }
    for resource in provider.list_resources() {
        show(
            &format!("list {}", resource.type_name()),
            &resource.schema().body,
            &mut text,
        );
    }
    for action in provider.actions() {
        show(
            &format!("action {}", action.type_name()),
            &action.schema().body,
            &mut text,
        );
    }
    for function in provider.functions() {
        let signature = function.signature();
        let parameters: Vec<String> = signature
            .parameters
            .iter()
            .chain(&signature.variadic)
            .map(|parameter| format!("{}: {}", parameter.name, spell(&parameter.kind)))
            .collect();
        let ellipsis = if signature.variadic.is_some() {
            "..."
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "function {}({}{ellipsis}) = {}",
            function.name(),
            parameters.join(", "),
            spell(&signature.returns)
        );
    }
    insta::assert_snapshot!(text);
}

#[test]
fn everything_is_documented_and_named_as_terraform_demands() {
    let provider = provider();
    let bodies = provider
        .resources()
        .iter()
        .map(|resource| (resource.type_name(), resource.schema()))
        .chain(
            provider
                .data_sources()
                .iter()
                .map(|source| (source.type_name(), source.schema())),
        )
        .collect::<Vec<_>>();
    for (name, schema) in bodies {
        assert!(name.starts_with("lanyard_"), "{name}");
        assert!(!schema.doc.is_empty(), "{name} has no documentation");
        schema.body.walk(&mut |path, attribute| {
            assert!(
                !attribute.doc.is_empty(),
                "{name}.{path} has no documentation"
            );
            assert!(
                ![
                    "count",
                    "for_each",
                    "provider",
                    "depends_on",
                    "lifecycle",
                    "connection",
                    "provisioner",
                    "locals"
                ]
                .contains(&attribute.name.as_str()),
                "{name}.{path} is a word of the language"
            );
        });
    }
}

fn show(title: &str, body: &Body, text: &mut String) {
    let _ = writeln!(text, "{title}");
    show_body(body, 1, text);
    text.push('\n');
}

fn show_body(body: &Body, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for attribute in &body.attributes {
        let presence = match attribute.presence {
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::OptionalComputed => "optional, computed",
            Presence::Computed => "computed",
        };
        let sensitive = if attribute.sensitive {
            ", sensitive"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "{indent}{} = {} ({presence}{sensitive})",
            attribute.name,
            spell(&attribute.kind)
        );
    }
    for block in &body.blocks {
        let nesting = match block.nesting {
            Nesting::Single => "at most one",
            Nesting::List => "repeatable",
        };
        let required = if block.required { ", required" } else { "" };
        let _ = writeln!(text, "{indent}{} {{}} ({nesting}{required})", block.name);
        show_body(&block.body, depth + 1, text);
    }
}

fn spell(kind: &Type) -> String {
    match kind {
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::List(inner) => format!("list({})", spell(inner)),
        Type::Set(inner) => format!("set({})", spell(inner)),
        Type::Map(inner) => format!("map({})", spell(inner)),
        Type::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, inner)| format!("{name}={}", spell(inner)))
                .collect();
            format!("object({})", fields.join(", "))
        }
        Type::Dynamic => "dynamic".to_owned(),
    }
}
