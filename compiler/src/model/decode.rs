//! Value -> model: a wholly known value of the schema's shape becomes a typed account, token or settings, or all the reasons why
//! it cannot.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::access_token::{
    AccessToken, Alert, Limits, OnConflict, Rotation, Visibility, VisibilityLevel,
};
use super::lifetime::{GracePeriod, Lifetime};
use super::server::Api;
use super::service_account::{Permission, Restriction, ServiceAccount};
use super::settings::Settings;
use crate::diagnostic::{Code, Diagnostic};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// Reads a service account; computed attributes are not looked at.
pub fn service_account(value: &Value) -> Result<ServiceAccount, Vec<Diagnostic>> {
    read(value, |reader| ServiceAccount {
        name: reader.required("name", Reader::text).unwrap_or_default(),
        slug: reader.optional("slug", Reader::text),
        email: reader.optional("email", Reader::text),
        description: reader.optional("description", Reader::text),
        roles: reader.optional("roles", Reader::texts).unwrap_or_default(),
        disabled: reader
            .optional("disabled", Reader::bool)
            .unwrap_or_default(),
        unrestricted: reader.optional("unrestricted", Reader::bool),
        on_conflict: reader
            .optional("on_conflict", on_conflict)
            .unwrap_or_default(),
        restriction: reader.optional("restriction", restriction),
        rotation: reader.optional("rotation", rotation),
    })
}

/// Reads an access token; computed attributes are not looked at.
pub fn access_token(value: &Value) -> Result<AccessToken, Vec<Diagnostic>> {
    read(value, |reader| AccessToken {
        name: reader.required("name", Reader::text).unwrap_or_default(),
        service_account: reader.optional("service_account", Reader::text),
        description: reader.optional("description", Reader::text),
        roles: reader.optional("roles", Reader::texts),
        scopes: reader.optional("scopes", Reader::texts),
        expires_at: reader.optional("expires_at", Reader::timestamp),
        ttl: reader.optional("ttl", Reader::lifetime),
        disabled: reader
            .optional("disabled", Reader::bool)
            .unwrap_or_default(),
        on_conflict: reader
            .optional("on_conflict", on_conflict)
            .unwrap_or_default(),
        recipient: reader.optional("recipient", Reader::text),
        rotation: reader.optional("rotation", rotation),
        visibility: reader.optional("visibility", visibility),
        limits: reader.optional("limits", limits),
        alerts: reader
            .optional("alert", |list| list.each(alert))
            .unwrap_or_default(),
    })
}

/// Reads the provider's settings.
pub fn settings(value: &Value) -> Result<Settings, Vec<Diagnostic>> {
    read(value, |reader| Settings {
        api: reader.optional("api", api),
        url: reader.optional("url", Reader::text),
        token: reader.optional("token", Reader::secret),
        username: reader.optional("username", Reader::text),
        password: reader.optional("password", Reader::secret),
        organization: reader.optional("organization", Reader::text),
        ca_file: reader.optional("ca_file", Reader::text),
        client_certificate: reader.optional("client_certificate", Reader::text),
        client_key: reader.optional("client_key", Reader::secret),
        allow_insecure_http: reader.optional("allow_insecure_http", Reader::bool),
        request_timeout: reader.optional("request_timeout", Reader::lifetime),
        max_retries: reader.optional("max_retries", Reader::small_number),
        max_requests_per_second: reader.optional("max_requests_per_second", Reader::small_number),
        clock_tolerance: reader.optional("clock_tolerance", Reader::lifetime),
    })
}

fn restriction(reader: &Reader<'_>) -> Option<Restriction> {
    Some(Restriction {
        permission: reader.required("permission", |text| {
            text.choice(&Permission::ALL.map(|permission| (permission.name(), permission)))
        })?,
        labels: reader
            .optional("labels", Reader::text_map)
            .unwrap_or_default(),
    })
}

fn rotation(reader: &Reader<'_>) -> Option<Rotation> {
    Some(Rotation {
        before_expiry: reader.optional("before_expiry", Reader::lifetime),
        grace_period: reader.optional("grace_period", Reader::grace_period),
        triggers: reader
            .optional("triggers", Reader::text_map)
            .unwrap_or_default(),
        jitter: reader.optional("jitter", Reader::lifetime),
    })
}

