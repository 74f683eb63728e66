//! Which of the two languages a folder is written in. They have most in common; where they differ, nothing is guessed silently.

mod addition;

pub use addition::{Unfit, addition};

use super::loader::Loader;
use crate::diagnostic::{Code, Diagnostic};

/// Whose rules count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Terraform,
    OpenTofu,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Terraform, Self::OpenTofu];

    /// As it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::OpenTofu => "opentofu",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|language| language.name() == name)
    }

    /// As its people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
        }
    }

    /// The endings of its files, in its own language and in JSON.
    pub(crate) fn endings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Terraform => &[(".tf", ".tf.json")],
            Self::OpenTofu => &[(".tofu", ".tofu.json"), (".tf", ".tf.json")],
        }
    }

    /// The file of OpenTofu's own that stands for one that Terraform reads, too.
    pub(crate) fn read_instead_of(self, name: &str) -> Option<String> {
        let (stem, ending, _) = spelled(name, self)?;
        let own = ending.replacen(".tf", ".tofu", 1);
        let mut endings = self.endings().iter();
        let is_known = endings.any(|(native, json)| own == *native || own == *json);
        (is_known && own != ending).then(|| format!("{stem}{own}"))
    }

    /// True for a file whose blocks change those of other files.
    pub(crate) fn overrides(self, name: &str) -> bool {
        spelled(name, self)
            .is_some_and(|(stem, ..)| stem == "override" || stem.ends_with("_override"))
    }
}

/// A file's name without its ending, the ending, and whether that says JSON; `None` for a file that is not of this language.
pub(crate) fn spelled(name: &str, language: Language) -> Option<(&str, &'static str, bool)> {
    language.endings().iter().find_map(|(native, json)| {
        let of = |ending: &'static str, is_json| {
            let stem = name.strip_suffix(ending)?;
            Some((stem, ending, is_json))
        };
        of(native, false).or_else(|| of(json, true))
    })
}

/// Which files of a folder are read, by their names in order; true for what is in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// What the program of the language reads.
    pub program: Vec<(String, bool)>,
    /// Documents of our own.
    pub documents: Vec<(String, bool)>,
    /// What only the other program reads, or reads otherwise.
    pub unread: Vec<String>,
}

impl Parts {
    /// Of all names of files in a folder.
    pub fn of(mut names: Vec<String>, language: Language) -> Self {
        names.sort();
        names.retain(|name| !is_ignored(name));
        let mut parts = Self::default();
        for name in &names {
            if let Some((_, _, is_json)) = spelled(name, language) {
                let other = language.read_instead_of(name);
                if other.is_some_and(|other| names.contains(&other)) {
                    parts.unread.push(name.clone());
                } else {
                    parts.program.push((name.clone(), is_json));
                }
            } else if spelled(name, Language::OpenTofu).is_some() {
                parts.unread.push(name.clone());
            } else if let Some(is_json) = document(name) {
                parts.documents.push((name.clone(), is_json));
            }
        }
        parts
    }

    /// True where nothing is meant to be a configuration, in any language.
    pub fn is_empty(&self) -> bool {
        self.program.is_empty() && self.documents.is_empty() && self.unread.is_empty()
    }
}

/// True for the name of a document of our own.
pub fn is_document(name: &str) -> bool {
    document(name).is_some()
}

/// True for the name of a file that is read without being named, in a root folder at least.
pub fn is_configuration(name: &str) -> bool {
    is_variables_file(name) || !Parts::of(vec![name.to_owned()], Language::OpenTofu).is_empty()
}

