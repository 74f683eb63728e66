//! The provider signs in with a token that it manages itself.

use crate::support::story::on_every_terraform;

/// A token that has all power, and its account; `life` and `rotation` stand in it and in its `rotation` block.
pub(super) fn root(life: &str, rotation: &str) -> String {
    format!(
        r#"
        resource "lanyard_service_account" "root" {{
          name  = "root"
          roles = ["admin"]
        }}
        resource "lanyard_access_token" "root" {{
          name            = "root"
          service_account = lanyard_service_account.root.id
          {life}

          rotation {{
            {rotation}
          }}
        }}
        "#
    )
}

/// A warning that an output shows once, as it stands there.
pub(super) fn warning<'a>(said: &'a str, title: &str) -> &'a str {
    assert_eq!(said.matches(title).count(), 1, "{said}");
    let (_, rest) = said.split_once(title).expect("it was just counted");
    let start = said.len() - rest.len() - title.len();
    let end = said[start..].find('─');
    end.map_or(&said[start..], |end| &said[start..start + end])
}

#[test]
fn a_plan_that_ends_the_providers_own_token_says_so() {
    const WARNING: &str = "Warning: The plan ends the credential that Lanyard signs in with";
    on_every_terraform(|story| {
        story.configure(&root("", "triggers = { round = \"1\" }"));
        story.succeeds(&["apply", "-auto-approve"]);
        let secret = story.text("lanyard_access_token.root", "token");
        story.environment("LANYARD_TOKEN", Some(&secret));

        let with_grace = "grace_period = \"1d\"\n triggers = { round = \"2\" }";
        story.configure(&root("", with_grace));
        let said = story.succeeds(&["plan"]);
        assert!(!said.contains(WARNING), "{said}");
        story.configure(&root("", "triggers = { round = \"2\" }"));
        let said = story.succeeds(&["plan"]);
        story.snapshot("credential_in_use", warning(&said, WARNING));
        let said = story.succeeds(&["plan", "-destroy"]);
        assert!(said.contains(WARNING), "{said}");

        // Of what the user asks to replace, Terraform shows no warning: what cannot succeed is an error.
        story.configure(&root("", "triggers = { round = \"1\" }"));
        let said = story.fails(&["plan", "-replace=lanyard_access_token.root"]);
        story.snapshot("credential_in_use_replaced", &said);
        let said = story.fails(&["plan", "-replace=lanyard_service_account.root"]);
        let words: Vec<&str> = said.split_whitespace().collect();
        let account = "is the account of the credential in use";
        assert!(words.join(" ").contains(account), "{said}");
        let weaker = root("", "triggers = { round = \"1\" }").replace("admin", "viewer");
        story.configure(&weaker);
        let said = story.succeeds(&["plan"]);
        assert!(said.contains("takes \"admin\" from it"), "{said}");

        story.environment("LANYARD_TOKEN", Some(story.server.operator_token()));
        story.destroy();
    });
}
