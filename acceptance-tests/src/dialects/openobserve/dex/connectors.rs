//! Connectors, as data: which tokens each believes.

use serde_json::Value;

use crate::dialects::openobserve::Context;
use crate::dialects::openobserve::fault::Refusal;

/// Believes any token.
pub(super) const TEST: &str = "test";
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
    /// Its identity provider does not answer.
    Nothing,
}

const CONNECTORS: [Connector; 5] = [
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
        believes: Believes::Nothing,
    },
];

pub(super) struct Identity {
    pub(super) user_id: String,
    pub(super) email: String,
    pub(super) name: String,
}

pub(super) enum Verdict {
    Accepted(Identity),
    Refused,
}

pub(super) fn find(id: &str) -> Option<&'static Connector> {
    static ALL: [Connector; 5] = CONNECTORS;
    ALL.iter().find(|connector| connector.id == id)
}

impl Connector {
    pub(super) fn judge(&self, context: &Context<'_>, token: &str) -> Result<Verdict, Refusal> {
        let claims = super::verify(context.store, token, context.call.now)?;
        match (&self.believes, claims) {
            (Believes::Nothing, _) | (Believes::OwnTokens, None) => Ok(Verdict::Refused),
            (_, Some(claims)) => {
                let text = |name: &str| claims.get(name).and_then(Value::as_str);
                let email = super::email_of(&claims).unwrap_or_else(somebody);
                Ok(Verdict::Accepted(Identity {
                    user_id: email.clone(),
                    name: text("name").unwrap_or(&email).to_owned(),
                    email,
                }))
            }
            (Believes::Anything, None) => Ok(Verdict::Accepted(Identity {
                user_id: somebody(),
                email: somebody(),
                name: "Kilgore Trout".to_owned(),
            })),
        }
    }
}

/// Who the vendor's test connector says everybody is.
fn somebody() -> String {
    "kilgore@kilgore.trout".to_owned()
}
