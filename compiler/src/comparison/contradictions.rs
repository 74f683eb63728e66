//! What resources of one configuration say against each other: two that are one object on the server, two that renew one secret, and
//! a token with roles that its account does not get.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::side::Side;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance};
use crate::model::Kind;
use crate::model::naming::{Claim, Owner, claims};
use crate::model::server::{Capabilities, capabilities};
use crate::model::settings::{kind, one_spelling};
use crate::model::state::{Outline, Roles};
use crate::parallel;
use crate::plan::{
    Action, Change, no_role_to_take, none_of_its_roles, roles_beyond_account, two_renew_one_secret,
};
use crate::value::{AttributePath, Value};

/// Where a provider leads to, as far as that is known.
#[derive(Clone)]
pub struct Way {
    pub server: Option<&'static Capabilities>,
    /// Equal for providers that lead to one server.
    place: usize,
    /// Empty where it is not known.
    url: String,
    organization: Option<String>,
}

impl Way {
    /// True if the two lead to different servers, as far as addresses tell.
    fn is_elsewhere(&self, other: &Self) -> bool {
        let api = |way: &Self| way.server.map(|server| server.api);
        let is_known = |way: &Self| way.server.is_some() && !way.url.is_empty();
        is_known(self) && is_known(other) && (api(self) != api(other) || self.url != other.url)
    }
}

/// Where providers lead to, by their settings: complete ones, or none where they cannot be completed.
pub fn ways<'a>(settings: impl Iterator<Item = Option<&'a Value>>) -> Vec<Way> {
    let mut places: Vec<Option<Vec<Value>>> = Vec::new();
    let mut found = Vec::new();
    for settings in settings {
        let server = settings.and_then(kind).map(capabilities);
        let place = settings
            .zip(server)
            .and_then(|(settings, server)| place(settings, server));
        let same = |other: &Option<Vec<Value>>| place.is_some() && *other == place;
        let position = places.iter().position(same).unwrap_or(places.len());
        places.push(place);
        let said = |name| settings.and_then(|settings| settings.get(name).as_str());
        found.push(Way {
            server,
            place: position,
            url: said("url").map(one_spelling).unwrap_or_default(),
            organization: said("organization").map(str::to_owned),
        });
    }
    found
}

/// What is equal for providers that lead to one place; `None` while that is not known.
fn place(settings: &Value, server: &Capabilities) -> Option<Vec<Value>> {
    const WHERE: [&str; 3] = ["api", "url", "organization"];
    let text = |name: &str| {
        let text = settings.get(name).as_str().unwrap_or_default();
        match name {
            "url" => one_spelling(text),
            _ => text.to_ascii_lowercase(),
        }
    };
    let mut place: Vec<Value> = WHERE.iter().map(|name| text(name).into()).collect();
    let mut known = WHERE.to_vec();
    if server.organization_of_credential {
        // Two credentials may be of two organizations, and one that is missing is of any.
        let token = settings.get("token");
        place.push((!token.is_null()).then(|| token.clone())?);
        known.push("token");
    }
    let is_known = |name: &&str| !settings.get(name).is_unknown();
    known.iter().all(is_known).then_some(place)
}

/// The complaints about a configuration alone. There is a way for each of its providers.
pub fn contradictions(configuration: &Configuration, ways: &[Way]) -> Vec<Diagnostic> {
    let managed = configuration.managed().collect();
    let resources = parallel::map(managed, |(instance, kind, position)| {
        let stays = |name: &str| instance.lifecycle.ignore_changes.holds(name);
        let object = Outline::of(&instance.config);
        let way = ways.get(position)?;
        let mut resource = Resource::new(instance, kind, way, !stays("name"), &object);
        resource.roles = (!stays("roles")).then_some(object.roles);
        Some(resource)
    });
    all(&resources.into_iter().flatten().collect::<Vec<_>>())
}

