//! Secrets that were issued and that the answer does not have: taken from the object where the server shows them, and asked for again.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::secret::Secret;

use super::read::one;
use super::recover::{Lost, regain};
use crate::object::{Issued, Object};
use crate::record::Record as _;
use crate::token_server::TokenServer;

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
