//! What compiling a configuration gives: every instance of our own resources, with its values, marks and places.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::unread::{Unread, WhyUnread};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::data::{self, DataKind};
use crate::model::schema::Schema;
use crate::model::{Kind, ephemeral, facts, token_exchange};
use crate::value::{AttributePath, Value};

/// The schemas of everything that Lanyard's provider offers, names without the `lanyard_` prefix. Each is made when it is first asked
/// for: most configurations need one or two.
#[derive(Clone, Copy, Debug)]
pub struct Schemas(());

impl Schemas {
    /// The schemas that the model states.
    pub fn lanyard() -> Self {
        Self(())
    }

    /// The settings of a `provider "lanyard"` block.
    pub fn provider(&self) -> &'static Schema {
        facts::settings()
    }

    /// The schema of a resource type by its name without prefix.
    pub fn find(&self, mode: Mode, name: &str) -> Option<&'static Schema> {
        match mode {
            Mode::Managed => {
                let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
                Some(facts::schema(kind))
            }
            Mode::Data => {
                let kind = DataKind::ALL.into_iter().find(|kind| kind.name() == name)?;
                Some(data::schema(kind))
            }
            Mode::Ephemeral => match name {
                ephemeral::NAME => Some(ephemeral::schema()),
                token_exchange::NAME => Some(token_exchange::schema()),
                _ => None,
            },
        }
    }

    /// True if there is such a resource type.
    pub fn has(&self, mode: Mode, name: &str) -> bool {
        self.names(mode).contains(&name)
    }

    /// The names of all types of a kind of block.
    pub fn names(&self, mode: Mode) -> Vec<&'static str> {
        match mode {
            Mode::Managed => Kind::ALL.map(Kind::name).into(),
            Mode::Data => DataKind::ALL.map(DataKind::name).into(),
            Mode::Ephemeral => vec![ephemeral::NAME, token_exchange::NAME],
        }
    }
}

/// How a block is kept: `resource`, `data` or `ephemeral`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Managed,
    Data,
    Ephemeral,
}

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Managed, Self::Data, Self::Ephemeral];

    /// What stands before the type in an address: nothing, `data.` or `ephemeral.`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Managed => "",
            Self::Data => "data.",
            Self::Ephemeral => "ephemeral.",
        }
    }
}

/// Which instance of a block with `count` or `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The block has neither.
    None,
    Index(u64),
    Name(Arc<str>),
}

/// As it stands in an address: nothing, `[0]` or `["name"]`.
impl std::fmt::Display for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Index(index) => write!(formatter, "[{index}]"),
            Self::Name(name) => write!(formatter, "[{name:?}]"),
        }
    }
}

/// The configuration, evaluated.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The `lanyard` provider blocks of all modules, in order of their addresses. A configuration without any has one empty
    /// entry for the default provider if a resource uses it.
    pub providers: Vec<Provider>,
    /// What modules call our provider, by their path without keys, where that is not `lanyard`.
    pub local_names: BTreeMap<String, String>,
    /// Every instance of our resources, in order of the addresses, numbers by their value.
    pub instances: Vec<Instance>,
    /// The outputs of the root module, in order of their names.
    pub outputs: Vec<Output>,
    pub imports: Vec<Import>,
    pub moved: Vec<Moved>,
    pub removed: Vec<Removed>,
    /// The resource blocks with `prevent_destroy`, also those without any instance: Terraform asks it of instances that are gone.
    pub prevented: Vec<Prevented>,
    /// What may declare more than these instances.
    pub unread: Vec<Unread>,
    /// Who uses each secret of ours, by the address of the instance that owns it.
    pub consumers: BTreeMap<String, Vec<Consumer>>,
    pub conditions: Conditions,
}

/// What validations, pre- and postconditions and checks came to.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// It is not known of some whether they hold.
    pub open: bool,
    /// Those that do not hold; their complaints are among those of the compilation.
    pub failed: Vec<Failed>,
}

/// A condition that does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The instance that it guards; that of a variable, output or check guards none.
    pub address: Option<String>,
    pub complaint: Diagnostic,
}

