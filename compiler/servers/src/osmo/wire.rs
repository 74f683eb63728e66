//! OSMO's JSON and its conversion. The model is taken apart without `..`, so that the next attribute stops the build here.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::osmo::DEFAULT_LIFETIME;
use lanyard_compiler::model::{AccessToken, Lifetime, ServiceAccount};
use lanyard_compiler::secret::Secret;
use reqwest::header::HeaderValue;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

use super::user_reference;
use crate::lenient::said;
use crate::record::{Identity, IdentityToken};
use crate::slots::{self, Slot};

/// A user, as lists and the answer to a creation show one.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    created_at: Option<Timestamp>,
}

/// A user with its roles, as the answer about one alone has it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct UserWithRoles {
    #[serde(flatten)]
    user: User,
    roles: Vec<Role>,
}

impl UserWithRoles {
    /// When it was made, by the server's clock.
    pub(super) fn made(&self) -> Option<Timestamp> {
        self.user.created_at
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Role {
    role_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Users {
    /// Of all pages.
    pub(super) total_results: u64,
    pub(super) start_index: u64,
    pub(super) users: Vec<User>,
}

/// Who has a role.
#[derive(Debug, Deserialize)]
pub(super) struct RoleUsers {
    pub(super) users: Vec<RoleUser>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleUser {
    pub(super) user_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleDefinition {
    pub(super) name: String,
}

/// One secret: see [`slots`].
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Token {
    user_name: String,
    token_name: String,
    /// Without it a token would pass for one without end.
    #[serde(deserialize_with = "end_or_null")]
    expires_at: Option<Timestamp>,
    #[serde(deserialize_with = "said")]
    description: Option<String>,
    roles: BTreeSet<String>,
    /// When its user was made, which another answer tells.
    #[serde(skip)]
    user_made: Option<Timestamp>,
}

/// The answer to the exchange of an access token.
#[derive(Debug, Deserialize)]
pub(super) struct Exchanged {
    pub(super) token: Secret,
    /// Seconds since 1970.
    pub(super) expires_at: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    major: String,
    minor: String,
    revision: String,
}

/// What the service knows of the caller.
#[derive(Debug, Deserialize)]
pub(super) struct Profile {
    /// Servers before it was there say nothing of it.
    token: Option<ProfileToken>,
}

#[derive(Debug, Deserialize)]
struct ProfileToken {
    #[serde(deserialize_with = "end_or_null")]
    expires_at: Option<Timestamp>,
}

impl Profile {
    /// When the caller's access token ends.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        self.token.as_ref()?.expires_at
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.revision)
    }
}

impl User {
    pub(super) fn record(self, roles: BTreeSet<String>) -> ServiceAccountRecord {
        ServiceAccountRecord {
            name: self.id.clone(),
            id: self.id,
            roles,
            created_at: self.created_at.map(whole_seconds),
            ..ServiceAccountRecord::default()
        }
    }
}

impl UserWithRoles {
    pub(super) fn role_names(&self) -> BTreeSet<String> {
        self.roles
            .iter()
            .map(|role| role.role_name.clone())
            .collect()
    }

    pub(super) fn identity(self) -> Identity {
        let roles = self.role_names();
        let User { id, .. } = self.user;
        Identity {
            kind: "user".to_owned(),
            service_account: Some(user_reference(&id)),
            roles: roles.into_iter().collect(),
            name: id.clone(),
            id,
            ..Identity::default()
        }
    }
}

impl From<UserWithRoles> for ServiceAccountRecord {
    fn from(user: UserWithRoles) -> Self {
        let roles = user.role_names();
        user.user.record(roles)
    }
}

impl Slot for Token {
    fn name(&self) -> &str {
        &self.token_name
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl Token {
    /// What a secret that was just issued is to be, where nobody could look.
    pub(super) fn issued(user: &str, token: &AccessToken, generation: i64, end: Date) -> Self {
        let AccessToken {
            name,
            service_account: _,
            description,
            roles,
            scopes: _,
            expires_at: _,
            ttl: _,
            disabled: _,
            on_conflict: _,
            recipient: _,
            rotation: _,
            visibility: _,
            limits: _,
            alerts: _,
        } = token;
        Self {
            user_name: user.to_owned(),
            token_name: slots::slot(name, generation),
            expires_at: utc(end.into()),
            description: description.clone(),
            roles: roles.clone().unwrap_or_default(),
            user_made: None,
        }
    }

    /// With when its user was made.
    pub(super) fn of(self, user: &UserWithRoles) -> Self {
        Self {
            user_made: user.made(),
            ..self
        }
    }

    /// The token that this secret is of.
    pub(super) fn record(self) -> AccessTokenRecord {
        let (name, generation) = slots::unslot(&self.token_name);
        AccessTokenRecord {
            id: slots::id(&self.user_name, name),
            name: name.to_owned(),
            service_account: Some(self.user_name),
            description: self.description.filter(|text| !text.is_empty()),
            roles: Some(self.roles),
            expires_at: self.expires_at,
            generation: Some(generation),
            issued_not_before: self.user_made,
            ..AccessTokenRecord::default()
        }
    }
}

pub(super) fn create_user(account: &ServiceAccount) -> Json {
    let ServiceAccount {
        name,
        slug: _,
        email: _,
        description: _,
        roles,
        disabled: _,
        unrestricted: _,
        on_conflict: _,
        restriction: _,
        rotation: _,
    } = account;
    json!({ "id": name, "roles": roles })
}

/// The query that issues a secret: OSMO takes no body there.
pub(super) fn create_token(token: &AccessToken, end: Date) -> Vec<(&'static str, String)> {
    let AccessToken {
        name: _,
        service_account: _,
        description,
        roles,
        scopes: _,
        expires_at: _,
        ttl: _,
        disabled: _,
        on_conflict: _,
        recipient: _,
        rotation: _,
        visibility: _,
        limits: _,
        alerts: _,
    } = token;
    let mut query = vec![("expires_at", end.to_string())];
    query.extend(
        description
            .clone()
            .map(|description| ("description", description)),
    );
    // A set: a role that comes twice is refused with "User does not have all the requested roles" (recorded).
    let roles = roles.iter().flatten();
    query.extend(roles.map(|role| ("roles", role.clone())));
    query
}

/// The day on which a new secret ends: never later than asked for.
pub(super) fn last_day(
    expires_at: Option<Timestamp>,
    ttl: Option<Lifetime>,
    now: Timestamp,
) -> Date {
    let end = match (expires_at, ttl) {
        (_, Some(ttl)) => ttl.after(now).unwrap_or(Timestamp::MAX),
        (Some(end), None) => end,
        (None, None) => DEFAULT_LIFETIME.after(now).unwrap_or(Timestamp::MAX),
    };
    end.to_zoned(TimeZone::UTC).date()
}

/// `2026-12-23T00:00:00`: a time in UTC that does not say so.
fn end(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| utc(text.parse().ok()?))
}

fn utc(time: DateTime) -> Option<Timestamp> {
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// When something ends, or `null`: what is left out, or is no time, is an error.
fn end_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let end = end(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no time")))?;
    Ok(Some(end))
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// What the JWT says of us.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    unique_name: String,
    /// In every token of the service (`src/utils/auth.py`); a gateway that makes its own may leave it out, and then only the profile of the
    /// caller lacks them.
    #[serde(default)]
    roles: BTreeSet<String>,
    osmo_token_name: Option<String>,
}

impl Claims {
    /// The claims of an `Authorization` header. They come from the server over our own connection: no signature to check.
    pub(super) fn read(header: &HeaderValue) -> Option<Self> {
        let token = header.to_str().ok()?.strip_prefix("Bearer ")?;
        let claims = token.split('.').nth(1)?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    pub(super) fn identity(self) -> Identity {
        let Self {
            unique_name: user,
            roles,
            osmo_token_name,
        } = self;
        Identity {
            kind: "user".to_owned(),
            id: user.clone(),
            name: user.clone(),
            service_account: Some(user_reference(&user)),
            access_token: osmo_token_name.map(|token| {
                let (name, generation) = slots::unslot(&token);
                IdentityToken {
                    id: slots::id(&user, name),
                    name: name.to_owned(),
                    expires_at: None,
                    generation: Some(generation),
                }
            }),
            roles: roles.into_iter().collect(),
            ..Identity::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn ends_are_rounded_down_to_the_day_in_utc() {
        let now = time("2026-11-22T10:00:00Z");
        let days = |days: u64| Some(Lifetime::from_seconds(days * 86_400));
        for (expires_at, ttl, expected) in [
            (None, None, "2026-12-23"),
            (None, days(1), "2026-11-23"),
            (None, days(365), "2027-11-22"),
            (Some("2026-12-23T23:59:59Z"), None, "2026-12-23"),
            (Some("2026-12-24T01:00:00+02:00"), None, "2026-12-23"),
        ] {
            let last = last_day(expires_at.map(time), ttl, now);
            assert_eq!(last.to_string(), expected);
        }
    }

    #[test]
    fn a_token_is_its_newest_secret() {
        let tokens: Vec<Token> = serde_json::from_str(
            r#"[
            {"user_name":"svc","token_name":"ci","expires_at":"2026-12-23T00:00:00","description":"","roles":["osmo-user"]},
            {"user_name":"svc","token_name":"ci--2","expires_at":"2027-01-23T00:00:00","description":"d","roles":["a","b"]},
            {"user_name":"svc","token_name":"ops","expires_at":"2026-12-23T00:00:00","description":null,"roles":[]}
            ]"#,
        )
        .unwrap();
        let found: Vec<_> = slots::current(&tokens)
            .map(|token| token.clone().record())
            .collect();
        let facts: Vec<_> = found
            .iter()
            .map(|token| (token.id.as_str(), token.generation))
            .collect();
        assert_eq!(facts, [("svc/ci", Some(2)), ("svc/ops", Some(1))]);
        assert_eq!(found[0].expires_at, Some(time("2027-01-23T00:00:00Z")));
        assert_eq!(found[0].description.as_deref(), Some("d"));
        assert_eq!(found[1].description, None);
    }

    #[test]
    fn an_end_that_is_left_out_or_no_time_is_not_never() {
        let read = |end: &str| {
            let text = format!(
                r#"{{"user_name":"svc","token_name":"ci",{end}"description":"","roles":[]}}"#
            );
            serde_json::from_str::<Token>(&text).map(|token| token.expires_at())
        };
        assert_eq!(read(r#""expires_at":null,"#).unwrap(), None);
        assert!(
            read(r#""expires_at":"2026-12-23T00:00:00","#)
                .unwrap()
                .is_some()
        );
        for said in ["", r#""expires_at":"","#, r#""expires_at":"never","#] {
            assert!(read(said).is_err(), "{said}");
        }
    }

    #[test]
    fn the_profile_knows_when_our_token_ends() {
        for (body, expected) in [
            (
                r#"{"profile":{"username":"svc"},"roles":[],"pools":[],"token":{"name":"ci","expires_at":"2026-11-27T00:00:00"}}"#,
                Some(time("2026-11-27T00:00:00Z")),
            ),
            (r#"{"token":{"name":"ci","expires_at":null}}"#, None),
            (r#"{"profile":{"username":"svc"},"token":null}"#, None),
        ] {
            let profile: Profile = serde_json::from_str(body).unwrap();
            assert_eq!(profile.ends_at(), expected, "{body}");
        }
    }

    #[test]
    fn the_exchange_says_who_we_are() {
        let claims = r#"{"iss":"osmo","exp":1795310267,"unique_name":"svc","roles":["osmo-admin"],"osmo_token_name":"ci--3"}"#;
        let header = format!("Bearer e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
        let identity = Claims::read(&HeaderValue::from_str(&header).unwrap())
            .unwrap()
            .identity();
        let token = identity.access_token.unwrap();
        assert_eq!((token.id.as_str(), token.generation), ("svc/ci", Some(3)));
        assert_eq!(identity.roles, ["osmo-admin"]);
    }
}
