//! All recorded plans in the formats for programs and as a page, by what they say and not by their bytes; and what no text for people
//! ever has in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use boon::{Compiler, Schemas};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Sources;
use lanyard_compiler::review::{Forge, Format, Options, Reviewed, render_reviewed, terraform};
use serde_json::{Value as Json, json};

/// Every plan, by its name.
fn plans() -> BTreeMap<String, Reviewed> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let recorded = fs::read_dir(suite.join("plans/recorded")).expect("the plans are there");
    let recorded = recorded.map(|entry| entry.expect("the folder is readable").path());
    let all = recorded.chain([suite.join("formats/everything.json")]);
    let read = |path: &Path| {
        let text = fs::read_to_string(path).expect("the plan is text");
        terraform::parse(&text).expect("the plan is understood")
    };
    all.map(|path| {
        let name = path.file_stem().expect("the file has a name");
        (name.to_string_lossy().into_owned(), read(&path))
    })
    .collect()
}

fn shown(reviewed: &Reviewed, format: Format) -> String {
    render_reviewed(reviewed, format, Options::default())
}

fn json(reviewed: &Reviewed, format: Format) -> Json {
    serde_json::from_str(&shown(reviewed, format)).expect("it is JSON")
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or("-")
}

/// The content of each element of this name, without what stands inside in tags.
fn elements(page: &str, name: &str) -> Vec<String> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let parts = page.split(&start).skip(1);
    parts
        .filter_map(|part| {
            let (_, inner) = part.split_once('>')?;
            let (inner, _) = inner.split_once(&end)?;
            let mut out = String::new();
            let mut is_tag = false;
            for letter in inner.chars() {
                match letter {
                    '<' => is_tag = true,
                    '>' => is_tag = false,
                    _ if is_tag => {}
                    _ => out.push(letter),
                }
            }
            Some(out.trim().to_owned())
        })
        .collect()
}

#[test]
fn every_recorded_plan_says_in_every_format_what_it_says_to_programs() {
    let mut told = String::new();
    for (name, reviewed) in plans() {
        writeln!(told, "# {name}").expect("text takes all");
        let found = json(&reviewed, Format::Json);
        let found = found["findings"].as_array().expect("a list").len();
        let sarif = json(&reviewed, Format::Sarif);
        let results = sarif["runs"][0]["results"].as_array().expect("a list");
        assert!(results.len() >= found, "{name}: {results:#?}");
        for result in results {
            let place = &result["locations"][0]["logicalLocations"][0];
            let (level, rule) = (text(result, "level"), text(result, "ruleId"));
            let address = text(place, "fullyQualifiedName");
            writeln!(told, "sarif: {level} {rule} {address}").expect("text takes all");
        }
        let report = json(&reviewed, Format::Codequality);
        let issues = report.as_array().expect("a list");
        assert!(issues.len() >= found, "{name}: {issues:#?}");
        for issue in issues {
            let (severity, rule) = (text(issue, "severity"), text(issue, "check_name"));
            writeln!(told, "code quality: {severity} {rule}").expect("text takes all");
        }
        let page = shown(&reviewed, Format::Html);
        let heads = ["h1", "h2"].map(|head| elements(&page, head)).concat();
        for head in heads {
            writeln!(told, "page: {head}").expect("text takes all");
        }
        let rows = elements(&page, "tr").len();
        writeln!(told, "page: {rows} rows\n").expect("text takes all");
    }
    assert!(!told.contains("hunter"), "{told}");
    insta::assert_snapshot!("in_formats_for_programs", told);
}

/// What GitLab needs of each issue, by docs.gitlab.com/ci/testing/code_quality: "Code Quality report format".
fn code_quality() -> Json {
    let text = json!({"type": "string", "minLength": 1});
    json!({"type": "array", "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": text, "check_name": text, "fingerprint": text,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    // Relative to the repository; `.` where nobody named a folder.
                    "path": {"type": "string", "pattern": "^([^./]|\\.$)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}}
                    }
                }
            }
        }
    }})
}

