//! Servers, and what is on the way to them, that give more power than was asked for.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::value::Value;
use lanyard_token_server::{Fault, FaultRule};
use serde_json::{Map, Value as Json, json};

use super::subject::{block, texts, the};
use super::{Resource, Subject};

/// Something with little power, and what the answers about it say where it has more.
fn with_little_power(subject: &Subject) -> (Resource, Json) {
    match subject.api() {
        Api::Native => (
            Resource::account("ci").with("roles", texts(&["viewer"])),
            json!({ "roles": ["admin", "viewer"] }),
        ),
        Api::Chronosphere => {
            let read = block(
                Kind::ServiceAccount,
                "restriction",
                &[("permission", "READ".into())],
            );
            (
                Resource::account("ci").with("restriction", read),
                json!({ "permission": "READ_WRITE" }),
            )
        }
        Api::Elasticsearch => (
            subject.new_account("ci").with("roles", texts(&["viewer"])),
            json!({ "roles": ["superuser", "viewer"] }),
        ),
        Api::Osmo => (
            Resource::account("ci").with("roles", texts(&["osmo-user"])),
            json!({ "roles": [{ "role_name": "osmo-admin" }, { "role_name": "osmo-user" }] }),
        ),
        Api::Splunk => (
            Resource::new(Kind::AccessToken)
                .with("name", "ci")
                .with("scopes", texts(&["ingest"])),
            json!({ "authScopes": ["API", "INGEST"] }),
        ),
        Api::Openobserve => panic!("nothing there says what it can do in so many words"),
    }
}

/// A token with little power, and what the answers about it say where it has more.
async fn token_with_little_power(subject: &Subject) -> (Resource, Json) {
    match subject.api() {
        Api::Native => {
            let account = subject.account("ci", &["viewer"]).await;
            let token = Resource::token("deploy", account.id());
            let token = token.with("scopes", texts(&["samples:read"]));
            (
                token,
                json!({ "scopes": ["samples:read", "samples:write"] }),
            )
        }
        Api::Osmo => {
            let account = subject.account("ci", &["osmo-user", "osmo-admin"]).await;
            let token = Resource::token("deploy", account.id());
            let token = token.with("roles", texts(&["osmo-user"]));
            (token, json!({ "roles": ["osmo-admin", "osmo-user"] }))
        }
        _ => with_little_power(subject),
    }
}

/// The answers that say what such a resource can do: their path begins, or ends, so.
fn about(subject: &Subject, resource: &Resource) -> (&'static str, &'static str) {
    match (subject.api(), resource.kind) {
        (Api::Osmo, Kind::AccessToken) => ("/api/auth/user/", "/access_token"),
        _ => (subject.writes(), ""),
    }
}

/// Answers about such a resource say this after so many, whatever is so.
fn answers_say(subject: &Subject, resource: &Resource, more: Json, after: u64) {
    let with: Map<String, Json> = serde_json::from_value(more).unwrap();
    let fault = Fault::Alter {
        without: Vec::new(),
        with,
    };
    let (begin, end) = about(subject, resource);
    let mut rule = FaultRule::new(fault).after(after);
    rule.path = Some(match end {
        "" => begin.to_owned(),
        end => format!("{begin}*{end}"),
    });
    subject.reference.faults().replace(vec![rule]).unwrap();
}

/// How many of those come before the first write, of the last change.
fn looks_before_writing(subject: &Subject, resource: &Resource) -> u64 {
    let (begin, end) = about(subject, resource);
    let all = subject.reference.requests().all();
    let looks = all.iter().take_while(|sent| sent.method == "GET");
    let looks = looks.filter(|sent| sent.path.starts_with(begin) && sent.path.ends_with(end));
    looks.count() as u64
}

/// Nobody agreed to it, and what depends on it is not made with it.
pub(crate) async fn what_is_created_with_more_power_is_undone(subject: Subject) {
    let token = token_with_little_power(&subject).await;
    let other = with_little_power(&subject);
    let is_same = token.0.kind == other.0.kind;
    let mut all = vec![token];
    all.extend(Some(other).filter(|_| !is_same));
    for (mut resource, more) in all {
        if resource.kind == Kind::ServiceAccount {
            resource.set(
                "name",
                format!("{}-2", resource.config.get("name").as_str().unwrap()),
            );
        }
        answers_say(&subject, &resource, more, 0);
        let told = resource.try_apply(&subject).await;
        subject.reference.faults().clear();
        let text = the("not-taken", &told).to_string();
        assert!(text.contains("It goes beyond that: "), "{text}");
        assert!(text.contains("deleted again at once"), "{text}");
        assert_eq!(resource.state, Value::Null);
        resource.apply(&subject).await;
        subject.works(&resource);
    }
}

pub(crate) async fn what_is_changed_and_has_more_power_is_told(subject: Subject) {
    let (mut resource, more) = with_little_power(&subject);
    resource.set("roles", texts(&[]));
    resource.apply(&subject).await;
    let little = with_little_power(&subject).0;
    resource.set("roles", little.config.get("roles").clone());
    // What is looked at before the change is as it was.
    subject.reference.requests().clear();
    let mut spare = resource.clone();
    assert_eq!(spare.try_apply(&subject).await, []);
    let looks = looks_before_writing(&subject, &resource);
    spare.set("roles", texts(&[]));
    spare.apply(&subject).await;
    resource.state = spare.state;
    answers_say(&subject, &resource, more, looks);
    let told = resource.try_apply(&subject).await;
    subject.reference.faults().clear();
    let told = the("not-taken", &told);
    assert!(told.is_error());
    assert!(told.to_string().contains("It goes beyond that: "), "{told}");
    let has = resource.state.get("roles").as_list().unwrap_or_default();
    assert_eq!(has.len(), 2, "what is true");
    resource.refresh(&subject).await;
    resource.apply(&subject).await;
    subject.works(&resource);
}

pub(crate) async fn what_is_rotated_and_has_more_power_is_told(subject: Subject) {
    let (mut token, more) = token_with_little_power(&subject).await;
    token.trigger("1", Value::Null);
    token.apply(&subject).await;
    let old = token.secret().clone();
    token.trigger("2", Value::Null);
    // What is looked at before the rotation is as it was.
    subject.reference.requests().clear();
    assert_eq!(token.try_apply(&subject).await, []);
    let looks = looks_before_writing(&subject, &token);
    token.refresh(&subject).await;
    token.trigger("3", Value::Null);
    answers_say(&subject, &token, more, looks);
    let told = token.try_apply(&subject).await;
    subject.reference.faults().clear();
    let told = the("not-taken", &told);
    assert!(told.is_error());
    assert!(told.to_string().contains("It goes beyond that: "), "{told}");
    assert_ne!(token.secret(), &old);
    assert!(subject.lets_in(&token, token.secret()).await, "it is kept");
    token.refresh(&subject).await;
    token.apply(&subject).await;
    subject.works(&token);
}
