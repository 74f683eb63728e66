#!/usr/bin/env bash
# hcl-rs 0.19.9: escapes in a quoted string are read, but not inside of a template directive in it. In "a\n%{ for one in all }\n${one}%{ endfor }\nb"
# the line breaks around the loop are line breaks, and the one inside of the loop comes out as a backslash and an n, once for each turn; \" and
# \t likewise, and in the branches of %{ if } too. The same template without quotes (Template::from_str) and in a heredoc is read rightly.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cargo init --quiet --name finding 2>cargo.log
cargo add --quiet hcl-rs@=0.19.9 2>cargo.log || { cat cargo.log; exit 1; }
cat > src/main.rs <<'RS'
use hcl::eval::{Context, Evaluate};
use std::str::FromStr;

fn main() {
    let mut scope = Context::new();
    scope.declare_var("all", hcl::value!(["x", "y"]));
    for template in [
        "a\n%{ for one in all }\n${one}%{ endfor }\nb",
        "a\n%{ if true }\tyes\n%{ else }no%{ endif }b",
    ] {
        let plain = hcl::Template::from_str(template).unwrap();
        println!("plain  {:?}", plain.evaluate(&scope).unwrap());
        let quoted = hcl::parse(&format!("v = {template:?}\n")).unwrap();
        let value = &quoted.attributes().next().unwrap().expr;
        println!("quoted {:?}", value.evaluate(&scope).unwrap().as_str().unwrap());
    }
}
RS
seen=$(cargo run --quiet 2>cargo.log) || { cat cargo.log; exit 1; }
printf '%s\n' "$seen"
expected='plain  "a\n\nx\ny\nb"
quoted "a\n\\nx\\ny\nb"
plain  "a\n\tyes\nb"
quoted "a\n\\tyes\\nb"'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
