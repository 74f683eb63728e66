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
fn a_missing_url_and_a_missing_credential_are_told_together() {
    insta::assert_snapshot!(folder().run("plan"));
    for api in [
        "chronosphere",
        "elasticsearch",
        "openobserve",
        "osmo",
        "splunk",
    ] {
        let story = Folder::new(&[]).set("LANYARD_API", api).run("whoami");
        for code in ["error[missing-url]", "error[missing-credential]"] {
            assert!(story.contains(code), "{story}");
        }
    }
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let folder = folder()
        .set("LANYARD_URL", "http://tokens.example.com")
        .set("LANYARD_TOKEN", "lyd_x");
    insta::assert_snapshot!(folder.run("plan"));
}

#[test]
fn a_proxy_that_is_dead_is_named_and_its_credential_is_not() {
    let said = folder()
        .set("LANYARD_URL", "https://tokens.example.com")
        .set("LANYARD_TOKEN", "lyd_x")
        .set("LANYARD_MAX_RETRIES", "0")
        .set("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:1")
        .run("plan");
    for expected in [
        "no connection to https://tokens.example.com",
        "The environment (`HTTPS_PROXY`) sends this through the proxy http://127.0.0.1:1",
        "let tokens.example.com through, or name that host in `NO_PROXY`",
        "--- exit 1",
    ] {
        assert!(said.contains(expected), "{expected} should be in:\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_proxy_that_is_not_understood_is_not_passed_over() {
    let said = folder()
        .set("LANYARD_URL", "https://tokens.example.com")
        .set("LANYARD_TOKEN", "lyd_x")
        .set("LANYARD_MAX_RETRIES", "0")
        .set("ALL_PROXY", "gopher://user:hunter2@proxy.example.com")
        .run("plan");
    for expected in [
        "error[invalid-environment]",
        "variable ALL_PROXY does not hold the address of a proxy",
        "--- exit 1",
    ] {
        assert!(said.contains(expected), "{expected} should be in:\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
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