/// True for a file of variables that is read without being named.
pub(crate) fn is_variables_file(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

/// Whether a document of this name is in JSON; `None` for what is none.
fn document(name: &str) -> Option<bool> {
    let endings = [(".lanyard.hcl", false), (".lanyard.json", true)];
    let mut endings = endings.into_iter();
    endings.find_map(|(ending, is_json)| name.ends_with(ending).then_some(is_json))
}

/// Where `init` notes from which registry each provider is.
const LOCK: &str = ".terraform.lock.hcl";

/// The language of the root folder: the one that is asked for, or what the lock file says, or a file's ending. With a word of warning
/// where that leaves something out.
pub(super) fn settle(
    loader: &dyn Loader,
    asked: Option<Language>,
) -> (Language, Option<Diagnostic>) {
    if let Some(language) = asked {
        return (language, None);
    }
    let names = loader.files("").unwrap_or_default();
    let has = |name: &str| names.iter().any(|other| other == name);
    let own: Vec<&String> = names
        .iter()
        .filter(|name| is_own(name) && !is_ignored(name))
        .collect();
    let locked = if has(LOCK) { locked(loader) } else { None };
    let Some(first) = own.iter().min() else {
        return (locked.unwrap_or_default(), None);
    };
    let language = locked.unwrap_or(Language::OpenTofu);
    let both = own
        .iter()
        .map(|name| name.replacen(".tofu", ".tf", 1))
        .find(|name| has(name));
    let reason = match (locked, both) {
        (Some(Language::Terraform), _) => format!(
            "{LOCK} is Terraform's, and {first:?} is a file that only OpenTofu reads: it is left out."
        ),
        (None, Some(other)) => format!(
            "OpenTofu reads {first:?} and the files like it, Terraform {other:?}: OpenTofu is taken, and no {LOCK} says who applies this folder."
        ),
        _ => return (language, None),
    };
    let warning = Diagnostic::warning(Code::TwoLanguages, "Two programs read this folder otherwise")
        .detail(reason)
        .hint("Say which is meant: `--language terraform` or `--language opentofu`, or `language = \"…\"` in lanyard.toml.");
    (language, Some(warning))
}

/// The language of the root folder, as `settle` finds it.
pub fn language_of(loader: &dyn Loader, asked: Option<Language>) -> Language {
    settle(loader, asked).0
}

/// True for a file that Terraform does not read.
pub(crate) fn is_own(name: &str) -> bool {
    name.ends_with(".tofu") || name.ends_with(".tofu.json")
}

/// Backups of editors and hidden files: nobody reads them.
pub(crate) fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Whose registry the lock file names; `None` if neither or both.
fn locked(loader: &dyn Loader) -> Option<Language> {
    let bytes = loader.read(LOCK).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let names = |registry: &str| text.contains(&format!("\"{registry}/"));
    match (
        names("registry.terraform.io"),
        names("registry.opentofu.org"),
    ) {
        (true, false) => Some(Language::Terraform),
        (false, true) => Some(Language::OpenTofu),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemoryLoader;
    use super::*;

    #[test]
    fn backups_hidden_files_and_those_of_the_other_program_are_not_read() {
        use Language::{OpenTofu, Terraform};
        let there = [
            "b.tofu",
            "a.tf",
            "b.tf",
            "c.tf.json",
            "d.lanyard.hcl",
            "e.lanyard.json",
            ".a.tf",
            "a.tf~",
            "#a.tf#",
            "a.tfvars",
            "a.tftest.hcl",
            ".f.lanyard.hcl",
            "README.md",
        ];
        let there: Vec<String> = there.into_iter().map(str::to_owned).collect();
        for (language, program, unread) in [
            (Terraform, ["a.tf", "b.tf", "c.tf.json"], "b.tofu"),
            (OpenTofu, ["a.tf", "b.tofu", "c.tf.json"], "b.tf"),
        ] {
            let parts = Parts::of(there.clone(), language);
            let read: Vec<&str> = parts
                .program
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            assert_eq!(read, program);
            assert_eq!(parts.unread, [unread]);
            let documents = ["d.lanyard.hcl", "e.lanyard.json"].map(str::to_owned);
            assert_eq!(
                parts.documents,
                documents.into_iter().zip([false, true]).collect::<Vec<_>>()
            );
        }
        assert!(Parts::of(vec![".a.tf".to_owned(), "b.txt".to_owned()], OpenTofu).is_empty());
        assert!(!Parts::of(vec!["a.tofu".to_owned()], Terraform).is_empty());
    }

    #[test]
    fn a_folder_says_which_language_it_is() {
        const TERRAFORM: &str = "provider \"registry.terraform.io/a/b\" {}";
        const OPENTOFU: &str = "provider \"registry.opentofu.org/a/b\" {}";
        for (files, language, is_told) in [
            (vec![("main.tf", "")], Language::Terraform, false),
            (vec![("main.tofu", "")], Language::OpenTofu, false),
            (
                vec![(".main.tofu", ""), ("a.tf", "")],
                Language::Terraform,
                false,
            ),
            (
                vec![("a.tf", ""), ("b.tofu", "")],
                Language::OpenTofu,
                false,
            ),
            (
                vec![("a.tf", ""), (LOCK, OPENTOFU)],
                Language::OpenTofu,
                false,
            ),
            (
                vec![("a.tf", ""), (LOCK, TERRAFORM)],
                Language::Terraform,
                false,
            ),
            (
                vec![("a.tofu", ""), (LOCK, TERRAFORM)],
                Language::Terraform,
                true,
            ),
            (vec![("a.tf", ""), ("a.tofu", "")], Language::OpenTofu, true),
            (
                vec![("a.tf.json", ""), ("a.tofu.json", "")],
                Language::OpenTofu,
                true,
            ),
            (
                vec![("a.tf", ""), ("a.tofu", ""), (LOCK, OPENTOFU)],
                Language::OpenTofu,
                false,
            ),
        ] {
            let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
            let loader = MemoryLoader::new(files.iter().copied());
            let (found, told) = settle(&loader, None);
            assert_eq!((found, told.is_some()), (language, is_told), "{names:?}");
            // Whoever says which is meant hears nothing.
            let asked = settle(&loader, Some(Language::Terraform));
            assert_eq!(asked, (Language::Terraform, None));
        }
    }
}
