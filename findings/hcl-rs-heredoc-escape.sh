#!/usr/bin/env bash
# hcl-rs 0.20.0 (Rust): read as a value, the escape $${x} (the literal text ${x}) is decoded in a quoted string and left as it is in
# a heredoc: the same text in two spellings gives two values. Terraform gives ${x} for both. For %%{ it is the same.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cargo init --quiet --vcs none --name finding .
cargo add --quiet hcl-rs@=0.20.0
cat > src/main.rs <<'RUST'
fn main() {
    for text in ["a = \"$${x} %%{y}\"", "a = <<EOT\n$${x} %%{y}\nEOT\n"] {
        let value: hcl::Value = hcl::from_str(text).unwrap();
        println!("{}", value.as_object().unwrap()["a"].as_str().unwrap().trim_end());
    }
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='${x} %{y}
$${x} %%{y}'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