fn visibility(reader: &Reader<'_>) -> Option<Visibility> {
    Some(Visibility {
        level: reader.required("level", |text| {
            text.choice(&[
                ("admins", VisibilityLevel::Admins),
                ("selected", VisibilityLevel::Selected),
                ("everyone", VisibilityLevel::Everyone),
            ])
        })?,
        users: reader.optional("users", Reader::texts).unwrap_or_default(),
        teams: reader.optional("teams", Reader::texts).unwrap_or_default(),
    })
}

fn limits(reader: &Reader<'_>) -> Option<Limits> {
    let number = |name| reader.optional(name, Reader::number);
    Some(Limits {
        hosts: number("hosts"),
        hosts_alert: number("hosts_alert"),
        containers: number("containers"),
        containers_alert: number("containers_alert"),
        custom_metrics: number("custom_metrics"),
        custom_metrics_alert: number("custom_metrics_alert"),
        high_resolution_metrics: number("high_resolution_metrics"),
        high_resolution_metrics_alert: number("high_resolution_metrics_alert"),
        dpm: number("dpm"),
        dpm_alert: number("dpm_alert"),
        job_starts_per_minute: number("job_starts_per_minute"),
        event_searches_per_minute: number("event_searches_per_minute"),
        metric_time_series_per_minute: number("metric_time_series_per_minute"),
    })
}

fn alert(reader: &Reader<'_>) -> Option<Alert> {
    let text = |name| reader.optional(name, Reader::text);
    Some(Alert {
        kind: reader.required("type", Reader::text)?,
        credential_id: text("credential_id"),
        credential_name: text("credential_name"),
        email: text("email"),
        channel: text("channel"),
        team: text("team"),
        routing_key: text("routing_key"),
        responder_name: text("responder_name"),
        responder_id: text("responder_id"),
        responder_type: text("responder_type"),
        url: text("url"),
        secret: reader.optional("secret", Reader::secret),
    })
}

fn on_conflict(reader: &Reader<'_>) -> Option<OnConflict> {
    reader.choice(&[
        ("error", OnConflict::Error),
        ("adopt", OnConflict::Adopt),
        ("replace", OnConflict::Replace),
    ])
}

fn api(reader: &Reader<'_>) -> Option<Api> {
    reader.choice(&Api::ALL.map(|api| (api.name(), api)))
}

fn read<T>(value: &Value, decode: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Vec<Diagnostic>> {
    let problems = RefCell::default();
    let decoded = decode(&Reader {
        value,
        path: AttributePath::root(),
        problems: &problems,
    });
    let problems = problems.into_inner();
    if problems.is_empty() {
        Ok(decoded)
    } else {
        Err(problems)
    }
}

/// A value, where it stands, and the complaints so far.
struct Reader<'a> {
    value: &'a Value,
    path: AttributePath,
    problems: &'a RefCell<Vec<Diagnostic>>,
}

impl<'a> Reader<'a> {
    fn inner(&self, name: &str) -> Self {
        Reader {
            value: self.value.get(name),
            path: self.path.then(name),
            problems: self.problems,
        }
    }

    fn optional<T>(&self, name: &str, decode: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        let inner = self.inner(name);
        if inner.value.is_null() {
            None
        } else {
            decode(&inner)
        }
    }

    fn required<T>(&self, name: &str, decode: impl FnOnce(&Self) -> Option<T>) -> Option<T> {
        let inner = self.inner(name);
        if inner.value.is_null() {
            inner.complain(
                Code::MissingAttribute,
                "A required attribute is missing",
                format!("`{}` must be set.", inner.path),
                None,
            );
            return None;
        }
        decode(&inner)
    }

    fn each<T>(&self, decode: impl Fn(&Self) -> Option<T>) -> Option<Vec<T>> {
        let Some(items) = self.value.as_list() else {
            return self.wrong("a list");
        };
        Some(
            items
                .iter()
                .enumerate()
                .filter_map(|(index, value)| {
                    decode(&Reader {
                        value,
                        path: self.path.index(index),
                        problems: self.problems,
                    })
                })
                .collect(),
        )
    }

    fn bool(&self) -> Option<bool> {
        self.value
            .as_bool()
            .or_else(|| self.wrong("a bool, `true` or `false`"))
    }

    fn text(&self) -> Option<String> {
        self.value
            .as_str()
            .map(str::to_owned)
            .or_else(|| self.wrong("a string"))
    }

