//! In which order everything is evaluated: what an expression refers to comes first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::configuration::Mode;
use super::evaluate::Evaluator;
use super::module::{ModuleTree, Resource, implied_provider};
use super::resolve::{Resolver, Target};
use super::source::Spot;
use super::syntax::{
    Block, Body, Expression, Name, Path, PathStep, Reference, as_keyword, references,
};
use crate::diagnostic::Diagnostic;

/// Something that is evaluated, as a number in its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Item {
    /// How many instances a module call has.
    Call(usize),
    /// What a call passes to a module that is not on disk. Nothing waits for it: which of its outputs needs what, nobody knows.
    Arguments(usize),
    Variable(usize),
    Local(usize),
    Resource(usize),
    Output(usize),
    Provider(usize),
}

/// An item of one module in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node {
    pub(crate) module: usize,
    pub(crate) item: Item,
}

/// The order, and what each of our resources waits for.
pub(crate) struct Graph {
    /// Every node, what it needs before it. Nodes on a cycle are left out.
    pub(crate) order: Vec<Node>,
    /// The resources of ours that a node needs, directly or through anything else, as addresses without keys.
    pub(crate) dependencies: HashMap<Node, Arc<BTreeSet<String>>>,
}

/// Finds the order. References to what does not exist and cycles are complained about.
pub(crate) fn order(evaluator: &Evaluator<'_>, tree: &ModuleTree) -> Graph {
    let mut builder = Builder {
        evaluator,
        tree,
        resolver: Resolver { tree },
        nodes: Vec::new(),
        numbers: HashMap::new(),
        edges: Vec::new(),
    };
    builder.collect();
    builder.edges = (0..builder.nodes.len())
        .map(|number| builder.edges_of(number))
        .collect();
    builder.sort()
}

struct Builder<'a> {
    evaluator: &'a Evaluator<'a>,
    tree: &'a ModuleTree,
    resolver: Resolver<'a>,
    nodes: Vec<Node>,
    numbers: HashMap<Node, usize>,
    edges: Vec<Vec<usize>>,
}

