//! A fleet of tokens from one `for_each`.

use crate::support::story::on_every_terraform;

#[test]
fn fifty_tokens_are_read_with_a_few_requests() {
    let configuration = |names: &str| {
        format!(
            r#"
            resource "lanyard_service_account" "fleet" {{
              name  = "fleet"
              roles = ["viewer"]
            }}
            resource "lanyard_access_token" "node" {{
              for_each        = toset([for number in {names} : format("node-%02d", number)])
              name            = each.key
              service_account = lanyard_service_account.fleet.id
              ttl             = "30d"
            }}
            "#
        )
    };
    on_every_terraform(|story| {
        story.configure(&configuration("range(50)"));
        story.settle();
        assert_eq!(story.native().token_names().len(), 50);

        story.native().take_requests();
        story.expect_empty_plan();
        let requests = story.native().take_requests();
        assert!(
            requests.len() <= 10,
            "50 tokens and their account should be read as lists, not one by one: {requests:#?}"
        );

        // Two go, two come, the others stay.
        story.configure(&configuration("range(2, 52)"));
        story.apply(
            "delete lanyard_access_token.node[\"node-00\"]
             delete lanyard_access_token.node[\"node-01\"]
             create lanyard_access_token.node[\"node-50\"]
             create lanyard_access_token.node[\"node-51\"]",
        );
        story.destroy();
    });
}
