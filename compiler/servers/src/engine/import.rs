//! Taking an existing object into the state, by its id.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, State, authored};
use lanyard_compiler::plan::way_after_an_import;

use super::read::{another_one, list_all, state_of};
use crate::object::Object;
use crate::record::{Filter, Record as _};
use crate::token_server::TokenServer;

/// The state of the object with this id, under the name that a configuration for it gets where the server has none. Imports never change the object, and never rotate.
pub async fn import(server: &dyn TokenServer, kind: Kind, id: &str) -> Result<State, Diagnostic> {
    match kind {
        Kind::ServiceAccount => import_object::<ServiceAccount>(server, id.trim()).await,
        Kind::AccessToken => import_object::<AccessToken>(server, id.trim()).await,
    }
}

async fn import_object<O: Object>(server: &dyn TokenServer, id: &str) -> Result<State, Diagnostic> {
    let record = O::of(server)
        .read(id)
        .await
        .map_err(|error| error.diagnostic())?;
    if let Some(record) = record {
        if id.starts_with(&format!("{}@", record.id())) {
            return Err(old_secret::<O>(id, record.id()));
        }
        // A person may write it otherwise than the server does.
        if !record.id().eq_ignore_ascii_case(id) {
            return Err(another_one::<O>(server, id, record.id()).diagnostic());
        }
        server.session().hold(O::KIND, record.id());
        let state = state_of::<O>(server.capabilities(), None, &record, server.now());
        return Ok(authored::named(Some(server.capabilities()), state));
    }
    let title = O::KIND.title();
    let mut missing =
        Diagnostic::error(Code::ImportNotFound, "There is nothing to import").detail(format!(
            "{} has no {title} with the id {id:?}.",
            sentence_start(server.capabilities().title)
        ));
    let namesakes = Filter {
        name: Some(id.to_owned()),
        ..Filter::default()
    };
    // Only a hint: whatever goes wrong here, the first answer stands.
    for record in list_all::<O>(server, &namesakes).await.unwrap_or_default() {
        missing = missing.hint(format!(
            "Import takes the id, not the name: {id:?} is the name of {}.",
            record.id()
        ));
    }
    Err(missing)
}

/// Where each secret is a token of its own on the server, an old one has an id.
fn old_secret<O: Object>(id: &str, token: &str) -> Diagnostic {
    Diagnostic::error(Code::ImportNotFound, "There is nothing to import")
        .detail(format!(
            "{id:?} is one secret of an {}, and none can be imported alone.",
            O::KIND.title()
        ))
        .hint(format!("Import {token:?}, which has all its secrets."))
}

/// What to tell about an imported state whose secret the server does not show; `None` if nothing is missing.
pub fn secret_is_missing(state: &State, server: &dyn TokenServer) -> Option<Diagnostic> {
    let can = state.capabilities(server.capabilities());
    if !can.issues_secret || state.holds_secret() {
        return None;
    }
    Some(
        Diagnostic::warning(Code::ImportedWithoutSecret, "The secret of an import is not known")
            .detail("The server shows a secret only once, when it is issued: `token` stays null, here and in every other import of this run.")
            .hint(way_after_an_import(can))
            .hint("Importing and planning change nothing on the server; the secret in use keeps working."),
    )
}

fn sentence_start(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
