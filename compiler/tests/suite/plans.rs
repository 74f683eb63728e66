//! Plans that Terraform 1.11.4 and 1.15.5 and OpenTofu 1.12.6 wrote, and what a reviewer reads of them. Ids, names and secrets in them are
//! replaced; nothing else is. Those named `terraform_*` are recorded by the acceptance test `compiler::terraform::recorded`, started with
//! `LANYARD_RECORD=write`, and only their secrets are replaced.

mod called;
mod concealed;
mod credentials;
mod ends;
mod old_secrets;
mod outside;
mod put_off;
mod understood;

use std::fs;
use std::path::{Path, PathBuf};

use lanyard_compiler::review::{Format, Options, Reviewed, render_reviewed, terraform};
use serde_json::Value as Json;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/plans/recorded")
}

fn plan(name: &str) -> Json {
    let text =
        fs::read_to_string(folder().join(name).with_extension("json")).expect("the plan is there");
    serde_json::from_str(&text).expect("the plan is JSON")
}

fn parse(plan: &Json) -> Reviewed {
    terraform::parse(&plan.to_string()).expect("the plan is Terraform's")
}

fn shown(reviewed: &Reviewed, format: Format) -> String {
    render_reviewed(reviewed, format, Options::default())
}

fn text(plan: &Json) -> String {
    shown(&parse(plan), Format::Text)
}

/// The first change of a plan, and of it what a test changes.
fn change(plan: &mut Json) -> &mut Json {
    &mut plan["resource_changes"][0]
}

#[test]
fn every_recorded_plan_is_told_as_it_is() {
    let mut names: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert_eq!(names.len(), 21);
    for path in names {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let reviewed = parse(&plan(name));
        let json: Json = serde_json::from_str(&shown(&reviewed, Format::Json)).unwrap();
        let told = format!(
            "{}\ntrusted: {}, nothing to do: {}\nsummary: {}\n\n{}",
            shown(&reviewed, Format::Text),
            reviewed.can_be_trusted(),
            reviewed.is_empty(),
            json["summary"],
            shown(&reviewed, Format::Markdown),
        );
        assert!(!format!("{told}{json}").contains("hunter"), "{told}");
        insta::assert_snapshot!(name, told);
    }
}
