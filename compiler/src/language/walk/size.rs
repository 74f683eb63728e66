//! How many instances a configuration has: refused before they are made, where there are too many.

use super::Walk;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds::{self, grouped_size};
use crate::language::module::{Call, ModuleTree, Repetition};
use crate::language::source::Spot;
use crate::language::syntax::Node;
use crate::language::term::as_usize;

/// Instances of modules and resources.
#[derive(Clone, Copy, Default)]
struct Instances {
    modules: usize,
    resources: usize,
}

/// What is known of the size of a configuration.
pub(super) struct Size {
    /// What one instance of each module brings with it, as far as that is written: whatever else a `count` says may be nothing.
    at_least: Vec<Instances>,
    /// What there is already.
    made: Instances,
    is_refused: bool,
}

impl Size {
    pub(super) fn of(tree: &ModuleTree) -> Self {
        let mut at_least = vec![Instances::default(); tree.modules.len()];
        // Modules come before those that they call.
        for (index, tree_module) in tree.modules.iter().enumerate().rev() {
            let module = &tree_module.module;
            let resources = module.resources.iter();
            let mut sum = Instances {
                modules: 1,
                resources: resources
                    .map(|resource| written(&resource.repetition))
                    .fold(0, usize::saturating_add),
            };
            for (call, child) in module.calls.items.iter().zip(&tree_module.children) {
                if let Some(child) = child {
                    sum = sum.plus(at_least[*child].times(written(&call.repetition)));
                }
            }
            at_least[index] = sum;
        }
        Self {
            at_least,
            made: Instances::default(),
            is_refused: false,
        }
    }
}

impl Instances {
    fn times(self, count: usize) -> Self {
        Self {
            modules: self.modules.saturating_mul(count),
            resources: self.resources.saturating_mul(count),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            modules: self.modules.saturating_add(other.modules),
            resources: self.resources.saturating_add(other.resources),
        }
    }
}

/// How many instances a block has, if that is written; otherwise it may have none.
fn written(repetition: &Repetition) -> usize {
    match repetition {
        Repetition::Once => 1,
        Repetition::Count(expression) => match &expression.node {
            Node::Literal(term) => term.as_number().and_then(as_usize).unwrap_or_default(),
            _ => 0,
        },
        Repetition::ForEach(_) | Repetition::Enabled(_) => 0,
    }
}

impl Walk<'_> {
    /// True, after a complaint, if so many more instances of a module are too many.
    pub(super) fn is_too_many(&mut self, child: usize, count: usize, call: &Call) -> bool {
        let more = self.size.at_least[child].times(count);
        let all = self.size.made.plus(more);
        let spot = call.repetition.expression();
        let spot = spot.map_or(call.spot, |expression| expression.spot);
        let refused = self.refused(all, spot);
        if !refused {
            self.size.made.modules += count;
            self.evaluator.grant(count);
        }
        refused
    }

    /// Likewise of a resource.
    pub(super) fn are_too_many(&mut self, count: usize, spot: Spot) -> bool {
        let more = Instances {
            modules: 0,
            resources: count,
        };
        let all = self.size.made.plus(more);
        let refused = self.refused(all, spot);
        if !refused {
            self.size.made = all;
            self.evaluator.grant(count);
        }
        refused
    }

    /// True if so many are too many. Nothing further is made then.
    fn refused(&mut self, all: Instances, spot: Spot) -> bool {
        let (what, most) = if all.modules > bounds::MODULES {
            ("modules", bounds::MODULES)
        } else if all.resources > bounds::RESOURCES {
            ("resources", bounds::RESOURCES)
        } else {
            return self.size.is_refused;
        };
        if !std::mem::replace(&mut self.size.is_refused, true) {
            let error = Diagnostic::error(Code::TooManyInstances, "Too many instances")
                .detail(format!(
                    "With these, the configuration has more than {} instances of {what}, and that is the most it can have.",
                    grouped_size(most)
                ))
                .hint("split it into configurations of their own");
            self.evaluator.complain(spot, error);
        }
        true
    }
}
