//! Creations whose answer is lost, whose later steps fail, or whose name is taken.

use super::*;
use crate::engine::replace;

#[tokio::test]
async fn a_lost_creation_is_found_and_its_secret_regained_as_each_server_allows() {
    use Verb::{Create, Delete, List, Read, Rotate};
    use {Api::*, Trouble::*};
    for (api, trouble, expected) in [
        // The secret can be read again.
        (Splunk, LostAfter, vec![Create, List, Read]),
        (Splunk, LostBefore, vec![Create, List, Create]),
        // A new secret can be issued.
        (Openobserve, LostAfter, vec![Create, List, Read, Rotate]),
        // Nothing tells when it was made: the name was looked for before.
        (
            Osmo,
            LostAfter,
            vec![List, Create, List, Read, Delete, Create],
        ),
        (Elasticsearch, LostBefore, vec![List, Create, List, Create]),
    ] {
        let mut token = Token::on(api);
        token.fake.trouble(Create, trouble.clone());
        assert_eq!(token.apply().await, [], "{api:?} {trouble:?}");
        let mut calls = token.fake.calls();
        calls.retain(|verb| *verb != Verb::Finish);
        assert_eq!(calls, expected, "{api:?} {trouble:?}");
        token.assert_alone();
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_loses_more_answers_is_made_good_all_the_same() {
    use Verb::{Create, Delete, Rotate};
    for (api, troubles) in [
        (Api::Openobserve, vec![Create, Rotate, Rotate]),
        (Api::Osmo, vec![Create, Delete]),
        (Api::Osmo, vec![Create, Create, Create]),
        (Api::Elasticsearch, vec![Create, Delete, Create, Delete]),
    ] {
        let mut token = Token::on(api);
        for verb in &troubles {
            token.fake.trouble(*verb, Trouble::LostAfter);
        }
        assert_eq!(token.apply().await, [], "{api:?} {troubles:?}");
        token.assert_alone();
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_creation_made_is_found_though_lists_lag() {
    use Trouble::{LostAfter, Nothing, Stale};
    use Verb::{Create, Delete, List};
    for (api, troubles) in [
        (
            Api::Osmo,
            vec![
                (List, Nothing),
                (Create, LostAfter),
                (List, Stale),
                (List, Stale),
                (List, Stale),
            ],
        ),
        (
            Api::Openobserve,
            vec![(Create, LostAfter), (List, Stale), (List, Stale)],
        ),
        // Likewise while it is made anew.
        (
            Api::Elasticsearch,
            vec![
                (List, Nothing),
                (Create, LostAfter),
                (Delete, Nothing),
                (Create, LostAfter),
                (List, Stale),
                (List, Stale),
            ],
        ),
    ] {
        let mut token = Token::on(api);
        for (verb, trouble) in troubles.clone() {
            token.fake.trouble(verb, trouble);
        }
        assert_eq!(token.apply().await, [], "{api:?} {troubles:?}");
        token.assert_alone();
    }
}

#[tokio::test]
async fn what_exists_without_its_secret_goes_into_the_state() {
    use Verb::{Create, Delete, Rotate};
    for (api, verb) in [(Api::Openobserve, Rotate), (Api::Osmo, Delete)] {
        let mut token = Token::on(api);
        token.fake.trouble(Create, Trouble::LostAfter);
        token.fake.trouble(verb, Trouble::Refused);
        let said = token.apply().await;
        assert_eq!(codes(&said), ["server-forbids"], "{api:?}");
        assert!(said[0].to_string().contains("made anew"), "{}", said[0]);
        assert_eq!(token.held().id, Some(token.fake.ids()[0].clone()));
        assert_eq!(token.held().token, None);
        let destroyed = token.destroy().await;
        assert_eq!(destroyed, [], "as Terraform does, which marks it");
        token.done().await;
        token.assert_alone();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_for_a_while_is_asked_again_after_each_look() {
    let mut token = Token::on(Api::Osmo);
    token.troubles(Verb::Create, Trouble::LostBefore, 4);
    token.rotate("1", "0s").await;
    token.assert_alone();
    token.troubles(Verb::Rotate, Trouble::LostBefore, 4);
    token.rotate("2", "0s").await;
    assert_eq!(token.generation(), Some(2));
    token.assert_alone();
}

#[tokio::test(start_paused = true)]
async fn what_the_last_repetition_made_is_found_and_what_never_works_is_reported() {
    let mut token = Token::on(Api::Splunk);
    token.troubles(Verb::Create, Trouble::LostBefore, 4);
    token.fake.trouble(Verb::Create, Trouble::LostAfter);
    token.done().await;
    token.assert_alone();

    let mut token = Token::on(Api::Splunk);
    token.troubles(Verb::Create, Trouble::LostBefore, 5);
    assert_eq!(token.tells().await, ["outcome-unknown"]);
    assert!(token.fake.ids().is_empty());
}

/// Somebody else may have made it in between, or the server itself, for a request that it tried twice: nothing tells which.
#[tokio::test(start_paused = true)]
async fn what_has_a_name_that_was_free_a_moment_ago_is_told_and_left_alone() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        let mut token = Token::applied_on(api).await;
        let (id, secret) = (token.held().id, token.secret());
        token.state = Value::Null;
        token.restart();
        token.fake.trouble(Verb::List, Trouble::Stale);
        let said = token.apply().await;
        assert_eq!(codes(&said), ["name-taken"], "{api:?}");
        let told = said[0].to_string();
        assert!(told.contains("It was not there a moment before"), "{told}");
        assert!(!token.refused, "nobody knows");
        assert_eq!(token.fake.owner(&secret), id, "{api:?}");
        // What was there all the time is not in doubt.
        let said = token.apply().await;
        assert_eq!(codes(&said), ["name-taken"], "{api:?}");
        assert!(
            !said[0].to_string().contains("moment before"),
            "{}",
            said[0]
        );
    }
}

#[tokio::test]
async fn what_had_the_name_before_a_lost_creation_is_left_alone() {
    for api in [Api::Splunk, Api::Osmo] {
        let mut token = Token::on(api);
        let id = token.fake.add("ci");
        token.fake.advance_days(1);
        token.fake.trouble(Verb::Create, Trouble::LostBefore);
        let said = token.apply().await;
        assert_eq!(codes(&said), ["name-taken"]);
        assert!(said[0].to_string().contains(&id), "{}", said[0]);
        assert!(token.state.is_null());
        assert_eq!(token.fake.ids(), [id]);
    }
    // What is asked for in that case is done, as without the loss.
    let mut token = Token::on(Api::Splunk);
    let id = token.fake.add("ci");
    token.fake.advance_days(1);
    token.set("on_conflict", "adopt");
    token.fake.trouble(Verb::Create, Trouble::LostBefore);
    let said = token.apply().await;
    assert!(!codes(&said).contains(&"name-taken"), "{said:?}");
    assert_eq!(token.held().id, Some(id));
}

/// A gateway may date the answers by another clock than the one that dates the objects.
#[tokio::test(start_paused = true)]
async fn a_lost_creation_is_found_whatever_dates_the_answers() {
    for api in [Api::Native, Api::Splunk, Api::Openobserve] {
        for seconds in [-200, -3, 0, 3, 200] {
            let mut token = Token::on(api);
            token.fake.date_answers_off(seconds);
            token.fake.trouble(Verb::Create, Trouble::LostAfter);
            token.done().await;
            token.assert_alone();
        }
    }
}

/// What dates the objects may be behind all that can be asked: what is a little older than the attempt is somebody else's, or ours.
#[tokio::test(start_paused = true)]
async fn what_somebody_made_shortly_before_is_left_alone_whatever_dates_the_answers() {
    let ages = [(20, "outcome-unknown"), (600, "name-taken")];
    for api in [Api::Splunk, Api::Openobserve] {
        for (seconds, (age, code)) in [-200, -3, 0, 200]
            .into_iter()
            .flat_map(|seconds| ages.map(|age| (seconds, age)))
        {
            let mut token = Token::on(api);
            let id = token.fake.add("ci");
            let secret = token.fake.secret_of(&id);
            token.fake.advance_seconds(age);
            token.fake.date_answers_off(seconds);
            token.fake.trouble(Verb::Create, Trouble::LostBefore);
            assert_eq!(codes(&token.apply().await), [code], "{api:?} {seconds}");
            assert!(token.state.is_null());
            assert_eq!(token.fake.owner(&secret), Some(id), "{api:?} {seconds}");
        }
    }
}

#[tokio::test]
async fn a_restricting_step_that_fails_revokes_the_secret_at_once() {
    let mut token = Token::on(Api::Splunk);
    token.fake.trouble(Verb::Finish, Trouble::Restricting);
    assert_eq!(token.tells().await, ["server-forbids"]);
    assert!(token.state.is_null());
    assert!(token.fake.ids().is_empty());
}

#[tokio::test]
async fn what_cannot_be_revoked_stays_in_the_state_and_is_named() {
    // What nothing deletes, nothing replaces.
    for (api, way) in [
        (Api::Splunk, "marked for replacement"),
        (Api::Openobserve, "terraform untaint"),
    ] {
        let mut token = Token::on(api);
        token.set("service_account", Value::Null);
        token.fake.trouble(Verb::Finish, Trouble::Restricting);
        token.fake.trouble(Verb::Delete, Trouble::Refused);
        let said = token.apply().await;
        assert_eq!(codes(&said), ["server-forbids", "not-undone"]);
        assert!(said[1].hints[0].contains(way), "{said:?}");
        token.assert_alone();
    }
}

#[tokio::test]
async fn a_harmless_step_that_fails_is_a_warning() {
    let mut token = Token::on(Api::Splunk);
    token.fake.trouble(Verb::Finish, Trouble::Refused);
    let said = token.apply().await;
    assert_eq!(codes(&said), ["step-failed"]);
    assert!(!said[0].is_error());
    token.assert_alone();
}

#[tokio::test]
async fn a_replacement_begins_with_the_new_one_unless_the_name_is_taken() {
    for (name, first) in [("other", Verb::Create), ("ci", Verb::Delete)] {
        let mut token = Token::applied_on(Api::Native).await;
        let old = std::mem::take(&mut token.state);
        token.set("name", name);
        let plan = token.plan();
        // Taken, so that what follows stands alone.
        token.fake.calls();
        let (server, kind) = (token.server(), Kind::AccessToken);
        let made = replace(&server, kind, &old, &plan.planned, &token.config, &[]).await;
        assert_eq!(made.diagnostics, [], "{name}");
        token.state = made.state;
        token.assert_alone();
        let calls = token.fake.calls();
        let writes = [Verb::Create, Verb::Delete];
        let write = calls.into_iter().find(|verb| writes.contains(verb));
        assert_eq!(write, Some(first), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_first_attempt_that_was_refused_has_surely_issued_nothing() {
    use Trouble::{Impossible, LostAfter, LostBefore, Refused};
    for (api, troubles, expected) in [
        (Api::Osmo, vec![(Verb::Create, Refused)], true),
        (Api::Osmo, vec![(Verb::Create, Impossible)], true),
        // Nobody knows what became of the first.
        (
            Api::Osmo,
            vec![(Verb::Create, LostBefore), (Verb::Create, Refused)],
            false,
        ),
        (
            Api::Openobserve,
            vec![(Verb::Create, LostAfter), (Verb::Rotate, Refused)],
            false,
        ),
    ] {
        let mut token = Token::on(api);
        for (verb, trouble) in troubles.clone() {
            token.fake.trouble(verb, trouble);
        }
        token.apply().await;
        assert_eq!(token.refused, expected, "{api:?} {troubles:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_the_name_leaves_nothing_to_wait_for_where_every_step_was_refused() {
    type Steps = &'static [(Verb, Trouble)];
    use Trouble::{LostAfter, LostBefore, Nothing, Refused};
    use Verb::{Create, Delete, List, Rotate, Update};
    let cases: &[(Api, &str, Steps, bool)] = &[
        (Api::Native, "error", &[], true),
        (Api::Native, "error", &[(List, Refused)], true),
        (Api::Native, "error", &[(Create, LostBefore)], false),
        (Api::Native, "adopt", &[(Update, Refused)], true),
        (Api::Native, "adopt", &[(Update, LostAfter)], false),
        // It is ours by then, without a secret that anybody has.
        (Api::Native, "adopt", &[(Rotate, Refused)], false),
        (Api::Native, "replace", &[(Delete, Refused)], true),
        (
            Api::Native,
            "replace",
            &[(Create, Nothing), (Create, Refused)],
            true,
        ),
        (
            Api::Native,
            "replace",
            &[(Create, Nothing), (Create, LostAfter)],
            false,
        ),
        (Api::Osmo, "replace", &[(List, Refused)], true),
        (Api::Osmo, "replace", &[(Rotate, Refused)], true),
        (
            Api::Osmo,
            "replace",
            &[(Rotate, LostAfter), (Rotate, Refused)],
            false,
        ),
        (Api::Splunk, "adopt", &[(Update, Refused)], true),
    ];
    for (api, on_conflict, troubles, expected) in cases {
        let mut token = Token::on(*api);
        token.set("on_conflict", *on_conflict);
        token.fake.add("ci");
        token.fake.advance_days(1);
        for (verb, trouble) in *troubles {
            token.fake.trouble(*verb, trouble.clone());
        }
        let said = token.apply().await;
        let fails = said.iter().any(Diagnostic::is_error);
        assert!(fails, "{api:?} {on_conflict} {troubles:?}: {said:?}");
        assert_eq!(
            token.refused, *expected,
            "{api:?} {on_conflict} {troubles:?}: {said:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_was_refused_has_issued_nothing() {
    use Trouble::{LostAfter, Refused};
    for (troubles, expected) in [
        (vec![Refused], true),
        // The secret before is gone all the same.
        (vec![LostAfter, Refused], false),
    ] {
        let mut token = Token::rotated_on(Api::Openobserve, &["1"], "0s").await;
        token.rotation("2", "0s");
        for trouble in troubles.clone() {
            token.fake.trouble(Verb::Rotate, trouble);
        }
        assert_eq!(token.tells().await, ["server-forbids"]);
        assert_eq!(token.refused, expected, "{troubles:?}");
    }
}
