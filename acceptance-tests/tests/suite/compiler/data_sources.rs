//! Our own data sources in the command.

use serde_json::json;

use super::story::Story;

const ESTATE: &str = r#"
data "lanyard_service_account" "ci" {
  name = var.account
}

data "lanyard_service_accounts" "team" {
  name_prefix = "${data.lanyard_service_account.ci.name}-"
}

variable "account" {
  default = "ci"
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = data.lanyard_service_account.ci.id
}

resource "lanyard_access_token" "each" {
  for_each = {
    for account in data.lanyard_service_accounts.team.service_accounts : account.name => account.id
  }
  name            = each.key
  service_account = each.value
}
"#;

fn accounts(story: &Story) {
    for name in ["ci", "ci-one", "ci-two", "other"] {
        let native = story.native();
        native.post("/v1/service-accounts", &json!({ "name": name }));
    }
}

#[test]
fn what_data_sources_say_is_known() {
    let story = Story::new(ESTATE);
    accounts(&story);
    story.succeeds("validate");
    assert_eq!(
        story.planned(""),
        [
            "create lanyard_access_token.deploy",
            "create lanyard_access_token.each[\"ci-one\"]",
            "create lanyard_access_token.each[\"ci-two\"]",
        ]
    );
    story.apply();
    let names = story.native().token_names();
    assert_eq!(names, ["ci-one", "ci-two", "deploy"]);
    // One that is gone takes its token out of the configuration.
    assert_eq!(
        story.planned("--var account=other"),
        ["create lanyard_access_token.deploy"]
    );
    story.fails(
        "plan --var account=nobody",
        &["no service account with the name \"nobody\"", "main.tf"],
    );
}

#[test]
fn a_data_source_that_waits_for_a_resource_is_told() {
    let story = Story::new(
        r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}

data "lanyard_access_tokens" "of_ci" {
  service_account = lanyard_service_account.ci.id
}

data "lanyard_access_token" "both" {
  id   = "at_1"
  name = "ci"
}
"#,
    );
    story.fails("validate", &["`id` and `name` are both given"]);
    let text = story.read("main.tf");
    let (kept, _) = text
        .split_once("data \"lanyard_access_token\" \"both\"")
        .unwrap();
    story.configure(kept);
    let told = story.succeeds("plan").stderr;
    assert!(
        told.contains("data.lanyard_access_tokens.of_ci needs"),
        "{told}"
    );
}

#[test]
fn a_condition_on_a_data_source_stops_the_plan_and_a_check_does_not() {
    let story = Story::new(&format!(
        "{}\n{}",
        ESTATE.replacen(
            "name = var.account\n",
            "name = var.account\n  lifecycle {\n    postcondition {\n      condition     = !self.disabled\n      error_message = \"It is disabled.\"\n    }\n  }\n",
            1
        ),
        "check \"few\" {\n  assert {\n    condition     = length(data.lanyard_service_accounts.team.service_accounts) < 2\n    error_message = \"There are many.\"\n  }\n}\n",
    ));
    accounts(&story);
    let planned = story.succeeds("plan");
    assert!(planned.stderr.contains("There are many."), "{planned}");
    let native = story.native();
    let id = native.get("/v1/service-accounts?limit=1000").body["items"][0]["id"].clone();
    let path = format!("/v1/service-accounts/{}", id.as_str().expect("an id"));
    native.patch(&path, &json!({ "disabled": true }));
    for words in ["plan", "apply --yes --out-file secrets.jsonl"] {
        story.fails(words, &["It is disabled."]);
    }
    assert!(native.token_names().is_empty());
}

#[test]
fn what_a_check_cannot_read_stops_nothing() {
    let story = Story::new(
        r#"
check "there" {
  data "lanyard_service_account" "other" {
    name = "nobody"
  }
  assert {
    condition     = data.lanyard_service_account.other.disabled
    error_message = "It is not disabled."
  }
}

resource "lanyard_service_account" "ci" {
  name = "ci"
}
"#,
    );
    const SAYS: [&str; 3] = [
        "warning[object-not-found]",
        "no service account with the name \"nobody\"",
        "the check \"there\"",
    ];
    for words in ["plan", "apply --yes --out-file secrets.jsonl", "plan"] {
        let done = story.succeeds(words);
        for said in SAYS {
            assert!(done.stderr.contains(said), "{done}");
        }
    }
    story.expect_nothing_to_do();
}

#[test]
fn a_data_source_is_read_once_what_it_depends_on_stays_as_it_is() {
    const ESTATE: &str = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}

data "lanyard_service_account" "other" {
  name       = "other"
  depends_on = [lanyard_service_account.ci]
}

data "lanyard_service_account" "same" {
  name = lanyard_service_account.ci.name
}

data "lanyard_service_account" "by_id" {
  id = lanyard_service_account.ci.id
}

resource "lanyard_access_token" "each" {
  for_each = {
    other = data.lanyard_service_account.other.id
    same  = data.lanyard_service_account.same.id
    by_id = data.lanyard_service_account.by_id.id
  }
  name            = each.key
  service_account = each.value
}
"#;
    let story = Story::new(ESTATE);
    let native = story.native();
    native.post("/v1/service-accounts", &json!({ "name": "other" }));
    let planned = story.succeeds("plan");
    for said in [
        "data.lanyard_service_account.other needs lanyard_service_account.ci",
        "It is not known whether it exists",
    ] {
        assert!(planned.stderr.contains(said), "{planned}");
    }
    let apply = "apply --yes --out-file secrets.jsonl";
    story.fails(apply, &["waits for a data source", "Apply again"]);
    story.succeeds(apply);
    assert_eq!(native.token_names(), ["by_id", "other", "same"]);
    story.expect_nothing_to_do();
    // What is to be changed is waited for, and what exists already is not taken for new without a word.
    story.configure(&ESTATE.replacen(
        "name = \"ci\"\n",
        "name = \"ci\"\n  description = \"new\"\n",
        1,
    ));
    let planned = story.succeeds("plan");
    assert!(
        planned.stderr.contains("It is not known whether it exists")
            && planned.stdout.contains("perhaps there already)"),
        "{planned}"
    );
    story.fails(apply, &["Apply again"]);
    story.expect_nothing_to_do();
}
