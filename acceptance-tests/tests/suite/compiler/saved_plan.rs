//! `lanyard plan -o` and `lanyard apply FILE`: what was reviewed is done, or nothing is.

use serde_json::json;

use super::story::Story;

const CONFIGURATION: &str = r#"
resource "lanyard_service_account" "ci" {
  name        = "ci"
  description = "one"
}

resource "lanyard_access_token" "deploy" {
  name            = "deploy"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"

  rotation {
    before_expiry = "14d"
  }
}
"#;

fn saved(story: &Story) -> String {
    let ended = story.succeeds("plan -o plan.json");
    let at = ended
        .stderr
        .find("sha256:")
        .expect("the checksum should be told");
    ended.stderr[at..]
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_saved_plan_is_applied_and_only_once() {
    let story = Story::new(CONFIGURATION);
    saved(&story);
    story.succeeds("apply plan.json --out-file secrets.jsonl");
    story.expect_nothing_to_do();
    story.fails(
        "apply plan.json --out-file secrets.jsonl",
        &["plan-is-stale", "exists now"],
    );
    assert_eq!(story.handed_over().len(), 1);
}

#[test]
fn a_plan_saved_today_applies_tomorrow_as_it_was_reviewed() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.configure(&CONFIGURATION.replace("one", "two"));
    saved(&story);
    // In the meantime the token became due. Nobody reviewed a rotation, so there is none.
    story.native().advance_clock(80 * 86_400);
    story.succeeds("apply plan.json");
    assert_eq!(story.handed_over().len(), 1);
    assert_eq!(story.planned(""), ["rotate lanyard_access_token.deploy"]);
}

#[test]
fn a_change_is_made_on_the_server_that_it_was_reviewed_for() {
    let on = |ci: &str, web: &str| {
        format!(
            r#"
provider "lanyard" {{
  alias = "blue"
}}

provider "lanyard" {{
  alias = "green"
}}

resource "lanyard_service_account" "ci" {{
  provider = lanyard.{ci}
  name     = "ci"
}}

resource "lanyard_service_account" "web" {{
  provider = lanyard.{web}
  name     = "web"
}}
"#
        )
    };
    let story = Story::new(&on("blue", "green"));
    saved(&story);
    story.configure(&on("green", "blue"));
    story.fails(
        "apply plan.json",
        &[
            "plan-is-stale",
            "lanyard_service_account.ci is on another server now",
            "lanyard_service_account.web is on another server now",
        ],
    );
    story.configure(&on("blue", "green"));
    story.succeeds("apply plan.json");
    story.expect_nothing_to_do();
}

#[test]
fn a_server_that_moved_is_noticed_before_anything_is_done() {
    let story = Story::new(CONFIGURATION);
    story.apply();
    story.configure(&CONFIGURATION.replace("one", "two"));
    saved(&story);
    let accounts = story.native().get("/v1/service-accounts").body;
    let id = accounts["items"][0]["id"]
        .as_str()
        .expect("an account has an id");
    story.native().patch(
        &format!("/v1/service-accounts/{id}"),
        &json!({"description": "three"}),
    );
    let ended = story.fails("apply plan.json", &["plan-is-stale"]);
    story.snapshot("a_server_that_moved", &ended);
}

/// Its account is nobody's here: no list of the plan says how it is.
#[test]
fn a_saved_plan_rotates_nothing_that_somebody_switched_off() {
    for is_account in [false, true] {
        let story = Story::new("");
        let account = json!({ "name": "of another team" });
        let account = story.native().post("/v1/service-accounts", &account);
        let account = account["id"].as_str().expect("an account has an id");
        story.configure(&format!(
            r#"
resource "lanyard_access_token" "deploy" {{
  name            = "deploy"
  service_account = "{account}"
  ttl             = "90d"

  rotation {{
    before_expiry = "14d"
  }}
}}
"#
        ));
        story.apply();
        story.native().advance_clock(80 * 86_400);
        saved(&story);
        let tokens = story.native().get("/v1/access-tokens").body;
        let token = tokens["items"][0]["id"].as_str().expect("it has an id");
        let (path, code) = if is_account {
            (format!("/v1/service-accounts/{account}"), "overtaken")
        } else {
            (format!("/v1/access-tokens/{token}"), "plan-is-stale")
        };
        story.native().patch(&path, &json!({ "disabled": true }));
        story.fails("apply plan.json --out-file secrets.jsonl", &[code]);
        let now = story.native().get("/v1/access-tokens").body;
        assert_eq!(now["items"][0]["generation"], 1);
    }
}

