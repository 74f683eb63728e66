#!/usr/bin/env bash
# Two readers of SARIF 2.1.0, one file: sarif-tools 3.0.5 (Python) takes a result's own `level`, @security-alert/sarif-to-markdown 1.11.1
# (Node.js) takes the level of its rule, so that a result raised to an error above its rule is a note there. For both, a result that is
# gone since the baseline (`baselineState` "absent") stands among the others like one that is there.
# sarif-tools takes the rule's name off a message that begins with it, and all of the rest but one character: here a space.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sarif-tools==3.0.5
npm install --silent --no-fund --no-audit --prefix . @security-alert/sarif-to-markdown@1.11.1 >/dev/null
cat > write.py <<'PY'
import json

def result(line, rule, **rest):
    place = {"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": line}}}
    return {"ruleId": ["raised", "default"][rule], "ruleIndex": rule, "locations": [place], **rest}

rules = [
    {"id": "raised", "shortDescription": {"text": "r"}, "defaultConfiguration": {"level": "note"}},
    {"id": "default", "shortDescription": {"text": "d"}, "defaultConfiguration": {"level": "error"}},
]
results = [
    result(1, 0, level="error", message={"text": "above its rule"}),
    result(2, 1, message={"text": "the level of its rule"}),
    result(3, 1, baselineState="absent", message={"text": "gone since the baseline"}),
    result(4, 1, message={"text": "default: opens everything"}),
]
run = {"tool": {"driver": {"name": "demo", "rules": rules}}, "results": results}
json.dump({"version": "2.1.0", "runs": [run]}, open("all.sarif", "w"))
# One file for each result too: where several have one rule, the second reader prints the first one's message for all.
for number, one in enumerate(results, 1):
    json.dump({"version": "2.1.0", "runs": [{**run, "results": [one]}]}, open(f"{number}.sarif", "w"))
PY
python3 write.py
cat > read.mjs <<'JS'
import { sarifToMarkdown } from "@security-alert/sarif-to-markdown";
import fs from "fs";
const toMarkdown = sarifToMarkdown({ title: "t", owner: "o", repo: "r", branch: "main", sourceRoot: "",
    severities: ["none", "note", "warning", "error"], details: false });
for (const number of [1, 2, 3, 4]) {
    const [{ body }] = toMarkdown(JSON.parse(fs.readFileSync(`${number}.sarif`, "utf8")));
    for (const line of body.split("\n")) if (line.startsWith("- **[")) console.log("sarif-to-markdown", number, line.trimEnd());
}
JS
seen=$(
    venv/bin/sarif csv -o all.csv all.sarif >/dev/null
    tail -n +2 all.csv | tr -d '\r' | sort -t, -k6n | sed 's/^/sarif-tools /'
    node read.mjs
)
printf '%s\n' "$seen"
expected='sarif-tools demo,error,raised,above its rule,main.tf,1
sarif-tools demo,error,default,the level of its rule,main.tf,2
sarif-tools demo,error,default,gone since the baseline,main.tf,3
sarif-tools demo,error,default,,main.tf,4
sarif-to-markdown 1 - **[NOTE]** **[raised]**  `above its rule`
sarif-to-markdown 2 - **[ERROR]** **[default]**  `the level of its rule`
sarif-to-markdown 3 - **[ERROR]** **[default]**  `gone since the baseline`
sarif-to-markdown 4 - **[ERROR]** **[default]**  `default: opens everything`'
[ "$seen" = "$expected" ] || { echo 'CHANGED: this is not what was seen before'; exit 1; }
