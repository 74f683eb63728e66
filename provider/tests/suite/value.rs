//! Values on the wire: golden bytes in both directions, and bytes nobody should send.

use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{Number, Value};
use lanyard_provider::wire::{Field, Fields, Unknowns, WireShape, decode, decode_json, encode};
use proptest::prelude::*;

fn object(fields: Vec<(&str, WireShape)>) -> Fields {
    let field = |(name, shape): (&str, WireShape)| Field {
        name: name.to_owned(),
        shape,
        write_only: false,
    };
    fields.into_iter().map(field).collect()
}

/// Every kind of value, one level deep.
fn everything() -> WireShape {
    let block = || object(vec![("a", WireShape::String), ("b", WireShape::Number)]);
    WireShape::Object(object(vec![
        ("blocks", WireShape::Blocks(block())),
        ("bool", WireShape::Bool),
        ("dynamic", WireShape::Dynamic { secret: false }),
        ("list", WireShape::List(Box::new(WireShape::Number))),
        ("map", WireShape::Map(Box::new(WireShape::String))),
        ("number", WireShape::Number),
        (
            "objects",
            WireShape::List(Box::new(WireShape::Object(block()))),
        ),
        ("secret", WireShape::Secret),
        ("set", WireShape::Set(Box::new(WireShape::String))),
        ("single", WireShape::Object(block())),
        ("string", WireShape::String),
    ]))
}

fn number(digits: &str) -> Value {
    Value::Number(Number::parse(digits).unwrap())
}

/// The bytes mean the value, and the value is written as the bytes.
#[track_caller]
fn check(bytes: &[u8], shape: &WireShape, value: &Value) {
    assert_eq!(decode(bytes, shape).as_ref(), Ok(value));
    let encoded = encode(value, shape, Unknowns::Kept);
    assert_eq!(encoded.problems, []);
    assert_eq!(encoded.bytes, bytes, "{value:?}");
}

#[test]
fn plain_values_are_written_as_terraform_writes_them() {
    check(b"\xc0", &WireShape::String, &Value::Null);
    check(b"\xd4\x00\x00", &WireShape::String, &Value::Unknown);
    check(b"\xc3", &WireShape::Bool, &true.into());
    check(b"\xa2hi", &WireShape::String, &"hi".into());
    check(b"\xa2hi", &WireShape::Secret, &Secret::new("hi").into());
    let long = "x".repeat(300);
    check(
        &[b"\xda\x01\x2c", long.as_bytes()].concat(),
        &WireShape::String,
        &long.as_str().into(),
    );
    check(
        &[b"\xd9\x28", &[b'x'; 40][..]].concat(),
        &WireShape::String,
        &"x".repeat(40).into(),
    );
}

#[test]
fn numbers_take_their_smallest_exact_form() {
    for (bytes, digits) in [
        (&b"\x7f"[..], "127"),
        (b"\xcc\x80", "128"),
        (b"\xcd\x01\x00", "256"),
        (b"\xce\x00\x01\x00\x00", "65536"),
        (b"\xcf\x00\x00\x00\x01\x00\x00\x00\x00", "4294967296"),
        (b"\xe0", "-32"),
        (b"\xd0\xdf", "-33"),
        (b"\xd1\xff\x7f", "-129"),
        (b"\xd2\xff\xff\x7f\xff", "-32769"),
        (b"\xd3\xff\xff\xff\xff\x7f\xff\xff\xff", "-2147483649"),
        (b"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", "1.5"),
        (b"\xa30.1", "0.1"),
        (b"\xb418446744073709551615", "18446744073709551615"),
        (b"\xb61234567890123456789.25", "1234567890123456789.25"),
    ] {
        check(bytes, &WireShape::Number, &number(digits));
    }
    let huge = format!("1{}", "0".repeat(100));
    check(
        &[b"\xd9\x65", huge.as_bytes()].concat(),
        &WireShape::Number,
        &number("1e100"),
    );
    assert_eq!(
        decode(b"\xca\x3f\xc0\x00\x00", &WireShape::Number),
        Ok(number("1.5"))
    );
}

