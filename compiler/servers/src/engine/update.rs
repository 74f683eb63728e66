//! Changing what exists: end what is due, bring the settings up to date, then issue a new secret if that was planned. The state
//! always says how far it came.

mod judge;
mod rotate;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::State;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::server::{ExpiryCapability, UpdateCapability};
use lanyard_compiler::model::state::{Open, Part, Planned};
use lanyard_compiler::plan::{self, Renewal, rotation};
use lanyard_compiler::value::{AttributePath, Value};

use super::deadline::{Moment, never_comes};
use super::encrypt;
use super::evidence::Evidence;
use super::held::{goes_beyond, more_power, not_looked_at};
use super::naming::{about, id_of, name_or_id, named};
use super::outcome::Outcome;
use super::read::one;
use super::revoke::{end, not_revoked};
use super::whereabouts::revoked;
use crate::error::ErrorKind;
use crate::object::Object;
use crate::record::Record as _;
use crate::shown::Shown;
use crate::token_server::TokenServer;
use judge::Told;

/// Makes the planned change to the object of the prior state.
pub(super) async fn update<O: Object>(
    server: &dyn TokenServer,
    prior: &State,
    mut planned: State<Planned>,
    config: &Value,
    evidence: Option<&Evidence>,
) -> Outcome {
    let mut told = None;
    if Renewal::of(Some(&**prior), &planned) == Renewal::Open {
        match decide::<O>(server, prior, &planned, config).await {
            Ok((record, decided)) => (told, planned) = (Some(record), decided),
            Err(error) => return Outcome::failed(Some(prior.clone()), error),
        }
    }
    match Update::<O>::prepare(server, prior, &planned, config, evidence) {
        Ok(update) => update.run(told).await,
        Err(error) => Outcome::failed(Some(prior.clone()), error),
    }
}

/// What is there, if anything, and the plan with what it left to the clock decided.
async fn decide<O: Object>(
    server: &dyn TokenServer,
    prior: &State,
    planned: &State<Planned>,
    config: &Value,
) -> Result<(Option<O::Record>, State<Planned>), Diagnostic> {
    let told = ask::<O>(server, prior).await?;
    let (now, server) = (server.now(), Some(server.capabilities()));
    let plan = plan::plan_at(O::KIND, server, &prior.write(), config, now);
    let mut decided = match plan.state {
        Some(decided) => decided,
        None => State::read(O::KIND, &plan.planned)?,
    };
    if config.get("roles").is_null() {
        // Its account decides on them, too.
        decided.roles.clone_from(&planned.roles);
    }
    Ok((told, decided))
}

/// The object as it is. Any answer tells the time, too, and a new process may not have had one.
async fn ask<O: Object>(
    server: &dyn TokenServer,
    prior: &State,
) -> Result<Option<O::Record>, Diagnostic> {
    let id = id_of(prior)?;
    let told = one::<O>(server, id).await;
    told.map_err(|error| about(&error, O::KIND, name_or_id(prior, id), "Reading"))
}

struct Update<'a, O: Object> {
    server: &'a dyn TokenServer,
    planned: &'a State<Planned>,
    /// What it is called now: where the name is the address, a new name changes it.
    id: String,
    rotates: bool,
    current: O,
    /// The end of an update without rotation; what only a new secret brings is as before.
    settings: O,
    /// The end of everything.
    desired: O,
    recipient: Option<encrypt::Recipient>,
    revokes: Vec<&'a str>,
    moment: Moment<'a>,
    /// The server's own grace period of the secret before this one is to end now.
    ends_previous: bool,
    /// What is true so far.
    state: State,
    diagnostics: Vec<Diagnostic>,
    shown: Option<Shown>,
    /// What the server shows of the secret of the state, where that is sealed.
    own_shown: Option<Shown>,
    /// What the plan saw of the secret that a new one replaces.
    last_shown: Option<Shown>,
    /// It is certain that no secret was issued.
    refused: bool,
    /// One was issued, and nobody has it.
    not_told: bool,
}

