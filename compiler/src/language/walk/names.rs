//! The names that an expression in a module can use.

use super::{CallState, Repeated, Walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::configuration::{Key, Mode};
use crate::language::evaluate::{Found, Names, Whose};
use crate::language::module::our_provider_names;
use crate::language::resolve::our_kind;
use crate::language::syntax::Name;
use crate::language::term::{Marks, Shape, Term};
use crate::language::which::Language;

/// Where an expression stands: in which module instance, and in which instance of a repeated block.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) instance: usize,
    pub(super) repetition: Option<(&'p Key, Option<&'p Term>)>,
    pub(super) this: Option<&'p Term>,
    /// The block is repeated, and which instance this is, is not known.
    pub(super) unknown_repetition: Option<Repeated>,
}

impl<'p> Place<'p> {
    pub(super) fn module(instance: usize) -> Self {
        Self {
            instance,
            repetition: None,
            this: None,
            unknown_repetition: None,
        }
    }

    pub(super) fn names<'w>(self, walk: &'w Walk<'_>) -> ModuleNames<'w>
    where
        'p: 'w,
    {
        ModuleNames { walk, place: self }
    }
}

pub(super) struct ModuleNames<'w> {
    walk: &'w Walk<'w>,
    place: Place<'w>,
}

impl ModuleNames<'_> {
    fn each(&self, name: &str) -> Found {
        let term = match (self.place.repetition, self.place.unknown_repetition) {
            (Some((Key::Name(key), value)), _) => match (name, value) {
                ("key", _) => Some(Term::string(key.clone())),
                (_, Some(value)) => Some(value.clone()),
                (_, None) => Some(Term::string(key.clone())),
            },
            // Imports may go through a list.
            (Some((Key::Index(index), Some(value))), _) => match name {
                "key" => Some(Term::number(*index)),
                _ => Some(value.clone()),
            },
            (_, Some(Repeated::ForEach)) if name == "key" => {
                Some(Term::unknown_not_null(Shape::String))
            }
            (_, Some(Repeated::ForEach)) => Some(Term::dynamic()),
            _ => None,
        };
        term.map_or_else(
            || {
                wrong("Reference to \"each\" in context without for_each", "The \"each\" object can be used only in blocks that set the \"for_each\" argument.")
            },
            |term| Found::Value(term, 1),
        )
    }

    fn count(&self) -> Found {
        let term = match (self.place.repetition, self.place.unknown_repetition) {
            (Some((Key::Index(index), _)), _) => Some(Term::number(*index)),
            (_, Some(Repeated::Count)) => Some(Term::unknown_not_null(Shape::Number)),
            _ => None,
        };
        term.map_or_else(
            || wrong("Reference to \"count\" in non-counted context", "The \"count\" object can be used only in blocks that set the \"count\" argument."),
            |term| Found::Value(term, 1),
        )
    }

    fn path(&self, name: &str) -> Found {
        let module = self
            .walk
            .module(self.walk.instances[self.place.instance].tree);
        Found::Value(self.walk.evaluator.path(&module.folder, name), 1)
    }

    fn resource(&self, mode: Mode, kind: &str, name: &str, taken: usize) -> Found {
        let instance = &self.walk.instances[self.place.instance];
        let module = self.walk.module(instance.tree);
        let key = (mode, our_kind(module, kind), Name::from(name));
        let Some(index) = module.resource_index.get(&key) else {
            return Found::Reported;
        };
        Found::Value(
            instance.resources[*index]
                .clone()
                .unwrap_or_else(Term::dynamic),
            taken,
        )
    }

    fn call(&self, name: &str, attribute: Option<&str>) -> Found {
        let instance = &self.walk.instances[self.place.instance];
        let module = self.walk.module(instance.tree);
        let Some(index) = module.calls.position(name) else {
            return Found::Reported;
        };
        // A single instance: straight to the output, which may be the only one that is there yet.
        if let (
            CallState::Known {
                repeated: Repeated::Once,
                children,
                ..
            },
            Some(attribute),
            [(_, child)],
        ) = (
            &instance.calls[index],
            attribute,
            match &instance.calls[index] {
                CallState::Known { children, .. } => children.as_slice(),
                CallState::Unknown => &[],
            },
        ) {
            debug_assert_eq!(children.len(), 1);
            let child = &self.walk.instances[*child];
            if let Some(position) = self.walk.module(child.tree).outputs.position(attribute) {
                let term = child.outputs[position]
                    .clone()
                    .unwrap_or_else(Term::dynamic);
                return Found::Value(term, 2);
            }
        }
        Found::Value(self.walk.call_value(self.place.instance, index), 1)
    }
}

