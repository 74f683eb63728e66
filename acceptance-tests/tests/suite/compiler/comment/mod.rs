//! `lanyard comment` on every forge: one comment of ours that says what the plan does now, whatever goes wrong on the way.

mod api;
mod forge;

use std::path::PathBuf;
use std::process::Command;

use http::Method;

use crate::support::binaries::Binaries;
use crate::support::console::{Ended, Running};
use forge::{Api, Fault, Forge, PIPELINE, STRANGER, User};

const REVOKED: &str = r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.old", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["delete"], "before": {"name": "old"}, "after": null}}]}"#;
const NOTHING: &str = r#"{"format_version": "1.2", "planned_values": {}, "resource_changes": []}"#;
const MARKER: &str = "lanyard-review";

/// A job for a pull request.
struct Job {
    forge: Forge,
    folder: tempfile::TempDir,
    token: &'static str,
}

impl Job {
    fn on(api: Api) -> Self {
        let job = Self {
            forge: Forge::start(api),
            folder: tempfile::tempdir().unwrap(),
            token: PIPELINE.token,
        };
        job.plan(REVOKED);
        job
    }

    fn plan(&self, text: &str) {
        std::fs::write(self.path("plan.json"), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the forge's own pipelines set.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let state = self.forge.state();
        let (url, token) = (&state.url, self.token.to_owned());
        let text = str::to_owned;
        match state.api {
            Api::Github => vec![
                ("GITHUB_ACTIONS", text("true")),
                ("GITHUB_API_URL", url.clone()),
                ("GITHUB_REPOSITORY", text("ops/infra")),
                ("GITHUB_REF", text("refs/pull/7/merge")),
                ("GITHUB_TOKEN", token),
            ],
            Api::Gitlab => vec![
                ("GITLAB_CI", text("true")),
                ("CI_API_V4_URL", format!("{url}/api/v4")),
                ("CI_MERGE_REQUEST_PROJECT_ID", text("42")),
                ("CI_MERGE_REQUEST_IID", text("7")),
                ("GITLAB_TOKEN", token),
            ],
            Api::Gitea => vec![
                ("GITHUB_ACTIONS", text("true")),
                ("GITEA_ACTIONS", text("true")),
                ("GITHUB_API_URL", format!("{url}/api/v1")),
                ("GITHUB_REPOSITORY", text("ops/infra")),
                ("GITHUB_REF", text("refs/pull/7/head")),
                ("GITEA_TOKEN", token),
            ],
            Api::Bitbucket => vec![
                ("BITBUCKET_BUILD_NUMBER", text("1")),
                ("BITBUCKET_API_URL", format!("{url}/2.0")),
                ("BITBUCKET_REPO_FULL_NAME", text("ops/infra")),
                ("BITBUCKET_PR_ID", text("7")),
                ("BITBUCKET_TOKEN", token),
            ],
        }
    }

    fn run(&self, words: &str) -> Ended {
        let mut command = Command::new(&Binaries::get().command);
        command
            .args(["comment", "plan.json"])
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment());
        let ended = Running::start(command, &format!("lanyard comment plan.json {words}")).wait();
        assert!(
            !format!("{}{}", ended.stdout, ended.stderr).contains(self.token),
            "the token is never shown: {ended}"
        );
        ended
    }

    fn succeeds(&self, words: &str) -> Ended {
        let ended = self.run(words);
        assert_eq!(ended.code, Some(0), "{ended}");
        ended
    }

    fn fails(&self, words: &str, expected: &str) {
        let ended = self.run(words);
        assert_eq!(ended.code, Some(1), "{ended}");
        assert!(ended.stderr.contains(expected), "{expected:?} in {ended}");
    }

    /// The one comment of ours holds this.
    fn expect_one(&self, text: &str) {
        let ours = self.forge.ours();
        assert!(
            ours.len() == 1 && ours[0].contains(text) && ours[0].contains(MARKER),
            "{text:?} in {ours:#?}"
        );
    }
}

fn on_every_forge(story: impl Fn(Job)) {
    for api in Api::ALL {
        story(Job::on(api));
    }
}

