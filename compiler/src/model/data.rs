//! What can be looked up: the data sources, their arguments and their answers. As with the resources, the fields and their
//! documentation here are the schema and the manual.

mod answer;
mod lookup;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts;
use super::schema::{Body, Schema};
use super::words::words;

pub use answer::{
    access_token, access_token_summary, restriction, server, service_account,
    service_account_summary, value,
};
pub use lookup::check;

words! {
    /// A kind of data source.
    pub enum DataKind in "lanyard_" {
        Identity = "identity",
        ServiceAccount = "service_account",
        ServiceAccounts = "service_accounts",
        AccessToken = "access_token",
        AccessTokens = "access_tokens",
        Server = "server",
    }
}

/// The schema of a data source: its arguments, then its answer.
pub fn schema(kind: DataKind) -> &'static Schema {
    static SCHEMAS: [OnceLock<Schema>; 6] = [const { OnceLock::new() }; 6];
    SCHEMAS[kind as usize].get_or_init(|| build(kind))
}

fn build(kind: DataKind) -> Schema {
    fn body<Arguments: JsonSchema, Answer: JsonSchema>() -> (String, Body) {
        let mut body = facts::configurable_body::<Arguments>();
        body.attributes
            .extend(facts::computed_attributes::<Answer>());
        (facts::documentation::<Arguments>(), body)
    }
    let (doc, body) = match kind {
        DataKind::Identity => body::<WhoAmI, Identity>(),
        DataKind::ServiceAccount => body::<FindServiceAccount, FoundServiceAccount>(),
        DataKind::ServiceAccounts => body::<ListServiceAccounts, ServiceAccountList>(),
        DataKind::AccessToken => body::<FindAccessToken, FoundAccessToken>(),
        DataKind::AccessTokens => body::<ListAccessTokens, AccessTokenList>(),
        DataKind::Server => body::<DescribeServer, ServerDescription>(),
    };
    Schema {
        name: kind.name().to_owned(),
        doc,
        version: 0,
        body,
    }
}

/// Who the provider's own credential is: shows whether a token works, and what it may do.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct WhoAmI {}

/// The answer of [`WhoAmI`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// Identifies whoever the credential belongs to.
    pub id: Option<String>,
    /// Name of whoever the credential belongs to.
    pub name: Option<String>,
    /// What kind of identity it is, in the server's words, for example `operator`, `service_account` or `user`.
    pub kind: Option<String>,
    /// `id` of the service account that the credential belongs to; null for anybody else.
    pub service_account: Option<String>,
    /// `id` of the access token that was used, where the server tells.
    pub access_token: Option<String>,
    /// When the credential ends, RFC 3339; null if it does not, or the server does not tell.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<Timestamp>,
    /// Roles that the credential carries, where the server tells.
    pub roles: Option<BTreeSet<String>>,
    /// Scopes that narrow the credential, where the server tells.
    pub scopes: Option<BTreeSet<String>>,
    /// The restriction of the service account: `permission` and `labels`; null if there is none.
    pub restriction: Option<RestrictionFacts>,
}

/// A restriction as plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RestrictionFacts {
    /// `READ`, `WRITE` or `READ_AND_WRITE`.
    pub permission: String,
    /// Labels that data must carry.
    pub labels: BTreeMap<String, String>,
}

/// One service account that exists already, found by `id` or by `name`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct FindServiceAccount {
    /// Identifies the account on its server. Give this or `name`.
    #[schemars(extend("x-computed" = true))]
    pub id: Option<String>,
    /// Name of the account. Give this or `id`.
    #[schemars(extend("x-computed" = true))]
    pub name: Option<String>,
}

/// The answer of [`FindServiceAccount`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundServiceAccount {
    /// Short name in addresses, where the server has one.
    pub slug: Option<String>,
    /// E-mail address of the account, where it has one.
    pub email: Option<String>,
    /// What the account is for, for people.
    pub description: Option<String>,
    /// Names of the roles that the account holds.
    pub roles: BTreeSet<String>,
    /// True while every token of the account is refused.
    pub disabled: bool,
    /// True if no restriction narrows the account.
    pub unrestricted: bool,
    /// What narrows the account: `permission` and `labels`; null if nothing does.
    pub restriction: Option<RestrictionFacts>,
    /// When the account was created, RFC 3339.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub created_at: Option<Timestamp>,
    /// When the account was last used, RFC 3339, where the server knows.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub last_used_at: Option<Timestamp>,
    /// Who manages the account, where the server keeps that.
    pub managed_by: Option<String>,
}

/// All service accounts of the server.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ListServiceAccounts {
    /// Only accounts whose name starts so, case-sensitive.
    pub name_prefix: Option<String>,
}

/// The answer of [`ListServiceAccounts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceAccountList {
    /// The accounts, sorted by `name`, then `id`.
    pub service_accounts: Vec<ServiceAccountSummary>,
}

/// One account of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceAccountSummary {
    /// Identifies the account on its server.
    pub id: String,
    /// Name of the account.
    pub name: String,
    /// What the account is for, for people.
    pub description: Option<String>,
    /// E-mail address of the account, where it has one.
    pub email: Option<String>,
    /// Names of the roles that the account holds.
    pub roles: BTreeSet<String>,
    /// True while every token of the account is refused.
    pub disabled: bool,
    /// True if no restriction narrows the account.
    pub unrestricted: bool,
    /// When the account was created, RFC 3339.
    pub created_at: Option<String>,
}

