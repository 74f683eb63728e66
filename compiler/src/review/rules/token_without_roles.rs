//! A token that can do nothing of what its account can.

use crate::model::Kind;
use crate::model::server::capabilities;
use crate::model::state::{Form as _, Outline, Roles, Shown};
use crate::plan::{Action, PUT_BACK, how_to_have_none, none_of_its_roles};
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::subject::{Item, Subject};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "token-without-roles",
    level: Level::Warning,
    summary: "A token has none of the roles of its account, which its configuration leaves it, and the plan leaves it so.",
    why: "Whoever takes a role from an account takes it from the account's tokens, and giving it back to the account does not give it \
          back to them: the plans after that are without changes, and all who use the token are refused.",
    remedy: "Set `roles` on the token, which every plan then holds it to. If it is to have none, say so: `roles = []`. Where its server \
             takes no empty `roles` and nobody needs it, remove its resource.",
    silent: "An account outside of the plan, and roles that are hidden or not known yet, cannot be compared. A token that lost some of its roles \
             is found by `power-changed-outside`.",
    is_told: false,
    check: |subject| {
        let items = subject.items.iter();
        let tokens = items.filter(|item| item.change.kind == Kind::AccessToken);
        tokens.filter_map(|item| without(subject, item)).collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["no-op"], "before": {"id": "sa_1", "name": "ci", "roles": ["viewer"]},
     "after": {"id": "sa_1", "name": "ci", "roles": ["viewer"]}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "service_account": "sa_1", "roles": []},
     "after": {"name": "ci", "service_account": "sa_1", "roles": []}}}],
 "configuration": {"root_module": {"resources": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "expressions": {"name": {"constant_value": "ci"}}}]}}}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["no-op"], "before": {"id": "sa_1", "name": "ci", "roles": ["viewer"]},
     "after": {"id": "sa_1", "name": "ci", "roles": ["viewer"]}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"], "before": {"name": "ci", "service_account": "sa_1", "roles": []},
     "after": {"name": "ci", "service_account": "sa_1", "roles": []}}}],
 "configuration": {"root_module": {"resources": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "expressions": {"roles": {"constant_value": []}}}]}}}"#,
    ),
};

fn without(subject: &Subject<'_>, item: &Item<'_>) -> Option<Hit> {
    let stays = matches!(item.change.action, Action::NoOp | Action::Update)
        && item.course.manner == Manner::Plain
        && item.course.left_over.is_none();
    if !stays || !subject.leaves_roles_out(item) {
        return None;
    }
    let roles = item.after.as_ref()?.roles.value()?.iter();
    let has: Vec<String> = roles
        .map(|role| Shown::known(role).cloned())
        .collect::<Option<_>>()?;
    let account = subject.account(item)?;
    let held = Outline::of(&account.planned).roles;
    let wanted = Roles::from(None);
    let (token, held_by) = (&item.change.address, &account.address);
    let server = subject.circumstances.api_of(token).map(capabilities);
    none_of_its_roles(server, &wanted, &has, token, &held, held_by).map(|_| {
        let message = match has.is_empty() {
            true => format!("has no role, though it leaves `roles` out and {held_by} has some"),
            false => {
                format!("leaves `roles` out, and loses all with {held_by}, which will have others")
            }
        };
        Hit {
            hint: Some(format!("{PUT_BACK} {}", how_to_have_none(server))),
            ..Hit::of(item, AttributePath::attribute("roles"), message)
        }
    })
}
