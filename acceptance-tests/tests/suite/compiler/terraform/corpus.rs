//! What Terraform says about the corpus of the compiler's language tests. The recorded answers stand in `expected.json` beside each
//! configuration, and where a newer version says something else, beside that; this asks the real programs again, writes down what
//! changed, and fails if anything did.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use parking_lot::Mutex;
use serde_json::{Map, Value as Json, json};

use crate::support::console::note;
use crate::support::terraforms::Terraform;

/// Whose answers are recorded, and where: a program's own file first, then those of whom it mostly agrees with. What it says as the
/// next of them does is not recorded twice.
const RECORDED: [(&str, &str, &[&str]); 5] = [
    ("Terraform 1.11.4", CORPUS, &[USUAL]),
    ("Terraform 1.15.5", CORPUS, &[NEWER, USUAL]),
    (
        "Terraform 1.17.0-dev",
        CORPUS,
        &["expected-1.17.json", NEWER, USUAL],
    ),
    (
        "OpenTofu 1.12.6",
        CORPUS,
        &["expected-opentofu.json", USUAL],
    ),
    ("OpenTofu 1.12.6", OWN_CORPUS, &[USUAL]),
];
const USUAL: &str = "expected.json";
const NEWER: &str = "expected-1.15.json";
/// What both languages have, and what OpenTofu alone has.
const CORPUS: &str = "corpus";
const OWN_CORPUS: &str = "opentofu";
/// What stands for an unknown value.
const UNKNOWN: &str = "(known after apply)";

#[test]
fn terraform_still_says_what_the_corpus_records() {
    let all = Terraform::all();
    let mut asked = false;
    for (title, corpus, files) in RECORDED {
        if let Some(terraform) = all.iter().find(|one| one.to_string() == title) {
            asked = true;
            assert_recorded(terraform, corpus, files);
        }
    }
    if !asked {
        // Another version can still tell whether it takes what was accepted.
        assert_accepts(&all[0]);
    }
}

/// How much one program was asked.
#[derive(Default)]
struct Tally {
    configurations: usize,
    values: usize,
    rejections: usize,
}

fn assert_recorded(terraform: &Terraform, corpus: &str, files: &[&str]) {
    let (own, others) = files.split_first().unwrap();
    let tally = Mutex::new(Tally::default());
    let changed: Vec<String> = for_each_case(corpus, |case| {
        let answer = format!("{:#}\n", ask(terraform, case));
        // Numbers lose digits on the way through JSON: both sides go through it.
        let said: Json = serde_json::from_str(&answer).unwrap();
        {
            let mut tally = tally.lock();
            tally.configurations += 1;
            tally.values += said["outputs"].as_object().unwrap().len();
            tally.rejections += said["errors"].as_array().unwrap().len();
        }
        let usual = others.iter().find_map(|file| recorded(case, file));
        let wanted = (usual.as_ref() != Some(&said)).then_some(&said);
        let file = case.join(own);
        if recorded(case, own).as_ref() == wanted {
            return None;
        }
        match wanted {
            Some(_) => std::fs::write(file, answer).unwrap(),
            None => std::fs::remove_file(file).unwrap(),
        }
        Some(case.display().to_string())
    });
    let Tally {
        configurations,
        values,
        rejections,
    } = tally.into_inner();
    note(&format!(
        "{terraform}, {corpus}: {configurations} configurations, {values} values, {rejections} rejections, {} differences",
        changed.len()
    ));
    assert!(
        changed.is_empty(),
        "{terraform} says something else than was recorded; look at what changed and commit it:\n{}",
        changed.join("\n")
    );
}

fn recorded(case: &Path, file: &str) -> Option<Json> {
    let text = std::fs::read_to_string(case.join(file)).ok()?;
    serde_json::from_str(&text).ok()
}

fn assert_accepts(terraform: &Terraform) {
    let program = |title: &str| title.split(' ').next().map(str::to_owned);
    let (title, corpus, files) = RECORDED
        .iter()
        .find(|(title, ..)| program(title) == program(&terraform.to_string()))
        .unwrap();
    let rejected: Vec<String> = for_each_case(corpus, |case| {
        // What only the newest takes, an older one need not.
        let mut recorded = files.iter().filter_map(|file| recorded(case, file));
        let accepted = recorded.all(|said| said["errors"].as_array().unwrap().is_empty());
        (accepted
            && !ask(terraform, case)["errors"]
                .as_array()
                .unwrap()
                .is_empty())
        .then(|| case.display().to_string())
    });
    assert!(
        rejected.is_empty(),
        "{terraform} rejects what {} accepts:\n{}",
        title,
        rejected.join("\n")
    );
}

/// Calls `check` with the folder of each configuration, a few at a time.
fn for_each_case(corpus: &str, check: impl Fn(&Path) -> Option<String> + Sync) -> Vec<String> {
    let language = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/language");
    let least = if corpus == CORPUS { 150 } else { 4 };
    let corpus = language.join(corpus);
    let mut cases: Vec<PathBuf> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= least, "the corpus has shrunk");
    let waiting = Mutex::new(cases.into_iter());
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().next();
                    let Some(case) = next else {
                        return;
                    };
                    found.lock().extend(check(&case));
                }
            });
        }
    });
    let mut found = found.into_inner();
    found.sort();
    found
}

