//! One resource: create, update, rotate, replace or delete, and every value of the state to come.

mod consequences;
mod disabled;
mod due;
mod new_object;
mod past;
mod replace;
mod secret;

use std::borrow::Cow;
use std::ops::Deref;

use jiff::Timestamp;

pub(super) use disabled::comes_back;
use due::Decision;
pub use past::past_end;
pub use replace::{may_come_back, replaces_what_stays};
use secret::set_secret;

use super::diff::{differences, merge};
use super::left_out::{not_told_apart, with_secrets};
use super::not_working::NotWorking;
use super::written::{set_by_the_server, written};
use super::{Action, PlannedResource, Reason, expiry};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::checks;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, DeleteCapability, ResourceCapabilities};
use crate::model::state::{Form, Open, Planned, State, Stored};
use crate::value::{AttributePath, Value};

/// Plans one resource. `server` is `None` while the provider's settings are not known; `prior` is null for a creation and
/// `config` for a deletion. Whatever the configuration leaves unknown stays unknown.
pub fn plan_resource(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> PlannedResource {
    planned(kind, server, prior, config, |case| {
        case.checked(case.plan())
    })
}

/// Likewise, for who has the configuration checked as it was written (see [`checks::validate`]), before `ignore_changes` put the
/// state's values into it: of a new object that replaces another, nothing tells any more which these are. What an apply finds out is kept
/// in a state. `is_in_doubt`: it was read at another address than before, and nothing shows that it is the same there.
pub fn plan_validated(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    is_in_doubt: bool,
) -> PlannedResource {
    planned(kind, server, prior, config, |mut case| {
        case.keeps_state = true;
        case.is_in_doubt = is_in_doubt;
        let mut planned = case.plan();
        planned.restrictable = case.restrictable();
        let problems = set_by_the_server(kind, server, prior, &case.given.1);
        planned.diagnostics.extend(problems);
        planned
    })
}

/// What happens to a resource for a reason that lies outside it; the text says which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forced {
    /// A new object is made, although nothing about the resource itself asks for it.
    Replacement(String),
    /// A new secret is issued, whatever its rotation block says.
    Reissue(String),
}

/// Plans a resource that exists, and to which something happens that it does not ask for.
pub fn plan_forced(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    forced: &Forced,
) -> PlannedResource {
    planned(kind, server, prior, config, |mut case| {
        let why = match forced {
            Forced::Replacement(why) => why,
            Forced::Reissue(why) => {
                case.reissue = Some(why);
                return case.checked(case.plan());
            }
        };
        let mut planned = case.plan();
        if planned.action != Action::Replace
            && let Some(existing) = case.existing()
        {
            planned = existing.replacement(Vec::new());
        }
        let reason = Reason::Replacement {
            path: AttributePath::root(),
            why: why.clone(),
        };
        planned.reasons.insert(0, reason);
        case.checked(planned)
    })
}

/// Likewise, as of `now`: what planning leaves open, because only the clock at the time of an apply can tell, is decided.
pub fn plan_at(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    now: Timestamp,
) -> PlannedResource {
    planned(kind, server, prior, config, |mut case| {
        case.now = Some(now);
        case.keeps_state = true;
        case.checked(case.plan())
    })
}

/// Why a secret that was handed to somebody, so that no state holds it, has to be issued anew: it died, and nothing else would renew
/// it. `None` for one that works, that is disabled, or whose end a rotation cannot move.
pub fn died(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
) -> Option<String> {
    if kind != Kind::AccessToken || config.is_null() {
        return None;
    }
    // Most work.
    NotWorking::of(&State::<Stored>::read_any(kind, prior).ok()??)?;
    Case::new(kind, server, prior, config)
        .ok()?
        .existing()?
        .died()
}

/// The plan for a configuration, a deletion where there is none, or nothing where one of the two cannot be read.
fn planned<'a>(
    kind: Kind,
    server: Option<&'a Capabilities>,
    prior: &'a Value,
    config: &'a Value,
    plan: impl FnOnce(Case<'a>) -> PlannedResource,
) -> PlannedResource {
    if config.is_null() {
        return deletion(kind, server, prior);
    }
    match Case::new(kind, server, prior, config) {
        Ok(case) => plan(case),
        Err(unreadable) => unplannable(kind, server, prior, config, unreadable),
    }
}

/// Nothing can be planned: what is wrong with the configuration says it better than that it cannot be read.
fn unplannable(
    kind: Kind,
    server: Option<&Capabilities>,
    prior: &Value,
    config: &Value,
    unreadable: Diagnostic,
) -> PlannedResource {
    let action = if prior.is_null() {
        Action::Create
    } else {
        Action::Update
    };
    let merged = merge(&facts::schema(kind).body, config, prior);
    let mut plan = PlannedResource::new(action, merged);
    plan.prior = State::read_any(kind, prior).ok().flatten();
    plan.diagnostics = checks::validate(kind, server, config);
    plan.diagnostics.retain(Diagnostic::is_error);
    if plan.diagnostics.is_empty() {
        plan.diagnostics.push(unreadable);
    }
    plan
}

