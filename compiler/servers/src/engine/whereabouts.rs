//! Which server a state is of: a hash of the address is kept beside it. What was planned at another address is not done, and what another
//! address does not have is not known to be gone. Where a server tells nothing of its objects but names, another one has the same: where a
//! refresh finds one at another address, the secret is tried there.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::{Kind, State};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::evidence::Evidence;
use super::naming::{about, name_or_id};
use super::same_object::another_object;
use crate::record::Record;
use crate::token_server::TokenServer;

/// Enough to tell two addresses apart: it stands beside every state, which is written anew after each change.
const HASH_BYTES: usize = 6;

/// Behind a site where nothing shows that what was found is what the state holds: each read tries it again.
const IN_DOUBT: char = '!';

/// This server.
pub(super) fn site(server: &dyn TokenServer) -> String {
    let hash = Sha256::digest(server.address());
    URL_SAFE_NO_PAD.encode(&hash[..HASH_BYTES])
}

/// The state without what an earlier trial made of its secret, where there was one.
pub(super) fn unjudged(prior: &State, evidence: Option<&Evidence>) -> Option<State> {
    let in_doubt = evidence?.site()?.ends_with(IN_DOUBT);
    (in_doubt && prior.status == Some(Status::Revoked)).then(|| {
        let mut prior = prior.clone();
        prior.status = None;
        prior
    })
}

/// True if what has the id here is provably not what was last found in order at another address.
pub(super) fn is_elsewhere<R: Record>(
    server: &dyn TokenServer,
    prior: &State,
    evidence: Option<&Evidence>,
    record: &R,
) -> bool {
    evidence.is_some_and(|evidence| {
        let at_another = evidence
            .site()
            .is_some_and(|before| is_in_order_elsewhere(server, before));
        at_another && another_object(&evidence.of_credential(server, prior), record).is_some()
    })
}

/// Refuses to take for gone what was last found in order at another address.
pub(super) fn gone_here(
    server: &dyn TokenServer,
    prior: &State,
    evidence: Option<&Evidence>,
) -> Result<(), Diagnostic> {
    match evidence.and_then(Evidence::site) {
        Some(before) if is_in_order_elsewhere(server, before) => {
            let name = name_or_id(prior, prior.id.as_deref().unwrap_or_default());
            Err(not_here(server, prior.kind(), name))
        }
        _ => Ok(()),
    }
}

/// The site to be kept of a state that was just read, and what is to be told. At another address it is in doubt, unless the server shows when
/// it was made, or its secret, or lets in who has that. A secret that is refused was replaced, as far as this server goes.
pub(super) async fn judge<R: Record>(
    server: &dyn TokenServer,
    evidence: Option<&Evidence>,
    prior: &State,
    state: &mut State,
    record: &R,
) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    let (here, before) = (site(server), evidence.and_then(Evidence::site));
    if before.is_none_or(|before| before == here) {
        return Ok((here, None));
    }
    let name = name_or_id(state, state.id.as_deref().unwrap_or_default()).to_owned();
    let name = name.as_str();
    let mut told = None;
    let is_proven = match (server.names_only(), &state.token) {
        (None, _) => {
            let is_dated =
                evidence.is_some_and(Evidence::is_dated) && record.created_at().is_some();
            let was_in_doubt = before.is_some_and(|before| before.ends_with(IN_DOUBT));
            let is_same = !state.secret_was_replaced() && state.token == prior.token;
            is_dated || is_same && !was_in_doubt
        }
        (Some(_), None) => {
            let is_sealed = state.encrypted_token.is_some();
            told = is_sealed.then(|| not_tried(state, name, &server.address()));
            let issues_secret = state.capabilities(server.capabilities()).issues_secret;
            !issues_secret
        }
        (Some(server), Some(secret)) => match state.status {
            // It lets nobody in, whosever it is.
            Some(Status::Revoked | Status::Expired | Status::Disabled) => false,
            None | Some(Status::Active | Status::Expiring) => {
                let tried = server.lets_in(secret).await;
                let is_let_in = tried
                    .map_err(|error| about(&error, state.kind(), name, "Trying the secret of"))?;
                if !is_let_in {
                    revoked(state);
                }
                is_let_in
            }
        },
    };
    if is_proven {
        return Ok((here, told));
    }
    let told = told.or_else(|| {
        let knows = state.token.is_some();
        knows.then(|| has_another_secret(state, name, &server.address()))
    });
    Ok((format!("{here}{IN_DOUBT}"), told))
}

