//! One file in the native spelling: its resources, what refers to them, the providers, and the modules that it calls.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::visit::Visit as _;

use super::folder::{Additions, Call, Folder, Given};
use super::references::References;
use super::slots::{self, Slot, Written};
use super::vendors::Mapping;
use super::{resource, vendors};
use crate::migration::text::{Edit, apply, apply_to_block, in_columns, indentation};

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

impl Found {
    pub(super) fn person(&mut self, range: Range<usize>, why: &str) {
        self.persons.push((range, why.to_owned()));
    }

    pub(super) fn left(&mut self, range: Range<usize>, why: &str) {
        self.left.push((range, why.to_owned()));
    }
}

/// A file's new text, and what to tell about it.
pub(super) struct Changed {
    pub(super) text: String,
    pub(super) persons: Vec<Noted>,
    pub(super) left: Vec<Noted>,
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

    /// The vendors' resources: what they become, and their blocks.
    fn blocks_of_vendors(&self) -> Vec<(&'static Mapping, &Block)> {
        self.blocks("resource")
            .filter_map(|block| Some((Mapping::of(block.labels.first()?.as_str())?, block)))
            .collect()
    }

    pub(super) fn resources(&self) -> Vec<&'static Mapping> {
        let blocks = self.blocks_of_vendors();
        blocks.into_iter().map(|(mapping, _)| mapping).collect()
    }

    /// All resources by type and name, and where they stand.
    pub(super) fn names(&self) -> Vec<(String, String, Range<usize>)> {
        self.blocks("resource")
            .filter_map(|block| {
                let [kind, name] = &block.labels[..] else {
                    return None;
                };
                Some((
                    kind.as_str().to_owned(),
                    name.as_str().to_owned(),
                    name.span()?,
                ))
            })
            .collect()
    }

    pub(super) fn providers(&self) -> Vec<Written> {
        let text = |block: &Block, name: &str| {
            let attribute = block.body.get_attribute(name)?;
            attribute.value.as_str().map(str::to_owned)
        };
        self.blocks("provider")
            .filter_map(|block| {
                Some(Written {
                    name: block.labels.first()?.as_str().to_owned(),
                    alias: text(block, "alias"),
                    api: text(block, "api"),
                })
            })
            .collect()
    }

    /// The block that says which providers there are.
    fn required_providers(&self) -> Option<&Block> {
        self.blocks("terraform")
            .flat_map(|block| block.body.get_blocks("required_providers"))
            .next()
    }

    pub(super) fn requires_providers(&self) -> bool {
        self.required_providers().is_some()
    }

    /// The aliases that callers give to a folder, by the provider's local name.
    pub(super) fn configuration_aliases(&self) -> Vec<(String, String)> {
        let required = self.required_providers().into_iter();
        required
            .flat_map(|block| block.body.attributes())
            .filter_map(|attribute| attribute.value.as_object())
            .flat_map(Object::iter)
            .filter(|(key, _)| name(key) == Some("configuration_aliases"))
            .filter_map(|(_, value)| value.expr().as_array())
            .flat_map(|aliases| aliases.iter().filter_map(|alias| dotted(self.text, alias)))
            .filter_map(|alias| {
                let (name, alias) = alias.split_once('.')?;
                Some((name.to_owned(), alias.to_owned()))
            })
            .collect()
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.blocks("module")
            .filter_map(|block| {
                let source = block
                    .body
                    .get_attribute("source")?
                    .value
                    .as_str()?
                    .to_owned();
                let providers = block.body.get_attribute("providers");
                let given = providers.and_then(|providers| providers.value.as_object());
                let given = given.into_iter().flat_map(Object::iter);
                let given = given.filter_map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(name) => name.as_str().to_owned(),
                        ObjectKey::Expression(key) => dotted(self.text, key)?,
                    };
                    let value = dotted(self.text, value.expr())?;
                    Some(Given { key, value })
                });
                Some(Call {
                    source,
                    place: block.labels.first()?.span()?,
                    given: given.collect(),
                })
            })
            .collect()
    }

    /// Everything in this file.
    pub(super) fn rewritten(&self, folder: &Folder, additions: &Additions) -> Changed {
        let slots = &folder.slots;
        let mut found = Found::default();
        References::of(slots, &mut found).visit_body(&self.body);
        let mut end = String::new();
        for slot in &additions.providers {
            end.push_str(&format!("\n{}\n", provider_block(slot, None, "")));
        }
        for (mapping, block) in self.blocks_of_vendors() {
            if let Some(range) = block.labels.first().and_then(|label| label.span()) {
                let text = format!("\"{}\"", mapping.ours);
                found.edits.push(Edit { range, text });
            }
            resource::rewrite(self.text, mapping, block, slots, &mut found);
            let name = block.labels.get(1).map_or("", |label| label.as_str());
            end.push_str(&format!(
                "\nmoved {{\n  from = {}.{name}\n  to   = {}.{name}\n}}\n",
                mapping.theirs, mapping.ours
            ));
        }
        for block in self.blocks("provider") {
            self.provider(folder, block, &mut found);
        }
        for block in self.blocks("module") {
            self.hand_on(folder, block, &mut found);
        }
        if let (Some(aliases), Some(block)) = (&additions.requires, self.required_providers()) {
            found.edits.extend(require(self.text, block, aliases));
        }
        let Found {
            mut edits,
            persons,
            left,
        } = found;
        for block in self.body.iter().filter_map(Structure::as_block) {
            let Some(range) = block.span() else { continue };
            let (inside, outside): (Vec<_>, Vec<_>) = edits
                .into_iter()
                .partition(|edit| range.start <= edit.range.start && edit.range.end <= range.end);
            edits = outside;
            if !inside.is_empty() {
                edits.push(apply_to_block(self.text, &range, &inside));
            }
        }
        let mut text = apply(self.text, &edits);
        if let (Some(aliases), None) = (&additions.requires, self.required_providers()) {
            text = format!(
                "terraform {{\n  required_providers {{\n{}  }}\n}}\n\n{text}",
                requirement(aliases, "  ")
            );
        }
        if !end.is_empty() {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&end);
        }
        Changed {
            text,
            persons,
            left,
        }
    }

    /// A provider block of ours behind one of theirs.
    fn provider(&self, folder: &Folder, block: &Block, found: &mut Found) {
        let name = block.labels.first().map_or("", |label| label.as_str());
        let Some(slot) = folder
            .slots
            .iter()
            .find(|slot| slot.vendor.provider == name)
        else {
            return;
        };
        let alias = block.body.get_attribute("alias").map(|alias| &alias.value);
        let alias = alias.and_then(Expression::as_str);
        let (Some(range), false) = (block.span(), folder.has_block(slot, alias)) else {
            return;
        };
        let mut settings = String::new();
        for attribute in block.body.attributes() {
            let key = attribute.key.as_str();
            if key == "alias" {
                continue;
            }
            let ours = vendors::setting(slot.vendor, key);
            let Some(ours) = ours else {
                let range = attribute.key.span().unwrap_or(0..0);
                found.left(range, &vendors::stays(key));
                continue;
            };
            let value = attribute.value.span().unwrap_or(0..0);
            let written = &self.text[value.clone()];
            if vendors::speaks(written) {
                found.person(value, "A provider is set up with what is migrated");
                continue;
            }
            settings.push_str(&format!("  {ours} = {written}\n"));
        }
        found.edits.push(Edit {
            range: range.end..range.end,
            text: format!("\n\n{}", provider_block(slot, alias, &settings)),
        });
    }

    /// What a module on disk needs of ours, beside what it is given of theirs.
    fn hand_on(&self, folder: &Folder, block: &Block, found: &mut Found) {
        let place = block.labels.first().and_then(|label| label.span());
        let Some(call) = self
            .calls()
            .into_iter()
            .find(|call| Some(&call.place) == place.as_ref())
        else {
            return;
        };
        let lines = match folder.handed_on(&call) {
            Ok(lines) => lines,
            Err(why) => {
                found.person(call.place, &why);
                return;
            }
        };
        let Some(range) = block.span().filter(|_| !lines.is_empty()) else {
            return;
        };
        let object = block
            .body
            .get_attribute("providers")
            .map(|providers| &providers.value);
        let Some(object) = object.and_then(|object| object.span()) else {
            let inner: String = lines.iter().map(|line| format!("    {line}\n")).collect();
            let end = self.text[..range.end - 1]
                .rfind('\n')
                .map_or(0, |end| end + 1);
            found.edits.push(Edit {
                range: end..end,
                text: in_columns(&format!("\n  providers = {{\n{inner}  }}\n")),
            });
            return;
        };
        let written = &self.text[object.clone()];
        let end = object.end - 1;
        let edit = if written.contains('\n') {
            let start = self.text[..end].rfind('\n').map_or(0, |end| end + 1);
            let margin = indentation(self.text, end);
            Edit {
                range: start..start,
                text: lines
                    .iter()
                    .map(|line| format!("{margin}  {line}\n"))
                    .collect(),
            }
        } else {
            let end = object.start + written[..written.len() - 1].trim_end().len();
            let comma = if written[..written.len() - 1]
                .trim_end()
                .ends_with([',', '{'])
            {
                " "
            } else {
                ", "
            };
            Edit {
                range: end..end,
                text: format!("{comma}{}", lines.join(", ")),
            }
        };
        found.edits.push(edit);
    }
}

