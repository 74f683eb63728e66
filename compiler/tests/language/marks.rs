//! What is sensitive or ephemeral stays so through every argument of every function. How far is in the corpus, as the real programs say
//! it; here stands that no function and no argument is missing there, so that none can be added without a row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lanyard_compiler::language::function_facts;
use serde_json::Value as Json;

use crate::support::compiled;

/// Cases whose outputs are called as the functions, each a map from `argument N` and `inside N` to what became of that mark.
const SENSITIVE: [&str; 4] = [
    "corpus/241-marks-of-every-function",
    "corpus/300-marks-of-further-functions",
    "corpus/303-marks-of-convert",
    "opentofu/020-marks-of-opentofus-functions",
];
const EPHEMERAL: [&str; 3] = [
    "corpus/301-ephemeral-marks-of-every-function",
    "corpus/303-marks-of-convert",
    "opentofu/020-marks-of-opentofus-functions",
];
/// What ephemeral values do in functions that are not evaluated here: one rejection for each argument.
const NOT_EVALUATED: &str = "corpus/302-rejects-ephemeral-results-not-evaluated";
/// How outputs end that are about ephemeral values, beside such about sensitive ones.
const SUFFIX: &str = "_ephemeral";

/// Which arguments of a function are held.
type Held = BTreeMap<String, BTreeSet<usize>>;

#[test]
fn no_argument_of_a_function_loses_that_it_is_sensitive() {
    let mut held = Held::new();
    for case in SENSITIVE {
        hold(&mut held, case, |output| {
            (!output.ends_with(SUFFIX)).then_some(output)
        });
    }
    ours(
        &mut held,
        |argument| format!("sensitive({argument})"),
        |call| format!("issensitive({call})"),
    );
    assert_eq!(missing(&held, |_| true), [""; 0]);
}

#[test]
fn no_argument_of_a_function_loses_that_it_is_ephemeral() {
    let mut held = Held::new();
    for case in EPHEMERAL {
        let mixed = SENSITIVE.contains(&case);
        hold(&mut held, case, |output| match mixed {
            true => output.strip_suffix(SUFFIX),
            false => Some(output),
        });
    }
    ours(
        &mut held,
        |argument| format!("(var.e ? {argument} : {argument})"),
        |call| format!("ephemeralasnull({call}) == null"),
    );
    assert_eq!(missing(&held, |is_evaluated| is_evaluated), [""; 0]);
    let source = std::fs::read_to_string(folder(NOT_EVALUATED).join("main.tf")).unwrap();
    for function in function_facts() {
        let calls = source.matches(&format!(" {}(", function.name)).count();
        if function.unknown_because.is_some() {
            assert_eq!(calls, arguments(&function.signature), "{}", function.name);
        }
    }
}

/// The arguments without a row, of the functions that are evaluated here or not, as is asked for.
fn missing(held: &Held, wanted: impl Fn(bool) -> bool) -> Vec<String> {
    let mut missing = Vec::new();
    for function in function_facts() {
        if !wanted(function.unknown_because.is_none()) {
            continue;
        }
        let rows = held.get(&function.name.replace("::", "_"));
        for argument in 0..arguments(&function.signature) {
            // A type has no marks.
            let is_type = (function.name, argument) == ("convert", 1);
            if !is_type && !rows.is_some_and(|rows| rows.contains(&argument)) {
                missing.push(format!("{}, argument {argument}", function.name));
            }
        }
    }
    missing
}

/// How many arguments a signature names, any further ones as one.
fn arguments(signature: &str) -> usize {
    let (_, names) = signature.split_once('(').unwrap();
    let names = names.strip_suffix(')').unwrap();
    names.split(", ").filter(|name| !name.is_empty()).count()
}

/// Adds the arguments that a case has outputs for. `name` says which function an output is about.
fn hold(held: &mut Held, case: &str, name: impl Fn(&str) -> Option<&str>) {
    for file in ["expected.json", "expected-1.15.json"] {
        let Ok(text) = std::fs::read_to_string(folder(case).join(file)) else {
            continue;
        };
        let answer: Json = serde_json::from_str(&text).unwrap();
        for (output, described) in answer["outputs"].as_object().unwrap() {
            let Some(name) = name(output) else {
                continue;
            };
            let rows = described["value"].as_object().unwrap();
            let arguments = rows.keys().filter_map(|row| row.strip_prefix("argument "));
            held.entry(name.to_owned())
                .or_default()
                .extend(arguments.map(|argument| argument.parse::<usize>().unwrap()));
        }
    }
}

/// Our own functions, which no other program has: `mark` makes a value one that `shows` has to be true of.
fn ours(held: &mut Held, mark: impl Fn(&str) -> String, shows: impl Fn(&str) -> String) {
    let values = |name: &str| match name {
        "provider::lanyard::authorization_header" => ["\"abc\"", "\"ci\""].as_slice(),
        "provider::lanyard::duration_hours" | "provider::lanyard::duration_seconds" => &["\"36h\""],
        _ => &[],
    };
    for function in function_facts() {
        let values = values(function.name);
        for argument in 0..values.len() {
            let mut arguments: Vec<String> = values.iter().map(ToString::to_string).collect();
            arguments[argument] = mark(values[argument]);
            let call = format!("{}({})", function.name, arguments.join(", "));
            let compiled = compiled(&format!(
                "terraform {{\n  required_providers {{\n    lanyard = {{ source = \"lanyard/lanyard\" }}\n  }}\n}}\n\
                 variable \"e\" {{\n  default   = true\n  ephemeral = true\n}}\n\
                 output \"o\" {{\n  value = {}\n}}\n",
                shows(&call)
            ));
            let shown = &compiled.configuration.outputs[0].value;
            assert_eq!(shown.as_bool(), Some(true), "{call}");
            held.entry(function.name.replace("::", "_"))
                .or_default()
                .insert(argument);
        }
    }
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/language")
        .join(case)
}
