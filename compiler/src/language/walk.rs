//! Evaluating a whole configuration, node by node, in an order in which everything needed is already there.

mod blocks;
mod body;
mod constants;
mod consumers;
mod foreign;
mod imports;
mod lifecycle;
mod lower;
mod moves;
mod names;
mod prepared;
mod provider;
mod provisioners;
mod repetition;
mod resource;
mod rules;
mod size;
mod sources;
mod statements;
mod together;
mod unread;
mod variables;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use moves::Located;
use names::Place;
pub(super) use prepared::PreparedSchemas;
use repetition::Repeating;

use super::Options;
use super::configuration::{Conditions, Configuration, Key, Output, ProviderReference, Schemas};
use super::evaluate::{Evaluator, Scope};
use super::graph::{Graph, Node, qualified};
use super::inputs::Inputs;
use super::module::{Module, ModuleTree};
use super::resolve::Resolver;
use super::syntax::Name;
use super::term::{Entries, Marks, Shape, Term};
use super::which::Language;
use crate::diagnostic::{Code, Diagnostic};

/// Everything known while a configuration is evaluated.
pub(super) struct Walk<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) schemas: &'a Schemas,
    prepared: &'a PreparedSchemas,
    pub(super) options: &'a Options,
    pub(super) tree: &'a ModuleTree,
    pub(super) graph: &'a Graph,
    pub(super) inputs: &'a Inputs,
    /// Every instance of every module; the root's is the first.
    pub(super) instances: Vec<ModuleInstance>,
    /// The instances of each tree module.
    pub(super) of_module: Vec<Vec<usize>>,
    pub(super) result: Configuration,
    /// The addresses that import blocks name, and whether the last one is written down and not made by `for_each`.
    imported: HashMap<String, bool>,
    /// The module whose import blocks count, by the address of a resource.
    importing: HashMap<String, usize>,
    /// The instances of the resources whose instances statements name, by the resource; `None` if they are not known.
    named: HashMap<Located, Option<HashSet<String>>>,
    /// The keys of each provider block with `for_each`, by module and position; `None` if they are not known.
    provider_keys: HashMap<(usize, usize), Option<BTreeSet<Name>>>,
    constants: RefCell<constants::Constants>,
    /// Where the arguments of a resource stand, if that is the same in all instances of its module.
    places: HashMap<Node, resource::Places>,
    providers_of: HashMap<Node, Arc<ProviderReference>>,
    no_dependencies: Arc<BTreeSet<String>>,
    size: size::Size,
    conditions: RefCell<Conditions>,
}

/// One module instance and the values in it, `None` until evaluated.
pub(super) struct ModuleInstance {
    pub(super) tree: usize,
    /// `module.a["x"]`; empty for the root.
    pub(super) address: Arc<str>,
    pub(super) parent: Option<usize>,
    pub(super) key: Key,
    /// The value of `each.value` in the arguments of the call.
    pub(super) each_value: Option<Term>,
    pub(super) variables: Vec<Option<Term>>,
    pub(super) locals: Vec<Option<Term>>,
    pub(super) outputs: Vec<Option<Term>>,
    pub(super) resources: Vec<Option<Term>>,
    pub(super) calls: Vec<CallState>,
}

/// What is known about the instances of a module call.
#[derive(Default)]
pub(super) enum CallState {
    /// Not yet, or never: the source is not on disk, or how many there are is not known.
    #[default]
    Unknown,
    Known {
        repeated: Repeated,
        children: Vec<(Key, usize)>,
        /// The object that `module.x` stands for, once all outputs are there.
        value: RefCell<Option<Term>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    Once,
    /// Once or not at all.
    Perhaps,
    Count,
    ForEach,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        evaluator: &'a Evaluator<'a>,
        (schemas, prepared): (&'a Schemas, &'a PreparedSchemas),
        options: &'a Options,
        tree: &'a ModuleTree,
        graph: &'a Graph,
        inputs: &'a Inputs,
    ) -> Self {
        let mut walk = Self {
            evaluator,
            schemas,
            prepared,
            options,
            tree,
            graph,
            inputs,
            instances: Vec::new(),
            of_module: vec![Vec::new(); tree.modules.len()],
            result: Configuration::default(),
            imported: HashMap::new(),
            importing: HashMap::new(),
            named: HashMap::new(),
            provider_keys: HashMap::new(),
            constants: RefCell::default(),
            places: HashMap::new(),
            providers_of: HashMap::new(),
            no_dependencies: Arc::default(),
            size: size::Size::of(tree),
            conditions: RefCell::default(),
        };
        walk.name_instances();
        walk.add_instance(0, "".into(), None, Key::None, None);
        walk
    }

