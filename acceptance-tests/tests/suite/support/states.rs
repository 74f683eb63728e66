//! States as values, which the doors keep: what the engine says of one, and what one says.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::state::{Planned, Retired};
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::Renewal;
use lanyard_compiler::value::Value;
use lanyard_servers::{TokenServer, engine};

pub(crate) fn stored(kind: Kind, state: &Value) -> State {
    State::read(kind, state).expect("a stored state can be read")
}

pub(crate) async fn read(
    server: &dyn TokenServer,
    kind: Kind,
    state: &Value,
) -> Result<Option<Value>, Vec<Diagnostic>> {
    let read = engine::read(server, &stored(kind, state), None).await?;
    Ok(read.map(|found| found.state.write()))
}

pub(crate) async fn import(
    server: &dyn TokenServer,
    kind: Kind,
    id: &str,
) -> Result<Value, Diagnostic> {
    Ok(engine::import(server, kind, id).await?.write())
}

/// The retired secrets of an access token; none of what is not there.
pub(crate) fn retired(token: &Value) -> Vec<Retired> {
    let token = State::read_any(Kind::AccessToken, token).expect("a stored state can be read");
    token.map_or_else(Vec::new, |token| token.retired().to_vec())
}

/// True if a secret comes with the update of an access token.
pub(crate) fn rotates(prior: &Value, planned: &Value) -> bool {
    let Ok(Some(planned)) = State::<Planned>::read_any(Kind::AccessToken, planned) else {
        return false;
    };
    let prior: Option<State> =
        State::read_any(Kind::AccessToken, prior).expect("a stored state can be read");
    prior.is_some_and(|prior| Renewal::of(Some(&*prior), &planned).brings_secret())
}
