//! Planning holds its promises for any configuration over any state, on every server: Terraform accepts each plan, the plan made
//! again with more known agrees with it, one apply finishes it, and no secret shows.

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::checks;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, Capabilities, RotationCapability, capabilities};
use lanyard_compiler::model::{Lifetime, facts};
use lanyard_compiler::plan::{self, Action, PlannedResource, rotation};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Step, Value};
use proptest::prelude::*;
use proptest::sample::select;

use crate::oracle::{assert_compatible, assert_plan_valid};
use crate::world::{self, set, time};

const START: &str = "2026-11-22T10:00:00Z";
const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

fn one_of(values: Vec<Value>) -> BoxedStrategy<Value> {
    select(values).boxed()
}

fn texts(texts: &[&str]) -> Vec<Value> {
    std::iter::once(Value::Null)
        .chain(texts.iter().map(|text| Value::from(*text)))
        .collect()
}

fn sets() -> Vec<Value> {
    vec![
        Value::Null,
        Value::set([]),
        Value::set(["viewer".into()]),
        Value::set(["admin".into(), "viewer".into()]),
    ]
}

/// Makes some of the values unknown.
fn perhaps(unknown: bool, values: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    if unknown {
        prop_oneof![4 => values, 1 => Just(Value::Unknown)].boxed()
    } else {
        values
    }
}

fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    values
        .prop_map(move |values| Value::map(names.iter().copied().zip(values)))
        .boxed()
}

fn block(unknown: bool, inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    perhaps(
        unknown,
        prop_oneof![1 => Just(Value::Null), 3 => inner].boxed(),
    )
}

fn rotation_block(unknown: bool) -> BoxedStrategy<Value> {
    let map = |entries: &[(&str, Value)]| {
        Value::map(entries.iter().map(|(key, value)| (*key, value.clone())))
    };
    let mut triggers = vec![
        Value::Null,
        map(&[]),
        map(&[("a", "1".into())]),
        map(&[("a", "2".into())]),
        map(&[("a", "1".into()), ("b", "2".into())]),
    ];
    if unknown {
        triggers.push(map(&[("a", Value::Unknown)]));
    }
    let inner = object(vec![
        (
            "before_expiry",
            perhaps(unknown, one_of(texts(&["14d", "336h", "7d"]))),
        ),
        (
            "grace_period",
            perhaps(
                unknown,
                one_of(texts(&["48h", "2d", "0s", "until_first_use"])),
            ),
        ),
        ("triggers", perhaps(unknown, one_of(triggers))),
        ("jitter", perhaps(unknown, one_of(texts(&["1d", "24h"])))),
    ]);
    block(unknown, inner)
}

fn token_config(unknown: bool) -> BoxedStrategy<Value> {
    let maybe = |values: Vec<Value>| perhaps(unknown, one_of(values));
    let visibility = object(vec![
        (
            "level",
            maybe(vec!["admins".into(), "selected".into(), "everyone".into()]),
        ),
        ("users", maybe(sets())),
        ("teams", maybe(sets())),
    ]);
    let fields = vec![
        ("name", maybe(vec!["a".into(), "b".into()])),
        ("service_account", maybe(texts(&["sa_1", "sa_2"]))),
        ("description", maybe(texts(&["", "for deploys"]))),
        ("roles", maybe(sets())),
        ("scopes", maybe(sets())),
        (
            "expires_at",
            maybe(texts(&[
                "2027-06-01T00:00:00Z",
                "2027-06-01T02:00:00+02:00",
                "2028-01-01T12:00:00Z",
            ])),
        ),
        ("ttl", maybe(texts(&["90d", "2160h", "30d"]))),
        (
            "disabled",
            maybe(vec![Value::Null, true.into(), false.into()]),
        ),
        ("on_conflict", maybe(texts(&["error", "adopt", "replace"]))),
        ("recipient", maybe(texts(&[KEY]))),
        ("rotation", rotation_block(unknown)),
        ("visibility", block(unknown, visibility)),
    ];
    let blocks = object(fields);
    let limit = object(vec![(
        "hosts",
        maybe(vec![Value::Null, 5.into(), 6.into()]),
    )]);
    let alert = object(vec![
        ("type", maybe(vec!["Email".into()])),
        ("email", maybe(texts(&["a@example.com", "b@example.com"]))),
    ]);
    let alerts = perhaps(
        unknown,
        prop::collection::vec(alert, 0..3)
            .prop_map(Value::List)
            .boxed(),
    );
    (blocks, block(unknown, limit), alerts)
        .prop_map(|(config, limits, alerts)| {
            let config = world::with(config, "limits", limits);
            complete(Kind::AccessToken, world::with(config, "alert", alerts))
        })
        .boxed()
}

