//! Access tokens from the first apply to the last.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::{AccessToken, Kind};
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{Object, engine};

use super::subject::texts;
use super::{Resource, Subject};
use crate::support::states;

pub(crate) async fn a_token_is_what_was_asked_for(subject: Subject) {
    let account = subject.account("ci", &["viewer", "editor"]).await;
    let mut token = Resource::token("deploy", account.id())
        .with("description", "ships")
        .with("roles", texts(&["viewer"]))
        .with("scopes", texts(&["samples:write", "samples:read"]))
        .with("expires_at", "2090-01-31T12:00:00+02:00");
    token.apply(&subject).await;
    for (name, expected) in [
        ("name", Value::from("deploy")),
        ("service_account", account.id().into()),
        ("roles", texts(&["viewer"])),
        ("scopes", texts(&["samples:read", "samples:write"])),
        ("expires_at", "2090-01-31T12:00:00+02:00".into()),
        ("status", "active".into()),
        ("generation", 1.into()),
        ("rotation_due", false.into()),
        ("previous_token", Value::Null),
    ] {
        assert_eq!(token.state.get(name), &expected, "{name}");
    }
}

pub(crate) async fn a_rotation_that_comes_with_no_end_any_more_takes_the_end_away(
    mut subject: Subject,
) {
    let account = subject.account("ci", &["viewer"]).await;
    for (name, end) in [("ttl", "30d"), ("expires_at", "2090-01-31T12:00:00Z")] {
        let mut token = Resource::token(&format!("by {name}"), account.id()).with(name, end);
        token.trigger("1", Value::Null);
        token.apply(&subject).await;
        token.set(name, Value::Null);
        token.trigger("2", Value::Null);
        token.apply_for_good(&mut subject).await;
        assert_eq!(token.state.get("expires_at"), &Value::Null, "{name}");
        assert_eq!(token.state.get("generation"), &2.into(), "{name}");
    }
}

pub(crate) async fn a_new_token_authenticates_as_its_account(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply(&subject).await;
    let identity = engine::identity(&*subject.with_secret(token.secret()))
        .await
        .unwrap();
    assert_eq!(identity.service_account.unwrap().id, account.id());
    assert_eq!(identity.access_token.unwrap().id, token.id());
}

pub(crate) async fn a_token_without_roles_has_those_of_its_account(subject: Subject) {
    let account = subject.account("ci", &["viewer", "editor"]).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply(&subject).await;
    assert_eq!(token.state.get("roles"), &texts(&["editor", "viewer"]));
}

pub(crate) async fn every_attribute_of_a_token_changes_in_place(subject: Subject) {
    let account = subject.account("ci", &["viewer", "editor"]).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply(&subject).await;
    let (id, secret) = (token.id().to_owned(), token.secret().clone());
    let selected = Value::map([
        ("level", "selected".into()),
        ("users", texts(&["u1"])),
        ("teams", texts(&["t1", "t2"])),
    ]);
    let changes: [(&str, Value); 9] = [
        ("name", "ship".into()),
        ("description", "ships".into()),
        ("roles", texts(&["editor"])),
        ("scopes", texts(&["samples:read"])),
        ("expires_at", "2090-01-31T12:00:00Z".into()),
        ("expires_at", Value::Null),
        ("visibility", selected),
        ("visibility", Value::Null),
        ("description", Value::Null),
    ];
    for (name, value) in changes {
        token.set(name, value.clone());
        assert_eq!(token.plan(&subject), Action::Update, "{name}");
        token.apply(&subject).await;
        assert_eq!(token.state.get(name), &value, "{name}");
    }
    assert_eq!(token.id(), id);
    assert_eq!(token.secret(), &secret, "an update keeps the secret");
    assert!(subject.accepts(&secret).await);
}

pub(crate) async fn a_deleted_token_is_gone_and_its_secret_refused(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let (id, secret) = (token.id().to_owned(), token.secret().clone());
    assert!(subject.accepts(&secret).await);
    assert_eq!(token.destroy(&subject).await, []);
    assert!(!subject.accepts(&secret).await);
    let objects = AccessToken::of(&*subject.server);
    assert_eq!(objects.read(&id).await.unwrap(), None);
    objects.delete(&id).await.unwrap();
}

