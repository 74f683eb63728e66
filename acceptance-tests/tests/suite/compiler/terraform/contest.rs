//! Two workspaces whose states hold one token, and that rotate it at once. A few times on each server here; `LANYARD_CONTESTS=30` makes
//! it as many.

use std::sync::Arc;

use crate::compiler::delivery::TOKENS;
use crate::compiler::kills::number;
use crate::support::console::note;
use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::Story;

/// A token of each server, or the account that has the secret, whose rotation a trigger asks for.
fn with_round(configuration: &str, round: usize) -> String {
    let end = configuration
        .rfind('}')
        .expect("a resource is the last block");
    let before = &configuration[..end];
    format!("{before}  rotation {{\n    triggers = {{ round = \"{round}\" }}\n  }}\n}}\n")
}

const ACCOUNT: (&str, &str) = (
    "openobserve",
    "provider \"lanyard\" {\n  api = \"openobserve\"\n}\nresource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n",
);

#[test]
fn of_two_terraform_workspaces_that_rotate_at_once_the_slower_one_is_told() {
    const PLAN: [&str; 2] = ["plan", "-out=saved.plan"];
    let contests = number("LANYARD_CONTESTS", 2);
    for (api, configuration) in TOKENS.into_iter().chain([ACCOUNT]) {
        let address = match api {
            "openobserve" => "lanyard_service_account.ci",
            _ => "lanyard_access_token.ci",
        };
        let server = Arc::new(TokenServer::start_with(&["--api", api]));
        let there = Story::with_one_terraform(&server);
        Story::with_one_terraform(&server).tell(|here| {
            here.configure(&with_round(configuration, 0));
            here.succeeds(&["apply", "-auto-approve"]);
            std::fs::copy(here.path("terraform.tfstate"), there.path("terraform.tfstate"))
                .expect("the story's folder should be writable");
            let mut told = 0;
            for contest in 1..=contests {
                for story in [here, &there] {
                    story.configure(&with_round(configuration, contest));
                    story.succeeds(&PLAN);
                }
                let running =
                    [here, &there].map(|story| (story, story.start(&["apply", "saved.plan"])));
                let ended = running.map(|(story, running)| (story, story.end(running)));
                let mut rotated = 0;
                for (story, ended) in &ended {
                    if ended.code == Some(0) {
                        rotated += 1;
                        let [id, secret] = ["id", "token"].map(|name| story.text(address, name));
                        let works = Hand::on(&story.server).lets_in(&id, &secret);
                        assert!(works, "{api} {contest}: a dead secret: {ended}");
                    } else {
                        let says = "Somebody else replaced the secret at the same time";
                        assert!(ended.stderr.contains(says), "{api} {contest}: {ended}");
                        told += 1;
                    }
                }
                let both = format!("{} {}", ended[0].1, ended[1].1);
                assert_eq!(rotated, 1, "{api} {contest}: {both}");
            }
            note(&format!(
                "{api}: {contests} contests of two workspaces, dead secrets handed out: 0, told to the slower one: {told}"
            ));
        });
    }
}
