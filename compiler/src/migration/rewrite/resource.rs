//! One resource block of a vendor: its attributes and blocks become ours.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::file::Found;
use super::slots::{self, Slot};
use super::vendors::{How, Inside, Mapping};
use crate::migration::splunk::Notified;
use crate::migration::text::{Edit, indentation, whole_lines};
use crate::migration::{chronosphere, openobserve, splunk};
use crate::model::access_token::Alert;
use crate::model::observe::alert_value;
use crate::model::server::openobserve::name_for;
use crate::model::{Kind, facts};

/// What every resource may have, whatever its type.
pub(super) const OF_ALL_ATTRIBUTES: [&str; 4] = ["count", "for_each", "depends_on", "provider"];
pub(super) const OF_ALL_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

struct Rewriting<'a> {
    text: &'a str,
    mapping: &'static Mapping,
    found: &'a mut Found,
    /// Blocks that come at the end.
    added: Vec<String>,
    /// The place between the brackets of a block on one line, which has to be laid out once something is added.
    one_line: Option<Range<usize>>,
    is_added_to: bool,
}

/// Everything inside the block but its labels and what it refers to. It gets a provider where ours has an alias.
pub(super) fn rewrite(
    text: &str,
    mapping: &'static Mapping,
    block: &Block,
    slots: &[Slot],
    found: &mut Found,
) {
    let place = block.span().unwrap_or(0..0);
    let brace = text[place.clone()].find('{').map(|at| place.start + at + 1);
    let one_line = brace
        .map(|start| start..place.end.saturating_sub(1))
        .filter(|inner| !text[inner.clone()].contains('\n'));
    let mut rewriting = Rewriting {
        text,
        mapping,
        found,
        added: Vec::new(),
        one_line,
        is_added_to: false,
    };
    let alias = slots::of(slots, mapping.vendor).and_then(|slot| slot.alias(None));
    if let (Some(_), false, Some(brace)) = (&alias, block.body.has_attribute("provider"), brace) {
        let line = format!(
            "\n{}  provider = {}",
            indentation(text, place.start),
            slots::reference(alias.as_deref())
        );
        rewriting.is_added_to = true;
        rewriting.replace(brace..brace, &line);
    }
    rewriting.body(&block.body);
    rewriting.add_blocks(block);
}

