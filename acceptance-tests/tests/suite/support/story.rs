//! One story: a Terraform, a token server of its own, a configuration. Every apply is followed by a plan that must be empty, and the story
//! by a search for secrets in all that was said and logged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use lanyard_compiler::model::Kind;
use parking_lot::Mutex;
use serde_json::Value;

use super::binaries::Binaries;
use super::console::{self, Ended, Running};
use super::hand::Hand;
use super::leaks::Search;
use super::native::Native;
use super::plan::Plan;
use super::redact;
use super::server::TokenServer;
use super::state::State;
use super::terraforms::Terraform;
use super::workspace::Workspace;

/// The provider as a user asks for it. Its settings come from the environment.
const PROVIDER: &str = r#"
terraform {
  required_providers {
    lanyard = {
      source = "lanyard/lanyard"
    }
  }
}
"#;

/// Tells `story` once with each Terraform, or with the one whose turn it is.
pub(crate) fn on_every_terraform(story: impl Fn(&Story)) {
    on_every_terraform_with_server(&[], story);
}

/// Likewise, with a server that was started with `arguments`.
pub(crate) fn on_every_terraform_with_server(arguments: &[&str], story: impl Fn(&Story)) {
    for terraform in Terraform::tellers() {
        Story::beside(terraform, Arc::new(TokenServer::start_with(arguments))).tell(&story);
    }
}

/// Likewise, of those of this version or newer; what it needs, others do not have.
pub(crate) fn on_every_terraform_since(version: (u32, u32), story: impl Fn(&Story)) {
    for terraform in Terraform::tellers_since(version) {
        Story::beside(terraform, Arc::new(TokenServer::start_with(&[]))).tell(&story);
    }
}

pub(crate) struct Story {
    pub(crate) terraform: &'static Terraform,
    pub(crate) server: Arc<TokenServer>,
    workspace: Workspace,
    /// Whether all that Terraform does is logged, and not only what the provider does.
    traces: bool,
    /// Settings for the provider; at first those that reach the server.
    environment: Mutex<BTreeMap<String, String>>,
    /// Everything that was said, for the leak search.
    said: Mutex<Vec<Ended>>,
    /// Secrets that were once in the state, for the leak search.
    known_secrets: Mutex<BTreeSet<String>>,
}

impl Story {
    /// A story about a server that others use as well.
    pub(crate) fn beside(terraform: &'static Terraform, server: Arc<TokenServer>) -> Self {
        let workspace = Workspace::new();
        workspace.write("versions.tf", PROVIDER);
        Self {
            terraform,
            environment: Mutex::new(server.environment()),
            server,
            workspace,
            traces: false,
            said: Mutex::default(),
            known_secrets: Mutex::default(),
        }
    }

    /// Likewise, with one Terraform: what tells these apart is proved by the stories that all of them tell. Here it logs all that it does,
    /// and the search for leaks goes through that as well.
    pub(crate) fn with_one_terraform(server: &Arc<TokenServer>) -> Self {
        Self {
            traces: true,
            ..Self::beside(&Terraform::all()[0], Arc::clone(server))
        }
    }

    pub(crate) fn tell(self, story: impl Fn(&Self)) {
        console::note(&format!("told with {}", self.terraform));
        story(&self);
        self.search_for_leaks();
        self.search_for_remains();
    }

    /// Sets, or with `None` removes, an environment variable of all that is run from now on.
    pub(crate) fn environment(&self, name: &str, value: Option<&str>) {
        let mut environment = self.environment.lock();
        match value {
            Some(value) => environment.insert(name.to_owned(), value.to_owned()),
            None => environment.remove(name),
        };
    }

    /// The configuration, but for the `terraform` block. It may be indented like the code around it.
    pub(crate) fn configure(&self, text: &str) {
        self.file("main.tf", &dedent(text));
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        self.workspace.write(name, text);
    }

