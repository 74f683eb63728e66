//! What is planned as new, with where that was, and with what it takes the place of.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
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
}

impl PlannedNew {
    /// `old`: what is kept beside the object whose place it takes; empty if there is none.
    pub fn on(server: Option<&dyn TokenServer>, old: &[u8]) -> Self {
        Self {
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
