//! What Terraform answers from its state and a plan without one cannot: which object a `removed` block, or `prevent_destroy`, means.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::{Configuration, without_keys};
use crate::model::Kind;
use crate::plan::inventory::Found;

/// What the configuration keeps from being deleted. Nothing tells which object had these addresses, so none that it can have been is pruned.
pub(super) struct Kept<'a> {
    blocks: Vec<Block<'a>>,
}

struct Block<'a> {
    address: &'a str,
    span: &'a Span,
    /// False if it is a resource with `prevent_destroy`.
    is_removed: bool,
}

impl<'a> Kept<'a> {
    /// `created` are the addresses of what is not there yet.
    pub(super) fn new(configuration: &'a Configuration, created: &BTreeSet<&str>) -> Self {
        let removed = configuration.removed.iter();
        let removed = removed.filter(|block| !block.destroy).map(|block| Block {
            address: &block.from,
            span: &block.span,
            is_removed: true,
        });
        // Its only instance is there, under its own name: nothing else can have been one. Of several, there may have been more.
        let only: BTreeSet<&str> = configuration
            .managed()
            .map(|(instance, ..)| &*instance.address)
            .filter(|address| !created.contains(address))
            .collect();
        let prevented = configuration.prevented.iter();
        let prevented = prevented
            .filter(|block| !only.contains(block.address.as_str()))
            .map(|block| Block {
                address: &block.address,
                span: &block.span,
                is_removed: false,
            });
        Self {
            blocks: removed.chain(prevented).collect(),
        }
    }

    /// Says what is not pruned, and because of which block.
    pub(super) fn explain(&self, staying: &[Found], names: &[String]) -> Option<Diagnostic> {
        let block = self.blocks_for(staying).next()?;
        let code = match block.is_removed {
            true => Code::RemovedStays,
            false => Code::NotPruned,
        };
        let consequence = format!(". Left alone: {}.", names.join(", "));
        Some(block.warning(code, "Not everything is pruned", &consequence))
    }

    /// Says that what the configuration does not have cannot be told from what it keeps.
    pub(super) fn not_swept(&self) -> Option<Diagnostic> {
        let mut blocks = self.blocks.iter();
        let block = blocks.find(|block| may_be(block.address, Kind::AccessToken))?;
        Some(block.warning(
            Code::NotSwept,
            "It cannot be told which access tokens are not in the configuration",
            ": only tokens that have ended are listed.",
        ))
    }

    /// The addresses that any of these objects may have had.
    pub(super) fn addresses_for(&self, staying: &[Found]) -> Vec<&str> {
        let blocks = self.blocks_for(staying);
        blocks.map(|block| block.address).collect()
    }

    fn blocks_for(&self, staying: &[Found]) -> impl Iterator<Item = &Block<'a>> {
        let blocks = self.blocks.iter();
        blocks.filter(|block| {
            let mut staying = staying.iter();
            staying.any(|object| may_be(block.address, object.kind))
        })
    }

    pub(super) fn keeps(&self, kind: Kind) -> bool {
        let mut blocks = self.blocks.iter();
        blocks.any(|block| may_be(block.address, kind))
    }
}

impl Block<'_> {
    fn warning(&self, code: Code, summary: &'static str, consequence: &str) -> Diagnostic {
        let (keeps, hint) = match self.is_removed {
            true => (
                "stays",
                "Once the object has another owner, or is gone, take the `removed` block out.",
            ),
            false => (
                "has `prevent_destroy`",
                "To have it deleted, take `prevent_destroy` out.",
            ),
        };
        let mut warning = Diagnostic::warning(code, summary)
            .detail(format!(
                "{} {keeps}, and without a state nothing says which object it was{consequence}",
                self.address,
            ))
            .hint(hint);
        warning.span = Some(self.span.clone());
        warning
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
