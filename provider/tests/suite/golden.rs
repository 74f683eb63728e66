//! What a real Terraform sends is read, and written back byte for byte. `examples/record_golden.rs` records the files in
//! `golden/`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{configured_shape, thing_shape};
use lanyard_compiler::value::Value;
use lanyard_provider::wire::{Unknowns, WireShape, decode, decode_json, encode};

#[test]
fn terraforms_values_are_read_and_written_back() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/golden");
    let mut files: Vec<_> = fs::read_dir(golden)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 12, "{files:?}");
    let mut report = String::new();
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let value = if name.ends_with(".json") {
            decode_json(
                &mut serde_json::Deserializer::from_slice(&bytes),
                &thing_shape(),
            )
            .unwrap()
        } else {
            back_and_forth(name, &bytes, &configured_shape())
        };
        // The id is made up afresh with every recording.
        writeln!(report, "{name}: {value:#?}\n").unwrap();
    }
    insta::with_settings!({filters => vec![
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
    ]}, {
        insta::assert_snapshot!(report);
    });
}

fn back_and_forth(name: &str, bytes: &[u8], shape: &WireShape) -> Value {
    let value = decode(bytes, shape).unwrap();
    let again = encode(&value, shape, Unknowns::Kept).bytes;
    if name.starts_with("unknown-") {
        // What is known about the unknown is not kept.
        assert_eq!(decode(&again, shape).as_ref(), Ok(&value), "{name}");
    } else {
        assert_eq!(again, bytes, "{name}");
    }
    value
}
