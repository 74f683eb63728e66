//! One story of the `lanyard` command: a server of its own, a configuration, and everything that was said.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;

use crate::support::binaries::Binaries;
use crate::support::console::{Ended, Running};
use crate::support::leaks::Search;
use crate::support::native::Native;
use crate::support::readers::expect_alike;
use crate::support::redact;
use crate::support::server::TokenServer;

/// A folder with a configuration, and the server that its settings in the environment lead to.
pub(crate) struct Story {
    pub(crate) server: Arc<TokenServer>,
    folder: tempfile::TempDir,
    said: RefCell<Vec<String>>,
}

impl Story {
    /// A story that begins with this configuration.
    pub(crate) fn new(configuration: &str) -> Self {
        Self::on("native", configuration)
    }

    /// Likewise, on a server of this API.
    pub(crate) fn on(api: &str, configuration: &str) -> Self {
        Self::with(&["--api", api], configuration)
    }

    /// Likewise, on a server that was started with these arguments.
    pub(crate) fn with(arguments: &[&str], configuration: &str) -> Self {
        let story = Self {
            server: Arc::new(TokenServer::start_with(arguments)),
            folder: tempfile::tempdir().expect("the folder for temporary files should be writable"),
            said: RefCell::default(),
        };
        story.configure(configuration);
        story
    }

    /// Another folder with the same configuration, on the same server.
    pub(crate) fn beside(other: &Self) -> Self {
        let story = Self {
            server: Arc::clone(&other.server),
            folder: tempfile::tempdir().expect("the folder for temporary files should be writable"),
            said: RefCell::default(),
        };
        story.configure(&other.read("main.tf"));
        story
    }

    /// Moves the server's clock.
    pub(crate) fn advance_clock(&self, seconds: u64) {
        self.native().advance_clock(seconds);
    }

