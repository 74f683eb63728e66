//! The credential that each kind of server has to tell stories of, as Terraform's users write it.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::{Api, ResourceCapabilities, capabilities};

/// A server and what to make on it.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) api: Api,
    /// What the credential needs.
    pub(super) before: &'static str,
    /// The credential that most stories speak of.
    pub(super) credential: Credential,
    /// One that has a name on the server, where the other has none.
    pub(super) named: Option<Credential>,
    /// What others change in place; `None` where nothing can be.
    pub(super) change: Option<Changed>,
}

/// A resource that carries a secret; it is called `ci`.
#[derive(Debug)]
pub(super) struct Credential {
    pub(super) kind: Kind,
    /// Of the service account in `before`, as far as the server has such.
    pub(super) of_account: bool,
    /// Lines of its configuration, beside the name.
    pub(super) attributes: &'static str,
}

/// An attribute as it is configured, and what somebody else makes of it.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) kind: Kind,
    pub(super) address: &'static str,
    pub(super) attribute: &'static str,
    pub(super) theirs: Theirs,
}

#[derive(Debug)]
pub(super) enum Theirs {
    Text(&'static str),
    Flag(bool),
    Texts(&'static [&'static str]),
}

impl Ground {
    pub(super) fn named(&self) -> &Credential {
        self.named.as_ref().unwrap_or(&self.credential)
    }

    /// Everything, with more lines in the credential.
    pub(super) fn configuration(&self, credential: &Credential, more: &str) -> String {
        let Credential {
            kind,
            of_account,
            attributes,
        } = credential;
        let account = if *of_account {
            "service_account = lanyard_service_account.owner.id"
        } else {
            ""
        };
        format!(
            "{}\nresource \"{}\" \"ci\" {{\n  name = \"ci\"\n  {account}\n  {attributes}\n  {more}\n}}\n",
            self.before,
            kind.type_name(),
        )
    }

    /// What the server can do with it.
    pub(super) fn can(&self, credential: &Credential) -> &'static ResourceCapabilities {
        let server = capabilities(self.api);
        match credential.kind {
            Kind::ServiceAccount => &server.service_account,
            Kind::AccessToken if credential.of_account => &server.access_token,
            Kind::AccessToken => server
                .access_token_without_account
                .as_ref()
                .unwrap_or(&server.access_token),
        }
    }
}

impl Credential {
    pub(super) fn address(&self) -> String {
        format!("{}.ci", self.kind.type_name())
    }

    /// What it is called in tables.
    pub(super) fn sort(&self) -> &'static str {
        match self.kind {
            Kind::ServiceAccount => "service account",
            Kind::AccessToken if self.of_account => "access token",
            Kind::AccessToken => "access token without account",
        }
    }
}

const TOKEN_OF_ACCOUNT: Credential = Credential {
    kind: Kind::AccessToken,
    of_account: true,
    attributes: "",
};
const TOKEN_ALONE: Credential = Credential {
    kind: Kind::AccessToken,
    of_account: false,
    attributes: "",
};
const OWNER: &str = "lanyard_service_account.owner";

pub(crate) const NATIVE: Ground = Ground {
    api: Api::Native,
    before: r#"
        resource "lanyard_service_account" "owner" {
          name  = "owner"
          roles = ["viewer"]
        }
    "#,
    credential: TOKEN_OF_ACCOUNT,
    named: None,
    change: Some(Changed {
        kind: Kind::ServiceAccount,
        address: OWNER,
        attribute: "roles",
        theirs: Theirs::Texts(&["admin", "viewer"]),
    }),
};

pub(crate) const CHRONOSPHERE: Ground = Ground {
    api: Api::Chronosphere,
    before: "",
    credential: Credential {
        kind: Kind::ServiceAccount,
        of_account: false,
        attributes: "unrestricted = true",
    },
    named: None,
    change: None,
};

pub(crate) const ELASTICSEARCH: Ground = Ground {
    api: Api::Elasticsearch,
    before: r#"
        resource "lanyard_service_account" "owner" {
          name  = "shop/owner"
          roles = ["viewer"]
        }
    "#,
    credential: TOKEN_OF_ACCOUNT,
    named: None,
    change: Some(Changed {
        kind: Kind::ServiceAccount,
        address: OWNER,
        attribute: "disabled",
        theirs: Theirs::Flag(true),
    }),
};

pub(crate) const OPENOBSERVE: Ground = Ground {
    api: Api::Openobserve,
    before: r#"
        resource "lanyard_service_account" "owner" {
          name        = "owner"
          description = "ours"
        }
    "#,
    credential: TOKEN_OF_ACCOUNT,
    // The account's secret has no name; one for ingestion has.
    named: Some(TOKEN_ALONE),
    change: Some(Changed {
        kind: Kind::ServiceAccount,
        address: OWNER,
        attribute: "description",
        theirs: Theirs::Text("theirs"),
    }),
};

pub(crate) const OSMO: Ground = Ground {
    api: Api::Osmo,
    before: r#"
        resource "lanyard_service_account" "owner" {
          name  = "owner"
          roles = ["osmo-user"]
        }
    "#,
    credential: TOKEN_OF_ACCOUNT,
    named: None,
    change: Some(Changed {
        kind: Kind::ServiceAccount,
        address: OWNER,
        attribute: "roles",
        theirs: Theirs::Texts(&["osmo-admin", "osmo-user"]),
    }),
};

pub(crate) const SPLUNK: Ground = Ground {
    api: Api::Splunk,
    before: "",
    credential: Credential {
        attributes: "scopes = [\"ingest\"]\n  description = \"ours\"",
        ..TOKEN_ALONE
    },
    named: None,
    change: Some(Changed {
        kind: Kind::AccessToken,
        address: "lanyard_access_token.ci",
        attribute: "description",
        theirs: Theirs::Text("theirs"),
    }),
};
