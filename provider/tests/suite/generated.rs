//! `src/generated/` is what `proto/` says. Rewrites stale files; where `CI` is set it fails instead.

use std::path::Path;
use std::{env, fs};

const FILES: [&str; 3] = ["tfplugin5.proto", "plugin.proto", "health.proto"];

#[test]
fn the_generated_code_is_current() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = tempfile::tempdir().unwrap();
    let descriptors = protox::compile(FILES, [package.join("proto")]).unwrap();
    tonic_prost_build::configure()
        // Whoever opens the connection is the caller's choice: Terraform, or a test.
        .build_transport(false)
        // Values and private data are handed on without a copy.
        .bytes(".")
        // Schemas are the same bytes every time.
        .btree_map(".")
        .out_dir(fresh.path())
        .compile_fds(descriptors)
        .unwrap();

    let mut stale = Vec::new();
    for entry in fs::read_dir(fresh.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let expected = fs::read_to_string(fresh.path().join(&name)).unwrap();
        let committed = package.join("src/generated").join(&name);
        if fs::read_to_string(&committed).ok() != Some(expected.clone()) {
            stale.push(name);
            if env::var_os("CI").is_none() {
                fs::write(&committed, expected).unwrap();
            }
        }
    }
    assert!(
        stale.is_empty() || env::var_os("CI").is_none(),
        "{stale:?} in provider/src/generated is stale; run: cargo test -p terraform-provider-lanyard --test suite generated"
    );
}