    fn secret(&self) -> Option<Secret> {
        match self.value {
            Value::Secret(secret) => Some(secret.clone()),
            Value::String(text) => Some(Secret::new(text.as_str())),
            _ => self.wrong("a string"),
        }
    }

    fn number(&self) -> Option<i64> {
        self.value
            .as_number()
            .and_then(|number| number.as_i64())
            .or_else(|| self.wrong("a whole number"))
    }

    fn small_number(&self) -> Option<u32> {
        self.value
            .as_number()
            .and_then(|number| number.as_u64())
            .and_then(|number| u32::try_from(number).ok())
            .or_else(|| self.wrong("a whole number from 0 to 4294967295"))
    }

    fn texts(&self) -> Option<BTreeSet<String>> {
        Some(self.each(Reader::text)?.into_iter().collect())
    }

    fn text_map(&self) -> Option<BTreeMap<String, String>> {
        let Some(entries) = self.value.as_map() else {
            return self.wrong("a map of strings");
        };
        Some(
            entries
                .iter()
                .filter_map(|(key, value)| {
                    let entry = Reader {
                        value,
                        path: self.path.key(&**key),
                        problems: self.problems,
                    };
                    Some((key.to_string(), entry.text()?))
                })
                .collect(),
        )
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let text = self.text()?;
        text.parse().ok().or_else(|| {
            self.complain(
                Code::InvalidTimestamp,
                "A time cannot be read",
                format!("{text:?} is not a time."),
                Some("Write it as in RFC 3339, for example \"2027-01-31T00:00:00Z\"."),
            );
            None
        })
    }

    fn lifetime(&self) -> Option<Lifetime> {
        self.parsed(Lifetime::parse)
    }

    fn grace_period(&self) -> Option<GracePeriod> {
        self.parsed(GracePeriod::parse)
    }

    fn parsed<T>(&self, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text()?;
        match parse(&text) {
            Ok(parsed) => Some(parsed),
            Err(problem) => {
                self.complain(
                    Code::InvalidDuration,
                    "A duration cannot be read",
                    format!("{text:?} {problem}."),
                    None,
                );
                None
            }
        }
    }

    fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let names: Vec<_> = choices
                .iter()
                .map(|(name, _)| format!("\"{name}\""))
                .collect();
            self.complain(
                Code::InvalidChoice,
                "A value is none of those allowed",
                format!("{text:?} is not possible here."),
                Some(&format!("Use one of {}.", names.join(", "))),
            );
        }
        found.map(|(_, value)| *value)
    }

    fn wrong<T>(&self, expected: &str) -> Option<T> {
        self.complain(
            Code::WrongType,
            "A value has the wrong type",
            format!(
                "`{}` is {}, where {expected} is expected.",
                self.path,
                self.value.kind()
            ),
            None,
        );
        None
    }

    fn complain(&self, code: Code, summary: &str, detail: String, hint: Option<&str>) {
        let mut diagnostic = Diagnostic::error(code, summary)
            .detail(detail)
            .at(self.path.clone());
        if let Some(hint) = hint {
            diagnostic = diagnostic.hint(hint);
        }
        self.problems.borrow_mut().push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_come_at_once() {
        let problems = access_token(&Value::map([
            ("ttl", Value::from("90x")),
            ("expires_at", Value::from("tomorrow")),
            ("disabled", Value::from("yes")),
            ("on_conflict", Value::from("merge")),
            ("roles", Value::set([Value::from("a"), Value::from(1)])),
            ("visibility", Value::map([("level", Value::Unknown)])),
            (
                "alert",
                Value::List(vec![Value::map([("email", Value::from("a@b.c"))])]),
            ),
        ]))
        .unwrap_err();
        let paths: Vec<_> = problems
            .iter()
            .map(|problem| problem.path.to_string())
            .collect();
        assert_eq!(
            paths,
            [
                "name",
                "roles[0]",
                "expires_at",
                "ttl",
                "disabled",
                "on_conflict",
                "visibility.level",
                "alert[0].type"
            ],
            "{problems:#?}"
        );
        assert!(
            problems[3].detail.contains("\"90x\" is not a duration"),
            "{}",
            problems[3]
        );
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let account = service_account(&Value::map([("name", Value::from("ci"))])).unwrap();
        assert_eq!(account.on_conflict, OnConflict::Error);
        assert!(account.roles.is_empty() && !account.disabled && account.restriction.is_none());
    }
}
