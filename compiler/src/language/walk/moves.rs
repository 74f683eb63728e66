//! What statements lead to. And what `moved` and `removed` blocks must not say: that something is gone that is still declared, or two things at once.

use std::collections::{HashMap, HashSet};

use super::repetition::Keys;
use super::{CallState, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::Mode;
use crate::language::graph::qualified;
use crate::language::module::{Repetition, is_module};
use crate::language::syntax::{Name, Path, PathStep};

/// What a path without keys stands for.
#[derive(Clone, Copy)]
pub(super) enum Declared {
    Resource(Located),
    /// The module of the call, and its position there.
    Module(usize, usize),
    /// It may be in a module that is not on disk, or in a file that could not be read.
    Perhaps,
    Nothing,
}

/// A resource block, by its module and its position there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Located {
    pub(super) module: usize,
    pub(super) resource: usize,
}

impl Walk<'_> {
    /// The block that a path leads to, its keys aside.
    pub(super) fn declared(&self, mut tree: usize, path: &Path) -> Declared {
        let names: Vec<&Name> = path
            .steps
            .iter()
            .filter_map(|step| match step {
                PathStep::Name(name) => Some(name),
                PathStep::Key(_) | PathStep::Index(_) => None,
            })
            .collect();
        let mut names = names.as_slice();
        while let [module, call, rest @ ..] = names
            && module.as_ref() == "module"
        {
            let Some(position) = self.module(tree).calls.position(call) else {
                return Declared::Nothing;
            };
            if rest.is_empty() {
                return Declared::Module(tree, position);
            }
            match self.tree.modules[tree].children[position] {
                Some(child) => tree = child,
                None => return Declared::Perhaps,
            }
            names = rest;
        }
        let [kind, name] = names else {
            return Declared::Nothing;
        };
        let module = self.module(tree);
        let key = (Mode::Managed, Name::clone(kind), Name::clone(name));
        match module.resource_index.get(&key) {
            Some(index) => Declared::Resource(Located {
                module: tree,
                resource: *index,
            }),
            None if !module.broken.is_empty() => Declared::Perhaps,
            None => Declared::Nothing,
        }
    }

    /// Complains about the moves and removals of one module.
    pub(super) fn check_moves(&self, tree: usize) {
        let module = self.module(tree);
        let mut from_of: HashMap<String, String> = HashMap::new();
        let mut to_of: HashMap<String, String> = HashMap::new();
        for block in &module.moved {
            let (from, to) = (block.from.to_string(), block.to.to_string());
            let wrong = |summary: &str, detail: String| {
                let error = Diagnostic::error(Code::InvalidMove, summary).detail(detail);
                self.evaluator.complain(block.spot, error);
            };
            if is_module(&block.from) != is_module(&block.to) {
                wrong(
                    "Invalid \"moved\" addresses",
                    format!("{from} and {to} must both be resources, or both be modules."),
                );
                continue;
            }
            if from == to {
                wrong(
                    "Redundant move statement",
                    format!("{from} is moved to itself, which says nothing."),
                );
                continue;
            }
            let earlier = (
                from_of.insert(to.clone(), from.clone()),
                to_of.insert(from.clone(), to.clone()),
            );
            if let Some(other) = earlier.0.filter(|other| *other != from) {
                wrong(
                    "Ambiguous move statements",
                    format!("Both {other} and {from} are moved to {to}."),
                );
            } else if let Some(other) = earlier.1.filter(|other| *other != to) {
                wrong(
                    "Ambiguous move statements",
                    format!("{from} is moved to {other} and to {to}."),
                );
            }
            if self.still_exists(tree, &block.from, &block.to) {
                wrong(
                    "Moved object still exists",
                    format!("{from} is moved to {to}, and is still declared."),
                );
            }
        }
        for block in &module.moved {
            let (from, to) = (block.from.to_string(), block.to.to_string());
            let mut seen = HashSet::from([&from]);
            let mut next = (from != to).then_some(&to);
            // Each circle once, at its first address.
            while let Some(address) = next
                && seen.insert(address)
            {
                next = to_of.get(address);
            }
            if next == Some(&from) && seen.iter().all(|other| &from <= *other) {
                let error = Diagnostic::error(
                    Code::InvalidMove,
                    "Cyclic dependency in move statements",
                )
                .detail(format!(
                    "What is moved from {from} comes back there: a chain of moves has to end."
                ));
                self.evaluator.complain(block.spot, error);
            }
        }
        for block in &module.removed {
            let (what, spot) = match self.declared(tree, &block.from) {
                Declared::Resource(found) => (
                    "resource",
                    self.module(found.module).resources[found.resource].spot,
                ),
                Declared::Module(tree, call) => {
                    ("module", self.module(tree).calls.items[call].spot)
                }
                Declared::Perhaps | Declared::Nothing => continue,
            };
            let error =
                Diagnostic::error(Code::InvalidRemoval, format!("Removed {what} still exists"))
                    .detail(format!(
                        "A `removed` block says that {} is gone, and it is still declared.",
                        block.from
                    ));
            self.evaluator.complain(spot, error);
        }
    }

    /// True if what is moved away is declared for certain. With a key on either side instances are moved, else all of a block.
    fn still_exists(&self, tree: usize, from: &Path, to: &Path) -> bool {
        let declared = self.declared(tree, from);
        let repetition = match declared {
            Declared::Resource(found) => {
                &self.module(found.module).resources[found.resource].repetition
            }
            Declared::Module(tree, call) => &self.module(tree).calls.items[call].repetition,
            Declared::Perhaps | Declared::Nothing => return false,
        };
        match (last_key(from), last_key(to)) {
            (None, None) => true,
            // A single instance, which only a block without repetition declares.
            (None, Some(_)) => matches!(repetition, Repetition::Once),
            (Some(_), _) => self.of_module[tree].iter().any(|instance| {
                let address = qualified(&self.instances[*instance].address, &from.to_string());
                match declared {
                    Declared::Resource(found) => self
                        .instances_of(found)
                        .is_some_and(|known| known.contains(&address)),
                    _ => self
                        .instances
                        .iter()
                        .any(|instance| *instance.address == *address),
                }
            }),
        }
    }

    /// Notes the resources whose instances are to be kept, because statements name some.
    pub(super) fn name_instances(&mut self) {
        for tree in 0..self.tree.modules.len() {
            let module = self.module(tree);
            let imported = module.imports.iter().map(|block| &block.outline);
            let moved = module.moved.iter().map(|block| &block.from);
            for path in imported.chain(moved) {
                let path = self.respelled_path(tree, path);
                if let Declared::Resource(found) = self.declared(tree, &path) {
                    self.named.insert(found, Some(HashSet::new()));
                }
            }
        }
    }

    /// Keeps the addresses of a resource's instances in one instance of its module, if anybody asks for them.
    pub(super) fn keep_instances(&mut self, found: Located, prefix: &str, keys: Option<&Keys>) {
        if let Some(known) = self.named.get_mut(&found) {
            match (known.as_mut(), keys) {
                (Some(known), Some(keys)) => {
                    known.extend(keys.items.iter().map(|(key, _)| format!("{prefix}{key}")));
                }
                _ => *known = None,
            }
        }
    }

    /// The instances of a resource that a statement names, if all are known.
    pub(super) fn instances_of(&self, found: Located) -> Option<&HashSet<String>> {
        let known = self.named.get(&found)?.as_ref();
        known.filter(|_| self.is_wholly_entered(found.module))
    }

    /// True if all instances of a module are known.
    fn is_wholly_entered(&self, tree: usize) -> bool {
        let Some(parent) = self.tree.modules[tree].parent else {
            return true;
        };
        let mut around = self.of_module[parent.module].iter();
        self.is_wholly_entered(parent.module)
            && around.all(|instance| {
                matches!(
                    self.instances[*instance].calls[parent.call],
                    CallState::Known { .. }
                )
            })
    }
}

/// The key that a path ends in.
pub(super) fn last_key(path: &Path) -> Option<&PathStep> {
    path.steps
        .last()
        .filter(|step| !matches!(step, PathStep::Name(_)))
}
