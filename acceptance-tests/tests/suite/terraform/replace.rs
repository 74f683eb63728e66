//! What cannot change in place is replaced, and the plan says so and why.

use crate::support::hand::Hand;
use crate::support::native::Native;
use crate::support::story::{on_every_terraform, on_every_terraform_with_server};

const TWO_ACCOUNTS: &str = r#"
    resource "lanyard_service_account" "old" {
      name = "old"
    }
    resource "lanyard_service_account" "new" {
      name = "new"
    }
"#;

fn token_of(account: &str, rest: &str) -> String {
    format!(
        "{TWO_ACCOUNTS}
         resource \"lanyard_access_token\" \"ci\" {{
           name            = \"ci\"
           service_account = lanyard_service_account.{account}.id
           {rest}
         }}"
    )
}

#[test]
fn a_token_that_moves_to_another_account_is_replaced() {
    on_every_terraform(|story| {
        story.configure(&token_of("old", ""));
        story.settle();
        let old = story.holder("lanyard_access_token.ci");

        story.configure(&token_of("new", ""));
        story.apply("replace (service_account) lanyard_access_token.ci");
        let new = story.holder("lanyard_access_token.ci");
        assert_eq!(new.get("/v1/whoami").body["service_account"]["name"], "new");
        assert!(!old.is_let_in(), "the replaced token should be refused");

        // The other order: the new token lives before the old one dies.
        story.configure(&token_of(
            "old",
            "lifecycle {\n create_before_destroy = true\n }",
        ));
        story.apply("replace (service_account) lanyard_access_token.ci");
        assert_eq!(story.native().token_names(), ["ci"]);

        // Away from every account.
        story.configure(&format!(
            "{TWO_ACCOUNTS}\nresource \"lanyard_access_token\" \"ci\" {{\n name = \"ci\"\n }}"
        ));
        story.apply("replace (service_account) lanyard_access_token.ci");
        story.destroy();
    });
}

#[test]
fn a_replaced_account_takes_its_tokens_along() {
    on_every_terraform(|story| {
        story.configure(&token_of("old", ""));
        story.settle();
        story
            .plan_with(&["-replace=lanyard_service_account.old"])
            .expect(
                "replace () lanyard_service_account.old
             replace (service_account) lanyard_access_token.ci",
            );
        story.apply_saved_plan();
        assert_eq!(story.native().token_names(), ["ci"]);
        story.succeeds(&["taint", "lanyard_access_token.ci"]);
        story.apply("replace () lanyard_access_token.ci");
        story.destroy();
    });
}

/// Terraform deletes the token before, or while, it makes the account; only then does it turn out that the account's name is taken.
#[test]
fn an_account_that_cannot_be_made_first_says_what_became_of_its_tokens() {
    on_every_terraform(|story| {
        let created_first = |lifecycle: &str| {
            format!(
                "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  {lifecycle}\n}}\n
                 resource \"lanyard_access_token\" \"ci\" {{\n  name = \"deploy\"\n  service_account = lanyard_service_account.ci.id\n}}\n"
            )
        };
        story.configure(&created_first(
            "lifecycle {\n    create_before_destroy = true\n  }",
        ));
        story.succeeds(&["apply", "-auto-approve"]);
        let said = story.fails(&[
            "apply",
            "-auto-approve",
            "-replace=lanyard_service_account.ci",
        ]);
        // What of the token depends on which of the two was quicker.
        assert!(said.contains("Leave out `create_before_destroy`"), "{said}");
        assert_eq!(story.native().account_names(), ["ci"]);

        // As the message says.
        story.configure(&created_first(""));
        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-replace=lanyard_service_account.ci",
        ]);
        story.expect_empty_plan();
        let secret = story.text("lanyard_access_token.ci", "token");
        let deploy = Native::with_token(&story.server, &secret);
        assert!(deploy.is_let_in());
        story.destroy();
    });
}

/// Splunk shows the secret of what is adopted: made first, the new one would be the old one.
#[test]
fn what_adopts_is_not_replaced_by_itself() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let hand = Hand::on(&story.server);
        let address = "lanyard_access_token.ci";
        let configure = |rest: &str| {
            story.configure(&format!(
                "resource \"lanyard_access_token\" \"ci\" {{
                   name   = \"ci\"
                   scopes = [\"ingest\"]
                   {rest}
                   lifecycle {{
                     create_before_destroy = true
                   }}
                 }}"
            ));
        };
        configure("on_conflict = \"adopt\"");
        story.settle();
        let leaked = story.text(address, "token");
        let replace = format!("-replace={address}");
        let said = story.fails(&["apply", "-auto-approve", &replace]);
        assert!(
            said.contains("What is adopted may be what was to be replaced"),
            "{said}"
        );
        // As the message says.
        configure("on_conflict = \"adopt\"\n  rotation {\n    triggers = { round = \"1\" }\n  }");
        story.settle();
        configure("on_conflict = \"adopt\"\n  rotation {\n    triggers = { round = \"2\" }\n  }");
        story.settle();
        assert!(!hand.lets_in("ci", &leaked));
        // Of what is tainted, Terraform asks for a plan as of what is new.
        story.succeeds(&["taint", address]);
        let said = story.fails(&["apply", "-auto-approve"]);
        assert!(
            said.contains("What is adopted may be what was to be replaced")
                && said.contains("terraform untaint"),
            "{said}"
        );
        // Without a look at the server, nothing tells.
        let said = story.succeeds(&["apply", "-auto-approve", "-refresh=false"]);
        assert!(said.contains("Its secret is the same as"), "{said}");
        assert!(hand.lets_in("ci", &story.text(address, "token")));
        // Sealed, it looks different each time.
        let key = age::x25519::Identity::generate().to_public().to_string();
        configure(&format!(
            "on_conflict = \"adopt\"\n  recipient = \"{key}\"\n  rotation {{\n    triggers = {{ round = \"3\" }}\n  }}"
        ));
        story.settle();
        story.succeeds(&["taint", address]);
        let said = story.succeeds(&["apply", "-auto-approve", "-refresh=false"]);
        assert!(said.contains("Its secret is the same as"), "{said}");
        story.destroy();
    });
}
