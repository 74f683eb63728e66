//! Two resources that are one object: the walk checks each instance before it plans it, so that a name that was checked more than once and
//! is planned more than once is that of two instances, not of one that is planned twice.

use std::collections::HashMap;

use lanyard_compiler::diagnostic::{Code, Diagnostic, sentence};
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::naming::{Claim, Owner};
use lanyard_compiler::value::{AttributePath, Value};
use parking_lot::Mutex;

use super::Subject;

/// What was seen under each name.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<Claim, Seen>>);

#[derive(Default)]
struct Seen {
    checked: usize,
    planned: Vec<Instance>,
}

/// One that is planned.
struct Instance {
    /// `None` for one that is new.
    id: Option<String>,
    /// What its configuration says, in the order of the schema.
    says: Vec<(&'static str, Value)>,
}

impl Names {
    /// An instance is about to be planned.
    pub(super) fn checked(&self, subject: &Subject<'_>) {
        let mut names = self.0.lock();
        for claim in subject.claims() {
            names.entry(claim).or_default().checked += 1;
        }
    }

    /// An instance is planned, with the id that it has: the object that another one is, too.
    pub(super) fn planned(&self, subject: &Subject<'_>, id: Option<&str>) -> Option<Diagnostic> {
        let mut names = self.0.lock();
        let mut found = None;
        for claim in subject.claims() {
            let seen = names.entry(claim.clone()).or_default();
            seen.planned.push(Instance {
                id: id.map(str::to_owned),
                says: says(subject),
            });
            if seen.checked > 1 && seen.planned.len() > 1 {
                found = found.or_else(|| Some(duplicate(subject, &claim, &seen.planned)));
            }
        }
        found
    }
}

fn says(subject: &Subject<'_>) -> Vec<(&'static str, Value)> {
    names(subject.kind)
        .map(|name| (name, subject.whole.get(name).clone()))
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn duplicate(subject: &Subject<'_>, claim: &Claim, planned: &[Instance]) -> Diagnostic {
    let kind = subject.kind.title();
    let (existing, new): (Vec<_>, Vec<_>) =
        planned.iter().partition(|instance| instance.id.is_some());
    let each: Vec<String> = existing
        .into_iter()
        .chain(new)
        .map(|instance| match &instance.id {
            Some(id) => format!("one that exists as {id:?}"),
            None => "one that is new".to_owned(),
        })
        .collect();
    let of = match &claim.owner {
        Owner::Account(id) => format!(" of the service account {id:?}"),
        Owner::Nobody | Owner::AccountOf(_) => String::new(),
    };
    let what = match claim.attribute {
        "service_account" => String::new(),
        attribute => format!(" with the {attribute} {:?}", claim.text),
    };
    Diagnostic::error(Code::DuplicateObject, "Two resources are one object")
        .at(AttributePath::attribute(claim.attribute))
        .detail(format!(
            "More than one {kind}{what}{of} is planned: {}. {} has room for one. {}",
            each.join(", and "),
            sentence(subject.server.title),
            told_apart(subject.kind, planned),
        ))
        .hint("Terraform marks the one that is planned last, and tells no provider the address of the other: `lanyard validate` names both.")
        .hint("Look for another resource block, or another instance, that says the same, perhaps in another module: remove one of the two, or give it another name.")
}

/// Of attributes and blocks.
fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    let body = &facts::schema(kind).body;
    let attributes = body.attributes.iter().map(|attribute| &attribute.name);
    let blocks = body.blocks.iter().map(|block| &block.name);
    attributes.chain(blocks).map(String::as_str)
}

/// How to recognize the other one: by what it says otherwise. Its values may be sensitive.
fn told_apart(kind: Kind, planned: &[Instance]) -> String {
    let Some((last, others)) = planned.split_last() else {
        return String::new();
    };
    let said = |instance: &Instance, name: &str| {
        let mut says = instance.says.iter();
        says.find(|(other, _)| *other == name)
            .map(|(_, value)| value.clone())
    };
    let differ: Vec<String> = names(kind)
        .filter(|name| {
            let mut others = others.iter();
            others.any(|other| said(other, name) != said(last, name))
        })
        .map(|name| format!("`{name}`"))
        .collect();
    match differ.as_slice() {
        [] => "The other one says exactly the same as this one.".to_owned(),
        names => format!(
            "The other one differs from this one in {}.",
            names.join(", ")
        ),
    }
}
