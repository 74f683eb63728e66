//! One planned change, whatever its kind: where create, update and delete part.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::model::state::{Outline, Planned};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, State};
use lanyard_compiler::plan::{NotWorking, not_working};
use lanyard_compiler::value::Value;

use super::detached::detached;
use super::evidence::Evidence;
use super::outcome::Outcome;
use super::whereabouts::{self, Whereabouts};
use super::{create, delete, update};
use crate::object::Object;
use crate::session::Named;
use crate::shown::Shown;
use crate::token_server::TokenServer;

/// What became of a planned change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What really is there now, errors or not: once an object exists, its id and secret stand here. Null: nothing is there.
    pub state: Value,
    pub diagnostics: Vec<Diagnostic>,
    pub(super) site: Option<String>,
    /// What is kept beside the state, where a deletion has found something else than was planned for.
    pub evidence: Option<Evidence>,
    pub(super) shown: Option<Shown>,
    /// It is certain that no secret was issued and lives: what was asked for was refused, never asked for, or undone.
    pub refused: bool,
}

impl Applied {
    /// What is kept beside the state now, `before` being the state before the change and `evidence` what was beside that; `None` if
    /// nothing is there.
    pub fn beside(
        &self,
        kind: Kind,
        evidence: Option<Evidence>,
        before: &Value,
    ) -> Option<Evidence> {
        let (site, shown) = (self.site.clone(), self.shown.clone());
        Evidence::beside(kind, evidence, before, &self.state, site, shown)
    }
}

/// A change that is to be made.
struct Task {
    prior: Option<State>,
    planned: Option<State<Planned>>,
    config: Value,
    evidence: Option<Evidence>,
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

/// Makes a new object in the place of an old one: the new one first, unless both would have the same name. `tokens` are the states of
/// access tokens that have to end before the old one can go.
pub async fn replace(
    server: &Arc<dyn TokenServer>,
    kind: Kind,
    prior: &Value,
    planned: &Value,
    config: &Value,
    tokens: &[&Value],
) -> Applied {
    let end = || async {
        for token in tokens {
            let kind = Kind::AccessToken;
            let gone = apply(server, kind, token, &Value::Null, &Value::Null).await;
            if has_errors(&gone.diagnostics) {
                return Applied {
                    state: prior.clone(),
                    ..gone
                };
            }
        }
        apply(server, kind, prior, &Value::Null, &Value::Null).await
    };
    let begin = || apply(server, kind, &Value::Null, planned, config);
    let (before, after) = (Outline::of(prior), Outline::of(planned));
    let clash = before.name == after.name && before.service_account == after.service_account;
    let (first, second) = if clash {
        is_replaced(server.as_ref(), kind, prior);
        let gone = end().await;
        if has_errors(&gone.diagnostics) {
            return gone;
        }
        (begin().await, gone)
    } else {
        let made = begin().await;
        if has_errors(&made.diagnostics) {
            return made;
        }
        (made, end().await)
    };
    let mut made = first;
    made.diagnostics.extend(second.diagnostics);
    made
}

/// Notes that the deletion to come is the first half of a replacement: what has the secret of this state is not what is wanted in its
/// place. Where nobody got one, any will do.
pub fn is_replaced(server: &dyn TokenServer, kind: Kind, prior: &Value) {
    let prior: Option<State> = State::read_any(kind, prior).ok().flatten();
    if let Some(prior) = prior
        && prior.holds_secret()
        && let Some(id) = &prior.id
    {
        server.session().made.replaces(kind, id);
    }
}

/// [`apply`] with the evidence that is kept beside the prior state.
pub async fn apply_held(
    server: &Arc<dyn TokenServer>,
    kind: Kind,
    prior: &Value,
    planned: &Value,
    config: &Value,
    evidence: Option<&Evidence>,
) -> Applied {
    let unchanged = |error: Diagnostic| Applied {
        state: prior.clone(),
        diagnostics: vec![error],
        ..Applied::default()
    };
    let task = |prior, planned| Task {
        prior,
        planned,
        config: config.clone(),
        evidence: evidence.cloned(),
    };
    let task = match (State::read_any(kind, prior), State::read_any(kind, planned)) {
        (Ok(prior), Ok(planned)) => task(prior, planned),
        (Err(unreadable), _) | (_, Err(unreadable)) => {
            return Applied {
                refused: true,
                ..unchanged(unreadable)
            };
        }
    };
    whereabouts::locate(server.as_ref()).await;
    let site = whereabouts::site(server.as_ref());
    let server = Arc::clone(server);
    let work = async move {
        match kind {
            Kind::ServiceAccount => task.make::<ServiceAccount>(&*server).await,
            Kind::AccessToken => task.make::<AccessToken>(&*server).await,
        }
    };
    match detached(work).await {
        Ok(Outcome {
            state,
            evidence,
            diagnostics,
            shown,
            refused,
        }) => Applied {
            state: state.map_or(Value::Null, |state| state.write()),
            evidence,
            diagnostics,
            site: Some(site),
            shown,
            refused,
        },
        Err(error) => unchanged(error),
    }
}

impl Task {
    async fn make<O: Object>(self, server: &dyn TokenServer) -> Outcome {
        let Self {
            prior,
            planned,
            config,
            evidence,
        } = self;
        let made = &server.session().made;
        // What has one name may have one id: the end of the one and the beginning of the other do not cross.
        let named = match &prior {
            Some(prior) => Named::said(server.capabilities(), prior),
            None => match State::<Planned>::read(O::KIND, &config) {
                Ok(config) => Named::said(server.capabilities(), &config),
                Err(unreadable) => return Outcome::failed(None, unreadable),
            },
        };
        let _turn = made.turn(&named).await;
        if let Some(prior) = &prior
            && let Err(elsewhere) =
                Whereabouts::of(server, evidence.as_ref()).planned_here(prior, planned.is_none())
        {
            return Outcome::failed(Some(prior.clone()), elsewhere);
        }
        let generation = prior.as_ref().map(|prior| prior.generation);
        let mut outcome = match (prior, planned) {
            (None, None) => Outcome::default(),
            (None, Some(planned)) => create::create::<O>(server, &planned, &config).await,
            (Some(prior), None) => delete::delete::<O>(server, prior, evidence.as_ref()).await,
            (Some(prior), Some(planned)) => {
                let outcome =
                    update::update::<O>(server, &prior, planned, &config, evidence.as_ref()).await;
                if let Some(state) = &outcome.state {
                    made.went_on(server.capabilities(), &prior, state);
                }
                outcome
            }
        };
        let issued = outcome
            .state
            .as_ref()
            .filter(|state| generation != Some(state.generation));
        let warning = issued.and_then(|state| issued_in_vain(server, state));
        outcome.diagnostics.extend(warning);
        outcome
    }
}

/// A server may issue a secret and accept it only once the account is enabled.
fn issued_in_vain(server: &dyn TokenServer, state: &State) -> Option<Diagnostic> {
    let why = NotWorking::of(state)?;
    (why == NotWorking::AccountDisabled)
        .then(|| not_working(state, why, Some(server.capabilities())))
}
