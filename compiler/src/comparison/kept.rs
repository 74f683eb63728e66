//! What Terraform answers from its state and a plan without one cannot: which object a `removed` block, or `prevent_destroy`, means.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::{Configuration, without_keys};
use crate::model::Kind;
use crate::plan::inventory::Found;
use crate::plan::{Action, Change};

/// What the configuration keeps from being deleted. Nothing tells which object had these addresses, so none that it can have been is pruned.
pub(super) struct Kept<'a> {
    blocks: Vec<Block<'a>>,
}

struct Block<'a> {
    address: Cow<'a, str>,
    span: &'a Span,
    /// False if it is a resource with `prevent_destroy`.
    is_removed: bool,
}

impl<'a> Kept<'a> {
    pub(super) fn new(configuration: &'a Configuration, changes: &[Change]) -> Self {
        let removed = configuration.removed.iter();
        let removed = removed.filter(|block| !block.destroy).map(|block| Block {
            address: block.from.as_str().into(),
            span: &block.span,
            is_removed: true,
        });
        let created: BTreeSet<&str> = changes
            .iter()
            .filter(|change| change.action == Action::Create)
            .map(|change| change.address.as_str())
            .collect();
        // Its only instance is there, under its own name: nothing else can have been one. Of several, there may have been more.
        let prevented: BTreeMap<String, &Span> = configuration
            .managed()
            .map(|(instance, ..)| instance)
            .filter(|instance| instance.lifecycle.prevent_destroy)
            .map(|instance| (instance, instance.resource()))
            .filter(|(instance, resource)| {
                instance.address != *resource || created.contains(instance.address.as_str())
            })
            .map(|(instance, resource)| (resource, &instance.span))
            .collect();
        let prevented = prevented.into_iter().map(|(address, span)| Block {
            address: address.into(),
            span,
            is_removed: false,
        });
        Self {
            blocks: removed.chain(prevented).collect(),
        }
    }

    /// Says what is not pruned, and because of which block.
    pub(super) fn explain(&self, staying: &[Found], names: &[String]) -> Option<Diagnostic> {
        let block = self.blocks_for(staying).next()?;
        let (code, keeps, hint) = match block.is_removed {
            true => (
                Code::RemovedStays,
                "stays",
                "Once the object has another owner, or is gone, take the `removed` block out.",
            ),
            false => (
                Code::NotPruned,
                "has `prevent_destroy`",
                "To have it pruned, take `prevent_destroy` out.",
            ),
        };
        let mut warning = Diagnostic::warning(code, "Not everything is pruned")
            .detail(format!(
                "{} {keeps}, and without a state nothing says which object it was. Left alone: {}.",
                block.address,
                names.join(", ")
            ))
            .hint(hint);
        warning.span = Some(block.span.clone());
        Some(warning)
    }

    /// The addresses that any of these objects may have had.
    pub(super) fn addresses_for(&self, staying: &[Found]) -> Vec<&str> {
        let blocks = self.blocks_for(staying);
        blocks.map(|block| &*block.address).collect()
    }

    fn blocks_for(&self, staying: &[Found]) -> impl Iterator<Item = &Block<'a>> {
        let blocks = self.blocks.iter();
        blocks.filter(|block| {
            let mut staying = staying.iter();
            staying.any(|object| may_be(&block.address, object.kind))
        })
    }

    pub(super) fn keeps(&self, kind: Kind) -> bool {
        let mut blocks = self.blocks.iter();
        blocks.any(|block| may_be(&block.address, kind))
    }
}

/// Parts what may be pruned from what has to stay, where all objects of some kinds have to.
pub(super) fn part(
    leftovers: Vec<Found>,
    stays: impl Fn(Kind) -> bool,
) -> (Vec<Found>, Vec<Found>) {
    let holders: BTreeSet<String> = leftovers
        .iter()
        .filter(|object| stays(object.kind))
        .filter_map(|object| object.state.service_account.clone())
        .collect();
    leftovers.into_iter().partition(|object| {
        // An account would take the tokens that stay with it.
        let holds = object
            .state
            .id
            .as_ref()
            .is_some_and(|id| object.kind == Kind::ServiceAccount && holders.contains(id));
        !holds && !stays(object.kind)
    })
}

/// True if the address can be that of an object of this kind; a module can hold all kinds.
fn may_be(address: &str, kind: Kind) -> bool {
    let plain = without_keys(address);
    let mut names = plain.split('.');
    let first = loop {
        match names.next() {
            Some("module") => names.next(),
            other => break other,
        };
    };
    first.is_none_or(|name| Kind::from_type_name(name) == Some(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_the_kind_unless_it_is_a_module() {
        let kinds = |address: &str| Kind::ALL.map(|kind| may_be(address, kind));
        let [token, account] = [Kind::AccessToken, Kind::ServiceAccount]
            .map(|wanted| Kind::ALL.map(|kind| kind == wanted));
        assert_eq!(kinds("lanyard_access_token.ci"), token);
        assert_eq!(
            kinds("module.a[\"b.c\"].lanyard_service_account.ci[0]"),
            account
        );
        assert_eq!(kinds("module.a.module.b"), [true, true]);
        assert_eq!(kinds("module.a.terraform_data.x"), [false, false]);
    }
}
