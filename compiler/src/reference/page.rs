//! One page per resource, data source and the provider.

use std::fmt::Write as _;

use crate::model::schema::{Attribute, Block, Body, Nesting, Presence, Schema, Type};
use crate::value::Value;

/// A page about a resource or data source.
pub(super) struct Page<'a> {
    pub(super) type_name: &'a str,
    /// `Resource` or `Data Source`.
    pub(super) category: &'a str,
    pub(super) schema: &'a Schema,
    pub(super) example: Option<String>,
    pub(super) import_block: Option<String>,
    pub(super) import_command: Option<String>,
}

impl Page<'_> {
    pub(super) fn render(&self) -> String {
        let Page {
            type_name,
            category,
            schema,
            ..
        } = self;
        let mut out = front_matter(&format!("{type_name} {category} - Lanyard"), &schema.doc);
        line(
            &mut out,
            &format!("# {type_name} ({category})\n\n{}\n", schema.doc),
        );
        example(&mut out, self.example.as_deref());
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
                         place. See the [table of token servers](reference/token-servers.md) for what each of them can do.";
    let mut out = front_matter(
        "Lanyard Provider",
        "Manages service accounts and access tokens on token servers.",
    );
    line(&mut out, &format!("# Lanyard Provider\n\n{ABOUT}\n"));
    example(&mut out, provider_example);
    body(&mut out, &settings.body);
    finish(out)
}

fn front_matter(title: &str, description: &str) -> String {
    let first = description.split("\n\n").next().unwrap_or_default();
    format!(
        "---\n# Generated from the model's types by `cargo test -p lanyard-compiler --test generated`; edit those.\npage_title: \
         \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {first}\n---\n\n"
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
        let attributes: Vec<&Attribute> = body
            .attributes
            .iter()
            .filter(|attribute| belongs(attribute.presence))
            .collect();
        let blocks: Vec<&Block> = body
            .blocks
            .iter()
            .filter(|block| (title == "Required") == block.required && title != "Read-Only")
            .collect();
        if attributes.is_empty() && blocks.is_empty() {
            continue;
        }
        let marks = if path.is_empty() { "### " } else { "" };
        line(
            out,
            &format!("{marks}{title}{}\n", if path.is_empty() { "" } else { ":" }),
        );
        for attribute in attributes {
            line(out, &entry(attribute));
        }
        for block in blocks {
            let kind = match block.nesting {
                Nesting::Single => "Block",
                Nesting::List => "Block List",
            };
            let anchor = anchor(path, &block.name);
            line(
                out,
                &format!(
                    "- `{}` ({kind}) {} (see [below for nested schema](#{anchor}))",
                    block.name, block.doc
                ),
            );
        }
        line(out, "");
    }
}

fn nested(out: &mut String, body: &Body, path: &str) {
    for block in &body.blocks {
        let full = join(path, &block.name);
        line(
            out,
            &format!(
                "<a id=\"{}\"></a>\n### Nested Schema for `{full}`\n",
                anchor(path, &block.name)
            ),
        );
        level(out, &block.body, &full);
        nested(out, &block.body, &full);
    }
}

fn entry(attribute: &Attribute) -> String {
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
        Type::Object(fields) => {
            let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
            format!("Object: {}", names.join(", "))
        }
        Type::Dynamic => "Any value".to_owned(),
    }
}

fn fenced(out: &mut String, language: &str, text: &str) {
    line(out, &format!("```{language}\n{}\n```\n", text.trim_end()));
}

fn anchor(path: &str, name: &str) -> String {
    format!("nestedblock--{}", join(path, name).replace('.', "--"))
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
