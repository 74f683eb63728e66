//! A secret that nobody can use, in a plan that leaves it so.

use crate::model::Kind;
use crate::plan::NotWorking;
use crate::review::circumstances::Manner;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::power::is_disabled;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "secret-does-not-work",
    level: Level::Warning,
    summary: "The secret of a token does not work, and the plan leaves it so.",
    why: "Its account is disabled, or it ended and nothing renews it: all who use it are locked out, although the configuration says \
          nothing of the kind and a plan without changes looks as if all were well.",
    remedy: "Enable the account, or issue a new secret. If it is meant, set `disabled` on the token, or remove it.",
    silent: "A token whose status is hidden or not known yet is not looked at; a server is asked when the plan is made, and not when it \
             is reviewed.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in &subject.items {
            let (Some(before), Some(after)) = (&item.before, &item.after) else {
                continue;
            };
            let leaves = item.ends() || item.course.manner == Manner::Forgets;
            let status = before.status.value().copied();
            let why = NotWorking::of(status, before.disabled.value().copied());
            let Some(why) = why.filter(|_| item.change.kind == Kind::AccessToken && !leaves) else {
                continue;
            };
            let message = match why {
                NotWorking::AccountDisabled => {
                    let account = subject.account(item);
                    let of_account = |state| is_disabled(&state);
                    let is_enabled = account.is_some_and(|account| {
                        let after = account.seen_after().and_then(of_account);
                        account.seen_before().and_then(of_account) == Some(true)
                            && after == Some(false)
                    });
                    if is_enabled || is_disabled(after) != Some(false) {
                        continue;
                    }
                    "has a secret that does not work: its service account is disabled"
                }
                // What is decided anew is known after the apply.
                _ if after.status.value().copied() != status => continue,
                NotWorking::Expired => {
                    "has a secret that does not work: it expired, and nothing renews it"
                }
                NotWorking::Revoked => {
                    "has a secret that does not work: the server does not accept it, and nothing renews it"
                }
            };
            let path = AttributePath::attribute("status");
            found.push(Hit::of(item, path, message));
        }
        found
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"},
     "after": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"}}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
   "change": {"actions": ["update"], "before": {"id": "sa_1", "name": "ci", "disabled": true},
     "after": {"id": "sa_1", "name": "ci", "disabled": false}}},
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["no-op"],
     "before": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"},
     "after": {"name": "ci", "service_account": "sa_1", "disabled": false, "status": "disabled"}}}]}"#,
    ),
};
