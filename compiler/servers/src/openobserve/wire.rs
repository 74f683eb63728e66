//! OpenObserve's JSON and its conversion. The model is taken apart without `..`, so that the next attribute stops the build here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::openobserve::{address, is_default, name_within};
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::secret::Secret;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::id;

/// What a rotation answers for an account whose secret is never shown.
pub(super) const NOT_AVAILABLE: &str = "NOT_AVAILABLE";

#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
}

/// The answer of `/config`, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    pub(super) version: Option<String>,
    build_type: Option<String>,
    #[serde(default)]
    sso_enabled: bool,
    /// Always there (`ConfigResponse`): without roles, lists hide nothing, and what they lack is gone.
    rbac_enabled: bool,
    #[serde(default)]
    service_account_enabled: bool,
}

impl Config {
    /// Roles are the enterprise edition's.
    pub(super) fn has_roles(&self) -> bool {
        self.rbac_enabled
    }

    /// v0.91.0 to v0.91.5 replace the organization's ingestion token instead of an account's secret (openobserve/openobserve#12944).
    pub(super) fn rotates_the_wrong_token(&self) -> bool {
        let version = self.version.as_deref().unwrap_or_default();
        let patch = version.trim_start_matches('v').strip_prefix("0.91.");
        let patch = patch.and_then(|patch| patch.split(['-', '+']).next()?.parse::<u32>().ok());
        patch.is_some_and(|patch| patch <= 5)
    }

    pub(super) fn features(&self) -> Vec<String> {
        let mut features: Vec<String> = [
            ("rbac", self.rbac_enabled),
            ("service_accounts", self.service_account_enabled),
            ("sso", self.sso_enabled),
        ]
        .into_iter()
        .filter(|(_, enabled)| *enabled)
        .map(|(name, _)| name.to_owned())
        .collect();
        features.extend(self.build_type.clone());
        features.sort();
        features
    }
}

/// A member of an organization as the list of service accounts shows it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    /// As the next three always there (`UserResponse`): what is left out would be taken for a person, and the account for gone; an update
    /// writes both names.
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    role: String,
    /// Microseconds since 1970.
    created_at: Option<i64>,
    /// Four characters of the secret and stars.
    token: Option<String>,
}

/// As much of a secret as lists show.
pub(super) fn beginning(secret: &Secret) -> String {
    secret.expose().chars().take(4).collect()
}

impl Account {
    pub(super) fn is(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email)
    }

    /// False for people and for what OpenObserve runs itself.
    pub(super) fn is_service_account(&self) -> bool {
        self.role == "service_account"
    }

    /// True for people who may do everything in the organization.
    pub(super) fn administers(&self) -> bool {
        matches!(self.role.as_str(), "admin" | "root")
    }

    /// What is shown of the secret.
    pub(super) fn prefix(&self) -> Option<String> {
        let shown = self.token.as_deref()?.split('*').next()?;
        (shown.len() >= 4).then(|| shown.to_owned())
    }

    /// As much of another secret as is shown of this one.
    pub(super) fn prefix_of(&self, secret: &Secret) -> Option<String> {
        let shown = self.prefix()?.chars().count();
        Some(secret.expose().chars().take(shown).collect())
    }

    /// True unless its secret is shown to begin otherwise.
    pub(super) fn may_begin(&self, beginning: &str) -> bool {
        self.prefix()
            .is_none_or(|shown| shown.starts_with(beginning) || beginning.starts_with(&shown))
    }

    /// True if what is shown of its secret fits this one.
    pub(super) fn has(&self, secret: &Secret) -> bool {
        self.prefix()
            .is_none_or(|prefix| secret.expose().starts_with(&prefix))
    }

    pub(super) fn record(
        &self,
        organization: &str,
        roles: BTreeSet<String>,
    ) -> ServiceAccountRecord {
        ServiceAccountRecord {
            id: id(organization, &self.email),
            name: name_within(&self.email, organization)
                .unwrap_or_default()
                .to_owned(),
            email: Some(self.email.clone()),
            description: Some(self.first_name.clone()).filter(|text| !text.is_empty()),
            roles,
            created_at: self.created_at.and_then(time),
            secret_prefix: self.prefix(),
            ..ServiceAccountRecord::default()
        }
    }

    /// The account's one secret, as a token: its name is nobody's but ours.
    pub(super) fn own_token(&self, organization: &str) -> AccessTokenRecord {
        let id = id(organization, &self.email);
        AccessTokenRecord {
            service_account: Some(id.clone()),
            id,
            secret_prefix: self.prefix(),
            ..AccessTokenRecord::default()
        }
    }
}

/// The answer to a creation or a rotation.
#[derive(Debug, Deserialize)]
pub(super) struct Issued {
    pub(super) token: Option<Secret>,
}

