//! `lanyard review` without a server: a plan of Terraform in every format, and what the exit code says.

use crate::support::Folder;

const PLAN: &str = r#"{
  "format_version": "1.2",
  "resource_changes": [
    {"address": "lanyard_access_token.deploy", "mode": "managed", "type": "lanyard_access_token",
     "change": {"actions": ["update"],
       "before": {"name": "deploy", "roles": ["viewer"], "generation": 1, "token": "lyd_hunter2", "rotation": {"grace_period": "48h"}},
       "after": {"name": "deploy", "roles": ["admin", "viewer"], "generation": 2, "rotation_reason": "it expires soon",
                 "rotation": {"grace_period": "48h"}},
       "after_unknown": {"token": true}, "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}},
    {"address": "lanyard_access_token.old", "mode": "managed", "type": "lanyard_access_token",
     "action_reason": "delete_because_no_resource_config",
     "change": {"actions": ["delete"], "before": {"name": "old"}, "after": null, "before_sensitive": {}, "after_sensitive": false}}
  ],
  "configuration": {"root_module": {"resources": [
    {"address": "terraform_data.pipeline", "expressions": {"input": {"references": ["lanyard_access_token.deploy.token"]}}}
  ]}}
}"#;

fn folder() -> Folder {
    let nothing = r#"{"format_version": "1.2", "planned_values": {}, "resource_changes": []}"#;
    Folder::new(&[
        ("plan.json", PLAN),
        ("nothing.json", nothing),
        (
            "failed.json",
            &nothing.replace("{\"format", "{\"errored\": true, \"format"),
        ),
        ("broken.json", "{\"format_version\": "),
        ("other.json", "{\"format_version\": \"7.0\"}"),
    ])
}

#[test]
fn a_reviewer_reads_what_changes() {
    insta::assert_snapshot!(folder().run("review plan.json"));
}

#[test]
fn a_comment_says_the_same() {
    insta::assert_snapshot!(folder().run("review plan.json --format markdown"));
}

#[test]
fn programs_get_data() {
    let story = folder().run("review plan.json --format json");
    assert!(!story.contains("hunter2"), "{story}");
    insta::assert_snapshot!(story);
}

#[test]
fn the_exit_code_tells_changes_from_none() {
    let code = |words: &str| {
        let story = folder().run(words);
        story.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(code("review plan.json"), "0");
    assert_eq!(code("review plan.json --detailed-exitcode"), "2");
    assert_eq!(code("review nothing.json --detailed-exitcode"), "0");
    assert_eq!(code("review broken.json --detailed-exitcode"), "1");
    // What failed is no plan, whoever asks.
    assert_eq!(code("review failed.json"), "1");
    assert_eq!(code("review failed.json --detailed-exitcode"), "1");
}

#[test]
fn a_dry_run_of_a_comment_shows_what_would_be_sent_and_where() {
    let folder = folder();
    folder.write("infra/lanyard.toml", "[rules]\nis-forgotten = \"off\"\n");
    folder.write("infra/main.tf", "locals { one = 1 }\n");
    let to = "--dry-run --forge gitea --url https://git.example/api/v1 --repository ops/infra --pull-request 7";
    let story = folder.run(&format!("comment plan.json --dir infra {to}"));
    for expected in [
        "<!-- lanyard-review: infra -->",
        "https://git.example/api/v1/repos/ops/infra/issues/7/comments",
        "is revoked",
        "--- exit 0",
    ] {
        assert!(story.contains(expected), "{expected:?} in {story}");
    }
    assert!(
        folder
            .run(&format!("comment plan.json {to} --fail-on warning"))
            .ends_with("--- exit 3")
    );
    assert!(
        folder
            .run(&format!("comment plan.json {to} --fail-on error"))
            .ends_with("--- exit 0")
    );
    // Whoever only wants to see it needs no pull request.
    let nowhere = folder.run("comment plan.json --dry-run");
    for expected in [
        "is revoked",
        "where is not known here",
        "as GitHub takes it",
        "--- exit 0",
    ] {
        assert!(nowhere.contains(expected), "{expected:?} in {nowhere}");
    }
    let nowhere = folder.run("comment plan.json");
    assert!(nowhere.contains("no-pull-request"), "{nowhere}");
}

#[test]
fn a_failure_is_told_in_the_format_that_was_asked_for() {
    let folder = folder();
    for format in ["markdown", "json", "sarif", "codequality", "html"] {
        for plan in ["broken.json", "missing.json", "failed.json"] {
            let story = folder.run(&format!("review {plan} --format {format}"));
            let stdout = story.split("--- stderr").next().unwrap_or_default();
            let told = stdout.contains("The plan cannot be read")
                || stdout.contains("This plan failed and is incomplete");
            assert!(told && story.ends_with("--- exit 1"), "{story}");
        }
    }
}

#[test]
fn what_is_wrong_beside_the_plan_is_told_in_the_format_that_was_asked_for() {
    let folder = folder();
    folder.write("a/main.tf", "locals { one = 1 }\n");
    folder.write(
        "a/lanyard.toml",
        "[rules]\nnever-expires = \"loud\"\nno-such-rule = \"off\"\n",
    );
    for format in ["markdown", "json", "sarif", "codequality", "html"] {
        let told = |words: &str, expected: &[&str]| {
            let story = folder.run(&format!("review {words} --format {format}"));
            let stdout = story.split("--- stderr").next().unwrap_or_default();
            for expected in expected {
                assert!(stdout.contains(expected), "{expected:?} in {story}");
            }
            assert!(story.ends_with("--- exit 1"), "{story}");
        };
        // Every mistake, with its place.
        let mistakes = [
            "a/lanyard.toml:2:17: ",
            "a/lanyard.toml:3:1: ",
            "no-such-rule",
        ];
        told("plan.json --dir a", &mistakes);
        told(
            "--base main a",
            &["There is no Git repository to compare with"],
        );
        told("plan.json --dir nowhere", &["nowhere"]);
    }
    let sarif = folder.run("review plan.json --dir a --format sarif");
    assert!(sarif.contains("\"uri\": \"a/lanyard.toml\""), "{sarif}");
    let gitlab = folder.run("review plan.json --dir a --format codequality");
    assert!(gitlab.contains("\"begin\": 3"), "{gitlab}");
}

#[test]
fn what_is_no_plan_is_told() {
    let folder = folder();
    insta::assert_snapshot!(
        [
            "review broken.json",
            "review other.json",
            "review missing.json"
        ]
        .map(|words| folder.run(words))
        .join("\n\n")
    );
}

const TOKEN: &str = "variable \"team\" {}\n\nlocals {\n  secret = lanyard_access_token.deploy.token\n}\n\n\
    resource \"lanyard_access_token\" \"deploy\" {\n  name = \"deploy\"\n}\n\n\
    resource \"local_file\" \"netrc\" {\n  filename = \"/tmp/${var.team}\"\n  content  = nonsensitive(local.secret)\n}\n";

#[test]
fn the_folder_shows_what_a_plan_does_not() {
    let folder = folder();
    folder.write("infra/main.tf", TOKEN);
    folder.write(
        "infra/lanyard.toml",
        "[rules]\nnever-expires = \"off\"\n\n[[exceptions]]\nrule = \"secret-shown\"\naddress = \"local_file.*\"\n\
         reason = \"The machine is thrown away.\"\nuntil = 2999-12-31\n",
    );
    insta::assert_snapshot!(folder.run("review plan.json --dir infra"));
}

#[test]
fn a_folder_with_errors_is_no_review_to_rely_on() {
    let folder = folder();
    let broken = TOKEN.replace("${var.team}", "${var.nobody}");
    folder.write("infra/main.tf", &broken);
    for (words, told) in [
        (
            "review plan.json --dir infra",
            "WARNING: The configuration could not be read as a whole",
        ),
        (
            "review plan.json --dir infra --detailed-exitcode --fail-on error",
            "could not be read as a whole",
        ),
        (
            "comment plan.json --dir infra --dry-run",
            "could not be read as a whole",
        ),
    ] {
        let story = folder.run(words);
        assert!(story.contains(told), "{story}");
        assert!(story.ends_with("--- exit 1"), "{story}");
    }
}

#[test]
fn the_folder_is_read_in_the_language_that_is_asked_for() {
    let folder = folder();
    // OpenTofu reads the second instead of the first.
    folder.write("infra/main.tf", "");
    folder.write("infra/main.tofu", TOKEN);
    for (language, finds) in [("terraform", false), ("opentofu", true)] {
        let story = folder.run(&format!(
            "review plan.json --dir infra --language {language}"
        ));
        assert_eq!(
            story.contains("used by: local_file.netrc.content"),
            finds,
            "{story}"
        );
        assert_eq!(story.contains("warning[secret-in-file]"), finds, "{story}");
    }
}

/// What code scanning shows beside a line: `uri:line:column rule`, and by which it knows it again.
fn scanned(story: &str) -> Vec<(String, String)> {
    let (begin, end) = (
        story.find('{').expect("a log"),
        story.rfind('}').expect("its end"),
    );
    let log: serde_json::Value = serde_json::from_str(&story[begin..=end]).expect("it is JSON");
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let one = |result: &serde_json::Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let (uri, region) = (&place["artifactLocation"]["uri"], &place["region"]);
        let rule = result["ruleId"].as_str().expect("text");
        let place = match uri.as_str() {
            Some(uri) => format!("{uri}:{}:{}", region["startLine"], region["startColumn"]),
            None => "nowhere".to_owned(),
        };
        let print = result["partialFingerprints"]["lanyard/v1"].to_string();
        (format!("{place} {rule}"), print)
    };
    results.iter().map(one).collect()
}

#[test]
fn code_scanning_points_at_the_configuration_and_knows_a_finding_again() {
    let folder = folder();
    folder.write("infra/main.tf", TOKEN);
    folder.write(
        "infra/lanyard.toml",
        "[rules]\nis-forgotten = \"off\"\n\n[[exceptions]]\nrule = \"never-expires\"\naddress = \"*.gone\"\n\
         reason = \"It was so.\"\nuntil = 2020-01-31\n",
    );
    let before = scanned(&folder.run("review plan.json --dir infra --format sarif"));
    let places: Vec<&str> = before.iter().map(|(place, _)| place.as_str()).collect();
    for expected in [
        "infra/main.tf:7:1 never-expires",
        "infra/main.tf:13:14 secret-shown",
        "infra/lanyard.toml:4:1 exception-is-over",
        // What the configuration does not have any more.
        "nowhere ends",
    ] {
        assert!(places.contains(&expected), "{expected:?} in {places:#?}");
    }
    // Other lines, another order, another file, and something that has nothing to do with it.
    let (locals, rest) = TOKEN.split_at(TOKEN.find("resource \"local_file\"").unwrap());
    folder.write("infra/main.tf", &format!("# A line more.\n\n{locals}"));
    folder.write("infra/files.tf", rest);
    let mut plan: serde_json::Value = serde_json::from_str(PLAN).unwrap();
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    changes.reverse();
    let mut new = changes[0].clone();
    new["address"] = "lanyard_service_account.new".into();
    new["type"] = "lanyard_service_account".into();
    new["change"] =
        serde_json::json!({"actions": ["create"], "before": null, "after": {"name": "new"}});
    changes.push(new);
    folder.write("plan.json", &plan.to_string());
    let after = scanned(&folder.run("review plan.json --dir infra --format sarif"));
    for (place, print) in &before {
        assert!(
            after.iter().any(|(_, again)| again == print),
            "{place} is not known again in {after:#?}"
        );
    }
    let shown = after
        .iter()
        .find(|(place, _)| place.ends_with("secret-shown"))
        .unwrap();
    assert_eq!(shown.0, "infra/files.tf:3:14 secret-shown");
}

#[test]
fn what_is_put_off_is_something_to_do() {
    let folder = folder();
    let mut plan: serde_json::Value = serde_json::from_str(PLAN).unwrap();
    let deleted = plan["resource_changes"].as_array_mut().unwrap().remove(1);
    plan["resource_changes"] = serde_json::json!([]);
    plan["deferred_changes"] = serde_json::json!([
        {"reason": "resource_config_unknown", "resource_change": deleted}
    ]);
    folder.write("later.json", &plan.to_string());
    let story = folder.run("review later.json --detailed-exitcode");
    assert!(
        story.contains("lanyard_access_token.old is revoked"),
        "{story}"
    );
    assert!(story.ends_with("exit 2"), "{story}");
}

#[test]
fn findings_fail_a_pipeline_that_asks_for_it() {
    let folder = folder();
    let code = |words: &str| {
        let story = folder.run(words);
        story.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(code("review plan.json --fail-on warning"), "3");
    assert_eq!(code("review plan.json --fail-on error"), "0");
    for format in ["text", "markdown", "html", "json"] {
        let story = folder.run(&format!(
            "review plan.json --fail-on warning --format {format}"
        ));
        let told = "error: findings at or above warning: never-expires, secret-in-terraform-data\n";
        assert!(story.contains(told), "{story}");
        let story = folder.run(&format!(
            "review plan.json --fail-on note --format {format}"
        ));
        let mut lines = story.lines();
        let line = lines.find(|line| line.starts_with("error: findings at or above note: "));
        // What the review says already is named, too.
        assert!(line.unwrap().contains(" ends"), "{story}");
        let story = folder.run(&format!(
            "review plan.json --fail-on error --format {format}"
        ));
        assert!(!story.contains("findings at or above"), "{story}");
    }
    // What was found says more than that something changes, and a failed plan says less than nothing.
    assert_eq!(
        code("review plan.json --fail-on note --detailed-exitcode"),
        "3"
    );
    assert_eq!(
        code("review plan.json --fail-on error --detailed-exitcode"),
        "2"
    );
    assert_eq!(code("review failed.json --fail-on note"), "1");
    folder.write("lanyard.toml", "[rules]\nnever-expires = \"error\"\n");
    assert_eq!(code("review plan.json --fail-on error"), "3");
    folder.write("lanyard.toml", "[rules]\nnever-expires = \"loud\"\n");
    assert_eq!(code("review plan.json"), "1");
}