    /// Makes ours stand in for a provider that the state speaks of, `NAMESPACE/TYPE`, and that cannot be had here.
    pub(crate) fn stand_in(&self, provider: &str) {
        super::mirror::stand_in(provider);
        // What is installed is found out anew.
        let _ = std::fs::remove_file(self.path(".terraform.lock.hcl"));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.workspace.folder().join(name)
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Plans, without applying.
    pub(crate) fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    pub(crate) fn plan_with(&self, options: &[&str]) -> Plan {
        self.save_plan_with(options);
        self.saved_plan()
    }

    /// Plans, and looks at nothing but that it can be done.
    pub(crate) fn save_plan(&self) {
        self.save_plan_with(&[]);
    }

    pub(crate) fn save_plan_with(&self, options: &[&str]) {
        self.succeeds(&[&["plan", "-out=saved.plan"], options].concat());
    }

    /// The plan that was saved last.
    pub(crate) fn saved_plan(&self) -> Plan {
        Plan::from_json(&self.data(&["show", "-json", "saved.plan"]))
    }

    /// Applies whatever there is to do, and demands that nothing is left.
    pub(crate) fn settle(&self) {
        self.succeeds(&["apply", "-auto-approve"]);
        self.expect_empty_plan();
    }

    /// Applies the plan that was saved last, and demands that nothing is left to do.
    pub(crate) fn apply_saved_plan(&self) {
        self.succeeds(&["apply", "saved.plan"]);
        self.expect_empty_plan();
    }

    /// Applies, and demands that the plan was as expected (see [`Plan::expect`]) and that nothing is left to do afterwards.
    pub(crate) fn apply(&self, expected: &str) -> Plan {
        let plan = self.plan();
        plan.expect(expected);
        self.apply_saved_plan();
        plan
    }

    /// Demands that Terraform sees nothing to do.
    pub(crate) fn expect_empty_plan(&self) {
        let ended = self.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(
            ended.code,
            Some(0),
            "nothing should be left to do:\n{ended}"
        );
    }

    /// Destroys everything, and demands that neither state nor server remember anything. Other servers than the native one may keep
    /// tokens that cannot be deleted there, and are asked by the conformance suite; accounts go everywhere but where they are built in.
    pub(crate) fn destroy(&self) {
        let before = self.state();
        let is_account = |address: &String| address.contains("lanyard_service_account.");
        let accounts = before.addresses().into_iter().filter(is_account);
        let accounts: Vec<String> = accounts
            .filter_map(|address| Some(before.attributes(&address)["id"].as_str()?.to_owned()))
            .filter(|id| !id.starts_with("elastic/"))
            .collect();
        self.succeeds(&["destroy", "-auto-approve"]);
        assert_eq!(
            self.state().addresses(),
            Vec::<String>::new(),
            "the state should be empty after a destroy"
        );
        if self.server.ready.api != "native" {
            for id in accounts {
                assert!(
                    !Hand::on(&self.server).has(Kind::ServiceAccount, &id),
                    "the server should not have the account {id} any more"
                );
            }
            return;
        }
        assert_eq!(
            self.native().account_names(),
            Vec::<String>::new(),
            "the server should have no accounts left"
        );
        assert_eq!(
            self.native().token_names(),
            Vec::<String>::new(),
            "the server should have no tokens left"
        );
    }

    /// Runs Terraform, demands success, and returns all that it said.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "this should succeed:\n{ended}");
        format!("{}{}", ended.stdout, ended.stderr)
    }

