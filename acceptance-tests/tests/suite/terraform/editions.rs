//! What only this edition or version of a server lacks is an error while planning, and costs one question.

use serde_json::json;

use crate::support::nobody::Nobody;
use crate::support::story::{Story, on_every_terraform_with_server};

const ELASTICSEARCH: &[&str] = &["--api", "elasticsearch"];
const ACCOUNTS: &str = r#"
    resource "lanyard_service_account" "worker" {
      count = 5
      name  = "apps/worker_${count.index}"
    }
"#;

fn questions(story: &Story, path: &str) -> usize {
    let requests = story.native().take_requests();
    let asked = requests
        .iter()
        .filter(|request| *request == &format!("GET {path}"));
    asked.count()
}

#[test]
fn a_cluster_with_built_in_accounts_alone_refuses_others_at_plan() {
    on_every_terraform_with_server(ELASTICSEARCH, |story| {
        let profile = |switches| story.native().put("/-/profile", &switches);
        profile(json!({ "user_managed": false }));
        story.configure(&ACCOUNTS.replace("count = 5", "count = 1"));
        story.snapshot("built_in_accounts_alone", &story.fails(&["plan"]));
        story.configure(ACCOUNTS);
        story.native().take_requests();
        let said = story.fails(&["plan"]);
        assert_eq!(
            said.matches("this cluster has no others").count(),
            5,
            "{said}"
        );
        assert_eq!(questions(story, "/_capabilities"), 1);

        profile(json!({}));
        story.save_plan();
        assert_eq!(questions(story, "/_capabilities"), 1);
        story.apply_saved_plan();
        story.destroy();
    });
}

#[test]
fn who_may_not_ask_plans_without_a_warning() {
    on_every_terraform_with_server(ELASTICSEARCH, |story| {
        let rule = json!({
            "path": "/_capabilities",
            "fault": { "kind": "status", "status": 403, "before_work": true },
        });
        story.native().put("/-/faults", &json!([rule]));
        story.configure(ACCOUNTS);
        assert!(!story.succeeds(&["plan"]).contains("Warning"));
        story.succeeds(&["apply", "-auto-approve"]);
        story.expect_empty_plan();
        story.destroy();
    });
}

#[test]
fn nobody_there_to_ask_is_a_warning_and_no_error() {
    on_every_terraform_with_server(ELASTICSEARCH, |story| {
        let nobody = Nobody::new();
        story.environment("LANYARD_URL", Some(&nobody.url));
        story.environment("LANYARD_MAX_RETRIES", Some("0"));
        story.configure(ACCOUNTS);
        let said = story.succeeds(&["plan"]);
        assert_eq!(
            said.matches("was not asked what it can do").count(),
            1,
            "{said}"
        );
    });
}

#[test]
fn the_open_source_edition_refuses_roles_at_plan() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let profile = |switches| story.native().put("/-/profile", &switches);
        profile(json!({ "edition": "oss" }));
        let roles = r#"
            resource "lanyard_service_account" "ci" {
              name  = "ci"
              roles = ["editor"]
            }
        "#;
        story.configure(roles);
        story.native().take_requests();
        story.snapshot("no_roles_in_this_edition", &story.fails(&["plan"]));
        assert_eq!(questions(story, "/config"), 1);

        story.configure(&roles.replace("roles = [\"editor\"]", ""));
        story.apply("create lanyard_service_account.ci");
        story.destroy();
    });
}
