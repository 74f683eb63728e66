//! One planned change, whatever its kind: where create, update and delete part.

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount};
use lanyard_compiler::value::Value;

use super::detached::detached;
use super::evidence::Evidence;
use super::{create, delete, update};
use crate::object::Object;
use crate::session::Named;
use crate::token_server::TokenServer;

/// What became of a planned change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What really is there now, errors or not: once an object exists, its id and secret stand here. Null: nothing is there.
    pub state: Value,
    pub diagnostics: Vec<Diagnostic>,
}

impl Applied {
    pub(super) fn failed(state: Value, error: Diagnostic) -> Self {
        Self {
            state,
            diagnostics: vec![error],
        }
    }
}

/// Creates (`prior` is null), updates, or deletes (`planned` is null). `config` must be wholly known; it may be null when
/// deleting. Runs to its end even if the caller stops waiting.
pub async fn apply(
    server: &Arc<dyn TokenServer>,
    kind: Kind,
    prior: &Value,
    planned: &Value,
    config: &Value,
) -> Applied {
    apply_held(server, kind, prior, planned, config, None).await
}

/// Likewise, with the evidence that is kept beside the prior state.
pub async fn apply_held(
    server: &Arc<dyn TokenServer>,
    kind: Kind,
    prior: &Value,
    planned: &Value,
    config: &Value,
    evidence: Option<&Evidence>,
) -> Applied {
    let evidence = evidence.cloned();
    let (server, before) = (Arc::clone(server), prior.clone());
    let (prior, planned, config) = (prior.clone(), planned.clone(), config.clone());
    let work = async move {
        match kind {
            Kind::ServiceAccount => {
                apply_object::<ServiceAccount>(&*server, &prior, &planned, &config, evidence).await
            }
            Kind::AccessToken => {
                apply_object::<AccessToken>(&*server, &prior, &planned, &config, evidence).await
            }
        }
    };
    match detached(work).await {
        Ok(applied) => applied,
        Err(error) => Applied::failed(before, error),
    }
}

async fn apply_object<O: Object>(
    server: &dyn TokenServer,
    prior: &Value,
    planned: &Value,
    config: &Value,
    evidence: Option<Evidence>,
) -> Applied {
    let made = &server.session().made;
    // What has one name may have one id: the end of the one and the beginning of the other do not cross.
    let said = if prior.is_null() { config } else { prior };
    let _turn = made
        .turn(&Named::said::<O>(server.capabilities(), said))
        .await;
    match (prior.is_null(), planned.is_null()) {
        (true, true) => Applied::default(),
        (true, false) => create::create::<O>(server, planned, config).await,
        (false, true) => delete::delete::<O>(server, prior, evidence.as_ref()).await,
        (false, false) => {
            let applied = update::update::<O>(server, prior, planned, config).await;
            made.went_on(O::KIND, prior, &applied.state);
            applied
        }
    }
}
