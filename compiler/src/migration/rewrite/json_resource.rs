//! One resource of a vendor in the JSON spelling: its attributes and blocks become ours.

use std::ops::Range;

use super::file::Found;
use super::json::{member, objects, quoted, separator, string};
use super::resource::{
    OF_ALL_ATTRIBUTES, OF_ALL_BLOCKS, how, is_taken_apart_cleanly, parts, permission,
};
use super::slots::{self, Slot};
use super::vendors::{self, How, Inside, Mapping};
use crate::language::json::{Json, Member, Value};
use crate::migration::splunk::Notified;
use crate::migration::text::Edit;
use crate::migration::{chronosphere, openobserve, splunk};
use crate::model::server::openobserve::name_for;

struct Rewriting<'a> {
    text: &'a str,
    mapping: &'static Mapping,
    found: &'a mut Found,
}

/// Everything inside the resource but what it refers to.
pub(super) fn rewrite(
    text: &str,
    mapping: &'static Mapping,
    body: &[Member],
    slots: &[Slot],
    found: &mut Found,
) {
    let mut rewriting = Rewriting {
        text,
        mapping,
        found,
    };
    let alias = slots::of(slots, mapping.vendor).and_then(|slot| slot.alias(None));
    if let (Some(alias), None, Some(first)) = (&alias, member(body, "provider"), body.first()) {
        rewriting.insert(first, "provider", &quoted(&slots::reference(Some(alias))));
    }
    let mut gone = Vec::new();
    for (index, each) in body.iter().enumerate() {
        let name = &*each.name.text;
        let block = mapping.blocks.iter().find(|(theirs, _)| *theirs == name);
        match (name, block) {
            ("lifecycle", _) => rewriting.ignored_changes(&each.value),
            ("dynamic", _) => rewriting.dynamic(&each.value),
            (_, Some((_, inside))) => {
                rewriting.rename(each, inside.name);
                for block in objects(&each.value) {
                    rewriting.inner(block, inside);
                }
            }
            (name, None)
                if name == "//"
                    || OF_ALL_ATTRIBUTES.contains(&name)
                    || OF_ALL_BLOCKS.contains(&name) => {}
            (name, None) => match how(mapping.attributes, name) {
                Some(how) => {
                    if rewriting.attribute(each, how) {
                        gone.push(index);
                    }
                }
                None => rewriting.unknown(each),
            },
        }
    }
    rewriting.take_out(body, &gone);
}

