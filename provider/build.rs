//! Writes what `proto/` says as Rust, without `protoc`.

use std::env;
use std::error::Error;
use std::path::Path;

const FILES: [&str; 3] = ["tfplugin5.proto", "plugin.proto", "health.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let proto = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("proto");
    tonic_prost_build::configure()
        // Whoever opens the connection is the caller's choice: Terraform, or a test.
        .build_transport(false)
        // Values and private data are handed on without a copy.
        .bytes(".")
        // Schemas are the same bytes every time.
        .btree_map(".")
        .compile_fds(protox::compile(FILES, [proto])?)?;
    Ok(())
}