#[test]
fn a_comment_is_written_once_and_kept_up_to_date() {
    on_every_forge(|job| {
        let said = job.succeeds("").stderr;
        assert!(said.contains("was written"), "{said}");
        job.expect_one("is revoked");
        let said = job.succeeds("").stderr;
        assert!(said.contains("stands already"), "{said}");
        job.plan(NOTHING);
        let said = job.succeeds("").stderr;
        assert!(said.contains("was updated"), "{said}");
        job.expect_one("nothing to do");
        // Somebody deletes it, and the next run writes it again.
        job.forge.fails_next(Method::GET, Fault::DeletesAllBefore);
        job.succeeds("");
        job.expect_one("nothing to do");
    });
}

#[test]
fn an_old_all_clear_does_not_stand_when_the_review_fails() {
    let job = Job::on(Api::Github);
    std::fs::create_dir(job.path("infra")).unwrap();
    let policy = |text: &str| std::fs::write(job.path("infra/lanyard.toml"), text).unwrap();
    std::fs::write(job.path("infra/main.tf"), "").unwrap();
    let clear = || {
        policy("");
        job.plan(NOTHING);
        job.succeeds("--dir infra");
        job.expect_one("nothing to do");
    };
    let fails = |expected: &str| {
        job.fails("--dir infra", expected);
        job.expect_one(expected);
        job.expect_one("lanyard-review: infra");
        assert!(!job.forge.ours()[0].contains("nothing to do"));
    };
    clear();
    policy("[rules]\nnever-expires = \"loud\"\n");
    fails("The policy cannot be read");
    clear();
    job.plan("{");
    fails("The plan cannot be read");
    clear();
    job.plan(&NOTHING.replace("{\"format", "{\"errored\": true, \"format"));
    fails("This plan failed and is incomplete");
    clear();
    std::fs::remove_dir_all(job.path("infra")).unwrap();
    job.plan(NOTHING);
    fails("infra");
}

#[test]
fn every_folder_has_a_comment_of_its_own() {
    on_every_forge(|job| {
        job.succeeds("--folder infra/a");
        job.succeeds("--folder infra/b");
        job.plan(NOTHING);
        job.succeeds("--folder infra/b");
        let ours = job.forge.ours();
        assert_eq!(ours.len(), 2, "{ours:#?}");
        assert!(ours[0].contains("lanyard-review: infra/a") && ours[0].contains("is revoked"));
        assert!(ours[1].contains("lanyard-review: infra/b") && ours[1].contains("nothing to do"));
    });
}

#[test]
fn a_comment_from_before_folders_is_taken_over() {
    for api in [Api::Github, Api::Gitlab, Api::Gitea] {
        let job = Job::on(api);
        job.forge
            .comment(&PIPELINE, "<!-- lanyard-review -->\n## Credentials: old");
        job.succeeds("--folder infra");
        job.expect_one("lanyard-review: infra");
    }
}

#[test]
fn it_is_found_on_a_later_page_and_never_doubled() {
    on_every_forge(|job| {
        for _ in 0..7 {
            job.forge.comment(&STRANGER, "looks good");
        }
        job.succeeds("");
        job.plan(NOTHING);
        job.succeeds("");
        job.expect_one("nothing to do");
        // Two jobs at once may have written two.
        let again = job.forge.ours()[0].clone();
        job.forge.comment(&PIPELINE, &again);
        job.succeeds("");
        job.expect_one("nothing to do");
        assert_eq!(job.forge.standing().len(), 8);
    });
}

#[test]
fn who_copies_the_marker_keeps_a_comment_that_we_do_not_write_into() {
    on_every_forge(|mut job| {
        job.succeeds("");
        let copied = job.forge.ours()[0].replace("is revoked", "is fine");
        {
            let mut state = job.forge.state();
            state.comments.clear();
            state.write(&STRANGER, &copied);
        }
        job.succeeds("");
        job.expect_one("is revoked");
        let stranger = job.forge.standing().remove(0);
        assert_eq!(stranger, (STRANGER.login, copied.clone()));
        // The same where the token may not ask whose it is.
        let shy = User {
            may_ask: false,
            token: "forge-token-that-may-not-ask",
            login: match job.forge.state().api {
                Api::Gitea => "gitea-actions",
                _ => PIPELINE.login,
            },
            id: 3,
            ..PIPELINE
        };
        if job.forge.state().api == Api::Gitlab {
            // Whoever may comment there may ask.
            return;
        }
        job.forge.state().users.push(shy.clone());
        job.forge.state().comments.truncate(1);
        job.token = shy.token;
        job.succeeds("");
        job.plan(NOTHING);
        job.succeeds("");
        let standing = job.forge.standing();
        assert_eq!(standing.len(), 2, "{standing:#?}");
        assert_eq!(standing[0], (STRANGER.login, copied));
        assert!(standing[1].1.contains("nothing to do"), "{standing:#?}");
    });
}