fn wrong(summary: &str, detail: &str) -> Found {
    Found::Wrong(Box::new(
        Diagnostic::error(Code::InvalidReference, summary).detail(detail),
    ))
}

/// What a name may stand for in an instance that does not exist: what guards against an empty list, for example, may be just what
/// keeps this block from having instances.
fn anything(found: Found) -> Found {
    let Found::Value(term, taken) = found else {
        return found;
    };
    let term = match term.shape() {
        // Their types say how many there are, or which.
        Shape::Any | Shape::Tuple(_) | Shape::Object(_) => Term::dynamic(),
        shape => Term::unknown(shape),
    };
    Found::Value(term, taken)
}

impl Names for ModuleNames<'_> {
    fn find(&self, root: &str, attributes: &[&str]) -> Found {
        let found = self.named(root, attributes);
        match self.place.unknown_repetition {
            Some(_) => anything(found),
            None => found,
        }
    }

    fn provider(&self, name: &str) -> Whose {
        let instance = &self.walk.instances[self.place.instance];
        let names = &self.walk.module(instance.tree).provider_names;
        if !names.contains_key(name) {
            Whose::Nobodys
        } else if our_provider_names(names)(name) {
            Whose::Ours
        } else {
            Whose::Others
        }
    }
}

impl ModuleNames<'_> {
    fn named(&self, root: &str, attributes: &[&str]) -> Found {
        let instance = &self.walk.instances[self.place.instance];
        let module = self.walk.module(instance.tree);
        let value = |terms: &[Option<Term>], position: Option<usize>| match position {
            Some(position) => {
                Found::Value(terms[position].clone().unwrap_or_else(Term::dynamic), 1)
            }
            None => Found::Reported,
        };
        let is_tofu = self.walk.evaluator.language == Language::OpenTofu;
        match (root, attributes) {
            ("var", [name, ..]) => value(&instance.variables, module.variables.position(name)),
            ("local", [name, ..]) => value(&instance.locals, module.locals.position(name)),
            ("module", [name, rest @ ..]) => self.call(name, rest.first().copied()),
            ("each", [name @ ("key" | "value"), ..]) => self.each(name),
            ("count", ["index", ..]) => self.count(),
            ("path", [name @ ("module" | "root" | "cwd"), ..]) => self.path(name),
            ("terraform", ["workspace", ..]) | ("tofu", ["workspace", ..])
                if root == "terraform" || is_tofu =>
            {
                Found::Value(Term::string(self.walk.options.workspace.as_str()), 1)
            }
            ("terraform", ["applying", ..]) | ("tofu", ["applying", ..])
                if root == "terraform" || is_tofu =>
            {
                Found::Value(Term::bool(false).marked(&Marks::ephemeral()), 1)
            }
            ("self", _) => match self.place.this {
                Some(term) => Found::Value(term.clone(), 0),
                None => wrong(
                    "Invalid \"self\" reference",
                    "The \"self\" object is not available here: it stands for the resource in postconditions, provisioners and connections only.",
                ),
            },
            ("data", [kind, name, ..]) => self.resource(Mode::Data, kind, name, 2),
            ("ephemeral", [kind, name, ..]) => self.resource(Mode::Ephemeral, kind, name, 2),
            ("resource", [kind, name, ..]) => self.resource(Mode::Managed, kind, name, 2),
            (
                "var" | "local" | "module" | "each" | "count" | "path" | "terraform" | "data"
                | "ephemeral" | "resource" | "action",
                _,
            ) => Found::Reported,
            (kind, [name, ..]) => self.resource(Mode::Managed, kind, name, 1),
            _ => Found::Reported,
        }
    }
}

/// The names around a dynamic block's content, and the element it is at.
pub(super) struct IteratorNames<'n> {
    pub(super) outer: &'n dyn Names,
    pub(super) name: Name,
    pub(super) element: Term,
}

impl Names for IteratorNames<'_> {
    fn find(&self, root: &str, attributes: &[&str]) -> Found {
        if root == self.name.as_ref() {
            return Found::Value(self.element.clone(), 0);
        }
        self.outer.find(root, attributes)
    }

    fn provider(&self, name: &str) -> Whose {
        self.outer.provider(name)
    }

    fn template_depth(&self) -> usize {
        self.outer.template_depth()
    }
}
