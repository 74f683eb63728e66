//! A revision of a Git repository as files: read through the `git` command, and nothing is checked out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{LoadError, Loader, Walked};

use crate::disk::MOST_FILES;

/// More links than this lead nowhere.
const MOST_LINKS: usize = 16;

/// The files of a folder as they were in a revision, and those beside it.
pub(crate) struct Revision {
    /// Where `git` is to run.
    folder: String,
    /// The folder inside the repository, empty or with a slash at its end.
    prefix: String,
    /// Every file of the repository, by its path.
    files: BTreeMap<String, File>,
    /// The same as on disk: absolute paths agree.
    root: Option<String>,
    /// Likewise the repository's own folder.
    top: Option<String>,
    commit: String,
    /// Files of values outside of the repository, by absolute paths: no revision has them.
    outside: BTreeSet<String>,
    /// Those inside that were asked for, by their paths in the repository.
    asked: BTreeSet<String>,
}

struct File {
    object: String,
    is_link: bool,
}

impl Revision {
    /// Finds a revision, by any name that Git knows.
    pub(crate) fn open(folder: &Path, name: &str) -> Result<Self, Diagnostic> {
        let place = folder.to_string_lossy().into_owned();
        let place = if place.is_empty() {
            ".".to_owned()
        } else {
            place
        };
        let inside = git(&place, &["rev-parse", "--show-prefix"]).map_err(|problem| {
            Diagnostic::error(
                Code::NoSuchRevision,
                "There is no Git repository to compare with",
            )
            .detail(format!("{place}: {}.", problem.trim_end_matches('.')))
            .hint("`--base` compares with a revision of the repository in which the folder lies.")
        })?;
        let prefix = text(&inside).trim_end_matches('\n').to_owned();
        let commit = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let commit = git(&place, &arguments).map_err(|_| missing(&place, name))?;
        let commit = text(&commit).trim().to_owned();
        let arguments = ["ls-tree", "-r", "-z", "--full-tree", &commit];
        let tree = git(&place, &arguments).map_err(|problem| {
            // A clone without blobs or trees may have the commit alone.
            missing(&place, name).hint(format!("Git says: {problem}"))
        })?;
        let root = std::fs::canonicalize(&place).ok();
        let root = root.and_then(|path| path.to_str().map(str::to_owned));
        let top = root.as_deref().and_then(|root| {
            let below = prefix.trim_end_matches('/');
            Some(root.strip_suffix(below)?.trim_end_matches('/').to_owned())
        });
        Ok(Self {
            files: text(&tree).split('\0').filter_map(entry).collect(),
            root,
            top,
            folder: place,
            prefix,
            commit,
            outside: BTreeSet::new(),
            asked: BTreeSet::new(),
        })
    }

    /// True if the folder has no file in this revision.
    pub(crate) fn is_empty(&self) -> bool {
        !self.files.keys().any(|path| path.starts_with(&self.prefix))
    }

    /// Takes a file of values for variables, by its absolute path, as it was in this revision, and one outside of the repository as it is.
    ///
    /// # Errors
    ///
    /// Its path in the repository, if the revision does not have it.
    pub(crate) fn take_values(&mut self, path: &str) -> Result<(), String> {
        let Some(inside) = self.path(path) else {
            self.outside.insert(path.to_owned());
            return Ok(());
        };
        let real = self.real(&inside).unwrap_or_else(|_| inside.clone());
        let is_there = self.files.contains_key(&real);
        self.asked.extend([inside.clone(), real]);
        is_there.then_some(()).ok_or(inside)
    }