    pub(super) fn run(mut self) -> Configuration {
        self.everything();
        self.local_names();
        self.unread_files();
        self.rules();
        self.statements();
        self.outputs();
        self.result.conditions = self.conditions.take();
        self.result
    }

    pub(super) fn module(&self, tree: usize) -> &'a Module {
        &self.tree.modules[tree].module
    }

    pub(super) fn resolver(&self) -> Resolver<'a> {
        Resolver {
            language: self.evaluator.language,
            tree: self.tree,
            check: None,
        }
    }

    fn add_instance(
        &mut self,
        tree: usize,
        address: Arc<str>,
        parent: Option<usize>,
        key: Key,
        each_value: Option<Term>,
    ) -> usize {
        let module = self.module(tree);
        let number = self.instances.len();
        self.instances.push(ModuleInstance {
            tree,
            address,
            parent,
            key,
            each_value,
            variables: vec![None; module.variables.items.len()],
            locals: vec![None; module.locals.items.len()],
            outputs: vec![None; module.outputs.items.len()],
            resources: vec![None; module.resources.len()],
            calls: module
                .calls
                .items
                .iter()
                .map(|_| CallState::Unknown)
                .collect(),
        });
        self.of_module[tree].push(number);
        number
    }

    /// The value of an expression in a module instance.
    fn evaluate(&self, expression: &super::syntax::Expression, place: Place<'_>) -> Term {
        let names = place.names(self);
        self.evaluator.evaluate(expression, Scope::new(&names))
    }

    fn call(&mut self, instance: usize, index: usize) {
        let tree = self.instances[instance].tree;
        let call = &self.module(tree).calls.items[index];
        let child = self.tree.modules[tree].children[index];
        if let Some(child) = child {
            self.check_call(tree, index, child);
        }
        for (_, passed) in &call.providers {
            self.check_passed(tree, passed);
        }
        let keys = self.keys(&call.repetition, Place::module(instance), Repeating::Module);
        let prefix = qualified(
            &self.instances[instance].address,
            &format!("module.{}", call.name),
        );
        if let (Some(keys), Some(child)) = (&keys, child)
            && self.is_too_many(child, keys.items.len(), call)
        {
            return;
        }
        let (keys, child) = match (keys, child) {
            (Some(keys), Some(child)) => (keys, child),
            (keys, child) => {
                if keys.is_none_or(|keys| !keys.items.is_empty()) {
                    self.unread_call(&prefix, call.spot, child);
                }
                return;
            }
        };
        let mut children = Vec::with_capacity(keys.items.len());
        self.instances.reserve(keys.items.len());
        for (key, value) in keys.items {
            let address = format!("{prefix}{key}");
            let number =
                self.add_instance(child, address.into(), Some(instance), key.clone(), value);
            children.push((key, number));
        }
        self.instances[instance].calls[index] = CallState::Known {
            repeated: keys.repeated,
            children,
            value: RefCell::new(None),
        };
    }

    fn output(&self, instance: usize, index: usize) -> Term {
        let output = &self.module(self.instances[instance].tree).outputs.items[index];
        let place = Place::module(instance);
        for rule in &output.preconditions {
            self.check_rule(
                rule,
                (place, None),
                Code::OutputPrecondition,
                "Module output value precondition failed",
            );
        }
        let mut term = self.evaluate(&output.value, place);
        let marks = term.deep_marks();
        if marks.is_ephemeral() && !output.ephemeral {
            let error = Diagnostic::error(Code::EphemeralValue, "Ephemeral value not allowed")
                .detail("This output value is not declared as returning an ephemeral value, so it cannot be set to one.")
                .hint("set `ephemeral = true` in the output block of a module, or do not output it");
            self.evaluator.complain(output.value.spot, error);
        }
        if output.sensitive {
            term = term.marked(&Marks::sensitive());
        }
        if output.ephemeral {
            term = term.marked(&Marks::ephemeral());
        }
        term
    }

    /// The object that `module.x` stands for.
    pub(super) fn call_value(&self, instance: usize, index: usize) -> Term {
        let CallState::Known {
            repeated,
            children,
            value,
        } = &self.instances[instance].calls[index]
        else {
            return Term::dynamic();
        };
        if let Some(term) = &*value.borrow() {
            return term.clone();
        }
        let mut complete = true;
        let outputs = |child: usize, complete: &mut bool| {
            let child = &self.instances[child];
            let declared = &self.module(child.tree).outputs.items;
            let entries: Entries = declared
                .iter()
                .zip(&child.outputs)
                .map(|(output, term)| {
                    *complete &= term.is_some();
                    (
                        output.name.clone(),
                        term.clone().unwrap_or_else(Term::dynamic),
                    )
                })
                .collect();
            Term::object(entries)
        };
        let objects = children
            .iter()
            .map(|(key, child)| (key, outputs(*child, &mut complete)));
        let term = gather(*repeated, objects);
        if complete {
            *value.borrow_mut() = Some(term.clone());
        }
        term
    }

    /// The outputs of the root module, for people and for the review.
    fn outputs(&mut self) {
        let module = self.module(0);
        let mut found = Vec::new();
        for (index, output) in module.outputs.items.iter().enumerate() {
            let term = self.instances[0].outputs[index]
                .clone()
                .unwrap_or_else(Term::dynamic);
            let marks = term.deep_marks();
            let spot = output.value.spot;
            if let Some(spot) = output.deprecated
                && self.evaluator.language == Language::Terraform
            {
                let error = Diagnostic::error(Code::UnknownAttribute, "Root module output deprecated")
                    .detail("Only outputs of modules that others call can be deprecated: nothing refers to those of the root module.");
                self.evaluator.complain(spot, error);
            }
            if output.ephemeral {
                let error = Diagnostic::error(Code::EphemeralValue, "Ephemeral output not allowed")
                    .detail("Ephemeral outputs are not allowed in the context of a root module.");
                self.evaluator.complain(output.spot, error);
            }
            if marks.is_sensitive() && !output.sensitive {
                let error = Diagnostic::error(Code::SensitiveOutput, "Output refers to sensitive values")
                    .detail("A root module's output shows its value, and this one is, or contains, something sensitive.")
                    .hint("set `sensitive = true` in the output block")
                    .hint("nonsensitive(…) says that a part of it may be shown");
                self.evaluator.complain(output.spot, error);
            }
            self.consume(
                &term,
                super::ConsumerKind::Output,
                &format!("output.{}", output.name),
                "",
                Some(output.sensitive),
                spot,
            );
            found.push(Output {
                name: output.name.to_string(),
                sensitive: output.sensitive,
                ephemeral: output.ephemeral,
                tokens: lower::links(&marks),
                value: lower::output_value(&term),
                kind: term.shape().spelling(),
                span: self.evaluator.sources.borrow().span(output.spot),
            });
        }
        found.sort_by(|left, right| left.name.cmp(&right.name));
        self.result.outputs = found;
        for consumers in self.result.consumers.values_mut() {
            consumers.sort_by(|left, right| {
                (&left.address, &left.path, &left.attribute).cmp(&(
                    &right.address,
                    &right.path,
                    &right.attribute,
                ))
            });
            consumers.dedup();
        }
    }
}

/// One value for all instances of a block: the object, a tuple of them, or an object of them.
pub(super) fn gather<'k>(
    repeated: Repeated,
    objects: impl Iterator<Item = (&'k Key, Term)>,
) -> Term {
    match repeated {
        Repeated::Once => objects
            .map(|(_, term)| term)
            .next()
            .unwrap_or_else(Term::dynamic),
        Repeated::Perhaps => objects
            .map(|(_, term)| term)
            .next()
            .unwrap_or_else(|| Term::null(Shape::Any)),
        Repeated::Count => Term::tuple(objects.map(|(_, term)| term).collect()),
        Repeated::ForEach => Term::object(
            objects
                .filter_map(|(key, term)| match key {
                    Key::Name(name) => Some((name.clone(), term)),
                    _ => None,
                })
                .collect(),
        ),
    }
}
