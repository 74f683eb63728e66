//! The name is taken: by default that is an error which says how to go on; `on_conflict` says otherwise.

use serde_json::json;

use crate::support::native::Native;
use crate::support::story::on_every_terraform;

fn configuration(on_conflict: &str) -> String {
    format!(
        r#"
        resource "lanyard_service_account" "deploy" {{
          name        = "deploy"
          {on_conflict}
        }}
        "#
    )
}

#[test]
fn a_taken_name_is_an_error_that_says_how_to_go_on() {
    on_every_terraform(|story| {
        story
            .native()
            .post("/v1/service-accounts", &json!({ "name": "deploy" }));
        story
            .native()
            .post("/v1/access-tokens", &json!({ "name": "ci" }));
        story.configure(&configuration(""));
        story.snapshot(
            "name_taken_account",
            &story.fails(&["apply", "-auto-approve"]),
        );
        story.configure("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}");
        story.snapshot(
            "name_taken_token",
            &story.fails(&["apply", "-auto-approve"]),
        );
        assert_eq!(
            story.state().addresses(),
            Vec::<String>::new(),
            "nothing was made, so nothing should be remembered"
        );
    });
}

#[test]
fn on_conflict_adopts_or_replaces() {
    on_every_terraform(|story| {
        let native = story.native();
        let theirs = native.post(
            "/v1/service-accounts",
            &json!({ "name": "deploy", "description": "theirs" }),
        );
        let token = native.post(
            "/v1/access-tokens",
            &json!({ "name": "ci", "service_account_id": theirs["id"] }),
        );
        let their_secret = Native::with_token(
            &story.server,
            token["secret"].as_str().expect("the server minted it"),
        );

        story.configure(&format!(
            "{}
            resource \"lanyard_access_token\" \"ci\" {{
              name            = \"ci\"
              service_account = lanyard_service_account.deploy.id
              on_conflict     = \"adopt\"
            }}",
            configuration("on_conflict = \"adopt\"")
        ));
        story.settle();
        assert_eq!(
            story.attribute("lanyard_service_account.deploy", "id"),
            theirs["id"]
        );
        assert_eq!(
            story.attribute("lanyard_access_token.ci", "id"),
            token["id"]
        );
        assert!(
            !their_secret.is_let_in(),
            "an adopted token should have a new secret"
        );
        let ours = story.holder("lanyard_access_token.ci");
        assert_eq!(
            ours.get("/v1/whoami").body["access_token"]["id"],
            token["id"]
        );
        story.destroy();

        let theirs = native.post("/v1/service-accounts", &json!({ "name": "deploy" }));
        story.configure(&configuration("on_conflict = \"replace\""));
        story.settle();
        assert_ne!(
            story.attribute("lanyard_service_account.deploy", "id"),
            theirs["id"]
        );
        assert_eq!(native.account_names(), ["deploy"]);
        story.destroy();
    });
}
