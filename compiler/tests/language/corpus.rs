//! Small configurations, each for one rule of the language, and what Terraform itself says about them. `expected.json` beside each
//! was recorded from the real program (see `acceptance-tests/tests/suite/compiler/terraform/corpus.rs`, which records it again): every value
//! must be equal, and what Terraform rejects must be rejected at the same line of the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::{
    Colour, Compiled, MemoryLoader, Options, Schemas, VariableArgument, compile, report,
};
use lanyard_compiler::value::Value;
use serde_json::{Value as Json, json};

/// What stands for an unknown value in `expected.json`.
const UNKNOWN: &str = "(known after apply)";
/// Kept beside the configuration and not part of it.
const OURS: [&str; 4] = ["expected.json", NEWER, "arguments.json", "environment.json"];
/// What Terraform 1.15 says where that is something else.
const NEWER: &str = "expected-1.15.json";

#[test]
fn every_value_and_every_rejection_is_terraforms_own() {
    let language = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    // Those of OpenTofu were written from the source of OpenTofu 1.12.6; where that program is at hand, the differential test asks it.
    let mut cases: Vec<PathBuf> = ["corpus", "opentofu"]
        .iter()
        .flat_map(|corpus| std::fs::read_dir(language.join(corpus)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    let schemas = Schemas::lanyard();
    let mut values = 0;
    let mut rejections = 0;
    let mut differences = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let compiled = compile_case(case, &schemas);
        let answers = answers(case);
        let ours = our_places(&compiled);
        let shown = || report(&compiled.diagnostics, &compiled.sources, Colour::Plain);
        let agreeing: Vec<&Json> = answers
            .iter()
            .filter(|answer| same_rejection(&name, &places(&answer["errors"]), &ours))
            .collect();
        let Some(expected) = agreeing.first() else {
            let wrong = places(&answers[0]["errors"]);
            differences.push(format!(
                "{name}: Terraform rejects {wrong:?}, Lanyard {ours:?}\n{}",
                shown()
            ));
            continue;
        };
        let wrong = places(&expected["errors"]);
        if !wrong.is_empty() {
            rejections += wrong.len();
            continue;
        }
        let theirs = expected["outputs"].as_object().unwrap();
        let ours: BTreeMap<&str, Json> = compiled
            .configuration
            .outputs
            .iter()
            .map(|output| {
                let like = theirs
                    .get(&output.name)
                    .map_or(&Json::Null, |their| &their["value"]);
                let mut described = json!({
                    "sensitive": output.sensitive,
                    "value": as_json(&output.value, like),
                });
                // Terraform does not tell the type of what it does not know.
                if output.value.is_wholly_known() {
                    described["type"] = output.kind.as_str().into();
                }
                (output.name.as_str(), described)
            })
            .collect();
        values += theirs.len();
        let names: BTreeSet<&str> = theirs
            .keys()
            .map(String::as_str)
            .chain(ours.keys().copied())
            .collect();
        for output in names {
            let (their, our) = (theirs.get(output), ours.get(output));
            let same = agreeing
                .iter()
                .any(|answer| answer["outputs"].get(output).map(comparable) == our.map(comparable));
            if !same {
                differences.push(format!(
                    "{name}, output {output}:\n  Terraform {}\n  Lanyard   {}",
                    their.map(Json::to_string).unwrap_or_default(),
                    our.map(Json::to_string).unwrap_or_default()
                ));
            }
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(
        cases.len() >= 150,
        "the corpus shrank to {} configurations",
        cases.len()
    );
    assert!(
        values >= 700 && rejections >= 150,
        "{values} values, {rejections} rejections"
    );
}

/// What Terraform says: 1.11 first, then 1.15 where that says something else.
fn answers(case: &Path) -> Vec<Json> {
    ["expected.json", NEWER]
        .iter()
        .filter_map(|file| std::fs::read_to_string(case.join(file)).ok())
        .map(|text| serde_json::from_str(&text).unwrap())
        .collect()
}

#[test]
fn the_page_names_what_newer_versions_do_otherwise() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language/corpus");
    let mut differing: Vec<String> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|case| case.path().join(NEWER).exists())
        .map(|case| case.file_name().into_string().unwrap())
        .collect();
    differing.sort();
    // Whoever adds one says so in `reference.rs`.
    assert_eq!(
        differing,
        [
            "015-format",
            "031-unknowns",
            "216-rejects-tfvars-syntax",
            "236-logic-that-leaves-out"
        ]
    );
}

fn compile_case(case: &Path, schemas: &Schemas) -> Compiled {
    let mut files = Vec::new();
    read_folder(case, "", &mut files);
    let json = |name: &str| -> Option<Json> {
        let text = std::fs::read_to_string(case.join(name)).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    };
    let mut options = Options::default();
    for argument in json("arguments.json")
        .iter()
        .flat_map(|list| list.as_array().unwrap())
    {
        let argument = argument.as_str().unwrap();
        options
            .variables
            .push(match argument.strip_prefix("-var-file=") {
                Some(file) => VariableArgument::File(file.to_owned()),
                None => {
                    let (name, text) = argument
                        .strip_prefix("-var=")
                        .unwrap()
                        .split_once('=')
                        .unwrap();
                    VariableArgument::Value {
                        name: name.to_owned(),
                        text: text.to_owned(),
                    }
                }
            });
    }
    for (name, value) in json("environment.json")
        .iter()
        .flat_map(|map| map.as_object().unwrap())
    {
        let name = name.strip_prefix("TF_VAR_").unwrap().to_owned();
        options
            .environment
            .insert(name, value.as_str().unwrap().to_owned());
    }
    compile(&MemoryLoader::new(files), &options, schemas)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files);
        } else if !OURS.contains(&name) {
            files.push((format!("{prefix}{name}"), std::fs::read(&path).unwrap()));
        }
    }
}

