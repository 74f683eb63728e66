//! Create, update, replace, drift, import, destroy.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, Fault, FaultRule, When};
use serde_json::{Value as Json, json};

use super::core::{Action, Core, Object, on_native, server_of, settings_for};
use crate::support::door::{lets_in, operator_of};

#[tokio::test]
async fn an_account_and_its_token_are_created_changed_and_destroyed() {
    let (_server, core) = on_native().await;
    let mut account = core.account();
    assert_eq!(
        account
            .apply(json!({"name": "ci", "roles": ["viewer", "editor"]}))
            .await,
        Action::Create
    );

    let mut token = core.token();
    let id = account.text("id");
    let action = token
        .apply(json!({"name": "deploy", "service_account": id, "ttl": "90d", "scopes": ["samples:read"]}))
        .await;
    assert_eq!(action, Action::Create);
    let secret = token.text("token");
    assert!(
        secret.starts_with("lyd_"),
        "not a token: {} characters",
        secret.len()
    );
    assert_eq!(token.text("status"), "active");

    let action = token
        .apply(json!({"name": "deploy 2", "service_account": id, "ttl": "90d", "description": "for CI"}))
        .await;
    assert_eq!(action, Action::Update);
    assert_eq!(
        token.text("token"),
        secret,
        "an update that does not rotate keeps the secret"
    );

    assert_eq!(token.destroy().await, []);
    assert_eq!(account.destroy().await, []);
    assert_eq!(
        core.data("lanyard_service_accounts", json!({}))
            .await
            .unwrap()
            .get("service_accounts"),
        &Value::List(Vec::new())
    );
}

#[tokio::test]
async fn every_attribute_changes_as_the_plan_says() {
    let (_server, core) = on_native().await;
    let mut account = core.account();
    for (config, expected) in [
        (json!({"name": "a"}), Action::Create),
        (json!({"name": "b"}), Action::Update),
        (
            json!({"name": "b", "description": "what for"}),
            Action::Update,
        ),
        (json!({"name": "b"}), Action::Update),
        (json!({"name": "b", "roles": ["viewer"]}), Action::Update),
        (json!({"name": "b", "roles": []}), Action::Update),
        (json!({"name": "b", "disabled": true}), Action::Update),
        (json!({"name": "b"}), Action::Update),
        (
            json!({"name": "b", "restriction": {"permission": "READ", "labels": {"team": "a"}}}),
            Action::Update,
        ),
        (
            json!({"name": "b", "restriction": {"permission": "READ_AND_WRITE"}}),
            Action::Update,
        ),
        (json!({"name": "b", "unrestricted": true}), Action::Update),
        (
            json!({"name": "b", "unrestricted": true, "on_conflict": "adopt"}),
            Action::Update,
        ),
    ] {
        assert_eq!(account.apply(config.clone()).await, expected, "{config}");
    }

    let mut other = core.account();
    other.apply(json!({"name": "other"})).await;
    let (first, second) = (account.text("id"), other.text("id"));
    let mut token = core.token();
    for (config, expected) in [
        (
            json!({"name": "t", "service_account": first}),
            Action::Create,
        ),
        (
            json!({"name": "t", "service_account": first, "ttl": "90d"}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "ttl": "2160h"}),
            Action::NoOp,
        ),
        (
            json!({"name": "t", "service_account": first, "expires_at": "2099-01-01T00:00:00Z"}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "expires_at": "2099-01-01T00:00:00+00:00"}),
            Action::NoOp,
        ),
        (
            json!({"name": "t", "service_account": first, "scopes": ["samples:read"]}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "disabled": true}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "visibility": {"level": "selected", "users": ["u1"]}}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "visibility": {"level": "everyone"}}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": first, "rotation": {"before_expiry": "14d"}, "ttl": "90d"}),
            Action::Update,
        ),
        (
            json!({"name": "t", "service_account": second}),
            Action::Replace,
        ),
        (json!({"name": "t"}), Action::Replace),
    ] {
        assert_eq!(token.apply(config.clone()).await, expected, "{config}");
    }
}

