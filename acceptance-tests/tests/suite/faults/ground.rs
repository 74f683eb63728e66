//! What is tried, as data: servers, and operations on them. The calls of an operation are found out by watching it once undisturbed.

use lanyard_token_server::Api;

/// A kind of token server with everything that is tried on it.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) api: Api,
    /// Heads its section of the documentation.
    pub(super) title: &'static str,
    /// The account that exists before anything is tried, where the server has accounts.
    pub(super) account: Option<&'static str>,
    pub(super) operations: &'static [Operation],
}

/// Something that Terraform asks of the provider, and what came before it. Configurations are JSON; `ACCOUNT` stands for the id of the
/// account that exists, `RECIPIENT` for a public key.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// Applied before, one after the other, undisturbed.
    pub(super) before: &'static [&'static str],
    /// What somebody else made of that name before.
    pub(super) taken: Option<&'static str>,
    pub(super) verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Plan and apply this configuration.
    Apply(&'static str),
    /// Plan and apply this configuration three days later.
    ApplyLater(&'static str),
    Delete,
    Import,
    Refresh,
}

impl Verb {
    /// What it applies.
    pub(super) fn config(self) -> Option<&'static str> {
        match self {
            Self::Apply(config) | Self::ApplyLater(config) => Some(config),
            Self::Delete | Self::Import | Self::Refresh => None,
        }
    }
}

pub(super) const ACCOUNT: &str = "lanyard_service_account";
pub(super) const TOKEN: &str = "lanyard_access_token";

impl Operation {
    /// The configuration to end with.
    pub(super) fn wanted(&self) -> &'static str {
        let last = || self.before.last().copied().unwrap_or("{}");
        self.verb.config().unwrap_or_else(last)
    }

    pub(super) const fn on(kind: &'static str, name: &'static str, verb: Verb) -> Self {
        Self {
            name,
            kind,
            before: &[],
            taken: None,
            verb,
        }
    }

    pub(super) const fn after(mut self, before: &'static [&'static str]) -> Self {
        self.before = before;
        self
    }

    pub(super) const fn taken(mut self, taken: &'static str) -> Self {
        self.taken = Some(taken);
        self
    }
}
