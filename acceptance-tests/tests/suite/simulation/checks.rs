//! The invariants, as far as they are about one resource after an apply, and about all of a server's objects together.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::plan::inventory::{Found, Inventory, Match};
use lanyard_compiler::plan::{Action, Change, Plan, PlannedResource, plan_resource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, Object as _, connect, engine};
use lanyard_token_server::{Api, ReferenceServer};

use super::estate::{Able, capabilities};
use super::tally::Tally;
use crate::faults::holdings::Holdings;
use crate::provider::core::{self, Planned};
use crate::support::door::{lets_in, operator_of};
use crate::support::slots::slots;
use crate::support::states;

pub(super) fn secret(state: &Value) -> Option<Secret> {
    state.get("token").as_secret().cloned()
}

pub(super) fn count(state: &Value) -> i64 {
    let generation = state.get("generation").as_number();
    generation.and_then(|number| number.as_i64()).unwrap_or(0)
}

pub(super) fn text<'a>(state: &'a Value, name: &str) -> &'a str {
    state.get(name).as_str().unwrap_or_default()
}

pub(super) async fn works(server: &ReferenceServer, state: &Value, secret: &Secret) -> bool {
    lets_in(&operator_of(server), text(state, "id"), secret).await
}

/// 3: what is called alive is.
pub(super) async fn alive(server: &ReferenceServer, state: &Value, at: &str, tally: &mut Tally) {
    let Some(secret) = secret(state) else {
        return;
    };
    let disabled = state.get("disabled").as_bool() == Some(true);
    // Of an account's secret that a token stands for, this says that another one replaced it.
    let replaced =
        state.get("status").is_null() && state.get("rotation_due").as_bool() == Some(true);
    let dead = matches!(text(state, "status"), "expired" | "revoked" | "disabled");
    // What was planned before the end stays as planned until the next read.
    let end: Option<jiff::Timestamp> = text(state, "expires_at").parse().ok();
    let over = end.is_some_and(|end| end <= server.clock().now());
    let called = !disabled && !replaced && !dead && !over;
    if called {
        let works = works(server, state, &secret).await;
        tally.check(works, || {
            format!(
                "3: {at}: the secret in the state does not work: {}",
                told(state)
            )
        });
    }
}

/// 4: a new secret counts and says why.
pub(super) fn counted(before: &Value, after: &Value, at: &str, tally: &mut Tally) {
    if before.is_null() || after.is_null() || before.get("id") != after.get("id") {
        return;
    }
    tally.check(count(after) >= count(before), || {
        format!(
            "4: {at}: generation falls from {} to {}",
            count(before),
            count(after)
        )
    });
    let (old, new) = (secret(before), secret(after));
    if old.is_some() && new.is_some() && old != new {
        let reason = text(after, "rotation_reason");
        let holds = count(after) > count(before) && !reason.is_empty();
        tally.check(holds, || {
            format!(
                "4: {at}: a new secret under generation {} because {reason:?}",
                count(after)
            )
        });
    }
    let retired = states::retired(after).into_iter();
    let ids: Vec<String> = retired.map(|entry| entry.id).collect();
    let mut once = ids.clone();
    once.dedup();
    tally.check(once.len() == ids.len(), || {
        format!("4: {at}: retired twice: {ids:?}")
    });
}

/// 8: what a review of the plan counts is what happened.
pub(super) fn as_reviewed(
    kind: Kind,
    before: &Value,
    reviewed: Planned,
    after: &Value,
    at: &str,
    tally: &mut Tally,
) {
    let Planned {
        action,
        value,
        warnings: _,
    } = reviewed;
    let action = match action {
        core::Action::Create => Action::Create,
        core::Action::Update => Action::Update,
        core::Action::Replace => Action::Replace,
        core::Action::NoOp => Action::NoOp,
    };
    let change = Change::read(
        at,
        kind,
        before.clone(),
        PlannedResource::new(action, value),
    );
    let only_the_clock_tells = change.may_rotate();
    let counts = Plan {
        changes: vec![change],
    }
    .counts();
    let stays = !before.is_null() && before.get("id") == after.get("id");
    let rotated = stays && count(after) > count(before);
    let happened = match (counts.create, counts.replace, counts.rotate, counts.update) {
        (1, 0, 0, 0) => before.is_null() && !after.is_null(),
        (0, 1, 0, 0) => !before.is_null() && !after.is_null(),
        (0, 0, 1, 1) => rotated || only_the_clock_tells,
        (0, 0, 0, 1) => !rotated && !after.is_null(),
        _ => counts.unchanged == 1 && before == after,
    };
    tally.check(happened, || {
        format!(
            "8: {at}: a review says {counts:?}: {} -> {}",
            told(before),
            told(after)
        )
    });
}

