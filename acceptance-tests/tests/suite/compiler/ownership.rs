//! What is not ours is left alone, and what is ours and not configured is only deleted when asked.

use serde_json::json;

use super::story::Story;
use crate::support::server::TokenServer;

const TOKEN: &str = r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
}
"#;

#[test]
fn a_name_that_somebody_else_has_is_an_error_with_three_ways_out() {
    let story = Story::new(TOKEN);
    let made = story.native().post(
        "/v1/access-tokens",
        &json!({"name": "ci", "description": "by hand"}),
    );
    let ended = story.run("plan");
    assert_eq!(ended.code, Some(1), "{ended}");
    story.snapshot("a_name_that_somebody_else_has", &ended);

    let id = made["id"].as_str().expect("a token has an id");
    story.configure(&format!(
        "{TOKEN}\nimport {{\n  to = lanyard_access_token.ci\n  id = \"{id}\"\n}}\n"
    ));
    assert_eq!(
        story.planned(""),
        ["update lanyard_access_token.ci"],
        "the description goes"
    );

    story.configure("resource \"lanyard_access_token\" \"ci\" {\n  name        = \"ci\"\n  on_conflict = \"adopt\"\n}\n");
    story.apply();
    let secrets = story.handed_over();
    assert_eq!(secrets.len(), 1, "adopting issues a new secret");
    let tokens = story.json("tokens --format json");
    assert_eq!(tokens["access_tokens"][0]["id"], id, "the same token");
    assert_eq!(tokens["access_tokens"][0]["managed_by"], "lanyard");
}

#[test]
fn an_import_block_whose_object_got_another_name_is_told_and_stops_nothing() {
    for (api, account, role, id, action) in [
        ("osmo", "acc", "osmo-user", "acc/old", "replace"),
        (
            "elasticsearch",
            "shop/acc",
            "viewer",
            "shop/acc/old",
            "replace",
        ),
        // Its id is its name.
        ("splunk", "", "", "old", "update"),
    ] {
        let token = |name: &str| match account {
            "" => format!("resource \"lanyard_access_token\" \"t\" {{\n  name = \"{name}\"\n}}\n"),
            account => format!(
                "resource \"lanyard_service_account\" \"a\" {{\n  name  = \"{account}\"\n  roles = [\"{role}\"]\n}}\nresource \"lanyard_access_token\" \"t\" {{\n  name            = \"{name}\"\n  service_account = lanyard_service_account.a.id\n}}\n"
            ),
        };
        let story = Story::on(api, &token("old"));
        story.apply();
        story.configure(&format!(
            "{}import {{\n  to = lanyard_access_token.t\n  id = \"{id}\"\n}}\n",
            token("new")
        ));
        assert_eq!(
            story.planned(""),
            [format!("{action} lanyard_access_token.t")],
            "{api}"
        );
        story.apply();
        story.expect_nothing_to_do();
        let plan = story.succeeds("plan");
        let told = ["import-done", id, "Remove the block"];
        assert!(told.iter().all(|part| plan.stderr.contains(part)), "{plan}");
        story.configure(&token("new"));
        let plan = story.succeeds("plan --detailed-exitcode");
        assert!(!plan.stderr.contains("import"), "{plan}");
    }
}

#[test]
fn what_is_ours_and_not_configured_is_left_alone_unless_pruned() {
    let story = Story::new(&format!("{TOKEN}{}", TOKEN.replace("ci", "old")));
    story
        .native()
        .post("/v1/access-tokens", &json!({"name": "by hand"}));
    story.apply();
    story.configure(TOKEN);
    assert_eq!(story.planned(""), Vec::<String>::new());
    story.snapshot("what_is_ours_and_not_configured", &story.run("plan"));
    story.snapshot(
        "what_is_ours_and_not_configured_is_pruned",
        &story.run("plan --prune"),
    );
    story.succeeds("apply --yes --prune");
    assert_eq!(story.native().token_names(), ["by hand", "ci"]);
}

