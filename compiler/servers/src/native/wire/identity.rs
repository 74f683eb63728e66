//! Who we are and what the server is, in the API's words.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::power::RestrictionWire;
use crate::lenient::{null_is_default, said};
use crate::record::{IdentityToken, Reference, ServerDescription};

/// `GET /v1/whoami`.
#[derive(Debug, Deserialize)]
pub(in crate::native) struct Identity {
    kind: String,
    id: String,
    name: String,
    #[serde(deserialize_with = "said")]
    service_account: Option<ReferenceWire>,
    #[serde(deserialize_with = "said")]
    access_token: Option<IdentityTokenWire>,
    #[serde(deserialize_with = "null_is_default")]
    roles: BTreeSet<String>,
    #[serde(deserialize_with = "null_is_default")]
    scopes: BTreeSet<String>,
    #[serde(deserialize_with = "said")]
    restriction: Option<RestrictionWire>,
}

#[derive(Debug, Deserialize)]
struct ReferenceWire {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct IdentityTokenWire {
    id: String,
    name: String,
    #[serde(deserialize_with = "said")]
    expires_at: Option<Timestamp>,
    generation: Option<i64>,
}

impl From<Identity> for crate::record::Identity {
    fn from(identity: Identity) -> Self {
        let Identity {
            kind,
            id,
            name,
            service_account,
            access_token,
            roles,
            scopes,
            restriction,
        } = identity;
        Self {
            kind,
            id,
            name,
            service_account: service_account
                .map(|ReferenceWire { id, name }| Reference { id, name }),
            access_token: access_token.map(
                |IdentityTokenWire {
                     id,
                     name,
                     expires_at,
                     generation,
                 }| IdentityToken {
                    id,
                    name,
                    expires_at,
                    generation,
                },
            ),
            roles: roles.into_iter().collect(),
            scopes: scopes.into_iter().collect(),
            restriction: restriction.map(Into::into),
        }
    }
}

/// `GET /v1/capabilities`.
#[derive(Debug, Deserialize)]
pub(in crate::native) struct Offered {
    api: String,
    version: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    features: BTreeSet<String>,
    #[serde(deserialize_with = "null_is_default")]
    roles: BTreeSet<String>,
}

impl Offered {
    pub(in crate::native) fn describe(self, url: String) -> ServerDescription {
        let Self {
            api,
            version,
            features,
            roles,
        } = self;
        ServerDescription {
            api,
            url,
            version,
            features: features.into_iter().collect(),
            roles: roles.into_iter().collect(),
        }
    }
}
