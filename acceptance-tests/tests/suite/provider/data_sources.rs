//! What data sources find, and what they say when there is nothing to find.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::value::Value;
use serde_json::json;

use super::core::{Core, UNKNOWN, on_native};

/// The texts at `name` of each object in a list.
fn names(list: &Value) -> Vec<&str> {
    let items = list.as_list().expect("a list");
    items
        .iter()
        .filter_map(|item| item.get("name").as_str())
        .collect()
}

#[tokio::test]
async fn an_account_is_found_by_id_and_by_name() {
    let (_server, core) = on_native().await;
    let mut account = core.account();
    account
        .apply(json!({"name": "ci", "roles": ["viewer"], "restriction": {"permission": "READ", "labels": {"team": "a"}}}))
        .await;
    let id = account.text("id");
    for config in [json!({"id": id}), json!({"name": "ci"})] {
        let found = core.data("lanyard_service_account", config).await.unwrap();
        assert_eq!(found.get("id"), &id.as_str().into());
        assert_eq!(found.get("name"), &"ci".into());
        assert_eq!(found.get("roles"), &Value::set(["viewer".into()]));
        assert_eq!(
            found.get("restriction").get("labels").get("team"),
            &"a".into()
        );
        assert_eq!(found.get("managed_by"), &"lanyard".into());
    }
}

#[tokio::test]
async fn a_token_is_found_without_its_secret() {
    let (server, core) = on_native().await;
    let mut accounts = Vec::new();
    let mut tokens = Vec::new();
    for name in ["a", "b"] {
        let mut account = core.account();
        account.apply(json!({"name": name})).await;
        let mut token = core.token();
        token
            .apply(json!({"name": "deploy", "service_account": account.text("id"), "ttl": "90d"}))
            .await;
        accounts.push(account);
        tokens.push(token);
    }
    let found = core
        .data("lanyard_access_token", json!({"id": tokens[0].text("id")}))
        .await
        .unwrap();
    assert_eq!(found.get("status"), &"active".into());
    assert_eq!(found.get("service_account"), &accounts[0].text("id").into());
    assert!(!format!("{found:?}").contains("secret"), "{found:?}");

    let two = core
        .data("lanyard_access_token", json!({"name": "deploy"}))
        .await
        .unwrap_err();
    assert_eq!(two[0].code, Code::ObjectAmbiguous);
    for token in &tokens {
        assert!(two[0].detail.contains(&token.text("id")), "{}", two[0]);
    }
    let narrowed = json!({"name": "deploy", "service_account": accounts[1].text("id")});
    let found = core.data("lanyard_access_token", narrowed).await.unwrap();
    assert_eq!(found.get("id"), &tokens[1].text("id").into());

    server.clock().advance_seconds(91 * 86_400).unwrap();
    let found = core
        .data("lanyard_access_token", json!({"id": tokens[0].text("id")}))
        .await
        .unwrap();
    assert_eq!(found.get("status"), &"expired".into());
}

#[tokio::test]
async fn lists_are_sorted_narrowed_and_complete() {
    let (_server, core) = on_native().await;
    let mut owner = core.account();
    owner.apply(json!({"name": "owner"})).await;
    // More than a page of the server's.
    for number in (0..130).rev() {
        core.token()
            .try_apply(json!({"name": format!("t{number:03}")}))
            .await;
    }
    core.token()
        .try_apply(json!({"name": "owned", "service_account": owner.text("id")}))
        .await;
    let all = core.data("lanyard_access_tokens", json!({})).await.unwrap();
    let found = names(all.get("access_tokens"));
    assert_eq!(found.len(), 131);
    assert_eq!(found[..3], ["t000", "t001", "t002"]);
    let some = core
        .data("lanyard_access_tokens", json!({"name_prefix": "t12"}))
        .await
        .unwrap();
    assert_eq!(names(some.get("access_tokens")).len(), 10);
    let owned = json!({"service_account": owner.text("id")});
    let owned = core.data("lanyard_access_tokens", owned).await.unwrap();
    assert_eq!(names(owned.get("access_tokens")), ["owned"]);
    let none = core
        .data("lanyard_service_accounts", json!({"name_prefix": "x"}))
        .await
        .unwrap();
    assert_eq!(none.get("service_accounts"), &Value::List(Vec::new()));
}

#[tokio::test]
async fn what_is_not_there_or_not_said_is_an_error_with_a_place() {
    let (_server, core) = on_native().await;
    for (source, config, expected) in [
        (
            "lanyard_service_account",
            json!({}),
            "lookup-without-key at ",
        ),
        (
            "lanyard_access_token",
            json!({"id": "x", "name": "y"}),
            "lookup-with-two-keys at name",
        ),
        (
            "lanyard_service_account",
            json!({"id": "sa_x"}),
            "object-not-found at id",
        ),
        (
            "lanyard_service_account",
            json!({"name": "x"}),
            "object-not-found at name",
        ),
        (
            "lanyard_access_token",
            json!({"id": "../whoami"}),
            "object-not-found at id",
        ),
        (
            "lanyard_access_token",
            json!({"name": "x"}),
            "object-not-found at name",
        ),
    ] {
        let problems = core.data(source, config.clone()).await.unwrap_err();
        let found: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} at {}", problem.code, problem.path))
            .collect();
        assert_eq!(found, [expected], "{config}");
    }
}

#[tokio::test]
async fn an_issued_token_knows_who_it_is() {
    let (server, core) = on_native().await;
    let mut account = core.account();
    account
        .apply(json!({"name": "ci", "roles": ["viewer"]}))
        .await;
    let mut token = core.token();
    token
        .apply(json!({"name": "t", "service_account": account.text("id"), "ttl": "1d"}))
        .await;

    let settings = json!({"url": server.url, "token": token.text("token"), "max_retries": 0});
    let (issued, _) = Core::configured(settings).await;
    let me = issued.data("lanyard_identity", json!({})).await.unwrap();
    assert_eq!(me.get("name"), &"ci".into());
    assert_eq!(me.get("access_token"), &token.text("id").into());
    assert_eq!(me.get("roles"), &Value::set(["viewer".into()]));

    server.clock().advance_seconds(86_401).unwrap();
    let problems = issued
        .data("lanyard_identity", json!({}))
        .await
        .unwrap_err();
    assert_eq!(problems[0].code, Code::ServerRefusedCredential);
}

#[tokio::test]
async fn a_lookup_before_the_settings_are_known_says_how_to_wait() {
    let (core, _) =
        Core::configured(json!({"url": "https://t.example.com", "token": UNKNOWN})).await;
    let problems = core.data("lanyard_identity", json!({})).await.unwrap_err();
    assert_eq!(problems[0].code, Code::SettingsKnownAfterApply);
    assert!(
        problems[0].hints[0].contains("depends_on"),
        "{}",
        problems[0]
    );
    // What a server can do follows from its kind, but nobody can say yet that this is one.
    assert!(core.data("lanyard_server", json!({})).await.is_err());
}
