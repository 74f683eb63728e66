//! One plan with a rotation, a widened scope, a replacement with consumers, a leak, a forgotten credential and an action that is called,
//! in every format; and what each format must be to whoever reads it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, Schemas};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::Sources;
use lanyard_compiler::review::settings::Pattern;
use lanyard_compiler::review::{
    Context, Format, Level, Options, Origin, RULES, Review, Reviewed, Settings, render_reviewed,
    terraform,
};
use serde_json::Value as Json;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/suite/formats")
        .join(name)
}

fn everything() -> Reviewed {
    let text = fs::read_to_string(file("everything.json")).expect("the plan is there");
    terraform::parse(&text).expect("it is a plan")
}

fn shown(reviewed: &Reviewed, format: Format) -> String {
    let context = Context {
        origin: Origin {
            folder: Some("infra/prod"),
            checksum: Some("sha256:0c0ffee"),
            sources: None,
        },
        ..Context::default()
    };
    let masked = reviewed.plan.masked();
    let review = Review::of(&masked, &reviewed.circumstances, context);
    review.render(format, Options::default())
}

fn json(reviewed: &Reviewed, format: Format) -> Json {
    serde_json::from_str(&shown(reviewed, format)).expect("it is JSON")
}

fn failed() -> Reviewed {
    let problem = Diagnostic::error(Code::InvalidTerraformPlan, "The plan cannot be read")
        .detail("It is not JSON.")
        .hint("Make it with `terraform show -json`.");
    Reviewed::failed(&[problem], &Sources::default())
}

#[test]
fn one_plan_in_every_format() {
    let reviewed = everything();
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(!shown.contains("hunter"), "{format:?}: {shown}");
        let shown = shown.replace(env!("CARGO_PKG_VERSION"), "[version]");
        insta::assert_snapshot!(format!("everything_as_{}", format.name()), shown);
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    let mut compiler = Compiler::new();
    let mut schemas = Schemas::new();
    let schema = file("sarif-2.1.0.schema.json");
    let schema = schema.to_str().expect("the path is text");
    let schema = compiler
        .compile(schema, &mut schemas)
        .expect("OASIS's schema compiles");
    for reviewed in [everything(), failed(), Reviewed::default()] {
        let log = json(&reviewed, Format::Sarif);
        if let Err(error) = schemas.validate(&log, schema) {
            panic!("{error:#}\n{log:#}");
        }
    }
    // The schema would notice.
    let mut log = json(&everything(), Format::Sarif);
    log["runs"][0]["results"][0]["level"] = "terrible".into();
    assert!(schemas.validate(&log, schema).is_err());
}

#[test]
fn a_fingerprint_stays_and_belongs_to_one_finding() {
    let prints = |reviewed: &Reviewed| -> Vec<String> {
        let log = json(reviewed, Format::Sarif);
        let results = log["runs"][0]["results"]
            .as_array()
            .expect("a list")
            .clone();
        let print = |result: &Json| result["partialFingerprints"]["lanyard/v1"].to_string();
        results.iter().map(print).collect()
    };
    let reviewed = everything();
    let before = prints(&reviewed);
    let distinct: BTreeSet<_> = before.iter().collect();
    assert!(
        before.len() >= 3 && distinct.len() == before.len(),
        "{before:#?}"
    );
    let mut moved = reviewed.clone();
    moved.plan.changes.reverse();
    moved.circumstances.courses.reverse();
    let after: BTreeSet<_> = prints(&moved).into_iter().collect();
    assert_eq!(after, before.into_iter().collect());
}

