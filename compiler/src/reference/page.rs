//! One page per resource, data source and the provider.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::schema::{Attribute, Block, Body, Nesting, Presence, Schema, Type};
use crate::value::Value;

/// What all pages of one kind have in common.
pub(super) struct Category {
    /// `Resource` or `Data Source`.
    pub(super) title: &'static str,
    /// Of its pages under `docs/`, and of its examples.
    pub(super) folder: &'static str,
    /// The file with an example.
    pub(super) example: &'static str,
    /// How it is run, where that is not `terraform apply`.
    pub(super) usage: Option<&'static str>,
}

/// A page about a resource or data source.
pub(super) struct Page<'a> {
    pub(super) type_name: &'a str,
    pub(super) category: &'a Category,
    pub(super) schema: &'a Schema,
    pub(super) example: Option<String>,
    pub(super) import_block: Option<String>,
    pub(super) import_identity: Option<String>,
    pub(super) import_command: Option<String>,
}

impl Page<'_> {
    pub(super) fn render(&self) -> String {
        let Page {
            type_name,
            category: Category { title, usage, .. },
            schema,
            ..
        } = self;
        let mut out = front_matter(
            &format!("{type_name} {title} - Lanyard"),
            Some(""),
            &schema.doc,
        );
        line(
            &mut out,
            &format!("# {type_name} ({title})\n\n{}\n", schema.doc),
        );
        example(&mut out, self.example.as_deref());
        if let Some(usage) = usage {
            line(&mut out, usage);
            line(&mut out, "");
        }
        body(&mut out, &schema.body);
        if self.import_block.is_some() || self.import_command.is_some() {
            line(&mut out, "## Import\n");
            if let Some(block) = &self.import_block {
                line(
                    &mut out,
                    "With an `import` block, Terraform 1.5 or newer:\n",
                );
                fenced(&mut out, "terraform", block);
            }
            if let Some(block) = &self.import_identity {
                line(&mut out, "By its identity, Terraform 1.12 or newer:\n");
                fenced(&mut out, "terraform", block);
            }
            if let Some(command) = &self.import_command {
                line(&mut out, "With the command:\n");
                fenced(&mut out, "shell", command);
            }
        }
        finish(out)
    }
}

/// The provider's own page.
pub(super) fn provider(settings: &Schema, provider_example: Option<&str>) -> String {
    const ABOUT: &str = "Manages service accounts and access tokens on the token server that you already run, and rotates them in \
                         place.\n\n[Find your task](guides/tasks.md): rotate every 60 days, hand a token on, keep it out of the state, \
                         take over what exists, recover.";
    // Registries show no other folders than those that they know.
    let reference = format!("{}/blob/main/docs/reference", env!("CARGO_PKG_REPOSITORY"));
    let elsewhere = format!(
        "What each server can do is in the [table of token servers]({reference}/token-servers.md), what an error or a warning means in \
         [diagnostics]({reference}/diagnostics.md)."
    );
    let mut out = front_matter(
        "Lanyard Provider",
        // Registries file resources under subcategories, and refuse one for the provider itself.
        None,
        "Manages service accounts and access tokens on token servers.",
    );
    line(
        &mut out,
        &format!("# Lanyard Provider\n\n{ABOUT} {elsewhere}\n"),
    );
    example(&mut out, provider_example);
    body(&mut out, &settings.body);
    finish(out)
}

fn front_matter(title: &str, subcategory: Option<&str>, description: &str) -> String {
    let first = description.split("\n\n").next().unwrap_or_default();
    let subcategory =
        subcategory.map_or_else(String::new, |name| format!("subcategory: \"{name}\"\n"));
    format!(
        "---\n# Generated from the model's types by `cargo test -p lanyard-compiler --test generated`; edit those.\npage_title: \
         \"{title}\"\n{subcategory}description: |-\n  {first}\n---\n\n"
    )
}

fn example(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        line(out, "## Example Usage\n");
        fenced(out, "terraform", text);
    }
}

fn body(out: &mut String, body: &Body) {
    line(out, "## Schema\n");
    level(out, body, "");
    nested(out, body, "");
}