#[test]
fn what_is_left_is_told_where_no_resource_remains_on_its_server() {
    const BLOCK: &str = "provider \"lanyard\" {}\n";
    let warns = |story: &Story| {
        let plan = story.run("plan --detailed-exitcode");
        assert_ne!(plan.code, Some(1), "{plan}");
        let told = ["not-in-configuration", "access token \"ci\""];
        assert!(told.iter().all(|part| plan.stderr.contains(part)), "{plan}");
    };
    let story = Story::new(&format!("{BLOCK}{TOKEN}"));
    story.apply();
    story.configure(BLOCK);
    warns(&story);
    let applied = story.succeeds("apply --yes");
    assert!(applied.stderr.contains("not-in-configuration"), "{applied}");
    // Moved to another server, it is still on the first one.
    let other = TokenServer::start_with(&[]);
    let second = format!(
        "provider \"lanyard\" {{\n  alias = \"two\"\n  url   = {:?}\n  token = {:?}\n}}\n",
        other.ready.url,
        other.operator_token()
    );
    let moved = TOKEN.replace("\n}", "\n  provider = lanyard.two\n}");
    story.configure(&format!("{BLOCK}{second}{moved}"));
    warns(&story);
    // That a server without resources cannot be read stops nobody, and is told.
    story.configure(&format!(
        "{BLOCK}{}{TOKEN}",
        second.replace("token = ", "token = \"x\" # ")
    ));
    let plan = story.succeeds("plan --detailed-exitcode");
    assert!(plan.stderr.contains("not-read"), "{plan}");
    // A block that names no server is none.
    story.configure(&format!("{BLOCK}{second}{moved}"));
    let plan = story.run_with("plan", &[("LANYARD_URL", "")]);
    assert!(!plan.stderr.contains("warning"), "{plan}");
}

#[test]
fn what_cannot_be_evaluated_is_not_pruned() {
    let of_workspaces = "resource \"lanyard_access_token\" \"old\" {\n  count = terraform.workspace == \"prod\" ? 1 : 0\n  name  = \"old\"\n}\n";
    let story = Story::new(&format!("{TOKEN}{}", TOKEN.replace("ci", "old")));
    story.apply();

    story.configure(&format!(
        "{TOKEN}\nmodule \"rest\" {{\n  source  = \"example.org/team/rest/lanyard\"\n  version = \"1.0.0\"\n}}\n"
    ));
    story.snapshot("what_cannot_be_evaluated", &story.run("plan --prune"));
    let applied = story.run("apply --yes --prune");
    assert_eq!(applied.code, Some(1), "{applied}");
    assert!(
        applied
            .stderr
            .contains("Not everything that is configured was applied"),
        "{applied}"
    );
    assert_eq!(story.native().token_names(), ["ci", "old"]);
    let sweep = story.succeeds("sweep --unconfigured --revoke");
    assert!(
        sweep.stderr.contains("module.rest is not on disk"),
        "{sweep}"
    );
    assert_eq!(story.native().token_names(), ["ci", "old"]);

    // Terraform notes the selected workspace in a file; the environment wins.
    story.configure(&format!("{TOKEN}{of_workspaces}"));
    let nothing = Vec::<String>::new();
    std::fs::create_dir(story.path(".terraform")).unwrap();
    story.file(".terraform/environment", "prod");
    assert_eq!(story.planned("--prune"), nothing);
    let other = story.run_with("plan --prune", &[("TF_WORKSPACE", "default")]);
    assert!(
        other.stdout.contains("1 to delete") || other.stdout.contains("delete"),
        "{other}"
    );
    std::fs::rename(story.path(".terraform"), story.path("data")).unwrap();
    let moved = story.run_with(
        "plan --prune --detailed-exitcode",
        &[("TF_DATA_DIR", "data")],
    );
    assert_eq!(moved.code, Some(0), "{moved}");
    assert_eq!(story.planned("--prune").len(), 1);
}

