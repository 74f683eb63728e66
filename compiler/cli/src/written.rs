//! What a server has, as a configuration with import blocks: what `export` and `adopt` write.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::model::authored::authored;
use lanyard_compiler::model::lifetime::Lifetime;
use lanyard_compiler::model::schema::Presence;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::{Kind, State, facts, schema};
use lanyard_compiler::plan::adoption::{self, Chosen, Reason, Secret, Shape, Wish, choose};
use lanyard_compiler::plan::in_use::{Among, Bond, described, not_known};
use lanyard_compiler::plan::inventory::Found;
use lanyard_compiler::redaction::is_hidden_in;
use lanyard_compiler::value::Value;

use crate::complaints;
use crate::console::Console;
use crate::hcl::{Body, identifier, quoted};
use crate::survey::Overview;
use crate::target::Target;

/// What the parts of a configuration that is written share.
#[derive(Default)]
pub(crate) struct Written {
    labels: BTreeSet<(Kind, String)>,
}

impl Written {
    /// These names are taken.
    pub(crate) fn beside(labels: impl IntoIterator<Item = (Kind, String)>) -> Self {
        Self {
            labels: labels.into_iter().collect(),
        }
    }

    /// A unique label, after the object's name.
    fn label(&mut self, kind: Kind, name: &str) -> String {
        let base = identifier(name);
        let mut label = base.clone();
        let mut count = 1;
        while !self.labels.insert((kind, label.clone())) {
            count += 1;
            label = format!("{base}_{count}");
        }
        label
    }
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// One resource for what differs by name alone.
    pub(crate) by_pattern: bool,
    /// With a trigger, by which a new secret comes where the old one does not come along; that works on for at most so long.
    pub(crate) trigger: Option<Lifetime>,
    /// In a module of its own, which is given its provider.
    pub(crate) in_module: bool,
}

/// What an object has to do with what we sign in with.
pub(crate) type Bonds<'a> = dyn Fn(&State) -> Option<Bond> + 'a;

/// What is asked for of everything that a server has. Where nobody says which of it we sign in with, that is not left out: told.
pub(crate) fn choose_from<'a>(
    overview: &'a Overview,
    index: usize,
    wish: &Wish,
    console: &Console,
) -> Chosen<'a> {
    let side = &overview.sides[index];
    let Some(server) = side.capabilities() else {
        return Chosen::default();
    };
    let is_here = |object: &Found| overview.is_here(index, object);
    let bond = |state: &State| overview.bond(index, state);
    let chosen = choose(&side.inventory, server, is_here, bond, wish);
    let is_known = overview.say_who(index);
    if !is_known && !chosen.objects.is_empty() && !wish.with_credential_in_use {
        complaints::tell_one(&not_known(&side.url, Among::Written), console);
    }
    chosen
}

/// The configuration of everything that was chosen.
pub(crate) fn text(
    chosen: &Chosen<'_>,
    target: &Target,
    bond: &Bonds<'_>,
    style: Style,
    written: &mut Written,
) -> String {
    let mut file = Body::default();
    if !target.provider.module.is_empty() {
        file.comment(&format!(
            "Of {}: these blocks belong into {}.",
            target.provider, target.provider.module
        ));
    }
    for (object, reason) in &chosen.left_out {
        let described = described(&object.state);
        file.comment(&match reason {
            Reason::InUse => format!(
                "Left out: the {described}, which Lanyard signs in with (see --with-credential-in-use)."
            ),
            Reason::NameRefused(must_be) => {
                format!("Left out: the {described}: in a configuration its name must be {must_be}.")
            }
            Reason::SameName => format!(
                "Left out: the {described}: in a configuration another one has its name, which differs only in the form of Unicode."
            ),
            Reason::ManagedBy(manager) => {
                format!("Left out: the {described}, which {manager} manages (see --managed).")
            }
        });
    }
    for entry in entries(chosen, target, bond, style, written, "") {
        for import in entry.imports {
            file.block("import", import);
        }
        match entry.comment {
            Some(comment) => file.block_with_comment(comment, entry.head, entry.body),
            None => file.block(entry.head, entry.body),
        }
    }
    file.to_text()
}

