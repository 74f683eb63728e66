//! Every way a network and a server can fail, at every write: afterwards the next apply leaves exactly what is configured, and
//! every secret in the state works.

use std::sync::Arc;
use std::time::Duration;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, engine};
use lanyard_token_server::{Fault, FaultRule, When};

use super::subject::the;
use super::{Resource, Subject};
use crate::conformance::every_server::trouble::troubles;

/// What networks, proxies and busy servers do, and what only this server is asked to bear.
fn faults() -> Vec<Fault> {
    let refused = |status, retry_after| Fault::Status {
        status,
        retry_after,
        before_work: true,
    };
    let slow = Fault::Slow {
        seconds: 60.0,
        when: When::After,
    };
    let more = [refused(429, None), refused(503, Some(0)), slow];
    troubles().into_iter().chain(more).collect()
}

/// Exactly these tokens exist.
async fn only(subject: &Subject, names: &[&str]) {
    let current = engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    let mut found: Vec<_> = current
        .access_tokens
        .iter()
        .map(|token| token.name.as_str())
        .collect();
    found.sort_unstable();
    assert_eq!(found, names);
}

/// Applies while the fault strikes once, which must pass unnoticed; then everything is as configured.
async fn survive(subject: &Subject, method: &str, path: &str, fault: &Fault, token: &mut Resource) {
    let rule = FaultRule::new(fault.clone()).on(method, path);
    subject
        .reference
        .faults()
        .replace(vec![rule.times(1)])
        .unwrap();
    let diagnostics = token.try_apply(subject).await;
    assert!(
        !diagnostics.iter().any(Diagnostic::is_error),
        "{fault:?}: {diagnostics:#?}"
    );
    subject.reference.faults().clear();
    token.refresh(subject).await;
    token.apply(subject).await;
}

pub(crate) async fn a_create_survives_each_fault(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    for (number, fault) in faults().iter().enumerate() {
        let name = format!("deploy {number}");
        let mut token = Resource::token(&name, account.id());
        survive(&subject, "POST", "/v1/access-tokens", fault, &mut token).await;
        only(&subject, &[&name]).await;
        assert!(subject.accepts(token.secret()).await, "{fault:?}");
        token.destroy(&subject).await;
    }
}

pub(crate) async fn an_update_survives_each_fault(subject: Subject) {
    let mut token = subject.token("deploy").await;
    for (number, fault) in faults().iter().enumerate() {
        token.set("description", format!("round {number}"));
        survive(&subject, "PATCH", "/v1/access-tokens", fault, &mut token).await;
        assert_eq!(
            token.state.get("description"),
            &format!("round {number}").into()
        );
        assert!(subject.accepts(token.secret()).await, "{fault:?}");
    }
    only(&subject, &["deploy"]).await;
}

pub(crate) async fn a_rotation_survives_each_fault(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let trigger = |number: usize| {
        [(
            "triggers",
            Value::map([("round", number.to_string().into())]),
        )]
    };
    token.rotation(&trigger(99));
    token.apply(&subject).await;
    for (number, fault) in faults().iter().enumerate() {
        let old = token.secret().clone();
        token.rotation(&trigger(number));
        survive(&subject, "POST", "/v1/access-tokens", fault, &mut token).await;
        assert!(subject.accepts(token.secret()).await, "{fault:?}");
        assert!(!subject.accepts(&old).await, "{fault:?}");
    }
    only(&subject, &["deploy"]).await;
}

pub(crate) async fn a_delete_survives_each_fault(mut subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    for fault in faults() {
        let mut token = Resource::token("deploy", account.id());
        token.apply(&subject).await;
        let rule = FaultRule::new(fault.clone())
            .on("DELETE", "/v1/access-tokens")
            .times(1);
        subject.reference.faults().replace(vec![rule]).unwrap();
        let diagnostics = token.destroy(&subject).await;
        assert_eq!(diagnostics, [], "{fault:?}");
        subject.reference.faults().clear();
        subject.restart();
        only(&subject, &[]).await;
    }
}

pub(crate) async fn a_create_that_was_killed_leaves_no_orphan(mut subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    // Every answer is lost, as if the process had been killed before it could read one.
    let lost = FaultRule::new(Fault::Cut { when: When::After });
    subject.reference.faults().replace(vec![lost]).unwrap();
    let mut token = Resource::token("deploy", account.id()).with("ttl", "90d");
    let mut robot = Resource::account("robot");
    for resource in [&mut token, &mut robot] {
        let diagnostics = resource.try_apply(&subject).await;
        assert!(diagnostics.iter().any(Diagnostic::is_error));
        assert!(resource.state.is_null());
    }

    subject.reference.faults().clear();
    subject.restart();
    only(&subject, &["deploy"]).await;
    for resource in [&mut token, &mut robot] {
        let diagnostics = resource.apply(&subject).await;
        the("leftover-taken-over", &diagnostics);
    }
    only(&subject, &["deploy"]).await;
    assert!(subject.accepts(token.secret()).await);
    assert_eq!(token.state.get("generation"), &1.into());
}

pub(crate) async fn a_rotation_that_was_killed_loses_no_token(mut subject: Subject) {
    let mut token = subject.token("deploy").await;
    let trigger = |round: &str| [("triggers", Value::map([("round", Value::from(round))]))];
    token.rotation(&trigger("1"));
    token.apply(&subject).await;
    token.rotation(&trigger("2"));
    let lost = FaultRule::new(Fault::Cut { when: When::After }).on("POST", "/v1/*");
    subject.reference.faults().replace(vec![lost]).unwrap();
    let diagnostics = token.try_apply(&subject).await;
    the("outcome-unknown", &diagnostics);
    assert!(!token.state.is_null());

    subject.reference.faults().clear();
    subject.restart();
    token.refresh(&subject).await;
    token.apply(&subject).await;
    only(&subject, &["deploy"]).await;
    assert!(subject.accepts(token.secret()).await);
}

pub(crate) async fn a_write_finishes_though_nobody_waits(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let slow = FaultRule::new(Fault::Slow {
        seconds: 0.3,
        when: When::Before,
    });
    subject
        .reference
        .faults()
        .replace(vec![slow.on("POST", "/v1/*")])
        .unwrap();
    let token = Resource::token("deploy", account.id());
    let plan = plan_resource(
        Kind::AccessToken,
        Some(subject.capabilities()),
        &Value::Null,
        &token.config,
    );
    let server = Arc::clone(&subject.server);
    let apply = engine::apply(
        &server,
        Kind::AccessToken,
        &Value::Null,
        &plan.planned,
        &token.config,
    );
    let interrupted = tokio::time::timeout(Duration::from_millis(50), apply).await;
    assert!(interrupted.is_err(), "the fault keeps it busy");
    engine::in_flight().await;
    subject.reference.faults().clear();
    only(&subject, &["deploy"]).await;
}
