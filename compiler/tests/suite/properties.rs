//! Planning holds its promises for any configuration over any state, on every server: Terraform accepts each plan, the plan made
//! again with more known agrees with it, one apply finishes it, and no secret shows.

mod configurations;
mod server;

use jiff::SignedDuration;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, Capabilities, capabilities};
use lanyard_compiler::plan::{self, Action, PlannedResource};
use lanyard_compiler::value::Value;
use proptest::prelude::*;
use proptest::sample::select;

use configurations::configuration;
use server::{apply, read, sanitize};

use crate::oracle::assert_plan_valid;
use crate::states;
use crate::world::{self, set, time};

const START: &str = "2026-11-22T10:00:00Z";

/// Replaces what is unknown by parts of another configuration.
fn resolve(config: &Value, with: &Value) -> Value {
    match (config, with) {
        (Value::Unknown, Value::Unknown) => Value::Null,
        (Value::Unknown, known) => known.clone(),
        (Value::Map(entries), with) => Value::map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), resolve(value, with.get(key)))),
        ),
        (Value::List(items), with) if !config.is_wholly_known() => {
            let with = with.as_list().unwrap_or_default();
            Value::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| resolve(item, with.get(index).unwrap_or(&Value::Null)))
                    .collect(),
            )
        }
        (known, _) => known.clone(),
    }
}

/// Null is no value for what must be set: unknown parts resolve to something.
fn settle_required(kind: Kind, config: &mut Value) {
    if config.get("name").is_null() {
        set(config, "name", "a");
    }
    for (block, name, value) in [
        ("visibility", "level", "admins"),
        ("restriction", "permission", "READ"),
    ] {
        let mut inner = config.get(block).clone();
        if inner.as_map().is_some() && inner.get(name).is_null() {
            set(&mut inner, name, value);
            set(config, block, inner);
        }
    }
    let alerts: Vec<Value> = config
        .get("alert")
        .as_list()
        .unwrap_or_default()
        .iter()
        .map(|alert| {
            if alert.get("type").is_null() {
                world::with(alert.clone(), "type", "Email")
            } else {
                alert.clone()
            }
        })
        .collect();
    if kind == Kind::AccessToken {
        set(config, "alert", Value::List(alerts));
    }
}

/// What happens to an object between two runs.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Nothing,
    /// Somebody rotated it.
    Rotated,
    /// It was imported: no secret, nothing local.
    Imported,
}

#[derive(Clone)]
struct Case {
    kind: Kind,
    api: Api,
    before: Value,
    days: i64,
    meanwhile: Meanwhile,
    config: Value,
    later: Value,
    settings_known: bool,
}

/// Shows what is set, on few lines.
impl std::fmt::Debug for Case {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            kind,
            api,
            before,
            days,
            meanwhile,
            config,
            later,
            settings_known,
        } = self;
        let short = |config: &Value| {
            let entries = config.as_map().into_iter().flatten();
            let set = entries.filter(|(_, value)| {
                !value.is_null() && value.as_list().is_none_or(|list| !list.is_empty())
            });
            set.map(|(name, value)| format!("{name}={value:?}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        writeln!(
            formatter,
            "{kind} on {api:?}, settings known: {settings_known}, {meanwhile:?}, after {days} days"
        )?;
        writeln!(formatter, "  before: {}", short(before))?;
        writeln!(formatter, "  config: {}", short(config))?;
        write!(formatter, "  later:  {}", short(later))
    }
}

fn case() -> impl Strategy<Value = Case> {
    (select(Kind::ALL.to_vec()), select(Api::ALL.to_vec())).prop_flat_map(|(kind, api)| {
        (
            configuration(kind, false),
            select(vec![0_i64, 1, 20, 80, 100, 200]),
            select(vec![
                Meanwhile::Nothing,
                Meanwhile::Nothing,
                Meanwhile::Rotated,
                Meanwhile::Imported,
            ]),
            configuration(kind, true),
            configuration(kind, false),
            prop::bool::weighted(0.9),
        )
            .prop_map(
                move |(before, days, meanwhile, config, later, settings_known)| Case {
                    kind,
                    api,
                    before: sanitize(kind, api, before),
                    days,
                    meanwhile,
                    config: sanitize(kind, api, config),
                    later: sanitize(kind, api, later),
                    settings_known,
                },
            )
    })
}

