//! A configuration beside what its servers have: the plan. The prior state that Terraform would have stored is made of what the
//! servers say now, found by name, and of what only the configuration knows.

mod asked;
mod claimed;
mod conditions;
mod contradictions;
mod deliveries;
mod dependencies;
mod enabled;
mod finding;
mod ignored;
mod kept;
mod known;
mod leftovers;
mod null_secret;
mod own_secret;
mod planned;
mod resource;
mod reviewed;
mod roles_left;
mod saved;
mod side;
mod told_once;
mod triggers;
mod twins;
mod undecided;
mod with_account;

pub use asked::{Asked, prunes, rotates};
pub use claimed::{Claimed, claimed};
pub use conditions::Open as OpenConditions;
pub use contradictions::{Way, contradictions, ways};
pub use deliveries::Next;
pub(crate) use dependencies::{Addresses, consumer_name, consumers};
pub(crate) use ignored::ignore_changes;
pub use known::{Known, resolve};
pub use null_secret::null_secrets;
pub(crate) use resource::hidden;
pub use side::{Server, Side, SideIndex, settings_not_known};
pub use twins::Twins;

use finding::find;
use kept::Kept;
use leftovers::Pruning;
use undecided::Undecided;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::delivery::Delivery;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Links, Unread, reasons};
use crate::model::{Kind, State};
use crate::plan::{Action, Change, Plan, in_use};
use crate::value::{AttributePath, Value};

/// A plan, and what it was made of.
pub struct Comparison {
    pub sides: Vec<Side>,
    twins: Twins,
    pub plan: Plan,
    /// Where the changes of the plan come from, one for each.
    origins: Vec<Origin>,
    /// The states to come of the first of each: most others differ from them in little.
    first: HashMap<(Kind, Action), Value>,
    /// Secrets that earlier applies left open, and what becomes of them.
    pub deliveries: Vec<Delivery>,
    /// How many objects that no resource claims were to be pruned, and have to stay.
    pub protected: usize,
    /// What belongs to no single resource.
    pub notes: Vec<Diagnostic>,
    /// What may declare more than the plan has.
    left_out: Vec<Unread>,
    /// The addresses whose secret has expired since what this is held to was planned, and that get no other.
    died: Vec<String>,
    conditions: Option<conditions::Open>,
}

/// Where a change of the plan comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The server that it is made on.
    pub side: SideIndex,
    /// What other resources decide of the configuration.
    pub links: Links,
    /// What the configuration itself marks as sensitive.
    pub sensitive: Vec<AttributePath>,
}

/// Compares. There is a side for each of the configuration's providers. `again` evaluates the configuration once more with what is
/// known of resources that exist; what `asked` wants beside that is done, too.
pub fn compare(
    configuration: &Configuration,
    again: impl Fn(&Known) -> Configuration,
    mut sides: Vec<Side>,
    asked: &Asked<'_>,
) -> Comparison {
    let mut finding = find(configuration, &again, &mut sides);
    let written = configuration;
    let evaluated = finding.evaluated.take();
    let configuration = evaluated.as_ref().unwrap_or(configuration);
    let mut comparison = Comparison {
        twins: Twins::among(&sides),
        sides,
        plan: Plan {
            changes: Vec::with_capacity(configuration.instances.len()),
        },
        origins: Vec::with_capacity(configuration.instances.len()),
        first: HashMap::new(),
        deliveries: Vec::new(),
        protected: 0,
        notes: Vec::new(),
        left_out: configuration.left_out().cloned().collect(),
        died: Vec::new(),
        conditions: None,
    };
    let mut undecided = Undecided::new(configuration, &comparison.sides);
    comparison.plan_each(configuration, &mut finding, asked, &mut undecided);
    let known = finding.known;
    comparison.settle(configuration, asked.open);
    comparison.keep_secrets_of_tokens(configuration, asked);
    comparison.tokens_keep_what_is_left();
    let changes = &comparison.plan.changes;
    let contradictions = contradictions::in_plan(configuration, &comparison.sides, changes);
    comparison.notes.extend(contradictions);
    triggers::replace(&mut comparison, configuration);
    if comparison.replace_with_their_accounts(configuration) {
        triggers::replace(&mut comparison, configuration);
    }
    comparison.tokens_work_again();
    comparison.notes.extend(asked.of_nothing(configuration));
    let notes = triggers::not_evaluated(configuration, &comparison.plan.changes);
    comparison.notes.extend(notes);
    comparison.warn_of_our_own_end(configuration);
    comparison.tell_of_secrets_of_accounts(configuration);
    let changes = comparison.plan.changes.iter();
    let created = changes.filter(|change| change.action == Action::Create);
    let created = created.map(|change| change.address.as_str()).collect();
    let pruning = Pruning {
        configuration,
        kept: Kept::new(configuration, &created),
        undecided,
    };
    for position in 0..comparison.sides.len() {
        comparison.look_around(position, asked.prune, &pruning);
    }
    comparison.end_with_what_is_pruned();
    comparison.judge(written, known, again);
    comparison
}

impl Comparison {
    /// Where a change of the plan comes from.
    pub fn origin(&self, change: usize) -> &Origin {
        &self.origins[change]
    }

