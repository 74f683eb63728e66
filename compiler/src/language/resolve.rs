//! Which declaration a reference means.

use super::configuration::Mode;
use super::graph::{Item, Node};
use super::module::{Module, ModuleTree, Repetition, Resource};
use super::syntax::{Expression, Name, Path, PathStep, Reference};
use super::which::Language;
use crate::diagnostic::{Code, Diagnostic};
use crate::suggest::closest;

pub(crate) struct Resolver<'a> {
    pub(crate) language: Language,
    pub(crate) tree: &'a ModuleTree,
    /// The check block that is looked at, if any.
    pub(crate) check: Option<&'a str>,
}

pub(crate) enum Target {
    Node(Node),
    /// Something that needs no evaluation: `path.module`, `each.key`.
    Nothing,
}

type Resolved = Result<Vec<Target>, Box<Diagnostic>>;

impl<'a> Resolver<'a> {
    /// What a reference in a module needs; an error if it leads nowhere.
    pub(crate) fn resolve(&self, index: usize, reference: &Reference) -> Resolved {
        let module = &*self.tree.modules[index].module;
        let first = reference.steps.first().map(AsRef::as_ref);
        let node = |item: Item| {
            Ok(vec![Target::Node(Node {
                module: index,
                item,
            })])
        };
        match (reference.root.as_ref(), first) {
            ("var", Some(name)) => match module.variables.position(name) {
                Some(position) => node(Item::Variable(position)),
                None => undeclared(
                    module,
                    "variable",
                    "input variable",
                    name,
                    module.variables.names(),
                    "declare it with a variable block",
                ),
            },
            ("local", Some(name)) => match module.locals.position(name) {
                Some(position) => node(Item::Local(position)),
                None => undeclared(
                    module,
                    "locals",
                    "local value",
                    name,
                    module.locals.names(),
                    "declare it in a locals block",
                ),
            },
            ("module", Some(name)) => self.call(index, name, &reference.steps),
            ("each", Some("key" | "value"))
            | ("count", Some("index"))
            | ("path", Some("module" | "root" | "cwd"))
            | ("terraform", Some("workspace" | "applying"))
            | ("self", _) => Ok(vec![Target::Nothing]),
            ("each", Some(_)) => invalid(
                "Invalid \"each\" attribute",
                "The \"each\" object has only the attributes \"key\" and \"value\".",
            ),
            ("count", Some(_)) => invalid(
                "Invalid \"count\" attribute",
                "The \"count\" object has only the attribute \"index\".",
            ),
            ("path", Some(_)) => invalid(
                "Invalid \"path\" attribute",
                "The \"path\" object has only the attributes \"module\", \"root\" and \"cwd\".",
            ),
            ("tofu", Some("workspace" | "applying")) if self.language == Language::OpenTofu => {
                Ok(vec![Target::Nothing])
            }
            ("tofu", Some(_)) if self.language == Language::OpenTofu => invalid(
                "Invalid \"tofu\" attribute",
                "The \"tofu\" object has only the attributes \"workspace\" and \"applying\".",
            ),
            ("terraform", Some(_)) => invalid(
                "Invalid \"terraform\" attribute",
                "The \"terraform\" object has only the attributes \"workspace\" and \"applying\".",
            ),
            ("data", _) => self.data(module, index, &reference.steps),
            ("ephemeral", _) => resource(module, index, Mode::Ephemeral, &reference.steps),
            ("resource", _) => resource(module, index, Mode::Managed, &reference.steps),
            // Terraform 1.14's actions.
            ("action", Some(_)) => Ok(vec![Target::Nothing]),
            (
                "var" | "local" | "module" | "each" | "count" | "path" | "terraform" | "action",
                None,
            ) => invalid(
                "Invalid reference",
                &format!(
                    "The {:?} object cannot be accessed directly. Instead, access one of its attributes.",
                    reference.root
                ),
            ),
            (kind, _) => {
                let mut steps = vec![our_kind(module, kind)];
                steps.extend(reference.steps.iter().cloned());
                resource(module, index, Mode::Managed, &steps)
            }
        }
    }

