#!/usr/bin/env bash
# hcl2-parser 1.0.3 (Node.js) gives the same object for "$${x}", the literal text ${x}, and for "${x}", the value of x: whoever reads
# its output cannot tell a template from text that looks like one. @cdktf/hcl2json 0.21.0 keeps the escape, so there the two differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --prefix . hcl2-parser@1.0.3 @cdktf/hcl2json@0.21.0 >/dev/null
cat > main.js <<'JS'
const parser = require("hcl2-parser"), json = require("@cdktf/hcl2json");
(async () => {
    for (const text of ['a = "$${x}"', 'a = "${x}"']) {
        const [old] = parser.parseToObject(text);
        console.log(text, "| hcl2-parser", old.a, "| hcl2json", (await json.parse("a.tf", text)).a);
    }
})();
JS
seen=$(node main.js)
printf '%s\n' "$seen"
expected='a = "$${x}" | hcl2-parser ${x} | hcl2json $${x}
a = "${x}" | hcl2-parser ${x} | hcl2json ${x}'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
