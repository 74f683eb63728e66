//! A module as its files declare it, before anything is evaluated.

mod address;
mod content;
mod decode;
mod document;
mod early;
mod encryption;
mod files;
mod grammar;
mod ignored;
mod installed;
mod load;
mod merge;
mod provisioner;
mod resource;
mod types;
mod variable;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub(crate) use address::{Statement, is_module, object};
pub(crate) use content::{Context, check_unknown, check_words, ignored, missing_argument};
pub(crate) use decode::our_provider_names;
pub(crate) use files::{complain_syntax, read_native, read_text};
pub(crate) use grammar::{Grammar, PREFIX};
pub(crate) use load::{ModuleTree, load};
pub(crate) use provisioner::Known;
pub(crate) use types::{parse_constraint, parse_type};

use super::configuration::{IgnoreChanges, Mode};
use super::source::Spot;
use super::syntax::{Body, Expression, Name, Path, PathStep};
use super::term::{Shape, Term};

/// One module's declarations. Each list is in the order of declaration, with an index by name.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The folder as seen from the root, `""` for the root itself.
    pub(crate) folder: String,
    pub(crate) variables: Named<Variable>,
    pub(crate) locals: Named<Local>,
    pub(crate) outputs: Named<OutputBlock>,
    pub(crate) calls: Named<Call>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) resource_index: HashMap<(Mode, Name, Name), usize>,
    pub(crate) providers: Vec<ProviderBlock>,
    pub(crate) checks: Vec<CheckBlock>,
    pub(crate) imports: Vec<ImportBlock>,
    pub(crate) moved: Vec<MovedBlock>,
    pub(crate) removed: Vec<RemovedBlock>,
    /// Local names of providers with the configurations a parent must pass: `aliased` from `configuration_aliases`.
    pub(crate) provider_names: HashMap<Name, RequiredProvider>,
    pub(crate) has_required_providers: bool,
    /// The kind of the block that says where the state is kept.
    pub(crate) state_is_kept_by: Option<Name>,
    /// Kinds of blocks that could not be read; the empty name stands for any.
    pub(crate) broken: BTreeSet<Name>,
    /// Written as one of our own documents: `service_account.x` stands for `lanyard_service_account.x`.
    pub(crate) document: bool,
    /// Names of files in the folder that another program would read, and we do not.
    pub(crate) unread_files: Vec<String>,
}

/// Things with names, findable by them.
#[derive(Debug)]
pub(crate) struct Named<T> {
    pub(crate) items: Vec<T>,
    index: HashMap<Name, usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            index: HashMap::new(),
        }
    }
}

impl<T> Named<T> {
    /// False if the name is taken.
    pub(crate) fn insert(&mut self, name: Name, item: T) -> bool {
        if self.index.contains_key(&name) {
            return false;
        }
        self.index.insert(name, self.items.len());
        self.items.push(item);
        true
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.position(name)
            .and_then(|position| self.items.get(position))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(AsRef::as_ref)
    }
}

#[derive(Debug)]
pub(crate) struct RequiredProvider {
    pub(crate) source: Option<Name>,
    pub(crate) aliases: Vec<Name>,
}

#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: Name,
    pub(crate) shape: Shape,
    /// The declaration names no type: values given as text are taken literally.
    pub(crate) untyped: bool,
    pub(crate) default: Option<Term>,
    pub(crate) sensitive: bool,
    pub(crate) ephemeral: bool,
    pub(crate) nullable: bool,
    /// Whether it may decide where modules are, if it says so.
    pub(crate) is_const: Option<bool>,
    pub(crate) validations: Vec<Rule>,
    /// The declaration was complained about.
    pub(crate) is_broken: bool,
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) name: Name,
    pub(crate) expression: Arc<Expression>,
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) struct OutputBlock {
    pub(crate) name: Name,
    pub(crate) value: Arc<Expression>,
    pub(crate) sensitive: bool,
    pub(crate) ephemeral: bool,
    /// Where it is said to be out of use.
    pub(crate) deprecated: Option<Spot>,
    pub(crate) depends_on: Vec<Path>,
    pub(crate) preconditions: Vec<Rule>,
    pub(crate) spot: Spot,
}

/// A validation, precondition, postcondition or assertion.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) condition: Arc<Expression>,
    pub(crate) message: Option<Arc<Expression>>,
}

/// How many instances a block has.
#[derive(Clone, Debug)]
pub(crate) enum Repetition {
    Once,
    Count(Arc<Expression>),
    ForEach(Arc<Expression>),
    /// OpenTofu's `lifecycle { enabled = … }`: one instance without a key, or none.
    Enabled(Arc<Expression>),
}

impl Repetition {
    pub(crate) fn expression(&self) -> Option<&Arc<Expression>> {
        match self {
            Self::Once => None,
            Self::Count(expression) | Self::ForEach(expression) | Self::Enabled(expression) => {
                Some(expression)
            }
        }
    }
}

