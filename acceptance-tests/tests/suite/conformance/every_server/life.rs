//! From the first apply to the last.

use std::sync::Arc;

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::plan::Action;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use super::subject::the;
use super::{Resource, Subject};
use crate::support::states;

pub(crate) async fn an_account_lives_from_its_first_apply_to_its_last(mut subject: Subject) {
    let mut account = subject.new_account("ci");
    if subject.capabilities().service_account.absent.is_some() {
        the("absent-on-server", &account.refusal(&subject));
        return;
    }
    account.apply(&subject).await;
    assert!(!account.id().is_empty());
    let before = account.clone();
    subject.restart();
    account.refresh(&subject).await;
    assert_eq!(account.plan(&subject), Action::NoOp);
    assert!(!has_errors(&account.destroy(&subject).await));
    assert!(account.state.is_null());
    let mut again = before.clone();
    assert!(!has_errors(&again.destroy(&subject).await), "already gone");
    let mut refreshed = before;
    refreshed.refresh(&subject).await;
    assert!(refreshed.state.is_null(), "{:?}", refreshed.state);
    subject.works(&refreshed);
}

pub(crate) async fn a_token_lives_from_its_first_apply_to_its_last(mut subject: Subject) {
    let tokens = subject.new_tokens("deploy").await;
    if tokens.is_empty() {
        let token = Resource::token("deploy", "anybody");
        the("absent-on-server", &token.refusal(&subject));
    }
    for mut token in tokens {
        token.apply(&subject).await;
        assert_eq!(token.state.get("status"), &"active".into());
        let secret = token.secret().clone();
        subject.restart();
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp);
        assert_eq!(token.secret(), &secret);
        assert!(!has_errors(&token.destroy(&subject).await));
        assert!(token.state.is_null());
        assert!(!subject.lets_in(&token, &secret).await);
        subject.works(&token);
    }
}

pub(crate) async fn a_new_secret_is_accepted_and_another_is_not(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.apply(&subject).await;
        assert!(subject.lets_in(&resource, resource.secret()).await);
        let wrong = Secret::new("7HDtz2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert!(!subject.lets_in(&resource, &wrong).await);
        subject.works(&resource);
    }
}

pub(crate) async fn a_secret_for_a_recipient_is_hidden_from_the_state(subject: Subject) {
    let tokens = subject.new_tokens("deploy").await;
    if tokens.is_empty() {
        let key = age::x25519::Identity::generate().to_public().to_string();
        let token = Resource::token("deploy", "anybody").with("recipient", key);
        the("absent-on-server", &token.refusal(&subject));
    }
    for mut token in tokens {
        let key = age::x25519::Identity::generate();
        token.set("recipient", key.to_public().to_string());
        token.apply(&subject).await;
        assert_eq!(token.state.get("token"), &Value::Null);
        let text = token.state.get("encrypted_token").as_str().unwrap();
        let secret = String::from_utf8(age::decrypt(&key, text.as_bytes()).unwrap()).unwrap();
        assert!(subject.lets_in(&token, &Secret::new(secret)).await);
        subject.works(&token);
    }
}

pub(crate) async fn thirty_are_made_and_read_at_once(subject: Subject) {
    let mut resources = Vec::new();
    for number in 0..30 {
        let secrets = subject.new_secrets(&format!("deploy-{number}")).await;
        resources.extend(secrets.into_iter().next());
    }
    let subject = &subject;
    let made = resources.into_iter().map(|mut resource| async move {
        let diagnostics = resource.try_apply(subject).await;
        assert!(!has_errors(&diagnostics), "{diagnostics:#?}");
        resource
    });
    let made = futures_util::future::join_all(made).await;
    let read = made.into_iter().map(|mut resource| {
        let server = Arc::clone(&subject.server);
        async move {
            let read = states::read(&*server, resource.kind, &resource.state).await;
            resource.state = read.unwrap().unwrap_or_default();
            assert_eq!(resource.plan(subject), Action::NoOp, "{:?}", resource.state);
            resource
        }
    });
    let read = futures_util::future::join_all(read).await;
    for resource in read.iter().step_by(10) {
        assert!(subject.lets_in(resource, resource.secret()).await);
        subject.works(resource);
    }
}
