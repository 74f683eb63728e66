#!/usr/bin/env bash
# tflint 0.64.0 with its default rules calls a data source unused that nothing refers to, also where it stands there for its
# `postcondition`, and likewise a variable that only has a `validation`. `tflint --fix` deletes both and says "[Fixed]" and nothing of
# the conditions that went with them. A data source inside a `check` block, and one that only `depends_on` names, stay.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
GOBIN=$work/bin go install github.com/terraform-linters/tflint@v0.64.0 2>go.log || { cat go.log; exit 1; }
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
seen=$(
    (bin/tflint --chdir=configuration --fix || true) | grep -E '^Warning' | sort
    grep -E '^(variable|data|  data|check|resource)' configuration/main.tf
)
printf '%s\n' "$seen"
expected='Warning: [Fixed] data "terraform_remote_state" "base" is declared but not used (terraform_unused_declarations)
Warning: [Fixed] variable "days" is declared but not used (terraform_unused_declarations)
data "terraform_remote_state" "first" {
check "again" {
  data "terraform_remote_state" "inner" {
resource "terraform_data" "deploy" {'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
