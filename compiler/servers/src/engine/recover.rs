//! After a write whose outcome is not known: look, and make good what was left half done. Never repeat blindly.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::delivery::ASTRAY;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::{Recovery, RotationCapability};

use super::naming::about;
use super::read::{list_all, one};
use super::revoke::end;
use super::untold::{completed, is_complete, not_told};
use crate::error::{ErrorKind, ServerError, Wait};
use crate::object::{Issued, Judge, Object, RotateRequest, Seen, anything};
use crate::record::Record;
use crate::token_server::TokenServer;

/// Servers keep whole seconds, and ours and theirs do not tick together.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// When an attempt to create began, and when nothing of it was on its way, to tell its result from what others made before and meanwhile.
pub(super) struct Start {
    at: Instant,
    waits: Vec<Wait>,
}

impl Start {
    pub(super) fn now() -> Self {
        Self {
            at: Instant::now(),
            waits: Vec::new(),
        }
    }

    /// Learns when it was put off.
    pub(super) fn waited(&mut self, error: &ServerError) {
        self.waits.extend(&error.waits);
    }

    /// True if it was made before, by a clock that says `now`, and by how much it would have to be wrong.
    fn is_before(&self, created: Timestamp, now: Timestamp, tolerance: SignedDuration) -> bool {
        let start = at(self.at, now).checked_sub(tolerance);
        created < start.unwrap_or(Timestamp::MIN)
    }

    /// True if it was made while nothing of the attempt was on its way, by a clock that says `now`.
    fn is_meanwhile(&self, created: Timestamp, now: Timestamp) -> bool {
        self.waits.iter().any(|wait| {
            let begins = at(wait.begun, now).checked_add(CLOCK_TOLERANCE);
            let ends = at(wait.ended, now).checked_sub(CLOCK_TOLERANCE);
            begins.is_ok_and(|begins| begins < created) && ends.is_ok_and(|ends| created < ends)
        })
    }

    /// True if what was made then can be of the attempt. Where the server's clock and this machine's disagree, what keeps the objects may
    /// go by either: it is new by one of them, and not from its future, as what is older than the attempt is by a clock that is behind.
    fn can_have_made(&self, server: &dyn TokenServer, created: Timestamp) -> bool {
        server.clock().readings().any(|now| {
            let latest = now.checked_add(CLOCK_TOLERANCE).unwrap_or(Timestamp::MAX);
            !self.is_before(created, now, CLOCK_TOLERANCE) && created <= latest
        })
    }

    /// True if something was made before, or while nothing of the attempt was on its way, by any clock.
    fn is_apart_from<R: Record>(&self, server: &dyn TokenServer, record: &R) -> bool {
        let clock = server.clock();
        record.created_at().is_some_and(|created| {
            self.is_before(created, clock.at_earliest, ASTRAY)
                || clock.readings().all(|now| self.is_meanwhile(created, now))
        })
    }
}

/// What time it was at a moment, by a clock that says `now`.
fn at(moment: Instant, now: Timestamp) -> Timestamp {
    let elapsed = SignedDuration::try_from(moment.elapsed()).unwrap_or(SignedDuration::MAX);
    now.checked_sub(elapsed).unwrap_or(Timestamp::MIN)
}

/// What a look for a lost creation found.
pub(super) enum Found<R> {
    /// Nothing has the name: creating again is safe.
    Nothing,
    /// Ours: made since the start, and never used.
    Ours(R),
    /// Something has the name that is surely not of the attempt.
    Anothers(R),
    /// Something has the name, and whose it is cannot be told.
    Uncertain(R),
}

/// Looks for what an attempt since `start` may have created. `absent_before`: the name was looked for, and free, before.
pub(super) async fn look<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    start: &Start,
    absent_before: bool,
) -> Result<Found<O::Record>, ServerError> {
    let found = list_all::<O>(server, &desired.namesakes()).await?;
    let Some(listed) = found.into_iter().find(|record| desired.is_meant(record)) else {
        return Ok(Found::Nothing);
    };
    // A list may lag behind; the object itself says whether it is still there.
    let Some(record) = one::<O>(server, listed.id()).await? else {
        return Ok(Found::Nothing);
    };
    Ok(if is_ours::<O>(server, &record, start, absent_before) {
        Found::Ours(record)
    } else if is_anothers::<O>(server, &record, start) {
        Found::Anothers(record)
    } else {
        Found::Uncertain(record)
    })
}

