#!/usr/bin/env bash
# hcl2-parser 1.0.3 (Node.js) was built before provider-defined functions (Terraform 1.8). A file that calls one is answered with
# [null, error], and the error prints as {} and has no message: a caller that logs it learns nothing. parseToString answers ''.
# @cdktf/hcl2json 0.21.0 reads the same file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --prefix . hcl2-parser@1.0.3 @cdktf/hcl2json@0.21.0 >/dev/null
cat > main.js <<'JS'
const parser = require("hcl2-parser"), json = require("@cdktf/hcl2json");
const text = 'a = provider::time::rfc3339_parse("2026-01-01T00:00:00Z")';
(async () => {
    const [value, error] = parser.parseToObject(text);
    console.log("hcl2-parser", value, JSON.stringify(error), error.message, JSON.stringify(parser.parseToString(text)[0]));
    console.log("hcl2json", (await json.parse("a.tf", text)).a);
})();
JS
seen=$(node main.js)
printf '%s\n' "$seen"
expected='hcl2-parser null {} undefined ""
hcl2json ${provider::time::rfc3339_parse("2026-01-01T00:00:00Z")}'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
