//! Modules that `terraform init` put beside the configuration, and whether they are still those that are asked for.

use std::collections::HashMap;

use serde::Deserialize;

use super::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::loader::{join, normalise};
use crate::language::version::{Constraint, Version};

/// What `modules/modules.json` in Terraform's data folder says, by the dotted path of the calls.
#[derive(Default)]
pub(super) struct Installed(HashMap<String, Record>);

struct Record {
    source: String,
    version: Option<Version>,
    folder: String,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    version: Option<String>,
    dir: String,
}

/// Where a module comes from.
enum Source {
    /// A folder beside the one that calls it, without what a path does not need.
    Folder(String),
    /// `namespace/name/system`, with its submodule; the host, if it is named.
    Registry(Option<String>, String),
    /// Something to download, as `terraform init` records it; `None` if that cannot be told from here.
    Package(Option<String>),
    /// None of these.
    Unknown,
}

const DEFAULT_REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

impl Installed {
    /// Nothing if there is no such file.
    pub(super) fn read(context: &Context<'_>, data_folder: &str) -> Self {
        let file = join(data_folder, "modules/modules.json");
        let Ok(bytes) = context.evaluator.loader.read(&file) else {
            return Self::default();
        };
        let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else {
            return Self::default();
        };
        let records = manifest.modules.into_iter().map(|entry| {
            let record = Record {
                source: entry.source,
                version: entry.version.as_deref().and_then(Version::parse),
                folder: join("", &entry.dir),
            };
            (entry.key, record)
        });
        Self(records.collect())
    }

    /// The folder of a call's module.
    ///
    /// # Errors
    ///
    /// The source or the version is none, or what is there is another one than is asked for. A warning if it is not there.
    pub(super) fn folder(
        &self,
        key: &str,
        parent: &str,
        source: &str,
        version: Option<&str>,
    ) -> Result<String, Diagnostic> {
        let parsed = Source::parse(source);
        if let Some(version) = version {
            check_version(&parsed, source, version)?;
        }
        let record = self.0.get(key);
        match &parsed {
            Source::Unknown => return Err(no_source(source)),
            Source::Folder(path) => {
                if let Some(record) = record
                    && Source::parse(&record.source).folder() != Some(path)
                {
                    return Err(changed("source", source, &record.source));
                }
                return Ok(join(parent, path));
            }
            Source::Registry(..) | Source::Package(_) => {}
        }
        let Some(record) = record else {
            return Err(Diagnostic::warning(Code::ModuleNotOnDisk, "Module is not on disk").detail(format!(
                "The module {source:?} is not local, and `terraform init` has not put it into .terraform; its outputs are unknown."
            )));
        };
        if !parsed.is_recorded_as(&record.source) {
            return Err(changed("source", source, &record.source));
        }
        let wanted = version.and_then(Constraint::parse);
        if let (Some(wanted), Some(found)) = (wanted, &record.version)
            && !wanted.allows(found)
        {
            return Err(changed(
                "version",
                version.unwrap_or_default(),
                "another version",
            ));
        }
        Ok(record.folder.clone())
    }
}

impl Source {
    fn parse(source: &str) -> Self {
        // Windows' way to write it is the same folder everywhere.
        if [".\\", "..\\"]
            .iter()
            .any(|start| source.starts_with(start))
        {
            return Self::Folder(normalise(&source.replace('\\', "/")));
        }
        if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
            return Self::Folder(normalise(source));
        }
        if let Some((host, rest)) = registry(source) {
            return Self::Registry(host, rest);
        }
        if source.contains("::") || source.contains("://") {
            let plain = source.strip_prefix("git::");
            return Self::Package(
                plain
                    .and_then(of_git_host)
                    .or_else(|| Some(source.to_owned())),
            );
        }
        if source.starts_with("github.com/") || source.starts_with("git@") {
            return Self::Package(of_git_host(source));
        }
        let first = source.split('/').next().unwrap_or_default();
        let is_absolute = source.starts_with('/') || source[..].get(1..3) == Some(":\\");
        match first.contains('.') && source.contains('/') || is_absolute {
            true => Self::Package(None),
            false => Self::Unknown,
        }
    }

    fn folder(&self) -> Option<&String> {
        match self {
            Self::Folder(path) => Some(path),
            Self::Registry(..) | Self::Package(_) | Self::Unknown => None,
        }
    }

    /// True unless something else is recorded for certain.
    fn is_recorded_as(&self, recorded: &str) -> bool {
        match self {
            Self::Folder(path) => Self::parse(recorded).folder() == Some(path),
            Self::Registry(host, rest) => {
                let hosts: Vec<&str> = match host {
                    Some(host) => vec![host],
                    None => DEFAULT_REGISTRIES.to_vec(),
                };
                hosts
                    .iter()
                    .any(|host| format!("{host}/{rest}") == recorded)
            }
            Self::Package(Some(source)) => source == recorded,
            Self::Package(None) | Self::Unknown => true,
        }
    }
}

fn check_version(parsed: &Source, source: &str, version: &str) -> Result<(), Diagnostic> {
    if !matches!(parsed, Source::Registry(..)) {
        return Err(Diagnostic::error(
            Code::InvalidModuleSource,
            "Invalid registry module source address",
        )
        .detail(format!(
            "{source:?} is no address in a module registry, and only those have a `version`."
        ))
        .hint("remove `version`, or name a module of a registry as source"));
    }
    if Constraint::parse(version).is_none() {
        return Err(invalid_constraint(version));
    }
    Ok(())
}