/// Likewise, with what is known of the servers.
pub(super) fn in_plan(
    configuration: &Configuration,
    sides: &[Side],
    changes: &[Change],
) -> Vec<Diagnostic> {
    let ways = ways_of(sides);
    let managed = configuration.managed().zip(changes).collect();
    let resources = parallel::map(managed, |((instance, kind, position), change)| {
        let object = Outline::of(&change.config);
        let roles = match kind {
            Kind::AccessToken => object.roles.clone(),
            // A new account has none but what it is given.
            Kind::ServiceAccount if change.action == Action::Create && object.roles.is_null() => {
                Some(Vec::new()).into()
            }
            Kind::ServiceAccount => Outline::of(&change.planned).roles,
        };
        let mut resource = Resource::new(instance, kind, ways.get(position)?, true, &object);
        let before = change.before();
        // A new secret may be given others.
        let keeps = matches!(change.action, Action::NoOp | Action::Update)
            && !change.planned.get("roles").is_unknown();
        let has = before.as_ref().and_then(|before| before.roles.clone());
        resource.keeps = has.filter(|_| keeps);
        resource.id = before.and_then(|before| before.id.clone());
        resource.roles = Some(roles);
        resource.is_issued = matches!(change.action, Action::Create | Action::Replace)
            || change.rotates() && !change.may_rotate();
        Some(resource)
    });
    all(&resources.into_iter().flatten().collect::<Vec<_>>())
}

fn ways_of(sides: &[Side]) -> Vec<Way> {
    let mut found = Vec::new();
    for (position, side) in sides.iter().enumerate() {
        let same = |other: &Side| side.is_surely_same_server(other);
        found.push(Way {
            server: side.capabilities(),
            place: sides[..position].iter().position(same).unwrap_or(position),
            url: one_spelling(&side.url),
            organization: side.organization.clone(),
        });
    }
    found
}

/// One resource, as far as it is known.
struct Resource<'a> {
    instance: &'a Instance,
    kind: Kind,
    way: &'a Way,
    /// Whose it is: an account by its id, or by the resource that will make it.
    owner: Option<Owner>,
    /// What nothing else can have, where the configuration decides its name.
    claims: Vec<Claim>,
    /// Its server gives it roles.
    takes_roles: bool,
    /// It has a `rotation` block.
    renews: bool,
    /// What it is on the server, if it is there.
    id: Option<String>,
    /// The roles that it has, where its plan gives it no others.
    keeps: Option<Vec<String>>,
    /// Its plan issues a secret.
    is_issued: bool,
    /// The roles that it will have, where the configuration decides that.
    roles: Option<Roles>,
}

