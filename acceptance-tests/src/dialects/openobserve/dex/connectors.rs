//! Connectors, as data: which tokens each believes.

use serde_json::Value;

use crate::dialects::openobserve::Context;
use crate::dialects::openobserve::fault::Refusal;

/// Believes any token.
pub(super) const TEST: &str = "test";
/// Its identity provider was never reached since Dex started: Dex has no such connector yet.
const NEVER_UP: &str = "never-up";
/// Only for OpenObserve itself.
pub(super) const RESTRICTED: &str = "restricted";

pub(super) struct Connector {
    pub(super) id: &'static str,
    /// Whether it may be used for token exchange.
    pub(super) grants: bool,
    believes: Believes,
}

enum Believes {
    Anything,
    /// What was signed with this server's own key.
    OwnTokens,
    /// Its identity provider does not answer now: what its keys, which Dex remembers, prove is believed.
    WithoutAsking,
    Nothing,
}

const CONNECTORS: [Connector; 6] = [
    Connector {
        id: TEST,
        grants: true,
        believes: Believes::Anything,
    },
    Connector {
        id: "oidc",
        grants: true,
        believes: Believes::OwnTokens,
    },
    Connector {
        id: RESTRICTED,
        grants: true,
        believes: Believes::Anything,
    },
    Connector {
        id: "password",
        grants: false,
        believes: Believes::Nothing,
    },
    Connector {
        id: "down",
        grants: true,
        believes: Believes::WithoutAsking,
    },
    Connector {
        id: NEVER_UP,
        grants: true,
        believes: Believes::Nothing,
    },
];

pub(super) struct Identity {
    pub(super) user_id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) preferred_username: Option<String>,
    pub(super) groups: Vec<&'static str>,
}

pub(super) enum Verdict {
    Accepted(Identity),
    Refused,
}

pub(super) fn find(id: &str) -> Option<&'static Connector> {
    static ALL: [Connector; 6] = CONNECTORS;
    ALL.iter()
        .find(|connector| connector.id == id && id != NEVER_UP)
}

impl Connector {
    pub(super) fn judge(
        &self,
        context: &Context<'_>,
        token: &str,
        is_access_token: bool,
    ) -> Result<Verdict, Refusal> {
        let claims = super::verify(context.store, token, context.call.now)?;
        Ok(match (&self.believes, claims) {
            (Believes::Anything, _) => Verdict::Accepted(somebody()),
            (Believes::WithoutAsking, _) if is_access_token => Verdict::Refused,
            (Believes::OwnTokens | Believes::WithoutAsking, Some(claims)) => identity(&claims),
            (Believes::Nothing | Believes::OwnTokens | Believes::WithoutAsking, _) => {
                Verdict::Refused
            }
        })
    }
}

/// Who the claims speak of: without a name and an address, nobody.
fn identity(claims: &Value) -> Verdict {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(user_id), Some(name), Some(email)) = (text("sub"), text("name"), text("email"))
    else {
        return Verdict::Refused;
    };
    Verdict::Accepted(Identity {
        user_id,
        email,
        name,
        preferred_username: text("preferred_username"),
        groups: Vec::new(),
    })
}

/// Who the vendor's test connector says everybody is.
fn somebody() -> Identity {
    Identity {
        user_id: "0-385-28089-0".to_owned(),
        email: "kilgore@kilgore.trout".to_owned(),
        name: "Kilgore Trout".to_owned(),
        preferred_username: None,
        groups: vec!["authors"],
    }
}
