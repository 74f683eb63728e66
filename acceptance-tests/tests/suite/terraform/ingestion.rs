//! OpenObserve's ingestion token `default`, which was there before Terraform and stays: taken over, rotated, disabled in the end.

use std::sync::Arc;

use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::{Story, on_every_terraform_with_server};

const TOKEN: &str = "lanyard_access_token.default";

fn configure(story: &Story, round: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_access_token" "default" {{
          name        = "default"
          on_conflict = "adopt"

          rotation {{
            triggers = {{ round = "{round}" }}
          }}
        }}
        "#
    ));
}

#[test]
fn the_default_ingestion_token_is_taken_over_rotated_and_disabled() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let accepted = |secret: &str| hand.lets_in("default/default", secret);
        configure(story, "1");
        story.apply("create lanyard_access_token.default");
        let first = story.text(TOKEN, "token");
        assert!(accepted(&first));

        configure(story, "2");
        let plan = story.plan();
        assert_eq!(plan.after(TOKEN, "generation"), 2, "{plan}");
        story.apply_saved_plan();
        let second = story.text(TOKEN, "token");
        assert!(second != first && accepted(&second) && !accepted(&first));

        let said = story.succeeds(&["plan", "-destroy"]);
        assert!(said.contains("it is disabled"), "{said}");
        story.destroy();
        assert!(!accepted(&second), "a disabled token takes no data");
    });
}

/// Sealed for a recipient, the state holds nothing to compare with what the server has: what the plan saw of it is kept beside the state.
#[test]
fn a_saved_plan_rotates_the_sealed_default_ingestion_token_that_it_saw_and_no_later_one() {
    const APPLY: [&str; 2] = ["apply", "-auto-approve"];
    let key = age::x25519::Identity::generate();
    let configure = |story: &Story, round: &str| {
        let recipient = key.to_public();
        story.configure(&format!(
            r#"
            provider "lanyard" {{
              api = "openobserve"
            }}
            resource "lanyard_access_token" "default" {{
              name        = "default"
              on_conflict = "adopt"
              recipient   = "{recipient}"

              rotation {{
                triggers = {{ round = "{round}" }}
              }}
            }}
            "#
        ));
    };
    let server = Arc::new(TokenServer::start_with(&["--api", "openobserve"]));
    let accepted = |story: &Story| {
        let sealed = story.text(TOKEN, "encrypted_token");
        let clear = age::decrypt(&key, sealed.as_bytes()).expect("it is for this recipient");
        let clear = String::from_utf8(clear).expect("a secret is text");
        Hand::on(&server).lets_in("default/default", &clear)
    };
    let there = Story::with_one_terraform(&server);
    Story::with_one_terraform(&server).tell(|here| {
        configure(here, "1");
        here.succeeds(&APPLY);
        assert!(accepted(here), "as adopted");
        configure(here, "2");
        here.save_plan();
        here.succeeds(&["apply", "saved.plan"]);
        assert!(accepted(here), "as rotated");

        let state = "terraform.tfstate";
        std::fs::copy(here.path(state), there.path(state))
            .expect("the story's folder should be writable");
        configure(here, "3");
        here.save_plan();
        configure(&there, "4");
        there.succeeds(&APPLY);
        let told = here.fails(&["apply", "saved.plan"]);
        let overtaken = "Somebody else replaced the secret at the same time";
        assert!(told.contains(overtaken), "{told}");
        assert!(accepted(&there), "theirs is the later one");
        here.succeeds(&APPLY);
        here.expect_empty_plan();
        assert!(accepted(here) && !accepted(&there));
    });
}

