//! A secret on the disk of whoever applies.

use crate::review::findings::{Fixture, Hit, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "secret-in-file",
    level: Level::Warning,
    summary: "A secret is written to a file where Terraform runs: `local_file`, `local_sensitive_file`, `archive_file`.",
    why: "The file stays on a laptop or in the cache of a pipeline, where no rotation reaches it; the state keeps its content as well.",
    remedy: "Write it to a secret store. `lanyard apply --out-file` hands secrets to a file of the owner alone, without a state.",
    silent: "Files that other providers write are not known. Without the configuration's folder, what goes through locals is \
             not seen.",
    is_told: false,
    check: |subject| {
        const WRITERS: [&str; 4] = [
            "local_file",
            "local_sensitive_file",
            "archive_file",
            "template_dir",
        ];
        let uses = subject.uses_in_clear();
        uses.filter(|(_, one)| WRITERS.contains(&one.resource_type().as_str()))
            .map(|(owner, one)| {
                Hit::of_use(&one, format!("writes the secret of {owner} to a file"))
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "local_sensitive_file" "netrc" {
  filename = ".netrc"
  content  = "password ${lanyard_access_token.ci.token}"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "vault_kv_secret_v2" "ci" {
  mount     = "kv"
  data_json = jsonencode({ token = lanyard_access_token.ci.token })
}
"#,
    ),
};
