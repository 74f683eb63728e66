//! Updates and rotations that fail, or whose answer is lost.

use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::{AccessToken, decode};

use super::*;
use crate::object::{Objects as _, anything};

#[tokio::test]
async fn a_lost_rotation_ends_with_a_secret_that_works() {
    for (api, trouble) in [
        (Api::Splunk, Trouble::LostBefore),
        (Api::Splunk, Trouble::LostAfter),
        (Api::Elasticsearch, Trouble::LostBefore),
    ] {
        let mut token = Token::rotated_on(api, &["1"], "0s").await;
        token.fake.advance_days(1);
        token.rotation("2", "0s");
        token.fake.trouble(Verb::Rotate, trouble.clone());
        assert_eq!(token.apply().await, [], "{api:?} {trouble:?}");
        assert_eq!(token.generation(), Some(2));
        token.assert_alone();
    }
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_state_as_it_was() {
    let mut token = Token::applied_on(Api::Splunk).await;
    let before = token.state.clone();
    token.set("description", "new");
    token.fake.trouble(Verb::Update, Trouble::Refused);
    assert_eq!(token.tells().await, ["server-forbids"]);
    assert_eq!(token.state, before);
}

#[tokio::test]
async fn a_rotation_that_fails_keeps_the_update_before_it() {
    let mut token = Token::rotated_on(Api::Splunk, &["1"], "0s").await;
    let secret = token.secret();
    token.rotation("2", "0s");
    token.set("description", "new");
    token.fake.trouble(Verb::Rotate, Trouble::Refused);
    assert_eq!(token.tells().await, ["server-forbids"]);
    assert_eq!(token.state.get("description"), &"new".into());
    assert_eq!(token.generation(), Some(1));
    assert_eq!(token.secret(), secret);
    token.done().await;
    assert_eq!(token.generation(), Some(2));
}

#[tokio::test]
async fn a_planned_rotation_issues_nothing_for_what_somebody_changed_since() {
    for (api, attribute, theirs) in [
        (Api::Native, "disabled", Value::from(true)),
        (Api::Native, "description", "theirs".into()),
        (Api::Splunk, "disabled", true.into()),
    ] {
        let mut token = Token::rotated_on(api, &["1"], "0s").await;
        let (id, secret) = (token.held().id.unwrap(), token.secret());
        let mut changed = token.state.clone();
        let entries = changed.as_map_mut().unwrap();
        entries.insert(attribute, theirs.clone());
        let [before, after] = [&token.state, &changed].map(|it| decode::<AccessToken>(it).unwrap());
        let updated = token.fake.update(&id, &before, &after, &anything).await;
        updated.unwrap();
        token.rotation("2", "0s");
        assert_eq!(token.tells().await, ["overtaken"], "{api:?} {attribute}");
        assert_eq!(token.fake.secret_of(&id), secret);
        assert_eq!(token.generation(), Some(1));
        assert_eq!(token.state.get(attribute), &theirs);
        token.done().await;
        assert_eq!(token.held().status, Some(Status::Active));
        assert_eq!(token.generation(), Some(2));
        token.assert_alone();
    }
}

/// A token that lives for 90 days, and 60 days later.
async fn after_sixty_days(api: Api) -> Token {
    let mut token = Token::on(api);
    token.set("ttl", "90d");
    token.rotate("1", "0s").await;
    token.fake.advance_days(60);
    token.refresh().await;
    token.fake.calls();
    token
}

#[tokio::test]
async fn a_ttl_whose_end_is_past_already_rotates_in_the_same_apply() {
    for api in [Api::Native, Api::Splunk] {
        let mut token = after_sixty_days(api).await;
        token.set("ttl", "30d");
        token.done().await;
        assert_eq!(token.fake.calls(), [Verb::Read, Verb::Rotate]);
        assert_eq!(token.generation(), Some(2));
        let why = token.held().rotation_reason.unwrap();
        let expected = "with a `ttl` of 30d it would have ended 2";
        assert!(why.starts_with(expected), "{why}");
        token.assert_alone();
        token.done().await;
        assert_eq!(token.generation(), Some(2));
    }
}

/// One that was imported is not due: nobody here has its secret. Its end could not be moved there.
#[tokio::test]
async fn a_ttl_that_an_expired_token_has_outlived_rotates_in_the_same_apply() {
    for (days, generation) in [(31, 2), (1, 1)] {
        let mut token = Token::on(Api::Native);
        token.set("ttl", "90d");
        token.done().await;
        token
            .state
            .as_map_mut()
            .unwrap()
            .insert("token", Value::Null);
        token.fake.advance_days(90 + days);
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Expired));
        token.set("ttl", "120d");
        token.done().await;
        assert_eq!(token.generation(), Some(generation), "{days}");
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Active));
        token.done().await;
        assert_eq!(token.generation(), Some(generation), "{days}");
    }
}

