//! What may declare more than the known instances: calls and resources whose instances are not known, and files that are not read.

use std::sync::Arc;

use super::Walk;
use super::provider::Chosen;
use crate::language::configuration::{Mode, ProviderReference};
use crate::language::graph::qualified;
use crate::language::loader::join;
use crate::language::module::Resource;
use crate::language::source::Spot;
use crate::language::unread::{Unread, WhyUnread};
use crate::model::Kind;

impl Walk<'_> {
    /// A resource whose instances are not known.
    pub(super) fn unread_resource(
        &mut self,
        resource: &Resource,
        instance: usize,
        provider: Option<ProviderReference>,
    ) {
        let Some(kind) = managed_kind(resource) else {
            return;
        };
        let address = qualified(&self.instances[instance].address, &resource.address());
        let why = WhyUnread::Instances(address);
        self.unread(why, Some(kind), provider, resource.spot);
    }

    /// A module call without known instances, and all that its module, if it is on disk, can declare.
    pub(super) fn unread_call(&mut self, address: &str, spot: Spot, child: Option<usize>) {
        let Some(child) = child else {
            self.unread(WhyUnread::Module(address.to_owned()), None, None, spot);
            return;
        };
        let module = Arc::clone(&self.tree.modules[child].module);
        for resource in &module.resources {
            if let Some(kind) = managed_kind(resource) {
                let provider = match self.chosen(child, resource) {
                    Chosen::Fixed(provider) => Some(provider),
                    Chosen::ByKey(..) => None,
                };
                let why = WhyUnread::Instances(address.to_owned());
                self.unread(why, Some(kind), provider, spot);
            }
        }
        for (call, grandchild) in module
            .calls
            .items
            .iter()
            .zip(self.tree.modules[child].children.clone())
        {
            let inner = qualified(address, &format!("module.{}", call.name));
            self.unread_call(
                grandchild.map_or(inner.as_str(), |_| address),
                call.spot,
                grandchild,
            );
        }
    }

    /// Files beside those that were read in which another program would see declarations.
    pub(super) fn unread_files(&mut self) {
        for module in &self.tree.modules {
            for name in &module.module.unread_files {
                self.result.unread.push(Unread {
                    why: WhyUnread::File(join(&module.module.folder, name)),
                    kind: None,
                    provider: None,
                    span: None,
                });
            }
        }
        self.result.unread.dedup();
    }

    fn unread(
        &mut self,
        why: WhyUnread,
        kind: Option<Kind>,
        provider: Option<ProviderReference>,
        spot: Spot,
    ) {
        let span = Some(self.evaluator.sources.borrow().span(spot));
        self.result.unread.push(Unread {
            why,
            kind,
            provider,
            span,
        });
    }
}

fn managed_kind(resource: &Resource) -> Option<Kind> {
    let name = resource.our_kind()?;
    let managed = resource.mode == Mode::Managed;
    Kind::ALL
        .into_iter()
        .find(|kind| managed && kind.name() == name)
}
