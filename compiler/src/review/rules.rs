//! The rules, in the order in which the reference lists them: one file each, with its code, its words, its check, a change that it finds
//! and one that it lets pass.

mod account_ends_while_used;
mod credential_in_use;
mod dead_secret;
mod disabled_while_used;
mod duplicate_name;
mod ends;
mod ends_before_replaced;
mod ephemeral_stored;
mod exception_is_over;
mod gains_power;
mod grace_over_policy;
mod held_twice;
mod invoked_action;
mod is_forgotten;
mod is_replaced;
mod lifetime_over_policy;
mod mass_deletion;
mod naming_convention;
mod never_expires;
mod no_grace_while_used;
mod permission_widened;
mod plain_http;
mod power_changed_outside;
mod replaced_by_hand;
mod restriction_dropped;
mod roles_beyond_account;
mod rotates_at_once;
mod rotation_missing;
mod secret_does_not_work;
mod secret_held_twice;
mod secret_in_file;
mod secret_in_provisioner;
mod secret_in_state;
mod secret_in_terraform_data;
mod secret_shown;
mod shared_across_teams;
mod takes_what_exists;
mod token_ends_soon;
mod token_without_roles;
mod unrestricted_account;
mod visibility_widened;
mod wildcard_scope;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::assess::Danger;
use super::circumstances::PutOff;
use super::findings::{Finding, Hit, Rule};
use super::subject::Subject;
use super::words;
use crate::language::Instance;
use crate::parallel;
use crate::value::AttributePath;

/// All rules.
pub const RULES: &[&Rule] = &[
    &ends::RULE,
    &is_replaced::RULE,
    &is_forgotten::RULE,
    &rotates_at_once::RULE,
    &gains_power::RULE,
    &power_changed_outside::RULE,
    &invoked_action::RULE,
    &credential_in_use::RULE,
    &account_ends_while_used::RULE,
    &disabled_while_used::RULE,
    &dead_secret::RULE,
    &ends_before_replaced::RULE,
    &secret_does_not_work::RULE,
    &token_ends_soon::RULE,
    &held_twice::RULE,
    &secret_held_twice::RULE,
    &replaced_by_hand::RULE,
    &mass_deletion::RULE,
    &takes_what_exists::RULE,
    &unrestricted_account::RULE,
    &permission_widened::RULE,
    &restriction_dropped::RULE,
    &wildcard_scope::RULE,
    &visibility_widened::RULE,
    &roles_beyond_account::RULE,
    &token_without_roles::RULE,
    &never_expires::RULE,
    &lifetime_over_policy::RULE,
    &rotation_missing::RULE,
    &no_grace_while_used::RULE,
    &grace_over_policy::RULE,
    &secret_shown::RULE,
    &secret_in_provisioner::RULE,
    &secret_in_terraform_data::RULE,
    &secret_in_file::RULE,
    &secret_in_state::RULE,
    &ephemeral_stored::RULE,
    &shared_across_teams::RULE,
    &duplicate_name::RULE,
    &naming_convention::RULE,
    &plain_http::RULE,
    &exception_is_over::RULE,
];

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// What the rules find in a plan, the worst first and what is excepted last; alike ones in the order of the rules and of the plan.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut instances: HashMap<&str, &Instance> = HashMap::new();
    for instance in subject
        .configuration
        .iter()
        .flat_map(|found| &found.instances)
    {
        instances.insert(&instance.address, instance);
    }
    let later = put_off(subject);
    let find = |rule: &'static Rule| {
        let hits = (rule.check)(subject).into_iter();
        let told = hits.filter_map(|hit| {
            let level = subject.settings.level(rule, &hit.address)?;
            let Hit {
                address,
                path,
                message,
                hint,
                place,
                left_over,
            } = hit;
            let message = match &left_over {
                Some(key) => format!("{message} (not the live object: deposed {key})"),
                None if later.contains(address.as_str()) => {
                    format!("{message} (put off: a later plan does it)")
                }
                None => message,
            };
            let exception = subject.settings.exception(rule, &address);
            let instance = instances.get(address.as_str());
            Some(Finding {
                rule,
                level,
                message,
                hint,
                place: place.or_else(|| Some(instance?.span_of(&path).clone())),
                excepted: exception.map(|exception| exception.reason.clone()),
                address,
                path,
                left_over,
            })
        });
        told.collect::<Vec<Finding>>()
    };
    let found = parallel::map_over(RULES.to_vec(), subject.items.len(), find);
    let mut found: Vec<Finding> = found.into_iter().flatten().collect();
    // A review of thousands has tens of thousands: a key of each takes less room than a second half of the list.
    found.sort_by_cached_key(|finding| (finding.excepted.is_some(), Reverse(finding.level)));
    found
}

/// The addresses of all that a later plan does, and this one nothing to.
fn put_off<'a>(subject: &'a Subject<'_>) -> HashSet<&'a str> {
    let PutOff { changes, calls } = &subject.circumstances.put_off;
    let addresses = changes.iter().map(|(change, _)| change.address.as_str());
    let calls = calls.iter().map(|call| call.address.as_str());
    let mut found: HashSet<&str> = addresses.chain(calls).collect();
    let now = subject.items.len() - changes.len();
    for item in &subject.items[..now] {
        found.remove(item.change.address.as_str());
    }
    found
}

/// What was assessed as this dangerous, in the words of the review.
fn assessed_as(subject: &Subject<'_>, danger: Danger) -> Vec<Hit> {
    let found = subject.touched();
    found
        .filter(|item| item.danger == danger)
        .map(|item| {
            let root = AttributePath::root();
            let mut message = words::headline(item);
            if danger == Danger::GainsPower {
                message.push_str(&format!("; it gains {}", item.gained.join(", ")));
            }
            Hit::of(item, root, message)
        })
        .collect()
}
