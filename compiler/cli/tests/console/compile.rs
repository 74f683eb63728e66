//! `lanyard compile`.

use crate::support::Folder;

const CONFIGURATION: &str = r#"
variable "team" {
  type = string
}

variable "note" {
  type      = string
  sensitive = true
}

resource "lanyard_service_account" "ci" {
  name        = "ci-${var.team}"
  description = var.note
}

resource "lanyard_access_token" "ci" {
  for_each        = toset(["eu", "us"])
  name            = each.key
  service_account = lanyard_service_account.ci.id
  scopes          = ["samples:write", "samples:read"]
}

resource "terraform_data" "user" {
  input = lanyard_access_token.ci["eu"].token
}

output "token" {
  value     = "Bearer ${lanyard_access_token.ci["us"].token}"
  sensitive = true
}
"#;

fn folder() -> Folder {
    Folder::new(&[
        ("main.tf", CONFIGURATION),
        ("terraform.tfvars", "team = \"red\""),
        ("blue.tfvars", "team = \"blue\""),
    ])
    .set("TF_VAR_note", "for your eyes only")
}

#[test]
fn the_desired_state_is_canonical_and_shows_nothing_sensitive() {
    let story = folder().run("compile");
    assert!(!story.contains("for your eyes"), "{story}");
    insta::assert_snapshot!(story);
}

#[test]
fn people_see_who_consumes_which_token() {
    insta::assert_snapshot!(folder().run("compile --format text --var-file blue.tfvars"));
}

#[test]
fn of_two_values_for_a_variable_the_later_counts() {
    let named = |words: &str| {
        let story = folder().run(&format!("compile {words}"));
        ["red", "blue", "green"]
            .into_iter()
            .find(|team| story.contains(&format!("ci-{team}")))
    };
    let (file, value) = ("--var-file blue.tfvars", "--var team=green");
    assert_eq!(named(""), Some("red"));
    assert_eq!(named(&format!("{file} {value}")), Some("green"));
    assert_eq!(named(&format!("{value} {file}")), Some("blue"));
    assert_eq!(named(&format!("{value} {file} {value}")), Some("green"));
}

#[test]
fn a_missing_variable_is_an_error() {
    let folder = Folder::new(&[("main.tf", CONFIGURATION)]).set("TF_VAR_note", "x");
    insta::assert_snapshot!(folder.run("compile"));
}