impl Rewriting<'_> {
    fn body(&mut self, body: &Body) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let key = attribute.key.as_str();
                    if OF_ALL_ATTRIBUTES.contains(&key) {
                        continue;
                    }
                    match how(self.mapping.attributes, key) {
                        Some(how) => self.attribute(attribute, how),
                        None => self.unknown(attribute.key.span(), key),
                    }
                }
                Structure::Block(block) => self.block(block),
            }
        }
        self.doubled(body);
    }

    /// Blocks that have two names with the vendor and one with us.
    fn doubled(&mut self, body: &Body) {
        let named = body
            .iter()
            .filter_map(Structure::as_block)
            .filter_map(|block| {
                let label = block
                    .labels
                    .first()
                    .filter(|_| block.ident.as_str() == "dynamic");
                let theirs = label.map_or(block.ident.as_str(), |label| label.as_str());
                let mapped = self.mapping.blocks.iter().find(|(name, _)| *name == theirs);
                mapped.map(|(theirs, inside)| (block, *theirs, inside.name))
            });
        let mut first: Vec<(&str, &str)> = Vec::new();
        let mut doubled = Vec::new();
        for (block, theirs, ours) in named {
            match first.iter().find(|(_, name)| *name == ours) {
                Some((before, _)) if *before != theirs => {
                    doubled.push((block.ident.span(), theirs));
                }
                Some(_) => {}
                None => first.push((theirs, ours)),
            }
        }
        for (place, theirs) in doubled {
            self.person(place, theirs, "two blocks become one: join them first");
        }
    }

    fn block(&mut self, block: &Block) {
        let name = block.ident.as_str();
        if name == "lifecycle" {
            self.ignored_changes(&block.body);
        }
        if OF_ALL_BLOCKS.contains(&name) {
            return;
        }
        let label = block.labels.first().map(|label| label.as_str());
        if let ("dynamic", Some(label)) = (name, label) {
            self.dynamic(block, label);
            return;
        }
        let mapped = self
            .mapping
            .blocks
            .iter()
            .find(|(theirs, _)| *theirs == name);
        let Some((
            _,
            Inside {
                name: ours,
                attributes,
            },
        )) = mapped
        else {
            self.unknown(block.ident.span(), name);
            return;
        };
        self.rename(block.ident.span(), name, ours);
        self.inner(&block.body, attributes);
    }

    /// A block that is repeated: its name may change, and that of its iterator then stays.
    fn dynamic(&mut self, block: &Block, theirs: &str) {
        let mapped = self.mapping.blocks.iter().find(|(name, _)| *name == theirs);
        let Some((_, Inside { name, attributes })) = mapped else {
            self.unknown(block.ident.span(), theirs);
            return;
        };
        let label = block.labels.first().and_then(|label| label.span());
        if let (Some(label), true) = (label, *name != theirs) {
            self.replace(label.clone(), &format!("\"{name}\""));
            if let (false, Some(first)) = (
                block.body.has_attribute("iterator"),
                block
                    .body
                    .get_attribute("for_each")
                    .and_then(|each| each.key.span()),
            ) {
                let indentation = indentation(self.text, first.start).to_owned();
                self.replace(
                    first.start..first.start,
                    &format!("iterator = {theirs}\n{indentation}"),
                );
            }
        }
        for content in block.body.get_blocks("content") {
            self.inner(&content.body, attributes);
        }
    }

    fn inner(&mut self, body: &Body, attributes: &[(&str, How)]) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => match how(attributes, attribute.key.as_str()) {
                    Some(how) => self.attribute(attribute, how),
                    None => self.unknown(attribute.key.span(), attribute.key.as_str()),
                },
                Structure::Block(inner) => self.unknown(inner.ident.span(), inner.ident.as_str()),
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, how: How) {
        let key = attribute.key.as_str();
        let value = &attribute.value;
        let Some(place) = value.span() else { return };
        match how {
            How::Same => {}
            How::Renamed(ours) => self.rename(attribute.key.span(), key, ours),
            How::Limit(_) if self.text[place.clone()].trim() == "-1" => self.remove(attribute),
            How::Limit(ours) => {
                self.rename(attribute.key.span(), key, ours);
                let written = self.text[place.clone()].to_owned();
                // Whether it is -1 is known only then.
                if !matches!(value, Expression::Number(_))
                    && self.may_be_copied(attribute, &written)
                {
                    self.replace(place, &format!("{written} == -1 ? null : {written}"));
                }
            }
            How::Empty(why) => match value {
                Expression::String(text) if text.as_str().is_empty() => self.remove(attribute),
                _ => self.person(attribute.key.span(), key, why),
            },
            How::Person(why) => self.person(attribute.key.span(), key, why),
            How::Negated(ours) => match value {
                Expression::Bool(enabled) if *enabled.value() => self.remove(attribute),
                Expression::Bool(_) => {
                    self.rename(attribute.key.span(), key, ours);
                    self.replace(place, "true");
                }
                _ => {
                    self.rename(attribute.key.span(), key, ours);
                    self.wrap(&place, "!(", ")");
                }
            },
            How::Permission => match value {
                Expression::String(text) => match chronosphere::permission(text.as_str()) {
                    Some(permission) if permission.name() == text.as_str() => {}
                    Some(permission) => self.replace(place, &format!("\"{}\"", permission.name())),
                    None => {
                        self.person(Some(place), key, "the word is no permission that is known");
                    }
                },
                _ => {
                    let written = self.text[place.clone()].to_owned();
                    if self.may_be_copied(attribute, &written) {
                        self.replace(place, &permission(&written));
                    }
                }
            },
            How::Scopes => self.scopes(attribute, &place),
            How::Alerts => self.alerts(attribute),
            How::Address => self.address(attribute, &place),
            How::Trigger => {
                let round = self.text[place].to_owned();
                if self.may_be_copied(attribute, &round) {
                    self.added.push(format!(
                        "  rotation {{\n    triggers = {{ {} = {round} }}\n  }}",
                        openobserve::ROTATE_TOKEN
                    ));
                    self.remove(attribute);
                }
            }
        }
    }

    fn scopes(&mut self, attribute: &Attribute, place: &Range<usize>) {
        self.rename(attribute.key.span(), "auth_scopes", "scopes");
        match &attribute.value {
            Expression::Array(scopes)
                if scopes
                    .iter()
                    .all(|scope| matches!(scope, Expression::String(_))) =>
            {
                for scope in scopes {
                    let Some(place) = scope.span() else { continue };
                    let lower = self.text[place.clone()].to_lowercase();
                    self.replace(place, &lower);
                }
            }
            _ => self.wrap(place, "[for scope in ", " : lower(scope)]"),
        }
    }

    /// An account's name is made of its address, as a move of its state does it.
    fn address(&mut self, attribute: &Attribute, place: &Range<usize>) {
        let written = self.text[place.clone()].to_owned();
        let name = match &attribute.value {
            Expression::String(address) => {
                format!("\"{}\"", name_for(address.as_str()))
            }
            _ if !self.may_be_copied(attribute, &written) => return,
            _ => format!(
                "trim(replace(lower(split(\"@\", {written})[0]), \"/[^a-z0-9]+/\", \"-\"), \"-\")"
            ),
        };
        let Some(key) = attribute.key.span() else {
            return;
        };
        let margin = if self.one_line.is_some() { "  " } else { "" };
        let indentation = indentation(self.text, key.start).to_owned();
        self.is_added_to = true;
        self.replace(
            key.start..key.start,
            &format!("name = {name}\n{indentation}{margin}"),
        );
    }

    /// Each receiver becomes a block; its parts keep the spelling they have in the file.
    fn alerts(&mut self, attribute: &Attribute) {
        const WHY: &str = "write each receiver as an `alert` block of a lanyard_access_token";
        let Expression::Array(receivers) = &attribute.value else {
            self.person(attribute.key.span(), "notifications", WHY);
            return;
        };
        let mut blocks = Vec::new();
        for receiver in receivers {
            let place = receiver.span();
            let spelled = match (receiver, place.clone()) {
                (Expression::String(_) | Expression::StringTemplate(_), Some(place)) => {
                    self.text[place].trim_matches('"').to_owned()
                }
                _ => {
                    self.person(place, "notifications", WHY);
                    return;
                }
            };
            match splunk::alert(&spelled) {
                Ok(Notified { alert, lost: None })
                    if !spelled.contains("${") || is_taken_apart_cleanly(&alert) =>
                {
                    blocks.push(alert_block(&alert));
                }
                Ok(Notified {
                    lost: Some(why), ..
                })
                | Err(why) => {
                    self.person(place, "notifications", why);
                    return;
                }
                Ok(_) => {
                    self.person(place, "notifications", WHY);
                    return;
                }
            }
        }
        self.added.append(&mut blocks);
        self.remove(attribute);
    }

    fn ignored_changes(&mut self, body: &Body) {
        for attribute in body
            .attributes()
            .filter(|each| each.has_key("ignore_changes"))
        {
            let Expression::Array(names) = &attribute.value else {
                continue;
            };
            for name in names {
                let Expression::Variable(variable) = name else {
                    self.person(name.span(), "ignore_changes", "say it in Lanyard's words");
                    continue;
                };
                let theirs = variable.as_str();
                match how(self.mapping.attributes, theirs) {
                    Some(How::Same | How::Address) => {}
                    Some(How::Renamed(ours)) => self.rename(name.span(), theirs, ours),
                    Some(How::Scopes) => self.rename(name.span(), theirs, "scopes"),
                    Some(How::Negated(ours)) => self.rename(name.span(), theirs, ours),
                    _ => self.person(name.span(), "ignore_changes", "say it in Lanyard's words"),
                }
            }
        }
    }

    fn add_blocks(&mut self, block: &Block) {
        let added: String = self
            .added
            .iter()
            .map(|block| format!("\n{block}\n"))
            .collect();
        let added = crate::migration::text::in_columns(&added);
        let Some(range) = block.span() else { return };
        if let Some(inner) = self.one_line.clone() {
            if self.is_added_to || !added.is_empty() {
                let written = &self.text[inner.clone()];
                let first = inner.start + written.len() - written.trim_start().len();
                let last = inner.start + written.trim_end().len();
                let indentation = indentation(self.text, range.start).to_owned();
                self.replace(inner.start..first, &format!("\n{indentation}  "));
                self.replace(last..inner.end, &format!("\n{added}{indentation}"));
            }
            return;
        }
        if added.is_empty() {
            return;
        }
        let end = range.end.saturating_sub(1);
        let start = self.text[..end].rfind('\n').map_or(0, |place| place + 1);
        if start <= range.start || !self.text[start..end].trim().is_empty() {
            self.found.person(
                range,
                "The block has not its last bracket on a line of its own: lay it out with terraform fmt first",
            );
            return;
        }
        self.replace(start..start, &added);
    }

    /// What is copied must not itself be rewritten.
    fn may_be_copied(&mut self, attribute: &Attribute, written: &str) -> bool {
        let is_plain = !super::vendors::MAPPINGS
            .iter()
            .any(|mapping| written.contains(mapping.theirs))
            && !written.contains('\n');
        if !is_plain {
            self.person(
                attribute.key.span(),
                attribute.key.as_str(),
                "the value spans lines or refers to what is migrated: put it into a local value first",
            );
        }
        is_plain
    }

    fn rename(&mut self, place: Option<Range<usize>>, theirs: &str, ours: &str) {
        if let Some(place) = place
            && theirs != ours
        {
            self.replace(place, ours);
        }
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        self.found.edits.push(Edit {
            range,
            text: text.to_owned(),
        });
    }

    fn wrap(&mut self, place: &Range<usize>, before: &str, after: &str) {
        self.replace(place.start..place.start, before);
        self.replace(place.end..place.end, after);
    }

    fn remove(&mut self, attribute: &Attribute) {
        let (Some(key), Some(value)) = (attribute.key.span(), attribute.value.span()) else {
            return;
        };
        let range = key.start..value.end;
        if let Some(lines) = whole_lines(self.text, &range) {
            self.replace(lines, "");
            return;
        }
        let before = self.text[..range.start].trim_end_matches([' ', '\t']);
        let after = self.text[range.end..].trim_start_matches([' ', '\t']);
        let next = self.text.len() - after.len();
        if before.ends_with('{') && after.starts_with('}') {
            self.replace(before.len()..next, "");
        } else if before.ends_with('\n')
            && after.starts_with(['#', '/'])
            && !after.starts_with("/*")
        {
            // The comment is somebody's, and stays.
            self.replace(range.start..next, "");
        } else {
            self.person(
                Some(range),
                attribute.key.as_str(),
                "it goes away, and something else stands on its line: put that elsewhere",
            );
        }
    }

    fn unknown(&mut self, place: Option<Range<usize>>, name: &str) {
        self.person(place, name, "Lanyard has nothing like it");
    }

    fn person(&mut self, place: Option<Range<usize>>, name: &str, why: &str) {
        let range = place.unwrap_or(0..0);
        self.found.person(
            range,
            &format!("`{name}` of {}: {why}", self.mapping.theirs),
        );
    }
}

