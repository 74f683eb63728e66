//! Which provider block of ours serves a vendor's resources: one is for one server, so that a folder with resources of several
//! vendors gets one without an alias and others with the vendor's name.

use super::vendors::{MAPPINGS, Vendor};

/// Where the resources of a vendor in one folder find their server.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) vendor: &'static Vendor,
    alias: Option<String>,
}

/// A provider block that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Its type's local name.
    pub(super) name: String,
    pub(super) alias: Option<String>,
    /// Which server one of ours is for, where that is written out.
    pub(super) api: Option<String>,
}

impl Slot {
    /// What stands for an alias of the vendor's provider, or for none.
    pub(super) fn alias(&self, theirs: Option<&str>) -> Option<String> {
        match (&self.alias, theirs) {
            (None, theirs) => theirs.map(str::to_owned),
            (Some(own), None) => Some(own.clone()),
            (Some(own), Some(theirs)) => Some(format!("{own}_{theirs}")),
        }
    }

    /// The same, as one refers to it.
    pub(super) fn reference(&self, theirs: Option<&str>) -> String {
        reference(self.alias(theirs).as_deref())
    }
}

pub(super) fn reference(alias: Option<&str>) -> String {
    match alias {
        Some(alias) => format!("lanyard.{alias}"),
        None => "lanyard".to_owned(),
    }
}

pub(super) fn of<'a>(slots: &'a [Slot], vendor: &Vendor) -> Option<&'a Slot> {
    slots
        .iter()
        .find(|slot| slot.vendor.provider == vendor.provider)
}

/// The vendor whose provider has this local name.
pub(super) fn by_name(provider: &str) -> Option<&'static Vendor> {
    let mut vendors = MAPPINGS.iter().map(|mapping| mapping.vendor);
    vendors.find(|vendor| vendor.provider == provider)
}

/// Gives each vendor of a folder its place, beside the blocks that are there.
pub(super) fn given(is_here: impl Fn(&Vendor) -> bool, blocks: &[Written]) -> Vec<Slot> {
    let ours: Vec<&Written> = blocks
        .iter()
        .filter(|block| block.name == "lanyard")
        .collect();
    let mut is_taken = false;
    let mut slots: Vec<Slot> = Vec::new();
    for mapping in MAPPINGS {
        let vendor = mapping.vendor;
        if of(&slots, vendor).is_some() || !is_here(vendor) {
            continue;
        }
        let serves = |block: &&&Written| block.api.as_deref().is_none_or(|api| api == vendor.api);
        let bare = ours.iter().find(|block| block.alias.is_none());
        let alias = if !is_taken && bare.iter().all(serves) {
            is_taken = true;
            None
        } else {
            let there = ours
                .iter()
                .find(|block| block.alias.is_some() && block.api.as_deref() == Some(vendor.api));
            let there = there.and_then(|block| block.alias.clone());
            there.or_else(|| Some(vendor.provider.to_owned()))
        };
        slots.push(Slot { vendor, alias });
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(blocks: &[(Option<&str>, Option<&str>)], vendors: &[&str]) -> Vec<String> {
        let blocks: Vec<Written> = blocks
            .iter()
            .map(|(alias, api)| Written {
                name: "lanyard".to_owned(),
                alias: alias.map(str::to_owned),
                api: api.map(str::to_owned),
            })
            .collect();
        given(|vendor| vendors.contains(&vendor.provider), &blocks)
            .iter()
            .map(|slot| format!("{} {}", slot.reference(None), slot.reference(Some("eu"))))
            .collect()
    }

    #[test]
    fn one_vendor_needs_no_alias_and_others_have_their_names() {
        for (blocks, vendors, expected) in [
            (vec![], vec!["signalfx"], vec!["lanyard lanyard.eu"]),
            (
                vec![],
                vec!["signalfx", "chronosphere"],
                vec!["lanyard lanyard.eu", "lanyard.signalfx lanyard.signalfx_eu"],
            ),
            (
                vec![(None, Some("osmo"))],
                vec!["signalfx"],
                vec!["lanyard.signalfx lanyard.signalfx_eu"],
            ),
            (
                vec![(None, Some("osmo")), (Some("o11y"), Some("splunk"))],
                vec!["signalfx"],
                vec!["lanyard.o11y lanyard.o11y_eu"],
            ),
            (
                vec![(None, None)],
                vec!["signalfx"],
                vec!["lanyard lanyard.eu"],
            ),
        ] {
            assert_eq!(shown(&blocks, &vendors), expected, "{blocks:?}");
        }
    }
}
