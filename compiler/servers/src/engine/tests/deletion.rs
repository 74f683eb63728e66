//! Deletions: of all that a state holds, and of nothing else.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::AccessToken;

use super::*;
use crate::engine::evidence::was_read;
use crate::engine::{Use, import, list_all, plans, plans_to_delete, plans_to_replace};
use crate::record::Filter;

#[tokio::test]
async fn destroy_ends_the_current_and_all_retired_secrets_and_names_what_it_cannot_end() {
    let mut token = Token::rotated_on(Api::Elasticsearch, &["1", "2", "3"], "30d").await;
    assert_eq!(token.fake.ids().len(), 3);
    token.troubles(Verb::Delete, Trouble::Refused, 2);
    let said = codes(&token.destroy().await);
    assert_eq!(said, ["server-forbids", "retired-not-revoked"]);
    let left = token.fake.ids().len();
    assert_eq!(left, 2, "one retired token could be ended");
    assert_eq!(token.retired(), 1);
    assert_eq!(token.destroy().await, []);
    assert!(token.state.is_null());
    assert!(token.fake.ids().is_empty());
}

#[tokio::test]
async fn a_lost_deletion_is_looked_for() {
    for trouble in [Trouble::LostAfter, Trouble::LostBefore] {
        let mut token = Token::applied_on(Api::Splunk).await;
        token.fake.trouble(Verb::Delete, trouble.clone());
        let said = token.destroy().await;
        let done = matches!(trouble, Trouble::LostAfter);
        assert_eq!(said.is_empty(), done, "{said:?}");
        assert_eq!(token.state.is_null(), done);
    }
}

#[tokio::test]
async fn an_answer_about_another_object_is_an_error_that_names_both() {
    for other in ["id-of-another-team", ""] {
        let mut token = Token::applied_on(Api::Splunk).await;
        let id = token.held().id.unwrap();
        token.fake.answer_about(other);
        let refreshed = read(&*token.fake, &token.stored(), None).await;
        let imported = import(&*token.fake, Kind::AccessToken, &id).await;
        let destroyed = token.destroy().await;
        for error in [
            &refreshed.unwrap_err()[0],
            &imported.unwrap_err(),
            &destroyed[0],
        ] {
            assert_eq!(error.code, Code::UnexpectedAnswer);
            let text = error.to_string();
            assert!(text.contains(&id) && text.contains(other), "{text}");
        }
        assert_eq!(token.held().id.as_ref(), Some(&id));
        assert_eq!(token.fake.ids(), [id], "it is not deleted");
    }
}

#[tokio::test]
async fn a_deletion_ends_the_secret_of_its_state_alone() {
    let mut token = Token::rotated_on(Api::Native, &["1"], "0s").await;
    let older = token.state.clone();
    token.rotate("2", "0s").await;
    // Another process, which has the older state.
    let newer = std::mem::replace(&mut token.state, older);
    assert_eq!(codes(&token.destroy().await), ["left-alone"]);
    assert!(token.state.is_null());
    token.state = newer;
    token.assert_alone();
    assert_eq!(token.destroy().await, []);
    assert!(token.fake.ids().is_empty());
}

/// A token, the evidence beside its state, and what another process made of the same object meanwhile, which the state has read.
async fn replaced_elsewhere() -> (Token, Evidence) {
    let mut token = Token::rotated_on(Api::Native, &["1"], "0s").await;
    let evidence = Evidence::of(&token.stored()).unwrap();
    let older = token.state.clone();
    token.fake.advance_days(1);
    token.rotate("2", "0s").await;
    Arc::get_mut(&mut token.fake).unwrap().restart();
    token.state = older;
    let issued_at = token.held().issued_at;
    token.refresh().await;
    assert_ne!(token.held().issued_at, issued_at);
    (token, evidence)
}

#[tokio::test]
async fn a_refresh_makes_nothing_ones_own() {
    let (mut token, evidence) = replaced_elsewhere().await;
    assert_eq!(
        codes(&token.destroy_with(&evidence).await),
        ["left-alone"],
        "the plan of this deletion showed nothing: it is a deposed object's"
    );
    assert_eq!(token.fake.ids().len(), 1);
}

#[tokio::test]
async fn what_a_plan_has_shown_as_replaced_elsewhere_is_deleted() {
    let (mut token, evidence) = replaced_elsewhere().await;
    let (state, server) = (token.stored(), &*token.fake);
    was_read(server, &evidence);
    let (planned, said) = plans_to_delete(server, &state, &evidence).await;
    assert_eq!(said, None);
    assert_eq!(token.destroy_with(&planned.unwrap()).await, []);
    assert_eq!(token.fake.ids().len(), 0);
}

#[tokio::test]
async fn what_another_state_took_over_and_keeps_is_left_alone() {
    let (mut token, evidence) = replaced_elsewhere().await;
    let (state, server) = (token.stored(), &*token.fake);
    was_read(server, &evidence);
    let other = Evidence::of(&token.stored()).unwrap();
    let (ends, keeps) = tokio::join!(plans_to_delete(server, &state, &evidence), async {
        plans(server, &state, &other, Use::Keeps)
    });
    assert_eq!((ends, keeps), ((None, None), None));
    assert_eq!(codes(&token.destroy_with(&evidence).await), ["left-alone"]);
}

#[tokio::test]
async fn two_states_of_one_object_are_told_of_each_other() {
    let token = Token::applied_on(Api::Splunk).await;
    let (state, server) = (token.stored(), &*token.fake);
    let one = Evidence::of(&token.stored()).unwrap();
    let other = Evidence::of(&token.stored()).unwrap();
    let say = |evidence: &Evidence, intends| {
        plans(server, &state, evidence, intends).map(|said| said.code)
    };
    assert_eq!(say(&one, Use::Keeps), None);
    assert_eq!(say(&one, Use::Keeps), None, "it may be asked again");
    assert_eq!(say(&other, Use::Keeps), Some(Code::HeldTwice));
    assert_eq!(say(&other, Use::Ends), Some(Code::EndsAnothers));
    assert_eq!(say(&one, Use::Keeps), Some(Code::EndsAnothers));
    assert_eq!(say(&one, Use::Ends), None, "both go");
    assert_eq!(say(&one, Use::Keeps), Some(Code::EndsAnothers));
    let replaced = plans_to_replace(server, Kind::AccessToken, &one);
    assert_eq!(replaced, None, "both go");
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error_and_not_a_list() {
    for (endless, expected) in [
        ((|_| 7) as fn(usize) -> usize, "its pages lead in a circle"),
        (|asked| asked + 1, "there is more after 2000 pages"),
    ] {
        let mut fake = Fake::new(Api::Elasticsearch);
        fake.endless = Some(endless);
        let read = list_all::<AccessToken>(&fake, &Filter::default()).await;
        let problem = read.unwrap_err();
        assert!(problem.detail.contains(expected), "{problem}");
    }
}
