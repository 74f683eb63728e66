//! `lanyard export`: what a server has, as a configuration with import blocks. Applying it takes everything over and changes
//! nothing; no secret is in it.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::WhyUnread;
use lanyard_compiler::model::authored::authored;
use lanyard_compiler::model::{Kind, facts, schema};
use lanyard_compiler::plan::in_use::{Bond, InUse, described};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::value::Value;

use crate::args::Export;
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::hcl::{Body, identifier, quoted};
use crate::survey::{in_use, survey};
use crate::target::{self, Leniency, Target, need_configuration};

pub(crate) async fn run(arguments: &Export, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, Leniency::UnmetImports, console)?;
    need_configuration(&targets, arguments.unconfigured)?;
    let mut written = Written::default();
    let mut files = Vec::new();
    for target in &targets {
        let mut inventory = survey(target.server.as_ref(), &target.url, console).await?;
        let claimed = target.claim(&mut inventory);
        if let (true, Some(why)) = (arguments.unconfigured, claimed.undecided.first()) {
            complaints::tell_one(&not_told(why), console);
        }
        let in_use = in_use(target.server.as_ref()).await.unwrap_or_default();
        files.push(text(&inventory, target, &in_use, arguments, &mut written));
    }
    files.retain(|file| !file.is_empty());
    if files.is_empty() {
        console.say("Nothing to export.");
    }
    console.result(&files.join("\n"));
    Ok(Outcome::Done)
}

fn not_told(why: &WhyUnread) -> Diagnostic {
    Diagnostic::warning(
        Code::NotSwept,
        "It cannot be told what is in the configuration already",
    )
    .detail(format!(
        "What is not known is not absent: {why}. What is exported may be in the configuration under another name."
    ))
    .hint(why.remedy())
}

/// What the parts of an export share: they are one configuration.
#[derive(Default)]
struct Written {
    labels: BTreeSet<(Kind, String)>,
    objects: BTreeSet<(Place, Kind, String)>,
}

/// Where an object is, as far as objects are the same there.
type Place = (String, Option<String>);

impl Written {
    /// True for what no other provider of the same server has shown.
    fn is_new(&mut self, target: &Target, object: &Found) -> bool {
        let (url, organization) = target.place();
        let place = (url, organization.map(str::to_owned));
        let id = object.state.id.clone().unwrap_or_default();
        self.objects.insert((place, object.kind, id))
    }

    /// A unique label, after the object's name.
    fn label(&mut self, object: &Found) -> String {
        let base = identifier(object.state.name.as_deref().unwrap_or_default());
        let mut label = base.clone();
        let mut count = 1;
        while !self.labels.insert((object.kind, label.clone())) {
            count += 1;
            label = format!("{base}_{count}");
        }
        label
    }
}

/// The configuration of everything that is asked for.
///
/// A configuration that holds the credential that it is applied with can end it: that is left out, with a word where it would be.
fn text(
    inventory: &Inventory,
    target: &Target,
    in_use: &InUse,
    arguments: &Export,
    written: &mut Written,
) -> String {
    let found = inventory.found().iter().enumerate();
    let mut wanted: Vec<&Found> = found
        .filter(|(index, _)| !arguments.unconfigured || !inventory.is_claimed(*index))
        .map(|(_, object)| object)
        .filter(|object| {
            arguments
                .kind
                .is_none_or(|kind| Kind::from(kind) == object.kind)
        })
        .filter(|object| !arguments.owned || inventory.is_ours(object))
        .filter(|object| {
            let name = object.state.name.as_deref().unwrap_or_default();
            arguments
                .name
                .as_ref()
                .is_none_or(|part| name.contains(part.as_str()))
        })
        .collect();
    wanted.retain(|object| written.is_new(target, object));
    // Servers list in orders of their own, and an export is compared with the one before.
    wanted.sort_by_key(|object| {
        (
            object.kind,
            object.state.name.as_deref().unwrap_or_default(),
            object.state.id.as_deref().unwrap_or_default(),
        )
    });
    let (left_out, wanted): (Vec<&Found>, Vec<&Found>) = wanted.into_iter().partition(|object| {
        let is_in_use = in_use.bond(&object.state) == Some(Bond::Itself);
        is_in_use && !arguments.with_credential_in_use
    });
    let labels: Vec<String> = wanted.iter().map(|object| written.label(object)).collect();
    let accounts: BTreeMap<&str, &str> = wanted
        .iter()
        .zip(&labels)
        .filter(|(object, _)| object.kind == Kind::ServiceAccount)
        .filter_map(|(object, label)| Some((object.state.id.as_deref()?, label.as_str())))
        .collect();
    let mut file = Body::default();
    if !target.provider.module.is_empty() {
        file.comment(&format!(
            "Of {}: these blocks belong into {}.",
            target.provider, target.provider.module
        ));
    }
    for object in left_out {
        file.comment(&format!(
            "Left out: the {}, which Lanyard signs in with (see --with-credential-in-use).",
            described(&object.state)
        ));
    }
    for (object, label) in wanted.iter().zip(&labels) {
        let comment = match in_use.bond(&object.state) {
            Some(Bond::Itself) => Some("Lanyard signs in with this."),
            Some(Bond::Account) => Some("Lanyard signs in with a token of this account."),
            None => None,
        };
        let address = format!("{}.{label}", object.kind.type_name());
        let mut import = Body::default();
        import.expression("to", address);
        import.attribute("id", &object.state.id.clone().into());
        file.block("import", import);
        let head = format!(
            "resource {} {}",
            quoted(object.kind.type_name()),
            quoted(label)
        );
        let body = resource(object, target, &accounts);
        match comment {
            Some(comment) => file.block_with_comment(comment, head, body),
            None => file.block(head, body),
        }
    }
    file.to_text()
}

fn resource(object: &Found, target: &Target, accounts: &BTreeMap<&str, &str>) -> Body {
    let capabilities = target.server.capabilities();
    let written = authored(object.kind, Some(capabilities), &object.state.write());
    let mut resource = Body::default();
    let name = target.local_name();
    let provider = match (&target.provider.alias, &target.provider.key) {
        (Some(alias), Some(key)) => Some(format!("{name}.{alias}[{}]", quoted(key))),
        (Some(alias), None) => Some(format!("{name}.{alias}")),
        // What the name of a type says.
        (None, _) if name == "lanyard" => None,
        (None, _) => Some(name.to_owned()),
    };
    if let Some(provider) = provider {
        resource.expression("provider", provider);
    }
    let schema = &facts::schema(object.kind).body;
    for attribute in &schema.attributes {
        let value = written.get(&attribute.name);
        let account = value
            .as_str()
            .filter(|_| attribute.name == "service_account");
        match account.and_then(|id| accounts.get(id)) {
            Some(label) => resource.expression(
                &attribute.name,
                format!("{}.{label}.id", Kind::ServiceAccount.type_name()),
            ),
            None if value.is_null() => {}
            None => resource.attribute(&attribute.name, value),
        }
    }
    for block in &schema.blocks {
        let one = std::slice::from_ref(written.get(&block.name));
        let items = written.get(&block.name).as_list().unwrap_or(one);
        for item in items.iter().filter(|item| item.as_map().is_some()) {
            resource.block(block.name.as_str(), nested(&block.body, item));
        }
    }
    resource
}

fn nested(body: &schema::Body, value: &Value) -> Body {
    let mut block = Body::default();
    for attribute in &body.attributes {
        let inner = value.get(&attribute.name);
        if !inner.is_null() {
            block.attribute(&attribute.name, inner);
        }
    }
    block
}