pub(crate) async fn a_disabled_token_is_refused_until_it_is_enabled(subject: Subject) {
    let mut token = subject.token("deploy").await;
    token.set("disabled", true);
    token.apply(&subject).await;
    assert_eq!(token.state.get("status"), &"disabled".into());
    assert!(!subject.accepts(&token.secret().clone()).await);
    token.set("disabled", Value::Null);
    token.apply(&subject).await;
    assert_eq!(token.state.get("status"), &"active".into());
    assert!(subject.accepts(&token.secret().clone()).await);
}

pub(crate) async fn an_expired_token_is_refused_and_shows_as_expired(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut token = Resource::token("deploy", account.id()).with("ttl", "2d");
    token.apply(&subject).await;
    subject.advance_days(3);
    assert!(!subject.accepts(&token.secret().clone()).await);
    token.refresh(&subject).await;
    assert_eq!(token.state.get("status"), &"expired".into());
    assert_eq!(token.state.get("rotation_due"), &true.into());
    let dead = token.secret().clone();
    token.apply(&subject).await;
    assert_ne!(token.secret(), &dead);
    assert!(subject.accepts(&token.secret().clone()).await);
}

pub(crate) async fn a_lifetime_counts_from_the_moment_of_issue(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut token = Resource::token("deploy", account.id()).with("ttl", "90d");
    subject.advance_days(10);
    token.apply(&subject).await;
    assert_eq!(days_left(&subject, &token), 90);
    let secret = token.secret().clone();
    subject.advance_days(30);
    token.set("ttl", "100d");
    token.apply(&subject).await;
    assert_eq!(days_left(&subject, &token), 70, "counted from the issue");
    assert_eq!(token.secret(), &secret);
}

fn days_left(subject: &Subject, token: &Resource) -> i64 {
    let left = token
        .end()
        .duration_since(subject.reference.clock().now())
        .as_secs();
    (left + 43_200) / 86_400
}

pub(crate) async fn a_secret_for_a_recipient_never_stands_in_the_state(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let key = age::x25519::Identity::generate();
    let mut token =
        Resource::token("deploy", account.id()).with("recipient", key.to_public().to_string());
    token.apply(&subject).await;
    for generation in 1..=2_i64 {
        assert_eq!(token.state.get("generation"), &generation.into());
        assert_eq!(token.state.get("token"), &Value::Null);
        assert_eq!(token.state.get("previous_token"), &Value::Null);
        let text = token.state.get("encrypted_token").as_str().unwrap();
        let secret = String::from_utf8(age::decrypt(&key, text.as_bytes()).unwrap()).unwrap();
        assert!(
            subject
                .accepts(&lanyard_compiler::secret::Secret::new(secret))
                .await
        );
        token.rotation(&[("triggers", Value::map([("round", Value::from("1"))]))]);
        token.apply(&subject).await;
        token.rotation(&[("triggers", Value::map([("round", Value::from("2"))]))]);
        token.apply(&subject).await;
    }
}

pub(crate) async fn an_imported_token_plans_clean_and_keeps_its_secret(mut subject: Subject) {
    let mut token = subject.token("deploy").await;
    let (id, secret) = (token.id().to_owned(), token.secret().clone());
    subject.restart();
    token.state = states::import(&*subject.server, Kind::AccessToken, &id)
        .await
        .unwrap();
    assert!(
        engine::secret_is_missing(
            &states::stored(Kind::AccessToken, &token.state),
            &*subject.server
        )
        .is_some()
    );
    assert_eq!(token.plan(&subject), Action::NoOp);
    token.refresh(&subject).await;
    assert_eq!(token.plan(&subject), Action::NoOp);
    assert!(subject.accepts(&secret).await);
    let missing = states::import(&*subject.server, Kind::AccessToken, "deploy")
        .await
        .unwrap_err();
    assert_eq!(missing.code, Code::ImportNotFound);
    assert!(
        missing.to_string().contains(&id),
        "it names the id that was meant: {missing}"
    );
}
