//! A provider block that leads to another server than before, which has the same names.

use std::sync::Arc;

use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::Story;

fn configure(story: &Story, round: u32) {
    story.configure(&format!(
        r#"
        resource "lanyard_service_account" "worker" {{
          name = "shop/worker"
        }}
        resource "lanyard_access_token" "ci" {{
          name            = "ci"
          service_account = lanyard_service_account.worker.id
          rotation {{
            triggers = {{ round = "{round}" }}
          }}
        }}
        "#
    ));
}

fn lead(story: &Story, server: &TokenServer) {
    for (name, value) in server.environment() {
        story.environment(&name, Some(&value));
    }
}

fn works(story: &Story, server: &TokenServer) -> bool {
    let [id, secret] = ["id", "token"].map(|name| story.text("lanyard_access_token.ci", name));
    Hand::on(server).lets_in(&id, &secret)
}

#[test]
fn what_another_server_does_not_have_is_not_taken_for_gone() {
    let [ours, empty] = [(); 2].map(|()| Arc::new(TokenServer::start_with(&[])));
    Story::with_one_terraform(&ours).tell(|story| {
        configure(story, 1);
        story.settle();
        story.save_plan_with(&["-destroy"]);
        lead(story, &empty);
        for (command, said) in [
            (
                &["apply", "saved.plan"][..],
                "The plan was made for another server",
            ),
            (&["destroy", "-auto-approve"], "may be at another server"),
            (&["plan"], "may be at another server"),
        ] {
            let told = story.fails(command);
            assert!(told.contains(said), "{told}");
            assert!(works(story, &ours));
        }
        lead(story, &ours);
        story.settle();
        story.destroy();
    });
}

/// Names are all that Elasticsearch tells of a token.
#[test]
fn a_secret_of_another_cluster_is_renewed_and_a_plan_for_another_one_does_nothing() {
    let [ours, theirs] =
        [(); 2].map(|()| Arc::new(TokenServer::start_with(&["--api", "elasticsearch"])));
    let there = Story::with_one_terraform(&theirs);
    configure(&there, 1);
    there.settle();
    Story::with_one_terraform(&ours).tell(|here| {
        let lead_to = |server: &TokenServer| lead(here, server);
        let plans = || here.run(&["plan", "-detailed-exitcode"]).code;
        configure(here, 1);
        here.settle();
        const REPLACES: &str = "-replace=lanyard_access_token.ci";
        configure(here, 2);
        for options in [&["-input=false"], &[REPLACES]] {
            lead_to(&ours);
            here.save_plan_with(options);
            lead_to(&theirs);
            let told = here.fails(&["apply", "saved.plan"]);
            assert!(
                told.contains("The plan was made for another server"),
                "{told}"
            );
            assert!(works(here, &ours) && works(&there, &theirs));
        }
        for options in [
            &["plan", REPLACES][..],
            &["plan", REPLACES, "-refresh=false"],
            &["plan", "-destroy"],
        ] {
            let told = here.fails(options);
            assert!(told.contains("may be another server's"), "{told}");
        }

        configure(here, 1);
        let told = here.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(told.code, Some(2), "the secret is none of this cluster's");
        assert!(told.stdout.contains("has another secret"), "{told:?}");
        let reason = "and may work on at the one of before";
        assert!(told.stdout.contains(reason), "{told:?}");
        lead_to(&ours);
        assert_eq!(plans(), Some(0), "and is what it was on this one");
        lead_to(&theirs);
        here.settle();
        assert!(works(here, &theirs));
        lead_to(&ours);
        here.settle();
        assert!(works(here, &ours));
        here.destroy();
    });
}
