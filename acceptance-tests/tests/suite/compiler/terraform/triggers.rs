//! `replace_triggered_by` replaces in a plan of ours what it replaces in Terraform's.

use serde_json::Value;

use crate::compiler::triggers::{BEFORE, after};
use crate::support::story::on_every_terraform;

#[test]
fn both_plans_replace_the_same() {
    on_every_terraform(|story| {
        story.configure(BEFORE);
        story.succeeds(&["apply", "-auto-approve"]);
        story.configure(&after());
        story.plan().expect(
            "update lanyard_service_account.changing: description
             update lanyard_service_account.many[\"x\"]: description
             replace () lanyard_access_token.by_resource
             replace () lanyard_access_token.by_attribute
             replace () lanyard_access_token.by_any
             replace () lanyard_access_token.by_each[\"x\"]
             replace () lanyard_access_token.chained",
        );
        let ours: Value = serde_json::from_str(&story.lanyard("plan --format json"))
            .expect("a plan should be JSON");
        let mut ours: Vec<String> = ours["changes"]
            .as_array()
            .expect("a plan should list its changes")
            .iter()
            .map(|change| {
                let text = |name: &str| change[name].as_str().unwrap_or_default();
                format!("{} {}", text("action"), text("address"))
            })
            .collect();
        ours.sort();
        assert_eq!(
            ours,
            [
                "replace lanyard_access_token.by_any",
                "replace lanyard_access_token.by_attribute",
                "replace lanyard_access_token.by_each[\"x\"]",
                "replace lanyard_access_token.by_resource",
                "replace lanyard_access_token.chained",
                "update lanyard_service_account.changing",
                "update lanyard_service_account.many[\"x\"]",
            ]
        );
    });
}