impl Builder<'_> {
    fn collect(&mut self) {
        for (index, tree_module) in self.tree.modules.iter().enumerate() {
            let module = &tree_module.module;
            let items = (0..module.calls.items.len())
                .map(Item::Call)
                .chain(
                    (0..module.calls.items.len())
                        .filter(|call| tree_module.children[*call].is_none())
                        .map(Item::Arguments),
                )
                .chain((0..module.variables.items.len()).map(Item::Variable))
                .chain((0..module.locals.items.len()).map(Item::Local))
                .chain((0..module.providers.len()).map(Item::Provider))
                .chain((0..module.resources.len()).map(Item::Resource))
                .chain((0..module.outputs.items.len()).map(Item::Output));
            for item in items {
                let node = Node {
                    module: index,
                    item,
                };
                self.numbers.insert(node, self.nodes.len());
                self.nodes.push(node);
            }
        }
    }

    fn edges_of(&self, number: usize) -> Vec<usize> {
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
                // An argument for something the child does not declare still has to be right in itself.
                if let Some(child) = tree_module.children[index] {
                    let child = &self.tree.modules[child].module;
                    for argument in &call.arguments {
                        if child.variables.get(&argument.name).is_none() {
                            edges.expression(&argument.expression);
                        }
                    }
                }
            }
            Item::Arguments(index) => {
                let call = &module.calls.items[index];
                edges.expression_of(call.repetition.expression().map(AsRef::as_ref));
                for argument in &call.arguments {
                    edges.expression(&argument.expression);
                }
            }
            Item::Variable(index) => {
                let variable = &module.variables.items[index];
                if let Some(parent) = tree_module.parent {
                    let call = &self.tree.modules[parent.module].module.calls.items[parent.call];
                    let argument = call
                        .arguments
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
            Item::Provider(index) => edges.body(&module.providers[index].body, &[]),
            Item::Resource(index) => edges.resource(&module.resources[index]),
        }
        edges.found.into_iter().collect()
    }

    /// Depth first, without recursion: chains of references can be as long as the configuration.
    fn sort(&self) -> Graph {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.nodes.len()];
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut cyclic = BTreeSet::new();
        for start in 0..self.nodes.len() {
            if states[start] != State::New {
                continue;
            }
            let mut stack = vec![(start, 0)];
            states[start] = State::Open;
            while let Some((number, edge)) = stack.last_mut() {
                let Some(next) = self.edges[*number].get(*edge).copied() else {
                    states[*number] = State::Done;
                    order.push(*number);
                    stack.pop();
                    continue;
                };
                *edge += 1;
                match states[next] {
                    State::New => {
                        states[next] = State::Open;
                        stack.push((next, 0));
                    }
                    State::Open => {
                        let from = stack
                            .iter()
                            .position(|(number, _)| *number == next)
                            .unwrap_or(0);
                        let cycle: Vec<usize> =
                            stack[from..].iter().map(|(number, _)| *number).collect();
                        if cycle.iter().any(|number| !cyclic.contains(number)) {
                            self.complain_cycle(&cycle);
                        }
                        cyclic.extend(cycle);
                    }
                    State::Done => {}
                }
            }
        }
        order.retain(|number| !cyclic.contains(number));
        let dependencies = self.dependencies(&order);
        Graph {
            order: order.into_iter().map(|number| self.nodes[number]).collect(),
            dependencies,
        }
    }

    fn complain_cycle(&self, cycle: &[usize]) {
        let mut names: Vec<String> = cycle
            .iter()
            .map(|number| self.name(self.nodes[*number]))
            .collect();
        let first = names
            .iter()
            .enumerate()
            .min_by(|left, right| left.1.cmp(right.1));
        let first = first.map_or(0, |(index, _)| index);
        names.rotate_left(first);
        let shown = names.len().min(20);
        let mut list = names[..shown].join(" -> ");
        if names.len() > shown {
            list = format!("{list} -> … ({} in all)", names.len());
        }
        let error = Diagnostic::error("cycle", "Cycle").detail(format!(
            "These refer to each other in a circle: {list} -> {}.",
            names[0]
        ));
        let start = cycle[first.min(cycle.len() - 1)];
        self.evaluator.complain(self.spot(self.nodes[start]), error);
    }

    fn name(&self, node: Node) -> String {
        let tree_module = &self.tree.modules[node.module];
        let module = &tree_module.module;
        let name = match node.item {
            Item::Call(index) | Item::Arguments(index) => {
                format!("module.{}", module.calls.items[index].name)
            }
            Item::Variable(index) => format!("var.{}", module.variables.items[index].name),
            Item::Local(index) => format!("local.{}", module.locals.items[index].name),
            Item::Output(index) => format!("output.{}", module.outputs.items[index].name),
            Item::Provider(index) => format!("provider.{}", module.providers[index].name),
            Item::Resource(index) => module.resources[index].address(),
        };
        qualified(&tree_module.address(), &name)
    }

    fn spot(&self, node: Node) -> Spot {
        let module = &self.tree.modules[node.module].module;
        match node.item {
            Item::Call(index) | Item::Arguments(index) => module.calls.items[index].spot,
            Item::Variable(index) => module.variables.items[index].spot,
            Item::Local(index) => module.locals.items[index].spot,
            Item::Output(index) => module.outputs.items[index].spot,
            Item::Provider(index) => module.providers[index].spot,
            Item::Resource(index) => module.resources[index].spot,
        }
    }

    fn dependencies(&self, order: &[usize]) -> HashMap<Node, Arc<BTreeSet<String>>> {
        let mut sets: BTreeMap<usize, Arc<BTreeSet<String>>> = BTreeMap::new();
        for number in order {
            let mut found: Option<Arc<BTreeSet<String>>> = None;
            for edge in &self.edges[*number] {
                let node = self.nodes[*edge];
                let set = match self.our_resource(node) {
                    Some(address) => Arc::new(BTreeSet::from([address])),
                    None => match sets.get(edge) {
                        Some(set) => set.clone(),
                        None => continue,
                    },
                };
                found = Some(match found {
                    None => set,
                    Some(before) if Arc::ptr_eq(&before, &set) => before,
                    Some(mut before) => {
                        let work = u64::try_from(set.len()).unwrap_or(u64::MAX);
                        if self.evaluator.spend(work, self.spot(self.nodes[*number])) {
                            Arc::make_mut(&mut before).extend(set.iter().cloned());
                        }
                        before
                    }
                });
            }
            if let Some(found) = found {
                sets.insert(*number, found);
            }
        }
        sets.into_iter()
            .map(|(number, set)| (self.nodes[number], set))
            .collect()
    }

    fn our_resource(&self, node: Node) -> Option<String> {
        let Item::Resource(index) = node.item else {
            return None;
        };
        let tree_module = &self.tree.modules[node.module];
        let resource = &tree_module.module.resources[index];
        resource
            .is_ours()
            .then(|| qualified(&tree_module.address(), &resource.address()))
    }
}

/// `module.a` and `x.y` to `module.a.x.y`.
pub(crate) fn qualified(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}.{name}")
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
        references(expression, &mut |reference| all.push(reference));
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
                    "self-reference",
                    format!(
                        "{} refers to itself. Its own attributes are not known while it is being described.",
                        self.builder.name(node)
                    ),
                ),
                _ => (
                    "cycle",
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
        for body in &resource.provisioners {
            self.body(body, &[]);
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
        let (name, alias) = resource.provider_names();
        if let Some((module, index)) =
            self.builder
                .resolver
                .provider(self.module, &name, alias.as_deref())
        {
            self.add(Node {
                module,
                item: Item::Provider(index),
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

impl Resource {
    /// True for our own types.
    pub(crate) fn is_ours(&self) -> bool {
        self.kind.starts_with(super::module::PREFIX)
    }

    /// Our type's name without prefix.
    pub(crate) fn our_kind(&self) -> Option<&str> {
        self.kind.strip_prefix(super::module::PREFIX)
    }

    /// The local name and alias of the provider that manages it.
    pub(crate) fn provider_names(&self) -> (Name, Option<Name>) {
        let steps = self.provider.as_ref().map(|path| path.steps.as_slice());
        match steps {
            Some([PathStep::Name(name), PathStep::Name(alias)]) => {
                (name.clone(), Some(alias.clone()))
            }
            Some([PathStep::Name(name)]) => (name.clone(), None),
            _ => (implied_provider(&self.kind), None),
        }
    }

    /// True for resources whose values come only from the configuration.
    pub(crate) fn is_terraform_data(&self) -> bool {
        self.mode == Mode::Managed && &*self.kind == "terraform_data"
    }
}
