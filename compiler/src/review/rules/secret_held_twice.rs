//! An account and its token that would end each other's only secret.

use crate::model::Kind;
use crate::model::server::{Naming, capabilities};
use crate::plan::Action;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::{Item, Subject};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "secret-held-twice",
    level: Level::Error,
    summary: "A server has one secret for an account, which a token is, and the account's `rotation` block renews it, too.",
    why: "Each apply ends the secret that the other resource has issued, and whoever uses that is locked out.",
    remedy: "Remove the `rotation` block of the account, and let its users take the `token` of the token's resource; or remove the token.",
    silent: "Nothing is said where a plan does not tell what kind of server it is, or which account a token belongs to: `api` from the environment, or an \
             account that is passed through a module, is not seen. `lanyard validate` and `--base`, which read the files, refuse it.",
    is_told: false,
    check: |subject| {
        let mut found: Vec<Hit> = Vec::new();
        for token in &subject.items {
            let Some(account) = renewed_with(subject, token) else {
                continue;
            };
            let address = &token.change.address;
            let message =
                format!("renews the secret that {address} is: each apply would end the other's");
            found.push(Hit::of(
                account,
                AttributePath::attribute("rotation"),
                message,
            ));
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["create"], "before": null,
     "after": {"name": "ci", "email": "ci@example.com", "rotation": {"triggers": {"round": "1"}}}, "after_unknown": {"id": true}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "ci", "ttl": null},
     "after_unknown": {"id": true, "service_account": true, "token": true}}}],
 "configuration": {"provider_config": {"lanyard": {"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard",
     "expressions": {"api": {"constant_value": "openobserve"}}}},
   "root_module": {"resources": [
     {"address": "lanyard_service_account.ci", "provider_config_key": "lanyard", "expressions": {}},
     {"address": "lanyard_access_token.ci", "provider_config_key": "lanyard", "expressions": {
       "service_account": {"references": ["lanyard_service_account.ci.id", "lanyard_service_account.ci"]}}}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["create"], "before": null,
     "after": {"name": "ci", "email": "ci@example.com"}, "after_unknown": {"id": true}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "ci", "ttl": null},
     "after_unknown": {"id": true, "service_account": true, "token": true}}}],
 "configuration": {"provider_config": {"lanyard": {"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard",
     "expressions": {"api": {"constant_value": "openobserve"}}}},
   "root_module": {"resources": [
     {"address": "lanyard_service_account.ci", "provider_config_key": "lanyard", "expressions": {}},
     {"address": "lanyard_access_token.ci", "provider_config_key": "lanyard", "expressions": {
       "service_account": {"references": ["lanyard_service_account.ci.id", "lanyard_service_account.ci"]}}}]}}}"#,
    ),
};

/// The account that renews the secret which this token is.
fn renewed_with<'a>(subject: &'a Subject<'_>, token: &Item<'_>) -> Option<&'a Item<'a>> {
    let stays =
        |item: &Item<'_>| item.change.action != Action::Delete && item.course.left_over.is_none();
    if token.change.kind != Kind::AccessToken || !stays(token) {
        return None;
    }
    let state = token.after.as_ref()?;
    let server = subject.circumstances.server_of(&token.change.address)?;
    let server = capabilities(server.api?);
    let is_secret_of_account = server.service_account.issues_secret
        && matches!(state.capabilities(server).naming, Naming::Account);
    let account = subject.account(token).filter(|_| is_secret_of_account)?;
    let mut items = subject.items.iter();
    let account = items.find(|item| item.change.address == account.address && stays(item))?;
    let renews = account.after.as_ref()?.rotation.value().is_some();
    renews.then_some(account)
}