/// True if the attempt since `start` made it: it is new, and nothing says that somebody else did.
pub(super) fn is_ours<O: Object>(
    server: &dyn TokenServer,
    record: &O::Record,
    start: &Start,
    absent_before: bool,
) -> bool {
    let made_since = record.created_at().map_or(absent_before, |created| {
        start.can_have_made(server, created)
    });
    // What was put off is not done, unless a gateway on the way did not know better: nothing tells that from what somebody else made then.
    made_since && start.waits.is_empty() && !is_marked_anothers::<O>(server, record)
}

/// True if it is certain that the attempt since `start` did not make it.
pub(super) fn is_anothers<O: Object>(
    server: &dyn TokenServer,
    record: &O::Record,
    start: &Start,
) -> bool {
    start.is_apart_from(server, record) || is_marked_anothers::<O>(server, record)
}

/// True if somebody has used it, another resource of this run holds it, or it says that it comes from elsewhere.
fn is_marked_anothers<O: Object>(server: &dyn TokenServer, record: &O::Record) -> bool {
    // Where marks are kept, what this attempt made is unclaimed: it has had no answer.
    let from_elsewhere =
        record.origin().is_some() && record.origin() != server.session().unclaimed();
    from_elsewhere
        || record.last_used_at().is_some()
        || server.session().holds(O::KIND, record.id())
}

/// An object that we made and whose secret could not be had.
pub(super) struct Lost<O: Object> {
    /// What is on the server: it belongs into the state, or nobody knows of it. `None` if there is nothing, or if that is not known.
    pub(super) record: Option<O::Record>,
    pub(super) error: Diagnostic,
    /// It is certain that nothing was made, and nothing taken over.
    pub(super) refused: bool,
}

impl<O: Object> Lost<O> {
    /// Nothing was asked for yet.
    pub(super) fn nothing(error: Diagnostic) -> Box<Self> {
        Self::unless(true, error)
    }

    /// Whatever was asked for may have been made, unless it was `refused`.
    pub(super) fn unless(refused: bool, error: Diagnostic) -> Box<Self> {
        Box::new(Self {
            record: None,
            error,
            refused,
        })
    }
}

impl<O: Object> From<Diagnostic> for Box<Lost<O>> {
    fn from(error: Diagnostic) -> Self {
        Lost::unless(false, error)
    }
}

/// What was made, with its secret: where an answer has none, it is as if the answer had been lost. What was `taken_over` is not made anew
/// for that.
pub(super) async fn with_secret<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    issued: Issued<O>,
    taken_over: bool,
) -> Result<Issued<O>, Box<Lost<O>>> {
    let mut issued = completed(server, desired, issued, None).await;
    if is_complete(server, desired, &issued) {
        return Ok(issued);
    }
    if !taken_over {
        issued = regain(server, desired, issued.record).await?;
        issued = completed(server, desired, issued, None).await;
        if is_complete(server, desired, &issued) {
            return Ok(issued);
        }
    }
    let told = not_told(O::KIND, desired.name(), issued.record.id(), "created").hint(
        "Apply again: it is made anew, or taken over anew, then. If it stays so, see whether something between here and the server takes the secret out of its answers.",
    );
    Err(Box::new(Lost {
        record: (!taken_over).then_some(issued.record),
        error: told,
        refused: false,
    }))
}