/// A complaint about text that should say which versions are meant.
pub(super) fn invalid_constraint(version: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidVersion, "Invalid version constraint").detail(format!(
        "{version:?} does not say which versions are meant, as `>= 1.2.0` or `~> 1.2, != 1.2.5` do."
    ))
}

fn no_source(source: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidModuleSource, "Invalid module source address")
        .detail(format!(
            "{source:?} is neither a folder, nor an address in a module registry, nor a package to download."
        ))
        .hint(format!("a folder beside this one is \"./{source}\""))
}

fn changed(what: &str, wanted: &str, found: &str) -> Diagnostic {
    let summary = match what {
        "version" => "Module version requirements have changed",
        _ => "Module source has changed",
    };
    Diagnostic::error(Code::ModuleChanged, summary)
        .detail(format!(
            "The {what} {wanted:?} is asked for, and {found:?} is what `terraform init` has put into .terraform."
        ))
        .hint("run `terraform init`")
}

/// The host, if it is named, and the rest of an address of a registry, as Terraform records it.
fn registry(source: &str) -> Option<(Option<String>, String)> {
    let (address, submodule) = source.split_once("//").unwrap_or((source, ""));
    let parts: Vec<&str> = address.split('/').collect();
    let (host, parts) = match parts.as_slice() {
        [host, rest @ ..] if rest.len() == 3 => (Some(*host), rest),
        rest if rest.len() == 3 => (None, rest),
        _ => return None,
    };
    let is_name = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    };
    // These hosts are known for packages.
    let is_host = |host: &str| {
        host.contains('.')
            && !host.contains("::")
            && !matches!(host, "github.com" | "bitbucket.org" | "gitlab.com")
    };
    if !parts.iter().all(is_name) || !host.is_none_or(is_host) {
        return None;
    }
    let rest = match submodule {
        "" => parts.join("/"),
        submodule => format!("{}//{submodule}", parts.join("/")),
    };
    Some((host.map(str::to_lowercase), rest))
}

/// What `terraform init` makes of the short forms of git repositories.
fn of_git_host(source: &str) -> Option<String> {
    let (address, query) = match source.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (source, String::new()),
    };
    if let Some(rest) = address.strip_prefix("github.com/") {
        let parts: Vec<&str> = rest.split('/').collect();
        let [owner, repository, inner @ ..] = parts.as_slice() else {
            return None;
        };
        let repository = repository.strip_suffix(".git").unwrap_or(repository);
        let inner = inner.join("/");
        let inner = inner.trim_start_matches('/');
        let folder = match inner {
            "" => String::new(),
            inner => format!("//{inner}"),
        };
        return Some(format!(
            "git::https://github.com/{owner}/{repository}.git{folder}{query}"
        ));
    }
    let (host, path) = address.strip_prefix("git@")?.split_once(':')?;
    Some(format!("git::ssh://git@{host}/{path}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(source: &str, version: Option<&str>) -> Installed {
        let record = Record {
            source: source.to_owned(),
            version: version.and_then(Version::parse),
            folder: "there".to_owned(),
        };
        Installed([("a".to_owned(), record)].into())
    }

    fn outcome(recorded: (&str, Option<&str>), wanted: &str, version: Option<&str>) -> String {
        match installed(recorded.0, recorded.1).folder("a", "root", wanted, version) {
            Ok(folder) => folder,
            Err(diagnostic) => diagnostic.summary,
        }
    }

    #[test]
    fn what_is_installed_is_what_is_asked_for() {
        const REGISTRY: &str = "registry.terraform.io/o/m/aws";
        const CHANGED: &str = "Module source has changed";
        for (recorded, wanted, version, expected) in [
            (
                (REGISTRY, Some("1.2.3")),
                "o/m/aws",
                Some("~> 1.2"),
                "there",
            ),
            (
                (REGISTRY, Some("1.2.3")),
                "o/m/aws",
                Some("~> 2.0"),
                "Module version requirements have changed",
            ),
            (
                ("registry.opentofu.org/o/m/aws", Some("1.2.3")),
                "o/m/aws",
                None,
                "there",
            ),
            ((REGISTRY, Some("1.2.3")), "o/n/aws", None, CHANGED),
            ((REGISTRY, None), "o/m/aws//inner", None, CHANGED),
            (
                ("git::https://github.com/o/m.git?ref=v1", None),
                "github.com/o/m?ref=v1",
                None,
                "there",
            ),
            (
                ("git::https://github.com/o/m.git?ref=v1", None),
                "github.com/o/m?ref=v2",
                None,
                CHANGED,
            ),
            (
                ("git::https://github.com/o/m.git//in", None),
                "github.com/o/m//in",
                None,
                "there",
            ),
            (
                ("git::ssh://git@host/o/m.git", None),
                "git@host:o/m.git",
                None,
                "there",
            ),
            (
                ("git::https://x.example/m?ref=v1", None),
                "git::https://x.example/m?ref=v2",
                None,
                CHANGED,
            ),
            (("./m", None), "./m", None, "root/m"),
            (("./m/n", None), "./m//n", None, "root/m/n"),
            (("./m", None), "./n", None, CHANGED),
            (("./m", None), "o/m/aws", None, CHANGED),
            ((REGISTRY, None), "./m", None, CHANGED),
            (("", None), "m", None, "Invalid module source address"),
            (
                ("", None),
                "./m",
                Some("1.0"),
                "Invalid registry module source address",
            ),
            (
                (REGISTRY, None),
                "o/m/aws",
                Some("newest"),
                "Invalid version constraint",
            ),
        ] {
            assert_eq!(
                outcome(recorded, wanted, version),
                expected,
                "{recorded:?} {wanted} {version:?}"
            );
        }
    }
}
