//! Secrets that were issued and that no answer has.

use lanyard_compiler::model::access_token::Status;

use super::*;

/// A token on a server that shows its secret in no other answer.
fn hidden_on(api: Api) -> Token {
    let mut token = Token::on(api);
    Arc::get_mut(&mut token.fake).unwrap().hides_secrets = true;
    token
}

#[tokio::test]
async fn a_creation_whose_answer_has_no_secret_is_made_good_as_each_server_allows() {
    use Verb::{Create, Delete, List, Read, Rotate};
    for (api, instead, expected) in [
        (Api::Splunk, None, vec![Create, Read]),
        (Api::Splunk, Some(""), vec![Create, Read]),
        (Api::Openobserve, None, vec![Create, Read, Rotate]),
        (
            Api::Osmo,
            Some(""),
            vec![List, Create, Read, Delete, Create],
        ),
    ] {
        let mut token = Token::on(api);
        token.fake.trouble(Create, Trouble::NotTold(instead));
        assert_eq!(token.apply().await, [], "{api:?}");
        let mut calls = token.fake.calls();
        calls.retain(|verb| *verb != Verb::Finish);
        assert_eq!(calls, expected, "{api:?}");
        token.assert_alone();
    }
}

#[tokio::test]
async fn a_creation_whose_secret_nobody_is_told_is_an_error_and_in_the_state() {
    use Verb::{Create, Rotate};
    for (api, troubles) in [
        (Api::Splunk, [Create, Create]),
        (Api::Openobserve, [Create, Rotate]),
        (Api::Elasticsearch, [Create, Create]),
    ] {
        let mut token = hidden_on(api);
        for verb in troubles {
            token.fake.trouble(verb, Trouble::NotTold(None));
        }
        assert_eq!(token.tells().await, ["secret-not-told"], "{api:?}");
        assert_eq!(token.held().id, token.fake.ids().first().cloned());
        assert_eq!(token.held().token, None);
        assert!(!token.refused);
        token.destroy().await;
        token.done().await;
        token.assert_alone();
    }
}

#[tokio::test]
async fn a_rotation_whose_secret_nobody_is_told_is_an_error_and_made_again() {
    for api in [Api::Splunk, Api::Openobserve, Api::Osmo, Api::Elasticsearch] {
        for refreshes in [false, true] {
            let mut token = hidden_on(api);
            token.rotate("1", "0s").await;
            let old = token.secret();
            token.fake.advance_days(1);
            token.rotation("2", "0s");
            token.fake.trouble(Verb::Rotate, Trouble::NotTold(Some("")));
            assert_eq!(token.tells().await, ["secret-not-told"], "{api:?}");
            assert!(!token.refused);
            assert_eq!(token.secret(), old, "nothing else is known");
            assert_eq!(token.held().status, Some(Status::Revoked), "{api:?}");
            if refreshes {
                token.refresh().await;
                assert_eq!(token.held().status, Some(Status::Revoked), "{api:?}");
            }
            token.done().await;
            assert_ne!(token.secret(), old, "{api:?}");
            assert_eq!(token.held().status, Some(Status::Active), "{api:?}");
            token.assert_alone();
            token.refresh().await;
            token.done().await;
        }
    }
}

#[tokio::test]
async fn the_secret_that_a_server_shows_takes_the_place_of_the_one_that_a_rotation_left_out() {
    let mut token = Token::rotated_on(Api::Splunk, &["1"], "0s").await;
    token.fake.trouble(Verb::Rotate, Trouble::NotTold(None));
    token.rotate("2", "0s").await;
    assert_eq!(token.generation(), Some(2));
    token.assert_alone();
}
