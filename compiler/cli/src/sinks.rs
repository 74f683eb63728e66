//! Where new secrets go: each is handed over once, right after the server issued it and before anything else is written.

mod receiver;

use std::path::Path;

use lanyard_compiler::delivery::{assignment, replace_in, variable};
use lanyard_compiler::secret::Secret;
use lanyard_servers::engine::Seal;
use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::console::Console;
use receiver::Receiver;

/// A secret that a server has just issued.
#[derive(Debug)]
pub(crate) struct NewSecret<'a> {
    pub(crate) address: &'a str,
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
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
            held: Vec::new(),
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

    /// Hands a secret to every receiver. An error names those that did not get it.
    pub(crate) fn deliver(
        &mut self,
        new: &NewSecret<'_>,
        console: &Console,
    ) -> Result<Handed, String> {
        let name = variable(new.address);
        let line = match new.content {
            Content::Clear(secret) => assignment(&name, secret.expose(), false),
            Content::Encrypted(text) => assignment(&name, text, true),
        };
        let line = line.ok_or(
            "the server sent a secret with control characters in it, which is written nowhere",
        )?;
        let print = match new.content {
            Content::Encrypted(_) if self.is_empty() => Some(self.otherwise),
            Content::Clear(_) | Content::Encrypted(_) => self.print,
        };
        let mut failures = Vec::new();
        if print.is_some() && receiver::stdout_is_nowhere() {
            failures.push(NOWHERE.to_owned());
        }
        if let Some(receiver) = &mut self.lines {
            let written = json_line(new, self.seal.as_ref())
                .and_then(|line| receiver.append(&line).map_err(|error| error.to_string()));
            if let Err(error) = written {
                failures.push(format!("{}: {error}", receiver.name().display()));
            }
        }
        if let Some(receiver) = &mut self.environment
            && let Err(error) = receiver.rewrite(&line, |text| replace_in(text, &name, &line))
        {
            failures.push(format!("{}: {error}", receiver.name().display()));
        }
        if print == Some(Format::Text)
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

    /// The secrets that the document at the end has to hold, by address.
    pub(crate) fn take_held(&mut self) -> Vec<(String, Secret)> {
        std::mem::take(&mut self.held)
    }
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
