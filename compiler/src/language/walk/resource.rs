//! Resources: ours are read by their schema, everybody else's only for what flows into them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::body::Reading;
use super::lower::term_of;
use super::moves::Located;
use super::prepared::Prepared;
use super::provider::Chosen;
use super::repetition::Repeating;
use super::{Place, Repeated, Walk, gather};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::configuration::{ConsumerKind, Instance, Key, Links, Mode, ProviderReference};
use crate::language::graph::{Node, qualified};
use crate::language::module::{Repetition, Resource};
use crate::language::term::{Content, Entries, Marks, Origin, Term, Unknown};
use crate::model::schema::{Presence, Schema};
use crate::suggest::closest;
use crate::value::{AttributePath, Value};

impl<'a> Walk<'a> {
    /// Evaluates all instances of a resource; gives what its name stands for.
    pub(super) fn resource(&mut self, node: Node, instance: usize, index: usize) -> Term {
        let module = self.module(node.module);
        let resource = &module.resources[index];
        let place = Place::module(instance);
        let keys = self.keys(&resource.repetition, place, Repeating::Resource);
        let prefix = qualified(&self.instances[instance].address, &resource.address());
        let located = Located {
            module: node.module,
            resource: index,
        };
        self.keep_instances(located, &prefix, keys.as_ref());
        let schema = self.schema_of(resource);
        let chosen = schema.map(|_| self.chosen(node.module, resource));
        let fixed = match &chosen {
            Some(Chosen::Fixed(provider)) => Some(self.shared(node, provider)),
            Some(Chosen::ByKey(..)) | None => None,
        };
        let Some(keys) = keys else {
            self.look_at(resource, schema, instance);
            if chosen.is_some() {
                self.unread_resource(resource, instance, fixed.as_deref().cloned());
            }
            return Term::dynamic();
        };
        if keys.items.is_empty() {
            self.look_at(resource, schema, instance);
        }
        let counted = resource.repetition.expression();
        let spot = counted.map_or(resource.spot, |expression| expression.spot);
        if self.are_too_many(keys.items.len(), spot) {
            return Term::dynamic();
        }
        let is_needed = self.graph.last_use.contains_key(&node);
        let is_looked_at =
            !resource.lifecycle.postconditions.is_empty() || !resource.provisioners.is_empty();
        let dependencies = self
            .graph
            .dependencies
            .get(&node)
            .unwrap_or(&self.no_dependencies)
            .clone();
        let mut terms = Vec::new();
        let mut spans = self.places.get(&node).cloned();
        for (key, value) in &keys.items {
            let address: Arc<str> = format!("{prefix}{key}").into();
            let place = Place {
                repetition: Some((key, value.as_ref())),
                ..place
            };
            let provider = match &chosen {
                Some(Chosen::ByKey(route, key)) => self.by_key(*route, *key, place).map(Arc::new),
                _ => fixed.clone(),
            };
            let term = match (schema, &provider) {
                (Some(_), None) => {
                    self.unread_resource(resource, instance, None);
                    Term::dynamic()
                }
                (Some((schema, prepared)), Some(provider)) => {
                    let made = Made {
                        resource,
                        schema,
                        prepared,
                        address: &address,
                        key,
                        provider,
                        dependencies: &dependencies,
                        is_wanted: is_needed || is_looked_at,
                        is_only: keys.items.len() == 1 && self.of_module[node.module].len() == 1,
                    };
                    self.our_instance(&made, place, &mut spans)
                }
                (None, _) => {
                    self.check_key(node.module, resource, place);
                    self.foreign_instance(resource, &address, place)
                }
            };
            self.conditions_and_provisioners(resource, &address, place, &term);
            if is_needed {
                terms.push((key, term));
            }
        }
        if let Some(places) = spans {
            self.places.insert(node, places);
        }
        if !is_needed {
            return Term::dynamic();
        }
        let term = gather(keys.repeated, terms.into_iter());
        self.evaluator.bounded(term, resource.spot)
    }

    /// The provider of a resource, kept once for all instances of its module.
    fn shared(&mut self, node: Node, provider: &ProviderReference) -> Arc<ProviderReference> {
        let known = self.providers_of.entry(node);
        known.or_insert_with(|| Arc::new(provider.clone())).clone()
    }