#[test]
fn collections_are_written_with_all_keys_in_order() {
    let bytes = b"\x8b\
        \xa6blocks\x91\x82\xa1a\xa1x\xa1b\x01\
        \xa4bool\xc2\
        \xa7dynamic\x92\xc4\x06\"bool\"\xc3\
        \xa4list\x92\x01\xd4\x00\x00\
        \xa3map\x81\xa1k\xa1v\
        \xa6number\xc0\
        \xa7objects\x90\
        \xa6secret\xa1s\
        \xa3set\x92\xa1a\xa1b\
        \xa6single\xc0\
        \xa6string\xa1t";
    let value = Value::map([
        (
            "blocks",
            Value::List(vec![Value::map([("a", Value::from("x")), ("b", 1.into())])]),
        ),
        ("bool", false.into()),
        ("dynamic", true.into()),
        ("list", Value::List(vec![1.into(), Value::Unknown])),
        ("map", Value::map([("k", Value::from("v"))])),
        ("number", Value::Null),
        ("objects", Value::List(Vec::new())),
        ("secret", Secret::new("s").into()),
        ("set", Value::set(["a".into(), "b".into()])),
        ("single", Value::Null),
        ("string", "t".into()),
    ]);
    check(bytes, &everything(), &value);
}

#[test]
fn what_is_missing_is_null_and_missing_blocks_are_none() {
    let encoded = encode(
        &Value::map([("string", "t")].map(|(k, v)| (k, Value::from(v)))),
        &everything(),
        Unknowns::Kept,
    );
    let value = decode(&encoded.bytes, &everything()).unwrap();
    assert_eq!(value.get("blocks"), &Value::List(Vec::new()));
    assert_eq!(value.get("single"), &Value::Null);
    assert_eq!(value.get("string"), &"t".into());
}

#[test]
fn a_whole_list_of_blocks_may_be_unknown() {
    let shape = WireShape::Blocks(object(vec![("a", WireShape::String)]));
    check(b"\xd4\x00\x00", &shape, &Value::Unknown);
    assert_eq!(decode(b"\xc0", &shape), Ok(Value::List(Vec::new())));
}

#[test]
fn refined_unknowns_are_unknown() {
    // Not null, and begins with "sa-".
    assert_eq!(
        decode(b"\xd7\x0c\x82\x01\xc2\x02\xa3sa-", &WireShape::String),
        Ok(Value::Unknown)
    );
    assert_eq!(
        decode(
            b"\xc7\x03\x0c\x81\x01\xc2",
            &WireShape::Map(Box::new(WireShape::Bool))
        ),
        Ok(Value::Unknown)
    );
}

#[test]
fn sets_have_neither_order_nor_duplicates() {
    let shape = WireShape::Set(Box::new(WireShape::String));
    assert_eq!(
        decode(b"\x93\xa1b\xa1a\xa1b", &shape),
        Ok(Value::set(["a".into(), "b".into()]))
    );
}

#[test]
fn text_is_normalised() {
    let bytes = [b"\xa6", "cafe\u{301}".as_bytes()].concat();
    assert_eq!(decode(&bytes, &WireShape::String), Ok("caf\u{e9}".into()));
}

