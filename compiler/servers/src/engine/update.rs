//! Changing what exists: end what is due, bring the settings up to date, then issue a new secret if that was planned. The state
//! always says how far it came.

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::Change;
use lanyard_compiler::model::{GracePeriod, Kind, Lifetime};
use lanyard_compiler::plan::{self, rotation};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use super::apply::Applied;
use super::deadline::Moment;
use super::read::{one, state_of};
use super::{about, delete, encrypt, id_of, recover, set, wanted};
use crate::object::{Issued, Object, RotateRequest, Seen};
use crate::record::Record as _;
use crate::token_server::TokenServer;

/// Makes the planned change to the object of the prior state.
pub(super) async fn update<O: Object>(
    server: &dyn TokenServer,
    prior: &Value,
    planned: &Value,
    config: &Value,
) -> Applied {
    let decided;
    let mut clock_is_heard = false;
    let planned = if plan::waits_for_the_clock(prior, planned) {
        match decide::<O>(server, prior, config).await {
            Ok(plan) => decided = plan,
            Err(error) => return Applied::failed(prior.clone(), error),
        }
        clock_is_heard = true;
        &decided
    } else {
        planned
    };
    match Update::<O>::prepare(server, prior, planned, config) {
        Ok(update) => update.run(clock_is_heard).await,
        Err(diagnostics) => Applied {
            state: prior.clone(),
            diagnostics,
        },
    }
}

/// The plan, with what it left to the clock decided.
async fn decide<O: Object>(
    server: &dyn TokenServer,
    prior: &Value,
    config: &Value,
) -> Result<Value, Diagnostic> {
    hear_the_clock::<O>(server, prior).await?;
    let now = server.now();
    let planned = plan::plan_at(O::KIND, Some(server.capabilities()), prior, config, now);
    Ok(planned.planned)
}

/// Any answer tells the time, and a new process may not have had one.
async fn hear_the_clock<O: Object>(
    server: &dyn TokenServer,
    prior: &Value,
) -> Result<(), Diagnostic> {
    let id = id_of(O::KIND, prior)?;
    let name = prior.get("name").as_str().unwrap_or(id);
    let told = one::<O>(server, id).await.map(|_| ());
    told.map_err(|error| about(&error, O::KIND, name, "Reading"))
}

struct Update<'a, O: Object> {
    server: &'a dyn TokenServer,
    planned: &'a Value,
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
    state: Value,
    diagnostics: Vec<Diagnostic>,
}

impl<'a, O: Object> Update<'a, O> {
    fn prepare(
        server: &'a dyn TokenServer,
        prior: &'a Value,
        planned: &'a Value,
        config: &'a Value,
    ) -> Result<Self, Vec<Diagnostic>> {
        let id = id_of(O::KIND, prior)
            .map_err(|error| vec![error])?
            .to_owned();
        let rotates = plan::rotates(prior, planned);
        let desired = O::decode(&wanted(planned, config))?;
        let recipient = desired
            .recipient()
            .map(encrypt::recipient)
            .transpose()
            .map_err(|error| vec![error])?;
        let settings = without_new_secret::<O>(server, prior, planned, rotates);
        Ok(Self {
            server,
            planned,
            id,
            rotates,
            current: O::decode(&named(prior, planned.get("name")))?,
            moment: Moment {
                kind: O::KIND,
                server: server.capabilities(),
                prior,
                planned,
                config,
                rotates,
            },
            settings: O::decode(&wanted(&settings, config))?,
            desired,
            recipient,
            revokes: plan::revokes(prior, planned),
            ends_previous: ends_previous(prior, planned),
            state: prior.clone(),
            diagnostics: Vec::new(),
        })
    }

