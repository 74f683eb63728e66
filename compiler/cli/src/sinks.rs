//! Where new secrets go: each is handed over once, right after the server issued it and before anything else is written.

mod receiver;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use lanyard_compiler::delivery::{
    Assigned, Due, Owner, assignment, plain_lines, replace_in, taken_in, variable,
};
use lanyard_compiler::language::is_configuration;
use lanyard_compiler::secret::Secret;
use lanyard_servers::engine::Seal;
use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::console::Console;
use receiver::{REPLACED, Receiver};

/// A secret that a server has just issued.
#[derive(Debug)]
pub(crate) struct NewSecret<'a> {
    pub(crate) address: &'a str,
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    pub(crate) owner: Owner,
    pub(crate) content: Content<'a>,
}

/// A secret, in the clear or for its recipient alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    Clear(&'a Secret),
    /// An armored age file.
    Encrypted(&'a str),
}

/// What became of a secret that was to be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handed {
    /// Whoever was named has it.
    Over,
    /// It stands in the document that is printed at the end: see [`Sinks::take_held`].
    InDocument,
}

const NOWHERE: &str =
    "stdout is closed, or leads to where nothing is kept, and each secret can be had only once";

/// The receivers that the user named, open and writable.
#[derive(Default)]
pub(crate) struct Sinks {
    lines: Option<Receiver>,
    /// Who alone can read what goes into `lines`.
    seal: Option<Seal>,
    environment: Option<Receiver>,
    print: Option<Format>,
    /// How ciphertext is shown that has no receiver: nobody but its recipient can read it.
    otherwise: Format,
    held: Vec<(String, Secret)>,
    /// The variables that are to be written.
    due: HashMap<String, Due>,
    /// What `lines` and `environment` were given, by address.
    given: [Vec<(String, Secret)>; 2],
}

impl Sinks {
    /// Opens the receivers, so that a path that cannot be written stops the apply before it begins.
    pub(crate) fn open(
        lines: Option<&Path>,
        environment: Option<&Path>,
        (print, format): (bool, Format),
        seal: Option<Seal>,
    ) -> Result<Self, String> {
        let lines = lines.map(Receiver::open).transpose()?;
        let environment = environment.map(Receiver::open).transpose()?;
        if let (Some(lines), Some(environment)) = (&lines, &environment)
            && lines.is(environment)
        {
            return Err(format!(
                "{} is named for lines of JSON and for variables: give each a file of its own",
                environment.name().display()
            ));
        }
        if print && receiver::stdout_is_nowhere() {
            return Err(NOWHERE.to_owned());
        }
        Ok(Self {
            lines,
            seal,
            environment,
            print: print.then_some(format),
            otherwise: format,
            ..Self::default()
        })
    }

