//! The state that a plan was made of, as far as it says which access token has which id (actions name tokens by that alone), which secrets
//! there are, and who signs in.

use std::collections::HashMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::document::Mode;
use super::signs_in::Identity;
use crate::model::data::DataKind;
use crate::model::kind::Kind;
use crate::secret::Secret;

#[derive(Deserialize)]
pub(super) struct PriorState {
    values: Option<Values>,
}

#[derive(Deserialize)]
struct Values {
    root_module: Option<Module>,
}

#[derive(Deserialize)]
struct Module {
    #[serde(default)]
    resources: Known,
    #[serde(default)]
    child_modules: Vec<Self>,
}

/// What it tells.
#[derive(Default)]
pub(super) struct Known {
    /// Of all access tokens, by their ids.
    pub(super) addresses: HashMap<String, String>,
    /// Of all that is ours.
    pub(super) secrets: Vec<Secret>,
    pub(super) identities: Vec<Identity>,
}

#[derive(Deserialize)]
struct Resource {
    address: String,
    mode: Mode,
    #[serde(rename = "type")]
    kind: String,
    /// Those of others concern nobody here.
    values: Option<Own>,
}

#[derive(Deserialize)]
struct Own {
    #[serde(default)]
    id: Json,
    #[serde(default)]
    token: Json,
    #[serde(default)]
    previous_token: Json,
    #[serde(default)]
    access_token: Json,
    #[serde(default)]
    service_account: Json,
}

impl PriorState {
    pub(super) fn read(self) -> Known {
        let mut found = Known::default();
        let root = self.values.and_then(|values| values.root_module);
        let mut modules: Vec<Module> = root.into_iter().collect();
        while let Some(module) = modules.pop() {
            let Known {
                addresses,
                secrets,
                identities,
            } = module.resources;
            found.addresses.extend(addresses);
            found.secrets.extend(secrets);
            found.identities.extend(identities);
            modules.extend(module.child_modules);
        }
        found
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Resources)
    }
}

/// Keeps of each entry what counts before the next one is read: a state is large.
struct Resources;

impl<'de> Visitor<'de> for Resources {
    type Value = Known;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of resources")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<Known, S::Error> {
        let mut known = Known::default();
        while let Some(resource) = entries.next_element::<Resource>()? {
            let Resource {
                address,
                mode,
                kind,
                values,
            } = resource;
            let is_identity = mode == Mode::Data && kind == DataKind::Identity.type_name();
            let kind = Kind::from_type_name(&kind).filter(|_| mode == Mode::Managed);
            let Some(values) = values else {
                continue;
            };
            let Own {
                id,
                token,
                previous_token,
                access_token,
                service_account,
            } = values;
            if is_identity {
                let text = |json: Json| json.as_str().map(str::to_owned);
                known.identities.push(Identity {
                    address,
                    access_token: text(access_token),
                    service_account: text(service_account),
                });
                continue;
            }
            let Some(kind) = kind else {
                continue;
            };
            for secret in [token, previous_token] {
                if let Json::String(secret) = secret {
                    known.secrets.push(Secret::new(secret));
                }
            }
            if let (Kind::AccessToken, Json::String(id)) = (kind, id) {
                known.addresses.insert(id, address);
            }
        }
        Ok(known)
    }
}