    async fn run(mut self, clock_is_heard: bool) -> Applied {
        self.server.session().hold(O::KIND, &self.id);
        let heard = if self.moment.matters() && !clock_is_heard {
            hear_the_clock::<O>(self.server, self.moment.prior).await
        } else {
            Ok(())
        };
        let forbidden = || self.moment.forbids(self.server.now());
        if let Some(error) = heard.err().or_else(forbidden) {
            self.fail(error);
            return self.stop();
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
        if self.settings.without_local() != self.current.without_local() {
            let updated = O::of(self.server)
                .update(&self.id, &self.current, &self.settings)
                .await;
            self.server.session().wrote(O::KIND, &self.id);
            match updated {
                Ok(record) => {
                    let mut said = O::observe(&record);
                    self.move_to(record.id(), &mut said);
                    self.state = state_of::<O>(&self.state, &record, self.server.now());
                    observed = Some(said);
                }
                Err(error) => {
                    self.fail(about(&error, O::KIND, self.current.name(), "Updating"));
                    return self.stop();
                }
            }
        }
        if self.rotates {
            match self.rotate().await {
                Ok(rotated) if only_then => {
                    self.revoke_retired().await;
                    observed = Some(self.without_revoked(rotated));
                }
                Ok(rotated) => observed = Some(rotated),
                Err(error) => {
                    self.fail(error);
                    return self.stop();
                }
            }
        }
        // Nothing was asked of the server: what it said last still stands.
        let observed = observed.unwrap_or_else(|| self.state.clone());
        let planned = self.planned_and_left_over();
        let state = plan::conclude(O::KIND, &self.state, &planned, observed, self.server.now());
        let next = self.moment.next_rotates(&state, self.server.now());
        self.diagnostics.extend(next);
        Applied {
            state,
            diagnostics: self.diagnostics,
        }
    }

    /// Follows an update that changed the id: what the server keeps alive under it stands under the new one.
    fn move_to(&mut self, id: &str, said: &mut Value) {
        if *id == *self.id {
            return;
        }
        let kept = rotation::entries(&self.state)
            .find(|entry| entry.get("id").as_str() == Some(self.id.as_str()))
            .map(|entry| time(entry.get("revoke_at")));
        if let Some(revoke_at) = kept {
            let forgotten = rotation::forget(self.state.clone(), &self.id);
            self.state = rotation::retire(forgotten, id, revoke_at);
            *said = rotation::retire(said.clone(), id, revoke_at);
        }
        id.clone_into(&mut self.id);
        self.server.session().hold(O::KIND, id);
        self.server.session().wrote(O::KIND, id);
    }

    /// Ends the retired tokens whose grace period is over. One that cannot be ended stays in the list, and is an error.
    async fn revoke_retired(&mut self) {
        for id in self.revokes.clone() {
            match delete::revoke::<O>(self.server, id).await {
                Ok(()) => self.state = rotation::forget(self.state.clone(), id),
                Err(error) => self.fail(delete::not_revoked::<O>(&error, self.current.name(), id)),
            }
        }
    }

    fn without_revoked(&self, mut observed: Value) -> Value {
        for id in &self.revokes {
            let is_left =
                rotation::entries(&self.state).any(|entry| entry.get("id").as_str() == Some(id));
            if !is_left {
                observed = rotation::forget(observed, id);
            }
        }
        observed
    }

    /// Ends the old secret that the server itself keeps alive.
    async fn end_previous(&mut self) {
        let ended = O::of(self.server).revoke_previous(&self.id).await;
        self.server.session().wrote(O::KIND, &self.id);
        match ended {
            Ok(()) => self.state = rotation::forget(self.state.clone(), &self.id),
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
    fn planned_and_left_over(&self) -> Value {
        let mut planned = self.planned.clone();
        let left_over = rotation::entries(&self.state).next().is_some();
        if self.diagnostics.iter().any(Diagnostic::is_error) && !planned.get("retired").is_unknown()
        {
            set(&mut planned, "retired", self.state.get("retired").clone());
            if left_over && rotation::loses_grace(&self.state, &planned) {
                for name in ["rotation", "previous_token"] {
                    set(&mut planned, name, self.state.get(name).clone());
                }
            }
        }
        planned
    }

    /// Issues the new secret and stores it; the old one lives as long as its grace period.
    async fn rotate(&mut self) -> Result<Value, Diagnostic> {
        let name = self.desired.name().to_owned();
        let grace_period = self
            .desired
            .rotation()
            .and_then(|rotation| rotation.grace_period)
            .filter(|grace| !grace.is_none());
        let count = |state: &Value| {
            let generation = state.get("generation").as_number()?.as_i64()?;
            Some(generation)
        };
        let request = RotateRequest {
            current: self.settings.clone(),
            desired: self.desired.clone(),
            grace_period,
            generation: count(self.planned)
                .unwrap_or_else(|| count(&self.state).unwrap_or(1).saturating_add(1)),
            seen: Seen {
                generation: count(&self.state),
                issued_at: time(self.state.get("issued_at")),
                secret: self.living_secret(),
            },
        };
        let issued = recover::rotate(self.server, &self.id, &request).await;
        self.server.session().wrote(O::KIND, &self.id);
        let Issued {
            record,
            secret,
            retired,
        } = issued.map_err(|error| {
            self.moment
                .explains(&error, self.server.now())
                .unwrap_or_else(|| about(&error, O::KIND, &name, "Rotating"))
        })?;

        let mut observed = O::observe(&record);
        if let Some(secret) = secret {
            let (attribute, value) = match &self.recipient {
                None => ("token", secret.into()),
                Some(recipient) => match encrypt::encrypt(&secret, recipient) {
                    Ok(text) => ("encrypted_token", text.into()),
                    Err(error) => {
                        // The state shows that it holds no secret; the next rotation replaces the one that could not be stored.
                        self.fail(error);
                        ("token", Value::Null)
                    }
                },
            };
            set(&mut observed, attribute, value);
        }
        if let Some(retired) = retired {
            observed = self.retire(observed, &retired, grace_period).await;
        }
        // A server that keeps the old secret alive without saying so was told for how long.
        if observed.get("retired").is_null()
            && let Some(GracePeriod::Lasts(lifetime)) = grace_period
        {
            let end = later(self.server.clock().ends_from, lifetime);
            observed = rotation::retire(observed, &self.id, Some(end));
        }
        let in_grace = rotation::entries(&observed).next().is_some();
        // What was dead before the rotation (replaced elsewhere, or by a rotation whose answer was lost) has no grace period.
        // An end may have passed since the plan.
        let was_over =
            time(self.state.get("expires_at")).is_some_and(|end| end <= self.server.now());
        let was_alive = !was_over
            && !is_revoked(&self.state)
            && self.state.get("status").as_str() != Some("expired");
        if in_grace && was_alive && self.recipient.is_none() {
            set(
                &mut observed,
                "previous_token",
                self.state.get("token").clone(),
            );
        }
        Ok(observed)
    }

    /// The secret of the state, unless somebody else's is known to have taken its place.
    fn living_secret(&self) -> Option<Secret> {
        let replaced = match O::KIND {
            Kind::AccessToken => self.state.get("status").as_str() == Some("revoked"),
            Kind::ServiceAccount => self.state.get("rotation_due").as_bool() == Some(true),
        };
        self.state
            .get("token")
            .as_secret()
            .filter(|_| !replaced)
            .cloned()
    }

    /// A token of its own that holds the old secret: ended at once, or remembered until its grace period is over.
    async fn retire(&mut self, observed: Value, id: &str, grace: Option<GracePeriod>) -> Value {
        let now = self.server.now();
        let Some(GracePeriod::Lasts(lifetime)) = grace else {
            return match delete::revoke::<O>(self.server, id).await {
                Ok(()) => observed,
                Err(error) => {
                    self.diagnostics.push(
                        Diagnostic::warning(Code::RetiredNotRevoked, "A retired token could not be revoked yet")
                            .detail(format!("{id} is still accepted: {error}."))
                            .hint("The next apply tries again: it stays in `retired` until the server confirms that it is gone."),
                    );
                    rotation::retire(observed, id, Some(overdue(now)))
                }
            };
        };
        let end = later(self.server.clock().ends_from, lifetime);
        rotation::retire(observed, id, Some(end))
    }

    fn fail(&mut self, error: Diagnostic) {
        self.diagnostics.push(error);
    }

    fn stop(self) -> Applied {
        Applied {
            state: self.state,
            diagnostics: self.diagnostics,
        }
    }
}

/// True if the plan drops what the server keeps alive under the token's own id.
fn ends_previous(prior: &Value, planned: &Value) -> bool {
    let own = prior.get("id");
    let kept_alive = rotation::entries(prior).any(|entry| entry.get("id") == own);
    let dropped = planned
        .get("retired")
        .as_list()
        .is_some_and(<[Value]>::is_empty);
    kept_alive && dropped && rotation::loses_grace(prior, planned)
}

/// The state with a name: where the server does not know it, an import has none.
pub(super) fn named(state: &Value, name: &Value) -> Value {
    let mut state = state.clone();
    if state.get("name").is_null() {
        set(&mut state, "name", name.clone());
    }
    state
}

/// The planned settings, with everything that only a new secret can carry as it was; and the end of an existing secret spelled out
/// where only a length is configured.
fn without_new_secret<O: Object>(
    server: &dyn TokenServer,
    prior: &Value,
    planned: &Value,
    rotates: bool,
) -> Value {
    let capabilities = O::KIND.capabilities_for(server.capabilities(), planned);
    let mut settings = planned.clone();
    for attribute in capabilities.attributes {
        if attribute.change == Change::Rotate && !attribute.path.contains('.') {
            set(
                &mut settings,
                attribute.path,
                prior.get(attribute.path).clone(),
            );
        }
    }
    if settings.get("expires_at").is_null() && prior.get("expires_at").is_null() {
        return settings;
    }
    let ttl = planned
        .get("ttl")
        .as_str()
        .and_then(|text| Lifetime::parse(text).ok());
    let issued = time(prior.get("issued_at"));
    if rotates {
        set(&mut settings, "expires_at", prior.get("expires_at").clone());
        set(&mut settings, "ttl", prior.get("ttl").clone());
    } else if planned.get("expires_at").is_unknown()
        && let (Some(ttl), Some(issued)) = (ttl, issued)
    {
        let end = later(issued, ttl).to_string();
        set(&mut settings, "expires_at", end.into());
    }
    settings
}

/// A moment that every clock agrees has passed: servers tell the time in whole seconds.
pub(super) fn overdue(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs(2)).unwrap_or(now)
}

fn is_revoked(state: &Value) -> bool {
    state.get("status").as_str() == Some("revoked")
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

pub(crate) fn later(time: Timestamp, lifetime: Lifetime) -> Timestamp {
    let seconds = i64::try_from(lifetime.seconds()).unwrap_or(i64::MAX);
    time.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}