fn deletion(kind: Kind, server: Option<&Capabilities>, prior: &Value) -> PlannedResource {
    let mut plan = PlannedResource::new(Action::Delete, Value::Null);
    if prior.is_null() {
        plan.action = Action::NoOp;
        return plan;
    }
    let delete = server.map(|server| kind.capabilities_for(server, prior).delete);
    if kind == Kind::ServiceAccount {
        let tokens = Reason::tokens_end("its access tokens", server, delete);
        plan.reasons.extend(tokens);
    }
    plan.diagnostics.extend(delete.and_then(leaves_something));
    plan
}

/// What is said of a deletion after which something is there still.
pub(crate) fn leaves_something(delete: DeleteCapability) -> Option<Diagnostic> {
    match delete {
        DeleteCapability::Disables { warning } | DeleteCapability::Leaves { warning } => Some(
            Diagnostic::warning(
                Code::DeletionLeavesSomething,
                "Destroying leaves something behind",
            )
            .detail(warning),
        ),
        DeleteCapability::Deletes | DeleteCapability::DeletesAlone => None,
    }
}

/// A configuration and what there is of it.
struct Case<'a> {
    kind: Kind,
    server: Option<&'a Capabilities>,
    capabilities: Option<&'a ResourceCapabilities>,
    prior: Option<State>,
    config: State<Planned>,
    /// Both as they were given, for what is done alike with every attribute; the configuration with what it leaves to the object there is.
    given: (&'a Value, Cow<'a, Value>),
    /// The configuration as it is written: all that a new object is made of.
    of_new: &'a Value,
    /// Why a new secret is issued whatever else is decided.
    reissue: Option<&'a str>,
    /// What the configuration does not tell apart.
    not_told_apart: Option<Diagnostic>,
    /// `None` when planning: the apply has the clock.
    now: Option<Timestamp>,
    /// What an apply finds out stays known.
    keeps_state: bool,
    /// It may be at another server than before, where its secret works on.
    is_in_doubt: bool,
}

impl<'a> Case<'a> {
    fn new(
        kind: Kind,
        server: Option<&'a Capabilities>,
        prior: &'a Value,
        written: &'a Value,
    ) -> Result<Self, Diagnostic> {
        let given = (prior, with_secrets(kind, prior, written));
        let not_told_apart = not_told_apart(kind, prior, written);
        let config = State::<Planned>::read(kind, &given.1)?;
        let prior = State::read_any(kind, prior)?;
        Ok(Self {
            kind,
            server,
            capabilities: server.map(|server| config.capabilities(server)),
            prior,
            config,
            given,
            of_new: written,
            reissue: None,
            not_told_apart,
            now: None,
            keeps_state: false,
            is_in_doubt: false,
        })
    }

    fn existing(&self) -> Option<Existing<'_>> {
        let prior = self.prior.as_ref()?;
        Some(Existing { case: self, prior })
    }

    fn plan(&self) -> PlannedResource {
        match self.existing() {
            None => self.create(),
            Some(existing) => existing.update(),
        }
    }

    fn restrictable(&self) -> bool {
        self.server.is_none_or(Capabilities::restricts)
    }

    /// With what is wrong about the configuration.
    fn checked(&self, mut planned: PlannedResource) -> PlannedResource {
        planned.restrictable = self.restrictable();
        // Of what is replaced no block stays.
        let not_told_apart = self.not_told_apart.clone();
        let stays = planned.action != Action::Replace;
        planned.diagnostics.extend(not_told_apart.filter(|_| stays));
        let written = self.prior.as_ref().map_or_else(
            || Cow::Borrowed(&*self.given.1),
            |prior| Cow::Owned(written(self.capabilities, prior, &self.config)),
        );
        let errors = checks::validate(self.kind, self.server, &written)
            .into_iter()
            .filter(Diagnostic::is_error);
        planned.diagnostics.extend(errors);
        planned
    }

    /// Configuration over prior state, attribute by attribute.
    fn merged(&self, prior: &Value) -> State<Planned> {
        let is_new = prior.is_null();
        let config = if is_new { self.of_new } else { &self.given.1 };
        let mut merged = merge(&facts::schema(self.kind).body, config, prior);
        if is_new {
            self.leave_out_unsupported(&mut merged);
        }
        // Both were read, so it can be.
        let read = State::<Planned>::read(self.kind, &merged);
        let mut planned = read.unwrap_or_else(|_| self.config.clone());
        self.set_unrestricted(&mut planned);
        planned
    }

    /// What the server neither takes nor gives is null from the start.
    fn leave_out_unsupported(&self, merged: &mut Value) {
        let (Some(capabilities), Value::Map(entries)) = (self.capabilities, merged) else {
            return;
        };
        let (_, config) = &self.given;
        for attribute in &facts::schema(self.kind).body.attributes {
            let name = attribute.name.as_str();
            let left_to_server =
                config.get(name).is_null() && capabilities.attribute(name).is_none();
            if left_to_server
                && let Some(place) = entries.get_mut(name).filter(|value| value.is_unknown())
            {
                *place = Value::Null;
            }
        }
    }

    fn set_unrestricted(&self, planned: &mut State<Planned>) {
        if self.kind == Kind::ServiceAccount && self.config.unrestricted.is_null() {
            planned.unrestricted = match &planned.restriction {
                Open::Unknown => Open::Unknown,
                Open::Known(restriction) => Open::some(restriction.is_none()),
            };
        }
    }

    /// The server's name in a sentence.
    fn title(&self) -> &'static str {
        self.server.map_or("this server", |server| server.title)
    }
}

