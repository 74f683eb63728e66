//! The way to the server: private certificate authorities, wrong credentials, nobody there, plain http.

use crate::support::nobody::Nobody;
use crate::support::story::{on_every_terraform, on_every_terraform_with_server};

const ACCOUNT: &str = "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n}\n";

#[test]
fn a_private_certificate_authority_is_trusted_only_if_named() {
    on_every_terraform_with_server(&["--tls"], |story| {
        assert!(story.server.ready.url.starts_with("https://"));
        story.configure(ACCOUNT);
        story.apply("create lanyard_service_account.a");
        let with_file = story
            .server
            .ready
            .ca_file
            .clone()
            .expect("a TLS server tells its authority");

        story.environment("LANYARD_CA_FILE", None);
        story.snapshot("unknown_certificate_authority", &story.fails(&["plan"]));

        // The setting does what the variable does.
        story.file(
            "provider.tf",
            &format!("provider \"lanyard\" {{\n  ca_file = {with_file:?}\n}}\n"),
        );
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn a_wrong_credential_is_refused_and_not_repeated() {
    on_every_terraform(|story| {
        story.configure(ACCOUNT);
        story.apply("create lanyard_service_account.a");
        // Shaped like a secret of the server, but not one of its.
        story.environment(
            "LANYARD_TOKEN",
            Some("lyd_00000000000000000000000000000000000000"),
        );
        story.snapshot("wrong_credential", &story.fails(&["plan"]));
        assert_eq!(
            story.state().addresses(),
            ["lanyard_service_account.a"],
            "the state should keep what it knows"
        );

        story.environment("LANYARD_TOKEN", None);
        story.snapshot("no_credential", &story.fails(&["plan"]));
    });
}

#[test]
fn a_server_that_is_not_there_is_named() {
    on_every_terraform(|story| {
        let nobody = Nobody::new();
        story.environment("LANYARD_URL", Some(&nobody.url));
        story.environment("LANYARD_MAX_RETRIES", Some("1"));
        story.configure(ACCOUNT);
        story.snapshot(
            "unreachable_server",
            &story.fails(&["apply", "-auto-approve"]),
        );
        story.environment("LANYARD_URL", None);
        story.snapshot("no_url", &story.fails(&["plan"]));
    });
}

#[test]
fn plain_http_is_refused_where_others_could_listen() {
    on_every_terraform(|story| {
        story.configure(ACCOUNT);
        story.environment("LANYARD_URL", Some("http://tokens.example.com"));
        story.snapshot("insecure_http", &story.fails(&["plan"]));
        story.environment("LANYARD_URL", Some("not an address"));
        story.snapshot("malformed_url", &story.fails(&["plan"]));
    });
}