/// One access token that exists already, found by `id` or by `name`. Its secret is not shown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct FindAccessToken {
    /// Identifies the token on its server. Give this or `name`.
    #[schemars(extend("x-computed" = true))]
    pub id: Option<String>,
    /// Name of the token. Give this or `id`.
    #[schemars(extend("x-computed" = true))]
    pub name: Option<String>,
    /// `id` of the service account that the token belongs to; narrows the search by `name`.
    #[schemars(extend("x-computed" = true))]
    pub service_account: Option<String>,
}

/// The answer of [`FindAccessToken`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundAccessToken {
    /// What the token is for, for people.
    pub description: Option<String>,
    /// Roles that the token carries, where the server keeps them on tokens.
    pub roles: Option<BTreeSet<String>>,
    /// What the token may be used for, where the server has scopes.
    pub scopes: Option<BTreeSet<String>>,
    /// When the token ends, RFC 3339; null if it does not.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<Timestamp>,
    /// True while the token is refused.
    pub disabled: bool,
    /// Whether the server accepts the token: `active`, `expired`, `revoked` or `disabled`.
    pub status: String,
    /// Who may see the token: `admins`, `selected` or `everyone`; null for the server's default.
    pub visibility: Option<String>,
    /// When the current secret was issued, RFC 3339, where the server knows.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub issued_at: Option<Timestamp>,
    /// Counts the secrets of the token, where the server does.
    pub generation: Option<i64>,
    /// When the token was created, RFC 3339, where the server knows.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub created_at: Option<Timestamp>,
    /// When the token was last used, RFC 3339, where the server knows.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub last_used_at: Option<Timestamp>,
    /// Who manages the token, where the server keeps that.
    pub managed_by: Option<String>,
}

/// All access tokens of the server. Secrets are not shown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ListAccessTokens {
    /// Only tokens of the service account with this `id`.
    pub service_account: Option<String>,
    /// Only tokens whose name starts so, case-sensitive.
    pub name_prefix: Option<String>,
}

/// The answer of [`ListAccessTokens`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessTokenList {
    /// The tokens, sorted by service account, then `name`, then `id`.
    pub access_tokens: Vec<AccessTokenSummary>,
}

/// One token of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccessTokenSummary {
    /// Identifies the token on its server.
    pub id: String,
    /// Name of the token.
    pub name: String,
    /// `id` of the service account that the token belongs to.
    pub service_account: Option<String>,
    /// When the token ends, RFC 3339; null if it does not.
    pub expires_at: Option<String>,
    /// True while the token is refused.
    pub disabled: bool,
    /// Whether the server accepts the token: `active`, `expired`, `revoked` or `disabled`.
    pub status: String,
    /// When the current secret was issued, RFC 3339, where the server knows.
    pub issued_at: Option<String>,
    /// When the token was last used, RFC 3339, where the server knows.
    pub last_used_at: Option<String>,
}

/// What the token server can do: useful for configurations that run against several kinds of server.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct DescribeServer {}

/// The answer of [`DescribeServer`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServerDescription {
    /// Kind of token server, as in the provider's `api`.
    pub api: String,
    /// The server's name in sentences.
    pub title: String,
    /// What it can do with service accounts.
    pub service_accounts: ResourceDescription,
    /// What it can do with access tokens.
    pub access_tokens: ResourceDescription,
}

/// What a server can do with one kind of resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResourceDescription {
    /// True if the server has this kind of resource.
    pub supported: bool,
    /// Attributes and blocks that the server takes, spelled `block.attribute`.
    pub attributes: BTreeSet<String>,
    /// Those of them that the configuration must set.
    pub required: BTreeSet<String>,
    /// Those of them whose change makes a new object.
    pub replaced_by: BTreeSet<String>,
    /// How a secret is replaced: `server`, `two_slots`, `no_overlap` or `impossible`.
    pub rotation: String,
    /// True if secrets can end by themselves.
    pub expiry: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::{AccessTokenRecord, ServiceAccountRecord};
    use crate::model::server::native;
    use crate::value::Value;

    #[test]
    fn an_answer_has_the_shape_of_its_schema() {
        let now = Timestamp::UNIX_EPOCH;
        let null = |names: &[&str]| Value::map(names.iter().map(|name| (*name, Value::Null)));
        let account = ServiceAccountRecord::default();
        let token = AccessTokenRecord::default();
        for (kind, value) in [
            (DataKind::Identity, value(&null(&[]), &Identity::default())),
            (
                DataKind::ServiceAccount,
                value(&null(&["id", "name"]), &service_account(&account)),
            ),
            (
                DataKind::ServiceAccounts,
                value(
                    &null(&["name_prefix"]),
                    &ServiceAccountList {
                        service_accounts: vec![service_account_summary(&account)],
                    },
                ),
            ),
            (
                DataKind::AccessToken,
                value(
                    &null(&["id", "name", "service_account"]),
                    &access_token(&token, now),
                ),
            ),
            (
                DataKind::AccessTokens,
                value(
                    &null(&["service_account", "name_prefix"]),
                    &AccessTokenList {
                        access_tokens: vec![access_token_summary(&token, now)],
                    },
                ),
            ),
            (
                DataKind::Server,
                value(&null(&[]), &server(&native::CAPABILITIES)),
            ),
        ] {
            let schema = schema(kind);
            assert_eq!(schema.name, kind.name());
            let expected = schema.body.empty();
            assert!(
                value.as_map().unwrap().keys().eq(expected.keys()),
                "{kind:?}: {value:?}"
            );
        }
    }
}
