//! Which address of one revision is which of the other.

use std::collections::HashMap;

use crate::language::{Configuration, Link};

/// What the resources of the head were called in the base, by their address; `None` for what another object has from now on.
#[derive(Default)]
pub(super) struct Called<'a>(HashMap<&'a str, Option<&'a str>>);

impl<'a> Called<'a> {
    pub(super) fn add(&mut self, now: &'a str, before: Option<&'a str>) {
        self.0.insert(now, before);
    }

    /// True if a reference of the head means the same object as one of the base.
    fn is_same(&self, before: &Link, now: &Link) -> bool {
        let called = match self.0.get(&*now.address) {
            Some(called) => *called,
            // No resource of ours.
            None => Some(&*now.address),
        };
        called == Some(&*before.address) && before.attribute == now.attribute
    }

    /// True if both revisions say the same of what neither knows: by the resource that will decide, or by their words.
    pub(super) fn agrees<W: PartialEq>(
        &self,
        links: [Option<&Link>; 2],
        words: impl FnOnce() -> [Option<W>; 2],
    ) -> bool {
        match links {
            [Some(before), Some(now)] => self.is_same(before, now),
            [None, None] => {
                let [before, now] = words();
                before.is_some() && before == now
            }
            _ => false,
        }
    }

    /// What an address of the head was called.
    pub(super) fn before<'b>(&'b self, now: &'b str) -> &'b str {
        self.0.get(now).copied().flatten().unwrap_or(now)
    }
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
