//! The end of an object and of every secret it still has. What is already gone was what was wanted; what is another one by now is
//! left alone.

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::model::server::ResourceCapabilities;
use lanyard_compiler::model::state::Written;
use lanyard_compiler::plan::way_to_another_secret;

use super::evidence::Evidence;
use super::naming::{about, id_of};
use super::outcome::Outcome;
use super::read::{ended_with_its_account, has_another_address, one};
use super::revoke::{end, not_revoked};
use crate::error::ServerError;
use crate::object::Object;
use crate::record::Record as _;
use crate::session::differ;
use crate::shown::Shown;
use crate::token_server::TokenServer;

/// Deletes the object of a state and its retired tokens; names each that could not be deleted, and then keeps the state, so that
/// the next destroy tries again. Where the id is another credential's by now, that one stays, and a warning says so. What the
/// state's own credential is, the evidence says if there is any, and otherwise the state.
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
    let own = evidence.map(|evidence| evidence.of_credential(server, &prior));
    let own = own.as_ref().unwrap_or(&prior);
    // Without evidence, a state that was read since then knows.
    let knows = evidence.map_or_else(|| prior.rotation_due == Some(true), Evidence::knows);
    let shown = evidence.and_then(Evidence::to_be_ended);
    match there::<O>(server, id, own, shown, knows).await {
        Ok(There::Nothing) => {}
        // The current secret first: if only one can be ended, it is the one with a future.
        Ok(There::Same) => match end::<O>(server, id).await {
            Ok(()) => server.session().made.deleted(O::KIND, id),
            Err(error) => diagnostics.push(about(&error, O::KIND, name, "Deleting")),
        },
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
    let mut state = prior.clone();
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
        diagnostics,
        shown: None,
        refused: true,
    }
}

/// What has the id of a state.
enum There {
    Nothing,
    /// What the state holds.
    Same,
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
    shown: Option<&Shown>,
    knows: bool,
) -> Result<There, ServerError> {
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
    Ok(match another::<O>(prior, shown, &record, knows) {
        Some(how) => There::Another {
            how,
            same_secret: false,
            counts_on: counts_on(record.generation()),
        },
        None => There::Same,
    })
}

/// How the server tells that what has the id is not what the state holds; `None` if it is, or if nothing tells.
fn another<O: Object>(
    prior: &State,
    shown: Option<&Shown>,
    record: &O::Record,
    knows: bool,
) -> Option<&'static str> {
    let time = |time: &Option<Written<Timestamp>>| time.as_ref().map(Written::value);
    if differ(time(&prior.created_at), record.created_at()) {
        return Some("it was created at another time than what this state was given");
    }
    if has_another_address(prior, record) {
        return Some("it has another address than what this state was given");
    }
    if ended_with_its_account(prior, record) {
        return Some("its account was made after the secret of this state was issued");
    }
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
            let now = record.clone().take_secret();
            let begins_otherwise = record
                .secret_prefix()
                .is_some_and(|prefix| !secret.expose().starts_with(prefix));
            now.is_none_or(|now| now == *secret) && (knows || !begins_otherwise)
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

/// The id of the state is another credential's by now.
fn left_alone<O: Object>(name: &str, id: &str, how: &str) -> Diagnostic {
    let title = O::KIND.title();
    Diagnostic::warning(Code::LeftAlone, "What has the id by now was left alone")
        .detail(format!(
            "The {title} {name:?} of this state was to be deleted. What the server knows as {id} by now is not what this state was \
             given: {how}. It was left alone, and what was to be deleted is gone."
        ))
        .hint("If it is what has just replaced it, with `create_before_destroy` and `on_conflict`, the state has it: nothing is left to do.")
        .hint(format!(
            "If nothing manages that {title} and it should go as well: import {id} and destroy it, or delete it on the server."
        ))
}
