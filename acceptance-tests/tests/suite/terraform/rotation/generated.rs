//! An estate made by hand is taken over with configuration that Terraform writes, and with `on_conflict`.

use serde_json::{Value, json};

use super::{TOKEN, secret};
use crate::support::story::on_every_terraform;

#[test]
fn a_generated_configuration_plans_clean() {
    on_every_terraform(|story| {
        let native = story.native();
        let account = native.post(
            "/v1/service-accounts",
            &json!({ "name": "deploy", "roles": ["viewer"] }),
        );
        let token = native.post(
            "/v1/access-tokens",
            &json!({ "name": "ci", "service_account_id": account["id"], "scopes": ["samples:read"], "ttl_seconds": 86_400 * 90 }),
        );
        story.configure(&format!(
            r#"
            import {{
              to = lanyard_service_account.deploy
              id = {}
            }}
            import {{
              to = lanyard_access_token.ci
              id = {}
            }}
            "#,
            account["id"], token["id"]
        ));
        story
            .plan_with(&["-generate-config-out=generated.tf"])
            .expect(
                "import lanyard_service_account.deploy
                 import lanyard_access_token.ci",
            );
        story.succeeds(&["apply", "-auto-approve"]);
        story.configure("");
        story.expect_empty_plan();
        assert_eq!(story.attribute(TOKEN, "token"), Value::Null);
        assert!(story.accepts(token["secret"].as_str().expect("the server minted it")));
        story.destroy();
    });
}

#[test]
fn replacing_what_has_the_name_ends_its_secret() {
    on_every_terraform(|story| {
        let theirs = story
            .native()
            .post("/v1/access-tokens", &json!({ "name": "ci" }));
        story.configure(
            r#"
            resource "lanyard_access_token" "ci" {
              name        = "ci"
              on_conflict = "replace"
            }
            "#,
        );
        story.apply("create lanyard_access_token.ci");
        assert_ne!(story.attribute(TOKEN, "id"), theirs["id"]);
        assert_eq!(story.native().token_names(), ["ci"]);
        assert!(story.accepts(&secret(story)));
        assert!(!story.accepts(theirs["secret"].as_str().expect("the server minted it")));
        story.destroy();
    });
}