/// What Terraform says about one configuration: its outputs, or the places of its errors.
fn ask(terraform: &Terraform, case: &Path) -> Json {
    let folder = tempfile::tempdir().unwrap();
    copy(case, folder.path());
    let home = tempfile::tempdir().unwrap();
    let beside = |name: &str| -> Json {
        std::fs::read_to_string(case.join(name))
            .map(|text| serde_json::from_str(&text).unwrap())
            .unwrap_or_default()
    };
    let run = |arguments: &[&str]| -> Output {
        let mut command = terraform.command();
        command.args(arguments).current_dir(folder.path());
        hermetic(&mut command, home.path());
        for (name, value) in beside("environment.json")
            .as_object()
            .unwrap_or(&Map::new())
        {
            command.env(name, value.as_str().unwrap());
        }
        command.output().unwrap()
    };
    let mut errors = BTreeSet::new();
    if needs_init(case) {
        collect_errors(
            &run(&["init", "-json", "-input=false", "-backend=false"]),
            &mut errors,
        );
    }
    if errors.is_empty() {
        let extra = beside("arguments.json");
        let mut arguments = vec![
            "plan",
            "-json",
            "-input=false",
            "-lock=false",
            "-refresh=false",
            "-out=plan",
        ];
        arguments.extend(
            extra
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| one.as_str().unwrap()),
        );
        collect_errors(&run(&arguments), &mut errors);
    }
    if !errors.is_empty() {
        let errors: Vec<Json> = errors
            .into_iter()
            .map(|(file, line, summary)| json!({"file": file, "line": line, "summary": summary}))
            .collect();
        return json!({"errors": errors, "outputs": {}});
    }
    let plan: Json = serde_json::from_slice(&run(&["show", "-json", "plan"]).stdout).unwrap();
    let mut outputs = BTreeMap::new();
    for (name, change) in plan["output_changes"].as_object().unwrap_or(&Map::new()) {
        let mut output = json!({"sensitive": change["after_sensitive"] == true});
        let kind = &plan["planned_values"]["outputs"][name]["type"];
        if !kind.is_null() {
            output["type"] = spelling(kind).into();
        }
        output["value"] = merge(&change["after"], &change["after_unknown"]);
        outputs.insert(name.clone(), output);
    }
    json!({"errors": [], "outputs": outputs})
}

fn hermetic(command: &mut Command, home: &Path) {
    command
        .env_clear()
        .env("HOME", home)
        .env("GOGC", "off")
        .env("CHECKPOINT_DISABLE", "1");
    for name in ["PATH", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
}

/// Modules are installed before planning, and so are providers that are named, even the built-in one.
fn needs_init(case: &Path) -> bool {
    std::fs::read_dir(case).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(path).unwrap_or_default();
        ["module \"", "\"module\"", "required_providers"]
            .iter()
            .any(|word| text.contains(word))
    })
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

fn collect_errors(output: &Output, errors: &mut BTreeSet<(String, u64, String)>) {
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Json>(line) else {
            continue;
        };
        let diagnostic = &message["diagnostic"];
        if message["type"] == "diagnostic" && diagnostic["severity"] == "error" {
            let range = &diagnostic["range"];
            let summary = diagnostic["summary"].as_str().unwrap_or_default();
            // It names the members of a cycle in any order.
            let summary = if summary.starts_with("Cycle:") {
                "Cycle"
            } else {
                summary
            };
            errors.insert((
                range["filename"].as_str().unwrap_or_default().to_owned(),
                range["start"]["line"].as_u64().unwrap_or_default(),
                summary.to_owned(),
            ));
        }
    }
}

/// A planned value with its unknown parts put back.
fn merge(known: &Json, unknown: &Json) -> Json {
    match (known, unknown) {
        (_, Json::Bool(true)) => UNKNOWN.into(),
        (Json::Object(_) | Json::Null, Json::Object(unknown)) => {
            let mut merged = known.as_object().cloned().unwrap_or_default();
            for (name, unknown) in unknown {
                let part = merge(merged.get(name).unwrap_or(&Json::Null), unknown);
                merged.insert(name.clone(), part);
            }
            merged.into()
        }
        (Json::Array(known), Json::Array(unknown)) => (0..known.len().max(unknown.len()))
            .map(|index| {
                merge(
                    known.get(index).unwrap_or(&Json::Null),
                    unknown.get(index).unwrap_or(&Json::Null),
                )
            })
            .collect(),
        (known, _) => known.clone(),
    }
}

/// A type as a constraint spells it.
fn spelling(kind: &Json) -> String {
    match kind {
        Json::String(name) if name == "dynamic" => "any".to_owned(),
        Json::String(name) => name.clone(),
        Json::Array(parts) => {
            let name = parts[0].as_str().unwrap();
            match &parts[1] {
                Json::Array(items) if name == "tuple" => {
                    let items: Vec<String> = items.iter().map(spelling).collect();
                    format!("tuple([{}])", items.join(", "))
                }
                Json::Object(fields) => {
                    let fields: BTreeMap<_, _> = fields.iter().collect();
                    let fields: Vec<String> = fields
                        .iter()
                        .map(|(name, kind)| format!("{name} = {}", spelling(kind)))
                        .collect();
                    format!("object({{{}}})", fields.join(", "))
                }
                element => format!("{name}({})", spelling(element)),
            }
        }
        other => other.to_string(),
    }
}
