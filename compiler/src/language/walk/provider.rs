//! `provider` blocks: ours are read by their schema.

use std::sync::Arc;

use super::body::Reading;
use super::{Place, Walk};
use crate::language::configuration::{ConsumerKind, Provider, ProviderReference};
use crate::language::module::our_provider_names;
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
        let mut reading = Reading::default();
        let filled = {
            let names = Place::module(instance).names(self);
            let mut schema = self.schemas.provider.body.clone();
            // Provider blocks take ephemeral values everywhere: nothing of them is stored.
            schema
                .attributes
                .iter_mut()
                .for_each(|attribute| attribute.write_only = true);
            self.body(
                &block.body,
                block.spot,
                (&schema, &self.prepared.provider),
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
}