#[test]
fn a_configuration_that_changed_is_noticed() {
    let story = Story::new(CONFIGURATION);
    saved(&story);
    story.configure(&CONFIGURATION.replace("one", "two"));
    story.fails(
        "apply plan.json --out-file secrets.jsonl",
        &["not what was reviewed"],
    );
    story.configure(&format!(
        "{CONFIGURATION}\nresource \"lanyard_access_token\" \"new\" {{\n  name = \"new\"\n}}\n"
    ));
    story.fails(
        "apply plan.json --out-file secrets.jsonl",
        &["was not in the plan"],
    );
    assert!(story.native().account_names().is_empty());
}

#[test]
fn a_plan_for_another_server_is_refused() {
    let story = Story::new(CONFIGURATION);
    saved(&story);
    let other = crate::support::server::TokenServer::start_with(&[]);
    let elsewhere = [
        ("LANYARD_URL", other.ready.url.as_str()),
        ("LANYARD_TOKEN", other.operator_token()),
    ];
    let ended = story.run_with("apply plan.json --out-file secrets.jsonl", &elsewhere);
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stderr.contains("another-server"), "{ended}");
}

#[test]
fn an_edited_plan_is_refused() {
    let story = Story::new(CONFIGURATION);
    saved(&story);
    let edited = story.read("plan.json").replace("\"deploy\"", "\"prod\"");
    story.file("plan.json", &edited);
    story.fails(
        "apply plan.json --out-file secrets.jsonl",
        &["invalid-plan-file", "checksum"],
    );
}

#[test]
fn a_checksum_is_as_good_as_the_file() {
    let story = Story::new(CONFIGURATION);
    let checksum = saved(&story);
    let other = format!("sha256:{:0>64}", 0);
    story.fails(
        &format!("apply --expect {other} --out-file secrets.jsonl"),
        &["unexpected-plan"],
    );
    story.succeeds(&format!(
        "apply --expect {checksum} --out-file secrets.jsonl"
    ));
    story.expect_nothing_to_do();
    // That there is nothing to do now is not what was reviewed.
    story.fails(&format!("apply --expect {checksum}"), &["unexpected-plan"]);
    let nothing = saved(&story);
    story.succeeds(&format!("apply --expect {nothing}"));
    for word in ["nonsense", &checksum[..70], &checksum.to_uppercase()] {
        story.fails(
            &format!("apply --expect {word}"),
            &["64 hexadecimal digits"],
        );
    }
}

/// No answer of OpenObserve tells when a secret was issued, or counts it.
#[test]
fn a_saved_plan_rotates_no_secret_that_somebody_has_replaced_since() {
    let here = Story::on(
        "openobserve",
        r#"
resource "lanyard_service_account" "own" {
  name = "own"
}

resource "lanyard_service_account" "of" {
  name = "of"
}

resource "lanyard_access_token" "token" {
  name            = "token"
  service_account = lanyard_service_account.of.id
}
"#,
    );
    here.apply();
    let before = here.handed_over().len();
    let there = Story::beside(&here);
    for address in ["lanyard_service_account.own", "lanyard_access_token.token"] {
        let rotate = format!("--rotate {address}");
        here.succeeds(&format!("plan -o plan.json {rotate}"));
        there.succeeds(&format!("apply --yes {rotate} --out-file secrets.jsonl"));
        here.fails(
            "apply plan.json --out-file secrets.jsonl",
            &[
                "plan-is-stale",
                &format!("The secret of {address} was replaced"),
            ],
        );
        assert_eq!(here.handed_over().len(), before);
    }
    here.succeeds("plan -o plan.json --rotate lanyard_access_token.token");
    here.succeeds("apply plan.json --out-file secrets.jsonl");
    assert_eq!(here.handed_over().len(), before + 1);
}
