#!/usr/bin/env bash
# @cdktn/hcl2cdk 0.24.0 (Node.js), the converter behind `cdktn convert` of CDK Terrain, follows `import` blocks and leaves `moved` and `removed`
# out without a word: on the next apply what was moved is replaced, and what was to be forgotten is destroyed. `check` and `ephemeral`
# blocks vanish likewise, and so does the precondition of an output, where those of a variable and a resource stay. The argument in
# `ignore_changes = [input]` becomes a variable of TypeScript that is nowhere declared. An output with `depends_on` stops it all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --prefix . @cdktn/hcl2cdk@0.24.0 >/dev/null
cat >main.js <<'JS'
const { convert } = require("@cdktn/hcl2cdk");
const blocks = {
    import: `resource "terraform_data" "a" {}
        import {
          to = terraform_data.a
          id = "x"
        }`,
    moved: `resource "terraform_data" "b" {}
        moved {
          from = terraform_data.a
          to   = terraform_data.b
        }`,
    removed: `removed {
          from = terraform_data.a
          lifecycle {
            destroy = false
          }
        }`,
    check: `check "c" {
          assert {
            condition     = 1 > 0
            error_message = "m"
          }
        }`,
    ephemeral: `ephemeral "random_password" "p" {
          length = 16
        }`,
    output: `output "o" {
          value = "x"
          precondition {
            condition     = 1 > 0
            error_message = "m"
          }
        }`,
    resource: `resource "terraform_data" "a" {
          input = "x"
          lifecycle {
            ignore_changes = [input]
            precondition {
              condition     = 1 > 0
              error_message = "m"
            }
          }
        }`,
    "output that depends": `resource "terraform_data" "a" {}
        output "o" {
          value      = "x"
          depends_on = [terraform_data.a]
        }`,
};
(async () => {
    const options = { language: "typescript", providerSchema: { provider_schemas: {} }, codeContainer: "constructs.Construct" };
    for (const [name, text] of Object.entries(blocks)) {
        try {
            const { code } = await convert(text, options);
            console.log(`converted ${name}: ${code.replace(/\s+/g, " ").trim() || "nothing"}`);
        } catch (error) {
            console.log(`converted ${name}: ${error.message.split(".")[0]}`);
        }
    }
})();
JS
# It writes about a settings file of Terraform that is not there, too.
node main.js 2>warnings | grep '^converted' | tee seen
diff seen - <<'SEEN'
converted import: const a = new DataResource(this, "a", {}); a.importFrom("x");
converted moved: new DataResource(this, "b", {});
converted removed: nothing
converted check: nothing
converted ephemeral: nothing
converted output: new TerraformOutput(this, "o", { value: "x", });
converted resource: new DataResource(this, "a", { input: "x", lifecycle: { ignoreChanges: [input], precondition: [ { condition: Op.gt(1, 0), errorMessage: "m", }, ], }, });
converted output that depends: Error: HCL-JSON does not conform to schema
SEEN