#[test]
fn keys_may_come_in_any_order_and_the_last_of_a_map_wins() {
    let shape = WireShape::Object(object(vec![
        ("a", WireShape::Number),
        ("b", WireShape::Number),
    ]));
    let expected = Value::map([("a", Value::from(1)), ("b", 2.into())]);
    assert_eq!(decode(b"\x82\xa1b\x02\xa1a\x01", &shape), Ok(expected));
    let map = WireShape::Map(Box::new(WireShape::Number));
    assert_eq!(
        decode(b"\x82\xa1a\x01\xa1a\x02", &map),
        Ok(Value::map([("a", Value::from(2))]))
    );
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let shape = everything();
    for (bytes, complaint) in [
        (
            &b"\x81\xa1a\x01"[..],
            "The value as a whole: an object with 11 attributes is required (1 given)",
        ),
        (b"\x93", "The value as a whole: the bytes end too early"),
        (b"\x01", "The value as a whole: an object is required"),
        (
            b"\xdf\xff\xff\xff\xff",
            "The value as a whole: the bytes end too early",
        ),
        (b"\xc1", "The value as a whole: a byte that means nothing"),
    ] {
        assert_eq!(decode(bytes, &shape).unwrap_err().to_string(), complaint);
    }
    let list = WireShape::Object(object(vec![(
        "list",
        WireShape::List(Box::new(WireShape::Number)),
    )]));
    for (bytes, complaint) in [
        (
            &b"\x81\xa4list\x92\x01\xa1x"[..],
            "`list[1]`: not a number, or one with too many digits",
        ),
        (
            b"\x81\xa4list\x92\x01\xc3",
            "`list[1]`: a number is required",
        ),
        (
            b"\x81\xa4list\x91\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00",
            "`list[0]`: an infinite number",
        ),
        (
            b"\x81\xa4lisp\x90",
            "`lisp`: an attribute that the schema does not know",
        ),
        (
            b"\x81\x01\x90",
            "The value as a whole: a key that is not text",
        ),
    ] {
        assert_eq!(decode(bytes, &list).unwrap_err().to_string(), complaint);
    }
    let two = WireShape::Object(object(vec![
        ("a", WireShape::Number),
        ("b", WireShape::Number),
    ]));
    assert_eq!(
        decode(b"\x82\xa1a\x01\xa1a\x01", &two)
            .unwrap_err()
            .to_string(),
        "`b`: the attribute is missing and another one is given twice"
    );
    assert_eq!(
        decode(b"\xa1\xff", &WireShape::String)
            .unwrap_err()
            .to_string(),
        "The value as a whole: text that is not UTF-8"
    );
}

#[test]
fn complaints_never_quote_values() {
    let secret = WireShape::Map(Box::new(WireShape::Bool));
    let problem = decode(b"\x81\xa1k\xa7hunter2", &secret).unwrap_err();
    assert_eq!(problem.to_string(), "`[\"k\"]`: a bool is required");
    let mut source = serde_json::Deserializer::from_str(r#"{"k": "hunter2"}"#);
    let error = decode_json(&mut source, &secret).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a bool is required, not a string at line 1 column 15"
    );
}

#[test]
fn a_message_cannot_hold_more_values_than_fit_into_memory() {
    let mut bytes = b"\xdd\x00\x40\x00\x00".to_vec();
    bytes.resize(5 + 0x40_0000, 0xc0);
    let problem = decode(&bytes, &WireShape::List(Box::new(WireShape::Bool))).unwrap_err();
    assert!(
        problem.to_string().ends_with("more than 4000000 values"),
        "{problem}"
    );
}