/// A configuration of something that exists.
#[derive(Clone, Copy)]
struct Existing<'a> {
    case: &'a Case<'a>,
    prior: &'a State,
}

impl<'a> Deref for Existing<'a> {
    type Target = Case<'a>;

    fn deref(&self) -> &Case<'a> {
        self.case
    }
}

/// A plan whose state is still being put together.
struct Draft {
    plan: PlannedResource,
    state: State<Planned>,
}

impl Draft {
    fn done(mut self, case: &Case<'_>) -> PlannedResource {
        self.plan.planned = self.state.write();
        self.plan.prior.clone_from(&case.prior);
        self.plan.state = Some(self.state);
        self.plan
    }
}

impl Existing<'_> {
    fn update(&self) -> PlannedResource {
        let before = self.given.0;
        let mut state = self.merged(before);
        if self.kind == Kind::AccessToken {
            state.expires_at = expiry::of_existing(self.capabilities, &self.config, self.prior);
        }
        let same_secret = self.stays_disabled(&mut state);

        let shown = state.write();
        let differences = differences(&facts::schema(self.kind).body, before, &shown);
        let replacements = self.replacements(&differences);
        if !replacements.is_empty() {
            return self.replacement(replacements);
        }
        self.move_id(&differences, &mut state);
        let plan = PlannedResource::new(Action::Update, Value::Null);
        let mut draft = Draft { plan, state };
        match self.decide_rotation(&differences, &draft.state, &shown) {
            Decision::Keep => {
                self.keep_secret(&mut draft);
                let dead = self.stays_dead(&draft);
                draft.plan.diagnostics.extend(dead);
            }
            Decision::Rotate { .. } if self.hands_over() => {
                set_secret(&self.config, &mut draft.state);
            }
            // The apply cannot turn an update into a replacement: what may have to be replaced is.
            Decision::Rotate { why, .. } | Decision::Perhaps(why) if self.cannot_rotate() => {
                let secret = if self.config.recipient.value().is_some() {
                    "encrypted_token"
                } else {
                    "token"
                };
                return self.replacement(vec![(AttributePath::attribute(secret), why)]);
            }
            Decision::Perhaps(why) => {
                let warning = self.may_rotate(&draft.state);
                draft.plan.diagnostics.extend(warning);
                self.rotate(&mut draft.state, Open::Unknown, Open::Unknown);
                draft.plan.reasons.push(Reason::PossibleRotation { why });
            }
            Decision::Rotate { why, more } => {
                let generation = self.prior.generation.unwrap_or(1).saturating_add(1);
                let shown = if more {
                    Open::Unknown
                } else {
                    Open::some(secret::told_apart(&why, generation, self.prior))
                };
                self.rotate(&mut draft.state, Open::some(generation), shown);
                draft.plan.reasons.push(Reason::Rotation { why });
            }
        }
        let of_account = self.stays_with_its_account(&draft.state);
        draft.plan.diagnostics.extend(of_account);
        draft.plan.diagnostics.extend(same_secret);
        self.add_cascade(&mut draft);
        self.add_revocations(&mut draft);
        self.end_grace(&mut draft);
        self.begin_grace(&mut draft);
        self.leave_grace_open(&mut draft);
        let mut plan = draft.done(self);
        if plan.planned == *before {
            plan.action = Action::NoOp;
            // What is equal is kept once.
            plan.planned = before.clone();
        }
        plan
    }
}

impl PlannedResource {
    /// A plan that is all in its planned value.
    pub fn new(action: Action, planned: Value) -> Self {
        Self {
            action,
            prior: None,
            state: None,
            planned,
            requires_replace: Vec::new(),
            reasons: Vec::new(),
            diagnostics: Vec::new(),
            restrictable: true,
        }
    }

    /// Plans other roles, as something outside the resource decides.
    pub fn set_roles(&mut self, roles: Value) {
        let (Some(state), Some(entries)) = (&self.state, self.planned.as_map_mut()) else {
            return;
        };
        entries.insert("roles", roles);
        // It was read before.
        self.state = State::read(state.kind(), &self.planned).ok();
    }
}

/// A resource in a sentence.
pub(super) fn name_of<F: Form>(state: &State<F>) -> String {
    F::known(&state.name)
        .and_then(Option::as_ref)
        .map_or_else(|| "It".to_owned(), |name| format!("{name:?}"))
}