fn name(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str()),
        ObjectKey::Expression(key) => key.as_str(),
    }
}

/// A provider as one refers to it: `signalfx` or `signalfx.eu`.
fn dotted(text: &str, expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(_) | Expression::Traversal(_) => {
            Some(text.get(expression.span()?)?.trim().to_owned())
        }
        other => other.as_str().map(str::to_owned),
    }
}

/// A provider block of ours; `settings` are whole lines.
fn provider_block(slot: &Slot, theirs: Option<&str>, settings: &str) -> String {
    let alias = slot.alias(theirs);
    let alias = alias.map(|alias| format!("  alias = \"{alias}\"\n"));
    in_columns(&format!(
        "provider \"lanyard\" {{\n  api = \"{}\"\n{}{settings}}}",
        slot.vendor.api,
        alias.unwrap_or_default()
    ))
}

/// Ours among the providers that a folder requires, with the aliases that it is given.
fn requirement(aliases: &[String], margin: &str) -> String {
    let aliases: Vec<String> = aliases
        .iter()
        .map(|alias| slots::reference(Some(alias)))
        .collect();
    let given = if aliases.is_empty() {
        String::new()
    } else {
        format!(
            "{margin}    configuration_aliases = [{}]\n",
            aliases.join(", ")
        )
    };
    let source = format!("{margin}    source = \"lanyard/lanyard\"\n");
    in_columns(&format!(
        "{margin}  lanyard = {{\n{source}{given}{margin}  }}\n"
    ))
}

/// Adds ours to the providers that the folder requires.
fn require(text: &str, required: &Block, aliases: &[String]) -> Vec<Edit> {
    if required.body.has_attribute("lanyard") {
        return Vec::new();
    }
    let Some(range) = required.span() else {
        return Vec::new();
    };
    let margin = indentation(text, range.start);
    let end = range.end - 1;
    let added = requirement(aliases, margin);
    let opening = text[range.clone()]
        .find('{')
        .map_or(range.start, |at| range.start + at + 1);
    let inner = &text[opening..end];
    if inner.contains('\n') {
        let start = text[..end].rfind('\n').map_or(0, |place| place + 1);
        let range = start..start;
        return vec![Edit { range, text: added }];
    }
    // A block on one line has to be laid out.
    let first = opening + inner.len() - inner.trim_start().len();
    let last = (opening + inner.trim_end().len()).max(first);
    let before = if inner.trim().is_empty() {
        "\n".to_owned()
    } else {
        format!("\n{margin}  ")
    };
    let after = if inner.trim().is_empty() { "" } else { "\n" };
    vec![
        Edit {
            range: opening..first,
            text: before,
        },
        Edit {
            range: last..end,
            text: format!("{after}{added}{margin}"),
        },
    ]
}
