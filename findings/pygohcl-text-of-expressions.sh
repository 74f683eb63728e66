#!/usr/bin/env bash
# pygohcl 1.2.9 (Python over HCL's own Go code) gives an expression that it does not evaluate as text, without its line breaks: an object over
# several lines in a function's arguments is `merge({ a = x b = y }, z)`, which is no HCL any more, also for pygohcl, and so it is with a heredoc
# there. Its option to keep ${ } in strings does so around a name with text beside it; around the call of a function they are gone, and of "${x}",
# as of x, the text "x" is left, while the escaped "$${x}" comes out as "${x}". A conditional in ${ } comes out as %{if}, with and without it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pygohcl==1.2.9
cat >main.py <<'PY'
import json
import pygohcl

EXPRESSIONS = [
    "merge({ a = x, b = y }, z)",
    "merge({\n  a = x\n  b = y\n}, z)",
    "upper(<<EOT\none\ntwo\nEOT\n)",
]
TEMPLATES = [
    '"a-${x}"',
    '"a-${upper(x)}"',
    '"${x}"',
    "x",
    '"$${x}"',
    '"a-$${x}"',
    '"a-${x ? 1 : 2}"',
]
for text in EXPRESSIONS:
    got = pygohcl.loads(f"it = {text}\n")["it"]
    try:
        again = "the same" if pygohcl.loads(f"it = {got}\n")["it"] == got else "another"
    except pygohcl.HCLParseError as error:
        again = str(error).split(";")[0]
    print(f"{json.dumps(text)}: {json.dumps(got)}; read again: {again}")
for text in TEMPLATES:
    plain, kept = (pygohcl.loads(f"it = {text}\n", keep_interpolations=keep)["it"] for keep in (False, True))
    print(f"{json.dumps(text)}: {json.dumps(plain)}; to be kept: {json.dumps(kept)}")
PY
venv/bin/python main.py | tee seen
diff seen - <<'SEEN'
"merge({ a = x, b = y }, z)": "merge({ a = x, b = y }, z)"; read again: the same
"merge({\n  a = x\n  b = y\n}, z)": "merge({ a = x b = y }, z)"; read again: invalid HCL: tmp.hcl:1,20-21: Missing attribute separator
"upper(<<EOT\none\ntwo\nEOT\n)": "upper(<<EOT one two EOT )"; read again: invalid HCL: tmp.hcl:1,12-13: Invalid expression
"\"a-${x}\"": "a-x"; to be kept: "a-${x}"
"\"a-${upper(x)}\"": "a-upper(x)"; to be kept: "a-upper(x)"
"\"${x}\"": "x"; to be kept: "x"
"x": "x"; to be kept: "x"
"\"$${x}\"": "${x}"; to be kept: "${x}"
"\"a-$${x}\"": "a-${x}"; to be kept: "a-${x}"
"\"a-${x ? 1 : 2}\"": "a-%{if x}1%{else}2%{endif}"; to be kept: "a-%{if x}1%{else}2%{endif}"
SEEN
