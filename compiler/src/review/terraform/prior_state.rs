//! The state that a plan was made of, as far as it says which access token has which id: actions name tokens by that alone.

use std::collections::HashMap;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::document::Mode;
use crate::model::kind::Kind;

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

/// The addresses of access tokens, by their ids.
#[derive(Default)]
struct Tokens(HashMap<String, String>);

#[derive(Deserialize)]
struct Resource {
    address: String,
    mode: Mode,
    #[serde(rename = "type")]
    kind: String,
    /// Those of others concern nobody here.
    values: Option<Id>,
}

#[derive(Deserialize)]
struct Id {
    #[serde(default)]
    id: Json,
}

impl PriorState {
    /// The addresses of all access tokens, by their ids.
    pub(super) fn tokens(self) -> HashMap<String, String> {
        let mut found = HashMap::new();
        let root = self.values.and_then(|values| values.root_module);
        let mut modules: Vec<Module> = root.into_iter().collect();
        while let Some(module) = modules.pop() {
            found.extend(module.resources.0);
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
            let is_ours =
                mode == Mode::Managed && Kind::from_type_name(&kind) == Some(Kind::AccessToken);
            if let (
                true,
                Some(Id {
                    id: Json::String(id),
                }),
            ) = (is_ours, values)
            {
                tokens.0.insert(id, address);
            }
        }
        Ok(tokens)
    }
}