    /// A data source in a check block is there only for that block.
    fn data(&self, module: &Module, index: usize, steps: &[Name]) -> Resolved {
        let found = resource(module, index, Mode::Data, steps)?;
        if let [kind, name, ..] = steps
            && let Some(position) =
                module
                    .resource_index
                    .get(&(Mode::Data, kind.clone(), name.clone()))
            && let Some(check) = &module.resources[*position].check
            && self.check != Some(check)
        {
            return invalid(
                "Reference to scoped resource",
                &format!(
                    "The data source {kind:?} {name:?} stands in the check {check:?}, and only that may refer to it."
                ),
            );
        }
        Ok(found)
    }

    fn call(&self, index: usize, name: &str, steps: &[Name]) -> Resolved {
        let tree_module = &self.tree.modules[index];
        let module = &*tree_module.module;
        let Some(call) = module.calls.position(name) else {
            return undeclared(
                module,
                "module",
                "module",
                name,
                module.calls.names(),
                "declare it with a module block",
            );
        };
        let expand = Target::Node(Node {
            module: index,
            item: Item::Call(call),
        });
        let Some(child) = tree_module.children[call] else {
            return Ok(vec![expand]);
        };
        let outputs = &self.tree.modules[child].module.outputs;
        let output = |position: usize| {
            Target::Node(Node {
                module: child,
                item: Item::Output(position),
            })
        };
        // `module.x.out`, or `module.x["key"].out`.
        let named = steps.iter().skip(1).find(|step| !step.starts_with('['));
        let wanted = match named.and_then(|name| outputs.position(name)) {
            Some(position) => vec![output(position)],
            None => (0..outputs.items.len()).map(output).collect(),
        };
        Ok(std::iter::once(expand).chain(wanted).collect())
    }

    /// Where the name of a provider leads from a module, inherited and passed configurations included.
    pub(crate) fn provider(
        &self,
        index: usize,
        name: &str,
        alias: Option<&str>,
        key: Option<KeyAt<'a>>,
    ) -> Option<Route<'a>> {
        let tree_module = &self.tree.modules[index];
        let own = tree_module
            .module
            .providers
            .iter()
            .position(|provider| &*provider.name == name && provider.alias.as_deref() == alias);
        if let Some(block) = own {
            return Some(Route {
                module: index,
                block,
                key,
            });
        }
        let parent = tree_module.parent?;
        let call = &self.tree.modules[parent.module].module.calls.items[parent.call];
        let passed = call
            .providers
            .iter()
            .find(|(key, _)| split(key) == Some((name, alias)));
        match passed {
            Some((_, value)) => {
                let (name, alias) = value.names()?;
                let own_key = value.key.as_ref().map(|expression| KeyAt {
                    module: parent.module,
                    expression,
                });
                let alias = alias.map(AsRef::as_ref);
                self.provider(parent.module, name, alias, own_key.or(key))
            }
            None if alias.is_none() => self.provider(parent.module, name, None, key),
            None => None,
        }
    }
}

/// The block that the name of a provider leads to.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) module: usize,
    /// Which of the module's provider blocks.
    pub(crate) block: usize,
    /// Says which of the configurations, where the block has several.
    pub(crate) key: Option<KeyAt<'a>>,
}

/// A key, and the module whose names it uses.
#[derive(Clone, Copy)]
pub(crate) struct KeyAt<'a> {
    pub(crate) module: usize,
    pub(crate) expression: &'a Expression,
}

fn split(path: &Path) -> Option<(&str, Option<&str>)> {
    match path.steps.as_slice() {
        [PathStep::Name(name)] => Some((name, None)),
        [PathStep::Name(name), PathStep::Name(alias)] => Some((name, Some(alias))),
        _ => None,
    }
}

/// In our own documents types are written without their prefix.
pub(crate) fn our_kind(module: &Module, kind: &str) -> Name {
    if module.document && !kind.starts_with(super::module::PREFIX) {
        format!("{}{kind}", super::module::PREFIX).into()
    } else {
        kind.into()
    }
}

fn invalid(summary: &str, detail: &str) -> Resolved {
    Err(Box::new(
        Diagnostic::error(Code::InvalidReference, summary).detail(detail),
    ))
}

fn undeclared<'a>(
    module: &Module,
    block: &str,
    what: &str,
    name: &str,
    names: impl Iterator<Item = &'a str>,
    remedy: &str,
) -> Resolved {
    // It may stand in a part of a file that could not be read.
    if module.broken.contains(block) || module.broken.contains("") {
        return Ok(vec![Target::Nothing]);
    }
    let mut error = Diagnostic::error(
        Code::UndeclaredReference,
        format!("Reference to undeclared {what}"),
    )
    .detail(format!("There is no {what} named {name:?} in this module."));
    error = match closest(name, names) {
        Some(meant) => error.hint(format!("did you mean {meant:?}?")),
        None => error.hint(remedy),
    };
    Err(Box::new(error))
}

