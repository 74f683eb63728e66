//! A replacement in either order: whatever has the name meanwhile, the secret in the new state works in the end, or nothing was
//! replaced and the one in the old state works.

use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::engine;

use super::{Resource, Subject};
use crate::support::console::note;

/// `on_conflict`, as a person writes it.
const ON_CONFLICT: [Option<&str>; 3] = [None, Some("adopt"), Some("replace")];

#[derive(Clone, Copy, Debug)]
enum Order {
    DeleteFirst,
    /// `create_before_destroy`.
    CreateFirst,
    /// Likewise, and the run ends in between: the next one deletes.
    DeleteLater,
}

#[derive(Clone, Copy, Debug)]
enum Trigger {
    /// `-replace`, or taint.
    Asked,
    /// Another description.
    Changed,
    /// Its end has passed.
    Expired,
}

const ORDERS: [Order; 3] = [Order::DeleteFirst, Order::CreateFirst, Order::DeleteLater];
const TRIGGERS: [Trigger; 3] = [Trigger::Asked, Trigger::Changed, Trigger::Expired];

/// What became of one cell.
enum Outcome {
    Replaced,
    /// With an error, and the old one stands.
    Refused,
    /// With an error when the old one was to be deleted later: that would have ended the new one.
    Stopped,
    /// The server has no such thing.
    NotThere,
}

pub(crate) async fn a_replacement_leaves_a_secret_that_works_in_either_order(mut subject: Subject) {
    let (mut replaced, mut refused, mut stopped, mut not_there) = (0, 0, 0, 0);
    let mut lost = Vec::new();
    let mut number = 0;
    for trigger in TRIGGERS {
        for order in ORDERS {
            for on_conflict in ON_CONFLICT {
                number += 1;
                for resource in everything(&subject, &format!("deploy-{number}")).await {
                    let cell = format!("{:?} {trigger:?} {order:?} {on_conflict:?}", resource.kind);
                    match replace(&mut subject, resource, trigger, order, on_conflict).await {
                        Ok(Outcome::Replaced) => replaced += 1,
                        Ok(Outcome::Refused) => refused += 1,
                        Ok(Outcome::Stopped) => stopped += 1,
                        Ok(Outcome::NotThere) => not_there += 1,
                        Err(how) => lost.push(format!("{cell}: {how}")),
                    }
                }
            }
        }
    }
    let api = subject.api().name();
    assert!(
        lost.is_empty(),
        "{} lost on {api}:\n{}",
        lost.len(),
        lost.join("\n")
    );
    note(&format!(
        "replacements on {api}: {} cells, {replaced} replaced, {refused} refused, {stopped} stopped at the plan that deletes, 0 lost; \
         {not_there} that the server does not have",
        replaced + refused + stopped
    ));
    subject.behaves();
}

/// Whatever can be replaced here, accounts without a secret as well.
async fn everything(subject: &Subject, name: &str) -> Vec<Resource> {
    let mut all = subject.new_secrets(name).await;
    let server = &subject.capabilities().service_account;
    if server.absent.is_none() && !server.issues_secret {
        all.push(subject.new_account(name));
    }
    all
}

/// Replaces it, and says how it ended.
async fn replace(
    subject: &mut Subject,
    mut old: Resource,
    trigger: Trigger,
    order: Order,
    on_conflict: Option<&str>,
) -> Result<Outcome, String> {
    if let Some(value) = on_conflict {
        old.set("on_conflict", value);
    }
    if matches!(trigger, Trigger::Expired) {
        if old.kind == Kind::ServiceAccount {
            return Ok(Outcome::NotThere);
        }
        old.set("ttl", "2d");
    }
    if refuses(subject, &old) {
        return Ok(Outcome::NotThere);
    }
    // What has a history: another secret than its first, and the one before that in its grace period.
    for round in ["1", "2"] {
        if !matches!(trigger, Trigger::Expired) && old.can_rotate(subject) {
            old.trigger(round, "2d".into());
            if refuses(subject, &old) {
                old.trigger(round, Value::Null);
            }
        }
        old.apply(subject).await;
        subject.reference.clock().advance_seconds(5).unwrap();
    }
    if matches!(trigger, Trigger::Expired) {
        subject.advance_days(3);
    }
    // The plan reads, and another process applies.
    subject.restart();
    old.refresh(subject).await;
    if old.state.is_null() {
        // A server that clears away what has expired has nothing to replace.
        return Ok(Outcome::NotThere);
    }
    subject.restart();
    let mut new = old.clone();
    new.state = Value::Null;
    let before = old.state.get("token").as_secret().cloned();
    let mut said = Vec::new();
    if matches!(trigger, Trigger::Changed) {
        new.set("description", "changed");
        if refuses(subject, &new) {
            return Ok(Outcome::NotThere);
        }
    }
    if matches!(order, Order::DeleteFirst) {
        engine::is_replaced(&*subject.server, old.kind, &old.state);
        said.extend(ends(&mut old, subject).await?);
    }
    let made = new.try_apply(subject).await;
    if has_errors(&made) {
        return refused(subject, &old, &new, order, trigger, &made).await;
    }
    let mut stopped = false;
    if matches!(order, Order::DeleteLater) {
        stopped = plan_stops(subject, &mut old, &mut new).await?;
        subject.restart();
    }
    if !matches!(order, Order::DeleteFirst) && !stopped {
        said.extend(ends(&mut old, subject).await?);
    }
    subject.restart();
    let secret = new.state.get("token").as_secret().cloned();
    let is_told = said.iter().any(|said| {
        said.to_string()
            .contains("Its secret is the same as before")
    });
    if !stopped && is_told != (secret.is_some() && secret == before) {
        return Err(format!(
            "whether the secret is the same as before is told {is_told}: {said:#?}"
        ));
    }
    if let Some(secret) = secret
        && !subject.lets_in(&new, &secret).await
    {
        return Err(format!("the new secret does not work: {made:#?}"));
    }
    new.refresh(subject).await;
    match new.plan(subject) {
        Action::NoOp if stopped => Ok(Outcome::Stopped),
        Action::NoOp => Ok(Outcome::Replaced),
        left => Err(format!("{left:?} is left to do: {:?}", new.state)),
    }
}