/// Chronosphere's words for a permission as ours, where the word is known only then.
pub(super) fn permission(expression: &str) -> String {
    let words: Vec<String> = chronosphere::PERMISSIONS
        .iter()
        .filter(|(theirs, permission)| *theirs != permission.name())
        .map(|(theirs, permission)| format!("{theirs} = \"{}\"", permission.name()))
        .collect();
    format!(
        "lookup({{ {} }}, {expression}, {expression})",
        words.join(", ")
    )
}

pub(super) fn how(attributes: &[(&str, How)], theirs: &str) -> Option<How> {
    let found = attributes.iter().find(|(name, _)| *name == theirs);
    found.map(|(_, how)| *how)
}

/// An expression inside a text may have had a comma of its own.
pub(super) fn is_taken_apart_cleanly(alert: &Alert) -> bool {
    parts(alert)
        .iter()
        .all(|(_, part)| part.matches("${").count() == part.matches('}').count())
}

fn alert_block(alert: &Alert) -> String {
    let mut block = format!("  alert {{\n    type = \"{}\"\n", alert.kind);
    for (name, part) in parts(alert) {
        let whole = part
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|inner| !inner.contains(['{', '}']));
        let value = whole.map_or_else(|| format!("\"{part}\""), |inner| inner.trim().to_owned());
        block.push_str(&format!("    {name} = {value}\n"));
    }
    block.push_str("  }");
    block
}

/// What is set of an alert but its type, in the order of the schema.
pub(super) fn parts(alert: &Alert) -> Vec<(String, String)> {
    let value = alert_value(alert);
    let block = facts::schema(Kind::AccessToken).body.block("alert");
    block
        .into_iter()
        .flat_map(|block| &block.body.attributes)
        .filter(|attribute| attribute.name != "type")
        .filter_map(|attribute| {
            let part = value.get(&attribute.name);
            // A secret stands in the file already.
            let text = part.as_secret().map(|secret| secret.expose());
            let text = text.or_else(|| part.as_str())?;
            Some((attribute.name.clone(), text.to_owned()))
        })
        .collect()
}
