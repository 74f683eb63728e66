//! Which server a state is of: a hash of the address is kept beside it, and one of the organization where the credential alone says that.
//! What was planned at another address is not done, and what another address does not have is not known to be gone. Where a server tells nothing of its objects but names, another one has the same: where a
//! refresh finds one at another address, the secret is tried there.

mod told;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::server::ResourceCapabilities;
use lanyard_compiler::model::{Kind, State};
use sha2::{Digest as _, Sha256};

use super::evidence::Evidence;
use super::naming::{about, name_or_id};
use super::same_object::another_object;
use crate::record::Record;
use crate::token_server::TokenServer;

/// Enough to tell two addresses apart: it stands beside every state, which is written anew after each change.
const HASH_BYTES: usize = 6;

/// Between the address of a site and the organization.
const OF: char = '.';

/// Behind a site where nothing shows that what was found is what the state holds: each read tries it again.
const IN_DOUBT: char = '!';

impl Evidence {
    /// True if what was last read was found at another address than before, and nothing shows that it is what the state holds.
    pub fn is_in_doubt(&self) -> bool {
        self.site().is_some_and(|site| site.ends_with(IN_DOUBT))
    }
}

/// Asks which organization this is, where only the credential says that: once, by whoever goes to the server first.
pub(super) async fn locate(server: &dyn TokenServer) {
    let told = &server.session().organization;
    let asked = told.get_or_try_init(|| async {
        let told = server.organization().await;
        told.map(str::to_owned).ok_or(())
    });
    // Nobody says it, or not yet.
    let _ = asked.await;
}

/// This server, as far as it is located.
pub(super) fn site(server: &dyn TokenServer) -> String {
    let hashed = |text: &str| URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..HASH_BYTES]);
    let mut site = hashed(&server.address());
    if let Some(organization) = server.session().organization.get() {
        site.push(OF);
        site.push_str(&hashed(organization));
    }
    site
}

/// What is not what it was where something was last found in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Elsewhere {
    Address,
    /// The organization that the credential is of, at the same address.
    Organization,
}

impl Elsewhere {
    fn between(before: &str, here: &str) -> Option<Self> {
        let [(address, organization), (address_here, organization_here)] =
            [before, here].map(|site| match site.split_once(OF) {
                Some((address, organization)) => (address, Some(organization)),
                None => (site, None),
            });
        if address != address_here {
            return Some(Self::Address);
        }
        // Where none was noted, it was this one as far as anybody knows; where none is told now, nobody knows that.
        (organization.is_some() && organization != organization_here).then_some(Self::Organization)
    }
}

/// Refuses to plan a deletion or a replacement of what was last found in order at another address: whatever has the name here would end.
pub fn ends_in_doubt(
    server: &dyn TokenServer,
    (kind, can): (Kind, &ResourceCapabilities),
    name: &str,
    evidence: &Evidence,
) -> Option<Diagnostic> {
    let whereabouts = Whereabouts::from(server, evidence.site());
    let is_elsewhere = whereabouts.is_in_order_elsewhere();
    is_elsewhere.then(|| told::in_doubt(whereabouts.place(), kind, name, can))
}

/// The secret of a state that was just read is none that works there.
pub(super) fn revoked(state: &mut State) {
    state.status = Some(Status::Revoked);
    state.rotation_due = Some(true);
}

/// Where something was last found, and the server that it is looked for on.
pub(super) struct Whereabouts<'a> {
    server: &'a dyn TokenServer,
    here: String,
    before: Option<&'a str>,
}

impl<'a> Whereabouts<'a> {
    /// `before`: the site where it was found; `None` if nobody knows.
    pub(super) fn from(server: &'a dyn TokenServer, before: Option<&'a str>) -> Self {
        Self {
            server,
            here: site(server),
            before,
        }
    }

    /// Of the state that the evidence is kept beside.
    pub(super) fn of(server: &'a dyn TokenServer, evidence: Option<&'a Evidence>) -> Self {
        Self::from(server, evidence.and_then(Evidence::site))
    }

    fn elsewhere(&self) -> Option<Elsewhere> {
        Elsewhere::between(self.before?.trim_end_matches(IN_DOUBT), &self.here)
    }

    /// How this one is called, beside the one of before.
    fn place(&self) -> told::Place {
        told::Place {
            address: self.server.address(),
            elsewhere: self.elsewhere().unwrap_or(Elsewhere::Address),
        }
    }

    fn is_in_doubt(&self) -> bool {
        self.before.is_some_and(|before| before.ends_with(IN_DOUBT))
    }

    /// True if it was last found in order at another address.
    fn is_in_order_elsewhere(&self) -> bool {
        self.elsewhere().is_some() || self.is_in_doubt()
    }

