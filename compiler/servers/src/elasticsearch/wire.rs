//! Elasticsearch's JSON and its conversion. Everything of the model is taken apart without `..`, so that the next attribute stops
//! the build here.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::{
    AccessTokenRecord, Previous, ServiceAccountRecord, Standing,
};
use lanyard_compiler::secret::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json, json};

use crate::lenient::{Entries, said};
use crate::record::{BeyondReach, Identity, IdentityToken, Reference};
use crate::slots;

/// `GET /_capabilities`.
#[derive(Debug, Deserialize)]
pub(super) struct Supported {
    /// `null` where not every node has answered (`server/…/node/capabilities/NodesCapabilitiesResponse.java`, `isSupported`).
    #[serde(deserialize_with = "said")]
    pub(super) supported: Option<bool>,
}

/// `GET /`.
#[derive(Debug, Deserialize)]
pub(super) struct Root {
    pub(super) version: Option<Version>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) number: Option<String>,
}

/// Accounts by principal, as a list has them.
pub(super) type Accounts = Entries<Account>;

/// Likewise, asked for one alone: of none that is there is nothing understood.
pub(super) type OneAccount = BTreeMap<String, Account>;

/// A built-in account has a description of its one role, a user-managed one names of roles.
#[derive(Debug, Deserialize)]
#[serde(try_from = "AccountWire")]
pub(super) struct Account {
    roles: BTreeSet<String>,
    enabled: Option<bool>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct AccountWire {
    /// Older clusters, whose accounts are all built in, leave it out.
    #[serde(rename = "type")]
    kind: Option<String>,
    roles: Option<BTreeSet<String>>,
    enabled: Option<bool>,
    description: Option<String>,
}

impl TryFrom<AccountWire> for Account {
    type Error = &'static str;

    fn try_from(account: AccountWire) -> Result<Self, Self::Error> {
        let AccountWire {
            kind,
            roles,
            enabled,
            description,
        } = account;
        // Both are in every one of the user's: the vendor's test `20_user_managed.yml` wants exactly `type`, `roles` and `enabled`.
        match kind.as_deref() {
            Some("user_managed") if roles.is_none() => return Err("the roles are left out"),
            Some("user_managed") if enabled.is_none() => {
                return Err("whether it is enabled is left out");
            }
            Some("user_managed" | "built_in") | None => {}
            Some(_) => return Err("the type is unknown"),
        }
        Ok(Self {
            roles: roles.unwrap_or_default(),
            enabled,
            description,
        })
    }
}

/// The answer to a PUT of an account.
#[derive(Debug, Deserialize)]
pub(super) struct Created {
    /// False where there was one before.
    pub(super) created: bool,
}

/// The answer to a deletion.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    #[serde(rename = "found")]
    _found: bool,
}

/// `GET …/credential`: tokens of the index by name, and those of files.
#[derive(Debug, Deserialize)]
pub(super) struct Credentials {
    #[serde(rename = "service_account")]
    _service_account: String,
    pub(super) tokens: BTreeMap<String, IgnoredAny>,
    /// Of tokens and of files' tokens by name: what is left out below is missed in it.
    count: usize,
    #[serde(default)]
    nodes_credentials: NodesCredentials,
    /// Before `nodes_credentials` (7.13).
    #[serde(default)]
    file_tokens: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
struct NodesCredentials {
    #[serde(default)]
    file_tokens: BTreeMap<String, FileToken>,
}

#[derive(Debug, Deserialize)]
struct FileToken {
    #[serde(default)]
    nodes: Vec<String>,
}

impl Credentials {
    /// How many there are and how many of them are shown, where that is fewer.
    pub(super) fn kept_back(&self) -> Option<(usize, usize)> {
        let in_files = self.nodes_credentials.file_tokens.len() + self.file_tokens.len();
        let shown = self.tokens.len() + in_files;
        (shown < self.count).then_some((self.count, shown))
    }

