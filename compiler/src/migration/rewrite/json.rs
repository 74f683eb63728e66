//! One file in the JSON spelling. Texts in it are templates, so that what refers to a resource is found as in the native spelling.

use std::ops::Range;

use hcl_edit::visit::Visit as _;

use super::file::{Changed, Found};
use super::folder::{Additions, Call, Folder, Given};
use super::json_resource;
use super::references::References;
use super::slots::{self, Slot, Written};
use super::vendors::{self, Mapping};
use crate::language::json::{Json, Member, Value};
use crate::migration::text::{Edit, apply};

/// A file that was understood.
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) root: Json,
}

/// Where a text stands.
#[derive(Clone, Copy)]
enum Inside<'a> {
    /// Among the types of resources.
    Types,
    /// Among the names of those of one type.
    Names,
    /// In what is called so.
    Of(&'a str),
}

/// The objects that stand for blocks: one, or an array of them.
pub(super) fn objects(node: &Json) -> Vec<&[Member]> {
    match &node.value {
        Value::Object(members) => vec![members],
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn member<'m>(members: &'m [Member], name: &str) -> Option<&'m Member> {
    members.iter().find(|member| &*member.name.text == name)
}

pub(super) fn string(node: &Json) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(&text.text),
        _ => None,
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What stands between a member and the one before it, comma aside: a line break and its margin if it begins its line, or a blank.
pub(super) fn separator(text: &str, member: &Member) -> String {
    let start = member.name_spot.range().start;
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let margin = &text[line..start];
    if line > 0 && margin.trim().is_empty() {
        format!("\n{margin}")
    } else {
        " ".to_owned()
    }
}

