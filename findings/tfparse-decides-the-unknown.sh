#!/usr/bin/env bash
# tfparse 0.6.22 (Python over the Go code of a scanner) evaluates a folder of Terraform for checks of policy, and makes up its mind about what
# nothing has said yet, each time in another way. A `count` that depends on a variable without a value is 1, so that of two resources that
# exclude each other both are there; a `for_each` that depends on it is empty, so that none is. An `id` that a server is yet to
# give is a new UUID in each run, with which comparisons are decided; any other expression that is not known is None, as one is that is null.
# With the variable's value, counts and keys are those of Terraform, the id is made up all the same. Terraform asks for the variable, and says
# "known after apply" of the id.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tfparse==0.6.22
mkdir folder
cat > folder/main.tf <<'HCL'
variable "stage" {
  type = string
}

resource "terraform_data" "account" {}

resource "terraform_data" "of_account" {
  input = "of ${terraform_data.account.id}"
}

resource "terraform_data" "is_known_account" {
  input = terraform_data.account.id == "sa_1" ? "it is" : "it is not"
}

resource "terraform_data" "in_production" {
  count = var.stage == "production" ? 1 : 0
}

resource "terraform_data" "elsewhere" {
  count = var.stage == "production" ? 0 : 1
}

resource "terraform_data" "each_in_production" {
  for_each = var.stage == "production" ? toset(["a", "b"]) : toset([])
}

resource "terraform_data" "not_known" {
  input = var.stage == "production" ? "prod" : "other"
}

resource "terraform_data" "is_null" {
  input = null
}
HCL
printf 'stage = "production"\n' > folder/production.tfvars
cat > read.py <<'PY'
import re
import tfparse

def read(**options):
    found = tfparse.load_from_path("folder", **options)["terraform_data"]
    return {one["__tfmeta"]["path"].removeprefix("terraform_data."): one.get("input", "is there") for one in found}

for name, options in [("without", {}), ("with", {"vars_paths": ["production.tfvars"]})]:
    first, second = read(**options), read(**options)
    for path, value in sorted(first.items()):
        if value != second[path]:
            value = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", value) + ", another one in the second run"
        print(name, path, value)
PY
seen=$(venv/bin/python read.py 2>/dev/null)
printf '%s\n' "$seen"
expected='without account is there
without elsewhere[0] is there
without in_production[0] is there
without is_known_account it is not
without is_null None
without not_known None
without of_account of UUID, another one in the second run
with account is there
with each_in_production["a"] is there
with each_in_production["b"] is there
with in_production[0] is there
with is_known_account it is not
with is_null None
with not_known prod
with of_account of UUID, another one in the second run'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
