//! Creating: the answer's id and secret go into the state first; whatever happens then can no longer lose them.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::model::server::DeleteCapability;
use lanyard_compiler::model::state::Planned;
use lanyard_compiler::plan;
use lanyard_compiler::value::Value;

use super::conflict::{self, Attempt};
use super::deadline::never_comes;
use super::held::{goes_beyond, more_power, not_looked_at};
use super::naming::about;
use super::outcome::Outcome;
use super::read::one;
use super::recover::{self, Found, Lost, Start};
use super::revoke::{end, not_revoked, retire};
use super::{encrypt, taken};
use crate::error::{ErrorKind, ServerError};
use crate::object::{Issued, Object, Unfinished};
use crate::record::Record as _;
use crate::session::{Credential, Named};
use crate::shown::Shown;
use crate::token_server::TokenServer;

/// Creates the planned object.
pub(super) async fn create<O: Object>(
    server: &dyn TokenServer,
    planned: &State<Planned>,
    config: &Value,
) -> Outcome {
    let desired = match O::decode(&planned.write().filled_from(config)) {
        Ok(desired) => desired,
        Err(unreadable) => return Outcome::failed(None, unreadable),
    };
    let recipient = match desired.recipient().map(encrypt::recipient).transpose() {
        Ok(recipient) => recipient,
        Err(error) => return Outcome::failed(None, error),
    };
    let mut diagnostics = Vec::new();
    let obtained = obtain_whole(server, &desired, config, &mut diagnostics).await;
    let Obtained { issued, taken_over } = match obtained {
        Ok(obtained) => obtained,
        Err(lost) => {
            let Lost {
                record,
                error,
                refused,
            } = *lost;
            diagnostics.push(error);
            return Outcome {
                state: without_secret::<O>(server, planned, record.as_ref()),
                diagnostics,
                refused,
                ..Outcome::default()
            };
        }
    };
    let Issued {
        mut record,
        secret,
        retired,
    } = issued;
    let id = record.id().to_owned();
    server.session().hold(O::KIND, &id);
    server.session().wrote(O::KIND, &id);

    let mut fatal = None;
    // What was not claimed may be taken by whoever finds it: then nobody here may rely on it.
    match claim::<O>(server, &record).await {
        Ok(None) => {}
        Ok(Some(claimed)) => record = claimed,
        Err(error) => {
            fatal = Some(not_claimed(about(
                &error,
                O::KIND,
                desired.name(),
                "Claiming the new",
            )));
        }
    }
    // What is there, where a later step failed: it may have been done, or what came before it was not what it seemed.
    let mut left = None;
    match O::of(server).finish(&record, &desired).await {
        Ok(None) => {}
        Ok(Some(finished)) => record = finished,
        Err(Unfinished { error, restricting }) if restricting => {
            fatal = Some(about(
                &error,
                O::KIND,
                desired.name(),
                "Restricting the new",
            ));
        }
        Err(Unfinished {
            error:
                ServerError {
                    kind: ErrorKind::Conflict(existing),
                    ..
                },
            ..
        }) if !taken_over => {
            // The secret of the answer never works, and what has the name is not ours.
            diagnostics.push(taken::taken(server, &desired, &existing));
            return Outcome {
                diagnostics,
                ..Outcome::default()
            };
        }
        Err(Unfinished { error, .. }) => {
            let found = one::<O>(server, &id).await;
            diagnostics.push(harmless::<O>(&error, desired.name(), found.as_ref().err()));
            left = Some(found.ok().flatten().map(|record| O::observe(&record)));
        }
    }
    let mut observed = O::observe(&record);
    let mut shown = None;
    if let Some(secret) = secret {
        let recovery = desired.capabilities(server.capabilities()).recovery;
        shown = recipient
            .as_ref()
            .and_then(|_| Shown::of(&secret, &record, recovery));
        let stored = encrypt::store(secret, recipient.as_ref(), &mut observed);
        fatal = stored.err().or(fatal);
    }
    // The secrets that something adopted had before, where they are objects of their own.
    for retired in &retired {
        let grace = desired.rotation().and_then(|it| it.grace_period);
        if let Err(error) = retire::<O>(server, &mut observed, retired, grace).await {
            diagnostics.push(not_revoked::<O>(&error, desired.name(), &retired.id));
        }
    }
    let is_finished = left.is_none();
    let answered = left.as_ref().map_or(Some(&observed), Option::as_ref);
    let differs = answered
        .filter(|_| fatal.is_none())
        .and_then(|answered| plan::not_taken(server.capabilities(), None, planned, answered));
    if let Some(answered) = answered.filter(|_| fatal.is_none()) {
        diagnostics.extend(not_looked_at(server.capabilities(), planned, answered));
    }
    let mut came_true = None;
    if let Some(differs) = differs {
        // What was there before had its power before.
        let beyond = match taken_over {
            true => Vec::new(),
            false => more_power(O::KIND, &differs),
        };
        if !beyond.is_empty() {
            let told = differs.told.into_iter().next();
            fatal = told.map(|told| must_not_stay(goes_beyond(told, &beyond)));
            came_true = Some(differs.came_true);
        } else if is_finished {
            let told = differs.told.into_iter();
            diagnostics.extend(told.map(|told| match taken_over && told.is_error() {
                true => told.hint(NOT_MADE_ANEW),
                false => told,
            }));
            came_true = Some(differs.came_true);
        }
    }
    let state = plan::conclude(
        Some(server.capabilities()),
        None,
        came_true.as_ref().unwrap_or(planned),
        observed,
        server.now(),
    );
    match fatal {
        None => {
            diagnostics.extend(never_comes(server, config, &state));
            let named = Named::of(server.capabilities(), &desired);
            let made = &server.session().made;
            let credential = Credential::of(server.capabilities(), &state);
            made.created(named, &id, credential, taken_over);
            Outcome {
                evidence: None,
                state: Some(state),
                diagnostics,
                shown,
                refused: false,
            }
        }
        Some(error) => undo::<O>(server, &id, state, error, diagnostics).await,
    }
}

