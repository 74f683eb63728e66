//! API keys, as far as service accounts make them: for themselves, or granted upon one of their tokens. A key can do at
//! most what its owner could when it was made.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::privileges::{
    CLEAR_KEY_CACHE, CREATE_API_KEY, GET_API_KEYS, GRANT_API_KEY, INVALIDATE_API_KEYS,
};
use super::{Context, caller, cluster, directory, grant, privileges};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::Store;

const KIND: &str = "api-key";

/// A key as caller.
pub(super) struct ApiKey {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) owner: String,
    of_account: bool,
    pub(super) privileges: BTreeSet<String>,
    /// The owner's, and the key's own where it has some; both must grant.
    pub(super) index_grants: Vec<Vec<Value>>,
}

impl ApiKey {
    /// For `_authenticate`.
    pub(super) fn describe(&self) -> Value {
        let realm = json!({ "name": "_es_api_key", "type": "_es_api_key" });
        json!({
            "username": self.owner,
            "roles": [],
            "full_name": null,
            "email": null,
            "metadata": if self.of_account { caller::account_metadata(&self.owner) } else { json!({}) },
            "enabled": true,
            "authentication_realm": realm,
            "lookup_realm": realm,
            "authentication_type": "api_key",
            "api_key": { "id": self.id, "name": self.name },
        })
    }
}

pub(super) fn sign_in(
    store: &Store,
    id: &str,
    key: &str,
    now: Timestamp,
) -> Result<Option<ApiKey>, Refusal> {
    let found = store.document(KIND, id)?.map(|found| found.body);
    let live = found.filter(|key_row| {
        let expiration = key_row.get("expiration").and_then(Value::as_i64);
        key_row.get("hash") == Some(&json!(secret::hash(key)))
            && key_row.get("invalidated") == Some(&json!(false))
            && expiration.is_none_or(|end| now.as_millisecond() < end)
    });
    Ok(live.map(|row| ApiKey {
        id: id.to_owned(),
        name: text(&row, "name").to_owned(),
        owner: text(&row, "username").to_owned(),
        of_account: text(&row, "realm_type") == caller::ACCOUNT_REALM,
        privileges: directory::strings(row.get("privileges")),
        index_grants: layers(row.get("index_grants")),
    }))
}

fn layers(kept: Option<&Value>) -> Vec<Vec<Value>> {
    let kept = kept.and_then(Value::as_array);
    let layers = kept.into_iter().flatten().filter_map(Value::as_array);
    layers.cloned().collect()
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    expiration: Option<String>,
    #[serde(default)]
    role_descriptors: Map<String, Value>,
    #[serde(default)]
    metadata: Option<Value>,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = context.body()?;
    let name = required_name(&wanted)?;
    context.require(&CREATE_API_KEY)?;
    let owner = Owner {
        name: context.caller.username(),
        realm: context.caller.realm(),
        privileges: context.caller.cluster_privileges(context.store)?,
        index_grants: context.caller.index_grants(context.store)?,
    };
    make(context, &wanted, &name, &owner)
}

#[derive(Deserialize)]
struct Granted {
    #[serde(default)]
    grant_type: Option<String>,
    #[serde(default)]
    service_account_token: Option<String>,
    #[serde(default)]
    run_as: Option<String>,
    #[serde(default)]
    api_key: Option<Wanted>,
}

/// A broker makes a key for the account whose token it holds.
pub(super) fn grant(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Granted = context.body()?;
    let mut faults = Vec::new();
    if wanted.grant_type.as_deref() != Some(grant::GRANT) {
        let given = wanted.grant_type.as_deref().unwrap_or_default();
        faults.push(format!("grant_type [{given}] is not supported"));
    }
    if wanted.service_account_token.is_none() {
        faults.push("[service_account_token] is required".to_owned());
    }
    if wanted.run_as.is_some() {
        let grant = grant::GRANT;
        faults.push(format!(
            "[run_as] is not supported for grant_type [{grant}]"
        ));
    }
    if !faults.is_empty() {
        return Err(Refusal::validation(&faults));
    }
    let key = wanted
        .api_key
        .ok_or_else(|| Refusal::illegal_argument("Required [api_key]"))?;
    let name = required_name(&key)?;
    let presented = wanted.service_account_token.unwrap_or_default();
    context.require(&GRANT_API_KEY)?;
    let value = grant::user_managed(&presented)
        .map_err(|fault| Refusal::ungrantable(format!("[service_account_token] {fault}")))?;
    // Here, unlike at the token endpoint, a disabled account is a 403.
    let account = grant::account(context, &presented, &value)?
        .ok_or_else(|| Refusal::forbidden("Failed to authenticate api key grant"))?;
    let owner = Owner {
        name: &account.name,
        realm: (caller::ACCOUNT_REALM, caller::ACCOUNT_REALM),
        privileges: directory::cluster_privileges(context.store, &account.roles)?,
        index_grants: vec![directory::index_grants(context.store, &account.roles)?],
    };
    make(context, &key, &name, &owner)
}

/// Whose a key is, in which realm that is (its name and its kind), and what they may do.
struct Owner<'a> {
    name: &'a str,
    realm: (&'static str, &'static str),
    privileges: BTreeSet<String>,
    index_grants: Vec<Vec<Value>>,
}

