//! `provider` blocks: ours are read by their schema. And which of them a resource means.

use std::sync::Arc;

use super::body::Reading;
use super::{Place, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{ConsumerKind, Provider, ProviderReference};
use crate::language::module::{Resource, our_provider_names};
use crate::suggest::closest;
use crate::value::AttributePath;

impl Walk<'_> {
    pub(super) fn provider(&mut self, tree: usize, index: usize) {
        let module = self.module(tree);
        let block = &module.providers[index];
        // Modules with provider blocks of their own cannot be repeated, so there is at most one instance.
        let Some(instance) = self.of_module[tree].first().copied() else {
            return;
        };
        let alias = block.alias.as_ref().map(ToString::to_string);
        if !our_provider_names(&module.provider_names)(&block.name) {
            let mut found = Vec::new();
            {
                let names = Place::module(instance).names(self);
                self.loose_body(&block.body, &names, "", &mut found);
            }
            let mut address = format!("provider[{:?}]", block.name);
            if let Some(alias) = alias {
                address = format!("{address}.{alias}");
            }
            let address = super::qualified(&self.tree.modules[tree].address(), &address);
            for (path, term, spot) in found {
                self.consume(&term, ConsumerKind::Provider, &address, &path, None, spot);
            }
            return;
        }
        let reference = ProviderReference {
            module: self.tree.modules[tree].address(),
            alias,
        };
        let mut reading = Reading {
            is_passing: true,
            ..Reading::default()
        };
        let filled = {
            let names = Place::module(instance).names(self);
            self.body(
                &block.body,
                block.spot,
                (&self.schemas.provider.body, &self.prepared.provider),
                &names,
                &AttributePath::root(),
                &mut reading,
            )
        };
        let entries = filled.term.as_entries().cloned().unwrap_or_default();
        for (name, term) in &entries {
            let spot = block
                .body
                .attribute(name)
                .map_or(block.spot, |attribute| attribute.expression.spot);
            let sensitive = self
                .schemas
                .provider
                .body
                .attribute(name)
                .map(|attribute| attribute.sensitive);
            self.consume(
                term,
                ConsumerKind::Provider,
                &reference.to_string(),
                name,
                sensitive,
                spot,
            );
        }
        let span = self.evaluator.sources.borrow().span(block.spot);
        self.result.providers.push(Provider {
            reference,
            config: filled.value,
            marks: reading.learnt.marks,
            links: Arc::new(reading.learnt.links),
            spans: Arc::new(reading.spans),
            span: Some(span),
        });
    }

    pub(super) fn provider_reference(&self, tree: usize, resource: &Resource) -> ProviderReference {
        let (name, alias) = resource.provider_names();
        let ours = our_provider_names(&self.module(tree).provider_names);
        // In a document `server = server.eu` names the alias.
        let name = if self.module(tree).document && &*name == "server" {
            "lanyard".into()
        } else {
            name
        };
        if !ours(&name) && resource.provider.is_some() {
            let error = Diagnostic::error(
                Code::InvalidProvider,
                "Invalid provider configuration reference",
            )
            .detail(format!(
                "{name:?} is not a name of Lanyard's provider in this module."
            ));
            self.evaluator.complain(resource.spot, error);
            return ProviderReference::default();
        }
        match self.resolver().provider(tree, &name, alias.as_deref()) {
            Some((module, index)) => ProviderReference {
                module: self.tree.modules[module].address(),
                alias: self.module(module).providers[index]
                    .alias
                    .as_ref()
                    .map(ToString::to_string),
            },
            None => {
                if let Some(alias) = alias {
                    self.missing_provider(tree, resource, &name, &alias);
                }
                ProviderReference::default()
            }
        }
    }

    fn missing_provider(&self, tree: usize, resource: &Resource, name: &str, alias: &str) {
        let module = self.module(tree);
        if module.broken.contains("provider")
            || module.broken.contains("server")
            || module.broken.contains("")
        {
            return;
        }
        let spot = resource
            .provider
            .as_ref()
            .map_or(resource.spot, |path| path.spot);
        let mut error = Diagnostic::error(Code::MissingProvider, "Provider configuration not present").detail(format!(
            "There is no configuration of the provider {name:?} with the alias {alias:?} in this module, and none is passed to it."
        ));
        let aliases = module
            .providers
            .iter()
            .filter_map(|provider| provider.alias.as_deref());
        if let Some(meant) = closest(alias, aliases) {
            error = error.hint(format!("did you mean {meant:?}?"));
        }
        self.evaluator.complain(spot, error);
    }
}
