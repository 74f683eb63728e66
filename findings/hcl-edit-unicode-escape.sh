#!/usr/bin/env bash
# hcl-edit 0.10.0 (Rust), a parser "preserving comments and whitespace", does not give back every file byte for byte: an escape
# such as \u00e9 in a quoted string comes back as the character itself, while \t and a \n keep their spelling, and odd white space
# and comments are kept exactly. A tool that edits one block rewrites strings of blocks it never touched.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cargo init --quiet --vcs none --name finding .
cargo add --quiet hcl-edit@=0.10.0
cat > src/main.rs <<'RUST'
fn main() {
    for text in [r#"a   =  1 // why"#, r#"a = "x\ty\n""#, r#"a = "caf\u00e9""#] {
        let body: hcl_edit::structure::Body = text.parse().unwrap();
        println!("{text} => {}", body);
    }
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='a   =  1 // why => a   =  1 // why
a = "x\ty\n" => a = "x\ty\n"
a = "caf\u00e9" => a = "café"'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
