//! Accounts that are ours and those that are not, and their roles.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::{Kind, ServiceAccount};
use lanyard_compiler::plan::Action;
use lanyard_compiler::secret::Secret;
use lanyard_servers::{ErrorKind, Object as _};
use lanyard_token_server::{Fault, FaultRule, When};
use reqwest::Method;
use serde_json::json;

use super::subject::texts;
use super::{Resource, Subject};
use crate::support::states;

const PERSON: &str = "default/alice@example.com";

pub(crate) async fn people_and_the_vendors_own_account_are_left_alone(subject: Subject) {
    subject.profile(&json!({ "system_account": true })).await;
    let person = json!({
        "email": "alice@example.com", "password": "Correct-horse-1", "first_name": "Alice", "role": "admin", "organization": "default",
    });
    subject
        .as_root(Method::POST, "/api/default/users", &person)
        .await;
    let system = "default/o2-sre-agent.org-default@openobserve.internal";
    let objects = ServiceAccount::of(&*subject.server);
    for id in [PERSON, "default/root@example.com", system] {
        let deleted = objects.delete(id).await;
        let imported = states::import(&*subject.server, Kind::ServiceAccount, id).await;
        assert!(imported.is_err(), "{id}");
        let mut token = Resource::token("ci", id);
        let taken = token.try_apply(&subject).await;
        assert!(taken.iter().any(|problem| problem.is_error()), "{id}");
        assert!(token.state.is_null());
        // Who is not listed among accounts counts as gone; who is listed and is none is somebody else's.
        if id == system {
            let kind = deleted.unwrap_err().kind;
            assert!(matches!(kind, ErrorKind::ManagedElsewhere { .. }));
        }
    }
    let users = subject
        .as_root(Method::GET, "/api/default/users", &json!({}))
        .await;
    assert!(users.to_string().contains("alice@example.com"), "{users}");
    let listed = subject
        .as_root(Method::GET, "/api/default/service_accounts", &json!({}))
        .await;
    assert!(listed.to_string().contains("o2-sre-agent"), "{listed}");
}

/// The secret of the later one never works: who has it has not created the account.
pub(crate) async fn of_two_creations_at_one_moment_the_later_one_fails(subject: Subject) {
    let switches = json!({ "swallowed_duplicates": true, "cache_lag_milliseconds": 200 });
    subject.profile(&switches).await;
    let mut account = subject.new_account("deploy");
    account.apply(&subject).await;
    let email = account.state.get("email").as_str().unwrap().to_owned();
    account.destroy(&subject).await;
    let other = json!({ "email": email, "organization": "default" });
    subject
        .as_root(Method::POST, "/api/default/service_accounts", &other)
        .await;
    let mut account = subject.new_account("deploy");
    let told = account.try_apply(&subject).await;
    assert!(
        told.iter().any(|problem| problem.code == Code::NameTaken),
        "{told:?}"
    );
    assert!(account.state.is_null());
    let left = subject
        .as_root(Method::GET, "/api/default/service_accounts", &json!({}))
        .await;
    assert!(left.to_string().contains(&email), "{left}");
}

/// The server would delete it through any organization.
pub(crate) async fn an_account_is_deleted_only_where_it_is_listed(subject: Subject) {
    let mut account = subject.new_account("deploy");
    account.apply(&subject).await;
    let other = subject.organization().await;
    let (_, email) = account.id().split_once('/').unwrap();
    let objects = ServiceAccount::of(&*subject.server);
    objects.delete(&format!("{other}/{email}")).await.unwrap();
    assert!(subject.lets_in(&account, account.secret()).await);
}

/// The end of the token puts another secret in place of the account's, whether it was read before or not.
pub(crate) async fn an_account_is_deleted_after_the_token_that_was_its_secret(
    mut subject: Subject,
) {
    for (is_read, at_once) in [(true, true), (true, false), (false, true)] {
        let mut account = subject.new_account("deploy");
        account.apply(&subject).await;
        let mut token = Resource::token("ci", account.id());
        token.apply(&subject).await;
        for it in [&mut token, &mut account] {
            if it.kind == Kind::AccessToken || !at_once {
                subject.restart();
            }
            if is_read {
                it.refresh(&subject).await;
                subject.restart();
            }
            let (planned, said) = it.plan_destroy(&subject);
            assert_eq!(said, None);
            it.evidence = planned;
            if !at_once {
                assert_eq!(it.destroy(&subject).await, []);
            }
        }
        if at_once {
            subject.restart();
            for it in [&mut token, &mut account] {
                assert_eq!(it.destroy(&subject).await, []);
            }
        }
        let objects = ServiceAccount::of(&*subject.server);
        let left = objects.read("default/deploy.default@sa.internal").await;
        assert_eq!(left.unwrap(), None, "{is_read} {at_once}");
    }
}