/// The state of what exists and whose secret nobody has: with the error that comes with it, the next apply makes it anew.
fn without_secret<O: Object>(
    server: &dyn TokenServer,
    planned: &State<Planned>,
    record: Option<&O::Record>,
) -> Option<State> {
    let record = record?;
    server.session().hold(O::KIND, record.id());
    server.session().wrote(O::KIND, record.id());
    let observed = O::observe(record);
    let capabilities = Some(server.capabilities());
    Some(plan::conclude(
        capabilities,
        None,
        planned,
        observed,
        server.now(),
    ))
}

/// Says on the server that its creator knows of it.
async fn claim<O: Object>(
    server: &dyn TokenServer,
    record: &O::Record,
) -> Result<Option<O::Record>, ServerError> {
    match (record.origin(), server.session().unclaimed()) {
        (Some(mark), Some(unclaimed)) if mark == unclaimed => {
            O::of(server).claim(record.id()).await
        }
        _ => Ok(None),
    }
}

fn not_claimed(error: Diagnostic) -> Diagnostic {
    error.hint(
        "It must not stay so, since another run for the same state may take it for a leftover. Apply again.",
    )
}

/// Terraform marks as tainted what comes with an error, and plans its replacement.
const NOT_MADE_ANEW: &str = "With Terraform, `terraform untaint` its address first: a replacement would end what was taken over, which somebody else made.";

fn must_not_stay(mut told: Diagnostic) -> Diagnostic {
    told.hints = vec![
        "If it comes out so again, this server cannot do what is asked, or something on the way takes it out of the request: configure what it has."
            .to_owned(),
    ];
    told
}

/// Revokes at once what has more power than it should, or whose secret cannot be stored, and says what became of it.
async fn undo<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    state: State,
    why: Diagnostic,
    mut diagnostics: Vec<Diagnostic>,
) -> Outcome {
    let able = state.capabilities(server.capabilities()).delete;
    match end::<O>(server, id).await {
        Ok(()) => {
            let became = match able {
                DeleteCapability::Deletes | DeleteCapability::DeletesAlone => {
                    "was deleted again at once: nothing of it is left"
                }
                DeleteCapability::Disables { .. } => "was disabled at once, and stays so",
                DeleteCapability::Leaves { .. } => "stays as it is",
            };
            diagnostics.push(why.hint(format!("{id} {became}.")));
            Outcome {
                state: None,
                diagnostics,
                // Its secret ended with it: nobody waits for it.
                refused: matches!(
                    able,
                    DeleteCapability::Deletes | DeleteCapability::DeletesAlone
                ),
                ..Outcome::default()
            }
        }
        Err(error) => {
            diagnostics.push(why);
            let way = match able {
                DeleteCapability::Deletes | DeleteCapability::DeletesAlone => {
                    "Apply again: it is in the state, marked for replacement. Or delete it on the server now."
                }
                // Terraform marks it as tainted, and plans nothing but its replacement.
                DeleteCapability::Disables { .. } | DeleteCapability::Leaves { .. } => {
                    "Nothing replaces it: with Terraform, `terraform untaint` its address. Then apply again, which goes on from what it is."
                }
            };
            diagnostics.push(
                Diagnostic::error(Code::NotUndone, "What was created could not be undone")
                    .detail(format!(
                        "{id} should not exist as it is, and could not be deleted: {error}."
                    ))
                    .hint(way),
            );
            Outcome {
                state: Some(state),
                diagnostics,
                ..Outcome::default()
            }
        }
    }
}

/// A later step that failed without harm, as far as is known: `unseen` is why nobody could look at what is there.
fn harmless<O: Object>(
    error: &ServerError,
    name: &str,
    unseen: Option<&ServerError>,
) -> Diagnostic {
    let unseen = unseen.map_or_else(String::new, |unseen| {
        format!(" Whether it can do more than was asked for is not known: {unseen}.")
    });
    Diagnostic::warning(Code::StepFailed, "A later step of a creation failed")
        .detail(format!(
            "{} {name:?} exists and its secret is stored; then: {error}.{unseen}",
            O::KIND.title()
        ))
        .hint("The next plan shows what is still different.")
}