    /// The server that a change of the plan is made on.
    pub fn side_of(&self, change: usize) -> &Side {
        &self.sides[self.origins[change].side.0]
    }

    /// The changes of the plan, each with where it comes from.
    pub fn changes(&self) -> impl Iterator<Item = (&Change, &Origin)> {
        self.plan.changes.iter().zip(&self.origins)
    }

    /// What is said of the accounts that there are, by their servers and ids: of those of which anything is.
    fn accounts<T>(
        &self,
        say: impl Fn(&Change, &State) -> Option<T>,
    ) -> HashMap<(SideIndex, String), T> {
        let changes = self.changes();
        let accounts = changes.filter(|(change, _)| change.kind == Kind::ServiceAccount);
        accounts
            .filter_map(|(change, origin)| {
                let before = change.before()?;
                let said = say(change, &before)?;
                Some(((origin.side, before.id.clone()?), said))
            })
            .collect()
    }

    /// When the servers were read, by their own clocks; `None` where none was.
    pub fn now(&self) -> Option<Timestamp> {
        let known = self.sides.iter();
        let known = known.filter(|side| matches!(side.server, Server::Known(_)));
        known.map(|side| side.inventory.now()).max()
    }

    /// The address of the server of a change; empty while it is not known.
    pub fn url(&self, change: usize) -> &str {
        &self.side_of(change).url
    }

    /// Complaints of all changes, located, and those that belong to none. A warning of several changes comes once, with a count.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let known = self.plan.known_secrets();
        let of_changes = told_once::once_per_cause(self.plan.changes.iter());
        let stuck = self.deliveries.iter().filter_map(Delivery::complaint);
        self.notes
            .iter()
            .cloned()
            .chain(stuck)
            .chain(of_changes)
            .map(|mut told| {
                told.hide_secrets(&known);
                told
            })
            .collect()
    }

    /// What may declare more than the plan has, each in a few words.
    pub fn left_out(&self) -> Vec<String> {
        reasons(&self.left_out)
    }

    /// Why an apply of the whole plan is not all that is configured, or leaves a secret that does not work, if it does.
    pub fn not_all_is_applied(&self) -> Vec<Diagnostic> {
        let died = self.died.iter().map(|address| {
            Diagnostic::error(
                Code::ExpiredSincePlan,
                "The secret has expired since this was planned",
            )
            .detail(format!(
                "{address} does not work any more, and what was reviewed issues no other."
            ))
            .hint("Plan and review again: the next apply issues another.")
        });
        self.some_is_left_out().into_iter().chain(died).collect()
    }

    fn some_is_left_out(&self) -> Option<Diagnostic> {
        let first = self.left_out.first()?;
        let mut problem = Diagnostic::error(
            Code::NotKnown,
            "Not everything that is configured was applied",
        )
        .detail(format!("{}.", self.left_out().join("; ")))
        .hint(first.why.remedy());
        problem.span.clone_from(&first.span);
        if !self.plan.is_empty() {
            return Some(problem.hint("If what it waits for was made just now, apply again."));
        }
        Some(problem)
    }

    fn add(&mut self, mut change: Change, origin: Origin) {
        hide(&mut change, &origin.sensitive);
        let Change {
            kind,
            action,
            prior,
            planned,
            ..
        } = &mut change;
        let is_same = prior == planned;
        let first = self.first.entry((*kind, *action));
        let first = first.or_insert_with(|| planned.clone());
        *prior = prior.beside(first);
        *planned = match is_same {
            true => prior.clone(),
            false => planned.beside(first),
        };
        self.plan.changes.push(change);
        self.origins.push(origin);
    }

    /// Warns of each change that ends a credential which we sign in with, through any provider of the server. What is pruned never does.
    fn warn_of_our_own_end(&mut self, configuration: &Configuration) {
        let changes = self.plan.changes.iter_mut();
        let places = configuration.managed().map(|(instance, ..)| instance);
        for ((change, origin), instance) in changes.zip(&self.origins).zip(places) {
            let SideIndex(index) = origin.side;
            if matches!(change.action, Action::NoOp | Action::Create) {
                continue;
            }
            let Some(before) = change.before() else {
                continue;
            };
            let Some((in_use, _)) = self.twins.in_use(&self.sides, index, &before) else {
                continue;
            };
            let server = self.sides[index].capabilities();
            let after = change.after();
            let end = in_use::end(server, change.action, &before, after.as_ref());
            let warning = end.and_then(|end| in_use.warning(&before, &end));
            change
                .diagnostics
                .extend(warning.map(|warning| instance.locate(warning)));
        }
    }

    /// Plans something else for the same resource.
    fn set(&mut self, index: usize, mut change: Change) {
        hide(&mut change, &self.origins[index].sensitive);
        let before = &mut self.plan.changes[index];
        change.depends_on = std::mem::take(&mut before.depends_on);
        change.consumers = std::mem::take(&mut before.consumers);
        *before = change;
    }
}

/// Marks what the configuration marks as sensitive.
fn hide(change: &mut Change, sensitive: &[AttributePath]) {
    if sensitive.is_empty() {
        return;
    }
    for field in change.fields_mut() {
        field.sensitive |= sensitive
            .iter()
            .any(|path| field.path.steps().starts_with(path.steps()));
    }
}