impl<'a, O: Object> Update<'a, O> {
    fn prepare(
        server: &'a dyn TokenServer,
        prior: &'a State,
        planned: &'a State<Planned>,
        config: &'a Value,
        evidence: Option<&Evidence>,
    ) -> Result<Self, Diagnostic> {
        let id = id_of(prior)?.to_owned();
        let rotates = Renewal::of(Some(&**prior), planned).brings_secret();
        let last_shown = match evidence {
            Some(evidence) => evidence.last_shown().cloned(),
            None => server.session().listed(O::KIND, &id),
        };
        let desired = O::decode(&planned.write().filled_from(config))?;
        let recipient = desired.recipient().map(encrypt::recipient).transpose()?;
        let settings = without_new_secret(server, prior, planned, rotates)?;
        Ok(Self {
            server,
            planned,
            id,
            rotates,
            current: O::decode(&named(prior, planned.name.value().map(String::as_str)).write())?,
            moment: Moment {
                server: server.capabilities(),
                prior,
                planned,
                config,
                rotates,
            },
            settings: O::decode(&settings.filled_from(config))?,
            desired,
            recipient,
            revokes: plan::revokes(prior, planned),
            ends_previous: ends_previous(prior, planned),
            state: prior.clone(),
            diagnostics: Vec::new(),
            shown: None,
            own_shown: evidence.and_then(Evidence::shown).cloned(),
            last_shown,
            refused: true,
            not_told: false,
        })
    }

    /// `told` is what the server has said of the object already, if it was asked.
    async fn run(mut self, told: Option<Option<O::Record>>) -> Outcome {
        let observed = match self.make(told).await {
            Ok(observed) => observed,
            Err(error) => {
                self.fail(error);
                return self.stop();
            }
        };
        let mut planned = self.planned_and_left_over();
        let answered = observed.as_ref();
        let existing = Some((self.moment.prior, self.moment.config));
        let differs = answered
            .and_then(|said| plan::not_taken(self.server.capabilities(), existing, &planned, said));
        if let Some(said) = answered.filter(|_| self.rotates) {
            let unseen = not_looked_at(self.server.capabilities(), &planned, said);
            self.diagnostics.extend(unseen);
        }
        if let Some(differs) = differs {
            let beyond = more_power(O::KIND, &differs);
            let told = differs.told.into_iter();
            self.diagnostics.extend(
                told.map(|told| match told.is_error() && !beyond.is_empty() {
                    true => goes_beyond(told, &beyond),
                    false => told,
                }),
            );
            planned = differs.came_true;
        }
        // Nothing was asked of the server: what it said last still stands.
        let observed = observed.unwrap_or_else(|| self.state.clone());
        let now = self.server.now();
        let mut state = plan::conclude(
            Some(self.server.capabilities()),
            Some(&self.state),
            &planned,
            observed,
            now,
        );
        if self.not_told {
            self.wait_for_another(&mut state);
        }
        let next = self.moment.next_rotates(&state, now);
        self.diagnostics.extend(next);
        if self.rotates {
            let never = never_comes(self.server, self.moment.config, &state);
            self.diagnostics.extend(never);
        }
        self.state = state;
        self.stop()
    }

