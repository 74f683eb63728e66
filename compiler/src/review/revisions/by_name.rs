//! What `lanyard apply` makes of a change, which knows objects by their names and accounts.

use super::Resource;
use super::addresses::Called;
use crate::model::Kind;
use crate::model::server::Naming;
use crate::plan::Change;
use crate::value::{AttributePath, Value};

/// What `lanyard apply` makes of a change of what it knows the object by.
pub(super) fn is_another_one(
    before: &Resource<'_>,
    after: &Resource<'_>,
    change: &Change,
) -> Option<String> {
    let name = AttributePath::attribute("name");
    let known = |resource: &Resource<'_>| {
        let name = resource.instance.config.at(&name)?;
        name.as_str().map(str::to_owned)
    };
    let by_name = after.server.is_none_or(|server| {
        let able = after.kind.capabilities_for(server, &after.instance.config);
        !matches!(able.naming, Naming::Account)
    });
    let is_renamed = match (known(before), known(after)) {
        (Some(before), Some(after)) => by_name && before != after,
        _ => false,
    };
    let account = AttributePath::attribute("service_account");
    (is_renamed || change.requires_replace.contains(&account)).then(|| {
        format!(
            "`lanyard apply`, which knows objects by their names and accounts, makes a new one and leaves this one{}",
            until_pruned(after)
        )
    })
}

/// How long `lanyard apply` leaves what nothing names any more, as an end of a sentence.
pub(super) fn until_pruned(left: &Resource<'_>) -> &'static str {
    match left.server {
        Some(server) if !server.keeps_owners => " where it is",
        Some(_) | None => " until `--prune`",
    }
}

/// What `lanyard apply` knows an object by: its kind, its name and the account that it belongs to.
pub(super) type ByName = (Kind, String, Option<String>);

/// `None` while part of it is not known.
pub(super) fn by_name(resource: &Resource<'_>, called: &Called<'_>) -> Option<ByName> {
    let said = |name: &str| {
        let path = AttributePath::attribute(name);
        match resource.instance.config.at(&path) {
            // By the resource that it comes of.
            Some(Value::Unknown) => {
                let mut links = resource.instance.links.iter();
                let (_, link) = links.find(|(at, _)| **at == path)?;
                Some(Some(called.before(&link.address).to_owned()))
            }
            Some(Value::String(text)) => Some(Some(text.to_string())),
            Some(Value::Null) | None => Some(None),
            Some(_) => None,
        }
    };
    Some((resource.kind, said("name")??, said("service_account")?))
}
