#!/usr/bin/env bash
# python-hcl2 8.1.4 reads a heredoc everywhere, and writes it back right only as the value of an argument. In a list or an object it writes the
# comma behind the closing word (`EOT,`), where no heredoc ends: it cannot read its own text again. In the arguments of a function it puts the
# opening `<<EOT` and the lines into a quoted string, and reads that as the same value, so that a round trip shows nothing; hashicorp/hcl 2.24.0
# (Go), which Terraform reads with, refuses it.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-hcl2==8.1.4
go mod init finding 2>go.log
go get github.com/hashicorp/hcl/v2@v2.24.0 2>>go.log || { cat go.log; exit 1; }
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func main() {
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		said := "accepted"
		if _, found := hclsyntax.ParseConfig(text, name, hcl.InitialPos); found.HasErrors() {
			said = "refused: " + found[0].Summary
		}
		fmt.Println("   ", name, said)
	}
}
GO
cat >again.py <<'PY'
import sys
import hcl2

place, text = sys.argv[1], sys.argv[2].encode().decode("unicode_escape")
read = hcl2.loads(text)
written = hcl2.dumps(read)
open(f"{place}-before.hcl", "w").write(text)
open(f"{place}-after.hcl", "w").write(written)
print(place, repr(written))
try:
    print("    read again:", "the same" if hcl2.loads(written) == read else "something else")
except Exception as error:
    print("    read again:", type(error).__name__)
PY
go build -o check .
seen=$(
    while read -r place text; do
        venv/bin/python again.py "$place" "$text"
        ./check "$place-before.hcl" "$place-after.hcl"
    done <<'CASES'
argument a = <<EOT\nhi\nEOT\n
list a = [<<EOT\nhi\nEOT\n]\n
object a = {\n  b = <<EOT\nhi\nEOT\n}\n
call a = upper(<<EOT\nhi\nEOT\n)\n
CASES
)
printf '%s\n' "$seen"
expected="argument 'a = <<EOT\nhi\nEOT\n'
    read again: the same
    argument-before.hcl accepted
    argument-after.hcl accepted
list 'a = [\n  <<EOT\nhi\nEOT,\n]\n'
    read again: UnexpectedToken
    list-before.hcl accepted
    list-after.hcl refused: Unterminated template string
object 'a = {\n  b = <<EOT\nhi\nEOT,\n}\n'
    read again: UnexpectedToken
    object-before.hcl accepted
    object-after.hcl refused: Unterminated template string
call 'a = upper(\"<<EOT\nhi\nEOT\")\n'
    read again: the same
    call-before.hcl accepted
    call-after.hcl refused: Invalid multi-line string"
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
