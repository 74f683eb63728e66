//! The state that a plan was made of, as far as it says which access token has which id: actions name tokens by that alone.

use std::collections::HashMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::document::Mode;
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
    resources: Tokens,
    #[serde(default)]
    child_modules: Vec<Self>,
}

/// Of access tokens the addresses, by their ids; of all that is ours the secrets.
#[derive(Default)]
struct Tokens {
    addresses: HashMap<String, String>,
    secrets: Vec<Secret>,
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
}

impl PriorState {
    /// The addresses of all access tokens, by their ids, and the secrets of all that is ours.
    pub(super) fn read(self) -> (HashMap<String, String>, Vec<Secret>) {
        let mut found = (HashMap::new(), Vec::new());
        let root = self.values.and_then(|values| values.root_module);
        let mut modules: Vec<Module> = root.into_iter().collect();
        while let Some(module) = modules.pop() {
            found.0.extend(module.resources.addresses);
            found.1.extend(module.resources.secrets);
            modules.extend(module.child_modules);
        }
        found
    }
}

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Resources)
    }
}

/// Keeps of each entry what counts before the next one is read: a state is large.
struct Resources;

impl<'de> Visitor<'de> for Resources {
    type Value = Tokens;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of resources")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<Tokens, S::Error> {
        let mut tokens = Tokens::default();
        while let Some(resource) = entries.next_element::<Resource>()? {
            let Resource {
                address,
                mode,
                kind,
                values,
            } = resource;
            let kind = Kind::from_type_name(&kind).filter(|_| mode == Mode::Managed);
            let (Some(kind), Some(values)) = (kind, values) else {
                continue;
            };
            let Own {
                id,
                token,
                previous_token,
            } = values;
            for secret in [token, previous_token] {
                if let Json::String(secret) = secret {
                    tokens.secrets.push(Secret::new(secret));
                }
            }
            if let (Kind::AccessToken, Json::String(id)) = (kind, id) {
                tokens.addresses.insert(id, address);
            }
        }
        Ok(tokens)
    }
}