    /// Makes the change, and gives what the server said of the object last.
    async fn make(&mut self, told: Option<Option<O::Record>>) -> Result<Option<State>, Diagnostic> {
        self.server.session().hold(O::KIND, &self.id);
        self.server.session().changes(O::KIND, &self.id);
        let asks = self.settings.without_local() != self.current.without_local();
        // What only Lanyard keeps is changed without a word of the server, which may have given the secret up since the plan; and
        // what the server keeps alive may be what the state holds by now.
        let looks = self.moment.matters() || !asks && !self.rotates || self.ends_previous;
        let told = match told {
            None if looks => Some(ask::<O>(self.server, self.moment.prior).await?),
            told => told,
        };
        if let Some(told) = told {
            self.hear(&told.ok_or_else(|| self.gone())?)?;
        }
        if let Some(forbidden) = self.moment.forbids(self.server.now()) {
            return Err(forbidden);
        }
        // Where the current secret is gone, a retired one may be all that is left of the token.
        let only_then = self.rotates && is_revoked(&self.state);
        if !only_then {
            self.revoke_retired().await;
        }
        if self.ends_previous {
            self.end_previous().await;
        }
        let mut observed = None;
        if asks {
            observed = Some(self.bring().await?);
        }
        if self.rotates {
            self.refused = false;
            let mut rotated = self.rotate().await?;
            if only_then {
                self.revoke_retired().await;
                rotated = self.without_revoked(rotated);
            }
            observed = Some(rotated);
        }
        Ok(observed)
    }

    /// Brings the settings up to date.
    async fn bring(&mut self) -> Result<State, Diagnostic> {
        let told = Told::default();
        let updated = O::of(self.server)
            .update(&self.id, &self.current, &self.settings, &self.judge(&told))
            .await;
        self.server.session().wrote(O::KIND, &self.id);
        let was_seen = told.lock().is_some();
        self.learn(told)?;
        let record = updated.map_err(|error| {
            let told = about(&error, O::KIND, self.current.name(), "Updating");
            match error.kind {
                ErrorKind::Conflict(_) => taken_by_another(told),
                _ => told,
            }
        })?;
        let mut said = O::observe(&record);
        self.move_to(record.id(), &mut said);
        match was_seen {
            true => self.hear_answer(&record)?,
            false => self.hear_first(&record)?,
        }
        Ok(said)
    }

    /// Follows an update that changed the id: what the server keeps alive under it stands under the new one.
    fn move_to(&mut self, id: &str, said: &mut State) {
        if *id == *self.id {
            return;
        }
        let kept = self
            .state
            .retired()
            .iter()
            .find(|entry| entry.id == self.id);
        let kept = kept.map(|entry| entry.revoke_at.as_ref().map(|at| at.value()));
        if let Some(revoke_at) = kept {
            self.state.forget(&self.id);
            self.state.retire(id, revoke_at);
            said.retire(id, revoke_at);
        }
        id.clone_into(&mut self.id);
        self.server.session().hold(O::KIND, id);
        self.server.session().changes(O::KIND, id);
        self.server.session().wrote(O::KIND, id);
    }

    /// Ends the retired tokens whose grace period is over. One that cannot be ended stays in the list, and is an error.
    async fn revoke_retired(&mut self) {
        for id in self.revokes.clone() {
            match end::<O>(self.server, id).await {
                Ok(()) => self.state.forget(id),
                Err(error) => self.fail(not_revoked::<O>(&error, self.current.name(), id)),
            }
        }
    }

    fn without_revoked(&self, mut observed: State) -> State {
        for id in &self.revokes {
            if !self.state.retired().iter().any(|entry| entry.id == *id) {
                observed.forget(id);
            }
        }
        observed
    }

    /// Ends the old secret that the server itself keeps alive.
    async fn end_previous(&mut self) {
        let ended = O::of(self.server).revoke_previous(&self.id).await;
        self.server.session().wrote(O::KIND, &self.id);
        match ended {
            Ok(()) => self.state.forget(&self.id),
            Err(error) => self.fail(
                about(
                    &error,
                    O::KIND,
                    self.current.name(),
                    "Ending the old secret of",
                )
                .hint("Apply again: it is tried until the server confirms it."),
            ),
        }
    }

