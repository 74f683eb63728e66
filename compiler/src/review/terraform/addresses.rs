//! Addresses and names of users in which a secret stands, as a key of `for_each`: each gets another one without it.

use std::collections::{BTreeMap, HashMap};

use crate::redaction::KnownSecrets;
use crate::review::circumstances::{Circumstances, InClear, Reviewed};
use crate::value::AttributePath;

/// Hides secrets in all addresses of a plan that was read, and notes in which addresses of changes they stand.
pub(super) fn hide(known: &KnownSecrets, reviewed: &mut Reviewed) {
    let mut shown = Shown {
        known,
        by_address: HashMap::new(),
        taken: HashMap::new(),
    };
    let Circumstances {
        banners: _,
        courses: _,
        asides,
        outside,
        put_off,
        uses,
        servers: _,
        providers,
        left_out,
        // Without keys.
        leaves_roles_out: _,
        in_clear,
        others: _,
        protected: _,
        unreceived: _,
        now: _,
    } = &mut reviewed.circumstances;
    let later = put_off.changes.iter_mut().map(|(change, _)| change);
    for change in reviewed.plan.changes.iter_mut().chain(later) {
        if shown.instead(&mut change.address) {
            in_clear.push(InClear {
                address: change.address.clone(),
                path: AttributePath::root(),
            });
        }
        let names = change.depends_on.iter_mut().chain(&mut change.consumers);
        for name in names {
            shown.instead(name);
        }
    }
    for aside in asides.iter_mut().chain(&mut put_off.calls) {
        shown.instead(&mut aside.address);
    }
    for drift in outside {
        shown.instead(&mut drift.address);
    }
    for place in in_clear {
        shown.instead(&mut place.address);
    }
    for one in left_out {
        shown.instead(&mut one.address);
    }
    uses.rename(|name| {
        shown.instead(name);
    });
    let renamed: BTreeMap<String, String> = std::mem::take(providers)
        .into_iter()
        .map(|(mut address, provider)| {
            shown.instead(&mut address);
            (address, provider)
        })
        .collect();
    *providers = renamed;
}

struct Shown<'a> {
    known: &'a KnownSecrets,
    by_address: HashMap<String, String>,
    /// How many have become the same.
    taken: HashMap<String, usize>,
}

impl Shown<'_> {
    /// True if a secret stood in it. Different ones stay different.
    fn instead(&mut self, address: &mut String) -> bool {
        let Some(hidden) = self.known.hide(address) else {
            return false;
        };
        if let Some(shown) = self.by_address.get(address) {
            address.clone_from(shown);
            return true;
        }
        let count = self.taken.entry(hidden.clone()).or_default();
        *count += 1;
        let shown = match *count {
            1 => hidden,
            count => format!("{hidden} ({count})"),
        };
        self.by_address
            .insert(std::mem::take(address), shown.clone());
        *address = shown;
        true
    }
}
