//! States as values, as the edges have them: what a test writes down and compares.

use jiff::Timestamp;
use lanyard_compiler::model::state::{Attributes, Planned, Retired};
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::{self, Renewal};
use lanyard_compiler::value::Value;

/// What a server said, typed or written down.
pub(crate) trait Said {
    fn said(self, kind: Kind) -> State;
}

impl Said for State {
    fn said(self, _: Kind) -> State {
        self
    }
}

impl Said for Value {
    fn said(self, kind: Kind) -> State {
        stored(kind, &self.known_part())
    }
}

fn stored(kind: Kind, value: &Value) -> State {
    State::read(kind, value).expect("a stored state")
}

fn token(value: &Value) -> State {
    stored(Kind::AccessToken, value)
}

fn planned(value: &Value) -> State<Planned> {
    State::read(Kind::AccessToken, value).expect("a planned state")
}

pub(crate) fn reconcile(kind: Kind, prior: &Value, observed: impl Said) -> Value {
    let prior = State::read_any(kind, prior).expect("a stored state");
    plan::reconcile(None, prior.as_ref(), observed.said(kind)).write()
}

pub(crate) fn settle(kind: Kind, state: impl Said, now: Timestamp) -> Value {
    plan::rotation::settle(None, state.said(kind), now).write()
}

pub(crate) fn conclude(
    kind: Kind,
    prior: &Value,
    planned: &Value,
    observed: impl Said,
    now: Timestamp,
) -> Value {
    let prior = State::read_any(kind, prior).expect("a stored state");
    let planned = State::read(kind, planned).expect("a planned state");
    plan::conclude(None, prior.as_ref(), &planned, observed.said(kind), now).write()
}

pub(crate) fn retire(state: impl Said, id: &str, at: Option<Timestamp>) -> Value {
    let mut state = state.said(Kind::AccessToken);
    state.retire(id, at);
    state.write()
}

pub(crate) fn forget(state: Value, id: &str) -> Value {
    let mut state = state.said(Kind::AccessToken);
    state.forget(id);
    state.write()
}

fn renewal(prior: &Value, after: &Value) -> Renewal {
    if prior.is_null() || after.is_null() {
        return Renewal::No;
    }
    let (prior, after): (State, _) = (token(prior), planned(after));
    Renewal::of::<_, Planned>(Some(&*prior as &Attributes), &after)
}

/// True if a secret comes with an update.
pub(crate) fn rotates(prior: &Value, after: &Value) -> bool {
    renewal(prior, after).brings_secret()
}

pub(crate) fn waits_for_the_clock(prior: &Value, after: &Value) -> bool {
    renewal(prior, after) == Renewal::Open
}

pub(crate) fn revokes(prior: &Value, after: &Value) -> Vec<String> {
    let prior = token(prior);
    let ids = plan::revokes(&prior, &planned(after));
    ids.into_iter().map(str::to_owned).collect()
}

pub(crate) fn retired(state: &Value) -> Vec<Retired> {
    token(state).retired().to_vec()
}
