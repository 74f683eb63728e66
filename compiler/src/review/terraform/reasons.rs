//! Why Terraform plans what it plans, in our words.

use super::document::{ActionReason, ResourceChange};
use crate::model::State;
use crate::model::access_token::{OnConflict, Status};
use crate::model::kind::Kind;
use crate::model::server::Capabilities;
use crate::model::state::{Part as _, Shown};
use crate::plan::{Action, NotWorking, Reason, ends_retired};
use crate::review::circumstances::Manner;
use crate::value::{AttributePath, Value};

pub(super) fn reasons(
    kind: Kind,
    server: Option<&Capabilities>,
    (action, manner): (Action, Manner),
    json: &ResourceChange,
    prior: Option<&State<Shown>>,
    planned: Option<&State<Shown>>,
    forcing: &[AttributePath],
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let own = planned.and_then(|planned| planned.rotation_reason.value().cloned());
    let count = |state: Option<&State<Shown>>| state.map(|state| state.generation.clone());
    match action {
        Action::Update => {
            if count(prior) != count(planned) {
                let why = own.or_else(|| shorter(prior?, planned?));
                let why = why.unwrap_or_else(|| "values that are not known yet decide".to_owned());
                reasons.push(if count(planned).is_some_and(|count| count.is_unknown()) {
                    Reason::PossibleRotation { why }
                } else {
                    Reason::Rotation { why }
                });
            }
            if let (Some(prior), Some(planned)) = (prior, planned) {
                let ends = ends_retired(prior, planned);
                let ids: Vec<String> = ends.map(|retired| retired.id.clone()).collect();
                reasons.extend((!ids.is_empty()).then_some(Reason::Revocation { ids }));
                reasons.extend(Reason::perhaps_ends(prior, planned));
                reasons.extend(Reason::grace_begins(prior, planned));
                if kind == Kind::ServiceAccount {
                    reasons.extend(roles_lost(prior, planned));
                }
            }
        }
        Action::Replace => {
            // What the server says comes first: it is why Terraform has to.
            let died = prior.and_then(NotWorking::of);
            let died = died.filter(|why| why.is_dead());
            let died = died.map(|why| why.why().to_owned());
            let asked = json.action_reason.filter(|why| is_terraforms_own(*why));
            let asked = asked.map(|why| words(why).to_owned());
            let whole = asked.into_iter().chain(own.or(died));
            reasons.extend(whole.map(|why| Reason::Replacement {
                path: AttributePath::root(),
                why,
            }));
            reasons.extend(forcing.iter().map(|path| Reason::Replacement {
                path: path.clone(),
                why: why_replaced(path, prior, server),
            }));
            if reasons.is_empty() {
                reasons.push(Reason::Replacement {
                    path: AttributePath::root(),
                    why: json
                        .action_reason
                        .map_or("Terraform says so", words)
                        .to_owned(),
                });
            }
        }
        Action::Delete => {
            let why = json.action_reason.map(|why| Reason::Cascade {
                what: words(why).to_owned(),
            });
            reasons.extend(why);
        }
        Action::NoOp if manner == Manner::Forgets => {
            let why = match json.action_reason {
                Some(why) => words(why),
                None => "`removed`, or `destroy = false`, says so",
            };
            reasons.push(Reason::Cascade {
                what: why.to_owned(),
            });
        }
        Action::NoOp | Action::Create => {}
    }
    if kind == Kind::ServiceAccount
        && manner != Manner::ReplacesAndForgets
        && matches!(action, Action::Delete | Action::Replace)
        && !(manner == Manner::CreatesFirst && adopts_itself(prior, planned))
    {
        let delete = prior
            .zip(server)
            .map(|(prior, server)| prior.capabilities(server).delete);
        reasons.extend(Reason::tokens_end("its access tokens", server, delete));
    }
    reasons
}

