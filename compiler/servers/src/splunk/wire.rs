//! Splunk's JSON and its conversion. Everything of the model is taken apart without `..`, so that the next attribute stops the
//! build here.

mod limits;
mod notification;

use std::collections::BTreeSet;

use jiff::Timestamp;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::{AccessTokenRecord, Previous, Standing};
use lanyard_compiler::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::permissions::Permissions;
use crate::lenient::{Items, if_said};
use crate::object::Issued;
use limits::{LimitsWire, limits_fields};
pub(super) use notification::secrets;
use notification::{Notification, notification};

/// `GET /v2/token`; `count` counts all matches, not those of the page. Either may be left out (signalfx-go's `SearchResults`).
#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub(super) count: Option<usize>,
    results: Option<Items<Token>>,
}

impl List {
    /// What is on this page.
    pub(super) fn tokens(self) -> Items<Token> {
        self.results.unwrap_or_default()
    }

    /// How many came, whoever can read them.
    pub(super) fn came(&self) -> usize {
        let results = self.results.as_ref();
        results.map_or(0, |tokens| tokens.read.len() + tokens.unreadable.len())
    }

    /// True if it says neither how many there are nor which.
    pub(super) fn says_nothing(&self) -> bool {
        self.count.is_none() && self.results.is_none()
    }

    /// True if nothing is listed but the credential.
    pub(super) fn is_only(&self, credential: &Secret) -> bool {
        self.results.as_ref().is_some_and(|tokens| {
            tokens.unreadable.is_empty()
                && matches!(tokens.read.as_slice(), [only] if only.is(credential))
        })
    }
}

/// `GET /v2/organization`, as far as we need it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organization {
    pub(super) id: Option<String>,
    pub(super) organization_name: Option<String>,
}

/// The answer of `POST /v2/session`, as far as we need it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) access_token: Secret,
}

pub(super) fn open_session(email: &str, password: &Secret, organization: Option<&str>) -> Json {
    let mut body = json!({ "email": email, "password": password.expose() });
    if let Some(organization) = organization {
        body["organizationId"] = json!(organization);
    }
    body
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    name: String,
    id: Option<String>,
    secret: Option<Secret>,
    description: Option<String>,
    /// What is left out of these two is not known; that there are none is said.
    #[serde(default, deserialize_with = "if_said")]
    auth_scopes: Option<Option<BTreeSet<String>>>,
    #[serde(default, deserialize_with = "if_said")]
    roles: Option<Option<Vec<Role>>>,
    /// The vendor's samples have it also where it is false. Its own client reads what is left out as false (signalfx-go at 34e7eb29d,
    /// `orgtoken/model_token.go`), as it reads what follows as none.
    disabled: Option<bool>,
    permissions: Option<Permissions>,
    limits: Option<LimitsWire>,
    notifications: Option<Vec<Notification>>,
    /// Unix milliseconds, as the times below.
    expiry: Option<i64>,
    latest_rotation: Option<i64>,
    created: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Role {
    title: String,
}

impl Token {
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.name == name
    }

    /// True if this is the credential.
    pub(super) fn is(&self, credential: &Secret) -> bool {
        self.secret.as_ref() == Some(credential)
    }

    /// True if both are the same token, whatever it is called.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.id.is_some() && self.id == other.id
    }

    /// When its secret was issued.
    pub(super) fn issued_at(&self) -> Option<Timestamp> {
        let moment = |milliseconds: Option<i64>| Timestamp::from_millisecond(milliseconds?).ok();
        // Two rotations within a second must be told apart.
        moment(self.latest_rotation).or_else(|| moment(self.created))
    }

    /// True if it shows another secret than the answer to a rotation, issued no earlier.
    pub(super) fn is_rotated_after(&self, rotated: &Self) -> bool {
        let times = self.issued_at().zip(rotated.issued_at());
        let secrets = self.secret.as_ref().zip(rotated.secret.as_ref());
        match (times, secrets) {
            (Some((now, ours)), _) if now != ours => now > ours,
            (_, Some((now, ours))) => now != ours,
            _ => false,
        }
    }

    pub(super) fn issued(self) -> Issued<AccessToken> {
        let mut record = self.record();
        let secret = record.token.take();
        Issued {
            record,
            secret,
            retired: Vec::new(),
        }
    }

    pub(super) fn record(self) -> AccessTokenRecord {
        let issued_at = self.issued_at();
        let Self {
            name,
            id: _,
            secret,
            description,
            auth_scopes,
            roles,
            disabled,
            permissions,
            limits,
            notifications,
            expiry,
            latest_rotation: _,
            created,
        } = self;
        let disabled = disabled.unwrap_or(false);
        let time = |milliseconds: Option<i64>| {
            // The server keeps milliseconds; lengths are given to it in seconds.
            Timestamp::from_second(milliseconds?.div_euclid(1000)).ok()
        };
        AccessTokenRecord {
            id: name.clone(),
            name,
            service_account: None,
            description: description.filter(|text| !text.is_empty()),
            roles: roles.map(titles),
            scopes: auth_scopes.map(|scopes| {
                let scopes = scopes.unwrap_or_default().into_iter();
                scopes.map(|scope| scope.to_lowercase()).collect()
            }),
            expires_at: time(expiry),
            disabled,
            visibility: permissions.and_then(|permissions| permissions.visibility()),
            limits: limits.and_then(LimitsWire::limits),
            alerts: notifications
                .into_iter()
                .flatten()
                .map(Into::into)
                .collect(),
            token: secret.filter(|secret| !secret.is_empty()),
            issued_at,
            issued_not_before: None,
            generation: None,
            standing: if disabled {
                Standing::Disabled
            } else {
                Standing::Unsaid
            },
            previous: Previous::Unreported,
            retired: None,
            created_at: time(created),
            last_used_at: None,
            managed_by: None,
            origin: None,
            secret_prefix: None,
        }
    }
}

