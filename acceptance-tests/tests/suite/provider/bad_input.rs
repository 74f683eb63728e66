//! Every wrong configuration of a resource is refused before anything happens, with the attribute that is to blame.

use serde_json::json;

use super::core::{Core, UNKNOWN};

/// Judging needs no server, only to know what kind it will be.
async fn planning() -> Core {
    Core::configured(json!({"api": "native", "url": UNKNOWN, "token": UNKNOWN}))
        .await
        .0
}

#[tokio::test]
async fn each_mistake_names_its_attribute() {
    let core = planning().await;
    for (type_name, config, expected) in [
        ("lanyard_service_account", json!({"name": ""}), vec!["name"]),
        (
            "lanyard_service_account",
            json!({"name": " padded "}),
            vec!["name"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "x".repeat(129)}),
            vec!["name"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "slug": "a"}),
            vec!["slug"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "email": "a@b.c"}),
            vec!["email"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "roles": ["Not A Role"]}),
            vec!["roles"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "rotation": {"before_expiry": "7d"}}),
            vec!["rotation"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "restriction": {"permission": "READ", "labels": {"a": "1", "b": "2", "c": "3"}}}),
            vec!["restriction.labels"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "restriction": {"permission": "read"}}),
            vec!["restriction.permission"],
        ),
        (
            "lanyard_service_account",
            json!({"name": "a", "unrestricted": true, "restriction": {"permission": "READ"}}),
            vec!["unrestricted"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "ttl": "90x"}),
            vec!["ttl"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "expires_at": "tomorrow"}),
            vec!["expires_at"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "expires_at": "2099-01-01T00:00:00Z", "ttl": "90d"}),
            vec!["ttl"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "on_conflict": "merge"}),
            vec!["on_conflict"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "recipient": "ssh-rsa AAAA"}),
            vec!["recipient"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "limits": {"hosts": 5}}),
            vec!["limits"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "alert": [{"type": "Email"}]}),
            vec!["alert"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "visibility": {"level": "all"}}),
            vec!["visibility.level"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "ttl": "7d", "rotation": {"before_expiry": "14d"}}),
            vec!["rotation.before_expiry"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "rotation": {"grace_period": "90d"}}),
            vec!["rotation.grace_period"],
        ),
        (
            "lanyard_access_token",
            json!({"name": "t", "ttl": "90x", "on_conflict": "merge", "rotation": {"jitter": "soon"}}),
            vec!["on_conflict", "rotation.jitter", "ttl"],
        ),
    ] {
        let diagnostics = core.object(type_name).validate(&config);
        let mut paths: Vec<String> = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .map(|diagnostic| diagnostic.path.to_string())
            .collect();
        paths.sort();
        assert_eq!(paths, expected, "{config}: {diagnostics:#?}");
        for diagnostic in &diagnostics {
            assert!(
                !diagnostic.summary.is_empty() && !diagnostic.detail.is_empty(),
                "{diagnostic:?}"
            );
        }
    }
}

#[tokio::test]
async fn unknown_values_are_no_mistakes() {
    let core = planning().await;
    let account = json!({
        "name": UNKNOWN, "description": UNKNOWN, "roles": UNKNOWN, "disabled": UNKNOWN, "unrestricted": UNKNOWN,
        "on_conflict": UNKNOWN,
    });
    assert_eq!(core.account().validate(&account), []);
    core.account().plan(&account).unwrap();
    let restricted =
        json!({"name": "a", "restriction": {"permission": UNKNOWN, "labels": UNKNOWN}});
    core.account().plan(&restricted).unwrap();
    let token = json!({
        "name": UNKNOWN, "service_account": UNKNOWN, "roles": ["viewer", UNKNOWN], "scopes": UNKNOWN, "ttl": UNKNOWN,
        "expires_at": UNKNOWN, "recipient": UNKNOWN,
        "rotation": {"before_expiry": UNKNOWN, "grace_period": UNKNOWN, "triggers": UNKNOWN},
        "visibility": {"level": UNKNOWN, "users": UNKNOWN},
    });
    assert_eq!(core.token().validate(&token), []);
    core.token().plan(&token).unwrap();
}