fn any_value(shape: &WireShape) -> BoxedStrategy<Value> {
    let entries = |fields: &[Field]| {
        let entry = |field: &Field| (Just(field.name.clone()), any_value(&field.shape));
        let entries: Vec<_> = fields.iter().map(entry).collect();
        entries.prop_map(Value::map).boxed()
    };
    let known = match shape {
        WireShape::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        WireShape::Number => prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(|whole| Value::Number(whole.into())),
            any::<f64>().prop_filter_map("infinite", |float| Number::from_f64(float)
                .map(Value::Number)),
            "-?[0-9]{1,40}(\\.[0-9]{1,40})?".prop_map(|digits| number(&digits)),
        ]
        .boxed(),
        // What has been decoded is in normal form.
        WireShape::String => "[a-zé ]{0,40}".prop_map(Value::from).boxed(),
        WireShape::Secret => "[a-z]{0,40}"
            .prop_map(|text| Secret::new(text).into())
            .boxed(),
        WireShape::List(item) => prop::collection::vec(any_value(item), 0..20)
            .prop_map(Value::List)
            .boxed(),
        WireShape::Set(item) => prop::collection::vec(any_value(item), 0..20)
            .prop_map(Value::set)
            .boxed(),
        WireShape::Map(item) => prop::collection::btree_map("[a-z]{0,5}", any_value(item), 0..20)
            .prop_map(|entries| Value::Map(entries.into()))
            .boxed(),
        WireShape::Object(fields) => entries(fields),
        WireShape::Dynamic { secret: false } => any_dynamic(),
        WireShape::Dynamic { secret: true } | WireShape::Tuple(_) => {
            unreachable!("no shape in these tests has one")
        }
        WireShape::Blocks(fields) => {
            let blocks = prop::collection::vec(entries(fields), 0..20).prop_map(Value::List);
            return prop_oneof![9 => blocks, 1 => Just(Value::Unknown)].boxed();
        }
    };
    prop_oneof![8 => known, 1 => Just(Value::Null), 1 => Just(Value::Unknown)].boxed()
}

/// Anything that has no secret in it.
fn any_dynamic() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        "[a-zé ]{0,10}".prop_map(Value::from),
        Just(Value::Null),
        Just(Value::Unknown),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map("[a-z\"\\\\]{0,5}", inner, 0..5)
                .prop_map(|entries| Value::Map(entries.into())),
        ]
    })
    .boxed()
}

#[test]
fn dynamic_values_bring_their_type() {
    let dynamic = WireShape::Dynamic { secret: false };
    check(b"\xc0", &dynamic, &Value::Null);
    check(b"\xd4\x00\x00", &dynamic, &Value::Unknown);
    check(b"\x92\xc4\x08\"string\"\xa2hi", &dynamic, &"hi".into());
    check(
        b"\x92\xc4\x1c[\"tuple\",[\"bool\",\"dynamic\"]]\x92\xc3\xc0",
        &dynamic,
        &Value::List(vec![true.into(), Value::Null]),
    );
    check(
        b"\x92\xc4\x19[\"object\",{\"a\":\"number\"}]\x81\xa1a\x01",
        &dynamic,
        &Value::map([("a", Value::from(1))]),
    );
    for (bytes, value) in [
        // The type as text, too.
        (&b"\x92\xa6\"bool\"\xc3"[..], Value::from(true)),
        (
            b"\x92\xc4\x11[\"list\",\"number\"]\x92\x01\x02",
            Value::List(vec![1.into(), 2.into()]),
        ),
        (
            b"\x92\xc4\x10[\"set\",\"string\"]\x92\xa1b\xa1a",
            Value::set(["a".into(), "b".into()]),
        ),
        (
            b"\x92\xc4\x11[\"map\",\"dynamic\"]\x81\xa1k\x92\xc4\x06\"bool\"\xc2",
            Value::map([("k", Value::from(false))]),
        ),
        (
            b"\x92\xc4\x1d[\"object\",{\"a\":\"bool\"},[\"a\"]]\x81\xa1a\xc0",
            Value::map([("a", Value::Null)]),
        ),
        // Null of a type.
        (b"\x92\xc4\x06\"bool\"\xc0", Value::Null),
    ] {
        assert_eq!(decode(bytes, &dynamic), Ok(value));
    }
}