/// Where Terraform also complains about what only follows from the mistake.
const FOLLOWING: [&str; 3] = [
    "unclosed-interpolation",
    "unclosed-string",
    "tfvars-reference",
];

/// The same places; any place, where Terraform says no more of a mistake (such as a cycle) than that it is somewhere.
fn same_rejection(
    case: &str,
    theirs: &BTreeSet<(String, u64)>,
    ours: &BTreeSet<(String, u64)>,
) -> bool {
    let placed: BTreeSet<_> = theirs
        .iter()
        .filter(|(file, _)| !file.is_empty())
        .cloned()
        .collect();
    if placed.is_empty() {
        return ours.is_empty() == theirs.is_empty();
    }
    if FOLLOWING.iter().any(|name| case.ends_with(name)) {
        return !ours.is_empty() && ours.is_subset(&placed);
    }
    *ours == placed
}

/// File and line of each error that Terraform gave.
fn places(errors: &Json) -> BTreeSet<(String, u64)> {
    errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["file"].as_str().unwrap().to_owned(),
                error["line"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn our_places(compiled: &Compiled) -> BTreeSet<(String, u64)> {
    let errors = compiled
        .diagnostics
        .iter()
        .filter(|one| Diagnostic::is_error(one));
    errors
        .map(|error| match &error.span {
            Some(span) => {
                let line = compiled.sources.position(span).unwrap().line;
                (span.file.to_string(), line as u64)
            }
            None => (String::new(), 0),
        })
        .collect()
}

/// Without the type where only one side could tell it.
fn comparable(described: &Json) -> Json {
    let mut described = described.clone();
    described["value"] = floats(&described["value"]);
    // Nor of a null, which Terraform does not tell either.
    if described["value"].is_null() || described["value"].to_string().contains(UNKNOWN) {
        described.as_object_mut().unwrap().remove("type");
    }
    described
}

/// The same value with every number that is not small and whole as the nearest float.
fn floats(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.as_i64().is_none() => {
            number.to_string().parse::<f64>().unwrap().into()
        }
        Json::Array(items) => items.iter().map(floats).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), floats(value)))
            .collect(),
        value => value.clone(),
    }
}

/// A value as Terraform's plan writes it. Secrets of the corpus are none; their text is of the type that `like` has.
fn as_json(value: &Value, like: &Json) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => UNKNOWN.into(),
        Value::Bool(value) => (*value).into(),
        // As the nearest float, which is what a JSON library keeps; the corpus spells numbers as text where every digit counts.
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Secret(secret) if like.is_number() || like.is_boolean() => {
            serde_json::from_str(secret.expose()).unwrap_or_else(|_| secret.expose().into())
        }
        Value::Secret(secret) => secret.expose().into(),
        Value::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| as_json(item, &like[index]))
            .collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), as_json(value, &like[&**name])))
            .collect(),
    }
}
