//! Whether a resource stays on its server from one revision to the next.

use super::Resource;
use super::addresses::Called;
use crate::language::Provider;
use crate::model::server::Api;
use crate::model::settings::one_spelling;
use crate::value::{AttributePath, Value};

/// What becomes of the server of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    Stays,
    /// It leads to another one; in what its settings differ: `url https://b.example.com in place of https://a.example.com`.
    Leaves(String),
    /// It may; what of it is not known.
    MayLeave(String),
}

impl Passage {
    pub(super) fn of(before: &Resource<'_>, after: &Resource<'_>, called: &Called<'_>) -> Self {
        let mut may_leave = None;
        for name in ["url", "api", "organization"] {
            match setting(name, before, after, called) {
                Self::Stays => {}
                Self::MayLeave(why) => drop(may_leave.get_or_insert(why)),
                leaves @ Self::Leaves(_) => return leaves,
            }
        }
        if let Some(why) = may_leave {
            return Self::MayLeave(why);
        }
        let by_credential = [before, after].iter().any(|resource| {
            let server = resource.server;
            server.is_some_and(|server| server.organization_of_credential)
        });
        let is_other = before.provider.reference != after.provider.reference;
        if by_credential && is_other && setting("token", before, after, called) != Self::Stays {
            return Self::MayLeave("the organization of its token".to_owned());
        }
        Self::Stays
    }
}

fn setting(
    name: &str,
    before: &Resource<'_>,
    after: &Resource<'_>,
    called: &Called<'_>,
) -> Passage {
    let path = AttributePath::attribute(name);
    let [was, is] = [before, after].map(|resource| said(resource.provider, name));
    if was.is_unknown() && is.is_unknown() {
        return match is_same_expression(&path, before, after, called) {
            true => Passage::Stays,
            false => Passage::MayLeave(format!("`{name}`")),
        };
    }
    if was == is {
        return Passage::Stays;
    }
    // What a block leaves out may stand in the environment.
    let is_open = |value: &Value| value.is_unknown() || value.is_null();
    if is_open(&was) || is_open(&is) {
        return Passage::MayLeave(format!("`{name}`"));
    }
    match (was.as_str(), is.as_str()) {
        (Some(was), Some(is)) => Passage::Leaves(format!("{name} {is} in place of {was}")),
        // Sensitive.
        _ => Passage::Leaves(format!("another {name}")),
    }
}

/// What a provider says of itself, in the spelling that tells servers apart.
fn said(provider: &Provider, name: &str) -> Value {
    let value = provider.config.get(name);
    match value.as_str() {
        Some(text) if name == "url" => one_spelling(text).into(),
        None if name == "api" && value.is_null() => Api::Native.name().into(),
        _ => value.clone(),
    }
}

/// True if both say the same of what is not known.
fn is_same_expression(
    path: &AttributePath,
    before: &Resource<'_>,
    after: &Resource<'_>,
    called: &Called<'_>,
) -> bool {
    let said = [before, after].map(|resource| resource.setting_at(path));
    called.agrees(path, [&said[0], &said[1]])
}