/// A `module` block.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: Name,
    pub(crate) source: Option<Arc<Expression>>,
    /// Which versions of a registry's module are meant.
    pub(crate) version: Option<Arc<Expression>>,
    pub(crate) repetition: Repetition,
    pub(crate) arguments: Body,
    /// The child's local provider name or alias, and the configuration of ours that it gets.
    pub(crate) providers: Vec<(Path, ProviderName)>,
    pub(crate) depends_on: Vec<Path>,
    pub(crate) spot: Spot,
}

impl Call {
    /// True if it says which configuration the module gets under an alias.
    pub(crate) fn passes(&self, name: &str, alias: &str) -> bool {
        self.providers.iter().any(|(child, _)| {
            matches!(child.steps.as_slice(), [PathStep::Name(first), PathStep::Name(second)] if **first == *name && **second == *alias)
        })
    }
}

/// A provider configuration as a module names it: `lanyard.eu`, and in OpenTofu `lanyard.by_region["eu"]`.
#[derive(Debug)]
pub(crate) struct ProviderName {
    /// The local name and, if there is one, the alias.
    pub(crate) path: Path,
    pub(crate) key: Option<Expression>,
}

impl ProviderName {
    /// The local name and alias.
    pub(crate) fn names(&self) -> Option<(&Name, Option<&Name>)> {
        match self.path.steps.as_slice() {
            [PathStep::Name(name)] => Some((name, None)),
            [PathStep::Name(name), PathStep::Name(alias)] => Some((name, Some(alias))),
            _ => None,
        }
    }
}

/// A provisioner, or how the provisioners of a resource connect.
#[derive(Debug)]
pub(crate) struct Provisioner {
    /// `None` where the arguments are not known.
    pub(crate) known: Option<&'static Known>,
    pub(crate) body: Body,
    pub(crate) spot: Spot,
}

/// A `resource`, `data` or `ephemeral` block.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) mode: Mode,
    /// The type, prefix and all.
    pub(crate) kind: Name,
    pub(crate) name: Name,
    pub(crate) repetition: Repetition,
    /// The type's own arguments and blocks, without the meta-arguments.
    pub(crate) body: Body,
    pub(crate) provider: Option<ProviderName>,
    pub(crate) depends_on: Vec<Path>,
    pub(crate) lifecycle: LifecycleBlock,
    /// Provisioners and connections.
    pub(crate) provisioners: Vec<Provisioner>,
    /// The check block that the data source stands in, and that alone may refer to it.
    pub(crate) check: Option<Name>,
    pub(crate) spot: Spot,
    pub(crate) kind_spot: Spot,
}

impl Resource {
    /// `data.aws_ami.x`.
    pub(crate) fn address(&self) -> String {
        format!("{}{}.{}", self.mode.prefix(), self.kind, self.name)
    }
}

#[derive(Debug, Default)]
pub(crate) struct LifecycleBlock {
    pub(crate) create_before_destroy: bool,
    /// Only OpenTofu reads more than a constant.
    pub(crate) prevent_destroy: Option<Arc<Expression>>,
    /// `destroy = false`: whatever leaves the configuration stays on its server.
    pub(crate) forgets: bool,
    pub(crate) ignore_changes: IgnoreChanges,
    pub(crate) replace_triggered_by: Vec<Arc<Expression>>,
    pub(crate) preconditions: Vec<Rule>,
    pub(crate) postconditions: Vec<Rule>,
}

/// A `provider` block.
#[derive(Debug)]
pub(crate) struct ProviderBlock {
    /// The local name.
    pub(crate) name: Name,
    pub(crate) alias: Option<Name>,
    /// OpenTofu's: one configuration for each key.
    pub(crate) for_each: Option<Arc<Expression>>,
    pub(crate) body: Body,
    pub(crate) spot: Spot,
}

/// A `check` block: assertions with a data source of their own.
#[derive(Debug)]
pub(crate) struct CheckBlock {
    pub(crate) name: Name,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug)]
pub(crate) struct ImportBlock {
    pub(crate) to: Arc<Expression>,
    /// The address, with any key in the place of one that is not constant.
    pub(crate) outline: Path,
    pub(crate) id: Option<Arc<Expression>>,
    pub(crate) identity: Option<Arc<Expression>>,
    pub(crate) for_each: Option<Arc<Expression>>,
    pub(crate) provider: Option<ProviderName>,
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) struct MovedBlock {
    pub(crate) from: Path,
    pub(crate) to: Path,
    pub(crate) spot: Spot,
}

#[derive(Debug)]
pub(crate) struct RemovedBlock {
    pub(crate) from: Path,
    pub(crate) destroy: bool,
    pub(crate) spot: Spot,
}
