#!/usr/bin/env bash
# Post-quantum recipients of age (age1pq1..., made by age-keygen -pq of age 1.3.2, Go): age-encryption 0.3.1 (Node.js) encrypts to them
# and Go decrypts it. pyrage 1.4.0 (Python over the Rust crate) knows the post-quantum recipients of hardware keys (its module tagpq),
# and yet no age1pq1 key: "incorrect HRP" is all that it says.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
GOBIN=$work/bin go install filippo.io/age/cmd/age@v1.3.2 filippo.io/age/cmd/age-keygen@v1.3.2 2>install.log || { cat install.log; exit 1; }
npm install --silent --no-fund --no-audit --prefix . age-encryption@0.3.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyrage==1.4.0
bin/age-keygen -pq -o key 2>public
recipient=$(grep -o 'age1pq1.*' key)
cat > main.mjs <<'JS'
import * as age from "age-encryption";
import fs from "fs";
const encrypter = new age.Encrypter();
encrypter.addRecipient(process.argv[2]);
fs.writeFileSync("npm.age", await encrypter.encrypt("hello"));
JS
node main.mjs "$recipient"
seen=$(
    echo "npm to go: $(bin/age -d -i key npm.age)"
    venv/bin/python - "$recipient" <<'PY'
import sys, pyrage
print("pyrage has tagpq:", hasattr(pyrage, "tagpq"))
for name in ("x25519", "tag", "tagpq"):
    try:
        getattr(pyrage, name).Recipient.from_str(sys.argv[1])
        print(name, "takes it")
    except pyrage.RecipientError as error:
        print(name, "refuses it:", error)
PY
)
printf '%s\n' "$seen"
expected='npm to go: hello
pyrage has tagpq: True
x25519 refuses it: incorrect HRP
tag refuses it: incorrect HRP
tagpq refuses it: incorrect HRP'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
