//! A name that is taken: an error that says by what and what to do, unless the user chose otherwise, or unless it is what an
//! interrupted run of ours left behind.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::{OnConflict, Status};
use lanyard_compiler::model::server::{Recovery, RotationCapability};
use lanyard_compiler::model::state::{Open, Outline, Written};
use lanyard_compiler::model::{AccessToken, Kind, State};
use lanyard_compiler::plan::{as_adopted, keeps_secret, plan_resource, replaces_what_stays};
use lanyard_compiler::value::Value;

use super::naming::{about, named};
use super::read::{list_all, one, state_of};
use super::recover::{self, Lost, NotRotated, Start};
use super::revoke::end;
use super::taken::{existing, has_just_made, taken, took_over};
use crate::error::ServerError;
use crate::object::{Issued, Object, RotateRequest, anything};
use crate::record::{Filter, Record};
use crate::session::Named;
use crate::token_server::{MANAGED_BY, TokenServer};

/// The object that has the name we want.
pub(super) async fn find<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    id: Option<&str>,
) -> Result<Option<O::Record>, ServerError> {
    if let Some(id) = id {
        return one::<O>(server, id).await;
    }
    let found = list_all::<O>(server, &desired.namesakes()).await?;
    Ok(found.into_iter().find(|record| desired.is_meant(record)))
}

/// Likewise, of what the server calls taken: its lists may lag behind.
pub(super) async fn find_taken<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    id: Option<&str>,
) -> Result<Option<O::Record>, ServerError> {
    for looks in 0..recover::REPEATS {
        recover::pause(looks).await;
        if let Some(record) = find(server, desired, id).await? {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// An attempt to create something, whether it did is not known.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) start: &'a Start,
    /// The name was looked for, and free, before.
    pub(super) absent_before: bool,
}

/// Does what `on_conflict` says. `attempt`: one of ours may have created the object.
pub(super) async fn resolve<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    config: &Value,
    record: O::Record,
    attempt: Option<Attempt<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Issued<O>, Box<Lost<O>>> {
    if let Some(attempt) = attempt
        && recover::is_ours::<O>(server, &record, attempt.start, attempt.absent_before)
    {
        return recover::regain(server, desired, record).await;
    }
    match desired.on_conflict() {
        // Whoever takes it over leaves the other resource of this run with a dead secret.
        OnConflict::Adopt | OnConflict::Replace if has_just_made::<O>(server, record.id()) => {
            Err(Lost::nothing(taken(server, desired, &existing(&record))))
        }
        OnConflict::Error if is_leftover(server, desired, &record).await => {
            diagnostics.push(took_over::<O>(server, desired, &record));
            recover::regain(server, desired, record).await
        }
        OnConflict::Error => Err(Lost::nothing(taken(server, desired, &existing(&record)))),
        OnConflict::Adopt => adopt(server, desired, config, &record).await,
        OnConflict::Replace if has_slots(server, desired) => {
            in_next_slot(server, desired, &record).await
        }
        OnConflict::Replace => {
            end::<O>(server, record.id())
                .await
                .map_err(|error| about(&error, O::KIND, desired.name(), "Replacing the existing"))
                .map_err(Lost::nothing)?;
            let created = O::of(server).create(desired).await;
            created.map_err(|error| {
                let told = about(&error, O::KIND, desired.name(), "Creating");
                Lost::unless(error.is_refusal(), told)
            })
        }
    }
}

fn has_slots<O: Object>(server: &dyn TokenServer, desired: &O) -> bool {
    let capabilities = desired.capabilities(server.capabilities());
    capabilities.rotation == RotationCapability::TwoSlots
}

/// Replaces what has the name where each secret is a token of its own and nothing but its number tells one from the next: the new
/// one gets the next number, so that whoever holds the old one can see that it is another.
async fn in_next_slot<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    record: &O::Record,
) -> Result<Issued<O>, Box<Lost<O>>> {
    let request = RotateRequest::of(record, desired.clone(), desired.clone(), None);
    let mut issued = recover::rotate(server, record.id(), &request, &anything)
        .await
        .map_err(|NotRotated { error, refused }| {
            let told = about(&error, O::KIND, desired.name(), "Replacing the existing");
            Lost::unless(refused, told)
        })?;
    // One that cannot be ended now goes into the state, and is tried again.
    for retired in std::mem::take(&mut issued.retired) {
        if end::<O>(server, &retired.id).await.is_err() {
            issued.retired.push(retired);
        }
    }
    Ok(issued)
}

/// Where an account has one secret, whoever creates it ends the one before: a second resource of this run is told.
pub(super) fn one_of_a_kind<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
) -> Result<(), Diagnostic> {
    let named = Named::of(server.capabilities(), desired);
    if named.name.is_some() {
        return Ok(());
    }
    let Some(id) = server.session().made.at(&named) else {
        return Ok(());
    };
    let title = O::KIND.title();
    Err(
        Diagnostic::error(Code::SecretHeldTwice, "Two resources would hold one secret")
            .detail(format!(
                "On {}, a service account has one secret alone, and another {title} of this apply has just issued that of {id}. \
                 Creating {:?} would end it.",
                server.capabilities().title,
                desired.name(),
            ))
            .hint("Keep one resource for each service account, and refer to it from wherever its secret is needed.")
            .hint("If the resource only has another address now, say so with a `moved` block."),
    )
}