    /// The schema of a type of ours. Complains about one that does not exist.
    fn schema_of(&self, resource: &Resource) -> Option<(&'a Schema, &'a Prepared)> {
        let kind = resource.our_kind()?;
        let found = self.schemas.find(resource.mode, kind);
        if found.is_none() {
            let what = match resource.mode {
                Mode::Managed => "resource type",
                Mode::Data => "data source",
                Mode::Ephemeral => "ephemeral resource type",
            };
            let mut error =
                Diagnostic::error(Code::UnknownResourceType, format!("Invalid {what}")).detail(
                    format!("Lanyard's provider has no {what} {:?}.", resource.kind),
                );
            if let Some(meant) = closest(kind, self.schemas.names(resource.mode)) {
                error = error.meant(format!("lanyard_{meant}"));
            }
            self.evaluator.complain(resource.kind_spot, error);
        }
        Some((found?, self.prepared.find(resource.mode, kind)?))
    }

    /// Looks for mistakes in a resource without known instances; what comes out is thrown away.
    fn look_at(&self, resource: &Resource, schema: Option<(&Schema, &Prepared)>, instance: usize) {
        let repeated = match resource.repetition {
            Repetition::Once => None,
            Repetition::Count(_) => Some(Repeated::Count),
            Repetition::ForEach(_) => Some(Repeated::ForEach),
            Repetition::Enabled(_) => Some(Repeated::Perhaps),
        };
        let place = Place {
            unknown_repetition: repeated,
            ..Place::module(instance)
        };
        let names = place.names(self);
        match schema {
            Some((schema, prepared)) => {
                let mut reading = Reading {
                    skip_spans: true,
                    is_passing: resource.mode == Mode::Ephemeral,
                    ..Reading::default()
                };
                let root = AttributePath::root();
                self.body(
                    &resource.body,
                    resource.spot,
                    (&schema.body, prepared),
                    &names,
                    &root,
                    &mut reading,
                );
            }
            None => self.loose_body(&resource.body, &names, "", &mut Vec::new()),
        }
    }

    fn our_instance(
        &mut self,
        made: &Made<'_>,
        place: Place<'_>,
        spans: &mut Option<Places>,
    ) -> Term {
        let resource = made.resource;
        let mut reading = Reading {
            skip_spans: spans.is_some(),
            is_only: made.is_only,
            is_passing: resource.mode == Mode::Ephemeral,
            ..Reading::default()
        };
        let root = AttributePath::root();
        let (entries, values) = {
            let names = place.names(self);
            self.entries(
                &resource.body,
                resource.spot,
                (&made.schema.body, made.prepared),
                &names,
                &root,
                &mut reading,
            )
        };
        // Where blocks are made by `dynamic`, each instance has places of its own.
        let fixed = resource
            .body
            .blocks
            .iter()
            .all(|block| block.kind.as_ref() != "dynamic");
        let places = match spans {
            Some(places) => places.clone(),
            None => {
                let places = Arc::new(reading.spans);
                if fixed {
                    *spans = Some(places.clone());
                }
                places
            }
        };
        let marked = (!reading.learnt.marks.is_empty()).then_some(&entries);
        for (name, term) in marked.into_iter().flatten() {
            let spot = resource
                .body
                .attribute(name)
                .map_or(resource.spot, |attribute| attribute.expression.spot);
            let sensitive = made
                .schema
                .body
                .attribute(name)
                .map(|attribute| attribute.sensitive);
            self.consume(
                term,
                ConsumerKind::Argument,
                made.address,
                name,
                sensitive,
                spot,
            );
        }
        let term = if made.is_wanted {
            let known = self.options.known.get(&**made.address);
            let ephemeral = resource.mode == Mode::Ephemeral;
            self.as_referred(made, entries, known, ephemeral)
        } else {
            Term::dynamic()
        };
        let lifecycle = self.lifecycle(resource, place);
        self.result.instances.push(Instance {
            address: made.address.to_string(),
            mode: resource.mode,
            kind: made.prepared.kind.clone(),
            check: resource.check.clone(),
            key: made.key.clone(),
            provider: made.provider.clone(),
            config: Value::Map(values),
            marks: reading.learnt.marks,
            links: Links::of(reading.learnt.links),
            spans: places,
            span: self.evaluator.sources.borrow().span(resource.spot),
            lifecycle,
            dependencies: made.dependencies.clone(),
        });
        term
    }

