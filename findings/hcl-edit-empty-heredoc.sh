#!/usr/bin/env bash
# hcl-edit 0.10.0 (Rust) does not end a heredoc without a line where it ends: in `a = <<EOT`, `EOT` on the next line, it reads on to the next
# line that says EOT, and takes everything between for the text of `a`. Blocks disappear without an error where another heredoc
# follows; Terraform reads an empty text. A tool that looks for resources to rewrite overlooks them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cargo init --quiet --vcs none --name finding .
cargo add --quiet hcl-edit@=0.10.0
cat > src/main.rs <<'RUST'
fn main() {
    let blocks = |text: &str| {
        let body: hcl_edit::structure::Body = text.parse().unwrap();
        let names: Vec<String> = body.blocks().map(|block| block.ident.to_string()).collect();
        names.join(" ")
    };
    println!("one line: {}", blocks("x {\n  a = <<EOT\nhello\nEOT\n}\nlost {}\ny {\n  b = <<EOT\nhello\nEOT\n}\n"));
    println!("no line: {}", blocks("x {\n  a = <<EOT\nEOT\n}\nlost {}\ny {\n  b = <<EOT\nhello\nEOT\n}\n"));
}
RUST
seen=$(cargo run --quiet)
printf '%s\n' "$seen"
expected='one line: x lost y
no line: x'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
