//! What cannot be changed on an existing object, and what a new one in its place means.

use super::{Draft, Existing, leaves_something, name_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::{OnConflict, Status};
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, DeleteCapability, Naming, Recovery, UpdateCapability};
use crate::model::state::{Open, Outline, Planned, State};
use crate::plan::diff::Difference;
use crate::plan::{Action, PlannedResource, Reason, expiry, way_to_another_secret};
use crate::value::{AttributePath, Value};

/// The complaint about an object that is to be replaced by one of the same name, where nothing is deleted: what has that name is the old
/// one, with its secret.
pub fn replaces_what_stays(server: &Capabilities, old: &State) -> Option<Diagnostic> {
    let stays = stays(
        server,
        old,
        "What has the name would have its secret as well, whoever else has that by now.",
    )?;
    Some(stays.hint("For another object, choose another `name`."))
}

/// Likewise, where the name of the new one is not known yet: the old one would be disabled before anybody knows whether another takes
/// its place.
fn replaces_what_may_stay(server: &Capabilities, old: &State) -> Option<Diagnostic> {
    let stays = stays(
        server,
        old,
        "The new `name` is not known yet: if it turns out to be the same, the secret would have ended, and nothing could take its place.",
    )?;
    Some(stays.hint(
        "For another object, apply first what the new `name` comes from, for example with `-target`, and plan again.",
    ))
}

fn stays(server: &Capabilities, old: &State, then: &str) -> Option<Diagnostic> {
    let capabilities = old.capabilities(server);
    let DeleteCapability::Disables { warning } = capabilities.delete else {
        return None;
    };
    Some(
        Diagnostic::error(
            Code::ReplacementImpossible,
            "What cannot be deleted cannot be replaced",
        )
        .detail(format!("{warning} {then}"))
        .at(AttributePath::attribute("name"))
        .hint(way_to_another_secret(capabilities)),
    )
}

/// The complaint about an object that Terraform was asked to replace, and that may come back with its secret: whether the new one is made
/// first, Terraform does not say. The new one has the name of the old one, or one that is not known yet.
pub fn may_come_back(server: &Capabilities, old: &State, new: &Outline) -> Option<Diagnostic> {
    if *new.name == Open::Unknown {
        return replaces_what_may_stay(server, old);
    }
    let on_conflict = new.on_conflict.value().copied().unwrap_or_default();
    let stays = replaces_what_stays(server, old);
    let capabilities = old.capabilities(server);
    let comes_back = on_conflict == OnConflict::Adopt
        && capabilities.issues_secret
        && capabilities.recovery == Recovery::ReadSecret;
    stays.or_else(|| {
        comes_back.then(|| {
            Diagnostic::error(
                Code::ReplacementImpossible,
                "What is adopted may be what was to be replaced",
            )
            .detail(format!(
                "With `create_before_destroy`, of which Terraform tells no provider, the new {} would be the old one: `on_conflict = \"adopt\"` \
                 takes over what has its name, with the secret that it has.",
                old.kind().title()
            ))
            .at(AttributePath::attribute("on_conflict"))
            .hint(way_to_another_secret(capabilities))
            .hint("For another object, leave `on_conflict` out: what is in the state does not need it any more.")
        })
    })
}

