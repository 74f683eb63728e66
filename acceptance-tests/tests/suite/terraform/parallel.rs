//! Several people apply at once on one server.

use std::sync::Arc;

use crate::support::server::TokenServer;
use crate::support::story::Story;
use crate::support::terraforms::Terraform;

#[test]
fn applies_side_by_side_do_not_disturb_each_other() {
    let server = Arc::new(TokenServer::start_with(&[]));
    let teams: Vec<String> = (0..4).map(|number| format!("team-{number}")).collect();
    std::thread::scope(|scope| {
        for (number, team) in teams.iter().enumerate() {
            let server = Arc::clone(&server);
            let terraform = &Terraform::all()[number % Terraform::all().len()];
            scope.spawn(move || {
                Story::beside(terraform, server).tell(|story| apply_of_one_team(story, team));
            });
        }
    });
}

fn apply_of_one_team(story: &Story, team: &str) {
    story.configure(&format!(
        r#"
        resource "lanyard_service_account" "team" {{
          name = "{team}"
        }}
        resource "lanyard_access_token" "node" {{
          count           = 5
          name            = "node-${{count.index}}"
          service_account = lanyard_service_account.team.id
        }}
        "#
    ));
    story.plan();
    story.apply_saved_plan();
    let id = story.text("lanyard_service_account.team", "id");
    let tokens = story
        .native()
        .get(&format!("/v1/access-tokens?service_account_id={id}"))
        .body;
    assert_eq!(
        tokens["items"].as_array().map(Vec::len),
        Some(5),
        "{team} should have its own tokens"
    );
    story.succeeds(&["destroy", "-auto-approve"]);
    assert!(
        !story.native().account_names().contains(&team.to_owned()),
        "{team} should be gone"
    );
}
