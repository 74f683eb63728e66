//! Reading one object and walking through all of them, for what shows objects without managing them.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_servers::{Filter, Object, TokenServer, engine};

/// One object; `None` if the server says for certain that it does not exist.
pub(super) async fn read<O: Object>(
    server: &dyn TokenServer,
    id: &str,
) -> Result<Option<O::Record>, Diagnostic> {
    O::of(server)
        .read(id)
        .await
        .map_err(|problem| problem.diagnostic())
}

/// All objects that pass the filter, over all pages.
pub(super) async fn all<O: Object>(
    server: &dyn TokenServer,
    filter: &Filter,
) -> Result<Vec<O::Record>, Diagnostic> {
    engine::list_all::<O>(server, filter)
        .await
        .map_err(|problem| problem.diagnostic())
}