impl Configuration {
    /// What declares resources that nobody can know yet, or see. A file that was not asked for is none of it.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = &Unread> {
        let is_missing =
            |place: &&Unread| matches!(place.why, WhyUnread::Instances(_) | WhyUnread::Module(_));
        self.unread.iter().filter(is_missing)
    }

    /// The managed resources, with their kind and the position of their provider.
    pub fn managed(&self) -> impl Iterator<Item = (&Instance, Kind, usize)> {
        self.instances
            .iter()
            .filter(|instance| instance.mode == Mode::Managed)
            .filter_map(|instance| {
                let kind = Kind::ALL
                    .into_iter()
                    .find(|kind| kind.name() == &*instance.kind)?;
                let provider = self
                    .providers
                    .iter()
                    .position(|provider| provider.reference == *instance.provider)?;
                Some((instance, kind, provider))
            })
    }

    /// Our data sources, with their kind and the provider that is asked.
    pub fn data(&self) -> impl Iterator<Item = (&Instance, DataKind, &Provider)> {
        let sources = self.instances.iter();
        let sources = sources.filter(|instance| instance.mode == Mode::Data);
        sources.filter_map(|instance| {
            let mut kinds = DataKind::ALL.into_iter();
            let kind = kinds.find(|kind| kind.name() == &*instance.kind)?;
            let mut providers = self.providers.iter();
            let provider = providers.find(|each| each.reference == *instance.provider)?;
            Some((instance, kind, provider))
        })
    }

    /// Our ephemeral resources, with the position of their provider.
    pub fn ephemeral(&self) -> impl Iterator<Item = (&Instance, usize)> {
        let instances = self.instances.iter();
        let instances = instances.filter(|instance| instance.mode == Mode::Ephemeral);
        instances.filter_map(|instance| {
            let mut providers = self.providers.iter();
            let position = providers.position(|each| each.reference == *instance.provider)?;
            Some((instance, position))
        })
    }

    /// The ids of all `import` blocks, by the address of their resource. Of two for the same, the first counts.
    pub fn imported_ids(&self) -> HashMap<&str, &str> {
        let known = self.imports.iter().filter_map(|import| {
            let id = import.id.as_str();
            let id = id.or_else(|| import.identity.get("id").as_str())?;
            Some((import.to.as_str(), id))
        });
        // Later entries replace earlier ones.
        known.rev().collect()
    }
}

/// One instance of one of our resources, data sources or ephemeral resources.
#[derive(Clone, Debug)]
pub struct Instance {
    /// As Terraform spells it: `module.a["x"].lanyard_access_token.ci[0]`.
    pub address: String,
    pub mode: Mode,
    /// The type without prefix, for example `access_token`.
    pub kind: Arc<str>,
    /// The check block that it stands in.
    pub check: Option<Arc<str>>,
    pub key: Key,
    /// Which provider configuration manages it.
    pub provider: Arc<ProviderReference>,
    /// Every attribute and block of the schema, null where the configuration says nothing.
    pub config: Value,
    /// What is sensitive, ephemeral or derived from a token, deepest path first known; paths without marks are left out.
    pub marks: BTreeMap<AttributePath, Marking>,
    /// Unknown values that will be, unchanged, an attribute of another of our instances.
    pub links: Links,
    /// Where each attribute and block stands.
    pub spans: Arc<BTreeMap<AttributePath, Span>>,
    /// The block's head: `resource "lanyard_access_token" "ci"`.
    pub span: Span,
    pub lifecycle: Lifecycle,
    /// The resources of ours that must come first, as addresses without instance keys; see [`Instance::resource`].
    pub dependencies: Arc<BTreeSet<String>>,
}

impl Instance {
    /// The address of the resource in the configuration, without any instance key: `module.a.lanyard_access_token.ci`.
    pub fn resource(&self) -> String {
        without_keys(&self.address)
    }

    /// The place of an attribute, or of the nearest thing around it that has one.
    pub fn span_of(&self, path: &AttributePath) -> &Span {
        let steps = path.steps();
        (0..=steps.len())
            .rev()
            .find_map(|length| self.spans.get(&steps[..length].iter().cloned().collect()))
            .unwrap_or(&self.span)
    }

    /// Puts a complaint where the resource stands in its file. It names the value that it is about, unless that is sensitive.
    pub fn locate(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic
            .span
            .get_or_insert_with(|| self.span_of(&diagnostic.path).clone());
        let sensitive = is_sensitive(&self.marks, &diagnostic.path);
        diagnostic.told(sensitive)
    }
}

