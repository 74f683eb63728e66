//! Which credential Terraform itself signs in with, as far as the file of a plan tells: by the arguments of a provider block, and by what
//! a server said when it was asked. What comes from the environment stands in no plan.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{consumers, ours};
use crate::model::kind::Kind;
use crate::plan::Change;
use crate::review::circumstances::Reviewed;
use crate::secret::Secret;

/// The value of a variable of the configuration: in clear, whatever its mark is.
#[derive(Deserialize)]
pub(super) struct Variable {
    #[serde(default)]
    value: Json,
}

/// What a `lanyard_identity` says.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) address: String,
    pub(super) access_token: Option<String>,
    pub(super) service_account: Option<String>,
}

/// The credentials, each with who signs in with it.
pub(super) struct SignsIn {
    secrets: Vec<(Secret, String)>,
    identities: Vec<Identity>,
}

impl SignsIn {
    pub(super) fn of(
        configuration: &Json,
        variables: Option<&BTreeMap<String, Variable>>,
        identities: Vec<Identity>,
    ) -> Self {
        let mut secrets = Vec::new();
        for provider in ours(&configuration["provider_config"]) {
            let who = format!("{} signs in with", consumers::provider_address(provider));
            let is_root = provider["module_address"].is_null();
            for name in ["token", "password"] {
                let expression = &provider["expressions"][name];
                texts(&expression["constant_value"], &mut |text| {
                    secrets.push((Secret::new(text), who.clone()));
                });
                let references = expression["references"].as_array().into_iter().flatten();
                let of_root = references.filter_map(Json::as_str).filter(|_| is_root);
                let named = of_root.filter_map(|reference| reference.strip_prefix("var."));
                for value in named.filter_map(|name| variables?.get(name)) {
                    texts(&value.value, &mut |text| {
                        secrets.push((Secret::new(text), who.clone()));
                    });
                }
            }
        }
        // What is empty is nobody's secret.
        secrets.retain(|(secret, _)| !secret.expose().is_empty());
        Self {
            secrets,
            identities,
        }
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = Secret> {
        self.secrets.iter().map(|(secret, _)| secret.clone())
    }

    /// Marks the credentials in use, and their accounts.
    pub(super) fn mark(&self, reviewed: &mut Reviewed) {
        let later = &mut reviewed.circumstances.put_off.changes;
        let now = reviewed.plan.changes.iter();
        let now = now.zip(&mut reviewed.circumstances.courses);
        let mut all: Vec<_> = now
            .chain(later.iter_mut().map(|(change, course)| (&*change, course)))
            .filter(|(_, course)| course.left_over.is_none())
            .collect();
        let mut accounts: BTreeMap<String, String> = BTreeMap::new();
        for identity in &self.identities {
            let account = identity.service_account.clone();
            accounts.extend(account.map(|account| (account, identity.who())));
        }
        for (change, course) in &mut all {
            course.signs_in = self.itself(change).map(|who| format!("{who} it"));
            let account = text(change, "service_account");
            if let (Some(who), Some(account)) = (self.itself(change), account) {
                accounts.insert(account.to_owned(), who);
            }
        }
        for (change, course) in all {
            let id = text(change, "id").filter(|_| change.kind == Kind::ServiceAccount);
            let who = id.and_then(|id| accounts.get(id));
            if let (Some(who), None) = (who, &course.signs_in) {
                course.signs_in = Some(format!("{who} a token of it"));
            }
        }
    }

    /// Who signs in with the secret of an object, if somebody does: `provider["lanyard"] signs in with`.
    fn itself(&self, change: &Change) -> Option<String> {
        let held = ["token", "previous_token"].map(|name| change.prior.get(name).as_secret());
        let held = |secret: &Secret| held.iter().flatten().any(|held| *held == secret);
        let by_secret = self.secrets.iter().find(|(secret, _)| held(secret));
        if let Some((_, who)) = by_secret {
            return Some(who.clone());
        }
        let id = text(change, "id")?;
        let by_id = self.identities.iter().find(|identity| {
            let token = identity.access_token.as_deref();
            // Where no token is told, it is the account's own secret.
            let is_account = token.is_none() && identity.service_account.as_deref() == Some(id);
            match change.kind {
                Kind::AccessToken => token == Some(id),
                Kind::ServiceAccount => is_account,
            }
        });
        by_id.map(Identity::who)
    }
}

impl Identity {
    fn who(&self) -> String {
        format!("Terraform, as {} was told, signs in with", self.address)
    }
}

fn text<'a>(change: &'a Change, name: &str) -> Option<&'a str> {
    change.prior.get(name).as_str()
}

/// Every text in a value.
fn texts(json: &Json, found: &mut impl FnMut(&str)) {
    match json {
        Json::String(text) => found(text),
        Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Json::Object(entries) => entries.values().for_each(|item| texts(item, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
