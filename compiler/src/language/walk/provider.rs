//! `provider` blocks: ours are read by their schema. And which of them a resource means.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::body::Reading;
use super::repetition::Repeating;
use super::{Place, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{ConsumerKind, Key, Links, Provider, ProviderReference};
use crate::language::module::{
    Call, ProviderBlock, ProviderName, Repetition, Resource, our_provider_names,
};
use crate::language::resolve::{KeyAt, Route};
use crate::language::source::Spot;
use crate::language::syntax::Name;
use crate::language::term::{Shape, Term, convert};
use crate::suggest::closest;
use crate::value::AttributePath;

/// Which configuration of a provider a resource belongs to.
pub(super) enum Chosen<'a> {
    Fixed(ProviderReference),
    /// For each instance another: its key says which.
    ByKey(Route<'a>, KeyAt<'a>),
}

impl<'a> Walk<'a> {
    pub(super) fn provider(&mut self, tree: usize, index: usize) {
        let block = &self.module(tree).providers[index];
        // Modules with provider blocks of their own cannot be repeated, so there is at most one instance.
        let Some(instance) = self.of_module[tree].first().copied() else {
            return;
        };
        let place = Place::module(instance);
        let Some(for_each) = &block.for_each else {
            self.one_provider(tree, block, place, None);
            return;
        };
        let repetition = Repetition::ForEach(for_each.clone());
        let keys = self.keys(&repetition, place, Repeating::Provider);
        let mut names = keys.is_some().then(BTreeSet::new);
        for (key, value) in keys.iter().flat_map(|keys| &keys.items) {
            let Key::Name(name) = key else {
                continue;
            };
            names.get_or_insert_default().insert(name.clone());
            let place = Place {
                repetition: Some((key, value.as_ref())),
                ..place
            };
            self.one_provider(tree, block, place, Some(name));
        }
        self.provider_keys.insert((tree, index), names);
    }

    fn one_provider(
        &mut self,
        tree: usize,
        block: &ProviderBlock,
        place: Place<'_>,
        key: Option<&Name>,
    ) {
        let module = self.module(tree);
        let alias = block.alias.as_ref().map(ToString::to_string);
        let key = key.map(ToString::to_string);
        if !our_provider_names(&module.provider_names)(&block.name) {
            let mut found = Vec::new();
            {
                let names = place.names(self);
                self.loose_body(&block.body, &names, "", &mut found);
            }
            let mut address = format!("provider[{:?}]", block.name);
            if let Some(alias) = alias {
                address = format!("{address}.{alias}");
            }
            if let Some(key) = key {
                address = format!("{address}[{key:?}]");
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
            key,
        };
        let mut reading = Reading {
            is_passing: true,
            ..Reading::default()
        };
        let filled = {
            let names = place.names(self);
            self.body(
                &block.body,
                block.spot,
                (&self.schemas.provider().body, self.prepared.provider()),
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
                .provider()
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
            links: Links::of(reading.learnt.links),
            spans: Arc::new(reading.spans),
            span: Some(span),
        });
    }

    /// The configuration that a resource of ours belongs to. Complains if there is none.
    pub(super) fn chosen(&self, tree: usize, resource: &'a Resource) -> Chosen<'a> {
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
            return Chosen::Fixed(ProviderReference::default());
        }
        match self.route(tree, &name, alias.as_deref(), resource.provider.as_ref()) {
            Some(route) => match self.keyed(route) {
                Some(key) => Chosen::ByKey(route, key),
                None => Chosen::Fixed(self.reference(route, None)),
            },
            None => {
                if let Some(alias) = alias {
                    let written = resource.provider.as_ref();
                    let spot = written.map_or(resource.spot, |name| name.path.spot);
                    self.missing_provider(tree, spot, &name, &alias);
                }
                Chosen::Fixed(ProviderReference::default())
            }
        }
    }

    /// Where a name of a provider leads, and whether it says which configuration of a block where there are several, and only there.
    fn route(
        &self,
        tree: usize,
        name: &str,
        alias: Option<&str>,
        written: Option<&'a ProviderName>,
    ) -> Option<Route<'a>> {
        let key = written.and_then(|written| written.key.as_ref());
        let key = key.map(|expression| KeyAt {
            module: tree,
            expression,
        });
        let route = self.resolver().provider(tree, name, alias, key)?;
        let block = &self.module(route.module).providers[route.block];
        let problem = match (&block.for_each, route.key) {
            (Some(_), None) => {
                "It has a configuration for each key of its `for_each`: say which, as in lanyard.by_region[each.key]."
            }
            (None, Some(_)) => "It has no `for_each`, so there is nothing that a key could choose.",
            _ => return Some(route),
        };
        if let Some(written) = written {
            let error = Diagnostic::error(
                Code::InvalidProvider,
                "Invalid provider configuration reference",
            )
            .detail(problem);
            self.evaluator.complain(written.path.spot, error);
        }
        Some(route)
    }

    /// Complains of a configuration that is passed to a module and cannot be.
    pub(super) fn check_passed(&self, tree: usize, passed: &'a ProviderName) {
        if let Some((name, alias)) = passed.names() {
            let alias = alias.map(AsRef::as_ref);
            let route = self.route(tree, name, alias, Some(passed));
            if let (None, Some(alias)) = (route, alias) {
                self.missing_provider(tree, passed.path.spot, name, alias);
            }
        }
    }

    /// Complains of a call that leaves out a configuration which the module says it must be given.
    pub(super) fn check_aliases(&self, call: &Call, child: usize) {
        for (name, required) in &self.module(child).provider_names {
            for alias in &required.aliases {
                if call.passes(name, alias) {
                    continue;
                }
                let error = Diagnostic::error(
                    Code::MissingProvider,
                    "Missing required provider configuration",
                )
                .detail(format!(
                    "The module requires a further configuration of the provider {name:?}, which it calls \"{name}.{alias}\"."
                ))
                .hint(format!(
                    "say which in the block of the call: providers = {{ {name}.{alias} = … }}"
                ));
                self.evaluator.complain(call.spot, error);
            }
        }
    }

