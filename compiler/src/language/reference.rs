//! The reference page of the language, written from the table of functions.

use std::fmt::Write as _;

use super::bounds;
use super::functions::function_facts;
use super::words;

const HEAD: &str = "# The language, as Lanyard evaluates it

<!-- Written by `cargo test -p lanyard-compiler --test language`; do not edit. -->

The `lanyard` command reads Terraform's configuration language without Terraform. A corpus of small configurations records what
Terraform 1.11.4 says of each rule; every value and every rejection must be the same.

| what | |
|---|---|
| `.tf`, `.tf.json`, override files | evaluated |
| `.tofu`, `.tofu.json` | evaluated in an OpenTofu folder, each instead of the `.tf` or `.tf.json` file of its name |
| variables from defaults, `TF_VAR_…`, `terraform.tfvars`, `*.auto.tfvars`, `--var-file`, `--var` | evaluated, in this order |
| locals, conditionals, `for`, splats, templates, heredocs | evaluated |
| `count`, `for_each`, `dynamic` | evaluated |
| the escaping block `_ { … }` of resources, modules, providers and provisioners | its arguments are the type's own |
| local modules, and others once `terraform init` has put them on disk | evaluated |
| modules that are not on disk | unknown, with a note |
| validations, preconditions, postconditions, checks | evaluated where what they look at is known; what speaks of our resources, by `lanyard plan` with what it plans and by `lanyard apply` with what it made |
| `moved`, `removed`, `import` | read |
| `terraform_data` | its arguments are known, what it computes is unknown |
| our own data sources | read by `lanyard plan` and `apply` where their arguments are known and the resources that come first stay as they are; elsewhere unknown, with a note |
| other providers' resources and data sources, `terraform_remote_state` | unknown; who consumes a token is still followed |
| other providers' functions | unknown |

Unknown is never an error by itself.

## Terraform or OpenTofu

Both programs read most configurations alike. Where they differ, the folder that is compiled says whose rules count, for all its modules:
`--language`, `language = \"opentofu\"` in `lanyard.toml`, the registry that `.terraform.lock.hcl` names, or a `.tofu` file, the first of these
that says anything; Terraform's otherwise. Where files of both kinds stand side by side and nothing else says which are meant, that is told.

| word | Terraform 1.11 | Terraform 1.15 | OpenTofu 1.12 |
|---|---|---|---|
| `.tofu`, `.tofu.json` | not read | not read | read |
| `tofu.workspace`, `tofu.applying` | an error | an error | as `terraform.workspace` and `terraform.applying` |
| `convert` | an error | known | an error |
| `import` blocks in modules | an error | not looked at; read from 1.16 on | an error |
| `_` within the namespace of a provider's `source` | an error | an error; 1.17 will take it, which is an error here until then | an error |
| `base64gunzip`, `cidrcontains`, `urldecode` | an error | an error | known |
| references in `prevent_destroy` | an error | an error | read |
| variables, locals and paths in `source` and `version` of a module | an error | read; of variables those with `const = true` | read |
| `provider = lanyard.by_region[each.key]`, in `providers` of a module, too | an error | an error | read |
{WORDS}
A folder of Terraform's is read as the newest Terraform reads it, 1.16: who uses an older one hears of a word that is too new from that
program. Where `required_version`, of the root or of a module, lets only versions in that do not have the word, it is an error here, too.
A word that only the other program has is an error that says so. What `encryption` says concerns the state alone.

## What newer versions do otherwise

Five rules follow newer versions of Terraform where 1.11.4 differs: `format(\"%v\", null)` is known, outputs of modules that are declared sensitive are sensitive to
their callers, `element` counts from the end when the index is negative, `contains` looks for a null, and where one side of `&&` or `||` decides, what is unknown
or wrong on the other side does not matter (`value != null && value.name == \"a\"`; Terraform before 1.12 refuses it).

Terraform 1.15.5 is held against the same corpus and says the same, but for one thing that is here as in 1.11.4: beside a variables file
that cannot be read it complains of the variables that are missing for it. What is to be 1.17 is held against it as it stood in August 2026. OpenTofu 1.12.6 is held against the corpus, too; it puts some
mistakes at other places, and `yamldecode` merges lists of mappings there, as it does here in a folder of OpenTofu's.

What the programs said of the corpus when they were last asked; a test asks whichever of them are on the machine again. Another test has
Lanyard say of each configuration what one of these Terraforms says, and what OpenTofu says in its folders, but for what is named above.

{CORPUS}
One rule is stricter than Terraform's: a number divided by zero is an error at once. Terraform goes on with an infinite number, may
compare it, and complains where it would have to be written down.
";

/// The rows of the words that not every program has.
fn words() -> String {
    words::rows()
        .map(|columns| format!("| {} |\n", columns.join(" | ")))
        .collect()
}

/// The page as Markdown, with a table of what the programs said of the corpus.
pub fn reference_page(corpus: &str) -> String {
    let mut page = HEAD
        .replace("{WORDS}\n", &words())
        .replace("{CORPUS}", corpus);
    page.push_str("\n## Bounds\n\n");
    page.push_str(&bounds::table());
    page.push_str(
        "\nWhat a function would make beyond a bound it says itself, as `function-failed`.\n",
    );
    let mut group = "";
    for function in function_facts() {
        if function.group != group {
            group = function.group;
            // Writing to a string cannot fail.
            let _ = write!(page, "\n## {group}\n\n| function | |\n|---|---|\n");
        }
        let whose = function
            .only
            .map_or_else(String::new, |only| format!("{} only; ", only.title()));
        let _ = match function.unknown_because {
            None => writeln!(page, "| `{}` | {whose}evaluated |", function.signature),
            Some(reason) => writeln!(
                page,
                "| `{}` | {whose}unknown: {reason} |",
                function.signature
            ),
        };
    }
    page
}
