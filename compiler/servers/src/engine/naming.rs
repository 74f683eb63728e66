//! What an object of a state is called: by the server, and to people.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::{Kind, State};

use crate::error::ServerError;

/// A state's `id`.
pub(super) fn id_of(state: &State) -> Result<&str, Diagnostic> {
    state
        .id
        .as_deref()
        .filter(|id| !id.is_empty())
        .ok_or_else(|| {
            Diagnostic::error(Code::StateWithoutId, "The state holds no id")
                .detail(format!(
                    "The state of this {} does not say which object on the server it is.",
                    state.kind().title()
                ))
                .hint("Remove it from the state and import it again by its id.")
        })
}

/// For people.
pub(super) fn name_or_id<'a>(state: &'a State, id: &'a str) -> &'a str {
    state.name.as_deref().unwrap_or(id)
}

/// The state with a name: where the server does not know it, an import has none.
pub(super) fn named(state: &State, name: Option<&str>) -> State {
    let mut state = state.clone();
    if state.name.is_none() {
        state.name = name.map(str::to_owned);
    }
    state
}

/// The error with the object it speaks of: `access token "ci"`.
pub(super) fn about(error: &ServerError, kind: Kind, name: &str, doing: &str) -> Diagnostic {
    let mut diagnostic = error.diagnostic();
    diagnostic.detail = format!(
        "{doing} {} {name:?}: {}.",
        kind.title(),
        diagnostic.detail.trim_end_matches('.')
    );
    diagnostic
}
