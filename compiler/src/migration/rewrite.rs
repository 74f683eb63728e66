//! A folder of Terraform files with a vendor's resources becomes one with ours, in place: what needs no change stays byte for byte.
//! `hcl-edit` says where things are, and nothing of what it prints is used: it does not keep every escape. Either the whole folder
//! can be rewritten, with the modules on disk that it calls, or nothing: whatever needs a person is named with its place.

mod agreement;
mod file;
mod folder;
mod json;
mod json_resource;
mod line_ends;
mod references;
mod resource;
mod slots;
mod vendors;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::Loader;
use file::{Changed, Parsed};
use folder::{Additions, Call, Folder};
use json::Document;
use line_ends::Lines;
use slots::{Slot, Written};
use vendors::{Mapping, Vendor};

/// A file of the folder, or of one below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// As seen from the folder.
    pub name: String,
    pub text: String,
}

/// What becomes of a folder.
#[derive(Clone, Debug, Default)]
pub struct Rewritten {
    /// The files that change, with their new text; empty if a person is needed.
    pub files: Vec<SourceFile>,
    /// How many resources become ours.
    pub resources: usize,
    /// What needs a person first.
    pub persons: Vec<Diagnostic>,
    /// What speaks of a vendor and stays as it is.
    pub left: Vec<Diagnostic>,
}

/// True for a text in the native spelling in which our own reader and `hcl-edit` see the same blocks and arguments, and neither a mistake.
pub fn is_read_alike(text: &str) -> bool {
    let theirs = hcl_edit::parser::parse_body(text);
    let is_ours = crate::language::outline(text).is_some();
    is_ours && theirs.is_ok_and(|body| agreement::agree(text, &body))
}

/// The files of a folder, and those of the modules on disk that it calls.
pub fn read(loader: &dyn Loader) -> Result<Vec<SourceFile>, Diagnostic> {
    folder::read(loader, |files| {
        let texts: Vec<Option<Lines<'_>>> =
            files.iter().map(|file| Lines::of(&file.text)).collect();
        let read = files.iter().zip(&texts).filter_map(|(file, lines)| {
            let calls = Spelled::of(&file.name, &lines.as_ref()?.text)?.calls();
            Some((folder::of(&file.name), calls))
        });
        read.flat_map(|(folder, calls)| calls.into_iter().filter_map(|call| call.folder(folder)))
            .collect()
    })
}

/// A file in either spelling.
enum Spelled<'a> {
    Native(Box<Parsed<'a>>),
    Json(Document<'a>),
}

impl<'a> Spelled<'a> {
    fn of(name: &str, text: &'a str) -> Option<Self> {
        if name.ends_with(".json") {
            let root = crate::language::json::parse_alone(text)?;
            return Some(Self::Json(Document { text, root }));
        }
        let body = hcl_edit::parser::parse_body(text).ok()?;
        Some(Self::Native(Box::new(Parsed { text, body })))
    }

    fn resources(&self) -> Vec<&'static Mapping> {
        match self {
            Self::Native(parsed) => parsed.resources(),
            Self::Json(document) => document.resources(),
        }
    }

    fn names(&self) -> Vec<(String, String, Range<usize>)> {
        match self {
            Self::Native(parsed) => parsed.names(),
            Self::Json(document) => document.names(),
        }
    }

    fn providers(&self) -> Vec<Written> {
        match self {
            Self::Native(parsed) => parsed.providers(),
            Self::Json(document) => document.providers(),
        }
    }

    fn requires_providers(&self) -> bool {
        match self {
            Self::Native(parsed) => parsed.requires_providers(),
            Self::Json(document) => document.requires_providers(),
        }
    }

    fn configuration_aliases(&self) -> Vec<(String, String)> {
        match self {
            Self::Native(parsed) => parsed.configuration_aliases(),
            Self::Json(_) => Vec::new(),
        }
    }

    fn calls(&self) -> Vec<Call> {
        match self {
            Self::Native(parsed) => parsed.calls(),
            Self::Json(document) => document.calls(),
        }
    }

    fn rewritten(&self, folder: &Folder, additions: &Additions) -> Changed {
        match self {
            Self::Native(parsed) => parsed.rewritten(folder, additions),
            Self::Json(document) => document.rewritten(folder, additions),
        }
    }
}

/// One file, understood.
struct Member<'a> {
    file: &'a SourceFile,
    lines: &'a Lines<'a>,
    spelled: Spelled<'a>,
}

impl Member<'_> {
    /// A place of the plain text, in the file.
    fn span(&self, range: &Range<usize>) -> Span {
        Span {
            file: Arc::from(self.file.name.as_str()),
            range: self.lines.place(range.start)..self.lines.place(range.end),
        }
    }
}

