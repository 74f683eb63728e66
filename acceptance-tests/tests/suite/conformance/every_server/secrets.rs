//! How a secret is replaced, and how it ends.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::server::{
    Api, ExpiryCapability, ResourceCapabilities, RotationCapability,
};
use lanyard_compiler::value::Value;
use lanyard_token_server::{Fault, FaultRule};

use super::subject::the;
use super::{Resource, Subject};

pub(crate) async fn a_secret_rotates_at_once_or_not_at_all(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if !resource.begins_to_rotate(&subject).await {
            continue;
        }
        let (id, old) = (resource.id().to_owned(), resource.secret().clone());
        for round in 2..=3 {
            resource.trigger(&round.to_string(), Value::Null);
            resource.apply(&subject).await;
        }
        assert_eq!(resource.id(), id);
        assert_ne!(resource.secret(), &old);
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        assert!(!has_errors(&resource.destroy(&subject).await));
        subject.works(&resource);
    }
}

pub(crate) async fn a_grace_period_holds_or_is_refused(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.trigger("1", "2d".into());
        if matches!(
            resource.can(&subject).rotation,
            RotationCapability::NoOverlap { .. } | RotationCapability::Impossible { .. }
        ) {
            resource.refusal(&subject);
            continue;
        }
        resource.apply(&subject).await;
        let old = resource.secret().clone();
        resource.trigger("2", "2d".into());
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("previous_token").as_secret(), Some(&old));
        assert!(subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        subject.advance_days(3);
        resource.refresh(&subject).await;
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("retired"), &Value::List(Vec::new()));
        assert_eq!(resource.state.get("previous_token"), &Value::Null);
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        // A destroy in the grace period ends both.
        let old = resource.secret().clone();
        resource.trigger("3", "2d".into());
        resource.apply(&subject).await;
        let new = resource.secret().clone();
        assert!(!has_errors(&resource.destroy(&subject).await));
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(!subject.lets_in(&resource, &new).await);
        subject.works(&resource);
    }
}

pub(crate) async fn an_end_is_kept_or_refused(subject: Subject) {
    let tokens = subject.new_tokens("deploy").await;
    if tokens.is_empty() {
        let token = Resource::token("deploy", "anybody").with("ttl", "20d");
        the("absent-on-server", &token.refusal(&subject));
    }
    for mut token in tokens {
        token.set("ttl", "20d");
        if matches!(token.can(&subject).expiry, ExpiryCapability::Never { .. }) {
            token.refusal(&subject);
            continue;
        }
        token.apply(&subject).await;
        let left = token.end().duration_since(subject.reference.clock().now());
        assert!((19 * 24..=20 * 24).contains(&left.as_hours()), "{left:?}");
        assert!(subject.lets_in(&token, token.secret()).await);
        subject.advance_days(21);
        assert!(!subject.lets_in(&token, token.secret()).await);
        token.refresh(&subject).await;
        assert_eq!(token.state.get("status"), &"expired".into());
        subject.works(&token);
        if !token.whole_plan(&subject).requires_replace.is_empty() {
            subject.plans_anew(&token);
            continue;
        }
        token.apply(&subject).await;
        assert!(subject.lets_in(&token, token.secret()).await);
    }
}

/// Issued for an account that is disabled, disabled itself, or over: `apply` compares what each write says with what a read says then.
pub(crate) async fn what_does_not_work_is_told_by_the_write_as_by_the_read(mut subject: Subject) {
    let switches = |can: &ResourceCapabilities| can.attribute("disabled").is_some();
    if switches(&subject.capabilities().service_account) {
        let mut account = subject.new_account("off").with("disabled", true);
        account.apply(&subject).await;
        if subject
            .capabilities()
            .access_token
            .attribute("service_account")
            .is_some()
        {
            let mut token = Resource::token("of-the-disabled", account.id());
            let works = |token: &Resource| token.state.get("status") == &"active".into();
            token.trigger("1", Value::Null);
            token.apply(&subject).await;
            let lets_in = subject.lets_in(&token, token.secret()).await;
            assert_eq!(works(&token), lets_in, "as created: {:?}", token.state);
            token.trigger("2", Value::Null);
            token.apply(&subject).await;
            assert_eq!(works(&token), lets_in, "as rotated: {:?}", token.state);
            account.set("disabled", false);
            account.apply(&subject).await;
            subject.restart();
            token.refresh(&subject).await;
            assert!(works(&token), "{:?}", token.state);
            subject.works(&token);
        }
        subject.works(&account);
    }
    for mut token in subject.new_tokens("deploy").await {
        token.apply(&subject).await;
        if switches(token.can(&subject)) {
            token.set("disabled", true);
            token.apply(&subject).await;
            assert_eq!(token.state.get("status"), &"disabled".into());
            token.set("disabled", false);
            token.apply(&subject).await;
        }
        assert_eq!(token.state.get("status"), &"active".into());
        subject.works(&token);
    }
    subject.behaves();
}

/// A server, or a gateway on the way, may have done it and say no all the same, in words that hold what it issued.
pub(crate) async fn a_refusal_that_quotes_a_new_secret_shows_none_of_it(subject: Subject) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets");
    let subject = subject.noting_secrets(&file);
    let mut refusals = Vec::new();
    for status in [400, 403, 409, 500] {
        for bare in [false, true] {
            let quotes = ["POST", "PUT"].map(|method| {
                let fault = FaultRule::new(Fault::Quote { status, bare });
                fault.on(method, subject.writes()).times(1)
            });
            let faults = || subject.reference.faults();
            let name = format!("deploy-{status}-{bare}");
            for mut new in subject.new_secrets(&name).await {
                faults().replace(quotes.to_vec()).unwrap();
                refusals.extend(new.try_apply(&subject).await);
                faults().clear();
            }
            for mut old in subject.new_secrets(&format!("{name}-old")).await {
                if !old.can_rotate(&subject) {
                    continue;
                }
                assert!(old.begins_to_rotate(&subject).await);
                old.trigger("second", Value::Null);
                faults().replace(quotes.to_vec()).unwrap();
                refusals.extend(old.try_apply(&subject).await);
                faults().clear();
            }
        }
    }
    let said: Vec<String> = refusals.iter().map(|said| format!("{said}")).collect();
    assert!(said.iter().any(|said| said.contains("it was done")));
    let secrets = std::fs::read_to_string(&file).unwrap();
    // What a native server issues, Lanyard makes itself: no answer has it in it.
    assert!(subject.api() == Api::Native || secrets.lines().count() > 8);
    for secret in secrets.lines() {
        let shown = said.iter().find(|said| said.contains(secret));
        assert_eq!(shown, None, "{secret}");
    }
    for resource in subject.new_secrets("in-the-end").await {
        subject.works(&resource);
    }
}
