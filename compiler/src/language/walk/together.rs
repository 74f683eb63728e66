//! The order of evaluation. What one module evaluates without waiting for another is evaluated instance by instance, and what is needed
//! no longer is let go before the next instance: of a module with many thousands of them, only a little is there at any time.

use super::statements::natural;
use super::{Place, Walk};
use crate::language::graph::{Item, Node};

impl Walk<'_> {
    pub(super) fn everything(&mut self) {
        let graph = self.graph;
        let mut end = 0;
        for nodes in graph.order.chunk_by(belong_together) {
            end += nodes.len();
            match nodes {
                [
                    Node {
                        module,
                        item: Item::Provider(index),
                    },
                ] => self.provider(*module, *index),
                [first, ..] => self.together(first.module, nodes, end),
                [] => {}
            }
        }
    }

    /// Evaluates items of one module in all of its instances. A module that is called and has none is still looked at for mistakes,
    /// through its parent only. They end at this place of the order.
    fn together(&mut self, module: usize, nodes: &[Node], end: usize) {
        let resources = nodes.iter().filter_map(|node| match node.item {
            Item::Resource(index) => Some((index, self.graph.last_use.get(node))),
            _ => None,
        });
        let (count, done) = resources.fold((0, Vec::new()), |(count, mut done), (index, last)| {
            if last.is_some_and(|last| *last < end) {
                done.push(index);
            }
            (count + 1, done)
        });
        let instances = self.of_module[module].len();
        self.result.instances.reserve(instances * count);
        for position in 0..instances {
            let instance = self.of_module[module][position];
            let before = self.result.instances.len();
            for node in nodes {
                self.node(*node, instance);
            }
            for resource in &done {
                self.instances[instance].resources[*resource] = None;
            }
            // So that there is little left to sort in the end.
            self.result.instances[before..]
                .sort_by(|left, right| natural(&left.address, &right.address));
        }
    }

    fn node(&mut self, node: Node, instance: usize) {
        match node.item {
            Item::Call(index) => self.call(instance, index),
            Item::Arguments(index) => self.arguments(instance, index),
            Item::Variable(index) => {
                let term = self.variable(instance, index);
                self.instances[instance].variables[index] = Some(term);
            }
            Item::Local(index) => {
                let local = &self.module(node.module).locals.items[index];
                let term = self.evaluate(&local.expression, Place::module(instance));
                self.instances[instance].locals[index] = Some(term);
            }
            Item::Output(index) => {
                let term = self.output(instance, index);
                self.instances[instance].outputs[index] = Some(term);
            }
            Item::Resource(index) => {
                let term = self.resource(node, instance, index);
                self.instances[instance].resources[index] = Some(term);
            }
            Item::Provider(_) => {}
        }
    }
}

fn belong_together(one: &Node, next: &Node) -> bool {
    let is_provider = |node: &Node| matches!(node.item, Item::Provider(_));
    one.module == next.module && !is_provider(one) && !is_provider(next)
}