fn account_config(unknown: bool) -> BoxedStrategy<Value> {
    let maybe = |values: Vec<Value>| perhaps(unknown, one_of(values));
    let labels = vec![
        Value::Null,
        Value::map([("team", Value::from("a"))]),
        Value::map([("team", Value::from("b"))]),
    ];
    let restriction = object(vec![
        ("permission", maybe(vec!["READ".into(), "WRITE".into()])),
        ("labels", maybe(labels)),
    ]);
    object(vec![
        ("name", maybe(vec!["a".into(), "b".into()])),
        ("slug", maybe(texts(&["s"]))),
        ("email", maybe(texts(&["a@example.com"]))),
        ("description", maybe(texts(&["", "for deploys"]))),
        ("roles", maybe(sets())),
        (
            "disabled",
            maybe(vec![Value::Null, true.into(), false.into()]),
        ),
        ("unrestricted", maybe(vec![Value::Null, true.into()])),
        ("on_conflict", maybe(texts(&["error", "adopt"]))),
        ("restriction", block(unknown, restriction)),
        ("rotation", rotation_block(unknown)),
    ])
    .prop_map(|config| complete(Kind::ServiceAccount, config))
    .boxed()
}

fn configuration(kind: Kind, unknown: bool) -> BoxedStrategy<Value> {
    match kind {
        Kind::ServiceAccount => account_config(unknown),
        Kind::AccessToken => token_config(unknown),
    }
}

/// Adds every attribute and block that the strategy leaves out.
fn complete(kind: Kind, config: Value) -> Value {
    fn fill(body: &lanyard_compiler::model::schema::Body, config: &Value) -> Value {
        let mut all = body.empty();
        for attribute in &body.attributes {
            all.insert(attribute.name.clone(), config.get(&attribute.name).clone());
        }
        for block in &body.blocks {
            let value = match config.get(&block.name) {
                inner @ Value::Map(_) => fill(&block.body, inner),
                Value::List(items) => {
                    Value::List(items.iter().map(|item| fill(&block.body, item)).collect())
                }
                Value::Unknown => Value::Unknown,
                _ => all[&block.name].clone(),
            };
            all.insert(block.name.clone(), value);
        }
        Value::Map(all)
    }
    fill(&facts::schema(kind).body, &config)
}

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

/// A server that does what was planned.
fn apply(
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
    let rotates = plan::rotates(prior, &plan.planned);
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
    let state = plan::conclude(kind, prior, &plan.planned, observed, now);
    let two_slots = kind.capabilities_for(server, config).rotation == RotationCapability::TwoSlots;
    let state = if rotates && two_slots {
        rotation::retire(state, "slot_0", Some(now))
    } else {
        state
    };
    assert_compatible(&plan.planned, &state);
    state
}

fn read(kind: Kind, state: &Value, now: Timestamp) -> Value {
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
    }
    let once = plan::reconcile(kind, state, observed.clone());
    let twice = plan::reconcile(kind, &once, observed);
    assert_eq!(once, twice, "reconciling again changes something");
    rotation::settle(kind, once, now)
}

/// Corrects what the server does not take, so that most cases are worth planning.
fn sanitize(kind: Kind, api: Api, mut config: Value) -> Value {
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
                ("required-on-server", "service_account") => "sa_1".into(),
                ("restriction-not-chosen", _) => true.into(),
                (_, "alert") => Value::List(Vec::new()),
                _ => Value::Null,
            };
            set(&mut config, name, value);
        }
    }
    config
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
            state = plan::reconcile(kind, &state, elsewhere);
        }
        Meanwhile::Rotated => {}
        Meanwhile::Imported => {
            for name in ["token", "encrypted_token", "ttl", "recipient", "rotation"] {
                if !state.get(name).is_null() {
                    set(&mut state, name, Value::Null);
                }
            }
            state = plan::reconcile(kind, &Value::Null, state);
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
        || rotation::entries(&state).any(|entry| entry.get("due").as_bool() == Some(true));
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