    /// True if nobody would receive a secret.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_none() && self.environment.is_none() && self.print.is_none()
    }

    /// True if secrets are told apart by names of variables alone.
    pub(crate) fn names_variables(&self) -> bool {
        self.environment.is_some() || self.print == Some(Format::Text)
    }

    /// Learns which variables are to be written. Each that holds what may be the secret of somebody else is told with the reason.
    pub(crate) fn expect(&mut self, due: Vec<Due>) -> Result<Vec<String>, String> {
        let mut taken = Vec::new();
        if let Some(receiver) = &self.environment {
            let text = receiver.text()?;
            let found = taken_in(text.as_deref().unwrap_or_default(), &due);
            let shown = receiver.name().display();
            taken.extend(found.into_iter().map(|(_, why)| format!("{shown}: {why}")));
        }
        let due = due.into_iter().map(|due| (due.address.clone(), due));
        self.due = due.collect();
        Ok(taken)
    }

    /// Hands secrets to every receiver: those of one moment together, because it is the disks that take time. An error names the receivers
    /// that one of them did not reach.
    pub(crate) fn deliver(
        &mut self,
        secrets: &[NewSecret<'_>],
        console: &Console,
    ) -> Vec<Result<Handed, String>> {
        let mut letters: Vec<Letter<'_>> = secrets.iter().map(Letter::to_all).collect();
        let [lines, variables] = &mut self.given;
        if let Some(receiver) = &mut self.lines {
            let seal = self.seal.as_ref();
            let line = |letter: &Letter<'_>| json_line(letter.new, seal);
            lines.extend(send(receiver, &mut letters, line));
        }
        if let Some(receiver) = &mut self.environment {
            variables.extend(assign(receiver, &mut letters, &self.due));
        }
        letters
            .into_iter()
            .map(|letter| self.print(letter, console))
            .collect()
    }

    /// What is printed comes last, and one by one.
    fn print(&mut self, letter: Letter<'_>, console: &Console) -> Result<Handed, String> {
        let Letter {
            new,
            line,
            mut failures,
            can_be_written,
            ..
        } = letter;
        let print = match new.content {
            Content::Encrypted(_) if self.is_empty() => Some(self.otherwise),
            Content::Clear(_) | Content::Encrypted(_) => self.print,
        };
        if can_be_written && print.is_some() && receiver::stdout_is_nowhere() {
            failures.push(NOWHERE.to_owned());
        }
        if can_be_written
            && print == Some(Format::Text)
            && let Err(error) = console.try_result(&line)
        {
            failures.push(format!("stdout: {error}"));
        }
        if !failures.is_empty() {
            return Err(failures.join("; "));
        }
        if print != Some(Format::Json) {
            return Ok(Handed::Over);
        }
        let secret = match new.content {
            Content::Clear(secret) => secret.clone(),
            Content::Encrypted(text) => Secret::new(text),
        };
        self.held.push((new.address.to_owned(), secret));
        Ok(Handed::InDocument)
    }

    /// The secrets that a file was given and does not hold any more, by address, each with the reason.
    pub(crate) fn lost(&self) -> Vec<(&str, String)> {
        let receivers = [&self.lines, &self.environment].into_iter();
        let mut lost = Vec::new();
        for (receiver, given) in receivers.zip(&self.given) {
            let Some(receiver) = receiver.as_ref().filter(|_| !given.is_empty()) else {
                continue;
            };
            let (text, why) = match receiver.text() {
                Ok(Some(text)) => (text, format!("{}: {REPLACED}", receiver.name().display())),
                Ok(None) => continue,
                Err(problem) => (String::new(), problem),
            };
            let there: HashSet<&str> = plain_lines(&text).collect();
            let is_lost = |line: &Secret| !line.expose().lines().all(|line| there.contains(line));
            let gone = given.iter().filter(|(_, line)| is_lost(line));
            lost.extend(gone.map(|(address, _)| (&**address, why.clone())));
        }
        lost
    }

    /// The secrets that the document at the end has to hold, by address.
    pub(crate) fn take_held(&mut self) -> Vec<(String, Secret)> {
        std::mem::take(&mut self.held)
    }
}

/// Refuses the files that Lanyard itself reads, or would read once they are there, and those of its working folder: what was handed over
/// would spoil them.
pub(crate) fn spare<'a>(
    receivers: impl Iterator<Item = &'a PathBuf>,
    configuration: &[PathBuf],
    plan_file: Option<&Path>,
    working_folder: &Path,
) -> Result<(), String> {
    let read = configuration.iter().map(PathBuf::as_path).chain(plan_file);
    let read: BTreeSet<PathBuf> = read.filter_map(resolved).collect();
    let folders = configuration.iter().filter_map(|path| resolved(path));
    let folders: BTreeSet<PathBuf> = folders
        .filter_map(|path| path.parent().map(Path::to_owned))
        .collect();
    let working_folder = working_folder.canonicalize().ok();
    for named in receivers {
        let Some(path) = resolved(named) else {
            continue;
        };
        let shown = named.display();
        let is_below = |folder: &PathBuf| path.starts_with(folder);
        if read.contains(&path) || working_folder.as_ref().is_some_and(is_below) {
            return Err(format!(
                "{shown} is a file of the configuration, or of Lanyard itself: name another one"
            ));
        }
        let is_beside = path.parent().is_some_and(|folder| folders.contains(folder));
        let name = path.file_name().and_then(OsStr::to_str);
        if is_beside && name.is_some_and(is_configuration) {
            return Err(format!(
                "{shown} would be read as part of the configuration from then on: name a file with another ending, or in another folder"
            ));
        }
    }
    Ok(())
}

/// With links resolved, also where there is no such file yet.
fn resolved(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    Some(folder.join(path.file_name()?))
}

/// A secret on its way to all receivers.
struct Letter<'a> {
    new: &'a NewSecret<'a>,
    /// Of its variable.
    name: String,
    /// As a variable.
    line: String,
    /// False if it would spoil what is beside it.
    can_be_written: bool,
    failures: Vec<String>,
}

