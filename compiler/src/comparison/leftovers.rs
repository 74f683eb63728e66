//! What a server has beyond the configuration: left alone and told of, or deleted where that was asked for.

use std::collections::BTreeMap;

use super::kept::{Kept, part};
use super::side::{Server, Side, SideIndex, settings_not_known};
use super::undecided::Undecided;
use super::{Comparison, Origin};
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::language::{Configuration, Links, Unread};
use crate::model::Kind;
use crate::plan::in_use::Bond;
use crate::plan::inventory::Found;
use crate::plan::{Change, in_use, plan_resource};
use crate::value::Value;

/// What decides which leftovers may be deleted.
pub(super) struct Pruning<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) kept: Kept<'a>,
    pub(super) undecided: Undecided,
}

impl Comparison {
    /// What a server has beyond the configuration, or why it is not known.
    pub(super) fn look_around(&mut self, index: usize, prune: bool, pruning: &Pruning<'_>) {
        let side = &self.sides[index];
        let resources = self
            .origins
            .iter()
            .filter(|origin| origin.side == SideIndex(index))
            .count();
        let unknown = not_connected(side, resources);
        let Pruning {
            configuration,
            kept,
            undecided,
        } = pruning;
        let unclaimed = self.unclaimed(index);
        let (leftovers, staying) = part(unclaimed.clone(), |kind| kept.keeps(kind));
        let undecided = |kind: Kind| undecided.on(kind, index, &self.sides, configuration);
        let (prunable, unclear) = part(leftovers, |kind| undecided(kind).next().is_some());
        let places: Vec<&Unread> = Kind::ALL
            .into_iter()
            .filter(|kind| unclear.iter().any(|object| object.kind == *kind))
            .flat_map(undecided)
            .collect();
        let not_pruned = Undecided::explain(&places, &named(&unclear));
        let held = self.held(index, &prunable);
        self.notes.extend(side.note.clone());
        self.notes.extend(unknown);
        if !prune {
            let is_prunable = |object: &&Found| self.stays(index, object, &held).is_none();
            let prunable = prunable.iter().filter(is_prunable).count();
            let perhaps = kept.addresses_for(&staying);
            self.notes
                .extend(left_alone(&unclaimed, prunable, &perhaps));
            return;
        }
        self.protected += staying.len() + unclear.len();
        self.notes.extend(kept.explain(&staying, &named(&staying)));
        self.notes.extend(not_pruned);
        if !self.twins.say_who(&self.sides, index) && !prunable.is_empty() {
            self.notes
                .push(in_use::not_known(&side.url, in_use::Among::Deleted));
        }
        for object in &prunable {
            if let Some(warning) = self.stays(index, object, &held) {
                self.protected += 1;
                self.notes.push(warning);
                continue;
            }
            let origin = Origin {
                side: SideIndex(index),
                links: Links::default(),
                sensitive: Vec::new(),
            };
            let change = deletion(object, &self.sides[index]);
            self.add(change, origin);
        }
    }

    /// Why an object is not pruned, if it is not.
    fn stays(
        &self,
        index: usize,
        object: &Found,
        held: &BTreeMap<String, Held>,
    ) -> Option<Diagnostic> {
        let bond = self.twins.bond(&self.sides, index, &object.state);
        bond.map(|bond| our_own(object, bond)).or_else(|| {
            let is_account = object.kind == Kind::ServiceAccount;
            let id = object.state.id.as_ref().filter(|_| is_account)?;
            held.get(id)?.keeps(object)
        })
    }

    /// What would end with each of the accounts among these, by their ids.
    fn held(&self, index: usize, objects: &[Found]) -> BTreeMap<String, Held> {
        let accounts = objects
            .iter()
            .filter(|object| object.kind == Kind::ServiceAccount);
        let ids = accounts.filter_map(|account| account.state.id.clone());
        let mut held: BTreeMap<String, Held> = ids.map(|id| (id, Held::default())).collect();
        if held.is_empty() {
            return held;
        }
        let inventory = &self.sides[index].inventory;
        let tokens = inventory.found().iter();
        for token in tokens.filter(|object| object.kind == Kind::AccessToken) {
            let account = token.state.service_account.as_ref();
            if let Some(held) = account.and_then(|account| held.get_mut(account))
                && !inventory.is_ours(token)
            {
                held.foreign += 1;
            }
        }
        for (change, origin) in self.plan.changes.iter().zip(&self.origins) {
            if origin.side == SideIndex(index)
                && change.kind == Kind::AccessToken
                && let Some(account) = change.planned.get("service_account").as_str()
                && let Some(held) = held.get_mut(account)
            {
                held.configured.push(change.address.clone());
            }
        }
        held
    }

