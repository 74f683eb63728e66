#!/usr/bin/env bash
# In HCL `$${` and `%%{` are escapes: the text "${" and "%{", which opens nothing. For python-hcl2 8.1.4 what they open goes on
# to the next `}`, past the end of the string: two elements of a list become one, and an argument on the next line is gone, without a
# complaint. Where no `}` follows it refuses the file. hashicorp/hcl 2.24.0 (Go), which Terraform reads with, sees each of them.
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
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

func main() {
	file, found := hclsyntax.ParseConfig([]byte(os.Args[1]), "main.hcl", hcl.InitialPos)
	if found.HasErrors() {
		panic(found)
	}
	attributes, found := file.Body.JustAttributes()
	if found.HasErrors() {
		panic(found)
	}
	for _, name := range []string{"a", "b"} {
		if attribute, has := attributes[name]; has {
			value, found := attribute.Expr.Value(nil)
			if found.HasErrors() {
				panic(found)
			}
			text, err := ctyjson.Marshal(value, value.Type())
			if err != nil {
				panic(err)
			}
			fmt.Printf("    hashicorp/hcl: %s = %s\n", name, text)
		}
	}
}
GO
cat >read.py <<'PY'
import json
import sys
import hcl2

try:
    for name, value in hcl2.loads(sys.argv[1]).items():
        print(f"    python-hcl2:   {name} = {json.dumps(value)}")
except Exception as error:
    print(f"    python-hcl2:   {type(error).__name__}")
PY
go build -o check .
seen=$(
    while read -r written; do
        text=$(printf '%b' "$written")
        printf '%s\n' "$written"
        ./check "$text
"
        venv/bin/python read.py "$text
"
    done <<'CASES'
a = ["$${", "}"]
a = "$${"\nb = "}"
a = "%%{"\nb = "}"
a = "$${x}"\nb = "y"
a = "$${"\nb = "y"
CASES
)
printf '%s\n' "$seen"
expected=$(
    cat <<'SEEN'
a = ["$${", "}"]
    hashicorp/hcl: a = ["${","}"]
    python-hcl2:   a = ["\"$${\", \"}\""]
a = "$${"\nb = "}"
    hashicorp/hcl: a = "${"
    hashicorp/hcl: b = "}"
    python-hcl2:   a = "\"$${\"\nb = \"}\""
a = "%%{"\nb = "}"
    hashicorp/hcl: a = "%{"
    hashicorp/hcl: b = "}"
    python-hcl2:   a = "\"%%{\"\nb = \"}\""
a = "$${x}"\nb = "y"
    hashicorp/hcl: a = "${x}"
    hashicorp/hcl: b = "y"
    python-hcl2:   a = "\"$${x}\""
    python-hcl2:   b = "\"y\""
a = "$${"\nb = "y"
    hashicorp/hcl: a = "${"
    hashicorp/hcl: b = "y"
    python-hcl2:   UnexpectedCharacters
SEEN
)
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
