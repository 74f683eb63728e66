//! The provider block: what is refused, and what works while parts of it are unknown.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::value::Value;
use lanyard_provider::resources::ImportBy;
use serde_json::json;

use super::core::{Action, Core, UNKNOWN, native_server, on_native, settings_for};

#[tokio::test]
async fn wrong_settings_are_refused_with_their_place() {
    for (settings, expected) in [
        (
            json!({"api": "splnk", "url": "https://x.example.com"}),
            "unknown-api at api",
        ),
        (
            json!({"url": "tokens.example.com", "token": "t"}),
            "invalid-url at url",
        ),
        (
            json!({"url": "http://tokens.example.com", "token": "t"}),
            "insecure-http at url",
        ),
        (
            json!({"url": "https://x.example.com", "token": "t", "username": "u"}),
            "conflicting-credentials at token",
        ),
        (
            json!({"url": "https://x.example.com", "username": "u"}),
            "incomplete-credential at username",
        ),
        (
            json!({"url": "https://x.example.com", "token": "t", "request_timeout": "30 seconds"}),
            "invalid-duration at request_timeout",
        ),
        (
            json!({"url": "https://x.example.com", "token": "t", "max_retries": -1}),
            "invalid-number at max_retries",
        ),
        (
            json!({"url": "https://x.example.com", "token": "t", "client_key": "k"}),
            "incomplete-credential at client_key",
        ),
    ] {
        let (_, diagnostics) = Core::configured(settings.clone()).await;
        let found: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| format!("{} at {}", diagnostic.code, diagnostic.path))
            .collect();
        assert_eq!(found, [expected], "{settings}: {diagnostics:#?}");
        assert!(diagnostics[0].is_error());
    }
}

#[tokio::test]
async fn with_unknown_settings_new_objects_are_planned_and_old_ones_explain_themselves() {
    let (server, core) = on_native().await;
    let mut token = core.token();
    token.apply(json!({"name": "t"})).await;

    for unknown in ["url", "token"] {
        let mut settings = settings_for(&server);
        settings[unknown] = json!(UNKNOWN);
        let (later, diagnostics) = Core::configured(settings).await;
        assert_eq!(diagnostics, []);

        let fresh = later.token();
        let planned = fresh.plan(&json!({"name": "new", "ttl": "90d"})).unwrap();
        assert_eq!(planned.action, Action::Create);
        assert_eq!(planned.value.get("id"), &Value::Unknown);
        assert_eq!(planned.value.get("token"), &Value::Unknown);

        let mut existing = later.token();
        existing.state = token.state.clone();
        assert_eq!(
            existing.plan(&json!({"name": "t"})).unwrap().action,
            Action::NoOp
        );
        for (diagnostics, code) in [
            (existing.refresh().await, "planned-from-state"),
            (
                later.token().import(ImportBy::Id(token.text("id"))).await,
                "settings-known-after-apply",
            ),
        ] {
            assert_eq!(diagnostics.len(), 1);
            assert_eq!(diagnostics[0].code.name(), code);
            assert!(
                diagnostics[0]
                    .detail
                    .contains(&format!("`{unknown}` is known only after apply"))
            );
        }
        assert_eq!(existing.state, token.state, "what cannot be read is kept");
        assert_eq!(existing.refresh().await, [], "it is told once");
    }
}

#[tokio::test]
async fn the_kind_of_server_judges_a_configuration_even_before_its_address_is_known() {
    let config = json!({"name": "t", "limits": {"hosts": 5}});
    for settings in [
        json!({"api": "native", "url": UNKNOWN, "token": "t"}),
        json!({"url": UNKNOWN, "token": "t"}),
    ] {
        let (core, _) = Core::configured(settings).await;
        assert!(!core.token().validate(&config).is_empty());
    }
    let (core, _) = Core::configured(json!({"api": UNKNOWN, "url": UNKNOWN})).await;
    assert_eq!(core.token().validate(&config), []);
    assert_eq!(
        core.token().plan(&json!({"name": "t"})).unwrap().action,
        Action::Create
    );
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_the_first_calls_to_report() {
    let address = {
        let server = native_server();
        server.url.clone()
    };
    let (core, diagnostics) =
        Core::configured(json!({"url": address, "token": "t", "max_retries": 0})).await;
    assert_eq!(diagnostics, []);
    let mut token = core.token();
    let (_, diagnostics) = token.try_apply(json!({"name": "t"})).await;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].code, Code::ServerUnavailable);
    assert!(!diagnostics[0].hints.is_empty());
    assert!(token.state.is_null());
}

#[tokio::test]
async fn a_credential_that_is_not_accepted_says_so_without_showing_itself() {
    let server = native_server();
    let mut settings = settings_for(&server);
    settings["token"] = json!("lyd_hunter2");
    let (core, _) = Core::configured(settings).await;
    let (_, diagnostics) = core.account().try_apply(json!({"name": "t"})).await;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].code, Code::ServerRefusedCredential);
    assert!(!format!("{diagnostics:?}").contains("hunter2"));
}