    /// What references to an instance see: its settings, and what the server decides as far as that is known.
    fn as_referred(
        &self,
        made: &Made<'_>,
        mut entries: Entries,
        known: Option<&Value>,
        ephemeral: bool,
    ) -> Term {
        let attributes = made
            .schema
            .body
            .attributes
            .iter()
            .zip(&made.prepared.attributes);
        let ignored = &made.resource.lifecycle.ignore_changes;
        let recipient = entries.get("recipient");
        let is_sealed = recipient.is_some_and(|key| !key.is_null() && !key.is_unknown())
            && !ignored.holds("recipient");
        for (attribute, prepared) in attributes {
            let configured = entries
                .get(attribute.name.as_str())
                .filter(|term| !term.is_null());
            let decided = match attribute.presence {
                Presence::Required | Presence::Optional => false,
                Presence::OptionalComputed => configured.is_none(),
                Presence::Computed => true,
            };
            if !decided {
                if attribute.sensitive
                    && let Some(term) = entries.get_mut(attribute.name.as_str())
                {
                    *term = term.clone().marked(&Marks::sensitive());
                }
                continue;
            }
            let origin = Arc::new(Origin {
                address: made.address.clone(),
                attribute: prepared.name.clone(),
                hashed: false,
                written_null: false,
            });
            let mut term = match known.map(|known| known.get(&attribute.name)) {
                // All that there will be of the secret is encrypted.
                _ if attribute.name == "token" && is_sealed => Term::null(prepared.shape.clone()),
                Some(value) if !value.is_unknown() => term_of(value, &attribute.kind),
                _ => Term::new(Content::Unknown(Arc::new(Unknown {
                    link: Some(origin.clone()),
                    ..Unknown::new(prepared.shape.clone())
                }))),
            };
            if attribute.sensitive {
                term = term.marked(&Marks::secret(origin));
            }
            entries.insert(prepared.name.clone(), term);
        }
        let blocks = made.schema.body.blocks.iter().zip(&made.prepared.blocks);
        for (block, prepared) in blocks {
            let secrets = block.body.attributes.iter();
            let mut secrets = secrets.filter(|attribute| attribute.sensitive).peekable();
            if secrets.peek().is_some()
                && let Some(Content::List(items)) =
                    entries.get(&block.name).map(|term| &term.content)
            {
                let secrets: Vec<&str> = secrets.map(|secret| secret.name.as_str()).collect();
                let items = items.items.iter().map(|item| with_marks(item, &secrets));
                let marked = Term::list(prepared.shape.clone(), items.collect());
                entries.insert(prepared.name.clone(), marked);
            }
        }
        let term = Term::object(entries);
        if ephemeral {
            term.marked(&Marks::ephemeral())
        } else {
            term
        }
    }

    fn conditions_and_provisioners(
        &mut self,
        resource: &Resource,
        address: &str,
        place: Place<'_>,
        term: &Term,
    ) {
        for rule in &resource.lifecycle.preconditions {
            let message = self.check_rule(
                rule,
                (place, Some(address)),
                Code::Precondition,
                "Resource precondition failed",
            );
            self.tells(message.as_ref(), rule, address);
        }
        let this = Place {
            this: Some(term),
            ..place
        };
        for rule in &resource.lifecycle.postconditions {
            let message = self.check_rule(
                rule,
                (this, Some(address)),
                Code::Postcondition,
                "Resource postcondition failed",
            );
            self.tells(message.as_ref(), rule, address);
        }
        let mut found = Vec::new();
        {
            let names = this.names(self);
            for provisioner in &resource.provisioners {
                let first = found.len();
                self.loose_body(&provisioner.body, &names, "", &mut found);
                self.check_provisioner(provisioner, &found[first..]);
            }
        }
        for (path, term, spot) in found {
            self.consume(&term, ConsumerKind::Provisioner, address, &path, None, spot);
        }
    }
}

/// A block whose secrets are sensitive.
fn with_marks(block: &Term, secrets: &[&str]) -> Term {
    let Content::Object(mapping) = &block.content else {
        return block.clone();
    };
    let entries = mapping.entries.iter().map(|(name, term)| {
        let term = match secrets.contains(&&**name) {
            true => term.clone().marked(&Marks::sensitive()),
            false => term.clone(),
        };
        (name.clone(), term)
    });
    Term::object(entries.collect()).marked(&block.marks)
}

/// Where each attribute and block stands.
pub(super) type Places = Arc<BTreeMap<AttributePath, Span>>;

/// What an instance of ours is made from.
struct Made<'m> {
    resource: &'m Resource,
    schema: &'m Schema,
    prepared: &'m Prepared,
    address: &'m Arc<str>,
    key: &'m Key,
    provider: &'m Arc<ProviderReference>,
    dependencies: &'m Arc<BTreeSet<String>>,
    /// Something refers to it.
    is_wanted: bool,
    /// Its block makes no other instance.
    is_only: bool,
}