    /// Runs Terraform, demands failure, and returns its complaints.
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(1), "this should fail:\n{ended}");
        for accident in [
            "Plugin did not respond",
            "Plugin error",
            "inconsistent",
            "invalid plan",
            "invalid object",
            "panicked",
        ] {
            assert!(
                !ended.stderr.contains(accident),
                "this should fail as a user's mistake, not as ours:\n{ended}"
            );
        }
        ended.stderr
    }

    /// Runs Terraform, demands success, and returns its output, which may hold secrets by design.
    pub(crate) fn data(&self, arguments: &[&str]) -> String {
        let mut ended = self.run_quietly(arguments);
        ended.is_data = true;
        assert_eq!(ended.code, Some(0), "this should succeed:\n{ended}");
        let stdout = ended.stdout.clone();
        self.remember(Ended {
            stdout: String::new(),
            ..ended
        });
        stdout
    }

    /// Runs Terraform after `init` where that is still to do.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let ended = self.run_quietly(arguments);
        self.remember(ended.clone());
        ended
    }

    /// Runs `lanyard` on the same configuration and server, demands success, and returns what it wrote.
    pub(crate) fn lanyard(&self, words: &str) -> String {
        let mut command = Command::new(&Binaries::get().command);
        command
            .args(words.split_whitespace())
            .current_dir(self.workspace.folder())
            .env_clear()
            .envs(self.server.environment());
        let ended = Running::start(command, &format!("lanyard {words}")).wait();
        self.remember(ended.clone());
        assert_eq!(ended.code, Some(0), "this should succeed:\n{ended}");
        super::readers::expect_alike(words, &self.workspace.folder(), &ended);
        ended.stdout
    }

    /// Whoever has the secret that this resource's state holds.
    pub(crate) fn holder(&self, address: &str) -> Native {
        Native::with_token(&self.server, &self.text(address, "token"))
    }

    /// Whether the server accepts a secret.
    pub(crate) fn accepts(&self, secret: &str) -> bool {
        let answer = Native::with_token(&self.server, secret).get("/v1/whoami");
        assert!(matches!(answer.status, 200 | 401), "{}", answer.status);
        answer.status == 200
    }

    /// Compares with a snapshot that holds for every Terraform.
    pub(crate) fn snapshot(&self, name: &str, text: &str) {
        redact::assert_snapshot(name, text);
    }

    pub(crate) fn state(&self) -> State {
        State::read(&self.workspace.folder())
    }

    /// One attribute in the state: `attribute("lanyard_access_token.ci", "id")`.
    pub(crate) fn attribute(&self, address: &str, name: &str) -> Value {
        self.state().attributes(address)[name].clone()
    }

    /// Likewise, where it must be text.
    pub(crate) fn text(&self, address: &str, name: &str) -> String {
        let value = self.attribute(address, name);
        value
            .as_str()
            .unwrap_or_else(|| panic!("{address}.{name} should be text"))
            .to_owned()
    }

    /// The server, past Terraform.
    pub(crate) fn native(&self) -> Native {
        Native::of(&self.server)
    }

    fn run_quietly(&self, arguments: &[&str]) -> Ended {
        let ended = self.start(arguments).wait();
        self.learn_secrets();
        ended
    }

    /// Starts Terraform, after `init` where that is still to do, and comes back while it runs.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        if arguments != ["init"] && !self.path(".terraform.lock.hcl").exists() {
            self.succeeds(&["init"]);
        }
        let mut command = self.terraform.command();
        command.args(arguments);
        self.enclose(&mut command);
        Running::start(command, &format!("terraform {}", arguments.join(" ")))
    }

    /// Waits for what [`Self::start`] started.
    pub(crate) fn end(&self, running: Running) -> Ended {
        let ended = running.wait();
        self.learn_secrets();
        self.remember(ended.clone());
        ended
    }

    fn learn_secrets(&self) {
        self.known_secrets.lock().extend(self.state().secrets());
    }

    /// Makes `command` run in this story's folder and environment.
    pub(crate) fn enclose(&self, command: &mut Command) {
        self.workspace.enclose(command);
        command
            .envs(&*self.environment.lock())
            .env("TF_LOG_PROVIDER", "trace")
            .env("TF_LOG_CORE", if self.traces { "trace" } else { "off" })
            .env("TF_LOG_PATH", self.workspace.trace_log())
            .env("TF_CLI_ARGS", "-no-color");
    }

    fn remember(&self, ended: Ended) {
        self.said.lock().push(ended);
    }

    fn search_for_leaks(&self) {
        let mut secrets = self.server.secrets();
        secrets.extend(self.known_secrets.lock().iter().cloned());
        let search = Search::of(&secrets);
        for ended in self.said.lock().iter() {
            search.expect_none(
                &format!("what `{}` said", ended.command),
                &format!("{}\n{}", ended.stdout, ended.stderr),
            );
        }
        let log = std::fs::read(self.workspace.trace_log())
            .expect("Terraform should have written its log");
        let log = String::from_utf8_lossy(&log);
        search.expect_none("the trace log", &without_terraform_data(&log));
        for accident in [
            "plugin failed to exit gracefully",
            "Unrecognized remote plugin message",
            "panicked at",
        ] {
            let line = log.lines().find(|line| line.contains(accident));
            assert_eq!(line, None, "the trace log should tell of no accident");
        }
    }

    /// Sockets and other files that a process should have taken away.
    fn search_for_remains(&self) {
        let remains: Vec<_> = std::fs::read_dir(self.workspace.temporary())
            .expect("the story's folder should be readable")
            .map(|entry| {
                entry
                    .expect("the story's folder should be readable")
                    .file_name()
            })
            .collect();
        assert!(
            remains.is_empty(),
            "no temporary file should be left: {remains:?}"
        );
    }
}

/// Takes away the spaces that all lines begin with, and empty lines at the ends.
fn dedent(text: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let common = lines.map(indentation).min().unwrap_or(0);
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.get(common..).unwrap_or_default())
        .collect();
    format!("{}\n", lines.join("\n").trim_matches('\n').trim_end())
}

/// Terraform's own `terraform_data` writes what it was given to the log, sensitive or not. That is not ours to mend; everything else is.
fn without_terraform_data(log: &str) -> String {
    let is_ours =
        |line: &&str| !line.contains("[DEBUG] UpgradeResourceState: ignoring dynamic block:");
    log.lines().filter(is_ours).collect::<Vec<_>>().join("\n")
}
