//! What `moved` and `removed` blocks must not say: that something is gone that is still declared, or two things at once.

use std::collections::{HashMap, HashSet};

use super::Walk;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{Configuration, Mode, without_keys};
use crate::language::module::Repetition;
use crate::language::source::Spot;
use crate::language::syntax::{Name, Path, PathStep};

/// What a path without keys stands for.
#[derive(Clone, Copy)]
pub(super) enum Declared<'m> {
    Resource(&'m Repetition, Spot),
    Module(&'m Repetition, Spot),
    /// It may be in a module that is not on disk, or in a file that could not be read.
    Perhaps,
    Nothing,
}

impl Walk<'_> {
    /// The block that a path leads to, its keys aside.
    pub(super) fn declared(&self, mut tree: usize, path: &Path) -> Declared<'_> {
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
                let call = &self.module(tree).calls.items[position];
                return Declared::Module(&call.repetition, call.spot);
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
            Some(index) => {
                let resource = &module.resources[*index];
                Declared::Resource(&resource.repetition, resource.spot)
            }
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
                Declared::Resource(_, spot) => ("resource", spot),
                Declared::Module(_, spot) => ("module", spot),
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
        let (Declared::Resource(repetition, _) | Declared::Module(repetition, _)) =
            self.declared(tree, from)
        else {
            return false;
        };
        match (last_key(from), last_key(to)) {
            (None, None) => true,
            // A single instance, which only a block without repetition declares.
            (None, Some(_)) => matches!(repetition, Repetition::Once),
            (Some(_), _) => {
                let prefix = self.tree.modules[tree].address();
                let address = crate::language::graph::qualified(&prefix, &from.to_string());
                self.has_instance(&address)
            }
        }
    }
}

/// The addresses of all instances of ours, by that of their resource.
#[derive(Default)]
pub(super) struct Addresses(HashMap<String, HashSet<String>>);

impl Addresses {
    fn of(configuration: &Configuration) -> Self {
        let mut addresses = Self::default();
        for instance in &configuration.instances {
            let of_resource = addresses.0.entry(instance.resource()).or_default();
            of_resource.insert(instance.address.clone());
        }
        addresses
    }
}

impl Walk<'_> {
    /// The known instances of the resource that an address belongs to. For statements, which come when all of them are known.
    pub(super) fn siblings(&self, address: &str) -> Option<&HashSet<String>> {
        let addresses = self.addresses.get_or_init(|| Addresses::of(&self.result));
        addresses.0.get(&without_keys(address))
    }

    fn has_instance(&self, address: &str) -> bool {
        self.siblings(address)
            .is_some_and(|instances| instances.contains(address))
    }
}

/// True for `module.a.module.b["x"]`.
fn is_module(path: &Path) -> bool {
    let mut names = path.steps.iter().filter_map(|step| match step {
        PathStep::Name(name) => Some(name.as_ref()),
        PathStep::Key(_) | PathStep::Index(_) => None,
    });
    while let Some(name) = names.next() {
        if name != "module" {
            return false;
        }
        names.next();
    }
    true
}

/// The key that a path ends in.
pub(super) fn last_key(path: &Path) -> Option<&PathStep> {
    path.steps
        .last()
        .filter(|step| !matches!(step, PathStep::Name(_)))
}
