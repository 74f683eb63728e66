#!/usr/bin/env bash
# Evaluating one expression with hcl-rs 0.19.9 and with hashicorp/hcl 2.24.0, whose language it is. Loops over an object go through the keys
# as they were written in the first, and sorted in the second, so lists and texts made of a map come out in another order. And both
# branches of a conditional have one type in the second (1 becomes "1" beside a text), in the first the branch is left as it stands.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
mkdir rust go
cat > expressions <<'X'
[for k, v in { b = 1, a = 2 } : k]
"%{ for k, v in { b = 1, a = 2 } }${k}=${v};%{ endfor }"
true ? 1 : "none"
X
cd rust
cargo init --quiet --name finding 2>cargo.log
cargo add --quiet hcl-rs@=0.19.9 serde_json@=1.0.145 2>cargo.log || { cat cargo.log; exit 1; }
cat > src/main.rs <<'RS'
use hcl::eval::{Context, Evaluate};

fn main() {
    for line in include_str!("../../expressions").lines() {
        let body = hcl::parse(&format!("v = {line}\n")).unwrap();
        let value = body.attributes().next().unwrap().expr.evaluate(&Context::new()).unwrap();
        println!("hcl-rs        {}", serde_json::to_string(&value).unwrap());
    }
}
RS
rust=$(cargo run --quiet 2>cargo.log) || { cat cargo.log; exit 1; }
cd ../go
go mod init finding 2>go.log
go get github.com/hashicorp/hcl/v2@v2.24.0 2>go.log || { cat go.log; exit 1; }
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/json"
)

func main() {
	text, _ := os.ReadFile("../expressions")
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		expression, problems := hclsyntax.ParseExpression([]byte(line), "v", hcl.InitialPos)
		if problems.HasErrors() {
			panic(problems)
		}
		value, problems := expression.Value(nil)
		if problems.HasErrors() {
			panic(problems)
		}
		shown, _ := json.Marshal(value, value.Type())
		fmt.Println("hashicorp/hcl", string(shown))
	}
}
GO
go mod tidy 2>go.log || { cat go.log; exit 1; }
seen=$(printf '%s\n' "$rust"; go run .)
printf '%s\n' "$seen"
expected='hcl-rs        ["b","a"]
hcl-rs        "b=1;a=2;"
hcl-rs        1
hashicorp/hcl ["a","b"]
hashicorp/hcl "a=2;b=1;"
hashicorp/hcl "1"'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
