//! Versions that are older, broken or slow.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::value::Value;
use lanyard_servers::Object as _;
use serde_json::json;

use super::Subject;

pub(crate) async fn a_version_that_would_replace_the_wrong_token_is_not_asked_to_rotate(
    mut subject: Subject,
) {
    let mut account = subject.new_account("deploy");
    account.trigger("1", Value::Null);
    account.apply(&subject).await;
    // Asking for the ingestion tokens makes the default one, which is what that version replaces.
    subject
        .new_tokens("any")
        .await
        .pop()
        .unwrap()
        .try_apply(&subject)
        .await;
    let before = default_token(&subject).await;
    subject.profile(&json!({ "version": "v0.91.3" })).await;
    subject.restart();
    account.trigger("2", Value::Null);
    let said = account.try_apply(&subject).await;
    assert!(has_errors(&said), "{said:#?}");
    assert!(format!("{said:?}").contains("v0.91"), "{said:#?}");
    assert!(!account.secret().expose().starts_with("o2oi_"));
    assert_eq!(default_token(&subject).await, before, "collectors go on");

    subject.profile(&json!({ "version": "v0.92.0" })).await;
    subject.restart();
    account.apply(&subject).await;
    assert!(subject.lets_in(&account, account.secret()).await);
}

async fn default_token(subject: &Subject) -> Option<AccessTokenRecord> {
    let tokens = AccessToken::of(&*subject.server);
    tokens.read("default/default").await.unwrap()
}

pub(crate) async fn a_version_that_shows_no_secret_on_creation_shows_it_afterwards(
    mut subject: Subject,
) {
    subject.profile(&json!({ "version": "v0.70.3" })).await;
    let mut account = subject.new_account("deploy");
    account.apply_for_good(&mut subject).await;
    assert!(subject.lets_in(&account, account.secret()).await);
    assert!(!has_errors(&account.destroy(&subject).await));
}

/// A second is as long as a slow message bus may take.
pub(crate) async fn lists_and_checks_that_come_late_are_waited_for(mut subject: Subject) {
    subject
        .profile(&json!({ "cache_lag_milliseconds": 1000 }))
        .await;
    let mut account = subject.new_account("deploy");
    account.trigger("1", Value::Null);
    account.apply_for_good(&mut subject).await;
    assert!(subject.lets_in(&account, account.secret()).await);
    let old = account.secret().clone();
    account.trigger("2", Value::Null);
    account.apply_for_good(&mut subject).await;
    assert!(subject.lets_in(&account, account.secret()).await);
    assert!(!subject.lets_in(&account, &old).await);
    let last = account.secret().clone();
    let before = account.clone();
    assert!(!has_errors(&account.destroy(&subject).await));
    assert!(!subject.lets_in(&before, &last).await);
}