fn titles(roles: Option<Vec<Role>>) -> BTreeSet<String> {
    let roles = roles.unwrap_or_default().into_iter();
    roles.map(|role| role.title).collect()
}

/// A new token. What the configuration leaves to the server is left out.
pub(super) fn create(desired: &AccessToken, now: Timestamp, organization: &str) -> Json {
    let mut body = fields(desired, None, organization);
    if let Some(scopes) = &desired.scopes {
        body.insert("authScopes".to_owned(), wire_scopes(scopes));
    }
    if let Some(seconds) = seconds_until_expiry(desired, now) {
        body.insert("secondsUntilExpiry".to_owned(), json!(seconds));
    }
    Json::Object(body)
}

/// Every writable field: what a PUT leaves out may be kept or reset, and neither the reference nor the provider says which. The end is sent only if it moves,
/// since it is a length counted from now.
pub(super) fn update(
    before: &Token,
    current: &AccessToken,
    desired: &AccessToken,
    now: Timestamp,
    organization: &str,
) -> Json {
    let mut body = fields(desired, Some(before), organization);
    if let Some(Some(scopes)) = &before.auth_scopes {
        body.insert("authScopes".to_owned(), json!(scopes));
    }
    if desired.expires_at != current.expires_at
        && let Some(end) = desired.expires_at
    {
        body.insert("secondsUntilExpiry".to_owned(), json!(seconds(end, now)));
    }
    Json::Object(body)
}

/// How long a new secret is to last; `None` leaves that to the server.
pub(super) fn seconds_until_expiry(desired: &AccessToken, now: Timestamp) -> Option<i64> {
    match (desired.ttl, desired.expires_at) {
        (Some(ttl), _) => i64::try_from(ttl.seconds()).ok(),
        (None, end) => end.map(|end| seconds(end, now)),
    }
}

/// The server takes no end that is past: the least it takes stands for it.
fn seconds(end: Timestamp, now: Timestamp) -> i64 {
    (end.as_second() - now.as_second()).max(1)
}

