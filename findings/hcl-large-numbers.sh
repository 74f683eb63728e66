#!/usr/bin/env bash
# One file, three readers. HCL's numbers have no upper bound, and Terraform keeps all digits (an account's number can have twenty).
# hcl-rs 0.20.0 (Rust) and @cdktf/hcl2json 0.21.0 (HCL's own Go code, for Node.js) silently turn integers beyond 64 bits into a
# floating-point number; python-hcl2 8.1.4 keeps each digit of them, yet hands out 1e3 as an expression in a string, not as a
# number. All three make 9007199254740992 of 9007199254740993.0, and hcl-rs writes it back into the file like that.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'a = 12345678901234567890123\nb = 9007199254740993.0\nc = 1e3\n' > numbers.tf
cargo init --quiet --vcs none --name finding .
cargo add --quiet hcl-rs@=0.20.0
cat > src/main.rs <<'RUST'
fn main() {
    let body: hcl::Body = hcl::parse(&std::fs::read_to_string("numbers.tf").unwrap()).unwrap();
    print!("{}", hcl::to_string(&body).unwrap());
}
RUST
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-hcl2==8.1.4
npm install --silent --no-fund --no-audit --prefix . @cdktf/hcl2json@0.21.0 >/dev/null
seen=$(
    echo 'hcl-rs'
    cargo run --quiet
    echo '@cdktf/hcl2json'
    node -e 'require("@cdktf/hcl2json").parse("numbers.tf", require("fs").readFileSync("numbers.tf", "utf8")).then(r => console.log(JSON.stringify(r)))'
    echo 'python-hcl2'
    venv/bin/python -c 'import hcl2, json; print(json.dumps(hcl2.load(open("numbers.tf"))))'
)
printf '%s\n' "$seen"
expected='hcl-rs
a = 1.2345678901234568e22
b = 9007199254740992
c = 1000
@cdktf/hcl2json
{"a":1.2345678901234568e+22,"b":9007199254740992,"c":1000}
python-hcl2
{"a": 12345678901234567890123, "b": 9007199254740992.0, "c": "${1e3}"}'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