    /// The plan, with the retired tokens back in it that could not be ended: with an error, the state may differ from the plan.
    /// A grace period that could not be taken away is still there, so that the next plan takes it away.
    fn planned_and_left_over(&self) -> State<Planned> {
        let mut planned = self.planned.clone();
        let failed = self.diagnostics.iter().any(Diagnostic::is_error);
        if failed && !planned.retired.is_unknown() {
            planned.retired = Open::Known(self.state.retired.clone());
            let left_over = !self.state.retired().is_empty();
            if left_over && rotation::loses_grace(&self.state, &planned) {
                planned.previous_token = Open::Known(self.state.previous_token.clone());
                if let Ok(rotation) = Part::read(&self.state.rotation.write()) {
                    planned.rotation = rotation;
                }
            }
        }
        planned
    }

    /// The secret of the state is not the one that the object has by now, and the reasons to replace it stand until one is told.
    fn wait_for_another(&self, state: &mut State) {
        let before = &self.state;
        state.token.clone_from(&before.token);
        state.encrypted_token.clone_from(&before.encrypted_token);
        state.recipient.clone_from(&before.recipient);
        state.rotation.clone_from(&before.rotation);
        state.previous_token = None;
        revoked(state);
    }

    fn fail(&mut self, error: Diagnostic) {
        self.diagnostics.push(error);
    }

    fn stop(self) -> Outcome {
        Outcome {
            evidence: None,
            state: Some(self.state),
            diagnostics: self.diagnostics,
            shown: self.shown,
            refused: self.refused,
        }
    }
}

/// True if the plan drops what the server keeps alive under the token's own id.
fn ends_previous(prior: &State, planned: &State<Planned>) -> bool {
    let dropped = planned.retired.value().is_some_and(Vec::is_empty);
    prior.kept_by_server().is_some() && dropped && rotation::loses_grace(prior, planned)
}

/// The planned settings, with everything that only a new secret can carry as it was; and the end of an existing secret spelled out
/// where only a length is configured.
fn without_new_secret(
    server: &dyn TokenServer,
    prior: &State,
    planned: &State<Planned>,
    rotates: bool,
) -> Result<Value, Diagnostic> {
    let before = prior.write();
    let mut kept = planned.write();
    for attribute in planned.capabilities(server.capabilities()).attributes {
        if attribute.change == UpdateCapability::Rotate
            && let Value::Map(entries) = &mut kept
            && let Some(place) = entries.get_mut(attribute.path)
        {
            place.clone_from(before.get(attribute.path));
        }
    }
    let mut settings = State::<Planned>::read(planned.kind(), &kept)?;
    if settings.expires_at.is_null() && prior.expires_at.is_none() {
        return Ok(kept);
    }
    if rotates {
        // A rotation gives the secret an end, or leaves it the one that it has: that it has none any more is a setting.
        if !(ends_no_more(planned) && moves_ends(server, planned)) {
            settings.expires_at = Open::Known(prior.expires_at.clone());
            settings.ttl = Open::Known(prior.ttl.clone());
        }
    } else if planned.expires_at.is_unknown()
        && let (Some(ttl), Some(issued)) = (planned.ttl.value(), &prior.issued_at)
    {
        settings.expires_at = Open::Known(ttl.value().after(issued.value()).map(Into::into));
    }
    Ok(settings.write())
}

fn ends_no_more(planned: &State<Planned>) -> bool {
    planned.expires_at.is_null() && planned.ttl.is_null()
}

fn moves_ends(server: &dyn TokenServer, planned: &State<Planned>) -> bool {
    matches!(
        planned.capabilities(server.capabilities()).expiry,
        ExpiryCapability::Supported {
            change: UpdateCapability::InPlace,
            ..
        }
    )
}

/// A new name is another object's. `on_conflict` speaks of what is created, and nothing to import takes this one's place.
fn taken_by_another(mut told: Diagnostic) -> Diagnostic {
    told.hints.clear();
    told.at(AttributePath::attribute("name"))
        .hint("Choose another name, or rename what has this one first, in an apply of its own.")
        .hint("Where two exchange their names, it takes two applies: give one of them a third name, apply, and then the other's.")
}

fn is_revoked(state: &State) -> bool {
    state.status == Some(Status::Revoked)
}