    fn keyed(&self, route: Route<'a>) -> Option<KeyAt<'a>> {
        let block = &self.module(route.module).providers[route.block];
        route.key.filter(|_| block.for_each.is_some())
    }

    fn reference(&self, route: Route<'_>, key: Option<&str>) -> ProviderReference {
        let block = &self.module(route.module).providers[route.block];
        ProviderReference {
            module: self.tree.modules[route.module].address(),
            alias: block.alias.as_ref().map(ToString::to_string),
            key: key.map(ToOwned::to_owned),
        }
    }

    /// The configuration of one instance; `None` if it is not known, or after a complaint.
    pub(super) fn by_key(
        &self,
        route: Route<'_>,
        key: KeyAt<'_>,
        place: Place<'_>,
    ) -> Option<ProviderReference> {
        let mark = self.evaluator.mark();
        let expression = key.expression;
        let term = self.in_module(key, place)?;
        let wrong = |detail: String| {
            let error = Diagnostic::error(Code::InvalidProvider, "Invalid provider instance key")
                .detail(detail);
            self.evaluator.complain(expression.spot, error);
            None
        };
        let (term, marks) = term.unmarked();
        if marks.is_sensitive() || marks.is_ephemeral() {
            return wrong(
                "A key must not be derived from a sensitive or ephemeral value.".to_owned(),
            );
        }
        if term.is_null() {
            return wrong("A key must not be null.".to_owned());
        }
        let term = match convert(&term, &Shape::String) {
            Ok(term) => term,
            Err(mismatch) => return wrong(format!("The given key is unsuitable: {mismatch}.")),
        };
        let keys = self.provider_keys.get(&(route.module, route.block));
        let (Some(name), Some(Some(keys))) = (term.as_str(), keys) else {
            self.unknown_instances(expression.spot, mark, Repeating::Resource, "provider");
            return None;
        };
        if !keys.contains(name) {
            let mut error =
                Diagnostic::error(Code::MissingProvider, "Provider configuration not present")
                    .detail(format!(
                        "The `for_each` of the provider has no key {name:?}."
                    ));
            if let Some(meant) = closest(name, keys.iter().map(AsRef::as_ref)) {
                error = error.hint(format!("did you mean {meant:?}?"));
            }
            self.evaluator.complain(expression.spot, error);
            return None;
        }
        Some(self.reference(route, Some(name)))
    }

    /// The value of a key for an instance: where a call passes the configuration, the instance of the module decides.
    fn in_module(&self, key: KeyAt<'_>, place: Place<'_>) -> Option<Term> {
        let mut current = place.instance;
        if self.instances[current].tree == key.module {
            return Some(self.evaluate(key.expression, place));
        }
        loop {
            let child = &self.instances[current];
            let parent = child.parent?;
            if self.instances[parent].tree == key.module {
                let place = Place {
                    repetition: Some((&child.key, child.each_value.as_ref())),
                    ..Place::module(parent)
                };
                return Some(self.evaluate(key.expression, place));
            }
            current = parent;
        }
    }

    /// Complains of a key that the `provider` of somebody else's resource has, or lacks, and of an alias that nothing has.
    pub(super) fn check_key(&self, tree: usize, resource: &'a Resource, place: Place<'_>) {
        let Some(written) = &resource.provider else {
            return;
        };
        self.check_built_in(tree, resource);
        let (name, alias) = resource.provider_names();
        let route = self.route(tree, &name, alias.as_deref(), Some(written));
        if let (None, Some(alias)) = (route, &alias) {
            self.missing_provider(tree, written.path.spot, &name, alias);
        }
        if let Some((route, key)) = route.and_then(|route| Some((route, self.keyed(route)?))) {
            self.by_key(route, key, place);
        }
    }

    /// What each module calls our provider.
    pub(super) fn local_names(&mut self) {
        for tree_module in &self.tree.modules {
            let names = &tree_module.module.provider_names;
            let is_ours = our_provider_names(names);
            if names.contains_key("lanyard") {
                continue;
            }
            if let Some(name) = names.keys().filter(|name| is_ours(name)).min() {
                let module = tree_module.address();
                self.result.local_names.insert(module, name.to_string());
            }
        }
    }

    fn missing_provider(&self, tree: usize, spot: Spot, name: &str, alias: &str) {
        let module = self.module(tree);
        let required = module.provider_names.get(name);
        let is_demanded =
            required.is_some_and(|required| required.aliases.iter().any(|known| **known == *alias));
        if tree > 0 && is_demanded {
            // Whoever calls the module is told.
            return;
        }
        if module.broken.contains("provider")
            || module.broken.contains("server")
            || module.broken.contains("")
        {
            return;
        }
        let mut error = match module.document {
            true => Diagnostic::error(Code::MissingProvider, "There is no such server")
                .detail(format!("No `server` block has the alias {alias:?}.")),
            false => Diagnostic::error(Code::MissingProvider, "Provider configuration not present").detail(format!(
                "There is no configuration of the provider {name:?} with the alias {alias:?} in this module, and none is passed to it."
            )),
        };
        let aliases = module
            .providers
            .iter()
            .filter(|provider| *provider.name == *name)
            .filter_map(|provider| provider.alias.as_deref());
        if let Some(meant) = closest(alias, aliases) {
            error = error.hint(format!("did you mean {meant:?}?"));
        }
        self.evaluator.complain(spot, error);
    }
}
