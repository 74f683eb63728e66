//! What Terraform sends: values as MessagePack, and stored states as JSON.

use std::sync::LazyLock;

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::facts;
use lanyard_compiler::value::Value;
use lanyard_provider::wire::{Field, Unknowns, WireShape, decode, decode_json, encode};

use super::{Target, seeds};

/// The shapes of everything that is read off the wire.
static SHAPES: LazyLock<Vec<WireShape>> = LazyLock::new(|| {
    let mut shapes: Vec<WireShape> = Kind::ALL
        .map(|kind| WireShape::of_body(&facts::schema(kind).body))
        .into();
    shapes.push(WireShape::of_body(&facts::settings().body));
    let field = |(name, shape): (&str, WireShape)| Field {
        name: name.to_owned(),
        shape,
        write_only: false,
    };
    shapes.push(WireShape::Object(
        [
            ("dynamic", WireShape::Dynamic { secret: false }),
            ("secret", WireShape::Dynamic { secret: true }),
            ("set", WireShape::Set(Box::new(WireShape::Number))),
            (
                "tuple",
                WireShape::Tuple(vec![
                    WireShape::Bool,
                    WireShape::Map(Box::new(WireShape::String)),
                ]),
            ),
        ]
        .map(field)
        .into_iter()
        .collect(),
    ));
    shapes
});

pub(crate) fn wire_values() -> Target {
    Target {
        name: "wire_values",
        seeds: || {
            let mut found: Vec<Vec<u8>> = examples()
                .iter()
                .flat_map(|value| {
                    SHAPES
                        .iter()
                        .map(|shape| encode(value, shape, Unknowns::Kept).bytes)
                })
                .collect();
            found.push(b"\x84\xa7dynamic\x92\xc4\x08\"string\"\xa1x\xa6secret\xc0\xa3set\x92\x01\xa31e9\xa5tuple\x92\xc3\x81\xa1k\xa1v".to_vec());
            found.push(b"\x81\xa7dynamic\x92\xc4\x20[\"object\",{\"a\":[\"list\",\"bool\"]}]\x81\xa1a\x91\xc3".to_vec());
            found
        },
        words: &[
            "\u{0}",
            "name",
            "rotation",
            "triggers",
            "alert",
            "dynamic",
            "[\"list\",\"dynamic\"]",
            "[\"object\",{}]",
            "[\"tuple\",[]]",
            "1e999",
            "é",
        ],
        check: |input| {
            for shape in SHAPES.iter() {
                match decode(input, shape) {
                    Ok(value) => {
                        let again = encode(&value, shape, Unknowns::Kept);
                        assert_eq!(decode(&again.bytes, shape), Ok(value));
                    }
                    Err(problem) => assert!(!format!("{problem:?}").is_empty()),
                }
            }
        },
    }
}

pub(crate) fn stored_states() -> Target {
    Target {
        name: "stored_states",
        seeds: || {
            seeds::texts(&[
                r#"{"name":"ci","id":"at_1","roles":["a","b"],"generation":3,"token":"lyd_x","rotation":{"triggers":{"a":"1"},"jitter":null},
                    "alert":[{"type":"Email","email":"a@example.com"}],"retired":[{"id":"at_0","revoke_at":"2026-11-22T10:00:00Z","due":false}]}"#,
                r#"{"name":"sa","restriction":{"permission":"READ","labels":{"team":"a"}},"unrestricted":false,"disabled":true}"#,
                r#"{"url":"https://tokens.example.com","api":"native","max_retries":4,"token":"x"}"#,
                r#"{"dynamic":{"value":[1.50,"a"],"type":["tuple",["number","string"]]},"secret":null,"set":[1,1.0,"1"],"tuple":[true,{"a":"b"}]}"#,
                "null",
            ])
        },
        words: &[
            "\"dynamic\":{\"value\":1,\"type\":\"number\"}",
            "[\"map\",\"dynamic\"]",
            "\"retired\":",
            "\"rotation\":",
            "1e999999999",
            "-0",
            "\\ud800",
            "\"set\":[",
        ],
        check: |input| {
            for shape in SHAPES.iter() {
                let mut source = serde_json::Deserializer::from_slice(input);
                let Ok(value) = decode_json(&mut source, shape) else {
                    continue;
                };
                let sent = encode(&value, shape, Unknowns::Kept);
                if sent.problems.is_empty() {
                    assert_eq!(decode(&sent.bytes, shape), Ok(value));
                }
            }
        },
    }
}

fn examples() -> Vec<Value> {
    let rotation = Value::map([
        ("before_expiry", Value::from("14d")),
        ("triggers", Value::map([("a", Value::from("1"))])),
    ]);
    vec![
        Value::map([
            ("name", Value::from("ci")),
            ("roles", Value::set(["a".into(), "b".into()])),
            ("generation", 3.into()),
            ("rotation", rotation),
            ("token", Value::Unknown),
            (
                "alert",
                Value::List(vec![Value::map([("type", Value::from("Email"))])]),
            ),
        ]),
        Value::map([
            ("name", Value::from("sa")),
            (
                "restriction",
                Value::map([("permission", Value::from("READ"))]),
            ),
        ]),
        Value::map([
            ("url", Value::from("https://tokens.example.com")),
            ("max_retries", 4.into()),
        ]),
        Value::Null,
        Value::Unknown,
    ]
}
