//! Several people apply at once on one server.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::native::Native;
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
    story.settle();
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

/// Whether the token that a story's state holds is one that the server accepts.
fn holds_a_working_token(story: &Story) -> bool {
    let secret = story.text("lanyard_access_token.ci", "token");
    Native::with_token(&story.server, &secret)
        .get("/v1/whoami")
        .status
        == 200
}

const CI: &str = r#"
    resource "lanyard_access_token" "ci" {
      name = "ci"
    }
"#;

#[test]
fn of_two_copies_of_a_configuration_applied_at_once_one_gets_the_token_and_the_other_is_told() {
    let server = Arc::new(TokenServer::start_with(&[]));
    let [first, last] = [
        Terraform::all().first().expect("there is one"),
        Terraform::all().last().expect("there is one"),
    ];
    Story::beside(first, Arc::clone(&server)).tell(|one| {
        Story::beside(last, Arc::clone(&server)).tell(|other| {
            let both = [one, other];
            for story in both {
                story.configure(CI);
                story.save_plan();
            }
            let applies = both.map(|story| story.start(&["apply", "saved.plan"]));
            let mut ended = both
                .into_iter()
                .zip(applies)
                .map(|(story, apply)| (story, story.end(apply)))
                .collect::<Vec<_>>();
            ended.sort_by_key(|(_, ended)| ended.code);
            let [(winner, won), (loser, lost)] = ended.as_slice() else {
                panic!("there were two applies");
            };
            assert_eq!((won.code, lost.code), (Some(0), Some(1)), "{won}\n{lost}");
            assert!(lost.stderr.contains("The name is taken"), "{lost}");
            assert!(holds_a_working_token(winner));
            winner.expect_empty_plan();
            assert_eq!(loser.state().addresses(), Vec::<String>::new());
            winner.destroy();
        });
    });
}

#[test]
fn a_copy_of_a_configuration_takes_no_token_whose_creation_is_under_way() {
    let server = Arc::new(TokenServer::start_with(&[]));
    let terraform = &Terraform::all()[0];
    Story::beside(terraform, Arc::clone(&server)).tell(|one| {
        Story::beside(terraform, Arc::clone(&server)).tell(|other| {
            one.configure(CI);
            one.save_plan();
            other.configure(CI);
            one.native().put(
                "/-/faults",
                &json!([{ "method": "POST", "path": "/v1/access-tokens", "times": 1, "fault": { "kind": "slow", "seconds": 4, "when": "after" } }]),
            );
            let mut apply = one.start(&["apply", "saved.plan"]);
            while one.native().token_names().is_empty() {
                assert!(!apply.has_ended(), "it should wait for its answer");
            }
            for _ in 0..2 {
                let complaint = other.fails(&["apply", "-auto-approve"]);
                assert!(complaint.contains("The name is taken"), "{complaint}");
            }
            let ended = one.end(apply);
            assert_eq!(ended.code, Some(0), "{ended}");
            assert!(holds_a_working_token(one));
            assert_eq!(one.attribute("lanyard_access_token.ci", "previous_token"), Value::Null);
            one.destroy();
        });
    });
}
