//! Who uses a secret: a plan of Terraform beside its folder and `lanyard plan` say the same.

use lanyard_compiler::language::{self, MemoryLoader, MissingVariables, Options, Schemas};
use lanyard_compiler::review::{Format, Options as Look, render_reviewed, terraform};

use crate::comparison::{compared_on, side};

const MODULE: &str = r#"
variable "secret" {}
resource "vault_kv_secret_v2" "inside" {
  data_json = jsonencode({ token = var.secret })
}
output "out" {
  value     = var.secret
  sensitive = true
}
"#;

const CONFIGURATION: &str = r#"
locals {
  direct = lanyard_access_token.ci.token
  all    = { for key, token in lanyard_access_token.many : key => token.token }
}
resource "lanyard_access_token" "ci" {
  name = "ci"
}
resource "lanyard_access_token" "many" {
  for_each = toset(["eu", "us"])
  name     = each.key
}
resource "github_actions_secret" "local" {
  plaintext_value = local.direct
}
resource "github_actions_secret" "each" {
  for_each        = local.all
  plaintext_value = each.value
}
resource "github_actions_secret" "splat" {
  plaintext_value = join(",", values(lanyard_access_token.many)[*].token)
}
module "pass" {
  source = "./pass"
  secret = lanyard_access_token.ci.token
}
output "through" {
  value     = module.pass.out
  sensitive = true
}
resource "terraform_data" "machine" {
  provisioner "local-exec" {
    command = "login ${upper(local.direct)}"
  }
}
"#;

/// What Terraform's plan of it shows: resources, and the references in expressions, without locals.
const PLAN: &str = r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "ci"}, "after_unknown": {"id": true, "token": true}}},
  {"address": "lanyard_access_token.many[\"eu\"]", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "eu"}, "after_unknown": {"id": true, "token": true}}},
  {"address": "lanyard_access_token.many[\"us\"]", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "us"}, "after_unknown": {"id": true, "token": true}}}],
 "configuration": {"root_module": {
   "resources": [
     {"address": "github_actions_secret.local", "expressions": {"plaintext_value": {"references": ["local.direct"]}}},
     {"address": "github_actions_secret.each", "expressions": {"plaintext_value": {"references": ["each.value"]}},
      "for_each_expression": {"references": ["local.all"]}},
     {"address": "github_actions_secret.splat", "expressions": {"plaintext_value": {"references": ["lanyard_access_token.many"]}}},
     {"address": "terraform_data.machine", "provisioners": [{"type": "local-exec", "expressions": {"command": {"references": ["local.direct"]}}}]}],
   "outputs": {"through": {"sensitive": true, "expression": {"references": ["module.pass.out", "module.pass"]}}},
   "module_calls": {"pass": {"source": "./pass",
     "expressions": {"secret": {"references": ["lanyard_access_token.ci.token", "lanyard_access_token.ci"]}},
     "module": {"outputs": {"out": {"sensitive": true, "expression": {"references": ["var.secret"]}}},
       "resources": [{"address": "vault_kv_secret_v2.inside", "expressions": {"data_json": {"references": ["var.secret"]}}}]}}}}}}"#;

#[test]
fn both_doors_agree_on_who_uses_a_token() {
    let files = [("pass/main.tf", MODULE)];
    let planned = compared_on(&files, CONFIGURATION, vec![side()], (false, &[]));
    let loader = MemoryLoader::new([("main.tf", CONFIGURATION), ("pass/main.tf", MODULE)]);
    let options = Options {
        missing_variables: MissingVariables::Unknown,
        ..Options::default()
    };
    let compiled = language::compile(&loader, &options, &Schemas::lanyard());
    let mut reviewed = terraform::parse(PLAN).unwrap();
    let alone: Vec<_> = reviewed.plan.changes[0].consumers.clone();
    assert_eq!(alone, ["module.pass.secret"], "only direct references show");
    let hint = "cannot be seen in a plan: `--dir FOLDER` shows them";
    assert!(render_reviewed(&reviewed, Format::Text, Look::default()).contains(hint));

    reviewed.learn(&compiled.configuration, true);
    for change in &reviewed.plan.changes {
        let mut others = planned.plan.changes.iter();
        let other = others.find(|other| other.address == change.address);
        assert_eq!(
            change.consumers,
            other.unwrap().consumers,
            "{}",
            change.address
        );
    }
    assert_eq!(
        reviewed.plan.changes[0].consumers,
        [
            "github_actions_secret.local.plaintext_value",
            "module.pass.vault_kv_secret_v2.inside.data_json",
            "output.through",
            "terraform_data.machine (provisioner).command",
        ]
    );
    assert_eq!(
        reviewed.plan.changes[1].consumers,
        [
            "github_actions_secret.each[\"eu\"].plaintext_value",
            "github_actions_secret.splat.plaintext_value",
        ]
    );
    assert!(!render_reviewed(&reviewed, Format::Text, Look::default()).contains(hint));
}