/// An address without its instance keys.
pub fn without_keys(address: &str) -> String {
    let mut result = String::with_capacity(address.len());
    let mut letters = address.chars();
    while let Some(letter) = letters.next() {
        if letter != '[' {
            result.push(letter);
            continue;
        }
        let mut quoted = false;
        while let Some(inner) = letters.next() {
            match inner {
                '"' => quoted = !quoted,
                '\\' if quoted => {
                    letters.next();
                }
                ']' if !quoted => break,
                _ => {}
            }
        }
    }
    result
}

/// What clings to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marking {
    pub sensitive: bool,
    pub ephemeral: bool,
    /// A secret of ours is in it, and not a hash of one, whatever it is called.
    pub secret: bool,
    /// The secrets of ours that it derives from.
    pub tokens: Vec<Link>,
}

/// An attribute of one of our instances.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// The instance's address.
    pub address: Arc<str>,
    pub attribute: Arc<str>,
}

/// Which unknown values will be, unchanged, attributes of other instances; in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(Option<Arc<[(AttributePath, Link)]>>);

impl Links {
    pub(crate) fn of(links: BTreeMap<AttributePath, Link>) -> Self {
        Self((!links.is_empty()).then(|| links.into_iter().collect()))
    }

    pub fn get(&self, path: &AttributePath) -> Option<&Link> {
        let found = self.iter().find(|(other, _)| *other == path);
        found.map(|(_, link)| link)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&AttributePath, &Link)> {
        self.0
            .iter()
            .flat_map(|links| links.iter())
            .map(|(path, link)| (path, link))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl FromIterator<(AttributePath, Link)> for Links {
    fn from_iter<T: IntoIterator<Item = (AttributePath, Link)>>(links: T) -> Self {
        Self::of(links.into_iter().collect())
    }
}

/// The `lifecycle` block, and what else steers how a change is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lifecycle {
    pub create_before_destroy: bool,
    pub prevent_destroy: bool,
    /// Its object stays on the server when this instance goes and the block is still there, or when it is replaced.
    pub forgets: bool,
    /// That counts when the whole block goes, too: OpenTofu keeps it in the state, Terraform does not.
    pub state_remembers: bool,
    pub ignore_changes: IgnoreChanges,
    pub replace_triggered_by: Vec<Trigger>,
}

/// A reference of `replace_triggered_by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// As written, for example `lanyard_service_account.ci[each.key].id`.
    pub written: String,
    /// `None` where it means no resource of ours, or one that is not known.
    pub watched: Option<Watched>,
}

/// What triggers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The address of an instance, or that of a resource for all its instances.
    pub address: String,
    /// An attribute of it; the root for any of them.
    pub path: AttributePath,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IgnoreChanges {
    #[default]
    Nothing,
    All,
    /// For example `description`.
    Some(Vec<AttributePath>),
}

impl IgnoreChanges {
    /// True if the whole of an attribute stays as it is.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Some(paths) => paths.contains(&AttributePath::attribute(name)),
        }
    }
}

/// Names a provider configuration: the module it is declared in, and its alias.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderReference {
    /// The module's path without keys, for example `module.a`; empty for the root module.
    pub module: String,
    pub alias: Option<String>,
    /// Which of the configurations of one block, in OpenTofu.
    pub key: Option<String>,
}

/// `provider["lanyard"]`, `module.a.provider["lanyard"].eu`, `provider["lanyard"].by_region["eu"]`.
impl std::fmt::Display for ProviderReference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.module.is_empty() {
            write!(formatter, "{}.", self.module)?;
        }
        formatter.write_str("provider[\"lanyard\"]")?;
        if let Some(alias) = &self.alias {
            write!(formatter, ".{alias}")?;
        }
        match &self.key {
            Some(key) => write!(formatter, "[{key:?}]"),
            None => Ok(()),
        }
    }
}

/// One `provider "lanyard"` block.
#[derive(Clone, Debug)]
pub struct Provider {
    pub reference: ProviderReference,
    pub config: Value,
    pub marks: BTreeMap<AttributePath, Marking>,
    pub links: Links,
    pub spans: Arc<BTreeMap<AttributePath, Span>>,
    /// The block's head; `None` when there is no block and everything comes from the environment.
    pub span: Option<Span>,
}

