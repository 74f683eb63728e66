#!/usr/bin/env bash
# hashicorp/hcl 2.24.0: how far a strip marker (`~}`) reaches depends on how the same template is written. As a file (ParseTemplate, what
# templatefile reads) or a heredoc it takes what is left of its own line and the line break; in a quoted string with \n it takes all white
# space up to the next visible character, the indentation of the next line included. A list with indentation that moves from a quoted
# string into a template file comes out otherwise.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
go mod init finding 2>go.log
go get github.com/hashicorp/hcl/v2@v2.24.0 2>go.log || { cat go.log; exit 1; }
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func main() {
	template := "list:\n%{ for one in all ~}\n  - ${one}\n%{ endfor ~}\nend\n"
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{
		"all": cty.TupleVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y")}),
	}}
	show := func(name string, expression hcl.Expression, problems hcl.Diagnostics) {
		if problems.HasErrors() {
			panic(problems)
		}
		value, problems := expression.Value(scope)
		if problems.HasErrors() {
			panic(problems)
		}
		fmt.Printf("%-7s %q\n", name, value.AsString())
	}
	expression, problems := hclsyntax.ParseTemplate([]byte(template), "file", hcl.InitialPos)
	show("file", expression, problems)
	expression, problems = hclsyntax.ParseExpression([]byte("<<END\n"+template+"END\n"), "heredoc", hcl.InitialPos)
	show("heredoc", expression, problems)
	expression, problems = hclsyntax.ParseExpression([]byte(fmt.Sprintf("%q", template)), "quoted", hcl.InitialPos)
	show("quoted", expression, problems)
}
GO
go mod tidy 2>go.log || { cat go.log; exit 1; }
seen=$(go run .)
printf '%s\n' "$seen"
expected='file    "list:\n  - x\n  - y\nend\n"
heredoc "list:\n  - x\n  - y\nend\n"
quoted  "list:\n- x\n- y\nend\n"'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
