//! Two folders that rotate the same token at once. A few times on each server here; `LANYARD_CONTESTS=30` makes it as many.

use std::sync::Arc;

use super::delivery::{TOKENS, with_rotation};
use super::kills::number;
use super::story::Story;
use crate::support::console::note;
use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::Story as TerraformStory;
use crate::support::terraforms::Terraform;

const APPLY: &str = "apply --yes --out-file secrets.jsonl";

#[test]
fn of_two_folders_that_rotate_at_once_one_at_most_says_so() {
    let contests = number("LANYARD_CONTESTS", 3);
    // Where nothing ends, nothing is due.
    for (api, configuration) in TOKENS.iter().filter(|(api, _)| *api != "elasticsearch") {
        let here = Story::on(api, &with_rotation(configuration));
        here.apply();
        let there = Story::beside(&here);
        let (mut told, mut late) = (0, 0);
        for contest in 0..contests {
            here.advance_clock(20 * 86_400);
            let before = [&here, &there].map(|story| story.handed_over().len());
            let running = [&here, &there].map(|story| (story, story.start(APPLY)));
            let ended = running.map(|(story, running)| story.end(running));
            let mut rotated = 0;
            for ((story, ended), before) in [&here, &there].iter().zip(&ended).zip(before) {
                let new = story.delivered().split_off(before);
                match ended.code {
                    Some(0) if new.is_empty() => late += 1,
                    Some(0) => rotated += 1,
                    _ => {
                        let says = "Somebody else replaced the secret at the same time";
                        assert!(ended.stderr.contains(says), "{api} {contest}: {ended}");
                        assert_eq!(new, [], "whoever lost has no secret: {ended}");
                        told += 1;
                    }
                }
                for (id, secret) in new {
                    assert!(
                        Hand::on(&story.server).lets_in(&id, &secret),
                        "{api} {contest}: a dead secret: {ended}"
                    );
                }
            }
            assert_eq!(rotated, 1, "{api} {contest}: {} {}", ended[0], ended[1]);
            here.expect_nothing_to_do();
            there.expect_nothing_to_do();
        }
        note(&format!(
            "{api}: {contests} contests, dead secrets handed out: 0, told to the slower one: {told}, too late to rotate: {late}"
        ));
    }
}

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
    let terraform = Terraform::all()
        .first()
        .expect("there is a Terraform, or the run has ended");
    for (api, configuration) in TOKENS.into_iter().chain([ACCOUNT]) {
        let address = match api {
            "openobserve" => "lanyard_service_account.ci",
            _ => "lanyard_access_token.ci",
        };
        let server = Arc::new(TokenServer::start_with(&["--api", api]));
        let there = TerraformStory::beside(terraform, Arc::clone(&server));
        TerraformStory::beside(terraform, server).tell(|here| {
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
