//! Walking through a list, page by page, to its end. A server whose list has none is told as that: what was seen so far must not pass
//! for everything, and waiting for more would take all time and memory.

use std::collections::HashSet;

use lanyard_compiler::model::Kind;

use crate::error::{ErrorKind, ServerError};
use crate::object::{Object, Unreadable};
use crate::record::{Cursor, Filter};
use crate::token_server::TokenServer;

/// So many pages are a list without an end: with a thousand objects on each, as most servers give, they hold two million.
const MOST_PAGES: usize = 2_000;
/// So many objects are more than fits: each takes about a kilobyte here.
const MOST_OBJECTS: usize = 500_000;

/// A list that is being read.
pub struct Pages<'a, O: Object> {
    server: &'a dyn TokenServer,
    filter: &'a Filter,
    kind: std::marker::PhantomData<O>,
    next: Next,
    seen: HashSet<Cursor>,
    objects: usize,
    /// What the pages so far have that nobody understands here.
    unreadable: Vec<Unreadable>,
}

enum Next {
    From(Option<Cursor>),
    End,
}

impl<'a, O: Object> Pages<'a, O> {
    pub fn new(server: &'a dyn TokenServer, filter: &'a Filter) -> Self {
        Self {
            server,
            filter,
            kind: std::marker::PhantomData,
            next: Next::From(None),
            seen: HashSet::new(),
            objects: 0,
            unreadable: Vec::new(),
        }
    }

    /// What the pages so far have beside their objects.
    pub(super) fn into_unreadable(self) -> Vec<Unreadable> {
        self.unreadable
    }

    /// The objects of the next page, of which there may be none; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<O::Record>>, ServerError> {
        let from = match &self.next {
            Next::From(from) => from.clone(),
            Next::End => return Ok(None),
        };
        let page = O::of(self.server).list(self.filter, from.as_ref()).await?;
        self.objects += page.records.len();
        if let Some(name) = &self.filter.name
            && (page.unreadable.iter()).any(|one| one.name.as_ref().is_none_or(|one| one == name))
        {
            return Err(self.not_understood(name));
        }
        self.unreadable.extend(page.unreadable);
        let Some(next) = page.next else {
            self.next = Next::End;
            return Ok(Some(page.records));
        };
        if !self.seen.insert(next.clone()) {
            return Err(self.endless("its pages lead in a circle".to_owned()));
        }
        if self.seen.len() >= MOST_PAGES {
            return Err(self.endless(format!("there is more after {MOST_PAGES} pages")));
        }
        if self.objects >= MOST_OBJECTS {
            return Err(self.endless(format!("there is more after {MOST_OBJECTS} objects")));
        }
        self.next = Next::From(Some(next));
        Ok(Some(page.records))
    }

    /// Whoever asks for a name must not be told that nothing has it.
    fn not_understood(&self, name: &str) -> ServerError {
        let kind = O::KIND.title();
        let detail = format!(
            "it lists a {kind} in words that this version does not understand, which has the name {name:?} or none"
        );
        ServerError::new(ErrorKind::Bug, self.server.capabilities().title, detail)
    }

    fn endless(&self, how: String) -> ServerError {
        let kind = match O::KIND {
            Kind::ServiceAccount => "service accounts",
            Kind::AccessToken => "access tokens",
        };
        ServerError::new(
            ErrorKind::Bug,
            self.server.capabilities().title,
            format!("the list of {kind} does not end: {how}. What was read of it is not used"),
        )
    }
}
