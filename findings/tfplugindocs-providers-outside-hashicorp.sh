#!/usr/bin/env bash
# tfplugindocs 0.25.0 finds the schema of nobody but HashiCorp. `terraform providers schema -json` names each provider by its full address,
# such as "registry.terraform.io/acme/demo"; `tfplugindocs validate --providers-schema` and `generate --providers-schema` look for "demo" and for
# "registry.terraform.io/hashicorp/demo" only, whatever --provider-name says, and stop. The same file with the address rewritten is accepted.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
GOBIN=$work/bin go install github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs@v0.25.0 2>go.log || { cat go.log; exit 1; }
mkdir -p docs/resources
printf -- '---\npage_title: "Demo"\ndescription: |-\n  A demo.\n---\n\n# Demo\n' >docs/index.md
printf -- '---\npage_title: "demo_thing"\nsubcategory: ""\ndescription: |-\n  A thing.\n---\n\n# demo_thing\n' >docs/resources/thing.md
schema='{"version":0,"block":{"attributes":{"id":{"type":"string","computed":true}}}}'
seen=$(
    for address in registry.terraform.io/acme/demo registry.opentofu.org/acme/demo registry.terraform.io/hashicorp/demo; do
        printf '{"format_version":"1.0","provider_schemas":{"%s":{"resource_schemas":{"demo_thing":%s}}}}' "$address" "$schema" >schema.json
        for name in terraform-provider-demo acme/terraform-provider-demo; do
            code=0
            bin/tfplugindocs validate --provider-name "$name" --providers-schema schema.json >said 2>&1 || code=$?
            printf '%-36s %-28s exit %s %s\n' "$address" "$name" "$code" "$(grep -o 'unable to find schema.*' said || true)"
        done
    done
)
printf '%s\n' "$seen"
expected='registry.terraform.io/acme/demo      terraform-provider-demo      exit 1 unable to find schema in JSON for provider "demo"
registry.terraform.io/acme/demo      acme/terraform-provider-demo exit 1 unable to find schema in JSON for provider "acme/terraform-provider-demo"
registry.opentofu.org/acme/demo      terraform-provider-demo      exit 1 unable to find schema in JSON for provider "demo"
registry.opentofu.org/acme/demo      acme/terraform-provider-demo exit 1 unable to find schema in JSON for provider "acme/terraform-provider-demo"
registry.terraform.io/hashicorp/demo terraform-provider-demo      exit 0 
registry.terraform.io/hashicorp/demo acme/terraform-provider-demo exit 1 unable to find schema in JSON for provider "acme/terraform-provider-demo"'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
