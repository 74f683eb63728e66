//! The texts a configuration was read from, and places in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Span;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(u32);

impl FileId {
    /// Text that is in no file.
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// A place in a file, in bytes: the small form of [`Span`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Spot {
    pub(crate) file: FileId,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Spot {
    /// From the start of this place to the end of `other`.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            end: other.end.max(self.end),
            ..self
        }
    }

    /// Only the last byte: where something was expected to follow.
    pub(crate) fn last(self) -> Self {
        Self {
            start: self.end.saturating_sub(1).max(self.start),
            ..self
        }
    }
}

/// One text that was read.
#[derive(Clone, Debug)]
struct Source {
    name: Arc<str>,
    text: Arc<str>,
    /// The byte offset at which each line starts.
    lines: Arc<[usize]>,
}

/// Every text that was read, by name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Before every relative name that is shown: a folder that ends in `/`, or nothing.
    folder: Arc<str>,
    /// Names that are as whoever asked would say them.
    kept: BTreeSet<Arc<str>>,
    files: Vec<Source>,
    by_name: BTreeMap<Arc<str>, FileId>,
}

/// A human's idea of a place: both count from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Sources {
    /// One file.
    pub fn of(name: &str, text: &str) -> Self {
        let mut sources = Self::default();
        sources.add(name.into(), text.into());
        sources
    }

    /// One file more.
    pub fn keep(&mut self, name: &str, text: &str) {
        let name: Arc<str> = name.into();
        self.kept.insert(name.clone());
        self.add(name, text.into());
    }

    /// No file yet, of those whose names are relative to this folder.
    pub fn below(folder: &str) -> Self {
        let folder = match folder.trim_end_matches('/') {
            "" | "." => "".into(),
            folder => format!("{folder}/").into(),
        };
        Self {
            folder,
            ..Self::default()
        }
    }

    /// A file's name for whoever asked: from where they are.
    pub(crate) fn shown(&self, name: &str) -> String {
        if name.starts_with('/') || self.kept.contains(name) {
            name.to_owned()
        } else {
            format!("{}{name}", self.folder)
        }
    }

    /// The text of the file `name`, if it was read.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.find(name).map(|source| source.text.as_ref())
    }

    /// The names of all files that were read, in order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(AsRef::as_ref)
    }

    /// The line and column where `span` starts, if its file was read.
    pub fn position(&self, span: &Span) -> Option<Position> {
        self.find(&span.file)
            .map(|source| source.position(span.range.start))
    }

    /// The number and the text of the line that holds the byte `offset` of a file, and where the line starts.
    pub(crate) fn line(&self, name: &str, offset: usize) -> Option<(usize, &str, usize)> {
        let source = self.find(name)?;
        let number = source.line_number(offset);
        let start = *source.lines.get(number - 1)?;
        let rest = source.text.get(start..)?;
        let line = rest.split('\n').next().unwrap_or_default();
        Some((number, line.trim_end_matches('\r'), start))
    }

    pub(crate) fn add(&mut self, name: Arc<str>, text: Arc<str>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(index, _)| index + 1))
            .collect();
        self.by_name.insert(name.clone(), id);
        self.files.push(Source { name, text, lines });
        id
    }

    pub(crate) fn span(&self, spot: Spot) -> Span {
        let file = self
            .files
            .get(spot.file.0 as usize)
            .map_or_else(|| Arc::from("?"), |source| source.name.clone());
        Span {
            file,
            range: spot.start as usize..spot.end as usize,
        }
    }

    pub(crate) fn slice(&self, spot: Spot) -> &str {
        self.files
            .get(spot.file.0 as usize)
            .and_then(|source| source.text.get(spot.start as usize..spot.end as usize))
            .unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&Source> {
        self.by_name
            .get(name)
            .and_then(|id| self.files.get(id.0 as usize))
    }
}

impl Source {
    /// The line, from one, that holds a byte.
    fn line_number(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    fn position(&self, offset: usize) -> Position {
        let line = self.line_number(offset);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }
}
