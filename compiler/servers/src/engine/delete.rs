//! The end of an object and of every secret it still has. What is already gone was what was wanted.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::plan::rotation;
use lanyard_compiler::value::Value;

use super::apply::Applied;
use super::{about, id_of};
use crate::error::ServerError;
use crate::object::Object;
use crate::token_server::TokenServer;

/// Deletes the object of a state and its retired tokens; names each that could not be deleted, and then keeps the state, so that
/// the next destroy tries again.
pub(super) async fn delete<O: Object>(server: &dyn TokenServer, prior: &Value) -> Applied {
    let id = match id_of(O::KIND, prior) {
        Ok(id) => id,
        Err(error) => return Applied::failed(prior.clone(), error),
    };
    let name = prior.get("name").as_str().unwrap_or(id);
    let mut state = prior.clone();
    let mut diagnostics = Vec::new();
    // The current secret first: if only one can be ended, it is the one with a future.
    if let Err(error) = revoke::<O>(server, id).await {
        diagnostics.push(about(&error, O::KIND, name, "Deleting"));
    }
    let retired: Vec<&str> = rotation::entries(prior)
        .filter_map(|entry| entry.get("id").as_str())
        .filter(|retired| *retired != id)
        .collect();
    for retired in retired {
        match revoke::<O>(server, retired).await {
            Ok(()) => state = rotation::forget(state, retired),
            Err(error) => diagnostics.push(not_revoked::<O>(&error, name, retired)),
        }
    }
    if diagnostics.is_empty() {
        state = Value::Null;
    }
    Applied { state, diagnostics }
}

/// Deletes one object for certain: after an unknown outcome it is looked for.
pub(super) async fn revoke<O: Object>(
    server: &dyn TokenServer,
    id: &str,
) -> Result<(), ServerError> {
    let objects = O::of(server);
    let result = match objects.delete(id).await {
        Err(error) if error.is_gone() => Ok(()),
        Err(error) if error.is_ambiguous() => match objects.read(id).await {
            Ok(None) => Ok(()),
            Ok(Some(_)) | Err(_) => Err(error),
        },
        result => result,
    };
    server.session().wrote(O::KIND, id);
    result
}

/// A token that a rotation retired and that still lives.
pub(super) fn not_revoked<O: Object>(error: &ServerError, name: &str, id: &str) -> Diagnostic {
    Diagnostic::error(
        "retired-not-revoked",
        "A retired token could not be revoked",
    )
    .detail(format!(
        "{id}, which a rotation of {} {name:?} retired, may still be accepted: {error}.",
        O::KIND.title()
    ))
    .hint("Apply again: it stays in `retired` until the server confirms that it is gone.")
}
