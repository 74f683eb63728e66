//! Who calls, by the header `X-SF-Token`: a session (the administrator's), or an org token, which may look only at
//! itself and change nothing.

use super::fault::Refusal;
use super::secrets;
use crate::secret;
use crate::serving::call::Call;
use crate::serving::server::Server;
use crate::store::{AccessToken, Store};

pub(super) enum Caller {
    Anonymous,
    Administrator,
    OrgToken(Box<AccessToken>),
}

pub(super) fn authenticate(server: &Server, store: &Store, call: &Call) -> Result<Caller, Refusal> {
    let Some(presented) = call.header("x-sf-token").filter(|token| !token.is_empty()) else {
        return Err(Refusal::unauthenticated());
    };
    if store
        .session_at(&secret::hash(presented), call.now)?
        .is_some()
    {
        return Ok(Caller::Administrator);
    }
    let token = secrets::find_live(store, presented, call.now)?;
    let token = token.ok_or_else(Refusal::unauthenticated)?;
    server.secret_log.add(presented);
    store.touch_access_token(&token.id, call.now)?;
    Ok(Caller::OrgToken(Box::new(token)))
}

impl Caller {
    /// Creating, changing, deleting and rotating need a session token.
    pub(super) fn may_write(&self) -> Result<(), Refusal> {
        match self {
            Self::Administrator => Ok(()),
            Self::Anonymous | Self::OrgToken(_) => Err(Refusal::forbidden()),
        }
    }

    pub(super) fn may_list(&self) -> bool {
        match self {
            Self::Administrator => true,
            Self::OrgToken(own) => own.scopes.contains("API"),
            Self::Anonymous => false,
        }
    }

    /// An org token sees only itself, and only with the scope `API`.
    pub(super) fn may_see(&self, token: &AccessToken) -> Result<bool, Refusal> {
        match self {
            Self::Administrator => Ok(true),
            Self::Anonymous => Err(Refusal::unauthenticated()),
            Self::OrgToken(own) if own.scopes.contains("API") => Ok(own.id == token.id),
            Self::OrgToken(_) => Err(Refusal::unauthenticated()),
        }
    }
}