pub(crate) async fn roles_are_granted_and_taken_and_put_back(mut subject: Subject) {
    for role in ["reader", "writer", "auditor"] {
        subject
            .as_root(Method::POST, "/api/default/roles", &json!({ "role": role }))
            .await;
    }
    let mut account = subject
        .new_account("deploy")
        .with("roles", texts(&["reader", "writer"]));
    account.apply_for_good(&mut subject).await;
    let secret = account.secret().clone();
    account.set("roles", texts(&["auditor", "writer"]));
    account.apply_for_good(&mut subject).await;
    assert_eq!(account.state.get("roles"), &texts(&["auditor", "writer"]));

    let (_, email) = account.id().split_once('/').unwrap();
    let grant = json!({ "add": [], "remove": [], "add_users": [email], "remove_users": [] });
    subject
        .as_root(Method::PUT, "/api/default/roles/reader", &grant)
        .await;
    account.refresh(&subject).await;
    assert_eq!(account.plan(&subject), Action::Update);
    account.apply_for_good(&mut subject).await;
    assert_eq!(account.state.get("roles"), &texts(&["auditor", "writer"]));
    assert_eq!(account.secret(), &secret);
}

/// Made by hand, imported, named, read and named again: the server goes by the address, and the secret lives on.
pub(crate) async fn an_account_that_is_configured_by_its_address_keeps_any_name(
    mut subject: Subject,
) {
    for (email, found_as) in [
        ("ci.default@sa.internal", "ci"),
        ("ci.pipeline@example.com", "ci-pipeline"),
        ("deploy.other@sa.internal", "deploy-other"),
    ] {
        let made = json!({ "email": email, "first_name": "", "last_name": "" });
        let made = subject
            .as_root(Method::POST, "/api/default/service_accounts", &made)
            .await;
        let secret = Secret::new(made["token"].as_str().unwrap());
        let mut account = Resource::account(found_as).with("email", email);
        let id = format!("default/{email}");
        account.state = states::import(&*subject.server, Kind::ServiceAccount, &id)
            .await
            .unwrap();
        assert_eq!(account.plan(&subject), Action::NoOp, "{:?}", account.state);
        // The first is what some address begins with.
        for name in ["ci", "deploy", "front"] {
            account.set("name", name);
            account.apply_for_good(&mut subject).await;
            assert_eq!(account.state.get("name"), &name.into());
            assert_eq!(account.id(), id);
            assert!(subject.lets_in(&account, &secret).await, "{email} {name}");
        }
        // As what creates it.
        account.destroy(&subject).await;
        account.apply_for_good(&mut subject).await;
        assert_eq!(account.id(), id);
        account.destroy(&subject).await;
    }
}

/// Another account was made in the same moment, and its address of the same name.
pub(crate) async fn a_lost_creation_is_looked_for_under_its_address(subject: Subject) {
    let by_hand = json!({ "email": "ci.default@sa.internal", "first_name": "", "last_name": "" });
    let path = "/api/default/service_accounts";
    let made = subject.as_root(Method::POST, path, &by_hand).await;
    let secret = Secret::new(made["token"].as_str().unwrap());
    let lost = FaultRule::new(Fault::Cut { when: When::After });
    let lost = lost.on("POST", path).times(1);
    subject.reference.faults().replace(vec![lost]).unwrap();
    let mut account = Resource::account("ci").with("email", "pipeline@example.com");
    account.apply(&subject).await;
    assert_eq!(account.id(), "default/pipeline@example.com");
    assert!(subject.lets_in(&account, account.secret()).await);
    let other = Resource::account("ci");
    assert!(subject.lets_in(&other, &secret).await);
}
