//! `lanyard export`: what a server has, as a configuration with import blocks. Applying it takes everything over and changes
//! nothing; no secret is in it.

use std::collections::{BTreeMap, BTreeSet};

use lanyard_compiler::model::authored::authored;
use lanyard_compiler::model::server::Capabilities;
use lanyard_compiler::model::{Kind, facts, schema};
use lanyard_compiler::plan::in_use::{Bond, InUse, described};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::value::Value;

use crate::args::Export;
use crate::complaints::Failure;
use crate::console::{Console, Outcome};
use crate::hcl::{Body, identifier, quoted};
use crate::survey::{in_use, survey};
use crate::target;

pub(crate) async fn run(arguments: &Export, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, console)?;
    let mut files = Vec::new();
    for target in &targets {
        let inventory = survey(target.server.as_ref(), &target.url, console).await?;
        let in_use = in_use(target.server.as_ref()).await.unwrap_or_default();
        let capabilities = target.server.capabilities();
        files.push(text(&inventory, capabilities, &in_use, arguments));
    }
    console.result(&files.join("\n"));
    Ok(Outcome::Done)
}

/// The configuration of everything that is asked for.
///
/// A configuration that holds the credential that it is applied with can end it: that is left out, with a word where it would be.
fn text(
    inventory: &Inventory,
    capabilities: &Capabilities,
    in_use: &InUse,
    arguments: &Export,
) -> String {
    let mut wanted: Vec<&Found> = inventory
        .found()
        .iter()
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
    let labels = labels(&wanted);
    let accounts: BTreeMap<&str, &str> = wanted
        .iter()
        .zip(&labels)
        .filter(|(object, _)| object.kind == Kind::ServiceAccount)
        .filter_map(|(object, label)| Some((object.state.id.as_deref()?, label.as_str())))
        .collect();
    let mut file = Body::default();
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
        let body = resource(object, capabilities, &accounts);
        match comment {
            Some(comment) => file.block_with_comment(comment, head, body),
            None => file.block(head, body),
        }
    }
    file.to_text()
}

/// A unique label per kind, after the object's name.
fn labels(objects: &[&Found]) -> Vec<String> {
    let mut taken: BTreeSet<(Kind, String)> = BTreeSet::new();
    objects
        .iter()
        .map(|object| {
            let base = identifier(object.state.name.as_deref().unwrap_or_default());
            let mut label = base.clone();
            let mut count = 1;
            while !taken.insert((object.kind, label.clone())) {
                count += 1;
                label = format!("{base}_{count}");
            }
            label
        })
        .collect()
}

fn resource(object: &Found, capabilities: &Capabilities, accounts: &BTreeMap<&str, &str>) -> Body {
    let written = authored(object.kind, Some(capabilities), &object.state.write());
    let mut resource = Body::default();
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
