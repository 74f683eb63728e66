//! What is said where a server has another address than before.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::{Kind, State};

use crate::token_server::TokenServer;

pub(super) fn planned_elsewhere(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
    Diagnostic::error(Code::AnotherServer, "The plan was made for another server")
        .detail(format!(
            "The {} {name:?} was planned for at another address than {}. Nothing was changed.",
            kind.title(),
            server.address()
        ))
        .hint(
            "Apply with the address that the plan was made with, or plan again, with a refresh: that says what is true of it there.",
        )
}

pub(super) fn not_here(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code::AnotherServer,
        "What is not here may be at another server",
    )
    .detail(format!(
        "The {} {name:?} was last found in order at another address than {}, which does not have it. So nobody knows whether it is gone, and it stays \
         in the state.",
        kind.title(),
        server.address()
    ))
    .hint("If this is another server: go back to the address of before. What is there works on.")
    .hint(
        "If it is gone, or is to be made anew here: `terraform state rm` its address lets go of it, and the next apply makes it.",
    )
}

pub(super) fn in_doubt(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code::AnotherServer,
        "What has the name here may be another server's",
    )
    .detail(format!(
        "The {} {name:?} was last found in order at another address than {}, and nothing shows that it is the same one there. It is \
         neither deleted nor replaced.",
        kind.title(),
        server.address()
    ))
    .hint("If this is another server: go back to the address of before, or let go of it with `terraform state rm`.")
    .hint("If the same server has another address now: apply without this change first, with a refresh, which notes the address or issues a new secret. \
           Where nobody here has the secret, a new value in `rotation.triggers` issues one.")
}

/// It may live on where it was last found.
pub(super) fn has_another_secret(state: &State, name: &str, address: &str) -> Diagnostic {
    let (title, id) = (
        state.kind().title(),
        state.id.as_deref().unwrap_or_default(),
    );
    Diagnostic::warning(
        Code::SecretOfAnotherServer,
        "What has the name at this address has another secret",
    )
    .detail(format!(
        "The {title} {name:?} ({id}) was last found in order at another address than {address}. What has its name there has another \
         secret than the state. If it is another server, the secret of the state works on at the first one, and in no state once this is applied."
    ))
    .hint("If it is another server: go back to the address of before.")
    .hint("If the same server has another address now, somebody replaced the secret: the next apply issues one.")
}

/// Only its recipient can try it.
pub(super) fn not_tried(state: &State, name: &str, address: &str) -> Diagnostic {
    let (title, id) = (
        state.kind().title(),
        state.id.as_deref().unwrap_or_default(),
    );
    Diagnostic::warning(
        Code::SecretNotTried,
        "Nobody knows whether a secret is that of this server",
    )
    .detail(format!(
        "The {title} {name:?} ({id}) was last found at another address than {address}, which tells no more of it than its name. Its secret \
         is encrypted for its recipient, so that it was not tried."
    ))
    .hint("If it is another server: change a value in `rotation.triggers`, and the next apply issues a secret there.")
    .hint("If the same server has another address now, the secret goes on working. It is neither deleted nor replaced from here until a secret was \
           issued at this address.")
}
