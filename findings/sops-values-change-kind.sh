#!/usr/bin/env bash
# What comes out of sops 3.13.3 need not be what went in. A null of a YAML or JSON file is the text "<nil>" for the program that `sops exec-env`
# starts, and in output as dotenv; an empty text stays empty. 100000000.5 is 1.000000005E+08 there, and in YAML with a small e. As YAML
# again, a date has got a time of day, and a text under !!binary stands there decoded, without its tag; bytes that are no text keep theirs.
# sops-age 4.0.2 (Node.js) reads such a file as long as there is no date in it: "Invalid SOPS data type: time".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Takes minutes: it is built with the clients of the clouds' key stores.
GOBIN=$work/bin go install github.com/getsops/sops/v3/cmd/sops@v3.13.3 2>go.log || { cat go.log; exit 1; }
npm install --silent --no-fund --no-audit --ignore-scripts --prefix . age-encryption@0.3.1 sops-age@4.0.2 >/dev/null
cat >key.mjs <<'JS'
import { generateIdentity, identityToRecipient } from "age-encryption";
const identity = await generateIdentity();
console.log(identity);
console.log(await identityToRecipient(identity));
JS
node key.mjs >pair
sed -n 1p pair >key
export SOPS_AGE_KEY_FILE=$work/key HOME=$work
recipient=$(sed -n 2p pair)
cat >whole.yaml <<'YAML'
token: null
note: ""
limit: 100000000.5
text: !!binary aGVsbG8=
bytes: !!binary /w==
until: 2026-01-01
YAML
grep -vE '^(until|bytes)' whole.yaml >dateless.yaml
cat >read.mjs <<'JS'
import { decryptSops } from "sops-age";
import fs from "fs";
const secretKey = fs.readFileSync("key", "utf8").trim();
for (const name of ["dateless", "whole"]) {
    try {
        console.log("sops-age:", name, JSON.stringify(await decryptSops({ path: `${name}.enc.yaml`, secretKey })));
    } catch (error) {
        console.log("sops-age:", name, error.message);
    }
}
JS
for name in whole dateless; do
    bin/sops encrypt --age "$recipient" $name.yaml >$name.enc.yaml
done
bin/sops encrypt --age "$recipient" --input-type json --output-type json /dev/stdin <<<'{"token": null}' >null.enc.json
{
    bin/sops decrypt whole.enc.yaml | sed 's/^/as YAML: /'
    bin/sops decrypt --output-type dotenv dateless.enc.yaml | sed 's/^/as dotenv: /'
    bin/sops exec-env whole.enc.yaml 'echo "environment: token=$token note=$note limit=$limit text=$text until=$until"'
    bin/sops exec-env null.enc.json 'echo "environment, from JSON: token=$token"'
    node read.mjs
} 2>&1 | tee seen
diff seen - <<'SEEN'
as YAML: token: null
as YAML: note: ""
as YAML: limit: 1.000000005e+08
as YAML: text: hello
as YAML: bytes: !!binary /w==
as YAML: until: 2026-01-01T00:00:00Z
as dotenv: token=<nil>
as dotenv: note=
as dotenv: limit=1.000000005E+08
as dotenv: text=hello
environment: token=<nil> note= limit=1.000000005E+08 text=hello until=2026-01-01T00:00:00Z
environment, from JSON: token=<nil>
sops-age: dateless {"token":null,"note":"","limit":100000000.5,"text":"hello"}
sops-age: whole Error decoding base64: Invalid SOPS data type: time
SEEN
