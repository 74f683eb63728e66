//! Any configuration of either kind, with parts of it unknown if asked for.

use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use proptest::prelude::*;
use proptest::sample::select;

use crate::world;

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
            "every",
            perhaps(unknown, one_of(texts(&["60d", "1440h", "20d"]))),
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
        (
            "after_import",
            perhaps(
                unknown,
                one_of(vec![Value::Null, true.into(), false.into()]),
            ),
        ),
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
    let secret = |text: &str| Value::Secret(Secret::new(text));
    let secrets = vec![Value::Null, secret("lyd_a"), secret("lyd_b")];
    let alert = object(vec![
        ("type", maybe(vec!["Email".into()])),
        ("email", maybe(texts(&["a@example.com", "b@example.com"]))),
        ("secret", maybe(secrets)),
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

pub(super) fn configuration(kind: Kind, unknown: bool) -> BoxedStrategy<Value> {
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
