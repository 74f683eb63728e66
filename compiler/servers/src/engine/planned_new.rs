//! What is planned as new, with where that was, and with what it takes the place of.

use std::collections::BTreeMap;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use lanyard_compiler::value::Value;
use serde::{Deserialize, Serialize};

use super::whereabouts::{self, Whereabouts};
use crate::token_server::TokenServer;

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
    /// By what the server would tell it from others. Earlier versions wrote nothing of it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    named: Option<BTreeMap<String, Named>>,
}

/// What there is of an attribute when a new object is planned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
enum Named {
    Known(Option<String>),
    Later { later: bool },
}

/// What tells an object from others.
const NAMING: [&str; 2] = ["name", "service_account"];

impl PlannedNew {
    /// `old`: what is kept beside the object whose place it takes; empty if there is none.
    pub fn on(server: Option<&dyn TokenServer>, old: &[u8], planned: &Value) -> Self {
        let named = NAMING.map(|attribute| {
            let named = match planned.get(attribute) {
                Value::Unknown => Named::Later { later: true },
                known => Named::Known(known.as_str().map(str::to_owned)),
            };
            (attribute.to_owned(), named)
        });
        Self {
            named: Some(named.into()),
            new: true,
            site: server.map(whereabouts::site),
            old: serde_json::from_slice(old).ok(),
        }
    }

    /// What is kept beside the old object, as bytes.
    pub fn old(&self) -> Option<Vec<u8>> {
        self.old
            .as_ref()
            .and_then(|old| serde_json::to_vec(old).ok())
    }

    /// What was planned, as far as it tells the new object from others; `None` where nothing was written down.
    pub fn named(&self) -> Option<Value> {
        let entries = self.named.as_ref()?.iter().map(|(attribute, named)| {
            let value = match named {
                Named::Known(text) => text.clone().into(),
                Named::Later { .. } => Value::Unknown,
            };
            (attribute.clone(), value)
        });
        Some(Value::map(entries))
    }

    /// `None` if what is kept is of something that exists.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Refuses to end at another address what was planned to be replaced.
    pub async fn ends_here(
        &self,
        server: &dyn TokenServer,
        kind: Kind,
        name: &str,
    ) -> Result<(), Diagnostic> {
        whereabouts::locate(server).await;
        Whereabouts::from(server, self.site.as_deref()).planned(kind, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_known_when_it_was_planned_is_not_known_later() {
        for name in [Value::from("logs"), Value::Null, Value::Unknown] {
            let planned = Value::map([("name", name), ("service_account", Value::Null)]);
            let new = PlannedNew::on(None, b"", &planned);
            let read = PlannedNew::from_bytes(&new.to_bytes()).unwrap();
            assert_eq!(read.named(), Some(planned));
        }
        let before = PlannedNew::from_bytes(br#"{"new":true,"site":"a"}"#).unwrap();
        assert_eq!(before.named(), None);
    }
}