#[test]
fn every_recorded_plan_is_what_the_schemas_of_its_formats_say() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| -> Json {
        let text = fs::read_to_string(crate_root.join(path)).expect("the schema is there");
        serde_json::from_str(&text).expect("a schema is JSON")
    };
    let mut compiler = Compiler::new();
    let mut schemas = Schemas::new();
    let formats = [
        (
            Format::Sarif,
            read("tests/suite/formats/sarif-2.1.0.schema.json"),
        ),
        (Format::Codequality, code_quality()),
        (Format::Json, read("../docs/reference/plan.schema.json")),
    ];
    let formats = formats.map(|(format, schema)| {
        let url = format!("https://schemas.test/{}", format.name());
        compiler
            .add_resource(&url, schema)
            .expect("a schema is JSON");
        let schema = compiler.compile(&url, &mut schemas);
        (format, schema.expect("the schema compiles"))
    });
    let mut all = plans();
    let refused = Diagnostic::error(Code::InvalidValue, "Invalid value");
    let sources = Sources::default();
    all.insert("failed".to_owned(), Reviewed::failed(&[refused], &sources));
    all.insert("nothing".to_owned(), Reviewed::default());
    for (name, reviewed) in &all {
        for (format, schema) in formats {
            let written = json(reviewed, format);
            if let Err(error) = schemas.validate(&written, schema) {
                panic!("{name} as {}: {error:#}\n{written:#}", format.name());
            }
        }
        let issues = json(reviewed, Format::Codequality);
        let issues = issues.as_array().expect("a list");
        let prints: BTreeSet<&str> = issues
            .iter()
            .map(|issue| text(issue, "fingerprint"))
            .collect();
        assert_eq!(prints.len(), issues.len(), "{name}: {issues:#?}");
    }
    // Each of the schemas would notice.
    let everything = &all["everything"];
    for ((format, schema), place) in formats.into_iter().zip([
        "/runs/0/results/0/level",
        "/0/severity",
        "/findings/0/level",
    ]) {
        let mut written = json(everything, format);
        *written.pointer_mut(place).expect("it is there") = "terrible".into();
        assert!(
            schemas.validate(&written, schema).is_err(),
            "{}",
            format.name()
        );
    }
}

/// Backticks that close nothing, and open nothing that is closed.
fn has_stray_backtick(line: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let run = rest[at..].chars().take_while(|letter| *letter == '`');
        let mark = "`".repeat(run.count());
        let inner = &rest[at + mark.len()..];
        let closing = inner.match_indices(&mark).find(|(index, _)| {
            let after = &inner[index + mark.len()..];
            !inner[..*index].ends_with('`') && !after.starts_with('`')
        });
        let Some((index, _)) = closing else {
            return true;
        };
        rest = &inner[index + mark.len()..];
    }
    false
}

#[test]
fn a_stray_backtick_is_seen() {
    for line in ["", "`a` b `c`", "``a`b``", "| `` ` `` |"] {
        assert!(!has_stray_backtick(line), "{line}");
    }
    for line in ["`", "a `b", "`a` b`", "``a`"] {
        assert!(has_stray_backtick(line), "{line}");
    }
}

#[test]
fn no_text_for_people_shows_how_it_was_made() {
    const TRACES: [&str; 10] = [
        "Some(",
        "None",
        "Ok(",
        "Err(",
        "{:?}",
        "{}",
        "Value::",
        "Diagnostic",
        "&amp;amp;",
        "undefined",
    ];
    for (name, reviewed) in plans() {
        let markdown = Forge::ALL.map(|forge| {
            let options = Options {
                forge,
                ..Options::default()
            };
            render_reviewed(&reviewed, Format::Markdown, options)
        });
        for text in markdown.into_iter().chain([shown(&reviewed, Format::Text)]) {
            let control = text
                .chars()
                .find(|letter| letter.is_control() && *letter != '\n');
            assert_eq!(control, None, "{name}: {text}");
            for line in text.lines() {
                assert!(!has_stray_backtick(line), "{name}: {line}");
                // As a value, beside the other one, it is the language's own word for nothing.
                let prose = line.replace("= null ->", "").replace("| `null` |", "");
                let prose = prose.strip_suffix("-> null").unwrap_or(&prose);
                assert!(!prose.contains("null"), "{name}: {line}");
                for trace in TRACES {
                    assert!(!line.contains(trace), "{name}: {trace} in {line}");
                }
            }
        }
    }
}
