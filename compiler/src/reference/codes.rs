//! The list of what can be complained of, read off the codes.

use std::fmt::Write as _;

use crate::diagnostic::{Code, Severity};

pub(super) fn page() -> String {
    let mut out = String::from(
        "---\n# Generated from `compiler/src/diagnostic/code.rs` by `cargo test -p lanyard-compiler --test generated`; edit \
         that.\npage_title: \"Diagnostics\"\nsubcategory: \"\"\ndescription: |-\n  What each code of an error or a warning \
         means.\n---\n\n# Diagnostics\n\nEach error and each warning of the `lanyard` command has a code, in square brackets after its \
         severity and as `code` in JSON. The code stays the same when the wording gets better, so programs should compare codes. \
         Terraform shows the same errors and warnings without their codes. What is an error elsewhere is a warning inside a `check` block, which never stops anything.\n\n| code | severity | meaning |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let severity = match code.severity() {
            Some(Severity::Error) => "error",
            Some(Severity::Warning) => "warning",
            None => "either",
        };
        let _ = writeln!(out, "| `{code}` | {severity} | {} |", code.meaning());
    }
    out
}