/// True for what a run of ours that was killed left behind, before it had the answer to its creation: no state holds it and nobody
/// has its secret, so taking it away hurts nobody. All of this must hold, and any doubt means that the user is asked:
///
/// - the server says that Lanyard made it, for the very state (or folder) that we work for, and that its creator never claimed it:
///   that happens before the secret goes anywhere. So it never applies to servers that keep no such marks, nor to what any state
///   holds. Whoever made it and is still about to claim it finds it gone, and says so instead of storing a dead secret;
/// - it has never been used, and its secret was never replaced;
/// - it is exactly as this configuration would create it;
/// - no resource of this run holds it;
/// - an account, which has no secret to be used, has no tokens either.
async fn is_leftover<O: Object>(server: &dyn TokenServer, desired: &O, record: &O::Record) -> bool {
    let untouched = record.last_used_at().is_none() && record.generation().unwrap_or(1) == 1;
    let unclaimed = record.origin().is_some() && record.origin() == server.session().unclaimed();
    let ours = record.managed_by() == Some(MANAGED_BY)
        && unclaimed
        && !server.session().holds(O::KIND, record.id());
    if !(untouched && ours && as_desired(server, desired, record)) {
        return false;
    }
    match O::KIND {
        Kind::AccessToken => true,
        Kind::ServiceAccount => {
            let tokens = Filter {
                service_account: Some(record.id().to_owned()),
                ..Filter::default()
            };
            list_all::<AccessToken>(server, &tokens)
                .await
                .is_ok_and(|tokens| tokens.is_empty())
        }
    }
}

/// True if the object is as the configuration would create it; what the configuration leaves to the server may be anything.
fn as_desired<O: Object>(server: &dyn TokenServer, desired: &O, record: &O::Record) -> bool {
    let state = state_of::<O>(server.capabilities(), None, record, server.now());
    let state = named(&state, Some(desired.name())).write();
    O::decode(&state).is_ok_and(|made| desired.could_have_made(&made))
}

/// Takes over an existing object: its settings become ours, and it gets a new secret, unless the server tells us the old one.
async fn adopt<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    config: &Value,
    record: &O::Record,
) -> Result<Issued<O>, Box<Lost<O>>> {
    let objects = O::of(server);
    let failed = |error: &ServerError| about(error, O::KIND, desired.name(), "Adopting");
    let cannot = |why: String| {
        let taken = taken(server, desired, &existing(record));
        Err(Lost::nothing(taken.hint(why)))
    };
    let id = record.id();
    let state = state_of::<O>(server.capabilities(), None, record, server.now());
    let over = state.status.is_some_and(Status::is_dead);
    let state = named(&state, Some(desired.name())).write();
    let current = O::decode(&state).map_err(Lost::nothing)?;
    let capabilities = desired.capabilities(server.capabilities());
    if let Some(instead) = capabilities.no_secret_of_adopted() {
        return cannot(format!(
            "It cannot be adopted: no new secret can be issued for it. {instead}"
        ));
    }
    let fixed = cannot_become::<O>(server, &state, config);
    if !fixed.is_empty() {
        return cannot(format!(
            "It cannot be adopted as it is configured: {} cannot change {} of what exists. Configure what it has, or `replace` it.",
            server.capabilities().title,
            fixed.join(", "),
        ));
    }
    let shows_secret = capabilities.recovery == Recovery::ReadSecret;
    // What was deleted as far as its server deletes. One whose creation failed before it was disabled is to be so, and lets nobody in.
    if shows_secret
        && Outline::of(config).disabled.value() != Some(&true)
        && server.session().made.is_replaced(O::KIND, id)
        && let Ok(old) = State::read(O::KIND, &state)
        && let Some(stays) = replaces_what_stays(server.capabilities(), &old)
    {
        return Err(Lost::nothing(stays.hint(
            "It is disabled now, and in no state. To have it back as it is, with the same secret: apply again.",
        )));
    }
    if shows_secret && over {
        return cannot(
            "It cannot be adopted: its secret has ended, and adopting does not replace it on this server.".to_owned(),
        );
    }
    let mut wanted = desired.filled_from(&current);
    // Where no rotation follows, nothing else gives it the end that it is to have.
    if let Ok(found) = State::read(O::KIND, &state)
        && keeps_secret(server.capabilities(), &found)
    {
        let planned = as_adopted(server.capabilities(), &found, config, server.now())
            .map_err(Lost::nothing)?;
        if let Some(Open::Known(end)) = planned.map(|planned| planned.expires_at.clone()) {
            wanted = wanted.ending(end.as_ref().map(Written::value));
        }
    }
    let mut adopted = objects
        .adopt(id, &current, &wanted)
        .await
        .map_err(|error| Lost::unless(error.is_refusal(), failed(&error)))?;
    server.session().wrote(O::KIND, id);
    // A server that shows the secret again has just done so: whoever uses it is not disturbed.
    let secret = if shows_secret {
        adopted.take_secret()
    } else {
        None
    };
    if !capabilities.issues_secret || secret.is_some() {
        return Ok(Issued::alone(adopted, secret));
    }
    let grace_period = desired.rotation().and_then(|it| it.grace_period);
    let request = RotateRequest::of(record, current, desired.clone(), grace_period);
    // It is ours by now: whoever configures it waits for its secret, whatever became of this attempt.
    recover::rotate(server, id, &request, &anything)
        .await
        .map_err(|not_rotated| failed(&not_rotated.error).into())
}

/// What is configured otherwise than it is, and can only be given to a new object.
fn cannot_become<O: Object>(
    server: &dyn TokenServer,
    state: &Value,
    config: &Value,
) -> Vec<String> {
    let plan = plan_resource(O::KIND, Some(server.capabilities()), state, config);
    let paths = plan.requires_replace.iter().map(ToString::to_string);
    // Its secret is another matter.
    paths
        .filter(|path| !matches!(path.as_str(), "token" | "encrypted_token"))
        .map(|path| format!("`{path}`"))
        .collect()
}
