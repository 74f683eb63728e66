#!/usr/bin/env bash
# json-to-tf 0.3.1 (Node.js) turns Terraform's JSON syntax, as CDK for Terraform writes it, into the other one. `removed`, `moved` and `import`
# are left out without a word: what was to be forgotten is destroyed then. Of lists in a list the last one is left, and stands where the object
# was that had the list; `lifecycle` becomes an argument, which Terraform does not have; quotation marks and line breaks in a text, and keys
# with a blank, are written as they are, so that @cdktf/hcl2json 0.21.0 (HCL's own Go code) cannot read the file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . json-to-tf@0.3.1 @cdktf/hcl2json@0.21.0 >/dev/null
cat >main.mjs <<'JS'
import { parse } from "@cdktf/hcl2json";
import convert from "json-to-tf";

const cases = [
    { locals: { days: 30, scopes: ["read"], none: null } },
    { removed: [{ from: "a.b", lifecycle: { destroy: false } }], locals: { days: 30 } },
    { moved: [{ from: "a.b", to: "a.c" }], locals: { days: 30 } },
    { import: [{ to: "a.b", id: "c" }], locals: { days: 30 } },
    { locals: { account: { scopes: { all: [["read"], ["write"]] } } } },
    { locals: { account: { scopes: { all: ["read", "write"] } } } },
    { resource: { a: { b: { name: "c", lifecycle: { prevent_destroy: true } } } } },
    { locals: { text: 'the "first"' } },
    { locals: { text: "one\ntwo" } },
    { locals: { names: { "of one": 1 } } },
];
for (const one of cases) {
    const text = convert.jsonToTf(JSON.stringify(one));
    const read = await parse("main.tf", text).then(JSON.stringify, (error) => `refused: ${error.message.split(";")[0]}`);
    console.log(`${JSON.stringify(one)}\n  is written as ${text.split(/\s+/).join(" ")}\n  and read as ${read}`);
}
JS
node main.mjs | tee seen
diff seen - <<'SEEN'
{"locals":{"days":30,"scopes":["read"],"none":null}}
  is written as locals { days = 30 scopes = [ "read" ] none = null }
  and read as {"locals":[{"days":30,"none":null,"scopes":["read"]}]}
{"removed":[{"from":"a.b","lifecycle":{"destroy":false}}],"locals":{"days":30}}
  is written as locals { days = 30 }
  and read as {"locals":[{"days":30}]}
{"moved":[{"from":"a.b","to":"a.c"}],"locals":{"days":30}}
  is written as locals { days = 30 }
  and read as {"locals":[{"days":30}]}
{"import":[{"to":"a.b","id":"c"}],"locals":{"days":30}}
  is written as locals { days = 30 }
  and read as {"locals":[{"days":30}]}
{"locals":{"account":{"scopes":{"all":[["read"],["write"]]}}}}
  is written as locals { account = { scopes = [ "write" ] } }
  and read as {"locals":[{"account":{"scopes":["write"]}}]}
{"locals":{"account":{"scopes":{"all":["read","write"]}}}}
  is written as locals { account = { scopes = { all = [ "read", "write" ] } } }
  and read as {"locals":[{"account":{"scopes":{"all":["read","write"]}}}]}
{"resource":{"a":{"b":{"name":"c","lifecycle":{"prevent_destroy":true}}}}}
  is written as resource "a" "b" { name = "c" lifecycle = { prevent_destroy = true } }
  and read as {"resource":{"a":{"b":[{"lifecycle":{"prevent_destroy":true},"name":"c"}]}}}
{"locals":{"text":"the \"first\""}}
  is written as locals { text = "the "first"" }
  and read as refused: parse config: [main.tf:2,16-21: Missing newline after argument
{"locals":{"text":"one\ntwo"}}
  is written as locals { text = "one two" }
  and read as refused: parse config: [main.tf:2,14-3,1: Invalid multi-line string
{"locals":{"names":{"of one":1}}}
  is written as locals { names = { of one = 1 } }
  and read as refused: parse config: [main.tf:3,8-11: Missing key/value separator
SEEN
