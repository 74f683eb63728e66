//! The state after a change: what was planned stays as planned, and what was unknown is as the server says.

use jiff::Timestamp;

use super::{reconcile, rotation};
use crate::model::kind::Kind;
use crate::value::Value;

/// The state after a create or update, from the planned state and what the server said afterwards (see
/// [`crate::model::observe`]), wholly known and compatible with the plan. A new secret stands in `observed`'s `token` or
/// `encrypted_token`; what planning already decided about retired secrets is kept, the rest is the caller's
/// (see [`rotation::retire`]).
pub fn conclude(
    kind: Kind,
    prior: &Value,
    planned: &Value,
    observed: Value,
    now: Timestamp,
) -> Value {
    let said = observed.clone();
    let reconciled = reconcile(kind, &without_unknown(planned), observed);
    let filled = fill(planned, &carry_retired(prior, &said, reconciled));
    let settled = rotation::settle(kind, filled, now);
    let settled = counted(planned, without_due(planned, settled));
    fill(planned, &settled)
}

/// The first secret that this state holds is its first, where the server does not count.
fn counted(planned: &Value, mut state: Value) -> Value {
    let has_secret = ["token", "encrypted_token"]
        .into_iter()
        .any(|name| !state.get(name).is_null());
    if planned.get("generation").is_unknown()
        && state.get("generation").is_null()
        && has_secret
        && let Some(entries) = state.as_map_mut()
    {
        entries.insert("generation", 1.into());
    }
    state
}

/// A secret issued a moment ago is not due; only the next read decides.
fn without_due(planned: &Value, mut state: Value) -> Value {
    if planned.get("rotation_due").is_unknown()
        && let Some(entries) = state.as_map_mut()
    {
        entries.insert("rotation_due", false.into());
    }
    state
}

/// Planning leaves `retired` unknown for a rotation: start from what the prior state knew.
fn carry_retired(prior: &Value, said: &Value, mut state: Value) -> Value {
    let own = state.get("id").clone();
    let before = rotation::entries(prior).filter(|entry| *entry.get("id") != own);
    let list = rotation::each_once(before.chain(rotation::entries(said)));
    if let Some(entries) = state.as_map_mut()
        && entries.contains_key("retired")
    {
        entries.insert("retired", Value::List(list));
    }
    state
}

/// `planned`, with each unknown part taken from `actual`.
fn fill(planned: &Value, actual: &Value) -> Value {
    match planned {
        Value::Unknown if actual.is_wholly_known() => actual.clone(),
        Value::Unknown => Value::Null,
        Value::Map(entries) if !planned.is_wholly_known() => {
            Value::Map(entries.map(|name, value| fill(value, actual.get(name))))
        }
        Value::List(items) if !planned.is_wholly_known() => {
            let actual = actual.as_list().unwrap_or_default();
            Value::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| fill(item, actual.get(index).unwrap_or(&Value::Null)))
                    .collect(),
            )
        }
        known => known.clone(),
    }
}

fn without_unknown(planned: &Value) -> Value {
    fill(planned, &Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::observe;
    use crate::model::record::ServiceAccountRecord;
    use crate::plan::plan_resource;
    use crate::secret::Secret;

    #[test]
    fn an_adopted_secret_is_the_first_where_the_server_does_not_count() {
        use crate::model::server::{Api, capabilities};
        for api in [Api::Chronosphere, Api::Openobserve] {
            let mut config = crate::model::facts::schema(Kind::ServiceAccount)
                .body
                .empty();
            config.insert("name", "ci".into());
            config.insert("on_conflict", "adopt".into());
            let plan = plan_resource(
                Kind::ServiceAccount,
                Some(capabilities(api)),
                &Value::Null,
                &Value::Map(config),
            );
            assert!(plan.planned.get("generation").is_unknown(), "{api:?}");
            let conclude = |token: Option<Secret>| {
                let observed = observe::service_account(&ServiceAccountRecord {
                    id: "ci".to_owned(),
                    name: "ci".to_owned(),
                    token,
                    ..ServiceAccountRecord::default()
                });
                let now = "2026-11-28T00:00:00Z".parse().unwrap();
                conclude(
                    Kind::ServiceAccount,
                    &Value::Null,
                    &plan.planned,
                    observed,
                    now,
                )
            };
            let held = conclude(Some(Secret::new("hunter2")));
            assert_eq!(held.get("generation"), &1.into(), "{api:?}");
            assert!(conclude(None).get("generation").is_null(), "{api:?}");
        }
    }
}
