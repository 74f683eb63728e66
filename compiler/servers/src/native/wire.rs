//! The native API's JSON and its conversion. Everything of the model is taken apart without `..`, so that the next attribute
//! stops the build here.

mod identity;
mod power;

use std::collections::BTreeSet;

use jiff::Timestamp;
use lanyard_compiler::model::record::{
    AccessTokenRecord, Previous, ServiceAccountRecord, Standing,
};
use lanyard_compiler::model::{AccessToken, GracePeriod, ServiceAccount};
use lanyard_compiler::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::lenient::{Items, null_is_default, said};
use crate::object::RotateRequest;
use crate::token_server::MANAGED_BY;
pub(super) use identity::{Identity, Offered};
use power::{RestrictionWire, VisibilityWire};

/// One page of a list; both are always there, and no cursor is `null`.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) items: Items<T>,
    #[serde(deserialize_with = "said")]
    pub(super) next_cursor: Option<String>,
}

/// Everything of an object is always there (`docs/native-api.openapi.json`): what is left out may be hidden, and is not null.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    id: String,
    name: String,
    #[serde(deserialize_with = "said")]
    description: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    roles: BTreeSet<String>,
    #[serde(deserialize_with = "null_is_default")]
    disabled: bool,
    #[serde(deserialize_with = "said")]
    restriction: Option<RestrictionWire>,
    #[serde(deserialize_with = "said")]
    managed_by: Option<String>,
    #[serde(deserialize_with = "said")]
    origin: Option<String>,
    #[serde(deserialize_with = "said")]
    created_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    id: String,
    name: String,
    #[serde(deserialize_with = "said")]
    service_account_id: Option<String>,
    #[serde(deserialize_with = "said")]
    description: Option<String>,
    #[serde(deserialize_with = "null_is_default")]
    roles: BTreeSet<String>,
    #[serde(deserialize_with = "null_is_default")]
    scopes: BTreeSet<String>,
    #[serde(deserialize_with = "said")]
    visibility: Option<VisibilityWire>,
    #[serde(deserialize_with = "null_is_default")]
    disabled: bool,
    #[serde(deserialize_with = "said")]
    expires_at: Option<Timestamp>,
    status: StatusWire,
    #[serde(deserialize_with = "said")]
    managed_by: Option<String>,
    #[serde(deserialize_with = "said")]
    origin: Option<String>,
    #[serde(deserialize_with = "said")]
    generation: Option<i64>,
    #[serde(deserialize_with = "said")]
    created_at: Option<Timestamp>,
    #[serde(deserialize_with = "said")]
    issued_at: Option<Timestamp>,
    #[serde(deserialize_with = "said")]
    last_used_at: Option<Timestamp>,
    #[serde(deserialize_with = "said")]
    previous: Option<PreviousWire>,
    /// Only in an answer that minted it on the server; a secret that is due and missing is told.
    secret: Option<Secret>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StatusWire {
    Active,
    Expired,
    Disabled,
}

#[derive(Debug, Deserialize)]
struct PreviousWire {
    #[serde(deserialize_with = "said")]
    expires_at: Option<Timestamp>,
    #[serde(deserialize_with = "null_is_default")]
    until_first_use: bool,
}

impl From<Account> for ServiceAccountRecord {
    fn from(account: Account) -> Self {
        let Account {
            id,
            name,
            description,
            roles,
            disabled,
            restriction,
            managed_by,
            origin,
            created_at,
        } = account;
        Self {
            id,
            name,
            slug: None,
            email: None,
            description: description.filter(|text| !text.is_empty()),
            roles,
            disabled,
            restriction: restriction.map(Into::into),
            created_at,
            token: None,
            secret_prefix: None,
            last_used_at: None,
            managed_by,
            origin,
        }
    }
}

impl From<Token> for AccessTokenRecord {
    fn from(token: Token) -> Self {
        let Token {
            id,
            name,
            service_account_id,
            description,
            roles,
            scopes,
            visibility,
            disabled,
            expires_at,
            status,
            managed_by,
            origin,
            generation,
            created_at,
            issued_at,
            last_used_at,
            previous,
            secret,
        } = token;
        Self {
            secret_prefix: None,
            retired: None,
            id,
            name,
            service_account: service_account_id,
            description: description.filter(|text| !text.is_empty()),
            roles: Some(roles),
            scopes: Some(scopes),
            expires_at,
            disabled,
            visibility: visibility.map(Into::into),
            limits: None,
            alerts: Vec::new(),
            token: secret,
            issued_at,
            issued_not_before: None,
            generation,
            standing: match status {
                StatusWire::Active => Standing::Active,
                StatusWire::Expired => Standing::Expired,
                StatusWire::Disabled => Standing::Disabled,
            },
            previous: previous.map_or(
                Previous::Ended,
                |PreviousWire {
                     expires_at,
                     until_first_use,
                 }| Previous::Kept {
                    expires_at,
                    until_first_use,
                },
            ),
            created_at,
            last_used_at,
            managed_by,
            origin,
        }
    }
}

/// Every field that the server keeps of an account, as it is to be; null clears.
fn account_fields(account: &ServiceAccount) -> Map<String, Json> {
    let ServiceAccount {
        name,
        slug: _,
        email: _,
        description,
        roles,
        disabled,
        unrestricted: _,
        on_conflict: _,
        restriction,
        rotation: _,
    } = account;
    fields([
        ("name", json!(name)),
        ("description", json!(description)),
        ("roles", json!(roles)),
        ("disabled", json!(disabled)),
        (
            "restriction",
            json!(restriction.as_ref().map(RestrictionWire::from)),
        ),
    ])
}

