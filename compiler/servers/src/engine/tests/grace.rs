//! The old secret after a rotation: for how long it lives, and who ends it.

use super::*;

#[tokio::test]
async fn two_slots_keep_the_old_secret_until_the_first_apply_after_its_deadline() {
    let mut token = Token::rotated_on(Api::Elasticsearch, &["1"], "2d").await;
    let old = token.secret();
    token.rotate("2", "2d").await;
    assert_ne!(token.secret(), old);
    assert_eq!(token.held().previous_token, Some(old.clone()));
    assert_eq!(token.generation(), Some(2));
    assert_eq!(token.retired(), 1);

    token.fake.advance_days(1);
    token.refresh().await;
    token.done().await;
    assert!(token.fake.owner(&old).is_some(), "its grace period lasts");

    token.fake.advance_days(2);
    token.refresh().await;
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    assert_eq!(token.tells().await, ["retired-not-revoked"]);
    assert_eq!(token.retired(), 1, "it is not forgotten");

    token.refresh().await;
    token.done().await;
    assert_eq!(token.fake.owner(&old), None);
    token.assert_nothing_old();
}

#[tokio::test]
async fn who_takes_the_grace_period_away_does_not_wait_for_its_end() {
    for without in [true, false] {
        let mut token = Token::rotated_on(Api::Elasticsearch, &["1", "2"], "2d").await;
        let old = token.held().previous_token;
        let old = old.expect("the old secret is kept");
        token.rotation("2", "0s");
        if without {
            token.set("rotation", Value::Null);
        }
        token.fake.trouble(Verb::Delete, Trouble::Refused);
        assert_eq!(token.tells().await, ["retired-not-revoked"]);
        assert_eq!(token.retired(), 1, "it is not forgotten");

        token.refresh().await;
        token.done().await;
        assert_eq!(token.fake.owner(&old), None);
        token.assert_nothing_old();
    }
}

#[tokio::test]
async fn a_rotation_without_grace_ends_the_secrets_that_earlier_ones_kept() {
    let mut token = Token::rotated_on(Api::Elasticsearch, &["1", "2"], "2d").await;
    token.rotate("3", "0s").await;
    assert_eq!(token.retired(), 0);
    token.assert_alone();
}

#[tokio::test]
async fn a_grace_period_that_the_server_cannot_end_goes_on_and_is_named() {
    let mut token = Token::rotated_on(Api::Splunk, &["1", "2"], "2d").await;
    token.rotation("2", "0s");
    let told = |token: &Token| token.plan().diagnostics[0].detail.clone();
    assert_eq!(codes(&token.plan().diagnostics), ["grace-goes-on"]);
    let works = told(&token);
    assert!(
        works.contains(" stays valid for the grace period "),
        "{works}"
    );
    token.set("disabled", true);
    let off = told(&token);
    let ending = "cannot end it earlier. It does not work while the token is disabled.";
    assert!(off.ends_with(ending) && !off.contains("valid"), "{off}");
    token.set("disabled", Value::Null);
    token.done().await;
    assert_eq!(token.retired(), 1);
}

#[tokio::test]
async fn a_server_that_keeps_the_old_secret_silently_is_believed_for_as_long_as_it_was_told() {
    let mut token = Token::rotated_on(Api::Splunk, &["1"], "2d").await;
    let old = token.secret();
    token.rotate("2", "2d").await;
    assert_eq!(token.held().previous_token.as_ref(), Some(&old));
    token.fake.advance_days(1);
    token.refresh().await;
    assert_eq!(token.held().previous_token, Some(old));
    token.fake.advance_days(2);
    token.refresh().await;
    assert_eq!(token.held().previous_token, None);
    assert_eq!(token.retired(), 0);
    token.done().await;
}

#[tokio::test]
async fn two_slots_without_a_grace_period_end_the_old_secret_at_once() {
    let mut token = Token::rotated_on(Api::Elasticsearch, &["1", "2"], "0s").await;
    assert_eq!(token.retired(), 0);
    token.assert_alone();

    token.rotation("3", "0s");
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    let said = token.apply().await;
    assert_eq!(codes(&said), ["retired-not-revoked"]);
    assert!(!said[0].is_error(), "the new secret is what counts");
    token.refresh().await;
    token.done().await;
    token.assert_alone();
}

#[tokio::test]
async fn no_grace_period_keeps_a_secret_beyond_its_own_end() {
    for api in [Api::Splunk, Api::Osmo] {
        let mut token = Token::on(api);
        token.set("ttl", "3d");
        token.rotate("1", "2d").await;
        let end = token.held().expires_at.expect("it ends").value();
        token.fake.advance_days(2);
        token.refresh().await;
        token.rotate("2", "2d").await;
        let retired = token.held().retired.unwrap_or_default();
        let ends = retired
            .iter()
            .map(|old| old.revoke_at.as_ref().map(|end| end.value()));
        assert_eq!(ends.collect::<Vec<_>>(), [Some(end)], "{api:?}");
    }
}
