//! Secrets that are replaced while their token stays.

use lanyard_compiler::model::{AccessToken, GracePeriod};
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{Object, RotateRequest, Seen, anything};

use super::subject::texts;
use super::{Resource, Subject};

/// Rotates on demand: a trigger changes its value.
async fn rotate(subject: &Subject, token: &mut Resource, grace_period: Value) {
    let now = token
        .state
        .get("generation")
        .as_number()
        .unwrap()
        .to_string();
    let block = |round: &str| {
        [
            ("grace_period", grace_period.clone()),
            ("triggers", Value::map([("round", Value::from(round))])),
        ]
    };
    token.rotation(&block(&now));
    token.apply(subject).await;
    token.rotation(&block("next"));
    token.apply(subject).await;
}

pub(crate) async fn a_rotation_ends_the_old_secret_at_once(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let (id, old) = (token.id().to_owned(), token.secret().clone());
    rotate(&subject, &mut token, Value::Null).await;
    assert_eq!(token.id(), id);
    assert_eq!(token.state.get("generation"), &2.into());
    assert_eq!(token.state.get("previous_token"), &Value::Null);
    assert!(!subject.accepts(&old).await);
    assert!(subject.accepts(&token.secret().clone()).await);
}

pub(crate) async fn a_grace_period_keeps_the_old_secret_for_as_long_as_it_lasts(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let old = token.secret().clone();
    rotate(&subject, &mut token, "2d".into()).await;
    assert_eq!(token.state.get("previous_token").as_secret(), Some(&old));
    assert_eq!(token.state.get("retired").as_list().unwrap().len(), 1);
    subject.advance_days(1);
    assert!(subject.accepts(&old).await);
    subject.advance_days(2);
    assert!(!subject.accepts(&old).await);
    token.refresh(&subject).await;
    token.apply(&subject).await;
    assert_eq!(token.state.get("previous_token"), &Value::Null);
    assert_eq!(token.state.get("retired"), &Value::List(Vec::new()));
    assert!(subject.accepts(&token.secret().clone()).await);
}

pub(crate) async fn the_first_use_of_a_new_secret_ends_the_old_one(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let old = token.secret().clone();
    rotate(&subject, &mut token, "until_first_use".into()).await;
    assert!(subject.accepts(&old).await);
    assert!(subject.accepts(&token.secret().clone()).await);
    assert!(!subject.accepts(&old).await);
    token.refresh(&subject).await;
    assert_eq!(token.state.get("retired"), &Value::List(Vec::new()));
}

pub(crate) async fn a_grace_period_can_be_ended_early(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let old = token.secret().clone();
    rotate(&subject, &mut token, "2d".into()).await;
    let objects = AccessToken::of(&*subject.server);
    objects.revoke_previous(token.id()).await.unwrap();
    assert!(!subject.accepts(&old).await);
    objects.revoke_previous(token.id()).await.unwrap();
}

pub(crate) async fn a_due_token_is_rotated_by_the_next_apply(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut token = Resource::token("deploy", account.id()).with("ttl", "90d");
    token.rotation(&[
        ("before_expiry", "14d".into()),
        ("grace_period", "1d".into()),
    ]);
    token.apply(&subject).await;
    let old = token.secret().clone();
    subject.advance_days(75);
    token.refresh(&subject).await;
    assert_eq!(token.plan(&subject), Action::NoOp, "fifteen days are left");
    subject.advance_days(2);
    token.refresh(&subject).await;
    assert_eq!(token.state.get("status"), &"expiring".into());
    assert_eq!(token.plan(&subject), Action::Update);
    // The plan is applied a day later.
    subject.advance_days(1);
    token.apply(&subject).await;
    assert_eq!(token.state.get("generation"), &2.into());
    assert_eq!(token.state.get("status"), &"active".into());
    assert!(subject.accepts(&old).await, "in its grace period");
}

pub(crate) async fn a_secret_replaced_elsewhere_is_replaced_by_ours(mut subject: Subject) {
    let mut token = subject.token("deploy").await;
    let current = token.access_token();
    let request = RotateRequest {
        current: current.clone(),
        desired: current,
        grace_period: Some(GracePeriod::UntilFirstUse),
        generation: 2,
        seen: Seen::default(),
    };
    let theirs = AccessToken::of(&*subject.server)
        .rotate(token.id(), &request, &anything)
        .await
        .unwrap();
    let theirs = theirs.secret.unwrap();
    assert!(subject.accepts(&theirs).await);
    subject.restart();
    token.rotation(&[("grace_period", "2d".into())]);
    token.refresh(&subject).await;
    assert_eq!(token.state.get("status"), &"revoked".into());
    token.refresh(&subject).await;
    assert_eq!(
        token.plan(&subject),
        Action::Update,
        "however often it is read"
    );
    token.apply(&subject).await;
    assert!(subject.accepts(&token.secret().clone()).await);
    assert!(
        !subject.accepts(&theirs).await,
        "the grace period is not for whoever replaced it"
    );
    assert_eq!(token.state.get("retired"), &Value::List(Vec::new()));
}

pub(crate) async fn a_change_that_comes_with_a_rotation_is_made_as_well(subject: Subject) {
    let account = subject.account("ci", &["viewer", "editor"]).await;
    let mut token = Resource::token("deploy", account.id()).with("ttl", "30d");
    token.rotation(&[("triggers", Value::map([("round", Value::from("1"))]))]);
    token.apply(&subject).await;
    let old = token.secret().clone();
    token.rotation(&[("triggers", Value::map([("round", Value::from("2"))]))]);
    token.set("name", "ship");
    token.set("roles", texts(&["viewer"]));
    token.set("ttl", "60d");
    token.apply(&subject).await;
    assert_eq!(token.state.get("name"), &"ship".into());
    assert_eq!(token.state.get("roles"), &texts(&["viewer"]));
    assert_ne!(token.secret(), &old);
    let days = token
        .end()
        .duration_since(subject.reference.clock().now())
        .as_secs()
        / 86_400;
    assert!((59..=60).contains(&days), "{days}");
}
