//! A folder and the modules on disk that it calls: one change, since a module's resources find their provider through whoever
//! calls it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::SourceFile;
use super::slots::{self, Slot, Written};
use super::vendors::Vendor;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{LoadError, Loader, join};

/// How the names of files end that are looked at.
const ENDINGS: [&str; 5] = [".tf", ".tf.json", ".tofu", ".tofu.json", ".tftest.hcl"];

/// A call of a module.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) source: String,
    /// Where it is named.
    pub(super) place: Range<usize>,
    pub(super) given: Vec<Given>,
}

/// A provider that a module is given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// As the module calls it.
    pub(super) key: String,
    pub(super) value: String,
}

impl Call {
    /// The folder of a module on disk.
    pub(super) fn folder(&self, from: &str) -> Option<String> {
        let is_local = self.source.starts_with("./") || self.source.starts_with("../");
        is_local.then(|| join(from, &self.source))
    }
}

/// What a folder's files have to know of each other and of the modules below.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) slots: Vec<Slot>,
    pub(super) blocks: Vec<Written>,
    /// The places of the folders that are known.
    pub(super) below: BTreeMap<String, Vec<Slot>>,
}

/// What a file gets that no line of it asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Additions {
    /// Ours among the required providers, with the aliases that callers give.
    pub(super) requires: Option<Vec<String>>,
    /// Provider blocks for vendors that have none here.
    pub(super) providers: Vec<Slot>,
}

impl Additions {
    pub(super) fn is_empty(&self) -> bool {
        self.requires.is_none() && self.providers.is_empty()
    }
}

impl Folder {
    /// True if a block of ours is there already.
    pub(super) fn has_block(&self, slot: &Slot, theirs: Option<&str>) -> bool {
        let alias = slot.alias(theirs);
        let mut ours = self.blocks.iter().filter(|block| block.name == "lanyard");
        ours.any(|block| block.alias == alias)
    }

    /// True if the vendor's provider is set up here.
    pub(super) fn sets_up(&self, vendor: &Vendor) -> bool {
        self.blocks
            .iter()
            .any(|block| block.name == vendor.provider)
    }

    /// The lines for `providers` of a module, or why a person has to look.
    pub(super) fn handed_on(&self, call: &Call) -> Result<Vec<String>, String> {
        let split = |name: &str| match name.split_once('.') {
            Some((name, alias)) => (name.to_owned(), Some(alias.to_owned())),
            None => (name.to_owned(), None),
        };
        let theirs: Vec<&Given> = call
            .given
            .iter()
            .filter(|given| slots::by_name(&split(&given.key).0).is_some())
            .collect();
        let Some(name) = call.folder(&self.name) else {
            // What comes from elsewhere keeps the vendor's resources and their provider.
            return Ok(Vec::new());
        };
        let Some(inner) = self.below.get(&name) else {
            if theirs.is_empty() {
                return Ok(Vec::new());
            }
            return Err(format!(
                "The module is given a vendor's provider, and its folder {name} cannot be read: migrate them together"
            ));
        };
        let mut lines = Vec::new();
        for slot in inner {
            let vendor = slot.vendor;
            let Some(own) = slots::of(&self.slots, vendor) else {
                continue;
            };
            let mut is_bare = true;
            for given in &theirs {
                let ((key, alias), (value, from)) = (split(&given.key), split(&given.value));
                if key != vendor.provider {
                    continue;
                }
                if value != vendor.provider {
                    return Err(format!(
                        "The module is given {value} as {key}: name Lanyard's provider beside it"
                    ));
                }
                is_bare &= alias.is_some();
                lines.push((
                    slot.reference(alias.as_deref()),
                    own.reference(from.as_deref()),
                ));
            }
            // One of the same name comes along by itself.
            let bare = (slot.reference(None), own.reference(None));
            if is_bare && (bare.0 != "lanyard" || bare.1 != "lanyard") {
                lines.push(bare);
            }
        }
        lines.retain(|(key, _)| call.given.iter().all(|given| given.key != *key));
        Ok(lines
            .into_iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect())
    }
}

/// The folder's files, and those of the modules that `modules` finds in them.
pub(super) fn read(
    loader: &dyn Loader,
    modules: impl Fn(&[SourceFile]) -> Vec<String>,
) -> Result<Vec<SourceFile>, Diagnostic> {
    let unreadable = |name: &str, reason: &str| {
        Diagnostic::error(Code::UnreadableFile, "A file or folder cannot be read")
            .detail(format!("{name} cannot be read: {reason}."))
    };
    let mut files: Vec<SourceFile> = Vec::new();
    let mut folders = vec![String::new()];
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        let shown = if folder.is_empty() {
            loader.title()
        } else {
            folder.clone()
        };
        let mut names = match loader.files(&folder) {
            Ok(names) => names,
            // A module that is not there is for whoever calls it.
            Err(LoadError::NotFound) if !folder.is_empty() => continue,
            Err(error) => return Err(unreadable(&shown, &error.to_string())),
        };
        names.retain(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)));
        names.sort();
        let first = files.len();
        for name in names {
            let name = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            let bytes = loader
                .read(&name)
                .map_err(|error| unreadable(&name, &error.to_string()))?;
            let text =
                String::from_utf8(bytes).map_err(|_| unreadable(&name, "it is not UTF-8"))?;
            files.push(SourceFile { name, text });
        }
        for module in modules(&files[first..]) {
            if !folders.contains(&module) {
                folders.push(module);
            }
        }
    }
    Ok(files)
}

/// True for a file whose blocks are merged into those of the others.
pub(super) fn is_override(file: &str) -> bool {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    let stem = [".tf.json", ".tofu.json", ".tf", ".tofu"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// True for two files of which each program reads one: OpenTofu reads the second in place of the first.
pub(super) fn are_twins(one: &str, other: &str) -> bool {
    let for_tofu = |name: &str| name.replacen(".tf", ".tofu", 1);
    let is_pair = |one: &str, other: &str| {
        [".tf", ".tf.json"].iter().any(|end| one.ends_with(end)) && for_tofu(one) == other
    };
    is_pair(one, other) || is_pair(other, one)
}

/// The folder that a file is in.
pub(super) fn of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
