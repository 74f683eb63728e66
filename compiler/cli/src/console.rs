//! The two streams: results to stdout, talk to stderr. Knows who is listening: a terminal or a program.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use lanyard_compiler::language::Colour;

use crate::args::When;

/// Where output goes and how it should look there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    quiet: bool,
    /// Colour of the results.
    pub(crate) results: Colour,
    /// Colour of the talk.
    pub(crate) talk: Colour,
    talk_is_terminal: bool,
    /// Whether the terminal can take a line back.
    pub(crate) can_redraw: bool,
    /// Columns that a table may use; `None` when nobody looks at it on a screen.
    pub(crate) width: Option<usize>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or nothing to do.
    Done,
    /// It could not be done; why stands on stderr.
    Failed,
    /// There is something to change, and the caller asked to be told by the exit code.
    Changes,
    /// The rules found something, and the caller asked to be told by the exit code.
    Found,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::from(1),
            Outcome::Changes => Self::from(2),
            Outcome::Found => Self::from(3),
        }
    }
}

impl Console {
    pub(crate) fn new(quiet: bool, when: Option<When>) -> Self {
        let colour = |is_terminal: bool| match when {
            Some(When::Always) => Colour::Ansi,
            Some(When::Never) => Colour::Plain,
            Some(When::Auto) | None if is_terminal && !colour_is_unwanted() => Colour::Ansi,
            Some(When::Auto) | None => Colour::Plain,
        };
        let width = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok())
            .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
            .filter(|_| io::stdout().is_terminal());
        Self {
            quiet,
            results: colour(io::stdout().is_terminal()),
            talk: colour(io::stderr().is_terminal()),
            talk_is_terminal: io::stderr().is_terminal(),
            can_redraw: !is_dumb(),
            width,
        }
    }

    /// Writes a result to stdout. A reader that went away (`| head`) is not an error.
    pub(crate) fn result(&self, text: &str) {
        put(&mut io::stdout().lock(), text);
    }

    /// Likewise, what is too long to be put together first; it ends with a newline.
    pub(crate) fn stream(&self, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) {
        let mut stream = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let written = write(&mut stream);
        give_up_on(written.and_then(|()| stream.flush()));
    }

    /// Likewise, where the text must not be lost unnoticed.
    pub(crate) fn try_result(&self, text: &str) -> io::Result<()> {
        let mut stream = io::stdout().lock();
        stream.write_all(text.as_bytes())?;
        stream.flush()
    }

    /// Tells people on stderr what is going on; silent with `--quiet`.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Writes an error or a warning to stderr.
    pub(crate) fn complain(&self, text: &str) {
        put(&mut io::stderr().lock(), text);
    }

    /// True if somebody can answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.talk_is_terminal && io::stdin().is_terminal()
    }

    /// Asks at the terminal; an answer that cannot be read is empty.
    pub(crate) fn ask(&self, question: &str) -> String {
        let mut stream = io::stderr().lock();
        let _ = write!(stream, "{question}").and_then(|()| stream.flush());
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer) {
            Ok(_) => answer.trim().to_owned(),
            Err(_) => String::new(),
        }
    }

    /// True if somebody looks at progress on stderr.
    pub(crate) fn is_watched(&self) -> bool {
        self.talk_is_terminal && !self.quiet
    }
}

/// <https://no-color.org>, and terminals that cannot.
fn colour_is_unwanted() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_dumb()
}

/// A terminal that only writes one line after another, such as those of editors.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// Writes a text and ends it with a line break.
fn put(stream: &mut impl io::Write, text: &str) {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let written = stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.write_all(end.as_bytes()))
        .and_then(|()| stream.flush());
    give_up_on(written);
}

/// Ends the process where a text cannot be written. A reader that went away is no error.
fn give_up_on(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        // The last resort: stdout may be a full disk while stderr still works.
        let _ = writeln!(io::stderr(), "error: cannot write the output: {error}");
        std::process::exit(1);
    }
}
