//! A folder of files and the real binary run in it, with nothing of our own environment around it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its folder should stop there"
)]

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use nix::pty::{Winsize, openpty};
use tempfile::TempDir;

/// A hermetic folder to run `lanyard` in.
pub(crate) struct Folder {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Folder {
    /// A folder with these files, as (path, content) pairs.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let this = Self {
            folder,
            environment: Vec::new(),
        };
        for (path, content) in files {
            this.write(path, content);
        }
        this
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Sets an environment variable for the runs that follow.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lanyard"));
        command
            .args(words.split_whitespace())
            .current_dir(self.path())
            .env_clear()
            .envs(self.environment.iter().cloned());
        command
    }

    fn output(&self, words: &str) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs `lanyard` with these words in a terminal of so many columns, and gives everything that it writes there.
    pub(crate) fn watch(&self, words: &str, columns: u16) -> String {
        let size = Winsize {
            ws_row: 40,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let terminal = openpty(&size, None).unwrap();
        let mut command = self.command(words);
        command
            .stdin(Stdio::null())
            .stdout(terminal.slave.try_clone().unwrap())
            .stderr(terminal.slave);
        let mut process = command.spawn().unwrap();
        // The terminal ends when nobody holds its other side any more.
        drop(command);
        let mut screen = Vec::new();
        // On Linux it ends with an error.
        let _ = File::from(terminal.master).read_to_end(&mut screen);
        process.wait().unwrap();
        String::from_utf8(screen).unwrap().replace("\r\n", "\n")
    }

    /// Runs `lanyard` with these words and keeps what it writes to stdout.
    pub(crate) fn stdout(&self, words: &str) -> String {
        String::from_utf8(self.output(words).stdout).unwrap()
    }

    /// Runs `lanyard` with these words and tells the whole story.
    pub(crate) fn run(&self, words: &str) -> String {
        let output = self.output(words);
        let root = std::fs::canonicalize(self.path()).unwrap();
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace(&*root.to_string_lossy(), "[folder]")
                .replace(env!("CARGO_PKG_VERSION"), "[version]")
        };
        let stream = |name: &str, bytes: &[u8]| match text(bytes) {
            text if text.is_empty() => String::new(),
            text => format!("--- {name}\n{text}"),
        };
        let code = output
            .status
            .code()
            .map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        format!(
            "$ lanyard {words}\n{}{}--- exit {code}",
            stream("stdout", &output.stdout),
            stream("stderr", &output.stderr),
        )
    }
}
