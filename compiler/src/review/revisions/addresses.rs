//! Which address of one revision is which of the other.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::language::{Configuration, Link, Links, Part, Words, without_keys};
use crate::value::AttributePath;

/// What has become of the resources of the base, by the address that they have in the head.
#[derive(Default)]
pub(super) struct Called<'a> {
    became: HashMap<&'a str, Became<'a>>,
    /// The instances of each resource.
    instances: HashMap<String, Vec<&'a str>>,
}

/// What is known of an object when others refer to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Became<'a> {
    /// What it was called; `None` for another object than there was.
    pub(super) before: Option<&'a str>,
    /// Its attributes that change, or may.
    pub(super) changes: BTreeSet<String>,
}

/// What one revision says of a value that it does not know.
#[derive(Clone)]
pub(super) struct Said<'a> {
    pub(super) links: &'a Links,
    /// What stands behind its words.
    pub(super) behind: Option<Arc<Vec<Part>>>,
    pub(super) words: &'a Words,
    /// Which instance says so: the keys of the module calls that lead there, and its own.
    pub(super) keys: Vec<&'a str>,
}

impl<'a> Called<'a> {
    /// True if that is news.
    pub(super) fn set(&mut self, now: &'a str, became: Became<'a>) -> bool {
        if self.became.get(now) == Some(&became) {
            return false;
        }
        if self.became.insert(now, became).is_none() {
            let instances = self.instances.entry(without_keys(now)).or_default();
            instances.push(now);
        }
        true
    }

    /// True if a reference of the head means the same object as one of the base, and the same of it.
    fn is_same(&self, before: &Link, now: &Link) -> bool {
        before.attribute == now.attribute
            && match self.became.get(&*now.address) {
                Some(became) => {
                    became.before == Some(&*before.address)
                        && !became.changes.contains(&*now.attribute)
                }
                // No resource of ours.
                None => before.address == now.address,
            }
    }

    /// Likewise of all instances of a resource.
    fn are_same(&self, before: &str, now: &str, attribute: Option<&str>) -> bool {
        let Some(instances) = self.instances.get(now) else {
            return before == now;
        };
        instances.iter().all(|instance| {
            self.became.get(instance).is_some_and(|became| {
                let is_it = became.before.map(without_keys).as_deref() == Some(before);
                let changes = &became.changes;
                is_it && attribute.map_or(changes.is_empty(), |name| !changes.contains(name))
            })
        })
    }

    /// True if both revisions say the same of what neither knows: by the resource that will decide, or by their words and all that is
    /// behind them.
    pub(super) fn agrees(&self, path: &AttributePath, [before, now]: [&Said<'_>; 2]) -> bool {
        match [before, now].map(|said| said.links.get(path)) {
            [Some(before), Some(now)] => self.is_same(before, now),
            [None, None] => match (&before.behind, &now.behind) {
                (Some(one), Some(other)) => {
                    let mut parts = one.iter().zip(other.iter());
                    one.len() == other.len()
                        && parts.all(|parts| self.is_same_part(parts, [before, now]))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_same_part(&self, parts: (&Part, &Part), [before, now]: [&Said<'_>; 2]) -> bool {
        match parts {
            (Part::Words(one), Part::Words(other)) => one == other,
            (Part::Given(one), Part::Given(other)) => one == other,
            (Part::Key(one), Part::Key(other)) => before.keys.get(*one) == now.keys.get(*other),
            (Part::Files, Part::Files) => before.words.reads_the_same(now.words),
            (
                Part::Object {
                    address: one,
                    attribute,
                },
                Part::Object {
                    address: other,
                    attribute: same,
                },
            ) => attribute == same && self.are_same(one, other, attribute.as_deref()),
            _ => false,
        }
    }

    /// What an address of the head was called.
    pub(super) fn before<'b>(&'b self, now: &'b str) -> &'b str {
        let became = self.became.get(now);
        became.and_then(|became| became.before).unwrap_or(now)
    }
}

/// The key at each step of an address: of every module call, and of the resource.
pub(super) fn keys(address: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut is_name = false;
    let mut rest = address;
    while !rest.is_empty() {
        let (_, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
        let (key, after) = after.split_at(end_of_key(after));
        if is_name {
            keys.push(key);
        }
        // Every second word is a name: of a call, and of the resource.
        is_name = !is_name;
        rest = after.strip_prefix('.').unwrap_or_default();
    }
    keys
}

/// How long the key is that a text starts with.
fn end_of_key(text: &str) -> usize {
    if !text.starts_with('[') {
        return 0;
    }
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ']' if !is_quoted => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// What an address of the configuration may have been called before, from the newest name to the oldest: as now, as its `moved` blocks
/// say, or, where these do not speak of it, without or with the key of a `count` that is new or gone.
pub(super) fn names_before(configuration: &Configuration, address: &str) -> Vec<String> {
    let moved = || configuration.moved.iter();
    let mut names = names(address, || {
        moved().map(|moved| (moved.to.as_str(), moved.from.as_str()))
    });
    for name in names.clone() {
        let other = match name.strip_suffix("[0]") {
            Some(single) => single.to_owned(),
            None => format!("{name}[0]"),
        };
        let is_said = moved().any(|moved| within(&moved.from, &other).is_some());
        if !is_said && !name.ends_with("\"]") && !names.contains(&other) {
            names.push(other);
        }
    }
    names
}

/// What the configuration may call an address of the base.
pub(super) fn names_after(configuration: &Configuration, address: &str) -> Vec<String> {
    let moved = || configuration.moved.iter();
    names(address, || {
        moved().map(|moved| (moved.from.as_str(), moved.to.as_str()))
    })
}

/// An address, and where steps from one name to another lead from there.
fn names<'a, I: Iterator<Item = (&'a str, &'a str)>>(
    address: &str,
    steps: impl Fn() -> I,
) -> Vec<String> {
    let mut names = vec![address.to_owned()];
    let mut at = 0;
    // Longer chains are chains in a circle.
    let most = steps().count() + 1;
    while let Some(name) = names.get(at).cloned() {
        for (from, to) in steps() {
            let next = within(from, &name).map(|rest| format!("{to}{rest}"));
            if let Some(next) = next.filter(|next| !names.contains(next))
                && names.len() <= most
            {
                names.push(next);
            }
        }
        at += 1;
    }
    names
}

/// What follows an address that lies in a module, or is an instance of a resource.
pub(super) fn within<'a>(outer: &str, address: &'a str) -> Option<&'a str> {
    let rest = address.strip_prefix(outer)?;
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}
