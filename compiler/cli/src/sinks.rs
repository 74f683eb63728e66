//! Where new secrets go: each is handed over once, right after the server issued it and before anything else is written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use lanyard_compiler::secret::Secret;
use lanyard_servers::engine::Seal;
use serde_json::json;

use crate::console::Console;

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

/// The receivers that the user named, open and writable.
#[derive(Default)]
pub(crate) struct Sinks {
    lines: Option<(PathBuf, File)>,
    /// Who alone can read what goes into `lines`.
    seal: Option<Seal>,
    environment: Option<PathBuf>,
    print: bool,
}

impl Sinks {
    /// Opens the receivers, so that a path that cannot be written stops the apply before it begins.
    pub(crate) fn open(
        lines: Option<&Path>,
        environment: Option<&Path>,
        print: bool,
        seal: Option<Seal>,
    ) -> Result<Self, String> {
        let lines = lines
            .map(|path| {
                let file = private(OpenOptions::new().append(true).create(true), path)?;
                Ok::<_, String>((path.to_owned(), file))
            })
            .transpose()?;
        if let Some(path) = environment {
            private(OpenOptions::new().append(true).create(true), path)?;
        }
        Ok(Self {
            lines,
            seal,
            environment: environment.map(Path::to_owned),
            print,
        })
    }

    /// True if nobody would receive a secret.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_none() && self.environment.is_none() && !self.print
    }

    /// Hands a secret to every receiver. An error names those that did not get it.
    pub(crate) fn deliver(&mut self, new: &NewSecret<'_>, console: &Console) -> Result<(), String> {
        let mut failures = Vec::new();
        if let Some((path, file)) = &mut self.lines
            && let Err(error) = append(file, new, self.seal.as_ref())
        {
            failures.push(format!("{}: {error}", path.display()));
        }
        if let (Some(path), Content::Clear(secret)) = (&self.environment, new.content)
            && let Err(error) = set_variable(path, &variable(new.address), secret)
        {
            failures.push(format!("{}: {error}", path.display()));
        }
        match new.content {
            // Asked for in so many words.
            Content::Clear(secret) if self.print => {
                console.result(&format!("{}={}", variable(new.address), secret.expose()));
            }
            // Nobody but its recipient can read it. It goes where it can, and is shown where it could go nowhere else.
            Content::Encrypted(text) if self.print || self.lines.is_none() => console.result(text),
            Content::Clear(_) | Content::Encrypted(_) => {}
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(failures.join("; "))
        }
    }
}

/// One JSON object per line, so that what is there stays readable whatever happens next.
fn append(file: &mut File, new: &NewSecret<'_>, seal: Option<&Seal>) -> io::Result<()> {
    let mut line = json!({
        "address": new.address,
        "name": new.name,
        "id": new.id,
    });
    match (new.content, seal) {
        (Content::Clear(secret), None) => line["token"] = secret.expose().into(),
        (Content::Clear(secret), Some(seal)) => {
            let sealed = seal
                .close(secret)
                .map_err(|problem| io::Error::other(problem.detail))?;
            line["encrypted_token"] = sealed.into();
        }
        (Content::Encrypted(text), _) => line["encrypted_token"] = text.into(),
    }
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

/// Sets one variable in an environment file and keeps the others; the file is replaced in one step.
fn set_variable(path: &Path, name: &str, secret: &Secret) -> io::Result<()> {
    let before = std::fs::read_to_string(path)?;
    let start = format!("{name}=");
    let kept = before.lines().filter(|line| !line.starts_with(&start));
    let mut after: String = kept.flat_map(|line| [line, "\n"]).collect();
    after.push_str(&format!("{start}{}\n", secret.expose()));

    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let scratch = path.with_file_name(name);
    let mut options = OpenOptions::new();
    let mut file = private(options.write(true).create(true).truncate(true), &scratch)
        .map_err(io::Error::other)?;
    file.write_all(after.as_bytes())?;
    file.sync_data()?;
    std::fs::rename(scratch, path)
}

/// `lanyard_access_token.ci["eu-1"]` becomes `CI_EU_1`: what follows the resource type, in capitals.
pub(crate) fn variable(address: &str) -> String {
    let name = address
        .replace("lanyard_access_token.", "")
        .replace("lanyard_service_account.", "")
        .replace("module.", "");
    let mut variable = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            variable.push(letter.to_ascii_uppercase());
        } else if !variable.ends_with('_') && !variable.is_empty() {
            variable.push('_');
        }
    }
    let variable = variable.trim_end_matches('_');
    if variable.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("_{variable}")
    } else {
        variable.to_owned()
    }
}

/// Opens a file that only its owner may read; refuses one that others can read already.
fn private(options: &mut OpenOptions, path: &Path) -> Result<File, String> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let told = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let file = options.open(path).map_err(told)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(told)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(format!(
                "{path} can be read by others (mode {mode:o}): run `chmod 600 {path}` first",
                path = path.display()
            ));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(secret: &Secret) -> NewSecret<'_> {
        NewSecret {
            address: "lanyard_access_token.ci[\"eu-1\"]",
            name: "ci",
            id: "at_1",
            content: Content::Clear(secret),
        }
    }

    #[test]
    fn variables_are_named_after_addresses() {
        for (address, expected) in [
            ("lanyard_access_token.ci", "CI"),
            ("lanyard_access_token.ci[\"eu-1\"]", "CI_EU_1"),
            ("lanyard_access_token.ci[0]", "CI_0"),
            ("module.team.lanyard_access_token.a-b", "TEAM_A_B"),
            ("lanyard_access_token.1st", "_1ST"),
        ] {
            assert_eq!(variable(address), expected, "{address}");
        }
    }

    #[test]
    fn an_environment_file_keeps_its_other_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.env");
        let console = Console::new(true, None);
        let mut sinks = Sinks::open(None, Some(&path), false, None).unwrap();
        std::fs::write(&path, "OTHER=1\nCI_EU_1=old\n").unwrap();
        sinks
            .deliver(&new(&Secret::new("lyd_new")), &console)
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "OTHER=1\nCI_EU_1=lyd_new\n"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_secret_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.jsonl");
        let console = Console::new(true, None);
        let mut sinks = Sinks::open(Some(&path), None, false, None).unwrap();
        sinks
            .deliver(&new(&Secret::new("lyd_new")), &console)
            .unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(std::fs::read_to_string(&path).unwrap().contains("lyd_new"));

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = Sinks::open(Some(&path), None, false, None).err().unwrap();
        assert!(refusal.contains("chmod 600"), "{refusal}");
    }
}
