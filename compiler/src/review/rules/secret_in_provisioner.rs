//! A secret in a command.

use crate::language::ConsumerKind;
use crate::review::findings::{Fixture, Hit, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "secret-in-provisioner",
    level: Level::Warning,
    summary: "A provisioner takes a secret.",
    why: "The command line of a process can be read by everybody on the machine, scripts echo what they run, and a provisioner runs \
          once: it is not run again when the secret rotates.",
    remedy: "Hand the secret to something that Terraform manages, such as a secret store, and let the machine read it there.",
    silent: "Without the configuration's folder, what goes through locals is not seen.",
    is_told: false,
    check: |subject| {
        let uses = subject.uses_in_clear();
        uses.filter(|(_, one)| one.kind == ConsumerKind::Provisioner)
            .map(|(owner, one)| {
                Hit::of_use(&one, format!("a provisioner takes the secret of {owner}"))
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "aws_instance" "runner" {
  provisioner "remote-exec" {
    inline = ["register --token ${lanyard_access_token.ci.token}"]
  }
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "aws_ssm_parameter" "ci" {
  type  = "SecureString"
  value = lanyard_access_token.ci.token
}
"#,
    ),
};
