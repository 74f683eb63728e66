//! Configurations and states in few words, and a server that does what was planned.

use crate::states;
use jiff::Timestamp;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Capabilities, native};
use lanyard_compiler::plan::{self, PlannedResource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

pub(crate) const NATIVE: &Capabilities = &native::CAPABILITIES;

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("the test world is well formed")
}

/// A configuration of the schema's shape: null but for these entries.
pub(crate) fn config<const N: usize>(kind: Kind, entries: [(&str, Value); N]) -> Value {
    let body = &facts::schema(kind).body;
    let mut config = body.empty();
    for attribute in &body.attributes {
        config.insert(attribute.name.clone(), Value::Null);
    }
    for (name, value) in entries {
        assert!(
            config.insert(name.to_owned(), value).is_some(),
            "{kind} has no {name}"
        );
    }
    Value::Map(config)
}

/// An access token's configuration.
pub(crate) fn token<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut config = config(Kind::AccessToken, entries);
    if config.get("name").is_null() {
        set(&mut config, "name", "ci");
    }
    config
}

/// A rotation block.
pub(crate) fn rotation<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut block = facts::schema(Kind::AccessToken)
        .body
        .block("rotation")
        .expect("the test world is well formed")
        .body
        .empty()
        .map(|_, _| Value::Null);
    for (name, value) in entries {
        block.insert(name.to_owned(), value);
    }
    Value::Map(block)
}

pub(crate) fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    object
        .as_map_mut()
        .expect("the test world is well formed")
        .insert(name.to_owned(), value.into());
}

pub(crate) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    set(&mut object, name, value);
    object
}

pub(crate) fn plan(prior: &Value, config: &Value) -> PlannedResource {
    let plan = plan::plan_resource(Kind::AccessToken, Some(NATIVE), prior, config);
    assert_eq!(
        plan,
        plan::plan_resource(Kind::AccessToken, Some(NATIVE), prior, config)
    );
    crate::oracle::assert_plan_valid(Kind::AccessToken, prior, config, &plan);
    plan
}

/// What a native server would say after the plan was applied at `now`, and the state that follows.
pub(crate) fn apply(
    prior: &Value,
    config: &Value,
    plan: &PlannedResource,
    now: Timestamp,
) -> Value {
    let mut observed = plan.planned.clone();
    let rotated = prior.is_null() || states::rotates(prior, &plan.planned);
    let answers: [(&str, Value); 9] = [
        ("id", "at_1".into()),
        ("roles", Value::set(["viewer".into()])),
        ("scopes", Value::set([])),
        ("issued_at", now.to_string().into()),
        ("token", Secret::new(format!("lyd_{now}")).into()),
        ("encrypted_token", "age".into()),
        ("status", "active".into()),
        ("expires_at", expires_at(config, now)),
        ("generation", 1.into()),
    ];
    for (name, answer) in answers {
        if observed.get(name).is_unknown() {
            set(&mut observed, name, answer);
        }
    }
    if rotated && config.get("recipient").is_null() {
        set(&mut observed, "token", Secret::new(format!("lyd_{now}")));
    }
    for (name, value) in observed
        .clone()
        .as_map()
        .expect("the test world is well formed")
    {
        if value.is_unknown() {
            set(&mut observed, name, Value::Null);
        }
    }
    let state = states::conclude(Kind::AccessToken, prior, &plan.planned, observed, now);
    crate::oracle::assert_compatible(&plan.planned, &state);
    state
}

/// The state after reading it at `now`, when nothing happened on the server meanwhile.
pub(crate) fn read(state: &Value, now: Timestamp) -> Value {
    let mut observed = state.clone();
    for name in [
        "token",
        "encrypted_token",
        "previous_token",
        "ttl",
        "rotation",
        "rotation_reason",
        "rotate_at",
    ] {
        set(&mut observed, name, Value::Null);
    }
    unsay(&mut observed);
    let state = states::reconcile(Kind::AccessToken, state, observed);
    states::settle(Kind::AccessToken, state, now)
}

/// Plans, applies and reads.
pub(crate) fn create(config: &Value, now: Timestamp) -> Value {
    let plan = plan(&Value::Null, config);
    assert_eq!(plan.diagnostics, [], "{plan:#?}");
    read(&apply(&Value::Null, config, &plan, now), now)
}

/// Most servers do not say whether a secret works, but for what is disabled.
pub(crate) fn unsay(observed: &mut Value) {
    if observed.get("disabled").as_bool() != Some(true) {
        set(observed, "status", Value::Null);
    }
}

fn expires_at(config: &Value, now: Timestamp) -> Value {
    let Some(ttl) = config.get("ttl").as_str() else {
        return config.get("expires_at").clone();
    };
    let seconds = lanyard_compiler::model::Lifetime::parse(ttl)
        .expect("the test world is well formed")
        .seconds();
    let end = now
        + jiff::SignedDuration::from_secs(
            i64::try_from(seconds).expect("the test world is well formed"),
        );
    end.to_string().into()
}
