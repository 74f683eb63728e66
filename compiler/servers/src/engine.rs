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
mod held;
mod import;
mod look_up;
mod naming;
mod on_demand;
mod outcome;
mod pages;
mod planned_new;
mod probe;
mod read;
mod recover;
mod revoke;
mod same_object;
mod taken;
mod untold;
mod update;
mod whereabouts;

#[cfg(test)]
mod tests;

pub use crate::session::Use;
pub use apply::{Applied, apply, apply_held, is_replaced, replace};
pub use detached::{in_flight, write_only_while};
pub use encrypt::Seal;
pub use evidence::{Evidence, plans, plans_to_delete, plans_to_replace};
pub use import::{import, secret_is_missing};
pub use look_up::look_up;
pub use on_demand::{foresee, revoke, rotate_away, token};
pub use pages::Pages;
pub use planned_new::PlannedNew;
pub use probe::probe;
pub use read::{Current, Found, ends_early, list_all, read, read_all, state_of, trace};
pub use whereabouts::ends_in_doubt;

use lanyard_compiler::diagnostic::Diagnostic;

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