#[test]
fn dynamic_values_of_no_type_are_refused() {
    let dynamic = WireShape::Dynamic { secret: false };
    for (bytes, complaint) in [
        (&b"\x01"[..], "a value with its type is required"),
        (b"\x93\x01\x01\x01", "a value with its type is required"),
        (b"\x92\x01\x01", "a type is required"),
        (
            b"\x92\xc4\x05\"int\"\x01",
            "a type that Terraform does not have, or one nested too deeply",
        ),
        (b"\x92\xc4\x06\"bool\"\x01", "a bool is required"),
        (
            b"\x92\xc4\x12[\"tuple\",[\"bool\"]]\x92\xc3\xc3",
            "a tuple of 1 is required (2 given)",
        ),
    ] {
        let problem = decode(bytes, &dynamic).unwrap_err();
        assert_eq!(problem.what, complaint);
    }
    let deep = format!("{}\"bool\"{}", "[\"list\",".repeat(40), "]".repeat(40));
    let length = u16::try_from(deep.len()).unwrap().to_be_bytes();
    let bytes = [&b"\x92\xc5"[..], &length, deep.as_bytes(), b"\xc0"].concat();
    assert!(decode(&bytes, &dynamic).is_err());
    let nested = b"\x92\xc4\x09\"dynamic\"".repeat(100_000);
    let problem = decode(&nested, &dynamic).unwrap_err();
    assert_eq!(problem.what, "dynamic values nested too deeply");
}

#[test]
fn dynamic_values_are_secret_where_the_attribute_is() {
    let secret = WireShape::Dynamic { secret: true };
    check(
        b"\x92\xc4\x08\"string\"\xa2hi",
        &secret,
        &Secret::new("hi").into(),
    );
    let open = WireShape::Dynamic { secret: false };
    let encoded = encode(&Secret::new("hi").into(), &open, Unknowns::Kept);
    assert_eq!(encoded.problems.len(), 1);
    assert!(!encoded.bytes.windows(2).any(|pair| pair == b"hi"));
}

#[test]
fn stored_dynamic_values_have_their_type_beside_them() {
    let read = |json: &str| {
        let mut source = serde_json::Deserializer::from_str(json);
        decode_json(&mut source, &WireShape::Dynamic { secret: false })
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("null"), Ok(Value::Null));
    assert_eq!(
        read(r#"{"value": [1.50, "a"], "type": ["tuple", ["number", "string"]]}"#),
        Ok(Value::List(vec![number("1.5"), "a".into()]))
    );
    for json in [
        "1",
        r#"{"value": 1}"#,
        r#"{"value": "hunter2", "type": "bool"}"#,
        r#"{"value": [], "type": ["tuple", ["bool"]]}"#,
        r#"{"value": [true, true], "type": ["tuple", ["bool"]]}"#,
    ] {
        let problem = read(json).unwrap_err();
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

proptest! {
    #[test]
    fn every_value_survives_the_wire(value in any_value(&everything())) {
        let encoded = encode(&value, &everything(), Unknowns::Kept);
        prop_assert_eq!(&encoded.problems, &[]);
        prop_assert_eq!(decode(&encoded.bytes, &everything()), Ok(value));
    }

    #[test]
    fn any_bytes_are_a_value_or_a_problem(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for shape in [everything(), WireShape::Number, WireShape::Set(Box::new(WireShape::String))] {
            if let Ok(value) = decode(&bytes, &shape) {
                let again = encode(&value, &shape, Unknowns::Kept);
                prop_assert_eq!(decode(&again.bytes, &shape), Ok(value));
            }
            let mut source = serde_json::Deserializer::from_slice(&bytes);
            let _ = decode_json(&mut source, &shape);
        }
    }

    #[test]
    fn a_damaged_message_is_a_value_or_a_problem(
        value in any_value(&everything()),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = encode(&value, &everything(), Unknowns::Kept).bytes;
        let place = place.index(bytes.len());
        if cut { bytes.truncate(place) } else { bytes[place] = byte }
        if let Ok(value) = decode(&bytes, &everything()) {
            let again = encode(&value, &everything(), Unknowns::Kept);
            prop_assert_eq!(decode(&again.bytes, &everything()), Ok(value));
        }
    }
}
