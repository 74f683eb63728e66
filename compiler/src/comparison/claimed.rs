//! What of a server a configuration speaks of, for the commands that show or end what exists without a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::seek;
use super::kept::Kept;
use super::known::Known;
use crate::delivery::{Delivery, Open, Place, Seen, Settled, Waiting, settle};
use crate::diagnostic::Diagnostic;
use crate::language::{Configuration, WhyUnread};
use crate::model::Kind;
use crate::model::access_token::Status;
use crate::model::server::Capabilities;
use crate::plan::inventory::{Inventory, Match};
use crate::value::AttributePath;

/// What a configuration says of what a server has.
#[derive(Default)]
pub struct Claimed {
    /// What nobody has the secret of: positions of [`Inventory::found`].
    pub undelivered: BTreeSet<usize>,
    /// The secrets that are missing, and what is to become of them.
    pub missing: Vec<Delivery>,
    /// What a plan takes the statuses of configured tokens for, by position: whether one is due, its `rotation` block says.
    pub statuses: BTreeMap<usize, Status>,
    /// What may speak of more tokens, and is not known.
    pub undecided: Vec<WhyUnread>,
    /// That the configuration keeps tokens, and nothing says which.
    pub kept: Option<Diagnostic>,
}

/// Marks in the inventory what the configuration speaks of, through any of the providers of this server (their positions).
pub fn claimed(
    configuration: &Configuration,
    providers: &[usize],
    place: &Place,
    capabilities: &'static Capabilities,
    open: &[Open],
    inventory: &mut Inventory,
) -> Claimed {
    let unread = configuration.unread.iter();
    let mut claimed = Claimed {
        undelivered: BTreeSet::new(),
        missing: Vec::new(),
        statuses: BTreeMap::new(),
        undecided: unread
            .filter(|unread| unread.kind.is_none_or(|kind| kind == Kind::AccessToken))
            .map(|unread| unread.why.clone())
            .collect(),
        kept: None,
    };
    let open: Vec<Open> = open
        .iter()
        .filter(|open| open.place == *place)
        .cloned()
        .collect();
    let mut there = Vec::new();
    let imports = configuration.imported_ids();
    let mut known = Known::new();
    let mut new: BTreeSet<&str> = BTreeSet::new();
    for kind in Kind::ALL {
        let of_this = configuration
            .managed()
            .filter(|(_, of, provider)| *of == kind && providers.contains(provider));
        for (instance, _, _) in of_this {
            let existing = seek(
                instance,
                kind,
                &imports,
                &mut known,
                inventory,
                kind == Kind::AccessToken,
            );
            let mut prior = None;
            match existing.matched {
                Match::Ours(index) => {
                    prior = inventory.prior(index, &existing.config);
                    let status = prior.as_ref().and_then(|prior| prior.status);
                    claimed
                        .statuses
                        .extend(status.map(|status| (index, status)));
                }
                Match::New => {
                    new.insert(&instance.address);
                }
                Match::NotKnown(attribute) if kind == Kind::AccessToken => {
                    // A token of an account that is not there yet is not there either.
                    let owner = instance.links.get(&AttributePath::attribute(attribute));
                    if !owner.is_some_and(|owner| new.contains(&*owner.address)) {
                        let address = instance.address.clone();
                        claimed
                            .undecided
                            .push(WhyUnread::Identity(address, attribute));
                    }
                }
                _ => {}
            }
            if !open.is_empty() {
                there.push((&*instance.address, existing.config, existing.matched, prior));
            }
        }
    }
    claimed.kept = Kept::new(configuration, &new).not_swept();
    let seen = Seen {
        place: place.clone(),
        inventory,
        server: Some(capabilities),
    };
    let resources: Vec<Waiting<'_>> = there
        .iter()
        .map(|(address, config, _, prior)| Waiting {
            seen: 0,
            address,
            config,
            prior: prior.clone(),
        })
        .collect();
    for Settled {
        delivery,
        resource,
        missed,
    } in settle(&open, &[seen], &resources)
    {
        if let (Some(resource), false) = (resource, delivery.is_over()) {
            let (_, _, matched, _) = &there[resource];
            claimed.undelivered.extend(match matched {
                Match::Ours(index) => Some(*index),
                _ => None,
            });
        }
        if !delivery.is_over() {
            claimed.missing.push(delivery);
        }
        claimed.undelivered.extend(missed);
    }
    claimed
}