#[tokio::test]
async fn a_token_deleted_elsewhere_is_planned_anew() {
    let (server, core) = on_native().await;
    let mut token = core.token();
    token.apply(json!({"name": "t"})).await;
    let secret = token.text("token");
    let elsewhere = Core::on(&server).await;
    let mut twin = elsewhere.token();
    assert_eq!(twin.import(ImportBy::Id(token.text("id"))).await.len(), 1);
    twin.destroy().await;

    assert_eq!(token.refresh().await, []);
    assert!(token.state.is_null());
    assert_eq!(token.apply(json!({"name": "t"})).await, Action::Create);
    assert_ne!(token.text("token"), secret);
}

#[tokio::test]
async fn an_import_by_id_or_identity_plans_nothing() {
    let (server, core) = on_native().await;
    let mut account = core.account();
    let config = json!({"name": "ci", "roles": ["viewer"], "restriction": {"permission": "READ", "labels": {"Team": "A"}}});
    account.apply(config.clone()).await;
    let mut token = core.token();
    let token_config = json!({"name": "t", "service_account": account.text("id"), "scopes": ["samples:read"], "expires_at": "2099-01-01T00:00:00Z"});
    token.apply(token_config.clone()).await;

    let mut imported = core.account();
    let diagnostics = imported.import(ImportBy::Id(account.text("id"))).await;
    assert_eq!(diagnostics, []);
    assert_eq!(imported.plan(&config).unwrap().action, Action::NoOp);

    let mut imported = core.token();
    let identity = Value::map([("id", Value::from(token.text("id")))]);
    let diagnostics = imported.import(ImportBy::Identity(identity)).await;
    let codes: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect();
    assert_eq!(codes, ["imported-without-secret"]);
    assert!(imported.state.get("token").is_null());
    assert_eq!(imported.plan(&token_config).unwrap().action, Action::NoOp);
    let again = core.token().import(ImportBy::Id(token.text("id"))).await;
    assert_eq!(again, [], "said once for all imports of a run");

    // Every run after that one says it, until there is a secret or nobody wants one.
    let later = Core::on(&server).await;
    let mut unknown = later.token();
    unknown.state = imported.state.clone();
    unknown.private = imported.private.clone();
    let told = |object: &Object, config: &Json| -> bool {
        let warnings = object.plan(config).unwrap().warnings;
        let mut told = warnings.iter();
        told.any(|told| told.code == Code::ImportedWithoutSecret)
    };
    assert!(!told(&imported, &token_config) && told(&unknown, &token_config));
    let mut meant = token_config.clone();
    meant["rotation"] = json!({ "after_import": false });
    assert!(!told(&unknown, &meant));
    meant["rotation"] = json!({ "after_import": true });
    assert!(!told(&unknown, &meant));
}

#[tokio::test]
async fn importing_what_does_not_exist_says_so() {
    let (_server, core) = on_native().await;
    for by in [
        ImportBy::Id("at_nothing".to_owned()),
        ImportBy::Id("../../healthz".to_owned()),
    ] {
        let diagnostics = core.token().import(by).await;
        assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
        assert!(diagnostics[0].is_error());
    }
}

#[tokio::test]
async fn what_was_changed_elsewhere_is_put_right() {
    let (_server, core) = on_native().await;
    let config = json!({"name": "ci", "roles": ["viewer"]});
    let mut account = core.account();
    account.apply(config.clone()).await;
    let mut elsewhere = core.account();
    elsewhere.import(ImportBy::Id(account.text("id"))).await;
    elsewhere
        .apply(json!({"name": "ci", "roles": ["viewer", "admin"], "description": "mine"}))
        .await;

    assert_eq!(account.refresh().await, []);
    assert_eq!(account.plan(&config).unwrap().action, Action::Update);
    account.apply(config).await;
}

#[tokio::test]
async fn a_name_that_exists_is_an_error_and_nothing_is_stored() {
    let (_server, core) = on_native().await;
    core.token().apply(json!({"name": "t"})).await;
    let mut second = core.token();
    let (_, diagnostics) = second.try_apply(json!({"name": "t"})).await;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].code, Code::NameTaken);
    let text = diagnostics[0].to_string();
    assert!(
        text.contains("a name of its own") && text.contains("`moved`"),
        "{text}"
    );
    assert!(second.state.is_null());
}