    pub(super) fn in_files(self, account: &str) -> Vec<BeyondReach> {
        let of_file = |(name, file): (String, FileToken)| BeyondReach {
            service_account: account.to_owned(),
            name,
            place: format!("a file on {}", file.nodes.join(", ")),
        };
        let files = self.nodes_credentials.file_tokens.into_iter();
        files.map(of_file).collect()
    }
}

/// The answer to the creation of a token.
#[derive(Debug, Deserialize)]
pub(super) struct CreatedToken {
    pub(super) token: TokenValue,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenValue {
    pub(super) value: Secret,
}

/// `GET /_security/_authenticate`.
#[derive(Debug, Deserialize)]
pub(super) struct Authenticated {
    username: String,
    roles: BTreeSet<String>,
    token: Option<AuthenticatedToken>,
    authentication_type: Option<String>,
    authentication_realm: Option<Realm>,
}

#[derive(Debug, Deserialize)]
struct AuthenticatedToken {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Realm {
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Account {
    pub(super) fn record(self, principal: &str) -> ServiceAccountRecord {
        let Self {
            roles,
            enabled,
            description,
        } = self;
        ServiceAccountRecord {
            roles,
            disabled: enabled == Some(false),
            description: description.filter(|text| !text.is_empty()),
            ..bare(principal)
        }
    }
}

fn bare(principal: &str) -> ServiceAccountRecord {
    ServiceAccountRecord {
        id: principal.to_owned(),
        name: principal.to_owned(),
        slug: None,
        email: None,
        description: None,
        roles: BTreeSet::new(),
        disabled: false,
        restriction: None,
        created_at: None,
        token: None,
        last_used_at: None,
        managed_by: None,
        origin: None,
        secret_prefix: None,
    }
}

/// The whole of a user-managed account: what a PUT leaves out goes back to its default, and what a cluster does not know (older
/// ones no description) is refused.
pub(super) fn account(account: &ServiceAccount) -> Json {
    let ServiceAccount {
        name: _,
        slug: _,
        email: _,
        description,
        roles,
        disabled,
        unrestricted: _,
        on_conflict: _,
        restriction: _,
        rotation: _,
    } = account;
    let mut body = Map::new();
    body.insert("roles".to_owned(), json!(roles));
    body.insert("enabled".to_owned(), json!(!disabled));
    if let Some(description) = description.as_ref().filter(|text| !text.is_empty()) {
        body.insert("description".to_owned(), json!(description));
    }
    Json::Object(body)
}

/// What the account is to be after it was written, until it is asked for: the server's answer does not repeat it.
pub(super) fn written(account: &ServiceAccount) -> ServiceAccountRecord {
    ServiceAccountRecord {
        description: account.description.clone().filter(|text| !text.is_empty()),
        roles: account.roles.clone(),
        disabled: account.disabled,
        ..bare(&account.name)
    }
}

/// A token has nothing but its name; its secret stands only in the answer that made it (`security.create_service_token.json`).
pub(super) fn token(account: &str, name: &str, generation: i64) -> AccessTokenRecord {
    AccessTokenRecord {
        id: slots::id(account, name),
        name: name.to_owned(),
        service_account: Some(account.to_owned()),
        description: None,
        roles: None,
        scopes: None,
        expires_at: None,
        disabled: false,
        visibility: None,
        limits: None,
        alerts: Vec::new(),
        token: None,
        issued_at: None,
        issued_not_before: None,
        generation: Some(generation),
        standing: Standing::Unsaid,
        previous: Previous::Unreported,
        retired: None,
        created_at: None,
        last_used_at: None,
        managed_by: None,
        origin: None,
        secret_prefix: None,
    }
}

impl From<Authenticated> for Identity {
    fn from(who: Authenticated) -> Self {
        let Authenticated {
            username,
            roles,
            token,
            authentication_type,
            authentication_realm,
        } = who;
        let realm = authentication_realm.and_then(|realm| realm.kind);
        let is_account = realm.as_deref() == Some("_service_account");
        let kind = match authentication_type.as_deref() {
            _ if is_account => "service_account",
            Some("api_key") => "api_key",
            _ => "user",
        };
        Self {
            kind: kind.to_owned(),
            id: username.clone(),
            name: username.clone(),
            access_token: token.filter(|_| is_account).map(|token| {
                let (name, generation) = slots::unslot(&token.name);
                IdentityToken {
                    id: slots::id(&username, name),
                    name: name.to_owned(),
                    expires_at: None,
                    generation: Some(generation),
                }
            }),
            service_account: is_account.then(|| Reference {
                id: username.clone(),
                name: username,
            }),
            roles: roles.into_iter().collect(),
            scopes: Vec::new(),
            restriction: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::decode;
    use lanyard_compiler::value::Value;

    use super::*;

    #[test]
    fn both_kinds_of_account_are_read() {
        let mut accounts: OneAccount = serde_json::from_str(
            r#"{"elastic/kibana":{"type":"built_in","role_descriptor":{"cluster":["..."]}},
            "apps/worker_1":{"type":"user_managed","roles":["monitor_role"],"enabled":false}}"#,
        )
        .unwrap();
        let kibana = accounts
            .remove("elastic/kibana")
            .unwrap()
            .record("elastic/kibana");
        assert_eq!((kibana.roles.len(), kibana.disabled), (0, false));
        let worker = accounts
            .remove("apps/worker_1")
            .unwrap()
            .record("apps/worker_1");
        assert_eq!(worker.roles, BTreeSet::from(["monitor_role".to_owned()]));
        assert!(worker.disabled);
        assert_eq!(
            (worker.id.as_str(), worker.name.as_str()),
            ("apps/worker_1", "apps/worker_1")
        );
    }

    #[test]
    fn a_write_says_everything() {
        let config = Value::map([("name", "apps/worker_1".into())]);
        let desired = decode::<ServiceAccount>(&config).unwrap();
        assert_eq!(account(&desired), json!({"roles": [], "enabled": true}));
        assert_eq!(
            written(&desired),
            Account {
                roles: BTreeSet::new(),
                enabled: Some(true),
                description: None
            }
            .record("apps/worker_1")
        );
    }

    #[test]
    fn tokens_of_files_are_nobodys() {
        let credentials: Credentials = serde_json::from_str(
            r#"{"service_account":"elastic/fleet-server","count":3,"tokens":{"ci":{},"ci--2":{}},
            "nodes_credentials":{"_nodes":{"total":2,"successful":2,"failed":0},
            "file_tokens":{"token1":{"nodes":["node-0","node-1"]}}}}"#,
        )
        .unwrap();
        let names: Vec<&String> = credentials.tokens.keys().collect();
        assert_eq!(names, ["ci", "ci--2"]);
        let [file] = &credentials.in_files("elastic/fleet-server")[..] else {
            panic!("there is one");
        };
        assert_eq!(
            (file.name.as_str(), file.place.as_str()),
            ("token1", "a file on node-0, node-1")
        );
        assert_eq!(
            token("elastic/fleet-server", "ci", 2).id,
            "elastic/fleet-server/ci"
        );
    }