/// An ingestion token; its secret is shown by every list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct IngestionToken {
    pub(super) name: String,
    description: String,
    pub(super) token: Secret,
    enabled: bool,
    created_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Created {
    pub(super) data: IngestionToken,
}

/// An older interface to the default ingestion token.
#[derive(Debug, Deserialize)]
pub(super) struct ShownPasscode {
    pub(super) data: Passcode,
}

#[derive(Debug, Deserialize)]
pub(super) struct Passcode {
    pub(super) passcode: Secret,
}

impl IngestionToken {
    pub(super) fn record(self, organization: &str) -> AccessTokenRecord {
        let Self {
            name,
            description,
            token,
            enabled,
            created_at,
        } = self;
        let created_at = created_at.and_then(time);
        // Its secret can be replaced, and the server does not say when that was.
        let issued_at = created_at.filter(|_| !is_default(&name));
        AccessTokenRecord {
            id: id(organization, &name),
            // What the server says of its own token is not ours to configure.
            description: Some(description).filter(|text| !text.is_empty() && !is_default(&name)),
            name,
            disabled: !enabled,
            token: Some(token),
            issued_at,
            created_at,
            ..AccessTokenRecord::default()
        }
    }
}

/// The address of an account: the one configured, or what the vendor's own pages make of a name since v0.92
/// (`web/src/components/iam/serviceAccounts/`).
pub(super) fn email(account: &ServiceAccount, organization: &str) -> String {
    account.email.as_ref().map_or_else(
        || address(&account.name, organization),
        |email| email.trim().to_lowercase(),
    )
}

pub(super) fn create_account(account: &ServiceAccount, organization: &str) -> Json {
    let ServiceAccount {
        name: _,
        slug: _,
        email: _,
        description,
        roles: _,
        disabled: _,
        unrestricted: _,
        on_conflict: _,
        restriction: _,
        rotation: _,
    } = account;
    json!({
        "email": email(account, organization),
        "first_name": description.as_deref().unwrap_or_default(),
        "last_name": "",
    })
}

/// An update replaces both names: a missing one would be cleared.
pub(super) fn update_account(description: Option<&str>, last_name: &str) -> Json {
    json!({ "first_name": description.unwrap_or_default(), "last_name": last_name })
}

pub(super) fn create_ingestion_token(token: &AccessToken) -> Json {
    let AccessToken {
        name,
        service_account: _,
        description,
        roles: _,
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
    let mut body = json!({ "name": name });
    if let (Some(description), Some(body)) = (description, body.as_object_mut()) {
        // `null` would be refused: 422, "invalid type: null, expected a string" (serde's answer in axum 0.8.9).
        body.insert("description".to_owned(), json!(description));
    }
    body
}

/// The server counts microseconds; we keep seconds.
fn time(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(microseconds.div_euclid(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Account {
        serde_json::from_str(
            r#"{"email":"ci.default@sa.internal","first_name":"CI pipeline","last_name":"","role":"service_account",
            "is_external":false,"created_at":1795309908123456,"token":"Ab3x********"}"#,
        )
        .unwrap()
    }

    #[test]
    fn an_account_is_read_from_the_list() {
        let record = listed().record("default", BTreeSet::new());
        assert_eq!(record.id, "default/ci.default@sa.internal");
        assert_eq!(record.name, "ci");
        assert_eq!(record.description.as_deref(), Some("CI pipeline"));
        assert_eq!(
            record.created_at.unwrap().to_string(),
            "2026-11-22T01:11:48Z"
        );
        assert!(listed().has(&Secret::new("Ab3x567812345678")));
        assert!(!listed().has(&Secret::new("Ab3y567812345678")));
        assert_eq!(listed().record("other", BTreeSet::new()).name, "");
    }

    #[test]
    fn addresses_are_made_of_names_in_lower_case() {
        let mut account: ServiceAccount = serde_json::from_str(r#"{"name":"ci"}"#).unwrap();
        assert_eq!(email(&account, "2rGx"), "ci.2rgx@sa.internal");
        account.email = Some("Ops@Example.com ".to_owned());
        assert_eq!(email(&account, "2rGx"), "ops@example.com");
    }

    #[test]
    fn versions_that_rotate_the_wrong_token_are_known() {
        for (version, expected) in [
            ("v0.90.3", false),
            ("v0.91.0", true),
            ("0.91.5", true),
            ("v0.91.5-ee", true),
            ("v0.91.6", false),
            ("v0.92.0", false),
            ("", false),
        ] {
            let config = Config {
                version: Some(version.to_owned()),
                ..Config::default()
            };
            assert_eq!(config.rotates_the_wrong_token(), expected, "{version}");
        }
    }

    #[test]
    fn a_masked_secret_says_nothing() {
        let mut account = listed();
        account.token = Some("************".to_owned());
        assert!(account.has(&Secret::new("Ab3y567812345678")));
    }
}