#[test]
fn a_reader_that_asks_the_rule_hears_what_the_policy_says() {
    let rule = RULES
        .iter()
        .find(|rule| rule.name == "is-replaced")
        .expect("it is a rule");
    assert_eq!(rule.level, Level::Note);
    let settings = Settings {
        levels: [(rule.name, vec![(Pattern::any(), Some(Level::Error))])].into(),
        ..Settings::default()
    };
    let reviewed = everything();
    let context = Context {
        settings: Some(&settings),
        ..Context::default()
    };
    let masked = reviewed.plan.masked();
    let review = Review::of(&masked, &reviewed.circumstances, context);
    let log: Json = serde_json::from_str(&review.render(Format::Sarif, Options::default()))
        .expect("it is JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("a list");
    let found = results
        .iter()
        .find(|result| result["ruleId"] == rule.name)
        .expect("the rule finds something");
    let index = found["ruleIndex"].as_u64().expect("it is among them") as usize;
    let told = &run["tool"]["driver"]["rules"][index]["defaultConfiguration"];
    assert_eq!(
        (&found["level"], &told["level"]),
        (&"error".into(), &"error".into())
    );
}

#[test]
fn gitlab_reads_a_code_quality_report() {
    for (reviewed, least) in [(everything(), 3), (failed(), 1)] {
        let report = json(&reviewed, Format::Codequality);
        let issues = report.as_array().expect("a list");
        assert!(issues.len() >= least, "{report:#}");
        let mut prints = BTreeSet::new();
        for issue in issues {
            for name in ["description", "check_name", "fingerprint"] {
                assert!(
                    issue[name].as_str().is_some_and(|text| !text.is_empty()),
                    "{issue:#}"
                );
            }
            assert!(prints.insert(issue["fingerprint"].to_string()), "{issue:#}");
            let severities = ["info", "minor", "major", "critical", "blocker"];
            let severity = issue["severity"].as_str();
            assert!(severities.map(Some).contains(&severity), "{issue:#}");
            assert_eq!(issue["location"]["path"], "infra/prod");
            assert_eq!(issue["location"]["lines"]["begin"], 1);
        }
    }
}

#[test]
fn a_page_is_whole_harmless_and_readable_without_colour() {
    let page = shown(&everything(), Format::Html);
    for needed in [
        "<!doctype html>",
        "<html lang=\"en\">",
        "prefers-color-scheme: dark",
        "<h1>Credentials",
        "&lt;script&gt;alert(1)",
        // Danger in words.
        ">ends</span>|>replaced</span>",
        "is forgotten",
        "used by <code>kubernetes_secret.reports.data</code>",
    ] {
        let found = needed.split('|').any(|needed| page.contains(needed));
        assert!(found, "{needed:?} in {page}");
    }
    for forbidden in [
        "<script",
        "javascript:",
        " src=",
        "url(",
        "@import",
        "http://",
        "https://",
    ] {
        assert!(!page.contains(forbidden), "{forbidden:?} in {page}");
    }
    let count = |text: &str| page.matches(text).count();
    assert_eq!(count("<table>"), count("<caption>"), "{page}");
    assert_eq!(count("<h1>"), 1);
    assert!(count("<th scope=\"col\">") > 0 && count("<th scope=\"row\">") > 0);
    assert_eq!(count("<th") - count("<thead"), count("<th scope=\""));
    balanced(&page);
}

/// In a real browser, light and dark; `LANYARD_PICTURES=write` takes the pictures of the guide.
#[test]
fn a_browser_shows_the_page() {
    use std::io::Write as _;
    let Some(browser) = browser() else {
        // Past the harness, which shows nothing of what passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED formats::a_browser_shows_the_page: no Chromium here; LANYARD_CHROMIUM names one"
        );
        return;
    };
    let folder = std::env::temp_dir().join(format!("lanyard-page-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the page");
    let page = folder.join("page.html");
    fs::write(&page, shown(&everything(), Format::Html)).expect("the page is written");
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(&browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.join("profile").display()
            ))
            .args(arguments)
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("the browser runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let dom = run(&["--dump-dom"]);
    assert!(
        dom.contains("<h1>Credentials") && !dom.contains("<script"),
        "{dom}"
    );
    let balanced = dom.matches("<table>").count() == dom.matches("</caption>").count();
    assert!(balanced, "{dom}");
    let pictures = ["light", "dark"].map(|scheme| {
        let picture = folder.join(format!("review-{scheme}.png"));
        let target = format!("--screenshot={}", picture.display());
        let mut arguments = vec!["--window-size=960,840", target.as_str()];
        arguments.extend((scheme == "dark").then_some("--force-dark-mode"));
        run(&arguments);
        let bytes = fs::read(&picture).expect("the browser took a picture");
        assert!(
            (10_000..150_000).contains(&bytes.len()),
            "{} bytes",
            bytes.len()
        );
        if std::env::var("LANYARD_PICTURES").is_ok_and(|word| word == "write") {
            let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
            fs::create_dir_all(&images).expect("the docs are writable");
            let name = format!("review-{scheme}.png");
            fs::write(images.join(name), &bytes).expect("the docs are writable");
        }
        bytes
    });
    assert_ne!(pictures[0], pictures[1], "dark is another picture");
    let _ = fs::remove_dir_all(&folder);
}

/// The one that is named, which has to be there, or one of the usual ones.
fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("LANYARD_CHROMIUM") {
        let named = PathBuf::from(named);
        assert!(named.exists(), "LANYARD_CHROMIUM names {}", named.display());
        return Some(named);
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.exists())
}

/// Every tag that is opened is closed, in order.
fn balanced(page: &str) {
    const EMPTY: [&str; 3] = ["meta", "!doctype", "br"];
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        let name = tag.split_whitespace().next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{part}"),
            None if EMPTY.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_failure_is_told_in_every_format() {
    let failed = failed();
    assert!(!failed.can_be_trusted());
    for format in Format::ALL {
        let shown = render_reviewed(&failed, format, Options::default());
        assert!(
            shown.contains("The plan cannot be read"),
            "{format:?}: {shown}"
        );
        assert!(!shown.contains("nothing to do"), "{format:?}: {shown}");
    }
    let log = json(&failed, Format::Sarif);
    assert_eq!(
        log["runs"][0]["invocations"][0]["executionSuccessful"],
        false
    );
}
