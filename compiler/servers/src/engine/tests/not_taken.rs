//! Servers that take a change and do something else.

use lanyard_compiler::model::record::AccessTokenRecord;

use super::*;

#[tokio::test]
async fn a_server_that_ignores_what_gives_or_takes_power_is_no_success() {
    let mut token = Token::applied_on(Api::Splunk).await;
    token.set("disabled", true);
    let ignored = Trouble::Alters(|record| record.disabled = false);
    token.fake.trouble(Verb::Update, ignored);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["not-taken"]);
    assert!(told[0].is_error());
    assert_eq!(told[0].path.to_string(), "disabled");
    assert_eq!(token.held().disabled, Some(false), "what is true");
    token.refresh().await;
    token.done().await;
    assert_eq!(token.held().disabled, Some(true));
}

#[tokio::test]
async fn a_creation_that_came_out_otherwise_is_an_error_with_its_secret_in_the_state() {
    let mut token = Token::on(Api::Native);
    token.set("expires_at", "2090-01-01T00:00:00Z");
    token.set("scopes", Value::set(["read".into(), "write".into()]));
    let ignored = Trouble::Alters(|record| {
        record.expires_at = None;
        record.scopes = Some(["read"].map(str::to_owned).into());
    });
    token.fake.trouble(Verb::Create, ignored);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["not-taken"]);
    let text = told[0].to_string();
    assert!(
        text.contains("`scopes`") && text.contains("`expires_at`"),
        "{text}"
    );
    assert_eq!(token.held().expires_at, None);
    token.assert_alone();
    token.refresh().await;
    token.done().await;
    assert_eq!(token.held().scopes.unwrap().len(), 2);
}

/// Nobody agreed to what it can do: it must not live on until somebody applies again.
#[tokio::test]
async fn a_creation_that_can_do_more_than_was_asked_for_is_revoked_at_once() {
    let scopes = Trouble::Alters(|record| {
        record.scopes = Some(["read", "write"].map(str::to_owned).into());
    });
    let all = Trouble::Alters(|record| record.scopes = Some([].into()));
    let enabled = Trouble::Alters(|record| record.disabled = false);
    for (trouble, more) in [
        (scopes, "scope write"),
        (all, "every scope"),
        (enabled, "is enabled again"),
    ] {
        let mut token = Token::on(Api::Native);
        token.set("scopes", Value::set(["read".into()]));
        token.set("disabled", more.contains("enabled"));
        token.fake.trouble(Verb::Create, trouble);
        let told = token.apply().await;
        assert_eq!(codes(&told), ["not-taken"]);
        let text = told[0].to_string();
        assert!(
            text.contains(&format!("It goes beyond that: {more}.")),
            "{text}"
        );
        assert!(
            text.contains("was deleted again at once: nothing of it is left."),
            "{text}"
        );
        assert!(token.state.is_null(), "{text}");
        assert!(token.fake.ids().is_empty(), "nothing lives");
        assert!(token.refused, "nobody waits for its secret");
        token.done().await;
    }
}

/// The step that failed says nothing of what came before it.
#[tokio::test]
async fn a_creation_that_can_do_more_is_revoked_though_a_later_step_failed() {
    let more = Trouble::Alters(|record| record.scopes = Some([].into()));
    let created = |trouble: &Trouble| {
        let mut token = Token::on(Api::Native);
        token.set("scopes", Value::set(["read".into()]));
        token.fake.trouble(Verb::Create, trouble.clone());
        token.fake.trouble(Verb::Finish, Trouble::Refused);
        token
    };
    let mut token = created(&more);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["step-failed", "not-taken"]);
    assert!(told[1].to_string().contains("every scope"), "{told:?}");
    assert!(token.state.is_null());
    assert!(token.fake.ids().is_empty(), "nothing lives");
    token.done().await;

    let less = Trouble::Alters(|record| record.description = Some("half done".to_owned()));
    let mut token = created(&less);
    assert_eq!(
        token.tells().await,
        ["step-failed"],
        "the next plan tells the rest"
    );
    token.assert_alone();

    let mut token = created(&more);
    token.fake.trouble(Verb::Read, Trouble::Refused);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["step-failed"]);
    let text = told[0].to_string();
    assert!(
        text.contains("more than was asked for is not known"),
        "{text}"
    );
    token.assert_alone();
}

/// Ending it would end the old secret in its grace period, too: it is told, and the state says what is true.
#[tokio::test]
async fn a_rotation_that_comes_back_with_more_power_is_an_error() {
    let scopes = |record: &mut AccessTokenRecord| {
        record.scopes = Some(["read", "write"].map(str::to_owned).into());
    };
    for (is_configured, api) in [
        (true, Api::Native),
        (false, Api::Native),
        (true, Api::Splunk),
    ] {
        let mut token = Token::on(api);
        token.set("scopes", Value::set(["read".into()]));
        token.rotate("1", "1h").await;
        if !is_configured {
            token.set("scopes", Value::Null);
        }
        token.rotation("2", "1h");
        let old = token.secret();
        token.fake.trouble(Verb::Rotate, Trouble::Alters(scopes));
        let told = token.apply().await;
        assert_eq!(codes(&told), ["not-taken"], "{api:?} {is_configured}");
        assert!(told[0].is_error());
        let text = told[0].to_string();
        assert!(text.contains("It goes beyond that: scope write."), "{text}");
        assert_eq!(token.held().scopes.unwrap().len(), 2, "what is true");
        assert_ne!(token.secret(), old, "the new secret is kept");
        token.assert_alone();
    }
}

