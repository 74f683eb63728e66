//! Small configurations, each for one rule of the language, and what Terraform itself says about them. `expected.json` beside each
//! was recorded from the real program (see `acceptance-tests/tests/suite/compiler/terraform/corpus.rs`, which records it again): every value
//! must be equal, and what Terraform rejects must be rejected at the same line of the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::language::{
    Colour, Compiled, Language, MemoryLoader, Options, Schemas, VariableArgument, compile, report,
};
use lanyard_compiler::value::Value;
use serde_json::{Value as Json, json};

/// What stands for an unknown value in `expected.json`.
const UNKNOWN: &str = "(known after apply)";
/// Kept beside the configuration and not part of it.
const OURS: [&str; 6] = [
    USUAL,
    NEWER,
    UNRELEASED,
    OPENTOFU,
    "arguments.json",
    "environment.json",
];
/// What Terraform 1.11 says, and whoever has no file of its own.
pub(crate) const USUAL: &str = "expected.json";
/// What Terraform 1.15 says where that is something else.
pub(crate) const NEWER: &str = "expected-1.15.json";
/// What Terraform says from 1.16 on where that is something else: recorded with 1.17-dev.
pub(crate) const UNRELEASED: &str = "expected-1.17.json";
/// Where OpenTofu 1.12.6 refuses what Terraform takes: `templatestring` with sensitive variables and `encode_tfvars` of what is not known
/// fail in OpenTofu itself.
const OPENTOFU_FAILS: [&str; 2] = [
    "300-marks-of-further-functions",
    "301-ephemeral-marks-of-every-function",
];
/// What OpenTofu 1.12 says where that is something else.
pub(crate) const OPENTOFU: &str = "expected-opentofu.json";

/// What one language makes of the corpus.
#[derive(Default)]
struct Tally {
    configurations: usize,
    values: usize,
    rejections: usize,
    differences: Vec<String>,
}

#[test]
fn every_value_and_every_rejection_is_terraforms_own() {
    let tally = hold(Language::Terraform, &["corpus"]);
    assert!(
        tally.configurations >= 150,
        "the corpus shrank to {} configurations",
        tally.configurations
    );
    assert!(
        tally.values >= 700 && tally.rejections >= 150,
        "{} values, {} rejections",
        tally.values,
        tally.rejections
    );
}

#[test]
fn every_value_and_every_rejection_is_opentofus_own() {
    let tally = hold(Language::OpenTofu, &["corpus", "opentofu"]);
    assert!(
        tally.configurations >= 160 && tally.values >= 700 && tally.rejections >= 150,
        "{} configurations, {} values, {} rejections",
        tally.configurations,
        tally.values,
        tally.rejections
    );
}

/// The folders of a corpus.
pub(crate) fn cases(corpus: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let entries = std::fs::read_dir(folder.join(corpus)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Compiles every case of some corpora in a language, and fails with all differences.
fn hold(language: Language, corpora: &[&str]) -> Tally {
    let mut cases: Vec<PathBuf> = corpora.iter().flat_map(|corpus| cases(corpus)).collect();
    cases.sort();
    let schemas = Schemas::lanyard();
    let mut tally = Tally::default();
    for case in &cases {
        tally.configurations += 1;
        one(case, language, &schemas, &mut tally);
    }
    assert!(
        tally.differences.is_empty(),
        "{} differences:\n{}",
        tally.differences.len(),
        tally.differences.join("\n")
    );
    tally
}

fn one(case: &Path, language: Language, schemas: &Schemas, tally: &mut Tally) {
    let name = case.file_name().unwrap().to_str().unwrap().to_owned();
    let compiled = compile_case(case, language, schemas);
    let answers = answers(case, language);
    let places_ours = our_places(&compiled);
    let shown = || report(&compiled.diagnostics, &compiled.sources, Colour::Plain);
    let agreeing: Vec<&Json> = answers
        .iter()
        .filter(|answer| same_rejection(&name, &places(&answer["errors"]), &places_ours))
        .collect();
    let Some(expected) = agreeing.first() else {
        // OpenTofu puts some mistakes elsewhere; where Terraform sees them is as good a place.
        let elsewhere = recorded(case, USUAL).filter(|_| language == Language::OpenTofu);
        let refused = !places(&answers[0]["errors"]).is_empty();
        let both_reject = refused && !places_ours.is_empty();
        if refused && language == Language::OpenTofu && OPENTOFU_FAILS.contains(&name.as_str()) {
            return;
        }
        if elsewhere.is_some_and(|usual| {
            both_reject && same_rejection(&name, &places(&usual["errors"]), &places_ours)
        }) {
            tally.rejections += 1;
            return;
        }
        let wrong = places(&answers[0]["errors"]);
        tally.differences.push(format!(
            "{name}: {} rejects {wrong:?}, Lanyard {places_ours:?}\n{}",
            language.title(),
            shown()
        ));
        return;
    };
    let wrong = places(&expected["errors"]);
    if !wrong.is_empty() {
        tally.rejections += wrong.len();
        return;
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
    tally.values += theirs.len();
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
            tally.differences.push(format!(
                "{name}, output {output}:\n  {} {}\n  Lanyard   {}",
                language.title(),
                their.map(Json::to_string).unwrap_or_default(),
                our.map(Json::to_string).unwrap_or_default()
            ));
        }
    }
}

/// What the programs of a language say, the usual answer first.
fn answers(case: &Path, language: Language) -> Vec<Json> {
    match language {
        Language::Terraform => [USUAL, NEWER, UNRELEASED]
            .iter()
            .filter_map(|file| recorded(case, file))
            .collect(),
        Language::OpenTofu => recorded(case, OPENTOFU)
            .or_else(|| recorded(case, USUAL))
            .into_iter()
            .collect(),
    }
}

pub(crate) fn recorded(case: &Path, file: &str) -> Option<Json> {
    let text = std::fs::read_to_string(case.join(file)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
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
            // 1.11 does not know that `format("%v", null)` is known.
            "015-format",
            "031-unknowns",
            "216-rejects-tfvars-syntax",
            "236-logic-that-leaves-out",
            "256-const-variables",
            "257-rejects-early-values",
            "258-rejects-secret-const",
            "259-convert",
            "260-rejects-convert",
            "261-import-in-modules",
            "266-rejects-deprecated-root-output",
            "267-rejects-event-of-an-action",
            "274-rejects-newer-variable",
            "275-rejects-newer-import",
            "276-rejects-newer-source",
            "277-rejects-newer-than-a-module",
            "303-marks-of-convert",
            "320-logic-with-null",
        ]
    );
}

fn compile_case(case: &Path, language: Language, schemas: &Schemas) -> Compiled {
    let mut files = Vec::new();
    read_folder(case, "", &mut files);
    let json = |name: &str| -> Option<Json> {
        let text = std::fs::read_to_string(case.join(name)).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    };
    let mut options = Options {
        language: Some(language),
        ..Options::default()
    };
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