impl Provider {
    /// Puts a complaint where the provider block says what it complains of. It names the value that it is about, unless that is
    /// sensitive.
    pub fn locate(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let span = self.spans.get(&diagnostic.path).or(self.span.as_ref());
        diagnostic.span = diagnostic.span.or_else(|| span.cloned());
        let sensitive = is_sensitive(&self.marks, &diagnostic.path);
        diagnostic.told(sensitive)
    }
}

/// True if anything at the path, around it or inside of it is sensitive, or was before somebody declared that away.
fn is_sensitive(marks: &BTreeMap<AttributePath, Marking>, path: &AttributePath) -> bool {
    let mut marks = marks.iter();
    marks.any(|(marked, marking)| {
        let secret = marking.sensitive || marking.ephemeral || marking.secret;
        secret && (marked.is_within(path) || path.is_within(marked))
    })
}

/// An output of the root module.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: String,
    /// Whatever is sensitive, numbers and truth too, is the [`Value::Secret`] of its text; `kind` tells its type.
    pub value: Value,
    /// The type of the value, as a constraint spells it: `list(string)`; `any` where it is not known.
    pub kind: String,
    pub sensitive: bool,
    pub ephemeral: bool,
    pub tokens: Vec<Link>,
    pub span: Span,
}

/// An `import` block for one of our resources.
#[derive(Clone, Debug)]
pub struct Import {
    /// The address of the instance to import to.
    pub to: String,
    /// Unknown when it is not known yet; null when `identity` is given instead.
    pub id: Value,
    pub identity: Value,
    pub span: Span,
}

/// A `moved` block: addresses as full paths from the root module.
#[derive(Clone, Debug)]
pub struct Moved {
    pub from: String,
    pub to: String,
    pub span: Span,
}

/// A `removed` block.
#[derive(Clone, Debug)]
pub struct Removed {
    pub from: String,
    /// False when the object stays on the server and is only forgotten.
    pub destroy: bool,
    pub span: Span,
}

/// A resource block whose instances are not to be deleted.
#[derive(Clone, Debug)]
pub struct Prevented {
    /// Without any key: `module.a.lanyard_access_token.ci`.
    pub address: String,
    pub span: Span,
}

/// Something that uses a secret of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    pub kind: ConsumerKind,
    /// The attribute it uses, for example `token`.
    pub attribute: String,
    /// Who: `aws_secretsmanager_secret_version.ci`, `provider["lanyard"].second`, `output.token`.
    pub address: String,
    /// Where in it, for example `secret_string`; empty for an output.
    pub path: String,
    /// Whether what receives it is itself marked sensitive; `None` where that is for its provider to say.
    pub sensitive: Option<bool>,
    /// True if what it receives is not marked as sensitive any more: `nonsensitive` took the mark away.
    pub shown: bool,
    /// True if it receives a hash of the secret, and not the secret.
    pub hashed: bool,
    pub receives: Receives,
    pub span: Span,
}

/// What stands where a consumer takes a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receives {
    #[default]
    NotKnown,
    /// Null in place of the secret, perhaps inside of something.
    Null,
    /// Something with a null inside that may be another's.
    PerhapsNull,
    NoNull,
}

impl Receives {
    /// What several have to say of one consumer.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::NotKnown, Self::NoNull) | (Self::NoNull, Self::NotKnown) => Self::NotKnown,
            _ => Self::PerhapsNull,
        }
    }

    /// What stands in a text: who writes null into one writes it so.
    pub(crate) fn of_text(text: &str) -> Self {
        match text.contains("null") {
            true => Self::PerhapsNull,
            false => Self::NoNull,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsumerKind {
    /// An argument of a resource, data source or ephemeral resource.
    Argument,
    /// A setting of a provider.
    Provider,
    /// An output of the root module.
    Output,
    /// A provisioner or its connection.
    Provisioner,
    /// The error message of a condition or of a check, which everybody reads. It keeps nothing.
    Message,
}

impl ConsumerKind {
    /// True for whoever has the secret for longer than an apply takes, and needs the next one.
    pub(crate) fn keeps_secret(self) -> bool {
        self != Self::Message
    }
}
