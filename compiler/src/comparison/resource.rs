//! What happens to one resource, once it is known what it is on its server.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::asked::ASKED;
use super::finding::Existing;
use super::ignored::{ignore_changes, keep_length};
use super::side::Side;
use crate::delivery::{Issuing, REASON};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::Instance;
use crate::model::access_token::OnConflict;
use crate::model::server::{Capabilities, RotationCapability};
use crate::model::state::{Outline, Planned};
use crate::model::{Kind, State};
use crate::plan::inventory::{Found, Inventory, Match};
use crate::plan::rotation::undated as undated_retired;
use crate::plan::{
    Action, Change, Forced, PlannedResource, Reason, Takes, as_adopted, died, keeps_secret,
    kept_from_working, notices, past_end, plan_forced, plan_resource, soon_end_kept,
    ways_with_taken_name,
};
use crate::value::{AttributePath, Step, Value};

pub(super) fn change(instance: &Instance, kind: Kind, existing: Existing, side: &Side) -> Change {
    let address = &instance.address;
    let Existing {
        matched,
        mut config,
        mut prior,
        imported_before,
        ..
    } = existing;
    let imported = imported_before.map(|id| import_is_done(&id, address, &prior));
    let complaint = complaint(&matched, address, &config, side);
    let takes = match &matched {
        Match::Foreign(object) => Takes::of(
            object,
            &Outline::of(&config),
            side.capabilities(),
            &side.inventory,
        ),
        _ => None,
    };
    let is_over = ends_if_adopted(&matched, &config, side);
    let ignored = &instance.lifecycle.ignore_changes;
    if ignored.holds("ttl") {
        keep_length(&mut prior);
    }
    ignore_changes(ignored, &prior, &mut config);
    let mut planned = plan_resource(kind, side.capabilities(), &prior, &config);
    planned
        .diagnostics
        .extend(complaint.into_iter().chain(is_over).chain(imported));
    takes_from_nobody(kind, &mut planned, &side.inventory);
    let before = planned.prior.as_ref();
    let after = planned.state.as_ref();
    let (server, now) = (side.capabilities(), side.inventory.now());
    let past = after.and_then(|after| past_end(server, before, after, now));
    let undated = before.and_then(|before| undated(before, address));
    let noticed = before
        .zip(after)
        .filter(|_| planned.action != Action::Replace);
    let noticed = noticed.map_or_else(Vec::new, |(before, after)| {
        still_noticed(server, before, after, now)
    });
    let told_too = past.into_iter().chain(undated).chain(noticed);
    planned.diagnostics.extend(told_too);
    let mut change = told(instance, kind, prior, config, planned);
    change.takes = takes;
    change
}

/// Says nothing of the access tokens of an account that has none.
fn takes_from_nobody(kind: Kind, planned: &mut PlannedResource, inventory: &Inventory) {
    let id = planned.prior.as_ref().and_then(|prior| prior.id.as_deref());
    if kind == Kind::ServiceAccount
        && planned.action == Action::Update
        && id.is_some_and(|id| !inventory.may_have_tokens(id))
    {
        let is_of_tokens = |reason: &Reason| matches!(reason, Reason::Cascade { .. });
        planned.reasons.retain(|reason| !is_of_tokens(reason));
        planned
            .diagnostics
            .retain(|told| told.code != Code::RolesRemoved);
    }
}

/// What is to be noticed of an object, where the plan leaves its end as it is and rotates it no more than before.
fn still_noticed(
    server: Option<&Capabilities>,
    before: &State,
    after: &State<Planned>,
    now: Timestamp,
) -> Vec<Diagnostic> {
    match soon_end_kept(server, before, after, now) {
        Some(_) => notices(server, before, now),
        None => Vec::new(),
    }
}

/// The same resource, replaced for a reason that lies outside it.
pub(super) fn replaced(instance: &Instance, change: &Change, side: &Side, why: String) -> Change {
    let Change {
        kind,
        prior,
        config,
        ..
    } = change;
    let forced = Forced::Replacement(why);
    let planned = plan_forced(*kind, side.capabilities(), prior, config, &forced);
    let mut change = told(instance, *kind, prior.clone(), config.clone(), planned);
    change.forced = Some(forced);
    change
}

/// The same change of a configuration that is another one by now.
pub(super) fn planned_again(instance: &Instance, change: Change, side: &Side) -> Change {
    let planned = change.plan_again(side.capabilities(), &change.prior, &change.config);
    let Change {
        kind,
        prior,
        config,
        forced,
        ..
    } = change;
    let mut change = told(instance, kind, prior, config, planned);
    change.forced = forced;
    change
}

/// The same resource as if nothing of it were there.
pub(super) fn made_anew(instance: &Instance, change: &Change, side: &Side) -> Change {
    let Change { kind, config, .. } = change;
    let planned = plan_resource(*kind, side.capabilities(), &Value::Null, config);
    told(instance, *kind, Value::Null, config.clone(), planned)
}

