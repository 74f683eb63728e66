//! What of a server a configuration speaks of, for the commands that show or end what exists without a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::deliveries::configured;
use super::finding::seek;
use super::kept::Kept;
use super::known::Known;
use crate::delivery::{Ledger, Left, Open, Place, Verdict, Waiting, left_of};
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
    /// Open secrets of what is not listed, where the list is not whole.
    pub not_seen: Vec<Open>,
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
        not_seen: Vec::new(),
        statuses: BTreeMap::new(),
        undecided: unread
            .filter(|unread| unread.kind.is_none_or(|kind| kind == Kind::AccessToken))
            .map(|unread| unread.why.clone())
            .collect(),
        kept: None,
    };
    let mut ledger = Ledger::new(open);
    let is_configured = configured(configuration, open);
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
            match existing.matched {
                Match::Ours(index) => {
                    let prior = inventory.prior(index, &existing.config);
                    let status = prior.as_ref().and_then(|prior| prior.status);
                    claimed
                        .statuses
                        .extend(status.map(|status| (index, status)));
                    let waiting = || Waiting {
                        place: place.clone(),
                        address: &instance.address,
                        config: &existing.config,
                        prior: prior.as_ref(),
                        inventory,
                    };
                    let left = ledger.take(waiting, &is_configured);
                    let verdict = left.map(|open| open.verdict(prior.as_ref(), Some(capabilities)));
                    if verdict == Some(Verdict::Lost) {
                        claimed.undelivered.insert(index);
                    }
                }
                Match::New => {
                    new.insert(&instance.address);
                }
                Match::NotKnown(attribute) if kind == Kind::AccessToken => {
                    // A token of an account that is not there yet is not there either.
                    let owner = instance.links.get(&AttributePath::attribute(attribute));
                    if owner.is_some_and(|owner| new.contains(&*owner.address)) {
                        continue;
                    }
                    let address = instance.address.clone();
                    claimed
                        .undecided
                        .push(WhyUnread::Identity(address, attribute));
                }
                _ => {}
            }
        }
    }
    claimed.kept = Kept::new(configuration, &new).not_swept();
    // What the configuration no longer has is found by its name.
    let rest = ledger.into_rest().into_iter();
    for open in rest.filter(|open| open.place == *place) {
        match left_of(open, inventory, Some(capabilities)) {
            Left::Missed(objects) => claimed.undelivered.extend(objects),
            Left::NotSeen => claimed.not_seen.push(open.clone()),
            Left::Nothing => {}
        }
    }
    claimed
}
