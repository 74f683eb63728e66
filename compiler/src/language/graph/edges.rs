//! What one item refers to.

use std::collections::BTreeSet;

use super::{Builder, Item, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::module::Resource;
use crate::language::resolve::{Resolver, Route, Target};
use crate::language::source::Spot;
use crate::language::syntax::{
    Block, Body, Expression, Name, Path, PathStep, Reference, as_keyword, references,
};

impl Builder<'_> {
    pub(super) fn edges_of(&self, number: usize) -> Vec<usize> {
        let node = self.nodes[number];
        let tree_module = &self.tree.modules[node.module];
        let module = &tree_module.module;
        let mut edges = Edges {
            builder: self,
            number,
            module: node.module,
            found: BTreeSet::new(),
            exists: false,
        };
        if let Some(parent) = tree_module.parent {
            edges.add(Node {
                module: parent.module,
                item: Item::Call(parent.call),
            });
        }
        match node.item {
            Item::Call(index) => {
                let call = &module.calls.items[index];
                edges.expression_of(call.repetition.expression().map(AsRef::as_ref));
                edges.paths(&call.depends_on);
                for (_, passed) in &call.providers {
                    // What the key of a configuration needs must be there before the module is.
                    if let (Some(key), Some((name, alias))) = (&passed.key, passed.names()) {
                        edges.expression(key);
                        edges.provider(name, alias.map(AsRef::as_ref));
                    }
                }
                // An argument for something the child does not declare still has to be right in itself.
                if let Some(child) = tree_module.children[index] {
                    let child = &self.tree.modules[child].module;
                    for argument in &call.arguments.attributes {
                        if child.variables.get(&argument.name).is_none() {
                            edges.expression(&argument.expression);
                        }
                    }
                }
            }
            Item::Arguments(index) => {
                let call = &module.calls.items[index];
                edges.expression_of(call.repetition.expression().map(AsRef::as_ref));
                for argument in &call.arguments.attributes {
                    edges.expression(&argument.expression);
                }
            }
            Item::Variable(index) => {
                let variable = &module.variables.items[index];
                if let Some(parent) = tree_module.parent {
                    let call = &self.tree.modules[parent.module].module.calls.items[parent.call];
                    let argument = call
                        .arguments
                        .attributes
                        .iter()
                        .find(|argument| argument.name == variable.name);
                    edges.module = parent.module;
                    edges.expression_of(argument.map(|argument| argument.expression.as_ref()));
                    edges.paths(&call.depends_on);
                    edges.module = node.module;
                }
            }
            Item::Local(index) => edges.expression(&module.locals.items[index].expression),
            Item::Output(index) => {
                let output = &module.outputs.items[index];
                edges.expression(&output.value);
                edges.paths(&output.depends_on);
                for rule in &output.preconditions {
                    edges.expression(&rule.condition);
                    edges.expression_of(rule.message.as_deref());
                }
            }
            Item::Provider(index) => {
                let provider = &module.providers[index];
                edges.expression_of(provider.for_each.as_deref());
                edges.body(&provider.body, &[]);
            }
            Item::Resource(index) => edges.resource(&module.resources[index]),
        }
        edges.found.into_iter().collect()
    }
}

impl Builder<'_> {
    /// What is needed where everything is evaluated: by validations, checks and import blocks. Complains of what leads nowhere.
    pub(super) fn judged(&self) -> impl Iterator<Item = Node> {
        let modules = self.tree.modules.iter().enumerate();
        modules.flat_map(|(index, tree_module)| {
            let module = &tree_module.module;
            let mut expressions: Vec<(&Expression, Option<&PathStep>, Option<&str>)> = Vec::new();
            let validations = module.variables.items.iter();
            let validations = validations.flat_map(|variable| &variable.validations);
            let checks = module.checks.iter();
            let checks = checks.flat_map(|check| {
                let name = Some(check.name.as_ref());
                check.rules.iter().map(move |rule| (rule, name))
            });
            for (rule, check) in validations.map(|rule| (rule, None)).chain(checks) {
                expressions.push((&rule.condition, None, check));
                expressions.extend(rule.message.iter().map(|message| (&**message, None, check)));
            }
            for block in &module.imports {
                let optional = [&block.id, &block.identity, &block.for_each];
                let optional = optional.into_iter().filter_map(Option::as_deref);
                expressions.extend(optional.map(|expression| (expression, None, None)));
                // Whether there is such a resource is told where it is imported.
                expressions.push((&block.to, block.outline.steps.first(), None));
            }
            let mut found = Vec::new();
            for (expression, target, check) in expressions {
                let resolver = Resolver {
                    check,
                    ..self.resolver
                };
                let mut all = Vec::new();
                references(expression, self.evaluator.language, &mut |reference| {
                    all.push(reference);
                });
                for reference in all {
                    let is_told = target == Some(&PathStep::Name(reference.root.clone()));
                    match resolver.resolve(index, &reference) {
                        Ok(targets) => found.extend(targets),
                        Err(_) if is_told => {}
                        Err(error) => self.evaluator.complain(reference.spot, *error),
                    }
                }
            }
            found.into_iter().filter_map(|target| match target {
                Target::Node(node) => Some(node),
                Target::Nothing => None,
            })
        })
    }
}

