//! What is needed comes first; what needs itself is an error.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Builder, Graph, Item, Node, qualified};
use crate::diagnostic::{Code, Diagnostic};

impl Builder<'_> {
    /// Depth first, without recursion: chains of references can be as long as the configuration.
    pub(super) fn sort(&self) -> Graph {
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
        let last_use = self.last_use(&order);
        Graph {
            order: order.into_iter().map(|number| self.nodes[number]).collect(),
            dependencies,
            last_use,
        }
    }

    fn last_use(&self, order: &[usize]) -> HashMap<Node, usize> {
        let is_resource = |node: &Node| matches!(node.item, Item::Resource(_));
        let needed = order.iter().enumerate().flat_map(|(position, number)| {
            let needed = self.edges[*number].iter();
            needed.map(move |edge| (self.nodes[*edge], position))
        });
        let judged = self.judged().map(|node| (node, usize::MAX));
        // Later ones replace earlier ones.
        needed
            .chain(judged)
            .filter(|(node, _)| is_resource(node))
            .collect()
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
        let error = Diagnostic::error(Code::Cycle, "Cycle").detail(format!(
            "These refer to each other in a circle: {list} -> {}.",
            names[0]
        ));
        let start = cycle[first.min(cycle.len() - 1)];
        self.evaluator.complain(self.spot(self.nodes[start]), error);
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