    #[test]
    fn what_an_answer_keeps_back_is_counted() {
        let kept_back = |text: &str| {
            let credentials: Credentials = serde_json::from_str(text).unwrap();
            credentials.kept_back()
        };
        for (text, expected) in [
            (r#"{"service_account":"a/b","count":0,"tokens":{}}"#, None),
            (
                r#"{"service_account":"a/b","count":2,"tokens":{"ci":{}},"file_tokens":{"f":{}}}"#,
                None,
            ),
            (
                r#"{"service_account":"a/b","count":2,"tokens":{"ci":{}}}"#,
                Some((2, 1)),
            ),
            (
                r#"{"service_account":"a/b","count":3,"tokens":{}}"#,
                Some((3, 0)),
            ),
        ] {
            assert_eq!(kept_back(text), expected, "{text}");
        }
        for text in [
            r#"{"service_account":"a/b","count":0}"#,
            r#"{"service_account":"a/b","tokens":{}}"#,
        ] {
            assert!(serde_json::from_str::<Credentials>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_account_of_the_users_says_which_roles_it_has() {
        let read = |text: &str| serde_json::from_str::<Account>(text);
        assert!(read(r#"{"type":"user_managed","roles":[],"enabled":true}"#).is_ok());
        assert!(read(r#"{"type":"built_in"}"#).is_ok());
        for odd in [
            r#"{"type":"user_managed","enabled":true}"#,
            r#"{"type":"user_managed","roles":[]}"#,
            r#"{"type":"workload","roles":[],"enabled":true}"#,
        ] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_token_says_whose_it_is() {
        let who: Authenticated = serde_json::from_str(
            r#"{"username":"elastic/fleet-server","roles":[],"full_name":"Service account - elastic/fleet-server","email":null,
            "token":{"name":"ci-1","type":"_service_account_index"},
            "metadata":{"_elastic_service_account":true},"enabled":true,
            "authentication_realm":{"name":"_service_account","type":"_service_account"},
            "lookup_realm":{"name":"_service_account","type":"_service_account"},
            "authentication_type":"token"}"#,
        )
        .unwrap();
        let identity = Identity::from(who);
        assert_eq!(identity.kind, "service_account");
        assert_eq!(
            identity.access_token.unwrap().id,
            "elastic/fleet-server/ci-1"
        );
    }
}