/// Every field that the server keeps of a token and that can change; null clears. Left out is what the configuration leaves to
/// the server.
fn token_fields(token: &AccessToken) -> Map<String, Json> {
    let AccessToken {
        name,
        service_account: _,
        description,
        roles,
        scopes,
        expires_at,
        ttl: _,
        disabled,
        on_conflict: _,
        recipient: _,
        rotation: _,
        visibility,
        limits: _,
        alerts: _,
    } = token;
    let mut fields = fields([
        ("name", json!(name)),
        ("description", json!(description)),
        ("expires_at", json!(expires_at.map(whole_seconds))),
        ("disabled", json!(disabled)),
        (
            "visibility",
            json!(visibility.as_ref().map(VisibilityWire::from)),
        ),
    ]);
    if let Some(roles) = roles {
        fields.insert("roles".to_owned(), json!(roles));
    }
    if let Some(scopes) = scopes {
        fields.insert("scopes".to_owned(), json!(scopes));
    }
    fields
}

pub(super) fn create_account(account: &ServiceAccount, origin: Option<&str>) -> Json {
    let mut body = account_fields(account);
    mark(&mut body, origin);
    Json::Object(body)
}

pub(super) fn create_token(token: &AccessToken, secret_hash: &str, origin: Option<&str>) -> Json {
    let mut body = token_fields(token);
    body.insert(
        "service_account_id".to_owned(),
        json!(token.service_account),
    );
    mark(&mut body, origin);
    body.insert("secret_hash".to_owned(), json!(secret_hash));
    end(&mut body, token);
    Json::Object(body)
}

pub(super) fn update_account(
    current: &ServiceAccount,
    desired: &ServiceAccount,
    origin: Option<&str>,
) -> Json {
    changes(&account_fields(current), account_fields(desired), origin)
}

pub(super) fn update_token(
    current: &AccessToken,
    desired: &AccessToken,
    origin: Option<&str>,
) -> Json {
    changes(&token_fields(current), token_fields(desired), origin)
}

pub(super) fn rotate_token(request: &RotateRequest<AccessToken>, secret_hash: &str) -> Json {
    let mut body = fields([("secret_hash", json!(secret_hash))]);
    match request.grace_period {
        None => {}
        Some(GracePeriod::Lasts(lifetime)) => {
            body.insert("grace_period_seconds".to_owned(), json!(lifetime.seconds()));
        }
        Some(GracePeriod::UntilFirstUse) => {
            body.insert("until_first_use".to_owned(), json!(true));
            body.insert(
                "grace_period_seconds".to_owned(),
                json!(UNTIL_FIRST_USE_AT_MOST),
            );
        }
    }
    end(&mut body, &request.desired);
    if body.get("expires_at").is_some_and(Json::is_null) {
        body.remove("expires_at");
    }
    Json::Object(body)
}

/// A secret that waits for the first use of its successor waits no longer than the longest grace period: 60 days.
const UNTIL_FIRST_USE_AT_MOST: u64 = 5_184_000;

/// The end of a new secret: the lifetime from now on where one is configured, otherwise the fixed end.
fn end(body: &mut Map<String, Json>, token: &AccessToken) {
    if let Some(ttl) = token.ttl {
        body.remove("expires_at");
        body.insert("ttl_seconds".to_owned(), json!(ttl.seconds()));
    } else {
        body.insert(
            "expires_at".to_owned(),
            json!(token.expires_at.map(whole_seconds)),
        );
    }
}

/// A merge patch: what is desired and differs, and the mark that the object is ours.
fn changes(current: &Map<String, Json>, desired: Map<String, Json>, origin: Option<&str>) -> Json {
    let mut patch: Map<String, Json> = desired
        .into_iter()
        .filter(|(name, value)| current.get(name) != Some(value))
        .collect();
    if let Some(Json::Object(before)) = current.get("restriction")
        && let Some(Json::Object(after)) = patch.get_mut("restriction")
    {
        clear_missing_labels(before, after);
    }
    mark(&mut patch, origin);
    Json::Object(patch)
}

/// Nothing but that the object is ours.
pub(super) fn claim(origin: Option<&str>) -> Json {
    let mut patch = Map::new();
    mark(&mut patch, origin);
    Json::Object(patch)
}

/// That the object is ours, and in which of our states or folders it stands.
fn mark(body: &mut Map<String, Json>, origin: Option<&str>) {
    body.insert("managed_by".to_owned(), json!(MANAGED_BY));
    body.insert("origin".to_owned(), json!(origin));
}

/// In a merge patch a label that is not mentioned stays: the ones that go must be named.
fn clear_missing_labels(before: &Map<String, Json>, after: &mut Map<String, Json>) {
    let (Some(Json::Object(before)), Some(Json::Object(after))) =
        (before.get("labels"), after.get_mut("labels"))
    else {
        return;
    };
    for name in before.keys() {
        if !after.contains_key(name) {
            after.insert(name.clone(), Json::Null);
        }
    }
}

fn fields<const N: usize>(entries: [(&str, Json); N]) -> Map<String, Json> {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The server keeps whole seconds.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
