//! Chronosphere's JSON and its conversion. Everything of the model is taken apart without `..`, so that the next attribute stops
//! the build here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::chronosphere;
use lanyard_compiler::model::service_account::Permission;
use lanyard_compiler::model::{Restriction, ServiceAccount};
use lanyard_compiler::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::lenient::Items;
use crate::record::Cursor;

/// The answer about one account.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    pub(super) service_account: Account,
}

/// One page of a list; without `page` it is the last one, as for the vendor's own client.
#[derive(Debug, Deserialize)]
pub(super) struct List {
    page: Option<PageWire>,
    pub(super) service_accounts: Items<Account>,
}

#[derive(Debug, Deserialize)]
struct PageWire {
    next_token: Option<String>,
}

/// `GET /auth/whoami`.
#[derive(Debug, Deserialize)]
pub(super) struct WhoAmI {
    pub(super) email: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "AccountWire")]
pub(super) struct Account(AccountWire);

/// One of the two says what it can do; the other is left out ("only one of unrestricted or metrics_restriction must be set").
impl TryFrom<AccountWire> for Account {
    type Error = &'static str;

    fn try_from(account: AccountWire) -> Result<Self, Self::Error> {
        let is_unrestricted = account.unrestricted == Some(true);
        match (is_unrestricted, &account.metrics_restriction) {
            (true, Some(_)) => Err("it is unrestricted and restricted"),
            (false, None) => Err("neither `unrestricted` nor `metrics_restriction` is said"),
            (true, None) | (false, Some(_)) => Ok(Self(account)),
        }
    }
}

#[derive(Debug, Deserialize)]
struct AccountWire {
    slug: String,
    name: String,
    email: Option<String>,
    /// Only in the answer to a creation: "ReadServiceAccount always returns an empty token".
    token: Option<Secret>,
    unrestricted: Option<bool>,
    metrics_restriction: Option<RestrictionWire>,
    created_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize, Serialize)]
struct RestrictionWire {
    permission: PermissionWire,
    /// Left out where there are none (`models.ServiceAccountMetricsRestriction` of the vendor's client: `omitempty`).
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PermissionWire {
    Read,
    Write,
    ReadWrite,
}

impl List {
    /// An empty token ends the list as well as none, as `chronosphere/pagination/pagination.gen.go` reads it.
    pub(super) fn next(&self) -> Option<Cursor> {
        let token = self.page.as_ref()?.next_token.clone()?;
        (!token.is_empty()).then_some(Cursor(token))
    }

    pub(super) fn records(self) -> impl Iterator<Item = ServiceAccountRecord> {
        self.service_accounts.read.into_iter().map(Account::record)
    }
}

impl Account {
    pub(super) fn record(self) -> ServiceAccountRecord {
        let AccountWire {
            slug,
            name,
            email,
            token,
            unrestricted: _,
            metrics_restriction,
            created_at,
        } = self.0;
        ServiceAccountRecord {
            id: slug.clone(),
            name,
            slug: Some(slug),
            email,
            description: None,
            roles: BTreeSet::new(),
            disabled: false,
            restriction: metrics_restriction.map(Into::into),
            created_at,
            token: token.filter(|token| !token.expose().is_empty()),
            last_used_at: None,
            managed_by: None,
            origin: None,
            secret_prefix: None,
        }
    }
}

/// The creation of an account. It always names a slug: a second creation after a lost answer must not make a second account.
pub(super) fn create(account: &ServiceAccount) -> Json {
    let ServiceAccount {
        name,
        slug: _,
        email: _,
        description: _,
        roles: _,
        disabled: _,
        unrestricted: _,
        on_conflict: _,
        restriction,
        rotation: _,
    } = account;
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(name));
    if let Some(slug) = slug(account) {
        body.insert("slug".to_owned(), json!(slug));
    }
    match restriction {
        None => body.insert("unrestricted".to_owned(), json!(true)),
        Some(restriction) => body.insert(
            "metrics_restriction".to_owned(),
            json!(RestrictionWire::from(restriction)),
        ),
    };
    json!({ "service_account": body })
}

/// The slug that is configured, or one like the server's own. `None` leaves it to the server.
pub(super) fn slug(account: &ServiceAccount) -> Option<String> {
    if let Some(slug) = &account.slug {
        return Some(slug.clone());
    }
    chronosphere::slug(&account.name)
}

impl From<RestrictionWire> for Restriction {
    fn from(restriction: RestrictionWire) -> Self {
        let RestrictionWire { permission, labels } = restriction;
        Self {
            permission: match permission {
                PermissionWire::Read => Permission::Read,
                PermissionWire::Write => Permission::Write,
                PermissionWire::ReadWrite => Permission::ReadAndWrite,
            },
            labels: labels.unwrap_or_default(),
        }
    }
}