#[tokio::test]
async fn what_keeps_every_object_from_being_read_is_one_error() {
    let (server, core) = on_native().await;
    let mut tokens = Vec::new();
    for name in ["a", "b", "c"] {
        let mut token = core.token();
        token.apply(json!({"name": name})).await;
        tokens.push(token);
    }
    let mut settings = settings_for(&server);
    settings["token"] = json!("lyd_wrong");
    let (walk, _) = Core::configured(settings).await;
    let mut codes = Vec::new();
    for token in &tokens {
        let mut object = walk.token();
        object.state = token.state.clone();
        codes.extend(
            object
                .refresh()
                .await
                .iter()
                .map(|diagnostic| (diagnostic.code.name(), diagnostic.is_error())),
        );
        assert_eq!(object.state, token.state, "what cannot be read is kept");
    }
    assert_eq!(
        codes,
        [
            ("server-refused-credential", true),
            ("not-read", false),
            ("not-read", false)
        ]
    );

    // The next walk asks anew.
    let walk = Core::on(&server).await;
    let mut object = walk.token();
    object.state = tokens[0].state.clone();
    assert_eq!(object.refresh().await, []);
}

#[tokio::test]
async fn a_token_that_ends_soon_is_noticed_until_something_rotates_it() {
    let (server, core) = on_native().await;
    let mut token = core.token();
    token.apply(json!({"name": "t", "ttl": "90d"})).await;
    server.clock().advance_seconds(80 * 86_400).unwrap();
    let codes: Vec<_> = token
        .refresh()
        .await
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect();
    assert_eq!(codes, ["token-ends-soon"]);

    let config = json!({"name": "t", "ttl": "90d", "rotation": {"before_expiry": "14d"}});
    let secret = token.text("token");
    token.try_apply(config.clone()).await;
    assert_eq!(token.refresh().await, []);
    token.apply(config).await;
    assert_ne!(token.text("token"), secret);
}

#[tokio::test]
async fn what_the_server_says_is_active_is_not_expired_by_a_clock() {
    let (server, core) = on_native().await;
    let mut token = core.token();
    let config = json!({"name": "t", "ttl": "90d"});
    token.apply(config.clone()).await;
    let ahead = FaultRule::new(Fault::Date {
        seconds: 400 * 86_400,
    });
    server.faults().add(ahead).unwrap();
    // This provider believes any date: both clocks are past the end.
    assert_eq!(token.refresh().await, []);
    assert_eq!(token.text("status"), "active");
    assert_eq!(token.plan(&config).unwrap().action, Action::NoOp);
    server.faults().clear();
    server.clock().advance_seconds(91 * 86_400).unwrap();
    token.refresh().await;
    assert_eq!(token.text("status"), "expired");
}

#[tokio::test]
async fn whoever_interrupts_a_run_does_not_wait_for_reads() {
    let (server, core) = on_native().await;
    let mut token = core.token();
    token.apply(json!({"name": "t"})).await;
    let before = token.state.clone();
    let walk = Core::on(&server).await;
    let slow = FaultRule::new(Fault::Slow {
        seconds: 600.0,
        when: When::Before,
    });
    server.faults().add(slow).unwrap();
    walk.provider.stop();
    let mut object = walk.token();
    object.state = before.clone();
    let codes: Vec<_> = object
        .refresh()
        .await
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect();
    assert_eq!(codes, ["interrupted"]);
    assert_eq!(object.state, before);
    let problems = walk.data("lanyard_identity", json!({})).await.unwrap_err();
    assert_eq!(problems[0].code, Code::Interrupted);
}

