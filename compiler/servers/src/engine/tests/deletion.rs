//! Deletions: of all that a state holds, and of nothing else.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::AccessToken;

use super::*;
use crate::engine::{Use, import, list_all, plans, plans_to_delete, plans_to_replace, whereabouts};
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
    token.fake.advance_days(1);
    token.rotate("2", "0s").await;
    // Another process, which has the older state.
    token.restart();
    let newer = std::mem::replace(&mut token.state, older.clone());
    assert_eq!(codes(&token.destroy().await), ["overtaken"]);
    assert_eq!(token.state, older, "what is not deleted is not forgotten");
    token.state = newer;
    token.assert_alone();
    assert_eq!(token.destroy().await, []);
    assert!(token.fake.ids().is_empty());
}

/// A token, and the state and the evidence that another one of the same object has, which replaced its secret since.
async fn replaced_elsewhere() -> (Token, State, Evidence) {
    let mut token = Token::rotated_on(Api::Native, &["1"], "0s").await;
    let (older, evidence) = (token.state.clone(), token.evidence.clone());
    token.fake.advance_days(1);
    token.rotate("2", "0s").await;
    let theirs = token.stored();
    let (nothing, site) = (Value::Null, whereabouts::site(&*token.fake));
    let other = Evidence::beside(
        Kind::AccessToken,
        None,
        &nothing,
        &token.state,
        Some(site),
        None,
    );
    let other = other.unwrap();
    token.fake.advance_days(1);
    (token.state, token.evidence) = (older, evidence);
    token.restart();
    (token, theirs, other)
}

impl Token {
    fn plans_to_delete(&self) -> (Option<Evidence>, Option<Code>) {
        let evidence = self.evidence.as_ref().unwrap();
        let (planned, said) = plans_to_delete(&*self.fake, &self.stored(), evidence);
        (planned, said.map(|said| said.code))
    }

    /// Terraform keeps what a plan keeps beside the state, but not for a deposed object.
    async fn deleted_as_planned(&mut self) -> Vec<&'static str> {
        let (planned, said) = self.plans_to_delete();
        assert_eq!(said, None);
        let evidence = planned.or(self.evidence.clone()).unwrap();
        codes(&self.destroy_with(&evidence).await)
    }
}

/// Terraform 1.9 to 1.11 plan what has left the configuration before they read it, and delete it with the state of before.
#[tokio::test(start_paused = true)]
async fn a_replaced_secret_that_no_plan_has_seen_is_not_forgotten_and_ends_the_next_time() {
    let (mut token, ..) = replaced_elsewhere().await;
    let issued_at = token.held().issued_at;
    assert_eq!(token.deleted_as_planned().await, ["overtaken"]);
    assert_ne!(
        token.held().issued_at,
        issued_at,
        "it says what is there now"
    );
    assert_eq!(token.fake.ids().len(), 1);
    token.restart();
    assert_eq!(token.deleted_as_planned().await, [""; 0]);
    assert_eq!(token.fake.ids().len(), 0);
}

/// Terraform plans a destruction in another process than the one that reads.
#[tokio::test(start_paused = true)]
async fn what_a_read_has_shown_as_replaced_elsewhere_is_deleted() {
    let (mut token, ..) = replaced_elsewhere().await;
    let issued_at = token.held().issued_at;
    token.refresh().await;
    assert_ne!(token.held().issued_at, issued_at);
    token.restart();
    assert_eq!(token.deleted_as_planned().await, [""; 0]);
    assert_eq!(token.fake.ids().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_another_state_took_over_is_left_alone() {
    let (mut token, theirs, other) = replaced_elsewhere().await;
    let fake = Arc::clone(&token.fake);
    tokio::join!(token.refresh(), async {
        let read = read(&*fake, &theirs, Some(&other)).await.unwrap();
        assert_eq!(read.unwrap().evidence, None);
    });
    drop(fake);
    let keeps = plans(&*token.fake, &theirs, &other, Use::Keeps);
    assert_eq!(keeps, None);
    assert_eq!(token.plans_to_delete(), (None, None));
    // The apply is another process, in which Terraform plans a deposed object anew.
    token.restart();
    assert_eq!(token.deleted_as_planned().await, ["left-alone"]);
    assert!(token.state.is_null());
    assert_eq!(token.fake.ids().len(), 1);
}

/// A server that shows the secret has put the other state's into this one with the refresh, whatever its dates say.
#[tokio::test(start_paused = true)]
async fn what_shows_the_secret_of_another_state_is_left_alone() {
    for is_read_first in [true, false] {
        let mut token = Token::rotated_on(Api::Splunk, &["1"], "0s").await;
        let (older, evidence) = (token.state.clone(), token.evidence.clone());
        token.rotate("2", "0s").await;
        let theirs = token.stored();
        let other = Evidence::of(&theirs).unwrap();
        (token.state, token.evidence) = (older, evidence);
        token.restart();
        let fake = Arc::clone(&token.fake);
        let reads = async || {
            let read = read(&*fake, &theirs, Some(&other)).await.unwrap();
            assert_eq!(read.unwrap().state.token, theirs.token);
        };
        if is_read_first {
            reads().await;
            token.refresh().await;
        } else {
            tokio::join!(token.refresh(), reads());
        }
        drop(fake);
        assert_eq!(token.held().token, theirs.token);
        let keeps = plans(&*token.fake, &theirs, &other, Use::Keeps);
        assert_eq!(keeps, None);
        assert_eq!(token.plans_to_delete(), (None, None));
        token.restart();
        token.refresh().await;
        assert_eq!(token.deleted_as_planned().await, ["left-alone"]);
        assert_eq!(token.fake.ids().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_turns_out_to_be_another_states_is_an_error_in_any_order() {
    for is_kept_first in [true, false] {
        for is_read in [true, false] {
            let (mut token, theirs, other) = replaced_elsewhere().await;
            if is_read {
                token.refresh().await;
            } else {
                assert_eq!(token.deleted_as_planned().await, ["overtaken"]);
            }
            token.restart();
            let keeps = || plans(&*token.fake, &theirs, &other, Use::Keeps).map(|told| told.code);
            let ends = || token.plans_to_delete().1;
            let [first, second] = if is_kept_first {
                [keeps(), ends()]
            } else {
                [ends(), keeps()]
            };
            assert_eq!([first, second], [None, Some(Code::EndsAnothers)]);
        }
    }
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