#[test]
fn what_passes_is_waited_for() {
    on_every_forge(|job| {
        job.forge.fails_next(Method::GET, Fault::Refuses(500, None));
        job.forge
            .fails_next(Method::GET, Fault::Refuses(429, Some(0)));
        // GitHub's word for too many requests.
        job.forge
            .fails_next(Method::GET, Fault::Refuses(403, Some(0)));
        job.forge
            .fails_next(Method::POST, Fault::Refuses(429, Some(0)));
        job.succeeds("");
        job.expect_one("is revoked");
    });
}

#[test]
fn an_answer_that_was_lost_is_looked_for() {
    on_every_forge(|job| {
        job.forge.fails_next(Method::POST, Fault::DoesAndFails);
        job.succeeds("");
        job.expect_one("is revoked");
        job.forge.state().comments.clear();
        job.forge
            .fails_next(Method::POST, Fault::Refuses(502, None));
        job.succeeds("");
        job.expect_one("is revoked");
    });
}

#[test]
fn what_is_deleted_meanwhile_is_written_anew() {
    on_every_forge(|job| {
        job.succeeds("");
        job.plan(NOTHING);
        let method = match job.forge.state().api {
            Api::Github | Api::Gitea => Method::PATCH,
            Api::Gitlab | Api::Bitbucket => Method::PUT,
        };
        job.forge.fails_next(method, Fault::DeletesAllBefore);
        job.succeeds("");
        job.expect_one("nothing to do");
    });
}

#[test]
fn a_token_that_may_not_write_is_told_what_it_needs() {
    on_every_forge(|mut job| {
        for user in &mut job.forge.state().users {
            user.may_write = false;
        }
        let api = job.forge.state().api;
        let permission = match api {
            Api::Github => "`pull-requests: write`",
            Api::Gitlab => "the scope `api`",
            Api::Gitea => "`write:issue`",
            Api::Bitbucket => "`pullrequest:write`",
        };
        job.fails("", permission);
        job.token = "forge-token-that-nobody-has";
        job.fails("", "does not accept the token");
        job.fails("--token-variable NOTHING", "NOTHING is not set");
        assert_eq!(job.forge.ours().len(), 0);
    });
}

#[test]
fn nothing_to_say_is_said_or_the_comment_goes() {
    on_every_forge(|job| {
        job.plan(NOTHING);
        let said = job.succeeds("--remove-when-empty").stderr;
        assert!(said.contains("no comment to remove"), "{said}");
        job.plan(REVOKED);
        job.succeeds("--remove-when-empty");
        job.expect_one("is revoked");
        job.plan(NOTHING);
        let said = job.succeeds("--remove-when-empty").stderr;
        assert!(said.contains("was removed"), "{said}");
        assert_eq!(job.forge.ours().len(), 0);
    });
}

#[test]
fn a_dry_run_shows_all_and_sends_nothing() {
    on_every_forge(|job| {
        let ended = job.succeeds("--dry-run --token-variable NOTHING");
        assert!(ended.stdout.contains("is revoked"), "{ended}");
        assert!(ended.stderr.contains("/7/"), "{ended}");
        assert_eq!(job.forge.state().requests.len(), 0);
    });
}

#[test]
fn a_plan_that_cannot_be_read_does_not_leave_an_old_review_standing() {
    on_every_forge(|job| {
        job.succeeds("");
        job.plan("{\"format_version\": ");
        job.fails("", "invalid-terraform-plan");
        job.expect_one("**ERROR**");
        let ours = job.forge.ours();
        assert!(!ours[0].contains("is revoked"), "{ours:#?}");
    });
}

#[test]
fn what_review_wrote_goes_as_it_is_where_it_fits() {
    let job = Job::on(Api::Github);
    let markdown = "<!-- lanyard-review: infra -->\n## Credentials: as it was reviewed\n";
    job.plan(markdown);
    job.succeeds("");
    assert_eq!(job.forge.ours(), [markdown]);
    job.plan(&format!("{markdown}{}", "x".repeat(70_000)));
    job.fails("", "65536");
    let job = Job::on(Api::Bitbucket);
    job.plan(markdown);
    job.fails("", "--forge bitbucket");
}
