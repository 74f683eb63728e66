//! The pages of the functions in `docs/functions/` are what their signatures say. Rewrites stale ones; where `CI` is set it fails instead.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use lanyard_compiler::model::schema::Type;
use lanyard_provider::resources::{Function, FunctionSignature, Parameter, provider};

const COMMAND: &str = "cargo test -p terraform-provider-lanyard --test suite functions";

#[test]
fn the_pages_of_the_functions_are_current() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stale = Vec::new();
    for function in provider().functions() {
        let name = function.name();
        let example = repository.join(format!("examples/functions/{name}/function.tf"));
        let example = read(&example).unwrap_or_else(|| panic!("{} is missing", example.display()));
        let expected = page(&*function, &example);
        let path = repository.join(format!("docs/functions/{name}.md"));
        if read(&path).as_ref() != Some(&expected) {
            stale.push(name);
            if env::var_os("CI").is_none() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, expected).unwrap();
            }
        }
    }
    assert!(
        stale.is_empty() || env::var_os("CI").is_none(),
        "stale pages in docs/functions: {stale:?}; run: {COMMAND}"
    );
}

fn read(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.replace("\r\n", "\n"))
}

fn page(function: &dyn Function, example: &str) -> String {
    let name = function.name();
    let signature = function.signature();
    let FunctionSignature {
        summary,
        doc,
        parameters,
        variadic,
        returns,
    } = &signature;
    let mut taken: Vec<String> = parameters
        .iter()
        .map(|parameter| format!("{} {}", parameter.name, spelled(&parameter.kind)))
        .collect();
    taken.extend(
        variadic
            .iter()
            .map(|parameter| format!("{} {}...", parameter.name, spelled(&parameter.kind))),
    );
    let mut page = format!(
        "---\n\
         # Generated from its signature by `{COMMAND}`; edit that.\n\
         page_title: \"{name} Function - Lanyard\"\n\
         subcategory: \"\"\n\
         description: |-\n  {summary}.\n\
         ---\n\n\
         # {name} (Function)\n\n\
         {doc}\n\n\
         ## Example Usage\n\n\
         ```terraform\n{example}```\n\n\
         ## Signature\n\n\
         ```text\nprovider::lanyard::{name}({}) {}\n```\n\n\
         ## Arguments\n\n",
        taken.join(", "),
        spelled(returns)
    );
    for (
        Parameter {
            name, kind, doc, ..
        },
        many,
    ) in (parameters.iter().map(|one| (one, "")))
        .chain(variadic.iter().map(|one| (one, ", Variadic")))
    {
        let kind = match kind {
            Type::String => "String",
            Type::Number => "Number",
            other => panic!("say {other:?} in words"),
        };
        writeln!(page, "- `{name}` ({kind}{many}) {doc}").unwrap();
    }
    page
}

fn spelled(kind: &Type) -> &'static str {
    match kind {
        Type::String => "string",
        Type::Number => "number",
        other => panic!("say how {other:?} is spelled"),
    }
}