fn make(
    context: &Context<'_>,
    wanted: &Wanted,
    name: &str,
    owner: &Owner<'_>,
) -> Result<Answer, Refusal> {
    let now = context.call.now;
    let id = secret::random_base62(20);
    let key = secret::random_base62(22);
    context.server.secret_log.add(&key);
    let expiration = match &wanted.expiration {
        None => None,
        Some(text) => Some(now.as_millisecond() + milliseconds(text)?),
    };
    let mut body = json!({ "id": id, "name": name, "api_key": key });
    body["encoded"] = json!(STANDARD.encode(format!("{id}:{key}")));
    if let Some(end) = expiration {
        body["expiration"] = json!(end);
    }
    let mut index_grants = owner.index_grants.clone();
    if !wanted.role_descriptors.is_empty() {
        let own = wanted
            .role_descriptors
            .values()
            .flat_map(directory::grants_of);
        index_grants.push(own.collect());
    }
    let row = json!({
        "id": id,
        "name": name,
        "hash": secret::hash(&key),
        "username": owner.name,
        "realm": owner.realm.0,
        "realm_type": owner.realm.1,
        "privileges": limited(&wanted.role_descriptors, &owner.privileges),
        "index_grants": index_grants,
        "creation": now.as_millisecond(),
        "expiration": expiration,
        "invalidated": false,
        "metadata": wanted.metadata.clone().unwrap_or_else(|| json!({})),
    });
    context.store.keep_document(KIND, &id, &row)?;
    Ok(Answer::json(StatusCode::OK, &body))
}

/// What is both asked for and held, where one name may contain another; without descriptors, all that is held.
fn limited(descriptors: &Map<String, Value>, held: &BTreeSet<String>) -> BTreeSet<String> {
    if descriptors.is_empty() {
        return held.clone();
    }
    let asked: BTreeSet<String> = descriptors
        .values()
        .flat_map(|descriptor| directory::strings(descriptor.get("cluster")))
        .collect();
    let both = |privilege: &&String| {
        privileges::includes(held, privilege) && privileges::includes(&asked, privilege)
    };
    asked.iter().chain(held).filter(both).cloned().collect()
}

/// Without the right to see all keys, a caller must say `owner=true`.
pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let owner = context.parameters.flag("owner")?;
    if !owner {
        context.require(&GET_API_KEYS)?;
    }
    let wanted = |row: &Value| {
        let is = |parameter: &str, field: &str| {
            let parameter = context.parameters.get(parameter);
            parameter.is_none_or(|value| value == text(row, field))
        };
        is("id", "id")
            && is("name", "name")
            && is("username", "username")
            && (!owner || text(row, "username") == context.caller.username())
    };
    let keys: Vec<Value> = context
        .store
        .documents(KIND)?
        .into_iter()
        .map(|found| found.body)
        .filter(wanted)
        .map(show)
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({ "api_keys": keys })))
}

fn show(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.remove("hash");
        fields.remove("privileges");
        fields.remove("index_grants");
        fields.retain(|_, value| !value.is_null());
        fields.insert("type".to_owned(), json!("rest"));
    }
    row
}

/// This server caches nothing, so there is nothing to clear.
pub(super) fn clear_cache(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&CLEAR_KEY_CACHE)?;
    Ok(cluster::cleared())
}

#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    owner: bool,
}

pub(super) fn invalidate(context: &Context<'_>) -> Result<Answer, Refusal> {
    let ended: Ended = context.body()?;
    if !ended.owner {
        context.require(&INVALIDATE_API_KEYS)?;
    }
    let (mut now_ended, mut ended_before) = (vec![], vec![]);
    for found in context.store.documents(KIND)? {
        let mut row = found.body;
        let id = text(&row, "id").to_owned();
        let named = ended.ids.contains(&id)
            || ended.name.as_deref() == Some(text(&row, "name"))
            || (ended.owner && ended.ids.is_empty() && ended.name.is_none());
        if !named || (ended.owner && text(&row, "username") != context.caller.username()) {
            continue;
        }
        if row.get("invalidated") == Some(&json!(true)) {
            ended_before.push(id);
            continue;
        }
        row["invalidated"] = json!(true);
        context.store.keep_document(KIND, &id, &row)?;
        now_ended.push(id);
    }
    let body = json!({
        "invalidated_api_keys": now_ended,
        "previously_invalidated_api_keys": ended_before,
        "error_count": 0,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn required_name(wanted: &Wanted) -> Result<String, Refusal> {
    let name = wanted.name.clone().filter(|name| !name.is_empty());
    name.ok_or_else(|| Refusal::validation(&["api key name is required".to_owned()]))
}

/// A number with a unit: `1d`, `12h`.
fn milliseconds(text: &str) -> Result<i64, Refusal> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 0,
    };
    let number: i64 = number.parse().unwrap_or(0);
    number
        .checked_mul(unit)
        .filter(|length| (1..=100 * 365 * 86_400_000).contains(length))
        .ok_or_else(|| {
            Refusal::illegal_argument(format!(
                "failed to parse setting [expiration] with value [{text}] as a time value"
            ))
        })
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}