impl Existing<'_> {
    /// What this server cannot change on an existing object.
    pub(super) fn replacements(&self, differences: &[Difference]) -> Vec<(AttributePath, String)> {
        differences
            .iter()
            .filter(|difference| {
                // A name that the server does not know is the configuration's to give, to what was imported as well.
                let ours_alone = difference.name == "name" && self.is_not_the_servers_name();
                !difference.local
                    && !ours_alone
                    && self.change(&difference.name) == UpdateCapability::Replace
            })
            .map(|difference| {
                let why = format!("cannot be changed in place on {}", self.title());
                (difference.path.clone(), why)
            })
            .collect()
    }

    /// True if the object has no name yet, or is known by an address that the configuration gives itself, or that was not made of its name.
    fn is_not_the_servers_name(&self) -> bool {
        let (Some(name), Some(capabilities)) = (&self.prior.name, self.capabilities) else {
            return self.prior.name.is_none();
        };
        let Naming::Address { name_of, .. } = capabilities.naming else {
            return false;
        };
        let made_of = self.prior.id.as_deref().and_then(name_of);
        self.config.email.value().is_some() || made_of != Some(name.as_str())
    }

    pub(super) fn replacement(&self, because: Vec<(AttributePath, String)>) -> PlannedResource {
        let mut plan = PlannedResource::new(Action::Replace, Value::Null);
        plan.diagnostics.extend(self.replaces_what_expired());
        let delete = self
            .server
            .map(|server| self.prior.capabilities(server).delete);
        let stays = self.name_stays_taken(&because);
        plan.diagnostics
            .extend(stays.or_else(|| leaves_something(delete?)));
        for (path, why) in because {
            plan.requires_replace.push(path.clone());
            plan.reasons.push(Reason::Replacement { path, why });
        }
        if self.kind == Kind::ServiceAccount {
            let whose = "the access tokens of the account that is replaced";
            plan.reasons
                .extend(Reason::tokens_end(whose, self.server, delete));
        }
        let state = self.new_object();
        Draft { plan, state }.done(self)
    }

    /// Terraform names the attribute that forces a replacement, and nothing else says that the secret had ended.
    fn replaces_what_expired(&self) -> Option<Diagnostic> {
        let expired = self.prior.status == Some(Status::Expired);
        let end = self.prior.stops_at_in_words(self.server);
        (expired && self.cannot_rotate()).then(|| {
            Diagnostic::warning(Code::ExpiredIsReplaced, "An expired access token is replaced")
                .detail(format!(
                    "{} expired {}; {} cannot rotate what has expired.",
                    name_of(self.prior),
                    end.as_deref().unwrap_or("at its end"),
                    self.title(),
                ))
                .at(AttributePath::attribute("expires_at"))
                .hint("Apply more often than `before_expiry` is long: a token that is rotated before its end keeps its id.")
        })
    }

    /// Where nothing is deleted, the new object cannot have the old one's name. Terraform deletes first: while the new name is not known,
    /// only what comes after that could tell.
    fn name_stays_taken(&self, because: &[(AttributePath, String)]) -> Option<Diagnostic> {
        let server = self.server?;
        let stays = match &self.config.name {
            Open::Unknown => replaces_what_may_stay(server, self.prior)?,
            Open::Known(name) if *name == self.prior.name => {
                replaces_what_stays(server, self.prior)?
            }
            Open::Known(_) => return None,
        };
        let Some((path, why)) = because.first() else {
            return Some(stays);
        };
        let detail = format!("`{path}` {why}. {}", stays.detail);
        Some(stays.detail(detail).at(path.clone()))
    }

    /// Where the name is the address, a new name is a new `id`; and the secret that the server keeps alive stands under it.
    pub(super) fn move_id(&self, differences: &[Difference], planned: &mut State<Planned>) {
        let renamed = differences
            .iter()
            .any(|difference| self.change(&difference.name) == UpdateCapability::Renames);
        if !renamed {
            return;
        }
        if self.prior.kept_by_server().is_some() {
            planned.retired = Open::Unknown;
        }
        planned.id = Open::Unknown;
    }

    /// What changing the attribute costs; a part of a block costs what the block costs, unless the server says otherwise.
    pub(super) fn change(&self, name: &str) -> UpdateCapability {
        if self.kind == Kind::AccessToken && matches!(name, "expires_at" | "ttl") {
            return expiry::change(self.capabilities);
        }
        let Some(capabilities) = self.capabilities else {
            return UpdateCapability::InPlace;
        };
        let block = name.split('.').next().unwrap_or(name);
        capabilities
            .attribute(name)
            .or_else(|| capabilities.attribute(block))
            .map_or(UpdateCapability::InPlace, |attribute| attribute.change)
    }
}