/// Rewrites files that [`read`] found: the folder's own have no folder in their name.
pub fn rewrite(files: &[SourceFile]) -> Rewritten {
    let mut rewritten = Rewritten::default();
    let lines: Vec<Option<Lines<'_>>> = files.iter().map(|file| Lines::of(&file.text)).collect();
    let mut folders: BTreeMap<&str, Vec<Member<'_>>> = BTreeMap::new();
    for (file, lines) in files.iter().zip(&lines) {
        let spelled = lines
            .as_ref()
            .map(|lines| Spelled::of(&file.name, &lines.text));
        let why = match (lines, spelled) {
            (Some(lines), Some(Some(Spelled::Native(parsed))))
                if !agreement::agree(&lines.text, &parsed.body) =>
            {
                "The file can be read in two ways: look for a heredoc without a line"
            }
            (Some(lines), Some(Some(spelled))) => {
                let members = folders.entry(folder::of(&file.name)).or_default();
                members.push(Member {
                    file,
                    lines,
                    spelled,
                });
                continue;
            }
            (Some(_), _) => "The file cannot be read: lanyard validate says what is wrong with it",
            (None, _) => "The file's lines end in several ways: give it one",
        };
        if vendors::speaks(&file.text) {
            let place = Arc::from(file.name.as_str());
            rewritten.persons.push(person(
                Span {
                    file: place,
                    range: 0..0,
                },
                why,
            ));
        }
    }
    let places = places(&folders);
    rewritten.resources = folders
        .values()
        .flatten()
        .map(|member| member.spelled.resources().len())
        .sum();
    if rewritten.resources == 0 && rewritten.persons.is_empty() {
        return rewritten;
    }
    for (name, members) in &folders {
        let folder = Folder {
            name: (*name).to_owned(),
            slots: places.get(*name).cloned().unwrap_or_default(),
            blocks: members
                .iter()
                .flat_map(|member| member.spelled.providers())
                .collect(),
            below: places.clone(),
        };
        rewritten.persons.extend(overriding(members));
        rewritten.persons.extend(collisions(members));
        let additions = additions(&folder, members, &mut rewritten.left);
        for (member, additions) in members.iter().zip(&additions) {
            let Changed {
                text,
                persons,
                left,
            } = member.spelled.rewritten(&folder, additions);
            let persons = persons
                .into_iter()
                .map(|(range, why)| person(member.span(&range), &why));
            rewritten.persons.extend(persons);
            let left = left
                .into_iter()
                .map(|(range, why)| stays(member.span(&range), &why));
            rewritten.left.extend(left);
            let text = member.lines.back(text);
            if text != member.file.text {
                let name = member.file.name.clone();
                rewritten.files.push(SourceFile { name, text });
            }
        }
    }
    if !rewritten.persons.is_empty() {
        rewritten.files.clear();
    }
    rewritten
}

/// Where each folder's resources, and those of the modules below it, find their servers. Folders without any are known, too.
fn places(folders: &BTreeMap<&str, Vec<Member<'_>>>) -> BTreeMap<String, Vec<Slot>> {
    let mut reached: BTreeMap<&str, BTreeSet<&'static str>> = folders
        .iter()
        .map(|(name, members)| {
            let mappings = members.iter().flat_map(|member| member.spelled.resources());
            (
                *name,
                mappings.map(|mapping| mapping.vendor.provider).collect(),
            )
        })
        .collect();
    let calls: Vec<(&str, String)> = folders
        .iter()
        .flat_map(|(name, members)| members.iter().map(move |member| (*name, member)))
        .flat_map(|(name, member)| {
            member
                .spelled
                .calls()
                .into_iter()
                .map(move |call| (name, call))
        })
        .filter_map(|(name, call)| Some((name, call.folder(name)?)))
        .collect();
    // What is called is needed by whoever calls it, however deep: each round goes one level up.
    for _ in 0..folders.len() {
        for (name, called) in &calls {
            let inner = reached.get(called.as_str()).cloned().unwrap_or_default();
            if let Some(vendors) = reached.get_mut(name) {
                vendors.extend(inner);
            }
        }
    }
    let place = |(name, members): (&&str, &Vec<Member<'_>>)| {
        let blocks: Vec<Written> = members
            .iter()
            .flat_map(|member| member.spelled.providers())
            .collect();
        let is_here = |vendor: &Vendor| {
            reached
                .get(*name)
                .is_some_and(|found| found.contains(vendor.provider))
        };
        ((*name).to_owned(), slots::given(is_here, &blocks))
    };
    folders.iter().map(place).collect()
}

