//! Whatever Terraform imports alerts with, exported or generated, their secrets stay on the server.

use crate::compiler::webhooks::{applied, expect_hidden, notifications};
use crate::support::story::{Story, on_every_terraform_with_server};

const NAME: &str = "lanyard_access_token.ingest";

/// Taken over, and then changed in something else.
fn take_over_and_change(story: &Story, file: &str) {
    let before = notifications(&story.server);
    let said = story.succeeds(&["plan"]);
    assert!(
        said.contains("Plan: 1 to import, 0 to add, 0 to change"),
        "{said}"
    );
    story.succeeds(&["apply", "-auto-approve"]);
    let text = std::fs::read_to_string(story.path(file)).expect("it was written");
    // Before 1.14, Terraform writes what is null, too.
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("description "));
    let text = lines.collect::<Vec<_>>().join("\n");
    story.file(
        file,
        &text.replace("scopes ", "description = \"new\"\n  scopes "),
    );
    let plan = story.plan();
    plan.expect(&format!("update {NAME}: description"));
    story.apply_saved_plan();
    story.expect_empty_plan();
    assert_eq!(notifications(&story.server), before);
}

#[test]
fn an_exported_configuration_erases_no_secret_of_an_alert() {
    let story = applied();
    let exported = story.succeeds("export --no-configuration").stdout;
    Story::with_one_terraform(&story.server).tell(|terraform| {
        terraform.configure(&exported);
        terraform.succeeds(&["fmt", "-check", "-diff"]);
        take_over_and_change(terraform, "main.tf");
    });
}

#[test]
fn a_generated_configuration_erases_no_secret_of_an_alert() {
    let story = applied();
    Story::with_one_terraform(&story.server).tell(|terraform| {
        terraform.configure(&format!(
            "import {{\n  to = {NAME}\n  id = \"ingest\"\n}}\n"
        ));
        let said = terraform.succeeds(&["plan", "-generate-config-out=generated.tf"]);
        expect_hidden(&said);
        take_over_and_change(terraform, "generated.tf");
    });
}

#[test]
fn an_alert_shows_neither_where_it_goes_nor_what_it_is_called_with() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        story.configure(
            r#"
            resource "lanyard_access_token" "ingest" {
              name   = "ingest"
              scopes = ["ingest"]
              alert {
                type   = "Webhook"
                url    = "https://ops:hunter2@hooks.example.com/a?token=t0k3n"
                secret = "s1gned-with"
              }
            }
            "#,
        );
        expect_hidden(&story.succeeds(&["plan"]));
        story.apply(&format!("create {NAME}"));
        // What is left out of the configuration stays.
        let before = notifications(&story.server);
        story.configure(
            r#"
            resource "lanyard_access_token" "ingest" {
              name        = "ingest"
              description = "new"
              scopes      = ["ingest"]
              alert {
                type = "Webhook"
              }
            }
            "#,
        );
        story.apply(&format!("update {NAME}: description"));
        assert_eq!(notifications(&story.server), before);
        // Nothing stays of what is not there.
        story.configure(
            r#"
            resource "lanyard_access_token" "other" {
              name   = "other"
              scopes = ["ingest"]
              alert {
                type = "Webhook"
              }
            }
            "#,
        );
        let said = story.fails(&["plan"]);
        assert!(said.contains("needs `url`"), "{said}");
    });
}