/// The secret of a state that was just read is none that works there.
pub(super) fn revoked(state: &mut State) {
    state.status = Some(Status::Revoked);
    state.rotation_due = Some(true);
}

/// Refuses a change that was planned at another address, and the deletion of what is in doubt at this one.
pub(super) fn planned_here(
    server: &dyn TokenServer,
    prior: &State,
    evidence: Option<&Evidence>,
    deletes: bool,
) -> Result<(), Diagnostic> {
    let name = name_or_id(prior, prior.id.as_deref().unwrap_or_default());
    let before = evidence.and_then(Evidence::site);
    planned_at(before, server, prior.kind(), name)?;
    match before {
        Some(before) if deletes && before.ends_with(IN_DOUBT) => {
            Err(in_doubt(server, prior.kind(), name))
        }
        _ => Ok(()),
    }
}

/// Refuses what was planned at another site.
fn planned_at(
    before: Option<&str>,
    server: &dyn TokenServer,
    kind: Kind,
    name: &str,
) -> Result<(), Diagnostic> {
    match before {
        Some(before) if is_at_another(server, before) => Err(planned_elsewhere(server, kind, name)),
        _ => Ok(()),
    }
}

/// Refuses to plan a deletion or a replacement of what was last found in order at another address: whatever has the name here would end.
pub fn ends_in_doubt(
    server: &dyn TokenServer,
    kind: Kind,
    name: &str,
    evidence: &Evidence,
) -> Option<Diagnostic> {
    let before = evidence.site()?;
    is_in_order_elsewhere(server, before).then(|| in_doubt(server, kind, name))
}

/// What Terraform keeps beside what is planned as new until it is made, also where it takes the place of something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct PlannedNew {
    new: bool,
    /// Where it was planned; `None` while nobody knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    /// What is kept beside the object whose place it takes, which stays where that cannot be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<serde_json::Value>,
}

impl PlannedNew {
    /// `old`: what is kept beside the object whose place it takes; empty if there is none.
    pub fn on(server: Option<&dyn TokenServer>, old: &[u8]) -> Self {
        Self {
            new: true,
            site: server.map(site),
            old: serde_json::from_slice(old).ok(),
        }
    }

    /// What is kept beside the old object, as bytes.
    pub fn old(&self) -> Option<Vec<u8>> {
        self.old
            .as_ref()
            .and_then(|old| serde_json::to_vec(old).ok())
    }

    /// `None` if what is kept is of something that exists.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Refuses to end at another address what was planned to be replaced.
    pub fn ends_here(
        &self,
        server: &dyn TokenServer,
        kind: Kind,
        name: &str,
    ) -> Result<(), Diagnostic> {
        planned_at(self.site.as_deref(), server, kind, name)
    }
}

/// True if it was last found in order at another address.
fn is_in_order_elsewhere(server: &dyn TokenServer, before: &str) -> bool {
    is_at_another(server, before) || before.ends_with(IN_DOUBT)
}

fn is_at_another(server: &dyn TokenServer, before: &str) -> bool {
    before.trim_end_matches(IN_DOUBT) != site(server)
}

fn planned_elsewhere(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
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

fn not_here(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
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

fn in_doubt(server: &dyn TokenServer, kind: Kind, name: &str) -> Diagnostic {
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
fn has_another_secret(state: &State, name: &str, address: &str) -> Diagnostic {
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
fn not_tried(state: &State, name: &str, address: &str) -> Diagnostic {
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
