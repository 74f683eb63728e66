#!/usr/bin/env bash
# `<<-` takes the indentation off a heredoc's lines, `~` the white space beside a template. In hashicorp/hcl 2.24.0 (Go), which Terraform reads
# with, one `~` at the head of an indented line, as in `${~ a }`, leaves all other lines of that heredoc their indentation, and below a line
# that ends in `~}`, as loops are mostly written, the next line keeps its own. hcl-rs 0.20.0 (Rust) takes the indentation off first: there
# `${~ a }` joins its line to the one before, and a loop indents from its second turn on twice as far. Without a `~` the two agree.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
mkdir rust go
cat >main.hcl <<'HCL'
none = <<-EOT
    a
    ${"b"}
    c
  EOT
head = <<-EOT
    a
    ${~"b"}
    c
  EOT
loop = <<-EOT
    a
    %{ for one in ["b", "c"] ~}
    ${one}
    %{ endfor ~}
    d
  EOT
HCL
cd rust
cargo init --quiet --name finding 2>cargo.log
cargo add --quiet hcl-rs@=0.20.0 serde_json@=1.0.145 2>cargo.log || { cat cargo.log; exit 1; }
cat >src/main.rs <<'RS'
use hcl::eval::{Context, Evaluate};

fn main() {
    let body = hcl::parse(include_str!("../../main.hcl")).unwrap();
    for attribute in body.attributes() {
        let value = attribute.expr.evaluate(&Context::new()).unwrap();
        println!("hcl-rs        {} {}", attribute.key(), serde_json::to_string(&value).unwrap());
    }
}
RS
cd ../go
go mod init finding 2>go.log
go get github.com/hashicorp/hcl/v2@v2.24.0 2>>go.log || { cat go.log; exit 1; }
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty/json"
)

func main() {
	file, problems := hclparse.NewParser().ParseHCLFile("../main.hcl")
	if problems.HasErrors() {
		panic(problems)
	}
	attributes, problems := file.Body.JustAttributes()
	if problems.HasErrors() {
		panic(problems)
	}
	for _, name := range []string{"none", "head", "loop"} {
		value, problems := attributes[name].Expr.Value(nil)
		if problems.HasErrors() {
			panic(problems)
		}
		shown, err := json.Marshal(value, value.Type())
		if err != nil {
			panic(err)
		}
		fmt.Println("hashicorp/hcl", name, string(shown))
	}
}
GO
go mod tidy 2>>go.log || { cat go.log; exit 1; }
cd ..
{
    (cd go && go run .)
    (cd rust && cargo run --quiet 2>cargo.log) || cat rust/cargo.log
} | tee seen
diff seen - <<'SEEN'
hashicorp/hcl none "a\nb\nc\n"
hashicorp/hcl head "    a\nb\n    c\n"
hashicorp/hcl loop "a\n    b\n    c\n    d\n"
hcl-rs        none "a\nb\nc\n"
hcl-rs        head "ab\nc\n"
hcl-rs        loop "a\n    b\n        c\n    d\n"
SEEN