#[tokio::test]
async fn what_can_do_more_and_could_not_be_revoked_stays_in_the_state() {
    let mut token = Token::on(Api::Native);
    token.set("scopes", Value::set(["read".into()]));
    let more = Trouble::Alters(|record| record.scopes = Some([].into()));
    token.fake.trouble(Verb::Create, more);
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["not-taken", "not-undone"]);
    assert!(!told[0].to_string().contains("deleted again"), "{told:?}");
    assert!(token.stored().holds_secret());
    assert!(!token.refused, "its secret lives");
    token.assert_alone();
}

/// Terraform marks it as tainted: the next apply would delete what somebody else made.
#[tokio::test]
async fn what_was_taken_over_and_came_out_otherwise_is_not_to_be_replaced() {
    for adopts in [true, false] {
        let mut token = Token::on(Api::Native);
        token.set("scopes", Value::set(["read".into(), "write".into()]));
        let other = Trouble::Alters(|record| record.scopes = Some(["read".to_owned()].into()));
        let verb = match adopts {
            true => Verb::Update,
            false => Verb::Create,
        };
        if adopts {
            token.set("on_conflict", "adopt");
            token.fake.add("ci");
            token.fake.advance_days(1);
        }
        token.fake.trouble(verb, other);
        let told = token.apply().await;
        let told = told.iter().find(|told| told.code.name() == "not-taken");
        let text = told.expect("it was not taken").to_string();
        assert_eq!(text.contains("`terraform untaint`"), adopts, "{text}");
        token.assert_alone();
    }
}

#[tokio::test]
async fn what_is_no_power_and_was_ignored_is_a_warning() {
    let mut token = Token::applied_on(Api::Splunk).await;
    token.set("description", "new");
    let ignored = Trouble::Alters(|record| record.description = Some("old".to_owned()));
    token.fake.trouble(Verb::Update, ignored);
    let told = token.apply().await;
    assert_eq!(codes(&told), ["not-taken"]);
    assert!(!told[0].is_error());
    assert_eq!(
        token.state.get("description"),
        &"old".into(),
        "what is true"
    );
    token.refresh().await;
    token.done().await;
}

#[tokio::test]
async fn another_spelling_of_what_was_asked_for_is_no_difference() {
    let mut token = Token::on(Api::Native);
    token.set("expires_at", "2090-01-01T02:00:00.5+02:00");
    token.set("description", "");
    token.set("scopes", Value::set(["b".into(), "a".into()]));
    token.done().await;
    token.set("description", "x");
    token.done().await;
    token.set("ttl", "90d");
    token.set("expires_at", Value::Null);
    token.done().await;
}

/// The change is the server's own: nobody else was there between the read and its answer.
#[tokio::test]
async fn what_a_server_changes_with_an_update_is_not_said_to_be_somebody_elses() {
    let more = Trouble::Alters(|record| {
        record.scopes = Some(["read", "write"].map(str::to_owned).into());
    });
    for (api, code, words) in [
        (
            Api::Splunk,
            "not-taken",
            "It goes beyond that: scope write.",
        ),
        (Api::Native, "overtaken", "or the server did"),
    ] {
        let mut token = Token::on(api);
        token.set("scopes", Value::set(["read".into()]));
        token.done().await;
        token.set("description", "new");
        token.fake.trouble(Verb::Update, more.clone());
        let told = token.apply().await;
        assert_eq!(codes(&told), [code], "{api:?}");
        let text = told[0].to_string();
        assert!(told[0].is_error() && text.contains("scopes"), "{text}");
        assert!(text.contains(words), "{text}");
        assert_eq!(token.held().scopes.unwrap().len(), 2, "what is true");
    }
}

#[tokio::test]
async fn the_power_of_a_new_secret_that_could_not_be_read_is_told() {
    let hidden = Trouble::Alters(|record| record.roles = None);
    for rotates in [false, true] {
        let mut token = Token::on(Api::Osmo);
        token.set("roles", Value::set(["osmo-user".into()]));
        if rotates {
            token.rotate("1", "1h").await;
            token.rotation("2", "1h");
        }
        let verb = match rotates {
            true => Verb::Rotate,
            false => Verb::Create,
        };
        token.fake.trouble(verb, hidden.clone());
        let told = token.apply().await;
        assert_eq!(codes(&told), ["not-read"], "{rotates}");
        let text = told[0].to_string();
        assert!(!told[0].is_error() && text.contains("`roles`"), "{text}");
        assert!(token.stored().holds_secret());
    }
}
