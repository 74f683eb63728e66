//! A provider that a person started, under a debugger say, serves one command after the other.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::support::binaries::Binaries;
use crate::support::story::on_every_terraform;

#[test]
fn terraform_uses_a_provider_that_waits_for_it() {
    on_every_terraform(|story| {
        let mut command = Command::new(&Binaries::get().provider);
        story.enclose(&mut command);
        let mut provider = command
            .arg("--debug")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the provider should start");
        let mut lines = BufReader::new(provider.stdout.take().expect("stdout is piped")).lines();
        let variable = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                Some(
                    line.trim()
                        .strip_prefix("TF_REATTACH_PROVIDERS='")?
                        .strip_suffix('\'')?
                        .to_owned(),
                )
            })
            .expect("the provider should say what to set");
        for registry in ["registry.terraform.io", "registry.opentofu.org"] {
            assert!(
                variable.contains(&format!("\"{registry}/lanyard/lanyard\":")),
                "{variable}"
            );
        }
        story.environment("TF_REATTACH_PROVIDERS", Some(&variable));
        story.configure(
            r#"
            resource "lanyard_service_account" "a" {
              name = "a"
            }
            data "lanyard_identity" "me" {}
            "#,
        );
        story.apply("create lanyard_service_account.a");
        story.destroy();
        let exit = provider.try_wait().expect("a child of ours can be asked");
        assert!(
            exit.is_none(),
            "it should serve until it is interrupted, but ended: {exit:?}"
        );
        end(&mut provider);
    });
}

#[cfg(unix)]
fn end(provider: &mut std::process::Child) {
    crate::support::console::signal("INT", provider.id());
    let status = provider.wait().expect("a child of ours can be waited for");
    assert!(status.success(), "an interrupt is the usual end: {status}");
}

#[cfg(not(unix))]
fn end(provider: &mut std::process::Child) {
    let _ = provider.kill();
    let _ = provider.wait();
}
