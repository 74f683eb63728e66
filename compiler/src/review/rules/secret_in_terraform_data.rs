//! A secret in a resource that keeps it for nothing.

use crate::review::findings::{Fixture, Hit, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "secret-in-terraform-data",
    level: Level::Warning,
    summary: "An argument of `terraform_data`, `null_resource` or another resource that only keeps values takes a secret.",
    why: "The state gets one more copy of the secret, under a resource that nobody looks at when secrets are counted.",
    remedy: "Depend on `generation` or `issued_at` of the token, which change with each secret, or on a hash of the secret.",
    silent: "Without the configuration's folder, what goes through locals is not seen, and a hash cannot be told from the secret.",
    is_told: false,
    check: |subject| {
        const KEEPERS: [&str; 7] = [
            "terraform_data",
            "null_resource",
            "null_data_source",
            "time_static",
            "time_rotating",
            "random_id",
            "random_string",
        ];
        let uses = subject.uses_in_clear();
        uses.filter(|(owner, _)| !owner.contains("ephemeral."))
            .filter(|(_, one)| one.kind == crate::language::ConsumerKind::Argument)
            .filter(|(_, one)| KEEPERS.contains(&one.resource_type().as_str()))
            .map(|(owner, one)| {
                Hit::of_use(
                    &one,
                    format!("keeps another copy of the secret of {owner} in the state"),
                )
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "terraform_data" "deploy" {
  triggers_replace = lanyard_access_token.ci.token
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "terraform_data" "deploy" {
  triggers_replace = [lanyard_access_token.ci.generation, sha256(lanyard_access_token.ci.token)]
}
"#,
    ),
};
