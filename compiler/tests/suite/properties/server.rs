//! What a server makes of a plan, and what it shows when it is read.

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::Lifetime;
use lanyard_compiler::model::checks;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, Capabilities, RotationCapability, capabilities};
use lanyard_compiler::plan::{Action, PlannedResource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Step, Value};

use crate::oracle::assert_compatible;
use crate::states;
use crate::world::{set, unsay};
/// A server that does what was planned.
pub(super) fn apply(
    kind: Kind,
    server: &Capabilities,
    prior: &Value,
    config: &Value,
    plan: &PlannedResource,
    now: Timestamp,
) -> Value {
    let prior = if plan.action == Action::Replace {
        &Value::Null
    } else {
        prior
    };
    let rotates = states::rotates(prior, &plan.planned);
    let mut observed = plan.planned.clone();
    let ttl = config
        .get("ttl")
        .as_str()
        .and_then(|text| Lifetime::parse(text).ok())
        .map_or(2_592_000, Lifetime::seconds);
    let end =
        now + SignedDuration::from_secs(i64::try_from(ttl).expect("test lifetimes are short"));
    let answers: Vec<(&str, Value)> = vec![
        ("id", "x_1".into()),
        ("slug", "slug".into()),
        ("email", "x@example.com".into()),
        ("roles", Value::set(["viewer".into()])),
        ("scopes", Value::set([])),
        ("created_at", now.to_string().into()),
        ("issued_at", now.to_string().into()),
        ("token", Secret::new(format!("lyd_{now}")).into()),
        ("encrypted_token", "age".into()),
        ("expires_at", end.to_string().into()),
        (
            "status",
            if plan.planned.get("disabled").as_bool() == Some(true) {
                "disabled"
            } else {
                "active"
            }
            .into(),
        ),
        ("generation", 1.into()),
        ("previous_token", prior.get("token").clone()),
        ("retired", Value::List(Vec::new())),
    ];
    for (name, answer) in answers {
        if observed.get(name).is_unknown() {
            set(&mut observed, name, answer);
        }
    }
    let state = states::conclude(kind, prior, &plan.planned, observed, now);
    let two_slots = kind.capabilities_for(server, config).rotation == RotationCapability::TwoSlots;
    let state = if rotates && two_slots {
        states::retire(state, "slot_0", Some(now))
    } else {
        state
    };
    assert_compatible(&plan.planned, &state);
    state
}

pub(super) fn read(kind: Kind, state: &Value, now: Timestamp) -> Value {
    let mut observed = state.clone();
    for name in [
        "token",
        "encrypted_token",
        "previous_token",
        "ttl",
        "rotation",
        "rotation_reason",
        "rotate_at",
        "recipient",
    ] {
        if !observed.get(name).is_null() {
            set(&mut observed, name, Value::Null);
        }
    }
    if kind == Kind::AccessToken {
        set(&mut observed, "retired", Value::Null);
        unsay(&mut observed);
    }
    let once = states::reconcile(kind, state, observed.clone());
    let twice = states::reconcile(kind, &once, observed);
    assert_eq!(once, twice, "reconciling again changes something");
    states::settle(kind, once, now)
}

/// Corrects what the server does not take, so that most cases are worth planning.
pub(super) fn sanitize(kind: Kind, api: Api, mut config: Value) -> Value {
    let server = capabilities(api);
    for _ in 0..3 {
        for complaint in checks::validate(kind, Some(server), &config)
            .iter()
            .filter(|complaint| complaint.is_error())
        {
            let Some(Step::Attribute(name)) = complaint.path.steps().first() else {
                return config;
            };
            let value = match (complaint.code, name.as_str()) {
                (_, "name") => "ns/a".into(),
                (Code::RequiredOnServer, "service_account") => "sa_1".into(),
                (Code::RestrictionNotChosen, _) => true.into(),
                (_, "alert") => Value::List(Vec::new()),
                _ => Value::Null,
            };
            set(&mut config, name, value);
        }
    }
    config
}