/// A heading, and whose attributes stand under it.
type Group = (&'static str, fn(Presence) -> bool);

/// The attributes and blocks of one body, grouped by who sets them.
fn level(out: &mut String, body: &Body, path: &str) {
    let groups: [Group; 3] = [
        ("Required", |presence| presence == Presence::Required),
        ("Optional", |presence| {
            matches!(presence, Presence::Optional | Presence::OptionalComputed)
        }),
        ("Read-Only", |presence| presence == Presence::Computed),
    ];
    for (title, belongs) in groups {
        let attributes = body
            .attributes
            .iter()
            .filter(|attribute| belongs(attribute.presence))
            .map(|attribute| (&attribute.name, entry(attribute, path)));
        let blocks = body
            .blocks
            .iter()
            .filter(|block| (title == "Required") == block.required && title != "Read-Only")
            .map(|block| (&block.name, block_entry(block, path)));
        // In the order in which somebody looks for a name, as the pages of other providers have it.
        let entries: BTreeMap<_, _> = attributes.chain(blocks).collect();
        if entries.is_empty() {
            continue;
        }
        let marks = if path.is_empty() { "### " } else { "" };
        line(
            out,
            &format!("{marks}{title}{}\n", if path.is_empty() { "" } else { ":" }),
        );
        for entry in entries.values() {
            line(out, entry);
        }
        line(out, "");
    }
}

fn nested(out: &mut String, body: &Body, path: &str) {
    for block in &body.blocks {
        let full = heading(out, Nested::Block, path, &block.name);
        level(out, &block.body, &full);
        nested(out, &block.body, &full);
    }
    for attribute in &body.attributes {
        if let Some(fields) = fields(&attribute.kind) {
            heading(out, Nested::Attribute, path, &attribute.name);
            line(out, "Read-Only:\n");
            let fields: BTreeMap<_, _> = fields.iter().map(|(name, kind)| (name, kind)).collect();
            for (name, kind) in fields {
                line(out, &format!("- `{name}` ({})", type_name(kind)));
            }
            line(out, "");
        }
    }
}

/// What has a schema of its own further down, as anchors of other providers' pages call it.
#[derive(Clone, Copy)]
enum Nested {
    Block,
    Attribute,
}

/// Its whole path.
fn heading(out: &mut String, kind: Nested, path: &str, name: &str) -> String {
    let full = join(path, name);
    let anchor = anchor(kind, path, name);
    line(
        out,
        &format!("<a id=\"{anchor}\"></a>\n### Nested Schema for `{full}`\n"),
    );
    full
}

fn see_below(kind: Nested, path: &str, name: &str) -> String {
    format!(
        " (see [below for nested schema](#{}))",
        anchor(kind, path, name)
    )
}

/// The fields of a collection of objects.
fn fields(kind: &Type) -> Option<&[(String, Type)]> {
    match kind {
        Type::Object(fields) => Some(fields),
        Type::List(inner) | Type::Set(inner) | Type::Map(inner) => fields(inner),
        Type::Bool | Type::Number | Type::String | Type::Dynamic => None,
    }
}

fn block_entry(block: &Block, path: &str) -> String {
    let kind = match block.nesting {
        Nesting::Single => "Block",
        Nesting::List => "Block List",
    };
    format!(
        "- `{}` ({kind}) {}{}",
        block.name,
        block.doc,
        see_below(Nested::Block, path, &block.name)
    )
}

fn entry(attribute: &Attribute, path: &str) -> String {
    let mut kind = type_name(&attribute.kind);
    if attribute.sensitive {
        kind.push_str(", Sensitive");
    }
    if attribute.write_only {
        kind.push_str(", Write-only");
    }
    let mut text = format!("- `{}` ({kind}) {}", attribute.name, attribute.doc);
    let spelled: Vec<String> = attribute
        .choices
        .iter()
        .map(|choice| format!("`{choice}`"))
        .collect();
    // Where the documentation explains the choices, listing them again would only be noise.
    if !attribute
        .choices
        .iter()
        .all(|choice| attribute.doc.contains(&format!("`{choice}`")))
    {
        let _ = write!(text, " One of {}.", spelled.join(", "));
    }
    let default = match &attribute.default {
        Value::String(text) => Some(format!("`{text}`")),
        Value::Bool(value) => Some(format!("`{value}`")),
        Value::Number(number) => Some(format!("`{number}`")),
        // Absence is the natural default of sets and maps.
        _ => None,
    };
    if let Some(default) = default {
        let _ = write!(text, " Default {default}.");
    }
    if let Some(deprecated) = &attribute.deprecated {
        let _ = write!(text, " **Deprecated:** {deprecated}");
    }
    if fields(&attribute.kind).is_some() {
        text.push_str(&see_below(Nested::Attribute, path, &attribute.name));
    }
    text.replace("\n\n", "\n\n  ")
}

fn type_name(kind: &Type) -> String {
    match kind {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::List(inner) => format!("List of {}", type_name(inner)),
        Type::Set(inner) => format!("Set of {}", type_name(inner)),
        Type::Map(inner) => format!("Map of {}", type_name(inner)),
        Type::Object(_) => "Object".to_owned(),
        Type::Dynamic => "Any value".to_owned(),
    }
}

fn fenced(out: &mut String, language: &str, text: &str) {
    line(out, &format!("```{language}\n{}\n```\n", text.trim_end()));
}

fn anchor(kind: Nested, path: &str, name: &str) -> String {
    let kind = match kind {
        Nested::Block => "nestedblock",
        Nested::Attribute => "nestedatt",
    };
    format!("{kind}--{}", join(path, name).replace('.', "--"))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn finish(mut out: String) -> String {
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}