/// What the tokens of an account lose with it; `None` where only the apply can tell.
fn roles_lost(prior: &State<Shown>, planned: &State<Shown>) -> Option<Reason> {
    let sides = [prior, planned].map(|state| state.roles.write());
    let [before, after] = &sides;
    if before == after || !sides.iter().all(Value::is_wholly_known) {
        return None;
    }
    if sides.iter().any(Value::holds_secret) {
        return Some(Reason::tokens_lose_hidden());
    }
    let (before, after) = (before.as_list()?, after.as_list()?);
    let gone = before.iter().filter(|role| !after.contains(role));
    let gone: Vec<&str> = gone.filter_map(Value::as_str).collect();
    (!gone.is_empty()).then(|| Reason::tokens_lose(&gone))
}

/// True if what replaces an account takes over the very account.
fn adopts_itself(prior: Option<&State<Shown>>, planned: Option<&State<Shown>>) -> bool {
    let sides = prior.zip(planned);
    sides.is_some_and(|(prior, planned)| {
        planned.on_conflict.value() == Some(&OnConflict::Adopt) && prior.name == planned.name
    })
}

/// A lifetime that may be over when it becomes shorter.
fn shorter(prior: &State<Shown>, planned: &State<Shown>) -> Option<String> {
    let (before, after) = (prior.ttl.value()?, planned.ttl.value()?);
    (after.value().seconds() < before.value().seconds()).then(|| {
        format!("with a `ttl` of {after} it ends earlier, which may be past when this is applied")
    })
}

/// A secret is never changed: one that forces a replacement has expired where the server cannot rotate what has.
fn why_replaced(
    path: &AttributePath,
    prior: Option<&State<Shown>>,
    server: Option<&Capabilities>,
) -> String {
    let is_secret = matches!(path.to_string().as_str(), "token" | "encrypted_token");
    let expired = prior.filter(|prior| prior.status.value() == Some(&Status::Expired));
    match expired.and_then(|prior| prior.stops_at_in_words(server)) {
        Some(end) if is_secret => format!("expired {end}"),
        _ => "cannot be changed in place".to_owned(),
    }
}

/// True if Terraform replaces it for a reason of its own, whatever its provider says.
fn is_terraforms_own(reason: ActionReason) -> bool {
    matches!(
        reason,
        ActionReason::ReplaceBecauseTainted
            | ActionReason::ReplaceByRequest
            | ActionReason::ReplaceByTriggers
    )
}

/// Terraform's reasons, in words.
fn words(reason: ActionReason) -> &'static str {
    match reason {
        ActionReason::ReplaceBecauseCannotUpdate => "it cannot be changed in place",
        ActionReason::ReplaceBecauseTainted => "an earlier apply could not finish it",
        ActionReason::ReplaceByRequest => "`-replace` asks for it",
        ActionReason::ReplaceByTriggers => "`replace_triggered_by` asks for it",
        ActionReason::DeleteBecauseNoResourceConfig => "it is not in the configuration any more",
        ActionReason::DeleteBecauseWrongRepetition => "`count` or `for_each` was added or removed",
        ActionReason::DeleteBecauseCountIndex => "`count` became smaller",
        ActionReason::DeleteBecauseEachKey => "`for_each` has no such key any more",
        ActionReason::DeleteBecauseNoModule => "its module is not in the configuration any more",
        ActionReason::DeleteBecauseNoMoveTarget => "`moved` leads nowhere",
        ActionReason::DeleteBecauseEnabledFalse => "`enabled` is false now",
        ActionReason::ForgotBecauseLifecycleDestroyInConfig => {
            "its `lifecycle` says `destroy = false`"
        }
        ActionReason::ForgotBecauseLifecycleDestroyInState => {
            "its `lifecycle` said `destroy = false` when it was last applied"
        }
        ActionReason::ReadBecauseConfigUnknown => "its arguments are known after apply",
        ActionReason::ReadBecauseDependencyPending => "what it depends on changes",
        ActionReason::ReadBecauseCheckNested => "a check reads it",
    }
}