fn fields(desired: &AccessToken, before: Option<&Token>, organization: &str) -> Map<String, Json> {
    let AccessToken {
        name,
        service_account: _,
        description,
        roles,
        scopes: _,
        expires_at: _,
        ttl: _,
        disabled,
        on_conflict: _,
        recipient: _,
        rotation: _,
        visibility,
        limits,
        alerts,
    } = desired;
    let mut body = Map::new();
    let mut put = |name: &str, value: Json| {
        body.insert(name.to_owned(), value);
    };
    put("name", json!(name));
    put("disabled", json!(disabled));
    let permitted = before.and_then(|before| before.permissions.as_ref());
    put(
        "permissions",
        json!(Permissions::wanted(
            visibility.as_ref(),
            permitted,
            organization
        )),
    );
    put(
        "notifications",
        alerts.iter().map(notification).collect::<Vec<_>>().into(),
    );
    if description.is_some() || before.is_some() {
        put(
            "description",
            json!(description.as_deref().unwrap_or_default()),
        );
    }
    let held = before.and_then(|before| before.roles.clone().map(titles));
    let held = held.filter(|held| !held.is_empty());
    // Where there are none, none is taken away: a list has to name one, says the reference, and is for tokens of the API alone.
    let wanted = roles
        .as_ref()
        .filter(|roles| !roles.is_empty() || held.is_some());
    if let Some(roles) = wanted.or(held.as_ref()) {
        let roles: Vec<_> = roles
            .iter()
            .map(|title| json!({ "title": title }))
            .collect();
        put("roles", roles.into());
    }
    let limits_before = before.and_then(|before| before.limits.as_ref());
    if let Some(limits) = limits_fields(limits.as_ref(), limits_before) {
        put("limits", json!(limits));
    }
    body
}

