//! Holds an apply to the plan that was reviewed: the same servers, the same objects, the same changes, or nothing at all.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::asked::ASKED;
use super::{Comparison, Side, saved};
use crate::delivery::{self, Issuing, REASON};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Kind, State};
use crate::plan::encode::with_secrets;
use crate::plan::file::{SavedPlan, agrees};
use crate::plan::{Action, Change, Forced, NotWorking, Reason, guard, is_meant};
use crate::redaction::KnownSecrets;
use crate::value::Value;

impl Comparison {
    /// Replaces the fresh plan by the reviewed one.
    ///
    /// # Errors
    ///
    /// Every way in which the world is no longer what was reviewed.
    pub fn hold_to(&mut self, reviewed: &SavedPlan) -> Result<(), Vec<Diagnostic>> {
        let servers: Vec<_> = self.sides.iter().map(saved::server).collect();
        // What only the environment named, to be pruned, is not looked for again where there was nothing.
        let nothing_to_hold = servers.is_empty() && reviewed.plan.changes.is_empty();
        if servers != reviewed.servers && !nothing_to_hold {
            let names = |list: &[crate::plan::file::SavedServer]| {
                list.iter()
                    .map(|server| {
                        let organization = server.organization.as_deref();
                        let organization = organization
                            .map_or_else(String::new, |name| format!(", organization {name:?}"));
                        let (provider, url, api) = (&server.provider, &server.url, &server.api);
                        format!("{provider} at {url} ({api}{organization})")
                    })
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            return Err(vec![
                Diagnostic::error(Code::AnotherServer, "The plan was made for another server")
                    .detail(format!(
                        "It was made for {}; the configuration now means {}.",
                        names(&reviewed.servers),
                        names(&servers)
                    ))
                    .hint("Apply it where it was made, or plan and review again."),
            ]);
        }
        let mut problems = Vec::new();
        let reissued = self.reissued();
        let known = self.plan.known_secrets();
        let planned: HashMap<(&str, Kind), (&Change, usize)> = reviewed
            .plan
            .changes
            .iter()
            .zip(&reviewed.server_of)
            .map(|(was, server)| ((was.address.as_str(), was.kind), (was, *server)))
            .collect();
        for index in 0..self.plan.changes.len() {
            let change = &self.plan.changes[index];
            let was = planned.get(&(change.address.as_str(), change.kind));
            let side = self.side_of(index);
            match was {
                Some((was, server)) if *server == self.origins[index].side.0 => {
                    let is_open = reissued.contains(&change.address);
                    match hold_change(was, change, side, (&known, is_open)) {
                        Ok((held, is_dead)) => {
                            self.died.extend(is_dead.then(|| held.address.clone()));
                            self.plan.changes[index] = held;
                        }
                        Err(problem) => problems.push(problem),
                    }
                }
                // Something that nobody reviewed is not done. If it is nothing, it does not matter.
                _ if change.action == Action::NoOp => {}
                Some(_) => problems.push(stale(format!(
                    "{} is on another server now.",
                    change.address
                ))),
                None => problems.push(stale(format!("{} was not in the plan.", change.address))),
            }
        }
        let there: HashSet<&str> = self
            .plan
            .changes
            .iter()
            .map(|change| change.address.as_str())
            .collect();
        let all = reviewed.plan.changes.iter().zip(&reviewed.server_of);
        for (was, server) in all.filter(|(was, _)| was.action != Action::NoOp) {
            if !there.contains(was.address.as_str()) {
                problems.push(self.no_longer_planned(was, *server));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Why a reviewed change is not part of the fresh plan. `server`: its position among those of the plan.
    fn no_longer_planned(&self, was: &Change, server: usize) -> Diagnostic {
        let gone = || stale(format!("{} is not there any more.", was.address));
        // What is pruned has no address: it goes by its id.
        let pruned = was.before().filter(|_| was.action == Action::Delete);
        let (Some(pruned), Some(side)) = (pruned, self.sides.get(server)) else {
            return gone();
        };
        let is_it = |state: &State| state.kind() == was.kind && state.id == pruned.id;
        let (kind, name) = (was.kind.title(), pruned.name.as_deref().unwrap_or_default());
        let what = format!("the {kind} {name:?} ({})", was.address);
        // Another provider may lead to the same server.
        let configured = self.changes().find(|(change, origin)| {
            self.sides[origin.side.0].place() == side.place()
                && change.before().is_some_and(|before| is_it(&before))
        });
        if let Some((configured, _)) = configured {
            let address = &configured.address;
            return stale(format!(
                "It deletes {what}, which is configured again, as {address}."
            ))
            .hint(format!(
                "If it is to end nevertheless, take {address} out of the configuration first."
            ));
        }
        let mut found = side.inventory.found().iter();
        if found.any(|found| is_it(&found.state)) {
            return stale(format!("It deletes {what}, which is not to be pruned now."))
                .hint("`lanyard plan --prune` says why it is left alone.");
        }
        gone()
    }

    /// The addresses whose secret is issued again, because nobody got the one that is there.
    fn reissued(&self) -> HashSet<String> {
        let deliveries = self.deliveries.iter();
        let reissued = deliveries.filter_map(|delivery| match &delivery.state {
            delivery::State::Reissued { address } => Some(address.clone()),
            delivery::State::NotIssued
            | delivery::State::Replaced { .. }
            | delivery::State::Gone
            | delivery::State::Ends { .. }
            | delivery::State::Unconfigured
            | delivery::State::Ambiguous(_)
            | delivery::State::NotSeen
            | delivery::State::Elsewhere(_) => None,
        });
        reissued.collect()
    }
}

/// The reviewed change with everything that no plan file holds: secrets and the configuration. `is_open`: its secret is issued again, because
/// nobody got the one that is there. With it, whether the secret has expired since, and this does not issue another.
fn hold_change(
    was: &Change,
    now: &Change,
    side: &Side,
    (known, is_open): (&KnownSecrets, bool),
) -> Result<(Change, bool), Diagnostic> {
    if was.action == Action::NoOp && now.action == Action::NoOp {
        // With an account that was made anew, its tokens are others, whatever else is alike.
        let is_another = was.kind == Kind::ServiceAccount
            && was.prior.get("created_at") != now.prior.get("created_at");
        let moved = guard::moved(was, &now.prior).filter(|_| is_another);
        return moved.map_or_else(|| Ok((now.clone(), false)), Err);
    }
    let mut now = Cow::Borrowed(now);
    if let Some(Forced::Reissue(why)) = &now.forced
        && Issuing::of(was).is_none()
    {
        // Nothing but its end asks for it.
        let merely_expired = has_expired(&now) && !is_asked_for(why);
        if !merely_expired {
            return Err(stale(format!(
                "{}: {why}, and the plan does not issue it again.",
                was.address
            )));
        }
        now.to_mut().forced = None;
    }
    if let Some(why) = wanted(was)
        && (is_open || why != REASON)
    {
        // By now it may be due as well, or expired, which says nothing else of what is issued.
        now.to_mut().forced = Some(Forced::Reissue(why.to_owned()));
    }
    let prior = with_secrets(was.prior.clone(), &now.prior, known);
    let mut reviewed = was.clone();
    reviewed.prior.clone_from(&prior);
    if let Some(moved) = guard::moved(&reviewed, &now.prior) {
        return Err(moved);
    }
    let takes_alike = match (&was.takes, &now.takes) {
        (Some(was), Some(now)) => was.agrees(now),
        (was, now) => was.is_none() && now.is_none(),
    };
    if !takes_alike {
        let now = now.takes.as_ref();
        let now = now.map_or_else(
            || "is free now".to_owned(),
            |takes| format!("is that of {takes} now"),
        );
        return Err(stale(format!("The name of {} {now}.", was.address)));
    }
    let traces = was.trace.as_ref().zip(side.trace(&now));
    if traces.is_some_and(|(was, now)| *was != now) {
        return Err(stale(format!(
            "The secret of {} was replaced since.",
            was.address
        )));
    }
    // What time has decided since the review waits for the next plan: the reviewed prior state counts.
    let mut planned = now.plan_again(side.capabilities(), &prior, &now.config);
    let reviewed = with_secrets(was.planned.clone(), &planned.planned, known);
    if planned.action != was.action || !agrees(&reviewed, &planned.planned) {
        return Err(stale(format!(
            "The configuration of {} is not what was reviewed.",
            was.address
        )));
    }
    if was.action == Action::Delete {
        planned.planned = Value::Null;
    }
    let replaces = planned.action == Action::Replace;
    let is_so = |told: &&Diagnostic| replaces || told.code != Code::ExpiredIsReplaced;
    planned.diagnostics = now.diagnostics.iter().filter(is_so).cloned().collect();
    let mut held = Change::new(
        was.address.as_str(),
        was.kind,
        prior,
        now.config.clone(),
        planned,
    );
    held.depends_on.clone_from(&now.depends_on);
    held.consumers.clone_from(&now.consumers);
    held.forced.clone_from(&now.forced);
    held.takes.clone_from(&now.takes);
    let is_meant = held.after().is_none_or(|after| is_meant(&after));
    let ends = is_meant || Issuing::of(&held).is_some();
    let stays_off = held.planned.get("disabled") == &Value::Bool(true);
    let is_dead = has_expired(&now) && !has_expired(was) && !ends && !stays_off;
    Ok((held, is_dead))
}

/// True if the secret that is there is expired, whatever else keeps it from working.
fn has_expired(change: &Change) -> bool {
    let before = change.before();
    before.is_some_and(|before| NotWorking::of(&before) == Some(NotWorking::Expired))
}

/// True for a new secret that somebody asked for, or whose forerunner nobody received.
fn is_asked_for(why: &str) -> bool {
    [ASKED, REASON].contains(&why)
}

/// Why the change issues a new secret, where that lies outside the resource.
fn wanted(was: &Change) -> Option<&str> {
    was.reasons.iter().find_map(|reason| match reason {
        Reason::Rotation { why } => Some(why.as_str()).filter(|why| is_asked_for(why)),
        Reason::PossibleRotation { .. }
        | Reason::Replacement { .. }
        | Reason::Cascade { .. }
        | Reason::Revocation { .. }
        | Reason::PossibleRevocation { .. }
        | Reason::GraceBegins { .. } => None,
    })
}

fn stale(detail: String) -> Diagnostic {
    Diagnostic::error(Code::PlanIsStale, "The plan is not what would happen now")
        .detail(detail)
        .hint("Plan and review again.")
}