fn all(resources: &[Resource<'_>]) -> Vec<Diagnostic> {
    let tokens = tokens_of_accounts(resources);
    let complaints = [
        Resource::goes_beyond,
        Resource::renews_secret_of,
        Resource::has_none_of,
    ];
    let mut found = duplicates(resources);
    for complaint in complaints {
        let told = tokens.iter();
        found.extend(told.filter_map(|(token, account)| complaint(token, account)));
    }
    found.extend(of_accounts_elsewhere(resources));
    found
}

/// Tokens that refer to an account which another server has.
fn of_accounts_elsewhere(resources: &[Resource<'_>]) -> Vec<Diagnostic> {
    let accounts = resources.iter();
    let accounts: HashMap<String, &Resource<'_>> = accounts
        .filter(|each| each.kind == Kind::ServiceAccount)
        .map(|account| (format!("{}.id", account.instance.address), account))
        .collect();
    let tokens = resources.iter();
    let tokens = tokens.filter(|each| each.kind == Kind::AccessToken);
    let found = tokens.filter_map(|token| {
        let path = AttributePath::attribute("service_account");
        let link = token.instance.links.get(&path)?;
        let account = *accounts.get(&format!("{}.{}", link.address, link.attribute))?;
        token
            .way
            .is_elsewhere(account.way)
            .then(|| token.has_account_elsewhere(account))
    });
    found.collect()
}

fn duplicates(resources: &[Resource<'_>]) -> Vec<Diagnostic> {
    let mut taken: HashMap<(usize, &Claim), &str> = HashMap::with_capacity(resources.len());
    let mut ids: HashMap<(usize, Kind, &str), &str> = HashMap::new();
    let mut found = Vec::new();
    for resource in resources {
        let address = resource.instance.address.as_str();
        let place = resource.way.place;
        let mut twin = None;
        for claim in &resource.claims {
            match taken.entry((place, claim)) {
                Entry::Occupied(other) => twin = twin.or(Some((*other.get(), Some(claim)))),
                Entry::Vacant(free) => {
                    free.insert(address);
                }
            }
        }
        // What is shared has no claims, and nothing of it is anybody's.
        if let Some(id) = resource
            .id
            .as_deref()
            .filter(|_| !resource.claims.is_empty())
        {
            let other = *ids.entry((place, resource.kind, id)).or_insert(address);
            if other != address {
                twin = twin.or(Some((other, None)));
            }
        }
        if let Some((other, claim)) = twin {
            found.push(resource.is_also(other, claim));
        }
    }
    found
}

impl<'a> Resource<'a> {
    fn new(
        instance: &'a Instance,
        kind: Kind,
        way: &'a Way,
        is_named: bool,
        object: &Outline,
    ) -> Self {
        let owner = Owner::of(kind, object).or_else(|| {
            let path = AttributePath::attribute("service_account");
            let link = instance.links.get(&path)?;
            Some(Owner::AccountOf(format!(
                "{}.{}",
                link.address, link.attribute
            )))
        });
        let claims = match (way.server, &owner) {
            (Some(server), Some(owner)) if is_named => {
                let organization = way.organization.as_deref();
                claims(kind, server, organization, owner.clone(), object)
            }
            _ => Vec::new(),
        };
        let takes_roles = way.server.is_some_and(|server| {
            let can = object.capabilities(kind, server);
            can.attribute("roles").is_some()
        });
        Self {
            instance,
            kind,
            way,
            owner,
            claims,
            takes_roles,
            renews: object.rotation.value().is_some(),
            id: None,
            keeps: None,
            is_issued: false,
            roles: None,
        }
    }

    fn has_account_elsewhere(&self, account: &Self) -> Diagnostic {
        let (token, held_by) = (&self.instance.address, &account.instance.address);
        let [its_own, other] = [self, account].map(|one| {
            let title = one.way.server.map_or("a server", |server| server.title);
            format!("{title} at {}", one.way.url)
        });
        self.instance.locate(
            Diagnostic::error(
                Code::AccountElsewhere,
                "The service account of a token is on another server",
            )
            .at(AttributePath::attribute("service_account"))
            .detail(format!(
                "{token} is of {its_own}, and {held_by} of {other}: the one has no such account."
            ))
            .hint("Give both the same provider, or the token an account of its own server.")
            .hint("If both addresses lead to one server, write them alike."),
        )
    }

    fn is_also(&self, other: &str, claim: Option<&Claim>) -> Diagnostic {
        let address = &self.instance.address;
        let server = self.way.server.map_or("the server", |server| server.title);
        let kind = self.kind.title();
        let both = format!("{other} and {address} are both");
        let (detail, hint) = match claim.map(|claim| (claim.attribute, claim)) {
            Some(("slug", claim)) => (
                format!(
                    "{other} and {address} have the same slug {:?}, and {server} knows a {kind} by its slug.",
                    claim.text
                ),
                "Set another `slug` on one of the two, or remove it.",
            ),
            Some(("email", claim)) => (
                format!(
                    "{both} the {kind} {:?}: {server} knows it by this address.",
                    claim.text
                ),
                "Give one of the two another name or `email`, or remove it.",
            ),
            Some(("service_account", _)) => (
                format!("{both} the one secret that {server} has for their account."),
                "Remove one of the two, and let both users take the secret of the other; two secrets need two accounts.",
            ),
            Some((_, claim)) => {
                let of = match &claim.owner {
                    Owner::Nobody => String::new(),
                    Owner::Account(id) => format!(" of the service account {id:?}"),
                    Owner::AccountOf(reference) => format!(" of {reference}"),
                };
                (
                    format!(
                        "{both} the {kind} {:?}{of}: {server} gives a name once.",
                        claim.text
                    ),
                    "Give one of the two another name, or remove it.",
                )
            }
            None => (
                format!(
                    "{both} the {kind} {:?} that exists on {server}.",
                    self.id.as_deref().unwrap_or_default()
                ),
                "Remove one of the two, or say with an `import` block which object it is.",
            ),
        };
        let attribute = claim.map_or("name", |claim| claim.attribute);
        self.instance.locate(
            Diagnostic::error(Code::DuplicateObject, "Two resources are one object")
                .at(AttributePath::attribute(attribute))
                .detail(detail)
                .hint(hint),
        )
    }
}

/// Each token with its account, where that is among them.
fn tokens_of_accounts<'a, 'b>(
    resources: &'b [Resource<'a>],
) -> Vec<(&'b Resource<'a>, &'b Resource<'a>)> {
    let mut accounts: HashMap<(usize, Owner), &Resource<'a>> = HashMap::new();
    for account in resources
        .iter()
        .filter(|each| each.kind == Kind::ServiceAccount)
    {
        let place = account.way.place;
        let reference = Owner::AccountOf(format!("{}.id", account.instance.address));
        accounts.insert((place, reference), account);
        if let Some(id) = &account.id {
            accounts.insert((place, Owner::Account(id.clone())), account);
        }
    }
    let tokens = resources.iter();
    let tokens = tokens.filter(|each| each.kind == Kind::AccessToken);
    let with_account = tokens.filter_map(|token| {
        let owner = token.owner.clone()?;
        Some((token, *accounts.get(&(token.way.place, owner))?))
    });
    with_account.collect()
}

impl Resource<'_> {
    /// Where a server has one secret for an account, this token is that secret; an account that renews it as well ends it each time.
    fn renews_secret_of(&self, account: &Self) -> Option<Diagnostic> {
        let server = account.way.server?;
        let is_secret_of_account = account.renews
            && server.service_account.issues_secret
            && self
                .claims
                .iter()
                .any(|claim| claim.attribute == "service_account");
        is_secret_of_account.then(|| {
            let (token, account_at) = (&self.instance.address, &account.instance.address);
            account.instance.locate(
                two_renew_one_secret(server.title, token, account_at)
                    .at(AttributePath::attribute("rotation")),
            )
        })
    }

    /// The roles of this token that its account will not have. A server takes a role from all tokens of an account that loses it, and
    /// refuses one that the account does not have.
    fn goes_beyond(&self, account: &Self) -> Option<Diagnostic> {
        if !self.takes_roles || !account.takes_roles {
            return None;
        }
        let (token, held_by) = (&self.instance.address, &account.instance.address);
        let (wanted, held) = (self.roles.as_ref()?, account.roles.as_ref()?);
        let beyond = roles_beyond_account(wanted, token, held, held_by)?;
        Some(self.instance.locate(beyond))
    }

    /// A token without any role, which its configuration leaves to its account: the account has some, or none that it could be issued with.
    fn has_none_of(&self, account: &Self) -> Option<Diagnostic> {
        if !self.takes_roles || !account.takes_roles {
            return None;
        }
        let (token, held_by) = (&self.instance.address, &account.instance.address);
        let (wanted, held) = (self.roles.as_ref()?, account.roles.as_ref()?);
        let server = self.way.server.filter(|_| self.is_issued);
        let told = server
            .and_then(|server| no_role_to_take(server, wanted, token, held, held_by))
            .or_else(|| {
                let has = self.keeps.as_ref()?;
                none_of_its_roles(self.way.server, wanted, has, token, held, held_by)
            })?;
        Some(self.instance.locate(told))
    }
}