fn wire_scopes(scopes: &BTreeSet<String>) -> Json {
    scopes
        .iter()
        .map(|scope| scope.to_uppercase())
        .collect::<Vec<_>>()
        .into()
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::{Lifetime, decode};
    use lanyard_compiler::value::Value;

    use super::*;

    const ANSWER: &str = r#"{"name": "ci/ingest", "id": "ABC123", "secret": "s3cr3t", "authScopes": ["INGEST"], "description": "CI",
        "disabled": false, "created": 1767225600000, "lastUpdated": 1767225600000, "latestRotation": 1767225600000,
        "expiry": 1775001600000, "creator": "U1", "lastUpdatedBy": "U1", "exceedingLimits": false, "orgId": "O1",
        "permissions": {"acl": [{"principalId": "TEAMID1", "principalType": "TEAM", "actions": ["READ"]}], "parent": null},
        "limits": {"categoryQuota": {"3": 1000}, "categoryNotificationThreshold": {"3": 900}},
        "notifications": [{"type": "Email", "email": "ops@example.com"}]}"#;

    fn token() -> Token {
        serde_json::from_str(ANSWER).unwrap()
    }

    fn desired() -> AccessToken {
        let Token { .. } = token();
        let record = token().record();
        AccessToken {
            name: record.name,
            description: record.description,
            scopes: record.scopes,
            ttl: Some(Lifetime::from_seconds(7_776_000)),
            visibility: record.visibility,
            limits: record.limits,
            alerts: record.alerts,
            ..empty()
        }
    }

    fn empty() -> AccessToken {
        decode::<AccessToken>(&Value::map([("name", "ci/ingest".into())])).unwrap()
    }

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_references_answer_becomes_a_record() {
        let record = token().record();
        assert_eq!(
            (record.id.as_str(), record.name.as_str()),
            ("ci/ingest", "ci/ingest")
        );
        assert_eq!(record.scopes, Some(BTreeSet::from(["ingest".to_owned()])));
        assert_eq!(
            record.expires_at,
            Some("2026-04-01T00:00:00Z".parse().unwrap())
        );
        assert_eq!(record.issued_at, Some(now()));
        assert_eq!(record.token, Some(Secret::new("s3cr3t")));
        let limits = record.limits.unwrap();
        assert_eq!(
            (limits.custom_metrics, limits.custom_metrics_alert),
            (Some(1000), Some(900))
        );
        assert_eq!(record.alerts[0].email.as_deref(), Some("ops@example.com"));
    }

    #[test]
    fn a_creation_is_the_references_request() {
        let expected = json!({"name": "ci/ingest", "description": "CI", "authScopes": ["INGEST"], "secondsUntilExpiry": 7_776_000,
            "permissions": {"acl": [{"principalId": "TEAMID1", "principalType": "TEAM", "actions": ["READ"]}]},
            "limits": {"categoryQuota": {"3": 1000}, "categoryNotificationThreshold": {"3": 900}},
            "disabled": false,
            "notifications": [{"type": "Email", "email": "ops@example.com"}]});
        assert_eq!(create(&desired(), now(), ""), expected);
    }

    #[test]
    fn an_update_sends_every_field_and_the_end_only_if_it_moves() {
        let current = AccessToken {
            expires_at: token().record().expires_at,
            ..empty()
        };
        let body = update(&token(), &current, &current, now(), "");
        let expected = json!({"name": "ci/ingest", "description": "", "authScopes": ["INGEST"], "disabled": false,
            "permissions": null, "notifications": []});
        assert_eq!(body, expected);
        let later = AccessToken {
            expires_at: Some("2026-01-01T01:00:00Z".parse().unwrap()),
            ..current.clone()
        };
        let body = update(&token(), &current, &later, now(), "");
        assert_eq!(body["secondsUntilExpiry"], json!(3600));
    }

    #[test]
    fn roles_are_sent_where_there_are_any() {
        let sent = |before: Json, roles: Option<&[&str]>| {
            let before: Token = serde_json::from_value(before).unwrap();
            let roles = roles.map(|roles| roles.iter().map(|role| (*role).to_owned()).collect());
            let desired = AccessToken { roles, ..empty() };
            update(&before, &empty(), &desired, now(), "")["roles"].clone()
        };
        let none = json!({"name": "t", "roles": null});
        let usage = json!({"name": "t", "roles": [{"title": "usage"}]});
        assert_eq!(sent(none.clone(), None), Json::Null);
        assert_eq!(sent(none.clone(), Some(&[])), Json::Null);
        assert_eq!(sent(none, Some(&["power"])), json!([{"title": "power"}]));
        assert_eq!(sent(usage.clone(), None), json!([{"title": "usage"}]));
        assert_eq!(sent(usage, Some(&[])), json!([]));
    }

    #[test]
    fn a_list_without_anything_may_leave_out_what_it_says() {
        for text in [r#"{"count": 0, "results": null}"#, "{}"] {
            let list: List = serde_json::from_str(text).unwrap();
            assert_eq!(list.came(), 0, "{text}");
        }
    }

    #[test]
    fn what_is_left_out_means_nothing() {
        let token: Token = serde_json::from_str(r#"{"name": "bare"}"#).unwrap();
        let record = token.record();
        assert_eq!(
            (record.token, record.limits, record.visibility),
            (None, None, None)
        );
    }

    #[test]
    fn scopes_and_roles_that_are_left_out_are_not_known() {
        let read = |text: &str| {
            let token: Token = serde_json::from_str(text).unwrap();
            let record = token.record();
            (record.scopes, record.roles)
        };
        assert_eq!(read(r#"{"name": "bare"}"#), (None, None));
        let none = Some(BTreeSet::new());
        let said = r#"{"name": "bare", "authScopes": null, "roles": []}"#;
        assert_eq!(read(said), (none.clone(), none));
        let odd = r#"{"name": "odd", "roles": [{"id": "R1"}]}"#;
        assert!(serde_json::from_str::<Token>(odd).is_err());
    }
}
