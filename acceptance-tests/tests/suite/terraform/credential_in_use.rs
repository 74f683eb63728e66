//! The provider signs in with a token that it manages itself.

use crate::support::story::on_every_terraform;

fn root(rest: &str) -> String {
    format!(
        r#"
        resource "lanyard_service_account" "root" {{
          name  = "root"
          roles = ["admin"]
        }}
        resource "lanyard_access_token" "root" {{
          name            = "root"
          service_account = lanyard_service_account.root.id

          rotation {{
            {rest}
          }}
        }}
        "#
    )
}

#[test]
fn a_plan_that_ends_the_providers_own_token_says_so() {
    const WARNING: &str = "Warning: The plan ends the credential that Lanyard signs in with";
    on_every_terraform(|story| {
        story.configure(&root("triggers = { round = \"1\" }"));
        story.succeeds(&["apply", "-auto-approve"]);
        let secret = story.text("lanyard_access_token.root", "token");
        story.environment("LANYARD_TOKEN", Some(&secret));

        story.configure(&root(
            "grace_period = \"1d\"\n triggers = { round = \"2\" }",
        ));
        let said = story.succeeds(&["plan"]);
        assert!(!said.contains(WARNING), "{said}");
        story.configure(&root("triggers = { round = \"2\" }"));
        let said = story.succeeds(&["plan"]);
        assert_eq!(said.matches(WARNING).count(), 1, "{said}");
        let start = said.find(WARNING).expect("it was just counted");
        let end = said[start..]
            .find('─')
            .map_or(said.len(), |end| start + end);
        story.snapshot("credential_in_use", &said[start..end]);
        let said = story.succeeds(&["plan", "-destroy"]);
        assert!(said.contains(WARNING), "{said}");

        // Of what the user asks to replace, Terraform shows no warning: what cannot succeed is an error.
        story.configure(&root("triggers = { round = \"1\" }"));
        let said = story.fails(&["plan", "-replace=lanyard_access_token.root"]);
        story.snapshot("credential_in_use_replaced", &said);
        let said = story.fails(&["plan", "-replace=lanyard_service_account.root"]);
        let words: Vec<&str> = said.split_whitespace().collect();
        let account = "is the account of the credential in use";
        assert!(words.join(" ").contains(account), "{said}");
        let weaker = root("triggers = { round = \"1\" }").replace("admin", "viewer");
        story.configure(&weaker);
        let said = story.succeeds(&["plan"]);
        assert!(said.contains("takes \"admin\" from it"), "{said}");

        story.environment("LANYARD_TOKEN", Some(story.server.operator_token()));
        story.destroy();
    });
}