fn resource(module: &Module, index: usize, mode: Mode, steps: &[Name]) -> Resolved {
    let [kind, name, ..] = steps else {
        let detail = if steps.is_empty() && mode != Mode::Managed {
            "A reference to a data source or ephemeral resource needs its type and its name."
        } else {
            "A reference to a resource type must be followed by at least one attribute access, specifying the resource name."
        };
        return match steps {
            [word] if mode == Mode::Managed => not_a_name(module, word, detail),
            _ => invalid("Invalid reference", detail),
        };
    };
    let key = (mode, kind.clone(), name.clone());
    if let Some(position) = module.resource_index.get(&key) {
        check_instance_key(&module.resources[*position], steps.get(2))?;
        return Ok(vec![Target::Node(Node {
            module: index,
            item: Item::Resource(*position),
        })]);
    }
    let block = match mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    if module.broken.contains(block)
        || module.broken.contains("")
        || (module.document && module.broken.iter().any(|kind| kind.contains('_')))
    {
        return Ok(vec![Target::Nothing]);
    }
    let what = match mode {
        Mode::Managed => "Resource",
        Mode::Data => "Data resource",
        Mode::Ephemeral => "Ephemeral resource",
    };
    let mut error = Diagnostic::error(
        Code::UndeclaredReference,
        format!("Reference to undeclared {}", what.to_lowercase()),
    )
    .detail(format!(
        "{what} {kind:?} {name:?} has not been declared in this module."
    ));
    let all = module
        .resources
        .iter()
        .filter(|resource| resource.mode == mode);
    let same_kind = all.clone().filter(|resource| resource.kind == *kind);
    let same_name = all.clone().filter(|resource| resource.name == *name);
    if let Some(meant) = closest(name, same_kind.map(|resource| resource.name.as_ref())) {
        error = error.hint(format!("did you mean {}{kind}.{meant}?", mode.prefix()));
    } else if let Some(meant) = closest(kind, same_name.map(|resource| resource.kind.as_ref())) {
        error = error.hint(format!("did you mean {}{meant}.{name}?", mode.prefix()));
    } else if mode == Mode::Managed
        && let Some(meant) = closest(
            kind,
            [
                "var",
                "local",
                "module",
                "data",
                "each",
                "count",
                "path",
                "terraform",
                "self",
            ],
        )
    {
        error = error.hint(format!("did you mean {meant}.{name}?"));
    }
    Err(Box::new(error))
}

/// A repeated resource must be referred to with a key before anything inside it, and any other without.
fn check_instance_key(resource: &Resource, step: Option<&Name>) -> Result<(), Box<Diagnostic>> {
    let Some(step) = step else {
        return Ok(());
    };
    let address = resource.address();
    let (argument, example) = match (&resource.repetition, step.starts_with('[')) {
        (Repetition::Once | Repetition::Enabled(_), true) => {
            return Err(Box::new(
                Diagnostic::error(Code::UnexpectedInstanceKey, "Unexpected resource instance key").detail(format!(
                    "Because {address} does not have \"count\" or \"for_each\" set, references to it must not include an index key."
                )),
            ));
        }
        (Repetition::Count(_), false) => ("count", "count.index"),
        (Repetition::ForEach(_), false) => ("for_each", "each.key"),
        _ => return Ok(()),
    };
    let error = Diagnostic::error(Code::MissingInstanceKey, "Missing resource instance key").detail(format!(
        "Because {address} has {argument:?} set, its attributes must be accessed on specific instances."
    ));
    Err(Box::new(error.hint(format!(
        "for example {address}[{example}], or {address}[*] for all of them"
    ))))
}

/// A single bare word: a misspelt keyword, or text without quotes.
fn not_a_name(module: &Module, word: &str, detail: &str) -> Resolved {
    let mut error = Diagnostic::error(Code::InvalidReference, "Invalid reference").detail(detail);
    if module.variables.get(word).is_some() {
        error = error.hint(format!("did you mean var.{word}?"));
    } else if module.locals.get(word).is_some() {
        error = error.hint(format!("did you mean local.{word}?"));
    } else {
        error = error.hint(format!("if the text {word:?} is meant, put it in quotes"));
    }
    Err(Box::new(error))
}
