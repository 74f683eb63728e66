//! Service accounts from the first apply to the last.

use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{ErrorKind, Object, Objects, RotateRequest, Seen, anything};

use super::subject::texts;
use super::{Resource, Subject};

pub(crate) async fn an_account_is_what_was_asked_for(subject: Subject) {
    let mut account = Resource::account("ci ü/%")
        .with("description", "builds")
        .with("roles", texts(&["viewer", "editor"]))
        .with(
            "restriction",
            restriction("READ", &[("Team", "A"), ("team", "a")]),
        );
    account.apply(&subject).await;
    for (name, expected) in [
        ("name", Value::from("ci ü/%")),
        ("description", "builds".into()),
        ("roles", texts(&["editor", "viewer"])),
        ("disabled", false.into()),
        ("unrestricted", false.into()),
        (
            "restriction",
            restriction("READ", &[("Team", "A"), ("team", "a")]),
        ),
    ] {
        assert_eq!(account.state.get(name), &expected, "{name}");
    }
    assert!(!account.state.get("created_at").is_null());
}

pub(crate) async fn every_attribute_of_an_account_changes_in_place(subject: Subject) {
    let mut account = Resource::account("ci")
        .with("description", "builds")
        .with("roles", texts(&["viewer"]))
        .with(
            "restriction",
            restriction("READ", &[("a", "1"), ("b", "2")]),
        );
    account.apply(&subject).await;
    let id = account.id().to_owned();
    let changes: [(&str, Value); 9] = [
        ("name", "builder".into()),
        ("description", "builds and ships".into()),
        ("description", Value::Null),
        ("roles", texts(&["editor", "viewer"])),
        ("roles", texts(&[])),
        ("disabled", true.into()),
        ("restriction", restriction("READ_AND_WRITE", &[("b", "3")])),
        ("restriction", Value::Null),
        ("restriction", restriction("WRITE", &[])),
    ];
    for (name, value) in changes {
        account.set(name, value.clone());
        assert_eq!(account.plan(&subject), Action::Update, "{name}");
        account.apply(&subject).await;
        assert_eq!(account.state.get(name), &value, "{name}");
        assert_eq!(account.id(), id);
    }
}

pub(crate) async fn a_deleted_account_is_gone_and_deleting_it_again_is_success(subject: Subject) {
    let mut account = subject.account("ci", &[]).await;
    let before = account.clone();
    assert_eq!(account.destroy(&subject).await, []);
    assert!(account.state.is_null());
    let mut again = before.clone();
    assert_eq!(again.destroy(&subject).await, []);
    let mut refreshed = before;
    refreshed.refresh(&subject).await;
    assert!(refreshed.state.is_null(), "{:?}", refreshed.state);
}

pub(crate) async fn a_secret_of_its_own_is_refused_where_accounts_have_none(subject: Subject) {
    let account = subject.account("ci", &[]).await;
    let current = account.service_account();
    let request = RotateRequest {
        current: current.clone(),
        desired: current,
        grace_period: None,
        generation: 1,
        seen: Seen::default(),
    };
    let rotated = ServiceAccount::of(&*subject.server)
        .rotate(account.id(), &request, &anything)
        .await;
    if subject.capabilities().service_account.issues_secret {
        assert!(rotated.unwrap().secret.is_some());
    } else {
        let refused = rotated.unwrap_err();
        assert!(
            matches!(refused.kind, ErrorKind::Unsupported { .. }),
            "{refused}"
        );
        assert_eq!(account.state.get("token"), &Value::Null);
    }
}

pub(crate) async fn an_account_changed_elsewhere_shows_and_is_put_right(mut subject: Subject) {
    let mut account = subject.account("ci", &["viewer"]).await;
    let current = account.service_account();
    let elsewhere = ServiceAccount {
        description: Some("changed by hand".to_owned()),
        disabled: true,
        ..current.clone()
    };
    let objects: &dyn Objects<ServiceAccount> = ServiceAccount::of(&*subject.server);
    objects
        .update(account.id(), &current, &elsewhere, &anything)
        .await
        .unwrap();
    subject.restart();
    account.refresh(&subject).await;
    assert_eq!(account.state.get("disabled"), &true.into());
    assert_eq!(account.plan(&subject), Action::Update);
    account.apply(&subject).await;
    assert_eq!(account.state.get("disabled"), &false.into());
    assert_eq!(account.state.get("description"), &Value::Null);
}

fn restriction(permission: &str, labels: &[(&str, &str)]) -> Value {
    Value::map([
        ("permission", permission.into()),
        (
            "labels",
            Value::map(labels.iter().map(|(name, value)| (*name, (*value).into()))),
        ),
    ])
}