/// Gets the secret of an object that we made and whose answer was lost, the way its server allows. More answers may be lost on the
/// way: what is known to be ours is asked for as often as anything else.
pub(super) async fn regain<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    mut record: O::Record,
) -> Result<Issued<O>, Box<Lost<O>>> {
    let capabilities = desired.capabilities(server.capabilities());
    if !capabilities.issues_secret {
        return Ok(Issued::alone(record, None));
    }
    match capabilities.recovery {
        Recovery::ReadSecret => {
            if let Some(secret) = record.take_secret() {
                return Ok(Issued::alone(record, Some(secret)));
            }
        }
        Recovery::Reissue => {
            let request = RotateRequest {
                current: desired.clone(),
                desired: desired.clone(),
                grace_period: None,
                generation: 1,
                seen: Seen::default(),
            };
            return rotate(server, record.id(), &request, &anything)
                .await
                .map_err(|failed| lost(desired, Some(record), &failed.error));
        }
        // The plan has promised generation 1, which a server that counts would not give to a second secret of the same object.
        Recovery::ClientMinted | Recovery::DeleteAndCreate => {}
    }
    make_anew(server, desired, record).await
}

/// Deletes what is ours, and creates it again.
async fn make_anew<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    record: O::Record,
) -> Result<Issued<O>, Box<Lost<O>>> {
    let mut there = Some(record);
    let (mut repeats, mut begun) = (0, None);
    loop {
        let attempt = again(server, desired, &mut there, &mut begun).await;
        let Failed { error, is_final } = match attempt {
            Ok(issued) => return Ok(issued),
            Err(failed) => failed,
        };
        if is_final || repeats >= REPEATS {
            return Err(lost(desired, there, &error));
        }
        pause(repeats).await;
        repeats += 1;
    }
}

/// An attempt that failed.
struct Failed {
    error: ServerError,
    /// There is no knowing that another one would hurt nobody.
    is_final: bool,
}

impl From<ServerError> for Failed {
    fn from(error: ServerError) -> Self {
        Self {
            is_final: !error.is_ambiguous(),
            error,
        }
    }
}

/// One attempt; `there` is what is known to be left of the ones before, and `begun` when the first of them began.
async fn again<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    there: &mut Option<O::Record>,
    begun: &mut Option<Start>,
) -> Result<Issued<O>, Failed> {
    if let Some(record) = &there {
        end::<O>(server, record.id()).await?;
        *there = None;
    }
    let is_first = begun.is_none();
    let start = begun.get_or_insert_with(Start::now);
    let error = match O::of(server).create(desired).await {
        Ok(issued) => return Ok(issued),
        Err(error) if error.is_ambiguous() => {
            start.waited(&error);
            error
        }
        // What an attempt before this one made, lists may show late.
        Err(error) if !is_first && matches!(error.kind, ErrorKind::Conflict(_)) => error,
        Err(error) => return Err(error.into()),
    };
    let is_final = match look(server, desired, start, true).await {
        Ok(Found::Ours(record)) => {
            *there = Some(record);
            false
        }
        Ok(Found::Nothing) => false,
        // The name was free for a moment, and may be somebody else's by now.
        Ok(Found::Anothers(_) | Found::Uncertain(_)) | Err(_) => true,
    };
    Err(Failed { error, is_final })
}

fn lost<O: Object>(desired: &O, record: Option<O::Record>, error: &ServerError) -> Box<Lost<O>> {
    let hint = match &record {
        Some(record) => format!(
            "An interrupted creation left {} behind, and nobody has its secret. Apply again: it is made anew then.",
            record.id()
        ),
        None => "Apply again. If the name turns out to be taken, and by nothing that is in use, it is what this attempt left behind."
            .to_owned(),
    };
    Box::new(Lost {
        error: about(error, O::KIND, desired.name(), "Creating").hint(hint),
        record,
        refused: false,
    })
}

/// No new secret, or none that is known.
pub(super) struct NotRotated {
    pub(super) error: ServerError,
    /// It is certain that none was issued.
    pub(super) refused: bool,
}

impl From<ServerError> for NotRotated {
    fn from(error: ServerError) -> Self {
        Self {
            error,
            refused: false,
        }
    }
}

