//! Carries out what the compiler decided, and reads what exists. The provider and the command line both call these functions and
//! hold no lifecycle logic of their own.
//!
//! The promises, and where they are kept: an answer with a secret goes into the state before anything else can fail (`create`,
//! `update`); a write of unknown outcome is looked for, never blindly repeated (`recover`); a taken name is the user's choice
//! (`conflict`); writes finish even if nobody waits for them any more (`detached`).

mod apply;
mod conflict;
mod create;
mod deadline;
mod delete;
mod detached;
mod encrypt;
mod evidence;
mod import;
mod pages;
mod probe;
mod read;
mod recover;
mod taken;
mod update;

#[cfg(test)]
mod tests;

pub use crate::session::Use;
pub use apply::{Applied, apply, apply_held, replace};
pub use detached::{in_flight, write_only_while};
pub use encrypt::Seal;
pub use evidence::{Evidence, plans, plans_to_delete, plans_to_replace, was_read};
pub use import::{import, secret_is_missing};
pub use pages::Pages;
pub use probe::probe;
pub use read::{Current, ends_early, list_all, read, read_all, state_of};
#[cfg(test)]
pub(crate) use update::later;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, State};

use crate::error::ServerError;
use crate::record::{Identity, ServerDescription};
use crate::token_server::TokenServer;

/// Has long waits for a server told to a person, too: the log has them in any case.
pub fn tell_waits(listener: impl Fn(&str) + Send + Sync + 'static) {
    crate::http::tell_waits(listener);
}

/// Who the credential is that we authenticate with.
pub async fn identity(server: &dyn TokenServer) -> Result<Identity, Diagnostic> {
    server.identity().await.map_err(|error| error.diagnostic())
}

/// What the server says of itself.
pub async fn describe(server: &dyn TokenServer) -> Result<ServerDescription, Diagnostic> {
    server.describe().await.map_err(|error| error.diagnostic())
}

/// Ends one object for certain, or says why not; already gone is success.
pub async fn revoke(server: &dyn TokenServer, kind: Kind, id: &str) -> Result<(), Diagnostic> {
    let revoked = match kind {
        Kind::ServiceAccount => delete::revoke::<ServiceAccount>(server, id).await,
        Kind::AccessToken => delete::revoke::<AccessToken>(server, id).await,
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
    })
}

/// A state's `id`.
fn id_of(state: &State) -> Result<&str, Diagnostic> {
    state
        .id
        .as_deref()
        .filter(|id| !id.is_empty())
        .ok_or_else(|| {
            Diagnostic::error(Code::StateWithoutId, "The state holds no id")
                .detail(format!(
                    "The state of this {} does not say which object on the server it is.",
                    state.kind().title()
                ))
                .hint("Remove it from the state and import it again by its id.")
        })
}

/// The error with the object it speaks of: `access token "ci"`.
fn about(error: &ServerError, kind: Kind, name: &str, doing: &str) -> Diagnostic {
    let mut diagnostic = error.diagnostic();
    diagnostic.detail = format!(
        "{doing} {} {name:?}: {}.",
        kind.title(),
        diagnostic.detail.trim_end_matches('.')
    );
    diagnostic
}
