//! The end of an object and of every secret it still has. What is already gone was what was wanted; another object that has its id by
//! now is left alone. Where it is the same object with a secret that nobody has seen, nothing is deleted, and the state is kept.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::ResourceCapabilities;
use lanyard_compiler::model::state::Written;
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::way_to_another_secret;

use super::evidence::Evidence;
use super::naming::{about, id_of};
use super::outcome::Outcome;
use super::read::{held, one};
use super::revoke::{end, not_revoked};
use super::same_object::another_object;
use crate::error::ServerError;
use crate::object::Object;
use crate::record::Record;
use crate::session::differ;
use crate::token_server::TokenServer;

/// Deletes the object of a state and its retired tokens; names each that could not be deleted, and then keeps the state, so that
/// the next destroy tries again. Where the id is another object's by now, or another state's, that one stays, and a warning says so.
/// Where only the secret is another one than what the plan knew, it may be anybody's: that is an error. What the state's own credential
/// is, the evidence says if there is any, and otherwise the state.
pub(super) async fn delete<O: Object>(
    server: &dyn TokenServer,
    prior: State,
    evidence: Option<&Evidence>,
) -> Outcome {
    let id = match id_of(&prior) {
        Ok(id) => id.to_owned(),
        Err(error) => return Outcome::failed(Some(prior), error),
    };
    let id = id.as_str();
    let name = prior.name.as_deref().unwrap_or(id);
    if let Some(account) = &prior.service_account {
        server.session().ends(account, name);
    }
    let mut diagnostics = Vec::new();
    let mut ends_retired = true;
    let (mut now, mut beside) = (None, None);
    let own = evidence.map(|evidence| evidence.of_credential(server, &prior));
    let own = own.as_ref().unwrap_or(&prior);
    match there::<O>(server, id, own, evidence).await {
        Ok(There::Nothing) => {}
        // The current secret first: if only one can be ended, it is the one with a future.
        Ok(There::Same) => match end::<O>(server, id).await {
            Ok(()) => server.session().made.deleted(O::KIND, id),
            Err(error) => diagnostics.push(about(&error, O::KIND, name, "Deleting")),
        },
        Ok(There::AnotherSecret {
            how,
            counts_on,
            record,
        }) => {
            ends_retired = counts_on;
            diagnostics.push(overtaken::<O>(name, id, how, evidence.is_some()));
            if let Some(evidence) = evidence
                && let Some(found) = held::<O>(server, &prior, evidence.shown(), &record)
            {
                beside = evidence.after_finding(&found, &*record);
                now = Some(found);
            }
        }
        Ok(There::Another {
            how,
            same_secret,
            counts_on,
        }) => {
            // Ids of retired secrets are made of the same name: those of a series that began anew are the new one's.
            ends_retired = counts_on;
            let told = left_alone::<O>(name, id, how);
            let capabilities = prior.capabilities(server.capabilities());
            diagnostics.push(if same_secret && capabilities.issues_secret {
                secret_lives_on(told, capabilities)
            } else {
                told
            });
        }
        Err(error) => diagnostics.push(about(&error, O::KIND, name, "Deleting")),
    }
    let mut state = now.unwrap_or_else(|| prior.clone());
    let retired = prior.retired().iter().map(|entry| entry.id.as_str());
    for retired in retired.filter(|retired| *retired != id && ends_retired) {
        match end::<O>(server, retired).await {
            Ok(()) => state.forget(retired),
            Err(error) => diagnostics.push(not_revoked::<O>(&error, name, retired)),
        }
    }
    let mut state = Some(state);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        state = None;
        if let Some(evidence) = evidence {
            let holders = &server.session().holders;
            holders.gone(O::KIND, id, evidence.instance());
        }
    }
    Outcome {
        state,
        evidence: beside,
        diagnostics,
        shown: None,
        refused: true,
    }
}

/// What has the id of a state.
enum There<R> {
    Nothing,
    /// What the state holds.
    Same,
    /// The object of the state, as far as anything tells, with a secret that is not the one to be ended.
    AnotherSecret {
        how: &'static str,
        counts_on: bool,
        record: Box<R>,
    },
    /// Another credential, or the state's own in other hands, which have its secret too (`same_secret`). `counts_on`: it is a later one of
    /// the same series.
    Another {
        how: &'static str,
        same_secret: bool,
        counts_on: bool,
    },
}