#[test]
fn instances_that_are_not_known_are_not_told_as_nothing_to_do() {
    let counted = "resource \"terraform_data\" \"x\" {\n  input = \"k\"\n}\nresource \"lanyard_access_token\" \"perhaps\" {\n  count = terraform_data.x.output == \"k\" ? 1 : 0\n  name  = \"perhaps\"\n}\n";
    let story = Story::new(TOKEN);
    story.apply();
    story.configure(&format!("{TOKEN}{counted}"));
    let not_known = "the instances of lanyard_access_token.perhaps are not known yet";
    let plan = story.run("plan --detailed-exitcode --out plan.json");
    assert_eq!(plan.code, Some(2), "{plan}");
    for expected in [
        not_known,
        "Plan: not known, this is only a part, 1 unchanged.",
    ] {
        assert!(plan.stdout.contains(expected), "{plan}");
    }
    let review = story.run("review plan.json");
    assert!(review.stdout.contains(not_known), "{review}");
    for words in ["apply --yes", "apply plan.json"] {
        let applied = story.run(words);
        assert_eq!(applied.code, Some(1), "{applied}");
        assert!(applied.stderr.contains(not_known), "{applied}");
        assert!(!applied.stderr.contains("nothing to do"), "{applied}");
    }
    assert_eq!(story.native().token_names(), ["ci"]);

    // What can be done is done, and the rest is missed.
    let more = TOKEN.replace("ci", "more");
    story.configure(&format!("{TOKEN}{more}{counted}"));
    let applied = story.run("apply --yes --out-file secrets.jsonl");
    assert_eq!(applied.code, Some(1), "{applied}");
    assert!(applied.stdout.contains("Applied: 1 created."), "{applied}");
    assert!(
        applied.stderr.contains("the rest is not known"),
        "{applied}"
    );
    assert_eq!(story.native().token_names(), ["ci", "more"]);
}

#[test]
fn what_a_removed_block_keeps_is_not_pruned() {
    let account = "resource \"lanyard_service_account\" \"old\" {\n  name = \"old\"\n}\n";
    let in_it = "resource \"lanyard_access_token\" \"old\" {\n  name = \"old\"\n  service_account = lanyard_service_account.old.id\n}\n";
    let removed = |from: &str, destroy: bool| {
        format!(
            "{TOKEN}\nremoved {{\n  from = {from}\n  lifecycle {{\n    destroy = {destroy}\n  }}\n}}\n"
        )
    };
    let story = Story::new(&format!("{TOKEN}{account}{in_it}"));
    story.apply();

    // The account would take the token with it.
    story.configure(&removed("lanyard_access_token.old", false));
    assert_eq!(story.planned("--prune"), Vec::<String>::new());
    // Which of them is wanted to stay, nothing says.
    story.snapshot("what_a_removed_block_may_keep", &story.run("plan"));
    story.snapshot("what_a_removed_block_keeps", &story.run("plan --prune"));

    story.configure(&removed("lanyard_service_account.old", false));
    assert_eq!(story.planned("--prune").len(), 1, "the token alone");
    story.configure(&removed("lanyard_access_token.old", true));
    assert_eq!(story.planned("--prune").len(), 2);
}

#[test]
fn a_trigger_that_only_a_state_could_tell_is_warned_of() {
    let story = Story::new(&format!(
        "resource \"terraform_data\" \"build\" {{\n  input = 7\n}}\n{}",
        TOKEN.replace(
            "\n}",
            "\n  lifecycle {\n    replace_triggered_by = [terraform_data.build]\n  }\n}"
        )
    ));
    let plan = story.run("plan");
    assert!(!plan.stderr.contains("warning"), "it is new: {plan}");
    story.apply();
    story.snapshot("a_trigger_that_only_a_state_could_tell", &story.run("plan"));
}

#[test]
fn pruning_an_account_never_takes_the_tokens_of_others_with_it() {
    let story = Story::new("resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n");
    story.apply();
    let accounts = story.native().get("/v1/service-accounts").body;
    story.native().post(
        "/v1/access-tokens",
        &json!({"name": "by hand", "service_account_id": accounts["items"][0]["id"]}),
    );
    story.configure(TOKEN);
    let ended = story.succeeds("apply --yes --prune --out-file secrets.jsonl");
    assert!(ended.stderr.contains("would end with it"), "{ended}");
    assert_eq!(story.native().account_names(), ["ci"]);
}