    /// Replaces the configuration.
    pub(crate) fn configure(&self, configuration: &str) {
        self.file("main.tf", configuration);
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the story's folder should be writable");
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("the file should be there");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What somebody does past Lanyard.
    pub(crate) fn native(&self) -> Native {
        Native::of(&self.server)
    }

    /// Runs `lanyard` with these words, whatever comes of it.
    pub(crate) fn run(&self, words: &str) -> Ended {
        self.run_with(words, &[])
    }

    /// Likewise, with further environment variables.
    pub(crate) fn run_with(&self, words: &str, environment: &[(&str, &str)]) -> Ended {
        self.end(self.start_with(words, environment))
    }

    /// Starts `lanyard`.
    pub(crate) fn start(&self, words: &str) -> Running {
        self.start_with(words, &[])
    }

    /// Runs `lanyard` at a terminal, where this is typed.
    pub(crate) fn run_at_a_terminal(&self, words: &str, typed: &str) -> Ended {
        let command = self.command(words);
        let shown = format!("lanyard {words}");
        self.end(Running::start_at_a_terminal(command, &shown, typed))
    }

    /// Runs `lanyard` at a terminal, where this is typed once it has asked for it, and something has happened meanwhile.
    pub(crate) fn run_and_be_asked(
        &self,
        words: &str,
        question: &str,
        meanwhile: impl FnOnce(),
        typed: &str,
    ) -> Ended {
        let command = self.command(words);
        let shown = format!("lanyard {words}");
        let running = Running::start_and_be_asked(command, &shown, question, meanwhile, typed);
        self.end(running)
    }

    fn start_with(&self, words: &str, environment: &[(&str, &str)]) -> Running {
        let mut command = self.command(words);
        command.envs(environment.iter().copied());
        Running::start(command, &format!("lanyard {words}"))
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(&Binaries::get().command);
        command
            .args(words.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.server.environment());
        command
    }

    /// Waits for the end, and keeps what was said.
    pub(crate) fn end(&self, running: Running) -> Ended {
        let ended = running.wait();
        let mut said = self.said.borrow_mut();
        // With `--print-secrets`, stdout is the sink.
        if !ended.command.contains("--print-secrets") {
            said.push(ended.stdout.clone());
        }
        said.push(ended.stderr.clone());
        let words = ended.command.trim_start_matches("lanyard ");
        expect_alike(words, self.folder.path(), &ended);
        ended
    }

    /// Runs `lanyard`, which must succeed.
    pub(crate) fn succeeds(&self, words: &str) -> Ended {
        let ended = self.run(words);
        assert_eq!(ended.code, Some(0), "{ended}");
        ended
    }

    /// Runs `lanyard`, which must fail and say all of this.
    pub(crate) fn fails(&self, words: &str, expected: &[&str]) -> Ended {
        let ended = self.run(words);
        assert_eq!(ended.code, Some(1), "{ended}");
        for text in expected {
            assert!(
                ended.stderr.contains(text),
                "stderr should hold {text:?}: {ended}"
            );
        }
        ended
    }

    /// Applies without asking, hands secrets to `secrets.jsonl`, and demands that nothing is left to do.
    pub(crate) fn apply(&self) -> Ended {
        let ended = self.succeeds("apply --yes --out-file secrets.jsonl");
        self.expect_nothing_to_do();
        ended
    }

    pub(crate) fn expect_nothing_to_do(&self) {
        let ended = self.run("plan --detailed-exitcode");
        assert_eq!(ended.code, Some(0), "nothing should be left to do: {ended}");
    }

    /// The JSON that `lanyard` prints.
    pub(crate) fn json(&self, words: &str) -> Value {
        let ended = self.run(words);
        serde_json::from_str(&ended.stdout)
            .unwrap_or_else(|error| panic!("stdout should be JSON: {error}: {ended}"))
    }

    /// The plan in short: `create lanyard_access_token.ci`, sorted.
    pub(crate) fn planned(&self, words: &str) -> Vec<String> {
        let plan = self.json(&format!("plan --format json {words}"));
        let changes = plan["changes"]
            .as_array()
            .expect("a plan should list its changes");
        let mut short: Vec<String> = changes
            .iter()
            .map(|change| {
                let action = if change["rotates"] == true {
                    "rotate"
                } else {
                    change["action"].as_str().unwrap_or_default()
                };
                format!(
                    "{action} {}",
                    change["address"].as_str().unwrap_or_default()
                )
            })
            .collect();
        short.sort();
        short
    }

    /// The secrets that were handed over in the clear, in order, as (address, secret).
    pub(crate) fn handed_over(&self) -> Vec<(String, String)> {
        self.handed_over_by("address")
    }

    /// Likewise, as (id, secret).
    pub(crate) fn delivered(&self) -> Vec<(String, String)> {
        self.handed_over_by("id")
    }

    fn handed_over_by(&self, name: &str) -> Vec<(String, String)> {
        let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        self.read("secrets.jsonl")
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line should be JSON"))
            .map(|line: Value| (text(&line, name), text(&line, "token")))
            .filter(|(_, secret)| !secret.is_empty())
            .collect()
    }

    /// The name of the account that a secret authenticates as; none if it does not work.
    pub(crate) fn whose(&self, secret: &str) -> Option<String> {
        let answer = Native::with_token(&self.server, secret).get("/v1/whoami");
        (answer.status == 200).then(|| {
            answer.body["service_account"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
    }

    /// Compares what a command said with `compiler/snapshots/NAME.snap`.
    pub(crate) fn snapshot(&self, name: &str, ended: &Ended) {
        let stream = |name: &str, text: &str| match text {
            "" => String::new(),
            text => format!("--- {name}\n{text}"),
        };
        let code = ended
            .code
            .map_or("a signal".to_owned(), |code| code.to_string());
        let text = format!(
            "$ {}\n{}{}--- exit {code}",
            ended.command,
            stream("stdout", &ended.stdout),
            stream("stderr", &ended.stderr),
        );
        redact::assert_snapshot_in("compiler", name, &text);
    }
}

/// The leak search.
impl Drop for Story {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut secrets = self.server.secrets();
        secrets.extend(self.handed_over().into_iter().map(|(_, secret)| secret));
        let search = Search::of(&secrets);
        for text in self.said.borrow().iter() {
            search.expect_none("what the command said", text);
        }
        for file in ["plan.json", ".lanyard/journal.jsonl", ".lanyard/lock"] {
            search.expect_none(file, &self.read(file));
        }
    }
}