    /// The state without what an earlier trial made of its secret, where there was one.
    pub(super) fn unjudged(&self, prior: &State) -> Option<State> {
        (self.is_in_doubt() && prior.status == Some(Status::Revoked)).then(|| {
            let mut prior = prior.clone();
            prior.status = None;
            prior
        })
    }

    /// True if what has the id here is provably not what was last found in order at another address.
    pub(super) fn is_of_another<R: Record>(
        &self,
        prior: &State,
        evidence: Option<&Evidence>,
        record: &R,
    ) -> bool {
        let is_dated_otherwise = || {
            evidence.is_some_and(|evidence| {
                another_object(&evidence.of_credential(self.server, prior), record).is_some()
            })
        };
        // Nothing moves from one organization to another.
        let is_told_another =
            self.elsewhere() == Some(Elsewhere::Organization) && self.here.contains(OF);
        is_told_another || self.is_in_order_elsewhere() && is_dated_otherwise()
    }

    /// Refuses to take for gone what was last found in order at another address.
    pub(super) fn gone(&self, prior: &State) -> Result<(), Diagnostic> {
        if self.is_in_order_elsewhere() {
            return Err(told::not_here(self.place(), prior.kind(), name_of(prior)));
        }
        Ok(())
    }

    /// The site to be kept of a state that was just read, and what is to be told. At another address it is in doubt, unless the server shows
    /// when it was made, or its secret, or lets in who has that. A secret that is refused was replaced, as far as this server goes.
    pub(super) async fn judge<R: Record>(
        self,
        evidence: Option<&Evidence>,
        prior: &State,
        state: &mut State,
        record: &R,
    ) -> Result<(String, Option<Diagnostic>), Diagnostic> {
        if !self.is_in_order_elsewhere() {
            return Ok((self.here, None));
        }
        let name = name_of(state).to_owned();
        let mut told = None;
        let is_proven = match (self.server.names_only(), &state.token) {
            (None, _) => {
                let is_dated =
                    evidence.is_some_and(Evidence::is_dated) && record.created_at().is_some();
                let is_same = !state.secret_was_replaced() && state.token == prior.token;
                is_dated || is_same && !self.is_in_doubt()
            }
            (Some(_), None) => {
                let is_sealed = state.encrypted_token.is_some();
                told = is_sealed.then(|| told::not_tried(self.place(), state, &name));
                let capabilities = state.capabilities(self.server.capabilities());
                !capabilities.issues_secret
            }
            (Some(server), Some(secret)) => match state.status {
                // It lets nobody in, whosever it is.
                Some(Status::Revoked | Status::Expired | Status::Disabled) => false,
                None | Some(Status::Active | Status::Expiring) => {
                    let tried = server.lets_in(secret).await;
                    let is_let_in = tried.map_err(|error| {
                        about(&error, state.kind(), &name, "Trying the secret of")
                    })?;
                    if !is_let_in {
                        revoked(state);
                    }
                    is_let_in
                }
            },
        };
        if is_proven {
            return Ok((self.here, told));
        }
        if state.token.is_some() {
            let can = state.capabilities(self.server.capabilities());
            told = Some(told::has_another_secret(self.place(), state, &name, can));
        }
        Ok((format!("{}{IN_DOUBT}", self.here), told))
    }

    /// Refuses a change that was planned at another address, and the deletion of what is in doubt at this one.
    pub(super) fn planned_here(&self, prior: &State, deletes: bool) -> Result<(), Diagnostic> {
        let (kind, name) = (prior.kind(), name_of(prior));
        self.planned(kind, name)?;
        if deletes && self.is_in_doubt() {
            let can = prior.capabilities(self.server.capabilities());
            return Err(told::in_doubt(self.place(), kind, name, can));
        }
        Ok(())
    }

    /// Refuses what was planned at another address.
    pub(super) fn planned(&self, kind: Kind, name: &str) -> Result<(), Diagnostic> {
        if self.elsewhere().is_some() {
            return Err(told::planned_elsewhere(self.place(), kind, name));
        }
        Ok(())
    }
}

fn name_of(state: &State) -> &str {
    name_or_id(state, state.id.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_organization_is_told_from_another_address() {
        for (before, here, expected) in [
            ("a", "a", None),
            ("a", "b", Some(Elsewhere::Address)),
            ("a.x", "a.x", None),
            ("a.x", "a.y", Some(Elsewhere::Organization)),
            ("a.x", "b.x", Some(Elsewhere::Address)),
            // Nobody asked for it, or nobody answers.
            ("a", "a.x", None),
            ("a.x", "a", Some(Elsewhere::Organization)),
        ] {
            assert_eq!(
                Elsewhere::between(before, here),
                expected,
                "{before} {here}"
            );
        }
    }
}