impl From<&Restriction> for RestrictionWire {
    fn from(restriction: &Restriction) -> Self {
        let Restriction { permission, labels } = restriction;
        Self {
            permission: match permission {
                Permission::Read => PermissionWire::Read,
                Permission::Write => PermissionWire::Write,
                Permission::ReadAndWrite => PermissionWire::ReadWrite,
            },
            labels: (!labels.is_empty()).then(|| labels.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::decode;
    use lanyard_compiler::value::Value;

    use super::*;

    fn named(name: &str) -> ServiceAccount {
        decode::<ServiceAccount>(&Value::map([("name", name.into())])).unwrap()
    }

    fn reader() -> ServiceAccount {
        ServiceAccount {
            restriction: Some(Restriction {
                permission: Permission::Read,
                labels: BTreeMap::from([("tenant".to_owned(), "acme".to_owned())]),
            }),
            ..named("Metrics Reader")
        }
    }

    #[test]
    fn a_creation_is_the_references_request() {
        let expected = json!({"service_account": {"name": "Metrics Reader", "slug": "metrics-reader",
            "metrics_restriction": {"permission": "READ", "labels": {"tenant": "acme"}}}});
        assert_eq!(create(&reader()), expected);
        let expected =
            json!({"service_account": {"name": "CI", "slug": "ci", "unrestricted": true}});
        assert_eq!(create(&named("CI")), expected);
    }

    #[test]
    fn the_references_answer_becomes_a_record() {
        let envelope: Envelope = serde_json::from_str(
            r#"{"service_account": {"slug": "metrics-reader", "name": "Metrics Reader",
            "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
            "token": "0123abcd-secret", "email": "ab12cd34@serviceaccount.chronosphere.io",
            "metrics_restriction": {"permission": "READ", "labels": {"tenant": "acme"}}}}"#,
        )
        .unwrap();
        let record = envelope.service_account.record();
        assert_eq!(
            (record.id.as_str(), record.slug.as_deref()),
            ("metrics-reader", Some("metrics-reader"))
        );
        assert_eq!(record.token, Some(Secret::new("0123abcd-secret")));
        assert_eq!(record.restriction, reader().restriction);
        assert_eq!(
            record.email.as_deref(),
            Some("ab12cd34@serviceaccount.chronosphere.io")
        );
    }

    #[test]
    fn later_answers_bring_no_secret_and_an_empty_page_token_ends_a_list() {
        let list: List = serde_json::from_str(
            r#"{"page": {"next_token": ""}, "service_accounts": [{"slug": "ci", "name": "CI", "token": "", "unrestricted": true}]}"#,
        )
        .unwrap();
        assert_eq!(list.next(), None);
        let record = list.records().next().unwrap();
        assert_eq!((record.token, record.restriction), (None, None));
        let list: List =
            serde_json::from_str(r#"{"page": {"next_token": "p2"}, "service_accounts": []}"#)
                .unwrap();
        assert_eq!(list.next(), Some(Cursor("p2".to_owned())));
    }

    #[test]
    fn null_is_nothing() {
        for text in [
            r#"{"page": null, "service_accounts": null}"#,
            r#"{"service_accounts": []}"#,
        ] {
            let list: List = serde_json::from_str(text).unwrap();
            assert_eq!((list.next(), list.records().count()), (None, 0), "{text}");
        }
        let list: List = serde_json::from_str(
            r#"{"service_accounts": [{"slug": "ci", "name": "CI", "email": null, "token": null, "created_at": null,
            "metrics_restriction": {"permission": "READ", "labels": null}}]}"#,
        )
        .unwrap();
        let restriction = list.records().next().unwrap().restriction.unwrap();
        assert!(restriction.labels.is_empty());
        assert_eq!(
            json!(RestrictionWire::from(&restriction)),
            json!({"permission": "READ"})
        );
    }

    #[test]
    fn an_account_of_which_nobody_says_what_it_can_do_is_not_unrestricted() {
        let read = |power: &str| {
            let text = format!(r#"{{"slug": "ci", "name": "CI"{power}}}"#);
            serde_json::from_str::<Account>(&text)
        };
        let restricted = r#", "metrics_restriction": {"permission": "READ"}"#;
        assert!(read(r#", "unrestricted": true"#).is_ok());
        assert!(read(restricted).is_ok());
        let both = format!(r#", "unrestricted": true{restricted}"#);
        let not = r#", "unrestricted": false, "metrics_restriction": null"#;
        for said in ["", not, &both] {
            assert!(read(said).is_err(), "{said}");
        }
    }

    #[test]
    fn a_list_that_is_left_out_is_an_error() {
        for text in ["{}", r#"{"page": {}}"#, r#"{"page": {"next_token": "p2"}}"#] {
            assert!(serde_json::from_str::<List>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slugs_are_made_of_names() {
        for (name, expected) in [
            ("Metrics Reader", Some("metrics-reader")),
            ("ci ü/%", Some("ci")),
            ("ü", None),
        ] {
            assert_eq!(slug(&named(name)).as_deref(), expected, "{name}");
        }
    }
}