#[tokio::test]
async fn a_ttl_that_would_have_ended_rotates_in_the_same_apply_with_its_grace() {
    for api in [Api::Native, Api::Splunk] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let rotation = json!({"grace_period": "2d"});
        let config = |ttl| json!({"name": "ci", "ttl": ttl, "rotation": rotation});
        let mut token = core.token();
        token.apply(config("90d")).await;
        let first = token.state.get("token").as_secret().unwrap().clone();
        server.clock().advance_seconds(60 * 86_400).unwrap();
        token.refresh().await;
        assert_eq!(token.apply(config("30d")).await, Action::Update);
        assert_eq!(token.state.get("generation"), &2.into());
        let why = token.text("rotation_reason");
        assert!(
            why.starts_with("with a `ttl` of 30d it would have ended 2"),
            "{why}"
        );
        let operator = operator_of(&server);
        let second = token.state.get("token").as_secret().unwrap();
        for secret in [&first, second] {
            assert!(lets_in(&operator, &token.text("id"), secret).await);
        }

        // A fixed end cannot be helped by a new secret, which would have the same end.
        let past = json!({"name": "ci", "expires_at": "2001-01-01T00:00:00Z"});
        for object in [&token, &core.token()] {
            let refused = object.plan(&past).unwrap_err();
            assert!(refused.iter().any(|told| told.code == Code::EndIsPast));
        }
    }
}

#[tokio::test]
async fn what_is_kept_beside_a_state_and_cannot_be_read_stops_every_change() {
    let (_server, core) = on_native().await;
    let mut token = core.token();
    let config = json!({"name": "deploy", "ttl": "90d"});
    token.apply(config.clone()).await;
    let own = std::mem::replace(
        &mut token.private,
        br#"[{"from":"a newer version"}]"#.to_vec(),
    );
    let codes = |diagnostics: &[Diagnostic]| -> Vec<Code> {
        diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    };

    let refused = token.plan(&config).unwrap_err();
    assert_eq!(codes(&refused), [Code::UnreadableState]);
    let refused = token.plan_destroy().await;
    assert_eq!(codes(&refused), [Code::UnreadableState]);
    let before = token.state.clone();
    assert_eq!(codes(&token.destroy().await), [Code::UnreadableState]);
    assert_eq!(token.state, before);

    token.private = own;
    assert_eq!(token.refresh().await, []);
    assert_eq!(token.state, before, "nothing was ended");
    assert_eq!(token.destroy().await, []);
}

/// On every server that can disable an account: its tokens do not work, and each plan says so until it is enabled.
#[tokio::test]
async fn the_tokens_of_a_disabled_account_are_told_not_to_work() {
    let codes = |told: &[Diagnostic]| told.iter().map(|told| told.code).collect::<Vec<_>>();
    for (api, name) in [(Api::Native, "ci"), (Api::Elasticsearch, "apps/ci")] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let mut account = core.account();
        let accounts =
            |disabled: bool| json!({"name": name, "roles": ["viewer"], "disabled": disabled});
        account.apply(accounts(false)).await;
        let config = json!({"name": "t", "service_account": account.text("id")});
        let mut token = core.token();
        token.apply(config.clone()).await;

        let walk = Core::on(&server).await;
        let mut again = walk.token();
        again.state = token.state.clone();
        account.apply(accounts(true)).await;
        again.refresh().await;
        assert_eq!(again.text("status"), "disabled", "{api:?}");
        let planned = again.plan(&config).unwrap();
        assert_eq!(planned.action, Action::NoOp);
        let dead = [Code::SecretDoesNotWork];
        assert_eq!(codes(&planned.warnings), dead, "{api:?}");

        let walk = Core::on(&server).await;
        let mut enabled = walk.token();
        enabled.state = again.state.clone();
        account.apply(accounts(false)).await;
        enabled.refresh().await;
        assert_eq!(enabled.text("status"), "active", "{api:?}");
        assert_eq!(codes(&enabled.plan(&config).unwrap().warnings), []);
    }
}

#[tokio::test]
async fn a_secret_that_is_issued_in_vain_is_told_at_once() {
    let (_server, core) = on_native().await;
    let mut account = core.account();
    account.apply(json!({"name": "ci", "disabled": true})).await;
    let config = json!({"name": "t", "service_account": account.text("id")});
    let (action, told) = core.token().try_apply(config).await;
    assert_eq!(action, Action::Create);
    let told: Vec<_> = told.iter().map(|told| told.code).collect();
    assert_eq!(told, [Code::SecretDoesNotWork]);
}
