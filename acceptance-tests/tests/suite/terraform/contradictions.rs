//! Resources that contradict each other: Terraform plans each by itself, and the provider sees them side by side.

use crate::support::story::on_every_terraform;

const ACCOUNT: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["viewer"]
}
"#;

fn token(label: &str, rest: &str) -> String {
    format!(
        r#"
resource "lanyard_access_token" "{label}" {{
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  {rest}
}}
"#
    )
}

/// What was said, without its line breaks.
fn words(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn a_second_resource_of_one_name_is_refused_in_the_plan() {
    on_every_terraform(|story| {
        story.configure(&format!("{ACCOUNT}{}", token("old", "")));
        story.succeeds(&["apply", "-auto-approve"]);
        story.configure(&format!(
            "{ACCOUNT}{}{}",
            token("old", ""),
            token("copy", "")
        ));
        // Which of the two is told depends on which is planned last.
        let said = words(&story.fails(&["plan"]));
        let both = format!(
            "More than one access token with the name \"deploy\" of the service account {:?} is planned: one that exists as {:?}, \
             and one that is new. The native token server has room for one.",
            story.text("lanyard_service_account.ci", "id"),
            story.text("lanyard_access_token.old", "id"),
        );
        assert!(said.contains(&both), "{said}");
        assert_eq!(story.native().token_names(), ["deploy"]);
        // One resource alone may be planned twice.
        story.configure(&format!("{ACCOUNT}{}", token("old", "")));
        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-replace=lanyard_access_token.old",
        ]);
        story.expect_empty_plan();
        story.configure(&format!(
            "{ACCOUNT}{}",
            token(
                "old",
                "lifecycle {\n    create_before_destroy = true\n  }\n  on_conflict = \"replace\""
            )
        ));
        story.succeeds(&[
            "apply",
            "-auto-approve",
            "-replace=lanyard_access_token.old",
        ]);
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn two_new_resources_of_one_name_are_refused_in_the_plan() {
    on_every_terraform(|story| {
        let named = |label: &str| {
            format!("resource \"lanyard_access_token\" \"{label}\" {{\n  name = \"deploy\"\n}}\n")
        };
        story.configure(&(named("a") + &named("b")));
        // Which of the two is told depends on which is planned last.
        let said = story.fails(&["plan"]);
        let start = said.find("More than one").unwrap_or_default();
        story.snapshot("two_new_ones_of_one_name", &said[start..]);
    });
}

#[test]
fn roles_that_the_account_loses_are_refused_in_the_plan() {
    on_every_terraform(|story| {
        let with_role = token("ci", "roles = [\"viewer\"]");
        story.configure(&format!("{ACCOUNT}{with_role}"));
        story.succeeds(&["apply", "-auto-approve"]);
        let without = ACCOUNT.replace("\"viewer\"", "\"editor\"");
        story.configure(&format!("{without}{with_role}"));
        story.snapshot("roles_beyond_the_account", &story.fails(&["plan"]));
        story.configure(&format!("{ACCOUNT}{with_role}"));
        story.destroy();
    });
}
