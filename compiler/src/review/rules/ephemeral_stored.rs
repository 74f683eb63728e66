//! A secret that was to be nowhere.

use crate::review::findings::{Fixture, Hit, Level, Rule};

pub(super) const RULE: Rule = Rule {
    name: "ephemeral-stored",
    level: Level::Error,
    summary: "The secret of an ephemeral resource is written to `store` of `terraform_data` (Terraform 1.16 and newer), which keeps it.",
    why: "It is ephemeral so that no state holds it. Stored, it lies in the state after it has ended, and is read from there as if it \
          worked.",
    remedy: "Open the ephemeral resource where the secret is needed, or use a `lanyard_access_token` resource that rotates.",
    silent: "Without the configuration's folder, what goes through locals is not seen.",
    is_told: false,
    check: |subject| {
        let uses = subject.uses_in_clear();
        uses.filter(|(owner, _)| owner.contains("ephemeral."))
            .filter(|(_, one)| {
                let path = one.path.as_str();
                let is_store = path == "store" || path.starts_with("store.");
                is_store && one.resource_type() == "terraform_data"
            })
            .map(|(owner, one)| {
                Hit::of_use(
                    &one,
                    format!("keeps the ephemeral secret of {owner} in the state"),
                )
            })
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [],
 "configuration": {"root_module": {"resources": [{"address": "terraform_data.ci", "mode": "managed",
   "expressions": {"store": {"references": ["ephemeral.lanyard_access_token.ci.token", "ephemeral.lanyard_access_token.ci"]}}}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [],
 "configuration": {"root_module": {"resources": [{"address": "vault_kv_secret_v2.ci", "mode": "managed",
   "expressions": {"data_json_wo": {"references": ["ephemeral.lanyard_access_token.ci.token", "ephemeral.lanyard_access_token.ci"]}}}]}}}"#,
    ),
};
