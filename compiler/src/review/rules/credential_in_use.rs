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
    silent: "A credential that comes from the environment, or from an ephemeral variable, does not stand in a plan of Terraform: there it is known by a \
             `lanyard_identity` alone. `lanyard plan` asks the server whose it is.",
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
            let signs_in = signs_in.map(|one| format!("{} signs in with it", one.address));
            let signs_in = signs_in.or_else(|| item.course.signs_in.clone());
            let how = match item.is_disabled() {
                _ if item.ends() || matches!(item.danger, Danger::Ends | Danger::RotatesAtOnce) => {
                    Some("ends")
                }
                true => Some("is disabled"),
                false => None,
            };
            let message = match (told.next(), how, signs_in) {
                (Some(told), ..) => told.detail.trim_end_matches('.').to_owned(),
                (None, Some(how), Some(who)) => format!("{how}, and {who}"),
                (None, ..) => continue,
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