#[tokio::test]
async fn a_shorter_ttl_whose_end_is_to_come_moves_the_end_of_the_secret_in_use() {
    let mut token = after_sixty_days(Api::Splunk).await;
    let secret = token.secret();
    token.set("ttl", "80d");
    token.done().await;
    assert_eq!(token.fake.calls(), [Verb::Read, Verb::Update]);
    assert_eq!(token.generation(), Some(1));
    assert_eq!(token.held().rotation_reason, None);
    assert_eq!(token.secret(), secret);
    token.refresh().await;
    token.done().await;
    token.assert_alone();
}

#[tokio::test]
async fn the_end_of_a_disabled_token_is_decided_when_it_is_enabled() {
    let mut token = after_sixty_days(Api::Native).await;
    token.set("ttl", "30d");
    token.set("disabled", true);
    token.done().await;
    assert_eq!(token.fake.calls(), [Verb::Update]);
    assert_eq!(token.generation(), Some(1));
    token.refresh().await;
    token.done().await;
    token.set("disabled", false);
    token.done().await;
    assert_eq!(token.generation(), Some(2));
    token.assert_alone();
}

#[tokio::test]
async fn an_end_that_is_past_before_it_is_set_changes_nothing() {
    let mut token = after_sixty_days(Api::Splunk).await;
    let before = token.state.clone();
    token.set("ttl", Value::Null);
    token.set("expires_at", "2001-01-01T00:00:00Z");
    assert_eq!(token.tells().await, ["end-is-past"]);
    assert_eq!(token.state, before);
    assert_eq!(token.fake.calls(), [Verb::Read]);
}

#[tokio::test]
async fn an_edit_that_makes_a_token_due_says_that_the_next_apply_rotates() {
    let mut token = after_sixty_days(Api::Splunk).await;
    for (ahead, expected) in [("20d", vec![]), ("40d", vec!["due-at-once"])] {
        let mut block = token.config.get("rotation").clone();
        let entries = block.as_map_mut().unwrap();
        entries.insert("before_expiry", ahead.into());
        token.set("rotation", block);
        assert_eq!(token.tells().await, expected, "{ahead}");
    }
    assert_eq!(token.generation(), Some(1));
    token.refresh().await;
    token.done().await;
    assert_eq!(token.generation(), Some(2));
}

/// Terraform applies the plan that was saved while the secret lived.
#[tokio::test]
async fn an_update_of_what_has_expired_since_the_plan_says_so() {
    for has_block in [true, false] {
        let mut token = after_sixty_days(Api::Splunk).await;
        if !has_block {
            token.set("rotation", Value::Null);
        }
        token.set("description", "planned while it lived");
        token.fake.advance_days(40);
        assert_eq!(token.tells().await, ["due-at-once"]);
        assert_eq!(token.generation(), Some(1), "nothing else was reviewed");
    }
}

#[tokio::test]
async fn a_rotation_of_what_has_expired_since_the_plan_says_so() {
    for (trouble, expected) in [
        (Trouble::Impossible, "expired-since-plan"),
        // Who may not rotate learns that.
        (Trouble::Refused, "server-forbids"),
    ] {
        let mut token = after_sixty_days(Api::Splunk).await;
        token.fake.advance_days(31);
        token.rotation("2", "0s");
        token.fake.trouble(Verb::Rotate, trouble);
        assert_eq!(token.tells().await, [expected]);
        assert_eq!(token.generation(), Some(1));
    }
}
