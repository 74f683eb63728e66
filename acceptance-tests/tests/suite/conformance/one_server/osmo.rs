//! OSMO's habits: sign-ins that end while we work, users made by halves, whole days, and roles that tokens lose.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_token_server::{Fault, FaultRule};
use serde_json::json;

use super::subject::{texts, the};
use super::{Resource, Subject};

/// The exchange of the access token gives a sign-in of five minutes.
pub(crate) async fn a_sign_in_that_ended_is_renewed(subject: Subject) {
    let mut token = subject.new_tokens("deploy").await.remove(0);
    token.apply(&subject).await;
    for _ in 0..2 {
        subject.reference.clock().advance_seconds(600).unwrap();
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp);
    }
}

/// The user and its roles are written one after the other, and the second can be lost.
pub(crate) async fn a_user_that_was_made_without_its_roles_gets_them(mut subject: Subject) {
    subject.profile(&json!({ "roleless_create": true })).await;
    let mut account = subject
        .new_account("ci")
        .with("roles", texts(&["osmo-admin", "osmo-user"]));
    account.try_apply(&subject).await;
    subject.profile(&json!({})).await;
    account.apply_for_good(&mut subject).await;
    assert_eq!(
        account.state.get("roles"),
        &texts(&["osmo-admin", "osmo-user"])
    );
}

pub(crate) async fn a_service_whose_database_is_away_for_a_moment_is_asked_again(subject: Subject) {
    let mut account = subject.new_account("ci");
    account.apply(&subject).await;
    // What the dialect makes of it is the answer of a pool that is closed.
    let away = FaultRule::new(Fault::Status {
        status: 400,
        retry_after: None,
        before_work: true,
    });
    for method in ["GET", "POST"] {
        let rule = away.clone().on(method, "/api/auth/user*").times(1);
        subject.reference.faults().replace(vec![rule]).unwrap();
        let mut token = Resource::token(&format!("deploy-{}", method.to_lowercase()), account.id());
        token.apply(&subject).await;
        assert!(subject.lets_in(&token, token.secret()).await);
    }
}

pub(crate) async fn an_end_within_a_day_is_rounded_down_and_said_at_plan(mut subject: Subject) {
    let mut token = subject.new_tokens("deploy").await.remove(0);
    let noon = subject.reference.clock().now() + jiff::SignedDuration::from_hours(20 * 24);
    let noon = format!("{}T12:00:00Z", noon.strftime("%Y-%m-%d"));
    token.set("expires_at", noon.as_str());
    the(
        "end-rounded-down",
        &lanyard_compiler::model::checks::validate(
            token.kind,
            Some(subject.capabilities()),
            &token.config,
        ),
    );
    token.apply_for_good(&mut subject).await;
    assert_eq!(token.state.get("expires_at"), &noon.as_str().into());
}

/// Giving the user the role again does not give it back to the tokens.
pub(crate) async fn a_role_that_is_taken_from_a_user_is_lost_to_its_tokens(mut subject: Subject) {
    let mut account = subject
        .new_account("ci")
        .with("roles", texts(&["osmo-admin", "osmo-user"]));
    account.apply(&subject).await;
    let mut token =
        Resource::token("deploy", account.id()).with("roles", texts(&["osmo-admin", "osmo-user"]));
    token.apply_for_good(&mut subject).await;
    let old = token.secret().clone();
    account.set("roles", texts(&["osmo-user"]));
    the("roles-removed", &account.whole_plan(&subject).diagnostics);
    account.apply(&subject).await;
    account.set("roles", texts(&["osmo-admin", "osmo-user"]));
    account.apply(&subject).await;

    token.refresh(&subject).await;
    assert_eq!(token.state.get("roles"), &texts(&["osmo-user"]));
    let plan = token.whole_plan(&subject);
    assert_eq!(plan.planned.get("generation"), &Value::from(2));
    token.apply_for_good(&mut subject).await;
    assert_eq!(
        token.state.get("roles"),
        &texts(&["osmo-admin", "osmo-user"])
    );
    assert!(!subject.lets_in(&token, &old).await);
}

/// Names are given again: the secret in the state ended with the user that had the name before.
pub(crate) async fn a_token_of_a_user_that_was_made_anew_is_another(mut subject: Subject) {
    let mut account = subject
        .new_account("ci")
        .with("roles", texts(&["osmo-user"]));
    account.apply(&subject).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply(&subject).await;
    let [mut their_account, mut their_token] = [account.clone(), token.clone()];
    assert!(!has_errors(&their_account.destroy(&subject).await));
    subject.reference.clock().advance_seconds(600).unwrap();
    their_token.state = Value::Null;
    for theirs in [&mut their_account, &mut their_token] {
        theirs.apply(&subject).await;
    }
    subject.restart();

    let mut unread = token.clone();
    the("left-alone", &unread.destroy(&subject).await);
    assert!(subject.lets_in(&their_token, their_token.secret()).await);
    token.refresh(&subject).await;
    assert_eq!(token.state, Value::Null, "what it held is gone");
    the("name-taken", &token.try_apply(&subject).await);
    their_token.refresh(&subject).await;
    assert_eq!(their_token.plan(&subject), Action::NoOp);
}

/// Nothing of a token can be changed: with another end, or a role more, it is one that somebody made under the name.
pub(crate) async fn a_token_that_was_made_anew_is_known_by_its_end_and_its_roles(
    mut subject: Subject,
) {
    let [few, all] = [texts(&["osmo-user"]), texts(&["osmo-admin", "osmo-user"])];
    let mut account = subject.new_account("ci").with("roles", few);
    account.apply(&subject).await;
    let mut tokens = ["ends", "can"].map(|name| Resource::token(name, account.id()));
    for token in &mut tokens {
        token.apply(&subject).await;
    }
    let [mut ends_otherwise, can_more] = tokens.clone();
    let end = subject.reference.clock().now() + jiff::SignedDuration::from_hours(20 * 24);
    let end = format!("{}T00:00:00Z", end.strftime("%Y-%m-%d"));
    ends_otherwise.set("expires_at", end.as_str());
    account.set("roles", all);
    account.apply(&subject).await;
    for mut theirs in [ends_otherwise, can_more] {
        assert!(!has_errors(&theirs.destroy(&subject).await));
        theirs.state = Value::Null;
        theirs.apply(&subject).await;
    }
    subject.restart();

    for mut token in tokens {
        let dead = token.secret().clone();
        assert!(!subject.lets_in(&token, &dead).await);
        for _ in 0..2 {
            token.refresh(&subject).await;
            assert_eq!(token.state.get("status"), &"revoked".into());
            let plan = token.whole_plan(&subject);
            assert_eq!(plan.planned.get("generation"), &Value::from(2));
        }
        token.apply_for_good(&mut subject).await;
        assert!(subject.lets_in(&token, token.secret()).await);
    }
}
