//! What is deleted although its secret is not the one that it was given: because somebody replaced it, or because the end of an
//! account's token did.

use lanyard_compiler::model::Kind;
use serde_json::json;

use crate::support::hand::Hand;
use crate::support::story::{Story, on_every_terraform, on_every_terraform_with_server};

const COMPLAINT: &str = "It has another secret";

/// Somebody puts a secret of his own in place of ours.
fn replaced(story: &Story, address: &str) -> String {
    let path = format!("/v1/access-tokens/{}/rotate", story.text(address, "id"));
    let rotated = story.native().post(&path, &json!({}));
    rotated["secret"].as_str().expect("it is shown").to_owned()
}

#[test]
fn a_token_that_leaves_takes_the_secret_along_that_somebody_put_in_its_place() {
    on_every_terraform(|story| {
        let token = |name: &str, settings: &str| {
            format!("resource \"lanyard_access_token\" \"{name}\" {{\n{settings}\n}}\n")
        };
        let counted = |count: i64| {
            token(
                "t",
                &format!("count = {count}\nname = \"t${{count.index}}\""),
            )
        };
        story.configure(&format!("{}{}", counted(2), token("u", "name = \"u\"")));
        story.settle();
        let theirs = ["lanyard_access_token.t[1]", "lanyard_access_token.u"]
            .map(|address| replaced(story, address));
        story.configure(&counted(1));
        // Terraform 1.9 to 1.11 plan what has left the configuration before they read it.
        let ended = story.run(&["apply", "-auto-approve"]);
        if ended.code != Some(0) {
            assert!(ended.stderr.contains(COMPLAINT), "{ended}");
            assert_eq!(story.state().addresses().len(), 3);
        }
        story.settle();
        assert_eq!(theirs.map(|secret| story.accepts(&secret)), [false; 2]);

        let rotation = "name = \"t0\"\nrotation {\n  grace_period = \"48h\"\n}";
        story.configure(&token("t", &format!("count = 1\n{rotation}")));
        story.settle();
        replaced(story, "lanyard_access_token.t[0]");
        let said = story.succeeds(&["plan"]);
        let ends = "A new secret ends the one that somebody put in place of the old one";
        assert!(said.contains(ends), "{said}");

        let last = replaced(story, "lanyard_access_token.t[0]");
        let said = story.fails(&["destroy", "-auto-approve", "-refresh=false"]);
        assert!(said.contains(COMPLAINT), "{said}");
        assert_eq!(story.state().addresses(), ["lanyard_access_token.t[0]"]);
        story.destroy();
        assert!(!story.accepts(&last));
    });
}

#[test]
fn an_account_of_openobserve_goes_though_its_token_was_its_secret() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let configure = |name: &str| {
            story.configure(&format!(
                r#"
                resource "lanyard_service_account" "a" {{
                  name = "{name}"
                }}
                resource "lanyard_access_token" "t" {{
                  name            = "t"
                  service_account = lanyard_service_account.a.id
                  lifecycle {{
                    create_before_destroy = true
                  }}
                }}
                "#
            ));
        };
        configure("before");
        story.settle();
        let before = story.text("lanyard_service_account.a", "id");
        configure("after");
        story.settle();
        assert!(!hand.has(Kind::ServiceAccount, &before));
        story.destroy();
    });
}
