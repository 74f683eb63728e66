//! A token for a recipient: only the owner of the key can read it, from the first secret to every later one.

use std::fs;

use super::{TOKEN, generation};
use crate::support::leaks;
use crate::support::story::{Story, on_every_terraform};

#[test]
fn no_clear_secret_enters_state_plan_or_log() {
    on_every_terraform(|story| {
        let key = age::x25519::Identity::generate();
        for round in ["1", "2"] {
            story.configure(&format!(
                r#"
                resource "lanyard_access_token" "ci" {{
                  name      = "ci"
                  recipient = "{}"

                  rotation {{
                    triggers = {{ round = "{round}" }}
                  }}
                }}
                output "encrypted_token" {{
                  value = lanyard_access_token.ci.encrypted_token
                }}
                "#,
                key.to_public()
            ));
            story.save_plan();
            let plan = story.data(&["show", "-json", "saved.plan"]);
            story.apply_saved_plan();
            let armored = story.text(TOKEN, "encrypted_token");
            let clear = age::decrypt(&key, armored.as_bytes()).expect("it is for this key");
            let clear = String::from_utf8(clear).expect("a token is text");
            assert!(story.accepts(&clear), "the decrypted token should work");
            expect_nowhere(story, &clear, &plan);
        }
        assert_eq!(generation(story), 2);
        story.destroy();
    });
}

fn expect_nowhere(story: &Story, clear: &str, plan: &str) {
    assert!(story.attribute(TOKEN, "token").is_null());
    assert!(story.attribute(TOKEN, "previous_token").is_null());
    let secrets = [clear.to_owned()];
    leaks::expect_none(&secrets, "the plan", plan);
    leaks::expect_none(
        &secrets,
        "the state as JSON",
        &story.data(&["show", "-json"]),
    );
    for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let text = fs::read_to_string(story.path(file)).unwrap_or_default();
        leaks::expect_none(&secrets, file, &text);
    }
}