impl<'a> Letter<'a> {
    fn to_all(new: &'a NewSecret<'a>) -> Self {
        let name = variable(new.address);
        let line = match new.content {
            Content::Clear(secret) => assignment(&name, secret.expose(), false),
            Content::Encrypted(text) => assignment(&name, text, true),
        };
        let refused =
            "the server sent a secret with control characters in it, which is written nowhere";
        Self {
            new,
            name,
            can_be_written: line.is_some(),
            failures: line
                .is_none()
                .then(|| refused.to_owned())
                .into_iter()
                .collect(),
            line: line.unwrap_or_default(),
        }
    }

    fn fail(&mut self, receiver: &Receiver, problem: &str) {
        let shown = receiver.name().display();
        self.failures.push(format!("{shown}: {problem}"));
    }
}

/// Gives a receiver the lines of all letters in one go, and notes in each what kept it from arriving. Tells what arrived, by address.
fn send(
    receiver: &mut Receiver,
    letters: &mut [Letter<'_>],
    line: impl Fn(&Letter<'_>) -> Result<String, String>,
) -> Vec<(String, Secret)> {
    let mut lines = Vec::new();
    let mut sent = Vec::new();
    for letter in letters.iter_mut().filter(|letter| letter.can_be_written) {
        match line(letter) {
            Ok(text) => {
                lines.push(text);
                sent.push(letter);
            }
            Err(problem) => letter.fail(receiver, &problem),
        }
    }
    if !lines.is_empty()
        && let Err(error) = receiver.append(&lines)
    {
        for letter in sent {
            letter.fail(receiver, &error.to_string());
        }
        return Vec::new();
    }
    let lines = lines.into_iter().map(Secret::new);
    let addresses = sent.into_iter().map(|letter| letter.new.address.to_owned());
    addresses.zip(lines).collect()
}

/// Replaces the variables of all letters in one go, likewise. What was nobody else's when the apply began may be so by now.
fn assign(
    receiver: &mut Receiver,
    letters: &mut [Letter<'_>],
    expected: &HashMap<String, Due>,
) -> Vec<(String, Secret)> {
    if !receiver.is_file() {
        return send(receiver, letters, |letter| Ok(letter.line.clone()));
    }
    let due = |letter: &Letter<'_>| {
        let expected = expected.get(letter.new.address);
        let owners = expected.map(|due| due.owners.clone()).unwrap_or_default();
        Due {
            variable: letter.name.clone(),
            address: letter.new.address.to_owned(),
            owners: owners
                .into_iter()
                .chain([letter.new.owner.clone()])
                .collect(),
            ended: expected.map(|due| due.ended.clone()).unwrap_or_default(),
        }
    };
    let ready = || letters.iter().filter(|letter| letter.can_be_written);
    let due: Vec<Due> = ready().map(due).collect();
    let mut taken = HashMap::new();
    let written = receiver.rewrite(|text| {
        let found = taken_in(text, &due).into_iter();
        taken = found.map(|(due, why)| (due.address.clone(), why)).collect();
        let free = ready().filter(|letter| !taken.contains_key(letter.new.address));
        let new = free.map(|letter| Assigned {
            variable: &letter.name,
            owner: &letter.new.owner,
            line: &letter.line,
        });
        replace_in(text, &new.collect::<Vec<_>>())
    });
    let problem = written.err().map(|error| error.to_string());
    let mut given = Vec::new();
    for letter in letters.iter_mut().filter(|letter| letter.can_be_written) {
        let address = letter.new.address;
        match taken.get(address).or(problem.as_ref()) {
            Some(problem) => letter.fail(receiver, problem.trim_end_matches('.')),
            None => given.push((address.to_owned(), Secret::new(letter.line.clone()))),
        }
    }
    given
}

/// One JSON object per line, so that what is there stays readable whatever happens next.
fn json_line(new: &NewSecret<'_>, seal: Option<&Seal>) -> Result<String, String> {
    let (attribute, text): (&str, Json) = match (new.content, seal) {
        (Content::Clear(secret), None) => ("token", secret.expose().into()),
        (Content::Clear(secret), Some(seal)) => {
            let sealed = seal.close(secret).map_err(|problem| problem.detail)?;
            ("encrypted_token", sealed.into())
        }
        (Content::Encrypted(text), _) => ("encrypted_token", text.into()),
    };
    let line = json!({
        "address": new.address,
        "name": new.name,
        "id": new.id,
        attribute: text,
    });
    Ok(format!("{line}\n"))
}

#[cfg(test)]
mod tests;
