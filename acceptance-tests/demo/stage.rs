//! What the demo plays on: the programs, a token server, a folder; and how it talks.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::support::binaries::Binaries;
use crate::support::leaks;
use crate::support::server::TokenServer;
use crate::support::terraforms::Terraform;
use crate::support::workspace::Workspace;

/// Everything is gone when this is dropped.
pub(crate) struct Stage {
    terraform: Terraform,
    server: TokenServer,
    workspace: Workspace,
    chapter: Cell<u32>,
    /// No command may say one of these.
    secrets: RefCell<Vec<String>>,
}

impl Stage {
    /// Builds the programs, finds a Terraform, starts a server and copies the example.
    pub(crate) fn set() -> Result<Self, String> {
        let terraform = Terraform::any();
        say(&format!("Using {terraform}"));

        let start = Instant::now();
        say("Building the provider, the lanyard command and the token server");
        Binaries::get();
        say(&format!("Built in {:.1} s", start.elapsed().as_secs_f32()));

        let server = TokenServer::start_with(&[]);
        say(&format!("Started a token server at {}", server.ready.url));

        let workspace = Workspace::new();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/quickstart");
        workspace.copy_from(&example);
        say("Copied examples/quickstart to a temporary folder");
        let secrets = RefCell::new(server.ready.token.clone().into_iter().collect());
        Ok(Self {
            terraform,
            server,
            workspace,
            chapter: Cell::new(0),
            secrets,
        })
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.workspace.folder()
    }

    pub(crate) fn server(&self) -> &TokenServer {
        &self.server
    }

    pub(crate) fn keep_secret(&self, secret: &str) {
        self.secrets.borrow_mut().push(secret.to_owned());
    }

    pub(crate) fn chapter(&self, title: &str) {
        self.chapter.set(self.chapter.get() + 1);
        say(&format!("\n=== {}. {title}", self.chapter.get()));
    }

    pub(crate) fn terraform(&self, arguments: &[&str]) -> Result<(), String> {
        self.run(self.terraform.command(), "terraform", arguments)
    }

    pub(crate) fn lanyard(&self, arguments: &[&str]) -> Result<(), String> {
        self.run(Command::new(&Binaries::get().command), "lanyard", arguments)
    }

    /// Shows what the command says as it says it; fails if it fails, or says a secret.
    fn run(&self, mut command: Command, name: &str, arguments: &[&str]) -> Result<(), String> {
        let shown = format!("{name} {}", arguments.join(" "));
        say(&format!("$ {shown}"));
        let start = Instant::now();
        self.workspace.enclose(&mut command);
        if !std::io::stdout().is_terminal() {
            command.env("TF_CLI_ARGS", "-no-color").env("NO_COLOR", "1");
        }
        if let Some(level) = std::env::var_os("TF_LOG") {
            command.env("TF_LOG", level);
        }
        let mut child = command
            .args(arguments)
            .envs(self.server.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("`{shown}` does not start: {error}"))?;
        let mut said = String::new();
        for line in BufReader::new(child.stdout.take().expect("stdout is piped"))
            .lines()
            .map_while(Result::ok)
        {
            said.push_str(&line);
            said.push('\n');
            leaks::expect_none(
                &self.secrets.borrow(),
                &format!("what `{shown}` says"),
                &line,
            );
            say(&format!("  {line}"));
        }
        let status = child
            .wait()
            .map_err(|error| format!("`{shown}` cannot be waited for: {error}"))?;
        if !status.success() {
            return Err(format!(
                "`{shown}` failed ({status}); what it said stands above.\nFor Terraform's and the provider's log: TF_LOG=trace cargo demo"
            ));
        }
        say(&format!("  ({:.1} s)", start.elapsed().as_secs_f32()));
        Ok(())
    }
}

/// Writes a line; a reader who has left, as in `cargo demo | head`, is no reason to stop before cleaning up.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

pub(crate) fn complain(failure: &str) {
    let _ = writeln!(std::io::stderr(), "\nThe demo stopped.\n{failure}");
}

/// On Ctrl-C, Terraform stops by itself; we stay to take away what we made.
pub(crate) fn outlive_interrupts() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async { while tokio::signal::ctrl_c().await.is_ok() {} });
        }
    });
}
