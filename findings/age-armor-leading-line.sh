#!/usr/bin/env bash
# An armored age file that a heredoc or a template left with one empty line at its head: age 1.3.2 (Go) and age-encryption 0.3.1
# (Node.js) read it, pyrage 1.4.0 (Python over the Rust crate) refuses it as an invalid header. Empty lines at the end and CRLF are
# fine for all three.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
GOBIN=$work/bin go install filippo.io/age/cmd/age@v1.3.2 filippo.io/age/cmd/age-keygen@v1.3.2 2>install.log || { cat install.log; exit 1; }
npm install --silent --no-fund --no-audit --prefix . age-encryption@0.3.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyrage==1.4.0
bin/age-keygen -o key 2>public
recipient=$(sed 's/.*: //' public)
printf hello | bin/age -a -r "$recipient" > plain.age
{ echo; cat plain.age; } > head.age
{ cat plain.age; echo; } > tail.age
sed 's/$/\r/' plain.age > crlf.age
cat > main.mjs <<'JS'
import * as age from "age-encryption";
import fs from "fs";
const decrypter = new age.Decrypter();
decrypter.addIdentity(fs.readFileSync("key", "utf8").split("\n").find((line) => line.startsWith("AGE-")));
for (const name of process.argv.slice(2)) {
    try {
        console.log("npm", name, await decrypter.decrypt(age.armor.decode(fs.readFileSync(name, "utf8")), "text"));
    } catch (error) {
        console.log("npm", name, error.message);
    }
}
JS
cat > main.py <<'PY'
import sys, pyrage
key = next(line for line in open("key") if line.startswith("AGE-")).strip()
identity = pyrage.x25519.Identity.from_str(key)
for name in sys.argv[1:]:
    try:
        print("pyrage", name, pyrage.decrypt(open(name, "rb").read(), [identity]).decode())
    except pyrage.DecryptError as error:
        print("pyrage", name, error)
PY
files='plain.age head.age tail.age crlf.age'
seen=$(
    for file in $files; do echo "go $file $(bin/age -d -i key $file)"; done
    node main.mjs $files
    venv/bin/python main.py $files
)
printf '%s\n' "$seen"
expected='go plain.age hello
go head.age hello
go tail.age hello
go crlf.age hello
npm plain.age hello
npm head.age hello
npm tail.age hello
npm crlf.age hello
pyrage plain.age hello
pyrage head.age Header is invalid
pyrage tail.age hello
pyrage crlf.age hello'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