/// The same resource with a new secret, if the one that it has died: no state holds it, so nothing else would renew it.
pub(super) fn renewed(instance: &Instance, change: Change, side: &Side) -> Change {
    let Change {
        kind,
        prior,
        config,
        ..
    } = &change;
    match died(*kind, side.capabilities(), prior, config) {
        Some(why) => with_new_secret(instance, change, side, &why),
        None => change,
    }
}

/// The same resource with a new secret, because nobody got the one that it has.
pub(super) fn reissued(instance: &Instance, change: Change, side: &Side) -> Change {
    with_new_secret(instance, change, side, REASON)
}

/// The same resource with a new secret, because somebody asked for it; or a complaint where there can be none.
pub(super) fn asked_for(instance: &Instance, mut change: Change, side: &Side) -> Change {
    let title = side
        .capabilities()
        .map_or("The server", |server| server.title);
    let refused = match rotation_of(&change, side) {
        Some(RotationCapability::Impossible { instead }) if change.before().is_some() => {
            Diagnostic::error(
                Code::RotationImpossible,
                "The secret cannot be rotated on this server",
            )
            .detail(format!(
                "`--rotate {}`: {title} cannot replace the secret of this {}.",
                change.address,
                change.kind.title()
            ))
            .hint(instead)
        }
        _ => {
            change = with_new_secret(instance, change, side, ASKED);
            if Issuing::of(&change).is_some() || change.diagnostics.iter().any(Diagnostic::is_error)
            {
                return change;
            }
            Diagnostic::error(Code::NothingToRotate, "There is nothing to rotate").detail(format!(
                "`--rotate {}`: this {} has no secret on {title}.",
                change.address,
                change.kind.title()
            ))
        }
    };
    change.diagnostics.push(instance.locate(refused));
    change
}

fn rotation_of(change: &Change, side: &Side) -> Option<RotationCapability> {
    let server = side.capabilities()?;
    Some(change.before()?.capabilities(server).rotation)
}

/// What issues a secret anyway stays as it is.
fn with_new_secret(instance: &Instance, change: Change, side: &Side, why: &str) -> Change {
    let certain = |reason: &Reason| matches!(reason, Reason::Rotation { .. });
    match Issuing::of(&change) {
        Some(Issuing::Create | Issuing::Adopt | Issuing::Replace) => return change,
        Some(Issuing::Rotate) if change.reasons.iter().any(certain) => return change,
        Some(Issuing::Rotate) | None => {}
    }
    let Change {
        kind,
        prior,
        config,
        diagnostics,
        ..
    } = change;
    let forced = Forced::Reissue(why.to_owned());
    let mut planned = plan_forced(kind, side.capabilities(), &prior, &config, &forced);
    // What becomes of the old ones follows from this plan.
    let of_old = |problem: &Diagnostic| {
        matches!(
            problem.code,
            Code::SecretDoesNotWork | Code::TokenEndsSoon | Code::GraceCutShort
        )
    };
    planned.diagnostics.retain(|problem| {
        of_old(problem)
            || problem.is_error() && !diagnostics.iter().any(|told| told.code == problem.code)
    });
    let mut change = told(instance, kind, prior, config, planned);
    let before = diagnostics.into_iter().filter(|problem| !of_old(problem));
    change.diagnostics.extend(before);
    change.forced = Some(forced);
    change
}

fn told(
    instance: &Instance,
    kind: Kind,
    prior: Value,
    config: Value,
    mut planned: PlannedResource,
) -> Change {
    let address = &instance.address;
    if instance.lifecycle.prevent_destroy && planned.action == Action::Replace {
        planned.diagnostics.push(
            Diagnostic::error(
                Code::PreventDestroy,
                "The configuration forbids this replacement",
            )
            .detail(format!(
                "{address} would be replaced, and its `lifecycle` says `prevent_destroy`."
            ))
            .hint("Undo the change that forces it, or remove `prevent_destroy`."),
        );
    }
    if instance.lifecycle.forgets && planned.action == Action::Replace {
        planned.diagnostics.push(
            Diagnostic::error(
                Code::PreventDestroy,
                "The configuration forbids this replacement",
            )
            .detail(format!(
                "{address} would be replaced, and its `lifecycle` says `destroy = false`: its object has to stay, and without a state nothing would know of it any more."
            ))
            .hint("Undo the change that forces it, or apply with Terraform or OpenTofu, which forget the object and make another."),
        );
    }
    planned.diagnostics = planned
        .diagnostics
        .into_iter()
        .map(|problem| instance.locate(problem))
        .collect();
    let mut change = Change::new(address.as_str(), kind, prior, config, planned);
    change.hidden = hidden(instance);
    change
}

/// The attributes that are sensitive in the configuration, whole or in part, and those with a secret of ours in them that somebody
/// called not sensitive.
pub(crate) fn hidden(instance: &Instance) -> BTreeSet<AttributePath> {
    let marks = instance.marks.iter();
    marks
        .filter(|(_, marking)| marking.sensitive || marking.secret)
        .map(|(path, _)| {
            let names = path.steps().iter();
            names
                .take_while(|step| matches!(step, Step::Attribute(_)))
                .cloned()
                .collect()
        })
        .collect()
}