    /// What is ours on a server and claimed by nobody, not even through another provider of the same server. Of several such
    /// providers, the first has it.
    fn unclaimed(&self, index: usize) -> Vec<Found> {
        let unclaimed = self.sides[index].inventory.unclaimed();
        unclaimed
            .filter(|object| self.twins.is_holder(&self.sides, index, object))
            .cloned()
            .collect()
    }
}

/// The tokens that an account takes with it when it ends, and that it must not.
#[derive(Default)]
struct Held {
    /// How many of others.
    foreign: usize,
    /// The addresses of those that the configuration has: it may name their account by a data source or by its id.
    configured: Vec<String>,
}

impl Held {
    fn keeps(&self, account: &Found) -> Option<Diagnostic> {
        let (code, why) = match self {
            Self {
                foreign: 0,
                configured,
            } if configured.is_empty() => return None,
            Self {
                foreign: 0,
                configured,
            } => (
                Code::HoldsConfiguredTokens,
                format!(
                    "has access tokens that are, and that would end with it: {}",
                    configured.join(", ")
                ),
            ),
            Self { foreign, .. } => (
                Code::HoldsForeignTokens,
                format!(
                    "{foreign} of its access tokens are not managed by Lanyard and would end with it"
                ),
            ),
        };
        let warning = Diagnostic::warning(code, "A service account is left alone");
        let account = described(account);
        Some(warning.detail(format!("{account} is not in the configuration, but {why}.")))
    }
}

fn deletion(object: &Found, side: &Side) -> Change {
    let id = object.state.id.as_deref().unwrap_or_default();
    let state = object.state.write();
    let planned = plan_resource(object.kind, side.capabilities(), &state, &Value::Null);
    Change::new(id, object.kind, state, Value::Null, planned)
}

fn described(object: &Found) -> String {
    format!(
        "{} {:?}",
        object.kind.title(),
        object.state.name.as_deref().unwrap_or_default()
    )
}

fn our_own(object: &Found, bond: Bond) -> Diagnostic {
    let with = match bond {
        Bond::Itself => "it",
        Bond::Account => "one of its tokens",
    };
    Diagnostic::warning(
        Code::CredentialInUse,
        "The credential that Lanyard signs in with is left alone",
    )
    .detail(format!(
        "{} is not in the configuration, and Lanyard signs in with {with}.",
        sentence(&in_use::described(&object.state))
    ))
    .hint("Sign in with another credential to have it pruned.")
}

/// The first few by name, and how many more there are.
fn named(objects: &[Found]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = objects.iter().take(SHOWN).map(described).collect();
    if objects.len() > SHOWN {
        names.push(format!("{} more", objects.len() - SHOWN));
    }
    names
}

/// One warning per server whose settings come from somewhere else.
fn not_connected(side: &Side, resources: usize) -> Option<Diagnostic> {
    let Server::NotKnown { unknown, .. } = &side.server else {
        return None;
    };
    let those = match resources {
        0 => return None,
        1 => "1 resource is planned as if it was new".to_owned(),
        count => format!("{count} resources are planned as if they were new"),
    };
    Some(
        Diagnostic::warning(
            Code::ServerNotKnown,
            "Resources cannot be compared with their server yet",
        )
        .detail(format!(
            "{}: {those}.",
            settings_not_known(unknown, &side.provider)
        )),
    )
}

/// One warning per server that has more of ours than the configuration knows; so many of these could be pruned, and what these
/// blocks keep may be among them.
fn left_alone(leftovers: &[Found], prunable: usize, perhaps: &[&str]) -> Option<Diagnostic> {
    if leftovers.is_empty() {
        return None;
    }
    let others = "Another configuration may manage them.";
    let mut detail = format!("Left alone: {}.", named(leftovers).join(", "));
    if !perhaps.is_empty() {
        detail = format!(
            "{detail} What was {} may be among them: without a state nothing says which object it was.",
            perhaps.join(" or ")
        );
    }
    Some(
        Diagnostic::warning(
            Code::NotInConfiguration,
            "Lanyard manages more than this configuration knows",
        )
        .detail(detail)
        .hint(if prunable == 0 {
            format!("{others} `--prune` would not delete any of them now: `lanyard plan --prune` says why.")
        } else if prunable < leftovers.len() {
            format!("{others} If none does, `lanyard plan --prune` plans to delete {prunable} of them, and says why not the others.")
        } else {
            format!("{others} If none does, `lanyard plan --prune` plans to delete them.")
        }),
    )
}
