//! The credential that Terraform itself signs in with.

use crate::diagnostic::Code;
use crate::language::ConsumerKind;
use crate::review::assess::Danger;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "credential-in-use",
    level: Level::Error,
    summary: "The plan ends a credential that a `lanyard` provider, or Lanyard itself, signs in with.",
    why: "From that moment on the apply is locked out: what comes after it is not done, and nobody can undo what came before.",
    remedy: "Sign in with another credential, or rotate this one with a grace period.",
    silent: "A credential that comes from the environment is known to `lanyard plan` alone, which asks the server whose it is.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.touched() {
            let told = item.change.diagnostics.iter();
            let mut told = told.filter(|told| told.code == Code::CredentialInUse);
            let uses = subject.uses(item);
            let signs_in = uses.iter().find(|one| {
                one.kind == ConsumerKind::Provider && one.address.contains("provider[\"lanyard\"]")
            });
            let ends = item.ends() || item.danger == Danger::RotatesAtOnce;
            let message = match (told.next(), signs_in) {
                (Some(told), _) => told.detail.trim_end_matches('.').to_owned(),
                (None, Some(one)) if ends => {
                    format!("ends, and {} signs in with it", one.address)
                }
                _ => continue,
            };
            found.push(Hit::of(item, AttributePath::root(), message));
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete", "create"], "replace_paths": [["service_account"]],
     "before": {"name": "ci", "service_account": "sa_1"}, "after": {"name": "ci", "service_account": "sa_2"}}}],
 "configuration": {"provider_config": {"lanyard.ci": {"name": "lanyard", "alias": "ci",
   "full_name": "registry.terraform.io/lanyard/lanyard",
   "expressions": {"token": {"references": ["lanyard_access_token.ci.token"]}}}}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["update"], "before": {"name": "ci", "generation": 1, "rotation": {"grace_period": "48h"}},
     "after": {"name": "ci", "generation": 2, "rotation": {"grace_period": "48h"}}, "after_unknown": {"token": true}}}],
 "configuration": {"provider_config": {"lanyard.ci": {"name": "lanyard", "alias": "ci",
   "full_name": "registry.terraform.io/lanyard/lanyard",
   "expressions": {"token": {"references": ["lanyard_access_token.ci.token"]}}}}}}"#,
    ),
};