/// Likewise in a module: the imports, which stand in the root module alone, and what stands in the module.
pub(crate) fn texts_of_module(
    chosen: &Chosen<'_>,
    target: &Target,
    bond: &Bonds<'_>,
    style: Style,
    written: &mut Written,
    module: &str,
) -> (String, String) {
    let style = Style {
        in_module: true,
        ..style
    };
    let (mut imports, mut resources) = (Body::default(), Body::default());
    let path = format!("module.{module}.");
    for entry in entries(chosen, target, bond, style, written, &path) {
        for import in entry.imports {
            imports.block("import", import);
        }
        match entry.comment {
            Some(comment) => resources.block_with_comment(comment, entry.head, entry.body),
            None => resources.block(entry.head, entry.body),
        }
    }
    (imports.to_text(), resources.to_text())
}

/// A resource block to be, and what imports its objects.
struct Entry {
    imports: Vec<Body>,
    comment: Option<&'static str>,
    head: String,
    body: Body,
}

/// `path` stands before each address that is imported to.
fn entries(
    chosen: &Chosen<'_>,
    target: &Target,
    bond: &Bonds<'_>,
    style: Style,
    written: &mut Written,
    path: &str,
) -> Vec<Entry> {
    let server = target.server.capabilities();
    let shapes = if style.by_pattern {
        adoption::shapes(&chosen.objects, server)
    } else {
        chosen
            .objects
            .iter()
            .map(|object| Shape::One(object))
            .collect()
    };
    let named: Vec<(Resource<'_>, String)> = shapes
        .iter()
        .map(|shape| {
            let resource = Resource::of(shape, server);
            let label = written.label(resource.kind, &resource.title);
            (resource, label)
        })
        .collect();
    let accounts: BTreeMap<&str, String> = named
        .iter()
        .filter(|(resource, _)| resource.kind == Kind::ServiceAccount)
        .flat_map(|(resource, label)| {
            resource.members.iter().filter_map(move |(key, object)| {
                let address = address(resource.kind, label, key.as_deref());
                Some((object.state.id.as_deref()?, address))
            })
        })
        .collect();
    let mut entries = Vec::new();
    for (resource, label) in &named {
        let bonds = resource
            .members
            .iter()
            .filter_map(|(_, object)| bond(&object.state));
        let comment = bonds
            .min_by_key(|bond| *bond == Bond::Account)
            .map(|bond| match bond {
                Bond::Itself => "Lanyard signs in with this.",
                Bond::Account => "Lanyard signs in with a token of this account.",
            });
        let imports = resource.members.iter().map(|(key, object)| {
            let address = address(resource.kind, label, key.as_deref());
            let mut import = Body::default();
            import.expression("to", format!("{path}{address}"));
            import.attribute("id", &object.state.id.clone().into());
            import
        });
        let head = format!(
            "resource {} {}",
            quoted(resource.kind.type_name()),
            quoted(label)
        );
        entries.push(Entry {
            imports: imports.collect(),
            comment,
            head,
            body: resource.body(target, &accounts, style),
        });
    }
    entries
}

fn address(kind: Kind, label: &str, key: Option<&str>) -> String {
    let key = key.map(|key| format!("[{}]", quoted(key)));
    format!("{}.{label}{}", kind.type_name(), key.unwrap_or_default())
}

/// A resource block to be.
struct Resource<'a> {
    kind: Kind,
    /// What its label is made of.
    title: String,
    /// The objects; with keys where it has `for_each`.
    members: Vec<(Option<String>, &'a Found)>,
    /// The name, where it is made of the key.
    name: Option<String>,
}

impl<'a> Resource<'a> {
    fn of(shape: &Shape<'a>, server: &Capabilities) -> Self {
        match shape {
            Shape::One(object) => Self {
                kind: object.kind,
                title: title(object, server),
                members: vec![(None, object)],
                name: None,
            },
            Shape::Each {
                prefix,
                suffix,
                members,
            } => {
                let [before, after] = [prefix, suffix].map(|part| {
                    let quoted = quoted(part);
                    quoted[1..quoted.len() - 1].to_owned()
                });
                let kind = members
                    .values()
                    .next()
                    .map_or(Kind::AccessToken, |object| object.kind);
                Self {
                    kind,
                    title: format!("{prefix}{suffix}")
                        .trim_matches(|letter: char| !letter.is_alphanumeric())
                        .to_owned(),
                    members: members
                        .iter()
                        .map(|(key, object)| (Some(key.clone()), *object))
                        .collect(),
                    name: Some(format!("\"{before}${{each.key}}{after}\"")),
                }
            }
        }
    }

    fn body(&self, target: &Target, accounts: &BTreeMap<&str, String>, style: Style) -> Body {
        let mut resource = Body::default();
        let Some((_, object)) = self.members.first() else {
            return resource;
        };
        let capabilities = target.server.capabilities();
        let written = authored(Some(capabilities), &object.state);
        let stands = object.state.write();
        let provider = target.provider_name();
        // What the name of a type says.
        if provider != "lanyard" && !style.in_module {
            resource.expression("provider", provider);
        }
        if self.name.is_some() {
            let keys: Vec<String> = self
                .members
                .iter()
                .filter_map(|(key, _)| key.as_deref())
                .map(quoted)
                .collect();
            resource.expression("for_each", format!("toset([{}])", keys.join(", ")));
        }
        let schema = &facts::schema(object.kind).body;
        // What is hidden is not empty: it stays as it is.
        let mut left_alone = Vec::new();
        for attribute in &schema.attributes {
            let value = written.get(&attribute.name);
            if is_hidden_in(value) {
                left_alone.push(attribute.name.as_str());
            }
            let account = value
                .as_str()
                .filter(|_| attribute.name == "service_account");
            match (account.and_then(|id| accounts.get(id)), &self.name) {
                (Some(address), _) => resource.expression(&attribute.name, format!("{address}.id")),
                (None, Some(name)) if attribute.name == "name" => {
                    resource.expression("name", name.clone());
                }
                (None, _) if value.is_null() => {}
                (None, _) if is_hidden_in(value) && attribute.presence != Presence::Required => {
                    resource.comment(&format!(
                        "Left out: `{}`, in which a secret stands in clear.",
                        attribute.name
                    ));
                }
                (None, _) => resource.attribute(&attribute.name, value),
            }
        }
        for block in &schema.blocks {
            let one = std::slice::from_ref(written.get(&block.name));
            let items = written.get(&block.name).as_list().unwrap_or(one);
            if items.iter().any(is_hidden_in) {
                left_alone.push(&block.name);
            }
            let stands = stands.get(&block.name).as_list().unwrap_or_default();
            for (index, item) in items.iter().enumerate() {
                if item.as_map().is_some() {
                    let stands = stands.get(index).unwrap_or(&Value::Null);
                    resource.block(block.name.as_str(), nested(&block.body, item, stands));
                }
            }
        }
        if let Some(grace) = style.trigger {
            trigger(
                &adoption::secret(object, capabilities),
                grace,
                &mut resource,
            );
        }
        if !left_alone.is_empty() {
            let mut lifecycle = Body::default();
            lifecycle.expression("ignore_changes", format!("[{}]", left_alone.join(", ")));
            resource.block("lifecycle", lifecycle);
        }
        resource
    }
}

/// The name that is written for it.
fn title(object: &Found, server: &Capabilities) -> String {
    let written = authored(Some(server), &object.state);
    written.get("name").as_str().unwrap_or_default().to_owned()
}

/// What gives a new secret in one step, later.
fn trigger(secret: &Secret, grace: Lifetime, resource: &mut Body) {
    let grace = match secret {
        Secret::None | Secret::ComesAlong | Secret::Stays { .. } => return,
        // No longer than reviewers allow.
        Secret::NewBesideOld { at_most } => Some(at_most.map_or(grace, |most| most.min(grace))),
        Secret::NewForOld { .. } => None,
    };
    let comment = if grace.is_some() {
        "The secret stayed with whoever has it. For a new one, beside which the old one works on: change the value, then terraform apply."
    } else {
        "The secret stayed with whoever has it. For a new one, which ends the old one: change the value, then terraform apply."
    };
    let mut rotation = Body::default();
    if let Some(grace) = grace {
        rotation.attribute("grace_period", &grace.to_string().into());
    }
    rotation.attribute("triggers", &Value::map([("adopted", "1".into())]));
    resource.block_with_comment(comment, "rotation", rotation);
}

/// A block; `stands` is all that the server has of it.
fn nested(body: &schema::Body, value: &Value, stands: &Value) -> Body {
    let mut block = Body::default();
    let secret = |name: &str| stands.get(name).as_secret().is_some();
    let secrets = body.attributes.iter().filter(|each| secret(&each.name));
    let secrets: Vec<String> = secrets.map(|each| format!("`{}`", each.name)).collect();
    if !secrets.is_empty() {
        block.comment(&format!(
            "Stays as the server has it, since it is secret: {}.",
            secrets.join(", ")
        ));
    }
    for attribute in &body.attributes {
        let inner = value.get(&attribute.name);
        if is_hidden_in(inner) {
            block.comment(&format!(
                "Left out: `{}`, in which a secret stands in clear.",
                attribute.name
            ));
        } else if !inner.is_null() {
            block.attribute(&attribute.name, inner);
        }
    }
    block
}