fn plan_checked(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> PlannedResource {
    let plan = plan::plan_resource(kind, server, prior, config);
    assert_eq!(
        plan,
        plan::plan_resource(kind, server, prior, config),
        "planning twice differs"
    );
    assert_plan_valid(kind, prior, config, &plan);
    assert!(
        !format!("{plan:?}").contains("lyd_"),
        "a secret shows in {plan:?}"
    );
    plan
}

fn has_errors(plan: &PlannedResource) -> bool {
    plan.diagnostics
        .iter()
        .any(lanyard_compiler::diagnostic::Diagnostic::is_error)
}

fn check(case: &Case) {
    let Case {
        kind,
        api,
        before,
        days,
        meanwhile,
        config,
        later,
        settings_known,
    } = case;
    let (kind, server) = (*kind, capabilities(*api));
    let start = time(START);
    let created = plan_checked(kind, Some(server), &Value::Null, before);
    let mut state = apply(kind, server, &Value::Null, before, &created, start);
    match meanwhile {
        Meanwhile::Nothing => {}
        Meanwhile::Rotated if kind == Kind::AccessToken => {
            let elsewhere = world::with(state.clone(), "generation", 7);
            state = states::reconcile(kind, &state, elsewhere);
        }
        Meanwhile::Rotated => {}
        Meanwhile::Imported => {
            for name in ["token", "encrypted_token", "ttl", "recipient", "rotation"] {
                if !state.get(name).is_null() {
                    set(&mut state, name, Value::Null);
                }
            }
            state = states::reconcile(kind, &Value::Null, state);
        }
    }
    let now = start + SignedDuration::from_hours(24 * days);
    let prior = read(kind, &state, now);

    // Planning with much unknown, then with everything known, as Terraform does.
    let known_server = settings_known.then_some(server);
    let first = plan_checked(kind, known_server, &prior, config);
    let mut known = resolve(config, later);
    settle_required(kind, &mut known);
    let again = match first.action {
        Action::Replace => plan_checked(kind, Some(server), &Value::Null, &known),
        _ => plan_checked(kind, Some(server), &prior, &known),
    };
    let replaced_anyway = first.action != Action::Replace && again.action == Action::Replace;
    // While the settings are unknown, what needs a new object cannot be known either.
    if has_errors(&again) || !settings_known && replaced_anyway {
        return;
    }
    assert!(!replaced_anyway, "{:?} became a replacement", first.action);
    if *settings_known {
        let (planned, finally) = (&first.planned, &again.planned);
        compatible(planned, finally);
    }
    let prior = if first.action == Action::Replace {
        &Value::Null
    } else {
        &prior
    };

    // One apply finishes it.
    let state = apply(kind, server, prior, &known, &again, now);
    let idle = plan_checked(kind, Some(server), &state, &known);
    assert_eq!(
        idle.action,
        Action::NoOp,
        "not finished: {:#?}",
        difference(&state, &idle.planned)
    );
    let state = read(kind, &state, now);
    let idle = plan_checked(kind, Some(server), &state, &known);
    let due = state.get("rotation_due").as_bool() == Some(true)
        || kind == Kind::AccessToken && states::retired(&state).iter().any(|entry| entry.due);
    assert!(
        due || idle.action == Action::NoOp,
        "not finished after a read: {:#?}",
        difference(&state, &idle.planned)
    );
}

/// A later plan may know more, never otherwise.
fn compatible(first: &Value, later: &Value) {
    match (first, later) {
        (Value::Unknown, _) => {}
        (Value::Map(first), Value::Map(later)) => {
            for (key, value) in first {
                let outcome = std::panic::catch_unwind(|| compatible(value, &later[key]));
                assert!(outcome.is_ok(), "{key}: {value:?} became {:?}", later[key]);
            }
        }
        (Value::List(left), Value::List(right))
            if left.len() == right.len() && !first.is_wholly_known() =>
        {
            for (left, right) in left.iter().zip(right) {
                compatible(left, right);
            }
        }
        _ => assert_eq!(first, later),
    }
}

fn difference(state: &Value, planned: &Value) -> Vec<String> {
    let entries = planned.as_map().into_iter().flatten();
    entries
        .filter(|(name, value)| *value != state.get(name))
        .map(|(name, value)| format!("{name}: {:?} -> {value:?}", state.get(name)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_is_valid_agrees_with_itself_and_is_finished_by_one_apply(case in case()) {
        check(&case);
    }
}
