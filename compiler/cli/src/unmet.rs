//! Names that were asked for, and that nothing on any server has: a wish that nobody can meet is an error.

use std::collections::BTreeSet;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::adoption::{Names, known_as};
use lanyard_compiler::plan::inventory::Inventory;
use lanyard_compiler::suggest::closest;

pub(crate) struct Unmet<'a> {
    names: Vec<&'a Names>,
    kind: Option<Kind>,
    /// What there is instead.
    seen: BTreeSet<String>,
}

impl<'a> Unmet<'a> {
    pub(crate) fn of(names: &'a [Names], kind: Option<Kind>) -> Self {
        Self {
            names: names.iter().collect(),
            kind,
            seen: BTreeSet::new(),
        }
    }

    /// Looks for them on one more server.
    pub(crate) fn look(&mut self, inventory: &Inventory) {
        let kind = self.kind;
        let of_kind = || {
            let found = inventory.found().iter();
            found.filter(move |object| kind.is_none_or(|kind| kind == object.kind))
        };
        self.names
            .retain(|names| !of_kind().any(|object| names.mean(object)));
        if !self.names.is_empty() {
            self.seen
                .extend(of_kind().map(|object| known_as(object).to_owned()));
        }
    }

    /// The complaint about the first that no server has.
    pub(crate) fn complaint(&self) -> Option<Diagnostic> {
        const LISTED: &str = "`lanyard tokens` lists what there is.";
        let what = match self.kind {
            Some(Kind::ServiceAccount) => "No service account",
            Some(Kind::AccessToken) => "No access token",
            None => "No service account and no access token",
        };
        let (name, detail, hint) = match self.names.first()? {
            Names::Part(name) => (
                name,
                format!("{what} on the server has {name:?} in its name or address"),
                LISTED.to_owned(),
            ),
            Names::Pattern(name) => (
                name,
                format!("{what} on the server is called {name:?}"),
                format!("`*` stands for any text and `?` for one letter; {LISTED}"),
            ),
        };
        let complaint = Diagnostic::error(Code::NothingOfThatName, "Nothing has this name")
            .detail(format!("{detail}, and nothing is written."));
        let near = closest(name, self.seen.iter().map(String::as_str));
        let near = near.map(|near| format!("Did you mean {near:?}?"));
        Some(
            near.into_iter()
                .chain([hint])
                .fold(complaint, Diagnostic::hint),
        )
    }
}
