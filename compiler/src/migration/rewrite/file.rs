//! One file: its resources, what refers to them, and the providers.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::visit::Visit as _;

use super::references::References;
use super::resource;
use super::text::{Edit, apply, apply_to_block, in_columns, indentation};
use super::vendors::{MAPPINGS, Mapping, Vendor};

/// What is to change in a file, and what needs a person.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) edits: Vec<Edit>,
    pub(super) persons: Vec<Noted>,
    /// What stays as it is, though it speaks of a vendor.
    pub(super) left: Vec<Noted>,
}

/// A place, and why it is named.
pub(super) type Noted = (Range<usize>, String);

/// A file's new text, and what to tell about it.
pub(super) struct Changed {
    pub(super) text: String,
    pub(super) persons: Vec<Noted>,
    pub(super) left: Vec<Noted>,
}

impl Found {
    pub(super) fn person(&mut self, range: Range<usize>, why: &str) {
        self.persons.push((range, why.to_owned()));
    }

    pub(super) fn left(&mut self, range: Range<usize>, why: &str) {
        self.left.push((range, why.to_owned()));
    }
}

/// A file that was understood.
pub(super) struct Parsed<'a> {
    pub(super) text: &'a str,
    pub(super) body: Body,
}

impl Parsed<'_> {
    fn blocks<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> + 'b {
        self.body
            .iter()
            .filter_map(move |structure| match structure {
                Structure::Block(block) if block.ident.as_str() == kind => Some(block),
                _ => None,
            })
    }

    /// The vendors' resources: what they become, and their names.
    pub(super) fn resources(&self) -> Vec<(&'static Mapping, &Block)> {
        self.blocks("resource")
            .filter_map(|block| Some((Mapping::of(block.labels.first()?.as_str())?, block)))
            .collect()
    }

    pub(super) fn has_provider(&self, name: &str) -> bool {
        self.providers(name).next().is_some()
    }

    fn providers<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Block> + 'b {
        self.blocks("provider").filter(move |block| {
            block
                .labels
                .first()
                .is_some_and(|label| label.as_str() == name)
        })
    }

    /// The blocks that say which providers there are.
    pub(super) fn required_providers(&self) -> Option<&Block> {
        self.blocks("terraform")
            .flat_map(|block| block.body.get_blocks("required_providers"))
            .next()
    }

    /// True if a module is given a provider of a vendor.
    fn hands_on(&self, vendor: &Vendor, found: &mut Found) {
        for module in self.blocks("module") {
            if let Some(providers) = module.body.get_attribute("providers") {
                let range = providers.value.span().unwrap_or(0..0);
                if self.text[range.clone()].contains(vendor.provider) {
                    found.person(
                        range,
                        &format!("The module is given {}: hand `lanyard` on to it as well, and migrate its folder", vendor.provider),
                    );
                }
            }
        }
    }

    /// Everything in this file; `vendors` are those of the folder, and whoever has none is only looked through for references.
    pub(super) fn rewritten(&self, vendors: &[&'static Vendor], adds_provider: bool) -> Changed {
        let mut found = Found::default();
        References::of(&mut found).visit_body(&self.body);
        let mut moved = String::new();
        for (mapping, block) in self.resources() {
            if let Some(range) = block.labels.first().and_then(|label| label.span()) {
                let text = format!("\"{}\"", mapping.ours);
                found.edits.push(Edit { range, text });
            }
            resource::rewrite(self.text, mapping, block, &mut found);
            let name = block.labels.get(1).map_or("", |label| label.as_str());
            moved.push_str(&format!(
                "\nmoved {{\n  from = {}.{name}\n  to   = {}.{name}\n}}\n",
                mapping.theirs, mapping.ours
            ));
        }
        for vendor in vendors {
            self.hands_on(vendor, &mut found);
            if adds_provider {
                for block in self.providers(vendor.provider) {
                    self.provider(vendor, block, &mut found);
                }
            }
        }
        let mut edits = found.edits;
        for (_, block) in self.resources() {
            let Some(range) = block.span() else { continue };
            let (inside, outside): (Vec<_>, Vec<_>) = edits
                .into_iter()
                .partition(|edit| range.start <= edit.range.start && edit.range.end <= range.end);
            edits = outside;
            edits.push(apply_to_block(self.text, &range, &inside));
        }
        let mut text = apply(self.text, &edits);
        if !moved.is_empty() {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&moved);
        }
        Changed {
            text,
            persons: found.persons,
            left: found.left,
        }
    }

    /// A provider block of ours behind one of theirs.
    fn provider(&self, vendor: &Vendor, block: &Block, found: &mut Found) {
        let Some(range) = block.span() else { return };
        let mut settings = format!("  api = \"{}\"\n", vendor.api);
        for structure in &block.body {
            let Structure::Attribute(attribute) = structure else {
                continue;
            };
            let key = attribute.key.as_str();
            let ours = match key {
                "alias" => Some("alias"),
                _ => vendor
                    .settings
                    .iter()
                    .find(|(theirs, _)| *theirs == key)
                    .map(|(_, ours)| *ours),
            };
            let Some(ours) = ours else {
                let range = attribute.key.span().unwrap_or(0..0);
                found.left(
                    range,
                    &format!(
                        "`{key}` stays with the vendor's provider: Lanyard's has nothing like it"
                    ),
                );
                continue;
            };
            let value = attribute.value.span().unwrap_or(0..0);
            let written = &self.text[value.clone()];
            if MAPPINGS
                .iter()
                .any(|mapping| written.contains(mapping.theirs))
            {
                found.person(value, "A provider is set up with what is migrated");
                continue;
            }
            settings.push_str(&format!("  {ours} = {written}\n"));
        }
        found.edits.push(Edit {
            range: range.end..range.end,
            text: in_columns(&format!("\n\nprovider \"lanyard\" {{\n{settings}}}")),
        });
    }
}

/// Adds ours to the providers that the folder requires.
pub(super) fn require(text: &str, required: &Block) -> Option<Edit> {
    if required.body.has_attribute("lanyard") {
        return None;
    }
    let end = required.span()?.end - 1;
    let start = text[..end].rfind('\n').map_or(0, |place| place + 1);
    let indentation = indentation(text, end);
    Some(Edit {
        range: start..start,
        text: format!(
            "{indentation}  lanyard = {{\n{indentation}    source = \"lanyard/lanyard\"\n{indentation}  }}\n"
        ),
    })
}