/// Why it cannot be told, or must not be assumed, which object the resource is.
fn complaint(matched: &Match, address: &str, config: &Value, side: &Side) -> Option<Diagnostic> {
    match matched {
        Match::Ours(_) | Match::New | Match::NotKnown(_) => None,
        // `adopt` and `replace` are the engine's to carry out: the resource is new to us.
        Match::Foreign(object) => {
            let choice = Outline::of(config).on_conflict;
            let stops = choice.value().is_none_or(|choice| *choice == OnConflict::Error);
            stops.then(|| name_taken(object, address, side))
        }
        Match::Several(ids) => Some(
            Diagnostic::error(Code::AmbiguousName, "More than one object has this name")
                .detail(format!("{address} could be any of {}.", ids.join(", ")))
                .hint("Say which with an `import` block and its id, or rename the others."),
        ),
        Match::Missing { id } => Some(
            Diagnostic::error(Code::ImportNotFound, "There is nothing to import")
                .detail(format!("{address} is to be imported from id {id:?}, which the server does not have."))
                .hint("Correct the id of the `import` block, or remove the block to create the object."),
        ),
        Match::NameHeld { id, by } => Some(
            Diagnostic::error(Code::NameTaken, "The name is taken")
                .detail(format!(
                    "{address} is to be imported from id {id:?}, and id {by:?} has the name that it is to have."
                ))
                .hint("Where an earlier apply imported it already: remove the `import` block.")
                .hint("To keep both: choose another `name`."),
        ),
    }
}

/// What an `import` block names is gone: it was replaced or renamed since, if the id was right.
fn import_is_done(id: &str, address: &str, prior: &Value) -> Diagnostic {
    let is = prior.get("id").as_str().unwrap_or_default();
    Diagnostic::warning(
        Code::ImportDone,
        "An `import` block has nothing to import any more",
    )
    .detail(format!(
        "The server does not have id {id:?}. {address} is taken for what has its name (id {is:?})."
    ))
    .hint("Remove the block, or correct its id.")
}

/// Why what has the name must not be adopted as it is configured: its secret stays, and would have ended.
fn ends_if_adopted(matched: &Match, config: &Value, side: &Side) -> Option<Diagnostic> {
    let Match::Foreign(object) = matched else {
        return None;
    };
    let (server, found) = (side.capabilities()?, &object.state);
    let adopts = Outline::of(config).on_conflict.value() == Some(&OnConflict::Adopt);
    if !adopts || !keeps_secret(server, found) {
        return None;
    }
    as_adopted(server, found, config, side.inventory.now()).err()
}

/// A retired secret that its server has still, and nothing says how long: a provider's state does, and there is none.
fn undated(prior: &State, address: &str) -> Option<Diagnostic> {
    let undated = undated_retired(prior).filter(|entry| !entry.due);
    let ids: Vec<&str> = undated.map(|entry| entry.id.as_str()).collect();
    if ids.is_empty() {
        return None;
    }
    let ids = ids.join(", ");
    let works = match kept_from_working(prior) {
        Some(why) => {
            format!(
                "not revoked: {ids}. None of its secrets works while {why}, and each does after that"
            )
        }
        None => format!("still accepted: {ids}"),
    };
    // What gives it no grace ends it; where nothing is said, it lives on.
    let step = match prior.rotation {
        Some(_) => "take `grace_period` out of the `rotation` block",
        None => "add an empty block, `rotation {}`,",
    };
    Some(
        Diagnostic::warning(Code::RetiredWithoutDate, "A retired secret was not revoked")
            .detail(format!(
                "{address} has a newer secret, and {works}. The server does not say since when, so it cannot be told whether its grace period is over."
            ))
            .hint(format!(
                "Once nobody uses it: {step} and apply, which ends it; Terraform's state remembers when each is due."
            )),
    )
}

fn name_taken(object: &Found, address: &str, side: &Side) -> Diagnostic {
    let can = side
        .capabilities()
        .map(|server| object.state.capabilities(server));
    let name = object.state.name.as_deref().unwrap_or_default();
    let id = object.state.id.as_deref().unwrap_or_default();
    let made = object
        .created_at
        .map(|at| format!(", made {at}"))
        .unwrap_or_default();
    let used = object
        .last_used_at
        .map(|at| format!(", last used {at}"))
        .unwrap_or_default();
    let owner = match &object.managed_by {
        Some(owner) => format!("{owner:?} manages it"),
        None => "nobody manages it".to_owned(),
    };
    let kept = if can.is_some_and(|can| can.issues_secret) {
        "To keep its secret"
    } else {
        "To manage it here as it is"
    };
    let taken = Diagnostic::error(Code::NameTaken, "The name is taken")
        .detail(format!(
            "The {} {name:?} of {address} exists already (id {id}{made}{used}), and {owner}.",
            object.kind.title(),
        ))
        .hint(format!(
            "{kept}: add an `import` block with `to = {address}` and `id = \"{id}\"`."
        ));
    let ways = can.map_or_else(Vec::new, ways_with_taken_name).into_iter();
    ways.chain(["To leave it alone: choose another `name`.".to_owned()])
        .fold(taken, Diagnostic::hint)
}