    /// The files of values for variables that are not as they were in this revision and were not asked for, by their paths in the repository.
    /// What Terraform takes by itself, each folder its own, is not among them.
    pub(crate) fn changed_variable_files(&self) -> Result<Vec<String>, Diagnostic> {
        const NAMES: [&str; 2] = [":(top)*.tfvars", ":(top)*.tfvars.json"];
        let options = ["diff", "--name-only", "--no-renames", "-z", &self.commit];
        let arguments: Vec<&str> = options.into_iter().chain(["--"]).chain(NAMES).collect();
        let changed = git(&self.folder, &arguments).map_err(|problem| {
            Diagnostic::error(Code::NoSuchRevision, "The base cannot be compared with")
                .detail(format!("{}: {problem}.", self.folder))
        })?;
        let is_taken = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let name = name.trim_end_matches(".json");
            name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
        };
        let changed = text(&changed);
        let changed = changed.split('\0');
        let is_compared = |path: &str| is_taken(path) || self.asked.contains(path);
        let changed = changed.filter(|path| !path.is_empty() && !is_compared(path));
        Ok(changed.map(str::to_owned).collect())
    }

    /// The path inside the repository; `None` for one outside.
    fn path(&self, path: &str) -> Option<String> {
        if !path.starts_with('/') {
            return normal(&format!("{}{path}", self.prefix));
        }
        let below = path.strip_prefix(self.top.as_deref()?)?;
        below.starts_with('/').then(|| normal(below))?
    }

    /// The file at a path, behind all links.
    fn find(&self, path: &str) -> Result<&File, LoadError> {
        let path = self.path(path).ok_or(LoadError::NotFound)?;
        let path = self.real(&path)?;
        self.files.get(&path).ok_or(LoadError::NotFound)
    }

    /// A path inside the repository without links in it.
    fn real(&self, path: &str) -> Result<String, LoadError> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let ends = path.match_indices('/').map(|(end, _)| end);
            let ends: Vec<usize> = ends.chain([path.len()]).collect();
            let link = ends.into_iter().find_map(|end| {
                let file = self.files.get(&path[..end])?;
                file.is_link.then_some((end, file))
            });
            let Some((end, link)) = link else {
                return Ok(path);
            };
            let target = self.blob(link)?;
            let (folder, _) = path[..end].rsplit_once('/').unwrap_or(("", ""));
            let target = text(&target);
            if target.starts_with('/') {
                return Err(LoadError::NotFound);
            }
            let followed = format!("{folder}/{target}{}", &path[end..]);
            path = normal(&followed).ok_or(LoadError::NotFound)?;
        }
        Err(LoadError::Other("its links lead nowhere".to_owned()))
    }

    fn blob(&self, file: &File) -> Result<Vec<u8>, LoadError> {
        git(&self.folder, &["cat-file", "blob", &file.object]).map_err(LoadError::Other)
    }

    /// What lies below a folder, as paths relative to it.
    fn below(&self, folder: &str) -> Result<Vec<&str>, LoadError> {
        let folder = self.path(folder).ok_or(LoadError::NotFound)?;
        Ok(self.below_real(&self.real(&folder)?))
    }

    fn below_real(&self, folder: &str) -> Vec<&str> {
        let prefix = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let files = self.files.keys();
        files
            .filter_map(|path| path.strip_prefix(&prefix))
            .collect()
    }

    /// Collects what lies below a folder, linked folders entered.
    fn walk_into(
        &self,
        folder: &str,
        prefix: &str,
        links: usize,
        found: &mut Walked,
    ) -> Result<(), LoadError> {
        for path in self.below_real(folder) {
            if found.files.len() + found.broken.len() >= MOST_FILES {
                let problem = format!("there are more than {MOST_FILES} files below it");
                return Err(LoadError::Other(problem));
            }
            let whole = normal(&format!("{folder}/{path}")).unwrap_or_default();
            let shown = format!("{prefix}{path}");
            let is_link = self.files.get(&whole).is_some_and(|file| file.is_link);
            if !is_link {
                found.files.push(shown);
                continue;
            }
            match self.real(&whole) {
                Ok(real) if self.files.contains_key(&real) => found.files.push(shown),
                Ok(real) if links < MOST_LINKS && !self.below_real(&real).is_empty() => {
                    self.walk_into(&real, &format!("{shown}/"), links + 1, found)?;
                }
                _ => found.broken.push(shown),
            }
        }
        Ok(())
    }
}

impl Loader for Revision {
    fn files(&self, folder: &str) -> Result<Vec<String>, LoadError> {
        let below = self.below(folder)?;
        if below.is_empty() {
            return Err(LoadError::NotFound);
        }
        let own = below.into_iter().filter(|path| !path.contains('/'));
        Ok(own.map(str::to_owned).collect())
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, LoadError> {
        if self.outside.contains(file) {
            return std::fs::read(file).map_err(|error| LoadError::Other(error.to_string()));
        }
        self.blob(self.find(file)?)
    }

    fn walk(&self, folder: &str) -> Result<Walked, LoadError> {
        let folder = self.path(folder).ok_or(LoadError::NotFound)?;
        let mut found = Walked::default();
        self.walk_into(&self.real(&folder)?, "", 0, &mut found)?;
        found.files.sort();
        found.broken.sort();
        Ok(found)
    }

    fn root(&self) -> Option<String> {
        self.root.clone()
    }
}

/// The shortest spelling of a path inside the repository.
fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A line of `git ls-tree`: mode, type, object and, after a tab, the path. Folders of other repositories have no files here.
fn entry(line: &str) -> Option<(String, File)> {
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split(' ');
    let (mode, kind, object) = (facts.next()?, facts.next()?, facts.next()?);
    let file = File {
        object: object.to_owned(),
        is_link: mode == "120000",
    };
    (kind == "blob").then(|| (path.to_owned(), file))
}

/// The complaint about a revision that is not here, with the command that fetches it.
fn missing(folder: &str, name: &str) -> Diagnostic {
    let shallow = git(folder, &["rev-parse", "--is-shallow-repository"]);
    let is_shallow = shallow.is_ok_and(|answer| text(&answer).trim() == "true");
    let detail = match is_shallow {
        true => format!("{name:?} is no commit of this clone, which is a shallow one."),
        false => format!("{name:?} is no commit of this repository."),
    };
    let fetch = match name.split_once('/') {
        Some((remote, branch)) if is_remote(folder, remote) => {
            format!(
                "git fetch --depth=1 {remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}"
            )
        }
        // Counted from another commit: as many as that takes.
        _ if is_shallow && name.contains(['~', '^']) => "git fetch --unshallow".to_owned(),
        _ if is_shallow => format!("git fetch --depth=1 origin {name}"),
        _ => return Diagnostic::error(Code::NoSuchRevision, "The base is not here").detail(detail),
    };
    Diagnostic::error(Code::NoSuchRevision, "The base is not here")
        .detail(detail)
        .hint(format!("Fetch it: `{fetch}`"))
}

fn is_remote(folder: &str, name: &str) -> bool {
    git(folder, &["remote"])
        .is_ok_and(|remotes| text(&remotes).lines().any(|remote| remote == name))
}

/// Runs `git`, which must not ask, write or fetch.
fn git(folder: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(["--no-pager", "-C", folder])
        .args(arguments)
        // A hook of Git that runs us has set these for another folder.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_PREFIX")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| format!("`git` cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = text(&output.stderr);
    let said = said.lines().next().unwrap_or("git failed").trim();
    Err(said.trim_start_matches("fatal: ").to_owned())
}

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