impl Rewriting<'_> {
    fn inner(&mut self, block: &[Member], inside: &Inside) {
        let mut gone = Vec::new();
        for (index, each) in block.iter().enumerate() {
            match how(inside.attributes, &each.name.text) {
                Some(how) => {
                    if self.attribute(each, how) {
                        gone.push(index);
                    }
                }
                None if &*each.name.text == "//" => {}
                None => self.unknown(each),
            }
        }
        self.take_out(block, &gone);
    }

    fn dynamic(&mut self, node: &Json) {
        for each in objects(node).into_iter().flatten() {
            let mapped = self
                .mapping
                .blocks
                .iter()
                .find(|(theirs, _)| *theirs == &*each.name.text);
            let Some((theirs, inside)) = mapped else {
                self.unknown(each);
                continue;
            };
            self.rename(each, inside.name);
            for block in objects(&each.value) {
                if let (true, None, Some(first)) = (
                    *theirs != inside.name,
                    member(block, "iterator"),
                    block.first(),
                ) {
                    self.insert(first, "iterator", &quoted(theirs));
                }
                let content = member(block, "content").map(|content| objects(&content.value));
                for content in content.into_iter().flatten() {
                    self.inner(content, inside);
                }
            }
        }
    }

    /// True if the attribute goes away.
    fn attribute(&mut self, attribute: &Member, how: How) -> bool {
        let value = &attribute.value;
        let place = value.spot.range();
        let written = self.text[place.clone()].to_owned();
        match how {
            How::Same => {}
            How::Renamed(ours) => self.rename(attribute, ours),
            How::Limit(_) if written == "-1" => return true,
            How::Limit(ours) => {
                self.rename(attribute, ours);
                if let Some(inner) = self.computed(attribute) {
                    self.replace(
                        place,
                        &quoted(&format!("${{{inner} == -1 ? null : {inner}}}")),
                    );
                }
            }
            How::Empty(_) if string(value) == Some("") => return true,
            How::Empty(why) | How::Person(why) => {
                self.person(attribute.name_spot.range(), attribute, why);
            }
            How::Negated(ours) => match value.value {
                Value::Bool(true) => return true,
                Value::Bool(false) => {
                    self.rename(attribute, ours);
                    self.replace(place, "true");
                }
                _ => {
                    self.rename(attribute, ours);
                    if let Some(inner) = self.computed(attribute) {
                        self.replace(place, &quoted(&format!("${{!({inner})}}")));
                    }
                }
            },
            How::Permission => match string(value) {
                Some(word) if !word.contains("${") => match chronosphere::permission(word) {
                    Some(permission) if permission.name() == word => {}
                    Some(permission) => self.replace(place, &quoted(permission.name())),
                    None => {
                        self.person(place, attribute, "the word is no permission that is known");
                    }
                },
                _ => {
                    if let Some(inner) = self.computed(attribute) {
                        self.replace(place, &quoted(&format!("${{{}}}", permission(&inner))));
                    }
                }
            },
            How::Scopes => self.scopes(attribute),
            How::Alerts => self.alerts(attribute),
            How::Address => {
                let address = string(value).unwrap_or_default();
                if !address.contains("${") {
                    self.insert(attribute, "name", &quoted(&name_for(address)));
                } else if self.may_be_copied(attribute) {
                    let name = format!(
                        "${{trim(replace(lower(split(\"@\", \"{address}\")[0]), \"/[^a-z0-9]+/\", \"-\"), \"-\")}}"
                    );
                    self.insert(attribute, "name", &quoted(&name));
                }
            }
            How::Trigger => {
                self.rename(attribute, "rotation");
                if self.may_be_copied(attribute) {
                    self.replace(
                        place,
                        &format!(
                            "{{ \"triggers\": {{ {}: {written} }} }}",
                            quoted(openobserve::ROTATE_TOKEN)
                        ),
                    );
                }
            }
        }
        false
    }

    fn scopes(&mut self, attribute: &Member) {
        self.rename(attribute, "scopes");
        if let Value::Array(scopes) = &attribute.value.value
            && scopes
                .iter()
                .all(|scope| string(scope).is_some_and(|text| !text.contains("${")))
        {
            for scope in scopes {
                let lower = string(scope).unwrap_or_default().to_lowercase();
                self.replace(scope.spot.range(), &quoted(&lower));
            }
            return;
        }
        if let Some(inner) = self.computed(attribute) {
            self.replace(
                attribute.value.spot.range(),
                &quoted(&format!("${{[for scope in {inner} : lower(scope)]}}")),
            );
        }
    }

    fn alerts(&mut self, attribute: &Member) {
        const WHY: &str = "write each receiver as an `alert` block of a lanyard_access_token";
        let Value::Array(receivers) = &attribute.value.value else {
            self.person(attribute.name_spot.range(), attribute, WHY);
            return;
        };
        let mut blocks = Vec::new();
        for receiver in receivers {
            let spelled = string(receiver).unwrap_or_default();
            match splunk::alert(spelled) {
                Ok(Notified { alert, lost: None })
                    if !spelled.contains("${") || is_taken_apart_cleanly(&alert) =>
                {
                    let parts = parts(&alert).into_iter();
                    let parts =
                        parts.map(|(name, part)| format!(", {}: {}", quoted(&name), quoted(&part)));
                    blocks.push(format!(
                        "{{ \"type\": {}{} }}",
                        quoted(&alert.kind),
                        parts.collect::<String>()
                    ));
                }
                Ok(Notified {
                    lost: Some(why), ..
                })
                | Err(why) => {
                    self.person(receiver.spot.range(), attribute, why);
                    return;
                }
                Ok(_) => {
                    self.person(receiver.spot.range(), attribute, WHY);
                    return;
                }
            }
        }
        if self.may_be_copied(attribute) {
            self.rename(attribute, "alert");
            self.replace(
                attribute.value.spot.range(),
                &format!("[{}]", blocks.join(", ")),
            );
        }
    }

    fn ignored_changes(&mut self, node: &Json) {
        let names = objects(node).into_iter().flatten();
        for attribute in names.filter(|each| &*each.name.text == "ignore_changes") {
            let Value::Array(names) = &attribute.value.value else {
                continue;
            };
            for name in names {
                let theirs = string(name).unwrap_or_default();
                let ours = match how(self.mapping.attributes, theirs) {
                    Some(How::Same | How::Address) => continue,
                    Some(How::Renamed(ours) | How::Negated(ours)) => ours,
                    Some(How::Scopes) => "scopes",
                    _ => {
                        self.person(name.spot.range(), attribute, "say it in Lanyard's words");
                        continue;
                    }
                };
                self.replace(name.spot.range(), &quoted(ours));
            }
        }
    }

    /// The expression of a text that is nothing else.
    fn computed(&mut self, attribute: &Member) -> Option<String> {
        if matches!(attribute.value.value, Value::Number(_) | Value::Null) {
            return None;
        }
        let inner = string(&attribute.value)
            .and_then(|text| text.strip_prefix("${")?.strip_suffix('}'))
            .filter(|inner| !inner.contains("${"))
            .map(|inner| inner.trim().to_owned());
        if inner.is_none() {
            let why = "the value is of a kind that is not expected here";
            self.person(attribute.value.spot.range(), attribute, why);
        }
        inner.filter(|_| self.may_be_copied(attribute))
    }

    /// What is copied must not itself be rewritten.
    fn may_be_copied(&mut self, attribute: &Member) -> bool {
        let is_plain = !vendors::speaks(&self.text[attribute.value.spot.range()]);
        if !is_plain {
            let why = "the value refers to what is migrated: put it into a local value first";
            self.person(attribute.name_spot.range(), attribute, why);
        }
        is_plain
    }

    fn rename(&mut self, attribute: &Member, ours: &str) {
        if &*attribute.name.text != ours {
            self.replace(attribute.name_spot.range(), &quoted(ours));
        }
    }

    /// A member before another, laid out as that is.
    fn insert(&mut self, before: &Member, name: &str, value: &str) {
        let start = before.name_spot.range().start;
        let separator = separator(self.text, before);
        self.replace(
            start..start,
            &format!("{}: {value},{separator}", quoted(name)),
        );
    }

    /// Takes members out, and the commas that are too many then.
    fn take_out(&mut self, members: &[Member], gone: &[usize]) {
        let start = |index: usize| members[index].name_spot.range().start;
        let end = |index: usize| members[index].value.spot.range().end;
        for run in gone.chunk_by(|one, other| one + 1 == *other) {
            let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
                continue;
            };
            let range = if last + 1 < members.len() {
                start(first)..start(last + 1)
            } else if first > 0 {
                end(first - 1)..end(last)
            } else {
                start(first)..end(last)
            };
            self.replace(range, "");
        }
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        let text = text.to_owned();
        self.found.edits.push(Edit { range, text });
    }

    fn unknown(&mut self, attribute: &Member) {
        self.person(
            attribute.name_spot.range(),
            attribute,
            "Lanyard has nothing like it",
        );
    }

    fn person(&mut self, place: Range<usize>, attribute: &Member, why: &str) {
        let why = format!(
            "`{}` of {}: {why}",
            attribute.name.text, self.mapping.theirs
        );
        self.found.person(place, &why);
    }
}