/// What overrides a resource says a part of it, of which alone no part of ours can be made.
fn overriding(members: &[Member<'_>]) -> Vec<Diagnostic> {
    let overrides = members
        .iter()
        .filter(|member| folder::is_override(&member.file.name));
    let named = overrides.flat_map(|member| {
        let names = member.spelled.names().into_iter();
        names.map(move |name| (member, name))
    });
    named
        .filter(|(_, (kind, ..))| Mapping::of(kind).is_some())
        .map(|(member, (kind, name, range))| {
            let why = format!(
                "This file overrides {kind}.{name}, and a part of a resource cannot be rewritten alone: take what it says into the resource's own block first"
            );
            person(member.span(&range), &why)
        })
        .collect()
}

/// Two types of theirs may become one of ours, and two resources one name.
fn collisions(members: &[Member<'_>]) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<(String, String), (&str, String)> = BTreeMap::new();
    let mut found = Vec::new();
    let own = members
        .iter()
        .filter(|member| !folder::is_override(&member.file.name));
    let named = own.flat_map(|member| {
        member
            .spelled
            .names()
            .into_iter()
            .map(move |name| (member, name))
    });
    let (theirs, others): (Vec<_>, Vec<_>) =
        named.partition(|(_, (kind, ..))| Mapping::of(kind).is_some());
    for (member, (kind, name, _)) in others {
        let address = format!("{kind}.{name}");
        taken.insert((kind, name), (&member.file.name, address));
    }
    for (member, (kind, name, range)) in theirs {
        let ours = Mapping::of(&kind)
            .map_or("", |mapping| mapping.ours)
            .to_owned();
        let address = format!("{kind}.{name}");
        let file = member.file.name.as_str();
        let before = taken.insert((ours.clone(), name.clone()), (file, address.clone()));
        let why = match before {
            None => continue,
            Some((other, _)) if folder::are_twins(other, file) => continue,
            Some((other, before)) if before == address => {
                format!("{address} is declared in {other} as well: leave one of the two")
            }
            Some((_, before)) => format!(
                "{ours}.{name} would be this and {before}: give one of them another name first, with a moved block"
            ),
        };
        found.push(person(member.span(&range), &why));
    }
    found
}

/// What each file of a folder gets that no line of it asks for.
fn additions(
    folder: &Folder,
    members: &[Member<'_>],
    left: &mut Vec<Diagnostic>,
) -> Vec<Additions> {
    let mut additions = vec![Additions::default(); members.len()];
    let first = members
        .iter()
        .position(|member| !member.spelled.resources().is_empty())
        .or_else(|| {
            members
                .iter()
                .position(|member| !member.spelled.calls().is_empty())
        });
    let (Some(first), false) = (first, folder.slots.is_empty()) else {
        return additions;
    };
    let is_root = folder.name.is_empty();
    let mut aliases = BTreeSet::new();
    for slot in &folder.slots {
        for (name, alias) in members
            .iter()
            .flat_map(|member| member.spelled.configuration_aliases())
        {
            aliases.extend(
                slot.alias(Some(&alias))
                    .filter(|_| name == slot.vendor.provider),
            );
        }
        if folder.sets_up(slot.vendor) || folder.has_block(slot, None) {
            continue;
        }
        match slot.alias(None) {
            Some(alias) if !is_root => {
                aliases.insert(alias);
            }
            None if folder.slots.len() == 1 => {
                if is_root && let Some(member) = members.get(first) {
                    left.push(stays(
                        member.span(&(0..0)),
                        &format!(
                            "No provider block of {} is here, and none of Lanyard's comes: it takes LANYARD_API={} and the rest from the environment, or from whoever calls this folder as a module",
                            slot.vendor.provider, slot.vendor.api
                        ),
                    ));
                }
            }
            _ if is_root => additions[first].providers.push(slot.clone()),
            _ => {}
        }
    }
    let required = members
        .iter()
        .position(|member| member.spelled.requires_providers());
    let aliases: Vec<String> = aliases.into_iter().collect();
    additions[required.unwrap_or(first)].requires = Some(aliases);
    // Where each program reads one of two files, either has to have it.
    for place in 0..members.len() {
        for twin in 0..members.len() {
            let [one, other] = [place, twin].map(|index| &*members[index].file.name);
            if folder::are_twins(one, other) && additions[twin].is_empty() {
                additions[twin] = additions[place].clone();
            }
        }
    }
    additions
}

fn person(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(Code::MigrationNeedsAPerson, "This needs a person first")
        .detail(format!("{why}."))
        .span(span)
}

fn stays(span: Span, why: &str) -> Diagnostic {
    Diagnostic::warning(Code::MigrationLeavesAsItIs, "This stays as it is")
        .detail(format!("{why}."))
        .span(span)
}