/// 5: the server has what the states know, and nothing else.
pub(super) fn known(
    server: &ReferenceServer,
    ground: &Holdings,
    states: &[(Kind, Value)],
    at: &str,
    tally: &mut Tally,
) {
    let there = Holdings::of(server).since(ground);
    let of = |kind| {
        states
            .iter()
            .filter(move |(other, state)| *other == kind && !state.is_null())
    };
    let accounts = of(Kind::ServiceAccount).count();
    tally.check(there.accounts.len() == accounts, || {
        format!(
            "5: {at}: {accounts} accounts are known, and there are {:?}",
            there.accounts
        )
    });
    let slotted = matches!(server.api, Api::Osmo | Api::Elasticsearch);
    if matches!(server.api, Api::OpenObserve | Api::Chronosphere) {
        return;
    }
    if !slotted {
        let tokens = of(Kind::AccessToken).count();
        tally.check(there.tokens.len() == tokens, || {
            format!(
                "5: {at}: {tokens} tokens are known, and there are {:?}",
                there.tokens
            )
        });
        return;
    }
    for (_, state) in of(Kind::AccessToken) {
        let name = text(state, "name");
        let number = |slot: &str| {
            slot.rsplit_once("--")
                .map_or(1, |(_, number)| number.parse().unwrap_or(1))
        };
        let retired = states::retired(state);
        let retired = retired.iter().filter_map(|entry| {
            let (_, number) = entry.id.rsplit_once('@')?;
            number.parse::<i64>().ok()
        });
        let covered: Vec<i64> = retired.collect();
        let all = slots(server, name);
        let newest = all.iter().map(|slot| number(slot)).max().unwrap_or(0);
        let unknown: Vec<&String> = all
            .iter()
            .filter(|slot| number(slot) != newest && !covered.contains(&number(slot)))
            .collect();
        tally.check(unknown.is_empty(), || {
            format!("5: {at}: nobody knows {unknown:?}: {}", told(state))
        });
    }
}

/// 7: the command plans a new secret where the provider does.
pub(super) async fn doors_agree(
    server: &ReferenceServer,
    states: &[(Kind, Value, Value)],
    at: &str,
    tally: &mut Tally,
) {
    if !matches!(server.api, Api::Native | Api::Osmo | Api::Splunk) {
        return;
    }
    let operator = operator_of(server);
    let connection = connect(&operator).expect("the settings are right");
    let Ok(current) = engine::read_all(&*connection, &Filter::default()).await else {
        return;
    };
    let found = current.access_tokens.iter().map(found).collect();
    let mut inventory = Inventory::new(found, None, current.read_at);
    let server = Some(capabilities(server.api));
    for (kind, state, config) in states {
        if *kind != Kind::AccessToken
            || secret(state).is_none()
            || text(state, "status") == "revoked"
        {
            continue;
        }
        let Match::Ours(index) = inventory.claim(*kind, &Outline::of(config), None) else {
            continue;
        };
        let prior = inventory
            .prior(index, config)
            .expect("it was found")
            .write();
        let renews = |prior: &Value| {
            let planned = plan_resource(*kind, server, prior, config);
            planned.action == Action::Replace || states::rotates(prior, &planned.planned)
        };
        let died = lanyard_compiler::plan::died(*kind, server, &prior, config).is_some();
        let (provider, command) = (renews(state), renews(&prior) || died);
        tally.check(provider == command, || {
            format!(
                "7: {at}: the provider renews: {provider}, the command: {command}: {}",
                told(state)
            )
        });
    }
}

fn found(record: &AccessTokenRecord) -> Found {
    Found {
        kind: Kind::AccessToken,
        state: lanyard_compiler::model::AccessToken::observe(record),
        managed_by: None,
        created_at: record.created_at,
        last_used_at: record.last_used_at,
        trace: None,
        claimed_by: None,
    }
}

/// What a violation tells of a state.
pub(super) fn told(state: &Value) -> String {
    [
        "name",
        "id",
        "generation",
        "status",
        "disabled",
        "issued_at",
        "expires_at",
        "ttl",
        "rotate_at",
        "rotation_due",
        "rotation",
        "retired",
        "rotation_reason",
    ]
    .iter()
    .map(|name| format!("{name}={:?}", state.get(name)))
    .collect::<Vec<_>>()
    .join(" ")
}

/// 6, in the beginning: the secret before a rotation works on if there is a grace period, and only then.
pub(super) async fn graced(
    server: &ReferenceServer,
    (before, after): (&Value, &Value),
    able: &Able,
    at: &str,
    tally: &mut Tally,
) {
    let (Some(old), Some(new)) = (secret(before), secret(after)) else {
        return;
    };
    if old == new || before.get("id") != after.get("id") || !able.grace {
        return;
    }
    let end: Option<jiff::Timestamp> = text(before, "expires_at").parse().ok();
    let over = end.is_some_and(|end| end <= server.clock().now());
    let graced = !over && !states::retired(after).is_empty();
    let works = works(server, after, &old).await;
    tally.check(works == graced, || {
        format!(
            "6: {at}: retired says {graced}, and that the old secret works is {works}: {}",
            told(after)
        )
    });
}