/// How a creation came to its object.
struct Obtained<O: Object> {
    issued: Issued<O>,
    /// Something had the name. It may have been what another state holds, under the same id.
    taken_over: bool,
}

impl<O: Object> Obtained<O> {
    fn new(issued: Issued<O>) -> Self {
        Self {
            issued,
            taken_over: false,
        }
    }

    fn taken_over(issued: Issued<O>) -> Self {
        Self {
            issued,
            taken_over: true,
        }
    }
}

/// Like [`obtain`], with the secret that is due.
async fn obtain_whole<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    config: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Obtained<O>, Box<Lost<O>>> {
    let Obtained { issued, taken_over } = obtain(server, desired, config, diagnostics).await?;
    let issued = recover::with_secret(server, desired, issued, taken_over).await?;
    Ok(Obtained { issued, taken_over })
}

/// Creates, or gets hold of what has the name if that is allowed or ours.
async fn obtain<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    config: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Obtained<O>, Box<Lost<O>>> {
    let objects = O::of(server);
    conflict::one_of_a_kind(server, desired).map_err(Lost::nothing)?;
    let looked_before = !objects.dates_creation();
    if looked_before
        && let Some(existing) = conflict::find(server, desired, None)
            .await
            .map_err(|error| about(&error, O::KIND, desired.name(), "Creating"))
            .map_err(Lost::nothing)?
    {
        let resolved =
            conflict::resolve(server, desired, config, existing, None, diagnostics).await;
        return resolved.map(Obtained::taken_over);
    }
    let mut start = Start::now();
    let mut error = match objects.create(desired).await {
        Ok(issued) => return Ok(Obtained::new(issued)),
        Err(error) => error,
    };
    let uncertain = error.is_ambiguous();
    let mut repeats = 0;
    while error.is_ambiguous() {
        start.waited(&error);
        tracing::debug!("the outcome of a creation is not known; looking for it: {error}");
        match recover::look(server, desired, &start, looked_before).await {
            Ok(Found::Ours(record)) => {
                let regained = recover::regain(server, desired, record).await;
                return regained.map(Obtained::new);
            }
            Ok(Found::Anothers(record)) => {
                let resolved =
                    conflict::resolve(server, desired, config, record, None, diagnostics).await;
                return resolved.map(Obtained::taken_over).map_err(|mut lost| {
                    // Of this attempt, nobody knows.
                    lost.refused = false;
                    lost
                });
            }
            Ok(Found::Uncertain(record)) => {
                let taken = taken::taken(server, desired, &taken::existing(&record));
                return Err(taken::perhaps_ours(taken, &error).into());
            }
            Ok(Found::Nothing) if repeats < recover::REPEATS => {}
            Ok(Found::Nothing) | Err(_) => break,
        }
        recover::pause(repeats).await;
        repeats += 1;
        // A list may lag behind: if the name turns out to be taken after all, the creation itself says so.
        error = match objects.create(desired).await {
            Ok(issued) => return Ok(Obtained::new(issued)),
            Err(error) => error,
        };
    }
    match &error.kind {
        ErrorKind::Conflict(existing) => {
            // Where the name was free a moment ago, the server itself may have made it twice. Nothing there tells that from what somebody
            // else made in between, who has its secret: it is told, and not taken over.
            let is_doubtful = uncertain || looked_before;
            let was_free = looked_before && !uncertain;
            let found = conflict::find_taken(server, desired, existing.id.as_deref())
                .await
                .map_err(|error| about(&error, O::KIND, desired.name(), "Creating"))
                .map_err(|told| Lost::unless(!is_doubtful, told))?;
            let Some(record) = found else {
                let taken = taken::taken(server, desired, existing);
                let taken = if was_free {
                    taken::moments_ago(taken)
                } else {
                    taken
                };
                return Err(Lost::unless(!is_doubtful, taken));
            };
            let attempt = uncertain.then_some(Attempt {
                start: &start,
                absent_before: looked_before,
            });
            let may_be_ours = uncertain && !recover::is_anothers::<O>(server, &record, &start);
            let resolved =
                conflict::resolve(server, desired, config, record, attempt, diagnostics).await;
            resolved.map(Obtained::taken_over).map_err(|mut lost| {
                // Of an earlier attempt, nobody knows.
                lost.refused &= !is_doubtful;
                if lost.error.code == Code::NameTaken {
                    lost.error = match (may_be_ours, was_free) {
                        (true, _) => taken::perhaps_ours(lost.error, &error),
                        (false, true) => taken::moments_ago(lost.error),
                        (false, false) => lost.error,
                    };
                }
                lost
            })
        }
        _ => {
            let told = about(&error, O::KIND, desired.name(), "Creating");
            Err(Lost::unless(!uncertain && error.is_refusal(), told))
        }
    }
}
