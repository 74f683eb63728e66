//! "Not found" of one object, where only the status says it and anything on the way may have said it: whether the server's list agrees.

use lanyard_compiler::model::Kind;

use crate::error::{ErrorKind, Result, ServerError};
use crate::object::{Object, Objects, Unreadable};
use crate::record::{Filter, Record as _};

/// Fails if the list has the object that the server did not find when it was asked for it alone. `filter` lets it through.
pub(crate) async fn agrees<O: Object>(
    objects: &dyn Objects<O>,
    server: &'static str,
    id: &str,
    filter: &Filter,
) -> Result<()> {
    let mut from = None;
    loop {
        let page = objects.list(filter, from.as_ref()).await?;
        let is_it = |other: &Unreadable| other.id.as_deref().is_none_or(|other| other == id);
        if page.records.iter().any(|record| record.id() == id) || page.unreadable.iter().any(is_it)
        {
            return Err(contradiction(server, O::KIND, id));
        }
        if page.next.is_none() || page.next == from {
            return Ok(());
        }
        from = page.next;
    }
}

/// What was not found is there.
pub(crate) fn contradiction(server: &'static str, kind: Kind, id: &str) -> ServerError {
    let title = kind.title();
    ServerError::new(
        ErrorKind::Retry { after: None },
        server,
        format!("it answered that there is no {title} {id:?}, and has it all the same"),
    )
}
