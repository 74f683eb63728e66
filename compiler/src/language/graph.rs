//! In which order everything is evaluated: what an expression refers to comes first.

mod edges;
mod sort;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use edges::iterator_name;

use super::evaluate::Evaluator;
use super::module::ModuleTree;
use super::resolve::Resolver;
use super::source::Spot;

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
    /// Where in the order a resource is needed for the last time; beyond its end by what is judged when everything is there. What is
    /// not here is needed by nothing.
    pub(crate) last_use: HashMap<Node, usize>,
}

/// Finds the order. References to what does not exist and cycles are complained about.
pub(crate) fn order(evaluator: &Evaluator<'_>, tree: &ModuleTree) -> Graph {
    let mut builder = Builder {
        evaluator,
        tree,
        resolver: Resolver {
            language: evaluator.language,
            tree,
            check: None,
        },
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
}

/// `module.a` and `x.y` to `module.a.x.y`.
pub(crate) fn qualified(module: &str, name: &str) -> String {
    if module.is_empty() {
        name.to_owned()
    } else {
        format!("{module}.{name}")
    }
}
