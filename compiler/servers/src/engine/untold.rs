//! Secrets that were issued and that the answer does not have: taken from the object where the server shows them.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::secret::Secret;

use super::read::one;
use crate::object::{Issued, Object};
use crate::record::Record as _;
use crate::token_server::TokenServer;

/// True unless a secret is due and missing.
pub(super) fn is_complete<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    issued: &Issued<O>,
) -> bool {
    let is_due = desired.capabilities(server.capabilities()).issues_secret;
    !is_due || issued.secret.is_some()
}

/// With the secret of the object itself where the answer has none, or an empty one, and the server shows it. That of `before` is not it.
pub(super) async fn completed<O: Object>(
    server: &dyn TokenServer,
    desired: &O,
    mut issued: Issued<O>,
    before: Option<&Secret>,
) -> Issued<O> {
    issued.secret = issued.secret.filter(|secret| !secret.is_empty());
    if !is_complete(server, desired, &issued)
        && let Ok(Some(mut record)) = one::<O>(server, issued.record.id()).await
    {
        let shown = record.take_secret();
        issued.secret = shown.filter(|secret| !secret.is_empty() && Some(secret) != before);
    }
    issued
}

/// Nobody has the secret that was just issued.
pub(super) fn not_told(kind: Kind, name: &str, id: &str, done: &str) -> Diagnostic {
    Diagnostic::error(Code::SecretNotTold, "The token server issued a secret and did not tell it").detail(format!(
        "The {} {name:?} ({id}) was {done}, and neither the answer nor the object itself shows the new secret: nobody has it.",
        kind.title()
    ))
}