/// Looks before anything is deleted: for what this run made itself, and on the server.
async fn there<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    prior: &State,
    evidence: Option<&Evidence>,
) -> Result<There<O::Record>, ServerError> {
    let count = prior.generation;
    let counts_on = |now: Option<i64>| now.zip(count).is_some_and(|(now, count)| now > count);
    if let Some(instead) = server
        .session()
        .made
        .instead_of(server.capabilities(), id, prior)
    {
        return Ok(There::Another {
            how: if instead.is_the_same {
                "another resource has taken it over in this apply, before the old one was to be deleted (`create_before_destroy`)"
            } else {
                "this apply has just issued it anew, before the old one was to be deleted (`create_before_destroy`)"
            },
            same_secret: instead.is_the_same,
            counts_on: counts_on(instead.generation),
        });
    }
    let Some(record) = one::<O>(server, id).await? else {
        return Ok(There::Nothing);
    };
    let counts_on = counts_on(record.generation());
    let taken = evidence.is_some_and(Evidence::is_taken);
    let another = taken.then_some(TAKEN_OVER);
    if let Some(how) = another.or_else(|| another_object(prior, &record)) {
        return Ok(There::Another {
            how,
            same_secret: false,
            counts_on,
        });
    }
    Ok(match another_secret::<O>(prior, evidence, &record) {
        Some(how) => There::AnotherSecret {
            how,
            counts_on,
            record: Box::new(record),
        },
        None => There::Same,
    })
}

/// How the server tells that the secret of what passes for the state's own object is not the one in the state; `None` if it is, or if
/// nothing tells, or if it does not matter.
fn another_secret<O: Object>(
    prior: &State,
    evidence: Option<&Evidence>,
    record: &O::Record,
) -> Option<&'static str> {
    // By its date it is the account of the state, whatever secret it has: the end of a token may have replaced that.
    if O::KIND == Kind::ServiceAccount
        && prior.created_at.is_some()
        && record.created_at().is_some()
    {
        return None;
    }
    // Without evidence, a state that was read since then knows.
    let knows = evidence.map_or_else(|| prior.rotation_due == Some(true), Evidence::knows);
    let shown = evidence.and_then(Evidence::to_be_ended);
    let time = |time: &Option<Written<Timestamp>>| time.as_ref().map(Written::value);
    // Where the newest secret is gone, and a retired one not yet, that is what is left of this very state's.
    let left = |now: i64, count: i64| now < count && !prior.retired().is_empty();
    if prior
        .generation
        .zip(record.generation())
        .is_some_and(|(count, now)| count != now && !left(now, count))
    {
        return Some("its secret was replaced since this state was given one");
    }
    if differ(time(&prior.issued_at), record.issued_at()) {
        return Some(
            "its secret was issued at another time than the one that this state was given",
        );
    }
    let is_later = shown.is_some_and(|shown| shown.is_gone_from(record));
    let is_ours = match &prior.token {
        Some(secret) => {
            let begins_otherwise = record
                .secret_prefix()
                .is_some_and(|prefix| !secret.expose().starts_with(prefix));
            record.secret().is_none_or(|now| now == secret) && (knows || !begins_otherwise)
        }
        None => true,
    };
    (is_later || !is_ours).then_some("its secret is not the one in the state")
}

/// Nothing has ended the secret, which whoever asks for a replacement may want to be rid of.
fn secret_lives_on(told: Diagnostic, capabilities: &ResourceCapabilities) -> Diagnostic {
    let mut told = told.hint(way_to_another_secret(capabilities));
    told.detail
        .push_str(" Its secret is the same as before: whoever has that can still use it.");
    told
}

const TAKEN_OVER: &str = "another resource of the same configuration has taken it over";

/// Whoever replaced the secret may have taken the object over, or may be whom the deletion is to lock out: what the plan showed tells,
/// and it did not show this secret.
fn overtaken<O: Object>(name: &str, id: &str, how: &str, keeps_states: bool) -> Diagnostic {
    let title = O::KIND.title();
    let told = Diagnostic::error(
        Code::Overtaken,
        "It has another secret than the one that was to end",
    )
    .detail(format!(
        "The {title} {name:?} ({id}) was not deleted: {how}, and this plan did not know that. Whoever has that secret can still use it."
    ))
    .hint("Plan again: the next plan knows what is there now, and its deletion ends that.");
    if keeps_states {
        told.hint("If it is another configuration's by now: `terraform state rm` lets go of it and leaves the server as it is.")
    } else {
        told
    }
}

/// The id of the state is another credential's by now.
fn left_alone<O: Object>(name: &str, id: &str, how: &str) -> Diagnostic {
    let title = O::KIND.title();
    Diagnostic::warning(Code::LeftAlone, "What has the id by now was left alone")
        .detail(format!(
            "The {title} {name:?} of this state was to be deleted. What the server knows as {id} by now is not what this state was \
             given: {how}. It was left alone, and of what was to be deleted there is at most an old secret in its grace period."
        ))
        .hint("If it is what has just replaced it, with `create_before_destroy` and `on_conflict`, the state has it: nothing is left to do, unless `retired` names an old secret that has to end now. Take `grace_period` out of `rotation` and apply, which ends it.")
        .hint(format!(
            "If nothing manages that {title} and it should go as well: import {id} and destroy it, or delete it on the server."
        ))
}
