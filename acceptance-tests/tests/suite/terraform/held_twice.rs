//! Two addresses of one state that hold one object: the plan that would end what the other holds is an error that says how to let go.

use crate::support::hand::Hand;
use crate::support::story::on_every_terraform_with_server;

const COMPLAINT: &str = "A deletion would end what another resource holds";

fn token(address: &str) -> String {
    format!("resource \"lanyard_access_token\" \"{address}\" {{\n  name = \"ci\"\n}}\n")
}

#[test]
fn what_another_address_holds_is_not_deleted() {
    for api in ["native", "splunk"] {
        on_every_terraform_with_server(&["--api", api], |story| {
            let hand = Hand::on(&story.server);
            story.configure(&token("old"));
            story.apply("create lanyard_access_token.old");
            let id = story.text("lanyard_access_token.old", "id");
            let secret = story.text("lanyard_access_token.old", "token");
            // Somebody who gave it another address imported it there, and did not say that it moved.
            story.configure(&token("new"));
            story.succeeds(&["import", "lanyard_access_token.new", &id]);
            for options in [&["plan"][..], &["plan", "-refresh=false"]] {
                let complaint = story.fails(options);
                assert!(complaint.contains(COMPLAINT), "{complaint}");
                assert!(complaint.contains("terraform state rm"), "{complaint}");
            }
            assert!(hand.lets_in(&id, &secret));
            story.succeeds(&["state", "rm", "lanyard_access_token.old"]);
            story.expect_empty_plan();
            assert!(hand.lets_in(&id, &secret));
            story.destroy();
            assert!(!hand.lets_in(&id, &secret));
        });
    }
}