#[test]
fn ending_many_credentials_at_once_needs_a_word() {
    let many = |count: usize| {
        format!(
            "resource \"lanyard_access_token\" \"many\" {{\n  count = {count}\n  name  = \"token ${{count.index}}\"\n}}\n"
        )
    };
    let story = Story::new(&many(12));
    story.apply();
    story.configure(&many(1));
    story.fails(
        "apply --yes --prune",
        &["mass-deletion", "--allow-deletions"],
    );
    assert_eq!(story.native().token_names().len(), 12);
    let plan = story.succeeds("plan --prune");
    assert!(plan.stderr.contains("warning[mass-deletion]"), "{plan}");
    // Reviewed limits are nobody's to change who only applies.
    story.file("lanyard.toml", "[guard]\ndeletions = 5\n");
    story.fails("apply --yes --prune", &["mass-deletion", "lanyard.toml"]);
    story.fails(
        "apply --yes --prune --allow-deletions 11",
        &["guard-is-reviewed"],
    );
    story.file("lanyard.toml", "[guard]\ndeletion = 5\n");
    story.fails(
        "plan --prune",
        &["lanyard.toml:2:1", "Perhaps `deletions` is meant"],
    );
    // A limit of the review is one of the apply.
    story.file(
        "lanyard.toml",
        "[limits]\ndeletions = 11\n[guard]\npercent = 95\n",
    );
    story.fails("apply --yes --prune", &["mass-deletion", "lanyard.toml"]);
    // Who says both means both, and is told.
    story.file(
        "lanyard.toml",
        "[limits]\ndeletions = 5\n[guard]\ndeletions = 12\npercent = 95\n",
    );
    let ended = story.succeeds("apply --yes --prune");
    assert!(ended.stderr.contains("error[mass-deletion]"), "{ended}");
    assert_eq!(story.native().token_names(), ["token 0"]);
    story.remove("lanyard.toml");
    story.configure(&many(12));
    story.apply();
    story.configure(&many(1));
    story.succeeds("apply --yes --prune --allow-deletions 11");
    assert_eq!(story.native().token_names(), ["token 0"]);
}

#[test]
fn what_is_ours_is_pruned_when_no_resource_is_left() {
    let story = Story::new(TOKEN);
    story.apply();
    for nothing in ["terraform {}\n", "provider \"lanyard\" {}\n"] {
        story.configure(nothing);
        assert_eq!(story.planned("").len(), 0, "{nothing}");
        assert_eq!(story.planned("--prune").len(), 1, "{nothing}");
    }
    story.succeeds("apply --yes --prune");
    assert_eq!(story.native().token_names(), [""; 0]);
}

/// Runs an apply to which the server refuses one write.
fn refused(story: &Story, method: &str, path: &str) {
    let fault = json!({"kind": "status", "status": 403});
    let rule = json!({"method": method, "path": path, "times": 1, "fault": fault});
    story.native().put("/-/faults", &json!([rule]));
    story.fails("apply --yes --out-file secrets.jsonl", &["server-forbids"]);
    story.native().delete("/-/faults");
    assert!(story.handed_over().is_empty());
}

/// What is adopted is ours before its new secret is issued: whoever configured it still waits for one.
#[test]
fn what_was_adopted_without_a_new_secret_gets_one_from_the_next_apply() {
    let story = Story::new(&TOKEN.replace("\"ci\"\n}", "\"ci\"\n  on_conflict = \"adopt\"\n}"));
    let theirs = json!({"name": "ci", "description": "by hand"});
    story.native().post("/v1/access-tokens", &theirs);
    story.native().advance_clock(3600);
    let is_open = || story.path(".lanyard/journal.jsonl").exists();
    refused(&story, "PATCH", "/v1/access-tokens/*");
    assert!(!is_open(), "it is theirs as before");
    refused(&story, "POST", "/v1/access-tokens/*/rotate");
    assert!(is_open());
    story.apply();
    assert_eq!(story.handed_over().len(), 1);
    assert!(!is_open());
}

#[test]
fn what_could_not_be_replaced_leaves_nothing_open() {
    let story = Story::new(&TOKEN.replace("\"ci\"\n}", "\"ci\"\n  on_conflict = \"replace\"\n}"));
    story
        .native()
        .post("/v1/access-tokens", &json!({"name": "ci"}));
    story.native().advance_clock(3600);
    refused(&story, "DELETE", "/v1/access-tokens/*");
    assert!(!story.path(".lanyard/journal.jsonl").exists());
    story.apply();
    assert_eq!(story.handed_over().len(), 1);
}