/// The edges of one node while they are found.
struct Edges<'a> {
    builder: &'a Builder<'a>,
    number: usize,
    /// The module whose names the expressions at hand use.
    module: usize,
    found: BTreeSet<usize>,
    /// It exists already where the expression at hand is evaluated.
    exists: bool,
}

impl Edges<'_> {
    fn add(&mut self, node: Node) {
        if let Some(number) = self.builder.numbers.get(&node) {
            self.found.insert(*number);
        }
    }

    fn expression_of(&mut self, expression: Option<&Expression>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        self.expression_except(expression, &[]);
    }

    /// `iterators` are the names that dynamic blocks around it bring in.
    fn expression_except(&mut self, expression: &Expression, iterators: &[Name]) {
        let mut all = Vec::new();
        let language = self.builder.evaluator.language;
        references(expression, language, &mut |reference| all.push(reference));
        for reference in all {
            if !iterators.contains(&reference.root) {
                self.reference(&reference);
            }
        }
    }

    fn reference(&mut self, reference: &Reference) {
        match self.builder.resolver.resolve(self.module, reference) {
            Ok(targets) => {
                for target in targets {
                    self.target(target, reference.spot);
                }
            }
            Err(error) => self.builder.evaluator.complain(reference.spot, *error),
        }
    }

    fn target(&mut self, target: Target, spot: Spot) {
        let node = match target {
            Target::Node(node) => node,
            Target::Nothing => return,
        };
        let own = self.builder.nodes[self.number];
        if node == own && self.exists {
            return;
        }
        if node == own {
            let (code, detail) = match node.item {
                Item::Resource(_) => (
                    Code::SelfReference,
                    format!(
                        "{} refers to itself. Its own attributes are not known while it is being described.",
                        self.builder.name(node)
                    ),
                ),
                _ => (
                    Code::Cycle,
                    format!("{} refers to itself.", self.builder.name(node)),
                ),
            };
            self.builder.evaluator.complain(
                spot,
                Diagnostic::error(code, "Self-referential block").detail(detail),
            );
            return;
        }
        self.add(node);
    }

    fn paths(&mut self, paths: &[Path]) {
        for path in paths {
            let mut names = path.steps.iter().filter_map(|step| match step {
                PathStep::Name(name) => Some(name.clone()),
                _ => None,
            });
            let Some(root) = names.next() else {
                continue;
            };
            let reference = Reference {
                root,
                steps: names.collect(),
                spot: path.spot,
            };
            self.reference(&reference);
        }
    }

    fn resource(&mut self, resource: &Resource) {
        self.expression_of(resource.repetition.expression().map(AsRef::as_ref));
        self.body(&resource.body, &[]);
        self.paths(&resource.depends_on);
        // Provisioners run once the resource is there, and may call it by its name.
        self.exists = true;
        for provisioner in &resource.provisioners {
            self.body(&provisioner.body, &[]);
        }
        self.exists = false;
        let rules = resource
            .lifecycle
            .preconditions
            .iter()
            .chain(&resource.lifecycle.postconditions);
        for rule in rules {
            self.expression(&rule.condition);
            self.expression_of(rule.message.as_deref());
        }
        for trigger in &resource.lifecycle.replace_triggered_by {
            self.expression(trigger);
        }
        self.expression_of(resource.lifecycle.prevent_destroy.as_deref());
        if let Some(provider) = &resource.provider {
            self.expression_of(provider.key.as_ref());
        }
        let (name, alias) = resource.provider_names();
        self.provider(&name, alias.as_deref());
    }

    fn provider(&mut self, name: &str, alias: Option<&str>) {
        let resolver = &self.builder.resolver;
        if let Some(Route { module, block, .. }) = resolver.provider(self.module, name, alias, None)
        {
            self.add(Node {
                module,
                item: Item::Provider(block),
            });
        }
    }

    fn body(&mut self, body: &Body, iterators: &[Name]) {
        for attribute in &body.attributes {
            self.expression_except(&attribute.expression, iterators);
        }
        for block in &body.blocks {
            if block.kind.as_ref() == "dynamic" {
                self.dynamic(block, iterators);
            } else {
                self.body(&block.body, iterators);
            }
        }
    }

    fn dynamic(&mut self, block: &Block, iterators: &[Name]) {
        let mut inner = iterators.to_vec();
        inner.extend(iterator_name(block));
        for attribute in &block.body.attributes {
            match attribute.name.as_ref() {
                "iterator" => {}
                "labels" => self.expression_except(&attribute.expression, &inner),
                _ => self.expression_except(&attribute.expression, iterators),
            }
        }
        for content in &block.body.blocks {
            self.body(&content.body, &inner);
        }
    }
}

/// The name that stands for the current element inside a dynamic block's content.
pub(crate) fn iterator_name(block: &Block) -> Option<Name> {
    block
        .body
        .attribute("iterator")
        .and_then(|attribute| as_keyword(&attribute.expression))
        .or_else(|| block.labels.first().map(|label| label.text.clone()))
}