/// The plan of the next run, which reads both, in whatever order Terraform asks for them. True if it is an error.
async fn plan_stops(
    subject: &mut Subject,
    old: &mut Resource,
    new: &mut Resource,
) -> Result<bool, String> {
    let mut stops = [false; 2];
    for (old_first, stops) in [true, false].into_iter().zip(&mut stops) {
        subject.restart();
        if old_first {
            tokio::join!(old.refresh(subject), new.refresh(subject));
        } else {
            tokio::join!(new.refresh(subject), old.refresh(subject));
        }
        if old.state.is_null() {
            return Ok(false);
        }
        let (ends, keeps) = if old_first {
            let ends = old.plan_destroy(subject);
            (ends, new.keeps(subject))
        } else {
            let keeps = new.keeps(subject);
            (old.plan_destroy(subject), keeps)
        };
        // What planning keeps for the deletion of a deposed object is not passed on: it is planned anew while applying.
        let said: Vec<_> = ends.1.into_iter().chain(keeps).collect();
        *stops = has_errors(&said);
        if said.iter().any(|said| said.code != Code::EndsAnothers) {
            return Err(format!("the plan says {said:#?}"));
        }
    }
    match stops {
        [one, other] if one == other => Ok(one),
        _ => Err(format!(
            "whether the plan stops hangs on the order: {stops:?}"
        )),
    }
}

/// Deletes it; what that says.
async fn ends(old: &mut Resource, subject: &Subject) -> Result<Vec<Diagnostic>, String> {
    if old.state.is_null() {
        return Ok(Vec::new());
    }
    let ended = old.destroy(subject).await;
    if has_errors(&ended) || !old.state.is_null() {
        return Err(format!("the old one did not go: {ended:#?}"));
    }
    Ok(ended)
}

/// A creation that failed: the message names the order, and Terraform keeps the old one, which stands.
async fn refused(
    subject: &Subject,
    old: &Resource,
    new: &Resource,
    order: Order,
    trigger: Trigger,
    errors: &[Diagnostic],
) -> Result<Outcome, String> {
    if !new.state.is_null() {
        return Err(format!("the state holds what failed: {errors:#?}"));
    }
    // Disabled, and nothing took it over with its secret.
    if matches!(order, Order::DeleteFirst)
        && errors
            .iter()
            .any(|error| error.code == Code::ReplacementImpossible)
    {
        return Ok(Outcome::Refused);
    }
    let names_order = errors.iter().any(|error| {
        error.code == Code::NameTaken && error.to_string().contains("create_before_destroy")
    });
    if !names_order {
        return Err(format!("the message should name the order: {errors:#?}"));
    }
    if matches!(order, Order::DeleteFirst) {
        return Ok(Outcome::Refused);
    }
    if let Some(secret) = old.state.get("token").as_secret()
        && subject.lets_in(old, secret).await == matches!(trigger, Trigger::Expired)
    {
        return Err(format!("the old secret does not stand: {errors:#?}"));
    }
    Ok(Outcome::Refused)
}

fn refuses(subject: &Subject, resource: &Resource) -> bool {
    let plan = resource.whole_plan(subject);
    plan.diagnostics.iter().any(Diagnostic::is_error)
}