/// Issues a new secret; after an unknown outcome, finds out whether there is one already. None is in what comes of it if the server told
/// it nowhere.
pub(super) async fn rotate<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    request: &RotateRequest<O>,
    judge: Judge<'_, O::Record>,
) -> Result<Issued<O>, NotRotated> {
    let capabilities = request.desired.capabilities(server.capabilities());
    if let (RotationCapability::Impossible { .. }, Recovery::ReadSecret) =
        (capabilities.rotation, capabilities.recovery)
    {
        return Ok(shown(server, id, judge).await?);
    }
    let issued = match O::of(server).rotate(id, request, judge).await {
        Ok(issued) => issued,
        Err(error) if error.is_ambiguous() => look_again(server, id, request, judge, error).await?,
        Err(error) => {
            return Err(NotRotated {
                refused: error.is_refusal(),
                error,
            });
        }
    };
    let before = request.seen.secret.as_ref();
    Ok(completed(server, &request.desired, issued, before).await)
}

/// After a rotation of unknown outcome, which ended with this error.
async fn look_again<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    request: &RotateRequest<O>,
    judge: Judge<'_, O::Record>,
    mut error: ServerError,
) -> Result<Issued<O>, ServerError> {
    let objects = O::of(server);
    let capabilities = request.desired.capabilities(server.capabilities());
    match capabilities.recovery {
        // The client has repeated it as often as makes sense, with the same secret: if it was done, the next read shows it.
        Recovery::ClientMinted => Err(error),
        Recovery::ReadSecret => {
            let Some(mut record) = one::<O>(server, id).await? else {
                return Err(error);
            };
            match (record.issued_at(), record.take_secret()) {
                (now, Some(secret)) if now.is_some() && now != request.seen.issued_at => {
                    Ok(Issued::alone(record, Some(secret)))
                }
                (now, _) if now.is_some() && now == request.seen.issued_at => {
                    objects.rotate(id, request, judge).await
                }
                _ => Err(error),
            }
        }
        // Whatever the lost answer held, another new secret replaces it.
        Recovery::Reissue | Recovery::DeleteAndCreate => {
            let request = RotateRequest {
                seen: Seen::default(),
                ..request.clone()
            };
            // Where each secret is an object of its own, the name of the next one is taken by what the lost attempt made, which lists show
            // late.
            let may_be_late = |error: &ServerError| {
                error.kind == ErrorKind::Overtaken
                    && capabilities.rotation == RotationCapability::TwoSlots
            };
            for repeats in 0..REPEATS {
                pause(repeats).await;
                error = match objects.rotate(id, &request, &anything).await {
                    Err(error) if error.is_ambiguous() || may_be_late(&error) => error,
                    result => return result,
                };
            }
            Err(error)
        }
    }
}

/// The secret that the server shows again: none can take its place.
async fn shown<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    judge: Judge<'_, O::Record>,
) -> Result<Issued<O>, ServerError> {
    let gone = || {
        let detail = format!("there is no {} {id:?}", O::KIND.title());
        ServerError::new(ErrorKind::Gone, server.capabilities().title, detail)
    };
    let mut record = one::<O>(server, id).await?.ok_or_else(gone)?;
    judge(&record)?;
    let secret = record.take_secret();
    Ok(Issued::alone(record, secret))
}

/// How often a write is asked for again, each time after a look that found it not done.
pub(super) const REPEATS: u32 = 4;

/// The first repetition comes at once. A server that fails again needs time to find its feet.
pub(super) async fn pause(repeats: u32) {
    tokio::time::sleep(Duration::from_millis(500) * repeats).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A creation that was put off for half a minute: what is made then is another's.
    #[test]
    fn what_is_made_while_nothing_was_on_its_way_is_not_of_the_attempt() {
        let moment = Instant::now();
        let ago = |seconds: u64| moment.checked_sub(Duration::from_secs(seconds)).unwrap();
        let start = Start {
            at: ago(40),
            waits: vec![Wait {
                begun: ago(38),
                ended: ago(5),
            }],
        };
        let now = Timestamp::now();
        for (seconds, expected) in [(39, false), (37, false), (30, true), (10, true), (4, false)] {
            let created = now - SignedDuration::from_secs(seconds);
            assert_eq!(start.is_meanwhile(created, now), expected, "{seconds}");
        }
    }
}