impl Document<'_> {
    /// What the file says under a name, whichever way it is nested.
    fn under(&self, name: &str) -> Vec<&Member> {
        let members = objects(&self.root).into_iter().flatten();
        let found = members.filter(|member| &*member.name.text == name);
        found
            .flat_map(|member| objects(&member.value).into_iter().flatten())
            .collect()
    }

    fn blocks_of_vendors(&self) -> Vec<(&'static Mapping, &Member)> {
        let kinds = self.under("resource").into_iter();
        kinds
            .filter_map(|kind| Some((Mapping::of(&kind.name.text)?, kind)))
            .flat_map(|(mapping, kind)| {
                let named = objects(&kind.value).into_iter().flatten();
                named.map(move |resource| (mapping, resource))
            })
            .collect()
    }

    pub(super) fn resources(&self) -> Vec<&'static Mapping> {
        let blocks = self.blocks_of_vendors();
        blocks.into_iter().map(|(mapping, _)| mapping).collect()
    }

    /// All resources by type and name, and where they stand.
    pub(super) fn names(&self) -> Vec<(String, String, Range<usize>)> {
        let kinds = self.under("resource").into_iter();
        kinds
            .flat_map(|kind| {
                let named = objects(&kind.value).into_iter().flatten();
                named.map(|named| {
                    let (kind, name) = (&kind.name.text, &named.name.text);
                    (kind.to_string(), name.to_string(), named.name_spot.range())
                })
            })
            .collect()
    }

    pub(super) fn providers(&self) -> Vec<Written> {
        let text = |block: &[Member], name: &str| {
            let value = string(&member(block, name)?.value)?;
            Some(value.to_owned())
        };
        let providers = self.under("provider").into_iter();
        providers
            .flat_map(|provider| {
                objects(&provider.value).into_iter().map(|block| Written {
                    name: provider.name.text.to_string(),
                    alias: text(block, "alias"),
                    api: text(block, "api"),
                })
            })
            .collect()
    }

    fn required_providers(&self) -> Option<&Member> {
        let settings = self.under("terraform").into_iter();
        settings
            .into_iter()
            .find(|setting| &*setting.name.text == "required_providers")
    }

    pub(super) fn requires_providers(&self) -> bool {
        self.required_providers().is_some()
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        let modules = self.under("module").into_iter();
        modules
            .flat_map(|module| {
                objects(&module.value).into_iter().filter_map(|block| {
                    let source = string(&member(block, "source")?.value)?.to_owned();
                    let given =
                        member(block, "providers").map(|providers| objects(&providers.value));
                    let given = given.into_iter().flatten().flatten().filter_map(|given| {
                        let value = string(&given.value)?;
                        let value = value.strip_prefix("${").unwrap_or(value);
                        Some(Given {
                            key: given.name.text.to_string(),
                            value: value.trim_end_matches('}').trim().to_owned(),
                        })
                    });
                    Some(Call {
                        source,
                        place: module.name_spot.range(),
                        given: given.collect(),
                    })
                })
            })
            .collect()
    }

    /// Everything in this file.
    pub(super) fn rewritten(&self, folder: &Folder, additions: &Additions) -> Changed {
        let mut found = Found::default();
        for member in objects(&self.root).into_iter().flatten() {
            match &*member.name.text {
                "moved" | "removed" => {
                    if vendors::speaks(&self.text[member.value.spot.range()]) {
                        found.left(
                            member.name_spot.range(),
                            "The block tells of an earlier move or removal, which goes before this one",
                        );
                    }
                }
                "resource" => {
                    self.references(&member.value, Inside::Types, None, folder, &mut found);
                }
                name => {
                    self.references(&member.value, Inside::Of(name), None, folder, &mut found);
                }
            }
        }
        for kind in self.under("resource") {
            let Some(mapping) = Mapping::of(&kind.name.text) else {
                continue;
            };
            let is_there = self
                .under("resource")
                .iter()
                .any(|other| &*other.name.text == mapping.ours);
            if is_there {
                found.person(
                    kind.name_spot.range(),
                    &format!("{} is there as well, and a name stands for one thing: put its resources below this one", mapping.ours),
                );
            }
            found.edits.push(Edit {
                range: kind.name_spot.range(),
                text: quoted(mapping.ours),
            });
        }
        let mut moved = Vec::new();
        for (mapping, resource) in self.blocks_of_vendors() {
            for body in objects(&resource.value) {
                json_resource::rewrite(self.text, mapping, body, &folder.slots, &mut found);
            }
            let name = &resource.name.text;
            moved.push(format!(
                "{{ \"from\": {}, \"to\": {} }}",
                quoted(&format!("{}.{name}", mapping.theirs)),
                quoted(&format!("{}.{name}", mapping.ours))
            ));
        }
        let mut members: Vec<(&str, String)> = Vec::new();
        self.requirement(additions, &mut members, &mut found);
        self.provider_blocks(folder, additions, &mut members, &mut found);
        self.hand_on(folder, &mut found);
        if !moved.is_empty() {
            self.add("moved", moved, &mut members, &mut found);
        }
        let root = objects(&self.root)
            .into_iter()
            .next_back()
            .unwrap_or_default();
        self.append(root, &members, &mut found);
        Changed {
            text: apply(self.text, &found.edits),
            persons: found.persons,
            left: found.left,
        }
    }

    /// Looks through all texts that speak of a vendor's resource.
    fn references(
        &self,
        node: &Json,
        inside: Inside<'_>,
        own: Option<&'static Mapping>,
        folder: &Folder,
        found: &mut Found,
    ) {
        match &node.value {
            Value::Array(items) => {
                for item in items {
                    self.references(item, inside, own, folder, found);
                }
            }
            Value::Object(members) => {
                for each in members {
                    // A resource type is a name here, and its resources are looked through with `self` in mind.
                    let own = match inside {
                        Inside::Types => Mapping::of(&each.name.text),
                        Inside::Names | Inside::Of(_) => own,
                    };
                    if each.name.text.contains("${") {
                        self.template(&each.name.text, each.name_spot.range(), own, folder, found);
                    }
                    let inner = match inside {
                        Inside::Types => Inside::Names,
                        Inside::Names => Inside::Of(""),
                        Inside::Of(_) => Inside::Of(&each.name.text),
                    };
                    self.references(&each.value, inner, own, folder, found);
                }
            }
            Value::String(text) => {
                let place = node.spot.range();
                let name = match inside {
                    Inside::Of(name) => name,
                    Inside::Types | Inside::Names => "",
                };
                match (name, own) {
                    ("provider", Some(mapping)) => {
                        self.provider(&text.text, place, mapping, folder, found);
                    }
                    ("ignore_changes", Some(_)) => {}
                    ("depends_on" | "replace_triggered_by" | "to", _)
                        if !text.text.contains("${") =>
                    {
                        self.named(&text.text, place, folder, found);
                    }
                    _ => self.template(&text.text, place, own, folder, found),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn provider(
        &self,
        written: &str,
        place: Range<usize>,
        mapping: &Mapping,
        folder: &Folder,
        found: &mut Found,
    ) {
        let (name, alias) = match written.split_once('.') {
            Some((name, alias)) => (name, Some(alias)),
            None => (written, None),
        };
        match slots::of(&folder.slots, mapping.vendor) {
            Some(slot) if name == mapping.vendor.provider => found.edits.push(Edit {
                range: place,
                text: quoted(&slot.reference(alias)),
            }),
            _ => found.person(
                place,
                "The provider has another name than its resources: name Lanyard's",
            ),
        }
    }

    /// A text that names a resource, or an attribute of one.
    fn named(&self, text: &str, place: Range<usize>, folder: &Folder, found: &mut Found) {
        if !vendors::speaks(text) {
            return;
        }
        let whole = format!("${{{text}}}");
        let Ok(template) = hcl_edit::parser::parse_template(&whole) else {
            found.person(place, "The text cannot be read as a reference");
            return;
        };
        let mut inner = Found::default();
        References::of(&folder.slots, &mut inner)
            .naming()
            .visit_template(&template);
        for (_, why) in inner.persons {
            found.person(place.clone(), &why);
        }
        let ours = apply(&whole, &inner.edits);
        let ours = ours
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(ours) = ours.filter(|ours| *ours != text) {
            let text = quoted(ours);
            found.edits.push(Edit { range: place, text });
        }
    }

    fn template(
        &self,
        text: &str,
        place: Range<usize>,
        own: Option<&'static Mapping>,
        folder: &Folder,
        found: &mut Found,
    ) {
        let is_of_own = own.is_some() && text.contains("self.");
        if !vendors::speaks(text) && !is_of_own {
            return;
        }
        let Ok(template) = hcl_edit::parser::parse_template(text) else {
            found.person(place, "The text cannot be read as a template");
            return;
        };
        let mut inner = Found::default();
        References::of(&folder.slots, &mut inner)
            .within(own)
            .visit_template(&template);
        for (_, why) in inner.persons {
            found.person(place.clone(), &why);
        }
        if !inner.edits.is_empty() {
            let text = quoted(&apply(text, &inner.edits));
            found.edits.push(Edit { range: place, text });
        }
    }

    fn requirement(
        &self,
        additions: &Additions,
        members: &mut Vec<(&str, String)>,
        found: &mut Found,
    ) {
        let Some(aliases) = &additions.requires else {
            return;
        };
        let aliases: Vec<String> = aliases
            .iter()
            .map(|alias| quoted(&slots::reference(Some(alias))))
            .collect();
        let given = if aliases.is_empty() {
            String::new()
        } else {
            format!(", \"configuration_aliases\": [{}]", aliases.join(", "))
        };
        let ours = format!("{{ \"source\": \"lanyard/lanyard\"{given} }}");
        match self.required_providers() {
            Some(required) => {
                let inner = objects(&required.value)
                    .into_iter()
                    .next_back()
                    .unwrap_or_default();
                if member(inner, "lanyard").is_none() {
                    self.append(inner, &[("lanyard", ours)], found);
                }
            }
            None => {
                let required = format!("{{ \"required_providers\": {{ \"lanyard\": {ours} }} }}");
                self.add("terraform", vec![required], members, found);
            }
        }
    }

    fn provider_blocks(
        &self,
        folder: &Folder,
        additions: &Additions,
        members: &mut Vec<(&str, String)>,
        found: &mut Found,
    ) {
        let block = |slot: &Slot, theirs: Option<&str>, settings: &str| {
            let alias = slot
                .alias(theirs)
                .map(|alias| format!(", \"alias\": {}", quoted(&alias)));
            format!(
                "{{ \"api\": {}{}{settings} }}",
                quoted(slot.vendor.api),
                alias.unwrap_or_default()
            )
        };
        let mut blocks: Vec<String> = additions
            .providers
            .iter()
            .map(|slot| block(slot, None, ""))
            .collect();
        for provider in self.under("provider") {
            let vendor = slots::by_name(&provider.name.text);
            let Some(slot) = vendor.and_then(|vendor| slots::of(&folder.slots, vendor)) else {
                continue;
            };
            for theirs in objects(&provider.value) {
                let alias = member(theirs, "alias").and_then(|alias| string(&alias.value));
                if folder.has_block(slot, alias) {
                    continue;
                }
                let mut settings = String::new();
                for setting in theirs
                    .iter()
                    .filter(|setting| &*setting.name.text != "alias")
                {
                    let written = &self.text[setting.value.spot.range()];
                    match vendors::setting(slot.vendor, &setting.name.text) {
                        None => found.left(
                            setting.name_spot.range(),
                            &vendors::stays(&setting.name.text),
                        ),
                        Some(_) if vendors::speaks(written) => {
                            found.person(
                                setting.value.spot.range(),
                                "A provider is set up with what is migrated",
                            );
                        }
                        Some(ours) => settings.push_str(&format!(", \"{ours}\": {written}")),
                    }
                }
                blocks.push(block(slot, alias, &settings));
            }
        }
        if blocks.is_empty() {
            return;
        }
        let ours = match &blocks[..] {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let there = objects(&self.root).into_iter().flatten();
        let mut there = there
            .filter(|each| &*each.name.text == "provider")
            .map(|each| &each.value);
        match there.next_back().map(|node| &node.value) {
            Some(Value::Object(inner)) => match member(inner, "lanyard") {
                None => self.append(inner, &[("lanyard", ours)], found),
                Some(own) => self.join(&own.value, &blocks, found),
            },
            Some(_) | None => self.add(
                "provider",
                vec![format!("{{ \"lanyard\": {ours} }}")],
                members,
                found,
            ),
        }
    }

    fn hand_on(&self, folder: &Folder, found: &mut Found) {
        let calls = self.calls();
        for module in self.under("module") {
            let Some(call) = calls
                .iter()
                .find(|call| call.place == module.name_spot.range())
            else {
                continue;
            };
            let lines = match folder.handed_on(call) {
                Ok(lines) => lines,
                Err(why) => {
                    found.person(call.place.clone(), &why);
                    continue;
                }
            };
            let given: Vec<(String, String)> = lines
                .iter()
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, value)| (key.to_owned(), quoted(value)))
                .collect();
            let given: Vec<(&str, String)> = given
                .iter()
                .map(|(key, value)| (key.as_str(), value.clone()))
                .collect();
            let Some(body) = objects(&module.value)
                .into_iter()
                .next()
                .filter(|_| !given.is_empty())
            else {
                continue;
            };
            match member(body, "providers").map(|providers| &providers.value.value) {
                Some(Value::Object(inner)) => self.append(inner, &given, found),
                _ => {
                    let inner: Vec<String> = given
                        .iter()
                        .map(|(key, value)| format!("{}: {value}", quoted(key)))
                        .collect();
                    self.append(
                        body,
                        &[("providers", format!("{{ {} }}", inner.join(", ")))],
                        found,
                    );
                }
            }
        }
    }

    /// Blocks of a kind at the top of the file, beside those that are there.
    fn add<'n>(
        &self,
        name: &'n str,
        blocks: Vec<String>,
        members: &mut Vec<(&'n str, String)>,
        found: &mut Found,
    ) {
        let mut there = objects(&self.root).into_iter().flatten();
        match there.rfind(|each| &*each.name.text == name) {
            Some(there) => self.join(&there.value, &blocks, found),
            None => {
                let value = match &blocks[..] {
                    [one] => one.clone(),
                    several => format!("[{}]", several.join(", ")),
                };
                members.push((name, value));
            }
        }
    }

    /// Makes an array of what is there and what comes.
    fn join(&self, there: &Json, blocks: &[String], found: &mut Found) {
        let range = there.spot.range();
        let insert = |found: &mut Found, place: usize, text: String| {
            found.edits.push(Edit {
                range: place..place,
                text,
            });
        };
        match &there.value {
            Value::Array(items) => {
                let end = items
                    .last()
                    .map_or(range.start + 1, |item| item.spot.range().end);
                let comma = if items.is_empty() { "" } else { ", " };
                insert(found, end, format!("{comma}{}", blocks.join(", ")));
            }
            _ => {
                insert(found, range.start, "[".to_owned());
                insert(found, range.end, format!(", {}]", blocks.join(", ")));
            }
        }
    }

    /// Members behind the last one, laid out as that is.
    fn append(&self, there: &[Member], members: &[(&str, String)], found: &mut Found) {
        let Some(last) = there.last() else {
            return;
        };
        let separator = separator(self.text, last);
        let end = last.value.spot.range().end;
        let text: String = members
            .iter()
            .map(|(name, value)| format!(",{separator}{}: {value}", quoted(name)))
            .collect();
        if !text.is_empty() {
            found.edits.push(Edit {
                range: end..end,
                text,
            });
        }
    }
}
