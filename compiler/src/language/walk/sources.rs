//! Which provider a local name stands for: what is passed to a module under a name must be a configuration of the same one.

use super::Walk;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::module::{Call, Resource, our_provider_names};
use crate::language::syntax::PathStep;
use crate::language::which::Language;

/// The provider that is built into Terraform, and its name there.
const BUILT_IN: (&str, &str) = ("terraform", "terraform.io/builtin/terraform");

impl Walk<'_> {
    /// Complains of configurations that are passed to a module under the name of another provider.
    pub(super) fn check_sources(&self, call: &Call, tree: usize, child: usize) {
        if self.is_provider_unread(tree) || self.is_provider_unread(child) {
            return;
        }
        for (name, passed) in &call.providers {
            let (Some(PathStep::Name(inside)), Some((outside, _))) =
                (name.steps.first(), passed.names())
            else {
                continue;
            };
            // Whoever works without Terraform need not name our source in every module.
            if self.is_ours(tree, outside) && self.is_ours(child, inside) {
                continue;
            }
            let (given, wanted) = (
                self.provider_source(tree, outside),
                self.provider_source(child, inside),
            );
            if given != wanted {
                let error = Diagnostic::error(Code::InvalidProvider, "Provider type mismatch")
                    .detail(format!(
                        "{outside:?} is the provider {given} here, and {inside:?} is {wanted} in the module."
                    ))
                    .hint("a module that does not name a source in its `required_providers` means one of HashiCorp's");
                self.evaluator.complain(passed.path.spot, error);
            }
        }
    }

    /// Complains of a `terraform_data` that is said to be another provider's.
    pub(super) fn check_built_in(&self, tree: usize, resource: &Resource) {
        let Some(written) = &resource.provider else {
            return;
        };
        let (name, _) = resource.provider_names();
        let source = self.provider_source(tree, &name);
        let is_required = self.module(tree).provider_names.contains_key(&name);
        let is_built_in = source == BUILT_IN.1 || (&*name == BUILT_IN.0 && !is_required);
        if resource.is_terraform_data() && !is_built_in && !self.is_provider_unread(tree) {
            let error = Diagnostic::error(Code::InvalidProvider, "Invalid resource type").detail(
                format!("The provider {source} has no resource type \"terraform_data\"."),
            );
            self.evaluator.complain(written.path.spot, error);
        }
    }

    fn is_ours(&self, tree: usize, name: &str) -> bool {
        our_provider_names(&self.module(tree).provider_names)(name)
    }

    /// The address of the provider that a module calls by a name.
    fn provider_source(&self, tree: usize, name: &str) -> String {
        let registry = match self.evaluator.language {
            Language::Terraform => "registry.terraform.io",
            Language::OpenTofu => "registry.opentofu.org",
        };
        let required = self.module(tree).provider_names.get(name);
        let source = required.and_then(|required| required.source.as_deref());
        let source = source.unwrap_or(name).to_lowercase();
        match source.split('/').count() {
            1 => format!("{registry}/hashicorp/{source}"),
            2 => format!("{registry}/{source}"),
            _ => source,
        }
    }

    fn is_provider_unread(&self, tree: usize) -> bool {
        let broken = &self.module(tree).broken;
        broken.contains("terraform") || broken.contains("required_providers") || broken.contains("")
    }
}