/// A token that nothing deletes cannot be replaced by one of its name: that would have the secret that leaked.
#[test]
fn a_leaked_ingestion_token_does_not_come_back_as_a_new_one() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let address = "lanyard_access_token.logs";
        let accepted = |secret: &str| hand.lets_in("default/logs", secret);
        let configure = |rest: &str| {
            story.configure(&format!(
                "resource \"terraform_data\" \"round\" {{\n  input = \"{rest}\"\n}}
                 resource \"lanyard_access_token\" \"logs\" {{
                   name        = \"logs\"
                   on_conflict = \"adopt\"
                   lifecycle {{
                     replace_triggered_by = [terraform_data.round.input]
                   }}
                 }}"
            ));
        };
        configure("1");
        story.settle();
        let secret = story.text(address, "token");
        let impossible = "What cannot be deleted cannot be replaced";
        let said = story.fails(&["apply", "-auto-approve", &format!("-replace={address}")]);
        assert!(
            said.contains(impossible) && said.contains("create a second one"),
            "{said}"
        );
        configure("2");
        let said = story.fails(&["apply", "-auto-approve"]);
        assert!(said.contains(impossible), "{said}");
        assert!(accepted(&secret), "nothing was changed");
        configure("1");
        story.settle();

        // Of what is tainted, Terraform asks for a plan as of what is new.
        story.succeeds(&["taint", address]);
        let said = story.fails(&["apply", "-auto-approve"]);
        assert!(said.contains(impossible), "{said}");
        assert!(accepted(&secret), "nothing was changed");
        // Nor while nobody knows whether its name stays.
        story.configure(
            "resource \"terraform_data\" \"name\" {\n  input = \"logs\"\n}
             resource \"lanyard_access_token\" \"logs\" {\n  name = terraform_data.name.output\n}",
        );
        let said = story.fails(&["apply", "-auto-approve"]);
        assert!(
            said.contains(impossible) && said.contains("`name` is not known yet"),
            "{said}"
        );
        assert!(accepted(&secret), "nothing was changed");
        configure("1");
        // Without a look at the server, only the apply can tell: before anything ends.
        let said = story.fails(&["apply", "-auto-approve", "-refresh=false"]);
        assert!(
            said.contains(impossible) && said.contains("terraform untaint"),
            "{said}"
        );
        assert!(accepted(&secret), "nothing was changed");
        // Once it is not wanted any more, nothing takes its place.
        story.configure("");
        story.settle();
        assert!(!accepted(&secret), "it is disabled");
        configure("1");
        story.settle();
        assert_eq!(story.text(address, "token"), secret, "as was said");
        story.destroy();
    });
}

/// Terraform tells of no new token whose place it takes.
#[test]
fn a_tainted_ingestion_token_stands_in_the_way_of_no_other() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let accepted = |secret: &str| hand.lets_in("default/logs", secret);
        let configure = |tokens: &[(&str, &str)]| {
            let tokens: String = tokens
                .iter()
                .map(|(at, name)| {
                    format!("resource \"lanyard_access_token\" \"{at}\" {{\n  name = {name}\n}}\n")
                })
                .collect();
            story.configure(&format!(
                "resource \"terraform_data\" \"name\" {{\n  input = \"audit\"\n}}\n{tokens}"
            ));
        };
        let later = "terraform_data.name.output";
        configure(&[("logs", "\"logs\"")]);
        story.settle();
        let secret = story.text("lanyard_access_token.logs", "token");
        story.succeeds(&["taint", "lanyard_access_token.logs"]);
        story.succeeds(&["taint", "terraform_data.name"]);

        // Its name tells which one replaces it.
        configure(&[("logs", "\"logs\""), ("audit", later)]);
        let said = story.fails(&["plan"]);
        let refused = "What cannot be deleted cannot be replaced";
        assert_eq!(said.matches(refused).count(), 1, "{said}");
        // Where a plan cannot tell which of two it is, the deletion can.
        let one_of_two = "\"${terraform_data.name.output}-logs\"";
        configure(&[("logs", one_of_two), ("audit", later)]);
        let said = story.fails(&["apply", "-auto-approve", "-refresh=false"]);
        assert!(
            said.contains("`name` is not known yet")
                && said.matches(refused).count() == 1
                && said.contains("access token \"logs\""),
            "{said}"
        );
        assert!(accepted(&secret), "nothing was changed");
        // Now it is known, and another one.
        story.settle();
        assert!(!accepted(&secret), "it is disabled");
        story.destroy();
    });
}
