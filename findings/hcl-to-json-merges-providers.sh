#!/usr/bin/env bash
# hcl-to-json 0.1.1 (Node.js) makes one of two `provider` blocks of a name: the `alias` of the second stands beside the arguments of the first. Of two
# `removed` blocks the last one is left, while blocks inside of a block become a list. A quoted text that looks like a number is one, "0012" is 12 and
# "1e3" is 1000, as the argument of a block; in a list it is the other way round, the number and `true` are texts. null is the text "null",
# and `var.ttl` what "var.ttl" is; of a condition the rest of the line becomes keys. @cdktf/hcl2json 0.21.0 (HCL's own Go code) beside it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . hcl-to-json@0.1.1 @cdktf/hcl2json@0.21.0 >/dev/null
cat >main.mjs <<'JS'
import { parse } from "@cdktf/hcl2json";
import read from "hcl-to-json";

const files = {
    "two provider blocks": 'provider "example" {\n  region = "eu"\n}\n\nprovider "example" {\n  alias = "other"\n}\n',
    "two removed blocks": "removed {\n  from = a.one\n}\n\nremoved {\n  from = a.two\n}\n",
    "two blocks within one": 'resource "a" "b" {\n  scope {\n    name = "one"\n  }\n  scope {\n    name = "two"\n  }\n}\n',
    "texts of an argument": 'locals {\n  account = "0012"\n  code    = "1e3"\n  answer  = "true"\n}\n',
    "a list": 'locals {\n  all = ["0012", 12, true]\n}\n',
    "null and a reference": 'locals {\n  none = null\n  text = "var.ttl"\n  ttl  = var.ttl\n}\n',
    "a condition": "locals {\n  days = var.long ? 30 : 7\n}\n",
};
for (const [name, text] of Object.entries(files)) {
    console.log(`${name}\n  hcl2json:    ${JSON.stringify(await parse("main.tf", text))}\n  hcl-to-json: ${JSON.stringify(read(text))}`);
}
JS
node main.mjs | tee seen
diff seen - <<'SEEN'
two provider blocks
  hcl2json:    {"provider":{"example":[{"region":"eu"},{"alias":"other"}]}}
  hcl-to-json: {"provider":{"example":{"region":"eu","alias":"other"}}}
two removed blocks
  hcl2json:    {"removed":[{"from":"${a.one}"},{"from":"${a.two}"}]}
  hcl-to-json: {"removed":{"from":"a.two"}}
two blocks within one
  hcl2json:    {"resource":{"a":{"b":[{"scope":[{"name":"one"},{"name":"two"}]}]}}}
  hcl-to-json: {"resource":{"a":{"b":{"scope":[{"name":"one"},{"name":"two"}]}}}}
texts of an argument
  hcl2json:    {"locals":[{"account":"0012","answer":"true","code":"1e3"}]}
  hcl-to-json: {"locals":{"account":12,"code":1000,"answer":true}}
a list
  hcl2json:    {"locals":[{"all":["0012",12,true]}]}
  hcl-to-json: {"locals":{"all":["0012","12","true"]}}
null and a reference
  hcl2json:    {"locals":[{"none":null,"text":"var.ttl","ttl":"${var.ttl}"}]}
  hcl-to-json: {"locals":{"none":"null","text":"var.ttl","ttl":"var.ttl"}}
a condition
  hcl2json:    {"locals":[{"days":"${var.long ? 30 : 7}"}]}
  hcl-to-json: {"locals":{"days":"var.long","?":{"30":{"&#x3A":{"7":{}}}}}}
SEEN
