//! What makes two resources one and the same object: what a server gives only once, as a configuration or a state says it.

use super::kind::Kind;
use super::server::{Api, Capabilities, Naming};
use super::state::{Open, Outline};

/// Whom an object belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Nobody,
    /// The service account with this id.
    Account(String),
    /// The one that a resource will make: the attribute that names it, `lanyard_service_account.ci.id`.
    AccountOf(String),
}

/// Something that one object alone can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub kind: Kind,
    pub owner: Owner,
    /// The attribute that it is: `name`, `slug`, `email` or `service_account`.
    pub attribute: &'static str,
    /// As the server compares it.
    pub text: String,
}

impl Owner {
    /// As the object says it; `None` while that is not known.
    pub fn of(kind: Kind, object: &Outline) -> Option<Self> {
        match (kind, &*object.service_account) {
            (Kind::ServiceAccount, _) | (Kind::AccessToken, Open::Known(None)) => {
                Some(Self::Nobody)
            }
            (Kind::AccessToken, Open::Known(Some(id))) => Some(Self::Account(id.clone())),
            (Kind::AccessToken, Open::Unknown) => None,
        }
    }
}

/// Everything that no other object of this owner can have. What is not known yet is left out.
pub fn claims(
    kind: Kind,
    server: &Capabilities,
    organization: Option<&str>,
    owner: Owner,
    object: &Outline,
) -> Vec<Claim> {
    let name = object.name.value().map(String::as_str);
    let can = object.capabilities(kind, server);
    let claim = |attribute: &'static str, text: String| Claim {
        kind,
        owner: owner.clone(),
        attribute,
        text,
    };
    let named = name.map(|name| claim("name", name.to_owned()));
    if can.absent.is_some() {
        return Vec::new();
    }
    match can.naming {
        Naming::Name => named.into_iter().collect(),
        Naming::NameAndSlug { slug } => {
            let slug = match &*object.slug {
                Open::Known(None) => name.and_then(slug),
                slug => slug.value().cloned(),
            };
            named
                .into_iter()
                .chain(slug.map(|slug| claim("slug", slug)))
                .collect()
        }
        Naming::Address { address, .. } => {
            let address = match &*object.email {
                // Within one organization the same name is the same address, whatever the organization is called.
                Open::Known(None) => {
                    name.map(|name| address(name, organization.unwrap_or_default()))
                }
                email => email.value().map(|email| email.trim().to_lowercase()),
            };
            address
                .map(|address| claim("email", address))
                .into_iter()
                .collect()
        }
        Naming::Account => vec![claim("service_account", String::new())],
        Naming::Shared => Vec::new(),
    }
}

/// The id that the server makes of what a new account is called; `None` where it makes one up, and where that is not known.
pub fn account_id(
    server: &Capabilities,
    organization: Option<&str>,
    account: &Outline,
) -> Option<String> {
    let all = claims(
        Kind::ServiceAccount,
        server,
        organization,
        Owner::Nobody,
        account,
    );
    let claim = all.into_iter().next()?;
    match server.api {
        Api::Elasticsearch | Api::Osmo => Some(claim.text),
        Api::Openobserve => Some(format!("{}/{}", organization?, claim.text)),
        Api::Chronosphere | Api::Native | Api::Splunk => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts;
    use crate::model::server::capabilities;
    use crate::value::Value;

    fn object(kind: Kind, entries: &[(&str, Value)]) -> Outline {
        Outline::of(&facts::object(kind, entries.iter().cloned()))
    }

    #[track_caller]
    fn check(kind: Kind, api: Api, entries: &[(&str, Value)], expected: &[(&str, &str)]) {
        let object = object(kind, entries);
        let owner = Owner::of(kind, &object).unwrap();
        let found = claims(kind, capabilities(api), Some("Acme"), owner, &object);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|claim| (claim.attribute, claim.text.as_str()))
            .collect();
        assert_eq!(found, expected, "{api:?} {entries:?}");
    }

    #[test]
    fn some_servers_make_ids_of_names() {
        for (api, name, expected) in [
            (Api::Elasticsearch, "apps/ci", Some("apps/ci")),
            (Api::Osmo, "ci", Some("ci")),
            (Api::Openobserve, "ci", Some("Acme/ci.acme@sa.internal")),
            (Api::Chronosphere, "ci", None),
            (Api::Native, "ci", None),
        ] {
            let account = object(Kind::ServiceAccount, &[("name", name.into())]);
            let id = account_id(capabilities(api), Some("Acme"), &account);
            assert_eq!(id.as_deref(), expected, "{api:?}");
        }
    }

    #[test]
    fn each_server_has_its_own_notion_of_one_object() {
        use Kind::{AccessToken as Token, ServiceAccount as Account};
        let name = |name: &str| ("name", Value::from(name));
        for api in [Api::Native, Api::Osmo] {
            check(Account, api, &[name("CI")], &[("name", "CI")]);
            check(Token, api, &[name("CI")], &[("name", "CI")]);
        }
        check(Token, Api::Splunk, &[name("CI")], &[("name", "CI")]);
        check(Account, Api::Splunk, &[name("CI")], &[]);
        // The vendor's own accounts are there for everybody.
        check(Account, Api::Elasticsearch, &[name("elastic/kibana")], &[]);
        let ours = [name("apps/ci")];
        check(Account, Api::Elasticsearch, &ours, &[("name", "apps/ci")]);

        let slugged = [("name", "CI / CD"), ("slug", "ci-cd")];
        check(Account, Api::Chronosphere, &[name("CI / CD")], &slugged);
        let chosen = [name("CI / CD"), ("slug", "two".into())];
        let slugged = [("name", "CI / CD"), ("slug", "two")];
        check(Account, Api::Chronosphere, &chosen, &slugged);
        let waiting = [name("CI"), ("slug", Value::Unknown)];
        check(Account, Api::Chronosphere, &waiting, &[("name", "CI")]);

        let address = [("email", "ci.acme@sa.internal")];
        check(Account, Api::Openobserve, &[name("ci")], &address);
        let other = [name("other"), ("email", "CI.Acme@sa.internal".into())];
        check(Account, Api::Openobserve, &other, &address);
        check(Token, Api::Openobserve, &[name("ci")], &[("name", "ci")]);
        let of_account = [name("ci"), ("service_account", "acme/ci".into())];
        let only_one = [("service_account", "")];
        check(Token, Api::Openobserve, &of_account, &only_one);
        check(Token, Api::Native, &[("name", Value::Unknown)], &[]);
    }
}
