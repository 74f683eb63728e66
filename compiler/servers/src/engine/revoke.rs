//! The end of one object for certain, or not until its grace period is over.

use jiff::SignedDuration;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::record::Former;
use lanyard_compiler::model::{AccessToken, GracePeriod, Kind, ServiceAccount, State};
use lanyard_compiler::plan::rotation::end_of_former;

use super::naming::about;
use crate::absence;
use crate::error::ServerError;
use crate::object::Object;
use crate::token_server::TokenServer;

/// Ends one object for certain, or says why not; already gone is success.
pub(super) async fn end_or_say_why(
    server: &dyn TokenServer,
    kind: Kind,
    id: &str,
) -> Result<(), Diagnostic> {
    let revoked = match kind {
        Kind::ServiceAccount => end::<ServiceAccount>(server, id).await,
        Kind::AccessToken => end::<AccessToken>(server, id).await,
    };
    revoked.map_err(|error| {
        let mut problem = about(&error, kind, id, "Revoking");
        if error.is_ambiguous() {
            let title = kind.title();
            problem.hints = vec![format!(
                "Run the same again: the {title} was revoked if it is gone by then."
            )];
        }
        problem
    })?;
    server.session().made.deleted(kind, id);
    Ok(())
}

/// Deletes one object for certain: it is looked for after an unknown outcome, and where the deletion itself did not find it.
pub(super) async fn end<O: Object>(server: &dyn TokenServer, id: &str) -> Result<(), ServerError> {
    let objects = O::of(server);
    let result = match objects.delete(id).await {
        Err(error) if error.is_gone() => match objects.read(id).await {
            Ok(None) => Ok(()),
            Ok(Some(_)) => {
                let server = server.capabilities().title;
                Err(ServerError {
                    place: error.place,
                    ..absence::contradiction(server, O::KIND, id)
                })
            }
            Err(unread) => Err(unread),
        },
        Err(error) if error.is_ambiguous() => match objects.read(id).await {
            Ok(None) => Ok(()),
            Ok(Some(_)) | Err(_) => Err(error),
        },
        result => result,
    };
    server.session().wrote(O::KIND, id);
    result
}

/// A token of its own that holds the old secret of an object: ended at once, or remembered in what was observed of the object until
/// its grace period is over. One that could not be ended is overdue there: the next apply tries again.
pub(super) async fn retire<O: Object>(
    server: &dyn TokenServer,
    observed: &mut State,
    former: &Former,
    grace: Option<GracePeriod>,
) -> Result<(), ServerError> {
    let id = &former.id;
    if let Some(GracePeriod::Lasts(lifetime)) = grace.filter(|grace| !grace.is_none()) {
        let since = server.clock().ends_from;
        observed.retire(id, end_of_former(lifetime, since, former.expires_at));
        return Ok(());
    }
    let ended = end::<O>(server, id).await;
    if ended.is_err() {
        // A moment that every clock agrees has passed: servers tell the time in whole seconds.
        let overdue = server.now().checked_sub(SignedDuration::from_secs(2));
        observed.retire(id, overdue.ok());
    }
    ended
}

/// A token that a rotation retired and that still lives.
pub(super) fn not_revoked<O: Object>(error: &ServerError, name: &str, id: &str) -> Diagnostic {
    Diagnostic::error(
        Code::RetiredNotRevoked,
        "A retired token could not be revoked",
    )
    .detail(format!(
        "{id}, which a rotation of {} {name:?} retired, may still be accepted: {error}.",
        O::KIND.title()
    ))
    .hint("Apply again: it stays in `retired` until the server confirms that it is gone.")
}
