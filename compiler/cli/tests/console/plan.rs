//! `lanyard plan`, as far as it gets without a server.

use crate::support::Folder;

const CONFIGURATION: &str = "provider \"lanyard\" {}

resource \"lanyard_access_token\" \"ci\" {
  name = \"ci\"
}
";

fn folder() -> Folder {
    Folder::new(&[("main.tf", CONFIGURATION)])
}

#[test]
fn a_missing_url_is_told_at_the_provider_block() {
    insta::assert_snapshot!(folder().set("LANYARD_TOKEN", "lyd_x").run("plan"));
}

#[test]
fn a_missing_credential_is_told_at_the_provider_block() {
    insta::assert_snapshot!(
        folder()
            .set("LANYARD_URL", "https://tokens.example.com")
            .run("plan")
    );
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let folder = folder()
        .set("LANYARD_URL", "http://tokens.example.com")
        .set("LANYARD_TOKEN", "lyd_x");
    insta::assert_snapshot!(folder.run("plan"));
}

#[test]
fn an_invalid_configuration_never_reaches_the_server() {
    let folder = Folder::new(&[("main.tf", "resource \"lanyard_access_token\" \"ci\" {}\n")]);
    insta::assert_snapshot!(folder.run("plan --detailed-exitcode"));
}

#[test]
fn settings_from_another_resource_leave_a_plan_of_new_things() {
    let folder = Folder::new(&[(
        "main.tf",
        r#"
provider "lanyard" {
  url   = terraform_data.server.output
  token = "lyd_x"
}

resource "terraform_data" "server" {
  input = "https://tokens.example.com"
}

resource "lanyard_access_token" "ci" {
  name = "ci"
}
"#,
    )]);
    insta::assert_snapshot!(folder.run("plan"));
}
