//! What Terraform answers from its state and a plan without one cannot: which object a `removed` block means.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Removed, without_keys};
use crate::model::Kind;
use crate::plan::inventory::Found;

/// The `removed` blocks with `destroy = false`. Nothing tells which object had their address, so none that it can have been is pruned.
pub(super) struct Kept<'a> {
    blocks: Vec<&'a Removed>,
}

impl<'a> Kept<'a> {
    pub(super) fn new(configuration: &'a Configuration) -> Self {
        let blocks = configuration.removed.iter();
        Self {
            blocks: blocks.filter(|block| !block.destroy).collect(),
        }
    }

    /// Says what is not pruned, and because of which block.
    pub(super) fn explain(&self, staying: &[Found], names: &[String]) -> Option<Diagnostic> {
        let block = self.blocks.iter().find(|block| {
            staying
                .iter()
                .any(|object| may_be(&block.from, object.kind))
        })?;
        let mut warning = Diagnostic::warning(Code::RemovedStays, "Not everything is pruned")
            .detail(format!(
                "{} stays, and without a state nothing says which object it was. Left alone: {}.",
                block.from,
                names.join(", ")
            ))
            .hint("Once the object has another owner, or is gone, take the `removed` block out.");
        warning.span = Some(block.span.clone());
        Some(warning)
    }

    /// The addresses that any of these objects may have had.
    pub(super) fn blocks_for(&self, staying: &[Found]) -> Vec<&'a str> {
        let may_be_one = |block: &&&Removed| {
            let mut staying = staying.iter();
            staying.any(|object| may_be(&block.from, object.kind))
        };
        let blocks = self.blocks.iter().filter(may_be_one);
        blocks.map(|block| block.from.as_str()).collect()
    }

    pub(super) fn keeps(&self, kind: Kind) -> bool {
        self.blocks.iter().any(|block| may_be(&block.from, kind))
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
