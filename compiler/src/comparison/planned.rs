//! What happens to each resource by itself, whatever becomes of the others.

use super::dependencies::Addresses;
use super::finding::{Existing, Finding, Newcomers, complete};
use super::{Asked, Comparison, Known, Origin, Side, SideIndex, dependencies, resource, undecided};
use crate::language::{Configuration, Instance};
use crate::model::Kind;
use crate::parallel;
use crate::plan::inventory::Match;
use crate::plan::{Change, accounts_have_secrets};
use crate::value::AttributePath;

/// So many are planned at a time: a change needs less room once it is kept beside others.
const AT_A_TIME: usize = 8192;

/// What each is planned with.
struct Planner<'a> {
    configuration: &'a Configuration,
    sides: &'a [Side],
    known: &'a Known,
    asked: &'a Asked<'a>,
    new: &'a Newcomers,
    addresses: &'a Addresses<'a>,
}

/// A resource that is wanted.
struct Wanted<'a> {
    instance: &'a Instance,
    kind: Kind,
    side: usize,
    existing: Option<Existing>,
}

struct Planned<'a> {
    instance: &'a Instance,
    change: Change,
    origin: Origin,
    /// An attribute that is not known, so that it could be any object.
    not_known: Option<&'static str>,
}

impl Comparison {
    /// Plans each resource by itself.
    pub(super) fn plan_each(
        &mut self,
        configuration: &Configuration,
        finding: &mut Finding,
        asked: &Asked<'_>,
        undecided: &mut undecided::Undecided,
    ) {
        let new = Newcomers::among(&finding.found);
        let addresses = Addresses::new(configuration);
        let mut managed = configuration.managed();
        loop {
            let wanted = managed.by_ref().take(AT_A_TIME);
            let wanted: Vec<Wanted<'_>> = wanted
                .map(|(instance, kind, side)| Wanted {
                    instance,
                    kind,
                    side,
                    existing: finding.found.remove(instance.address.as_str()),
                })
                .collect();
            if wanted.is_empty() {
                return;
            }
            let planner = Planner {
                configuration,
                sides: &self.sides,
                known: &finding.known,
                asked,
                new: &new,
                addresses: &addresses,
            };
            for planned in parallel::map(wanted, |wanted| planner.plan(wanted)) {
                let Planned {
                    instance,
                    change,
                    origin,
                    not_known,
                } = planned;
                if let Some(attribute) = not_known {
                    undecided.add(instance, change.kind, attribute);
                }
                self.add(change, origin);
            }
        }
    }
}

impl Planner<'_> {
    fn plan<'a>(&self, wanted: Wanted<'a>) -> Planned<'a> {
        let Wanted {
            instance,
            kind,
            side: position,
            existing,
        } = wanted;
        let side = &self.sides[position];
        let existing = complete(existing, instance, self.known, &side.inventory);
        let not_known = match existing.matched {
            Match::NotKnown(attribute) if !self.new.belongs_to_new(instance, attribute) => {
                Some(attribute)
            }
            _ => None,
        };
        let change = resource::change(instance, kind, existing, side);
        let mut change = resource::renewed(instance, change, side);
        let may_exist = not_known.map(|attribute| undecided::may_exist(instance, attribute));
        change.diagnostics.extend(may_exist);
        if self.asked.rotates(instance) {
            change = resource::asked_for(instance, change, side);
        }
        change.depends_on = self.addresses.needed_by(instance);
        let consumers = dependencies::consumers(self.configuration, &instance.address);
        change.used_by(consumers, |_| accounts_have_secrets(side.capabilities()));
        let sensitive: Vec<AttributePath> = instance
            .marks
            .iter()
            .filter(|(_, marking)| marking.sensitive || marking.ephemeral)
            .map(|(path, _)| path.clone())
            .collect();
        let origin = Origin {
            side: SideIndex(position),
            links: instance.links.clone(),
            sensitive,
        };
        Planned {
            instance,
            change,
            origin,
            not_known,
        }
    }
}
