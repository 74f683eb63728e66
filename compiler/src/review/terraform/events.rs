//! What a plan tells beside its changes: drift, imports, moves, leftovers of replacements, and actions that are called.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value as Json;

use super::document::{ActionReason, ActionType, Invocation, ResourceChange};
use super::prior_state::Token;
use super::values::is_marked;
use super::{action, not_understood, stranger};
use crate::model::access_token::Status;
use crate::model::action::ActionKind;
use crate::model::server::{Api, Capabilities, RotationCapability, capabilities};
use crate::model::state::Shown;
use crate::model::{GracePeriod, Kind, Lifetime, State};
use crate::plan::change::Field;
use crate::plan::rotation::undated;
use crate::plan::{Action, Change, Former, NotWorking, Plan, PlannedResource};
use crate::review::accounts::{Accounts, Fate};
use crate::review::circumstances::{Aside, Circumstances, Course, Event, Manner, Reviewed};
use crate::review::old_secret::OwnEnd;
use crate::review::outside::moves_power;
use crate::review::words::{self, quoted};
use crate::value::{AttributePath, Value};

/// What happened outside, by address and deposed key.
pub(super) type Drifted = BTreeMap<(String, Option<String>), Change>;

/// # Errors
///
/// Something happened to an object of ours that is not understood.
pub(super) fn drifted(
    drift: &[ResourceChange],
    planned_addresses: &HashSet<&str>,
) -> Result<Drifted, String> {
    let mut found = Drifted::new();
    for json in drift {
        let Some(kind) = json.kind() else {
            continue;
        };
        // Objects change and vanish outside; nothing else of what a plan does happens there.
        let Some((action @ (Action::NoOp | Action::Update | Action::Delete), Manner::Plain)) =
            action(&json.change.actions)
        else {
            return Err(not_understood("resource_drift", json));
        };
        let (prior, planned) = json.sides.clone().unwrap_or_default();
        let planned = PlannedResource::new(action, planned);
        let mut change = Change::read(&*json.address, kind, prior, planned);
        if change.action != Action::NoOp {
            let strangers = json.strangers.iter().map(stranger);
            change.diagnostics.extend(strangers);
        }
        if change.action == Action::Update {
            // What a plan does about it is told there; one that only refreshes does nothing.
            if planned_addresses.contains(&*json.address) {
                change.fields_mut().retain(|field| !comes_due(kind, field));
            }
            if change.fields().is_empty() && json.strangers.is_empty() {
                change.action = Action::NoOp;
            }
        }
        found.insert((json.address.clone(), json.deposed.clone()), change);
    }
    Ok(found)
}

/// True for what time alone does: nobody did it. The secret of an account has no time: it is due where somebody replaced it.
fn comes_due(kind: Kind, field: &Field) -> bool {
    let (before, after) = (&field.before, &field.after);
    match field.path.to_string().as_str() {
        "rotation_due" => kind == Kind::AccessToken && after.as_bool() == Some(true),
        "status" => {
            let [before, after] = [before, after].map(|word| word.as_str().and_then(Status::parse));
            matches!(
                (before, after),
                (
                    Some(Status::Active),
                    Some(Status::Expiring | Status::Expired)
                ) | (Some(Status::Expiring), Some(Status::Expired))
            )
        }
        "retired" => match (before.as_list(), after.as_list()) {
            (Some(before), Some(after)) => {
                let mut sides = before.iter().zip(after);
                before.len() == after.len() && sides.all(|(before, after)| is_due(before, after))
            }
            _ => false,
        },
        _ => false,
    }
}

/// True if an old secret is the same but for a grace period that is over now.
fn is_due(before: &Value, after: &Value) -> bool {
    let due = AttributePath::attribute("due");
    let mut before = before.clone();
    if after.at(&due).and_then(Value::as_bool) == Some(true)
        && let Some(place) = before.at_mut(&due)
    {
        *place = true.into();
    }
    before == *after
}

/// The drift as asides; `writes` if the apply takes it into the state. `held` are the roles of accounts now, by their ids.
pub(super) fn drift(
    drifted: &Drifted,
    writes: bool,
    held: &HashMap<String, Vec<String>>,
    circumstances: &Circumstances,
) -> impl Iterator<Item = Aside> {
    drifted
        .iter()
        .filter(|(_, change)| change.action != Action::NoOp)
        .map(move |((address, _), change)| Aside {
            event: if writes {
                Event::Drift
            } else {
                Event::DriftOnly
            },
            address: address.clone(),
            text: match change.action {
                // A server that another address leads to, or a name that somebody changed, looks the same.
                Action::Delete => "is not found on this server any more; deleted outside, or living on elsewhere, managed by nobody"
                    .to_owned(),
                _ => what_happened(change, held, circumstances.api_of(address)),
            },
        })
}

/// Of what happened to live objects, what moved their power.
pub(super) fn moving_power(drifted: Drifted) -> impl Iterator<Item = Change> {
    let live = drifted.into_iter().filter(|((_, key), _)| key.is_none());
    live.map(|(_, change)| change)
        .filter(|change| change.action == Action::Update && moves_power(change))
}

/// What time did, and what somebody.
fn what_happened(change: &Change, held: &HashMap<String, Vec<String>>, api: Option<Api>) -> String {
    let fields = change.fields();
    let (due, changed): (Vec<&Field>, Vec<&Field>) = fields
        .iter()
        .partition(|field| comes_due(change.kind, field));
    let after = |field: &Field| field.after.as_str().and_then(Status::parse);
    let expired = due
        .iter()
        .any(|field| after(field) == Some(Status::Expired));
    let of = |name: &str| {
        let mut due = due.iter();
        due.any(|field| field.path.to_string() == name)
    };
    let now = change.seen_after();
    let end = now.and_then(|now| OwnEnd::of(&now, api));
    let end = end.map_or_else(String::new, |end| format!(" at {}", end.words));
    let mut told = Vec::new();
    let (replaced, changed): (Vec<&Field>, Vec<&Field>) = changed.into_iter().partition(|field| {
        change.kind == Kind::ServiceAccount
            && field.path.to_string() == "rotation_due"
            && field.after.as_bool() == Some(true)
    });
    let (followed, changed): (Vec<&Field>, Vec<&Field>) = changed
        .into_iter()
        .partition(|field| went_with_the_account(change, field, held));
    if !followed.is_empty() {
        told.push(format!(
            "has lost roles that its account does not have any more: {}",
            differences(&followed)
        ));
    }
    if !replaced.is_empty() {
        told.push(
            "was changed outside of this configuration: its server has another secret, and does not accept the one in the state any more".to_owned(),
        );
    }
    let (gone, changed): (Vec<&Field>, Vec<&Field>) = changed
        .into_iter()
        .partition(|field| went_with_an_old_secret(field, &fields));
    if let Some(gone) = gone.iter().find_map(|field| ended_outside(field)) {
        let these = gone.join(", ");
        told.push(format!(
            "has no old secret {these} on its server any more, and an apply only takes it out of the state"
        ));
    }
    if !changed.is_empty() {
        told.push(format!(
            "was changed outside of this configuration: {}",
            differences(&changed)
        ));
    }
    if expired {
        told.push(format!(
            "has expired{end}: its secret does not work any more"
        ));
    } else if of("rotation_due") || of("status") {
        told.push("is due for rotation".to_owned());
    }
    if of("retired") {
        told.push("has an old secret whose grace period is over".to_owned());
    }
    told.join("; ")
}

/// The ids of old secrets that are gone, where nothing else happened to them.
fn ended_outside(retired: &Field) -> Option<Vec<String>> {
    let (before, after) = (retired.before.as_list()?, retired.after.as_list()?);
    let stays = |entry: &&Value| after.iter().any(|other| other == *entry);
    let (kept, gone): (Vec<&Value>, Vec<&Value>) = before.iter().partition(stays);
    let is_it = retired.path.to_string() == "retired" && kept.len() == after.len();
    let ids = gone.iter().map(|entry| entry.get("id").as_str());
    let ids: Vec<String> = ids.map(|id| id.map(quoted)).collect::<Option<_>>()?;
    (is_it && !ids.is_empty()).then_some(ids)
}

/// True for what says that old secrets are gone: they themselves, and the copy of the last one.
fn went_with_an_old_secret(field: &Field, all: &[Field]) -> bool {
    match field.path.to_string().as_str() {
        "retired" => ended_outside(field).is_some(),
        "previous_token" => {
            field.after.is_null() && all.iter().any(|one| ended_outside(one).is_some())
        }
        _ => false,
    }
}

/// True if a token only lost roles, all of which its account lost, too: whoever took them from that took them from this.
fn went_with_the_account(
    token: &Change,
    field: &Field,
    held: &HashMap<String, Vec<String>>,
) -> bool {
    let account = token.planned.get("service_account").as_str();
    let held = account.and_then(|account| held.get(account));
    let (Some(held), Some(before), Some(after)) =
        (held, field.before.as_list(), field.after.as_list())
    else {
        return false;
    };
    let mut lost = before.iter().filter(|role| !after.contains(role));
    let is_held = |role: &Value| {
        role.as_str()
            .is_none_or(|role| held.iter().any(|held| held == role))
    };
    token.kind == Kind::AccessToken
        && field.path.to_string() == "roles"
        && after.iter().all(|role| before.contains(role))
        && !lost.any(is_held)
}

fn differences(fields: &[&Field]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|field| match words::changes_hidden(field) {
            true => format!("{} (changed, hidden)", field.path),
            false => format!(
                "{} {} -> {}",
                field.path,
                words::value_before(&field.before, field.sensitive),
                words::value(&field.after, field.sensitive)
            ),
        })
        .collect();
    parts.join(", ")
}

/// How a change is brought about, and what has to be said of it.
pub(super) fn course(
    json: &ResourceChange,
    manner: Manner,
    drifted: &Drifted,
    planned: &PlannedResource,
) -> Course {
    let mut course = Course {
        manner,
        asked_for: matches!(
            json.action_reason,
            Some(ActionReason::ReplaceByRequest | ActionReason::ReplaceByTriggers)
        ),
        left_over: json.deposed.clone(),
        ..Course::default()
    };
    if let Some(key) = &json.deposed {
        course.notes.push(format!(
            "left over of an earlier replacement (deposed {key}); the live object of this address is another one"
        ));
    }
    if let Some(importing) = &json.change.importing {
        let by = match (&importing.id, &importing.identity) {
            (Some(id), _) => format!(" by the id {}", quoted(id)),
            (None, Some(identity)) => format!(" by the identity {}", identity_text(identity)),
            (None, None) => String::new(),
        };
        course.notes.push(format!("is imported{by}"));
        course.changes_state = true;
    }
    if let Some(previous) = json
        .previous_address
        .as_ref()
        .filter(|previous| **previous != json.address)
    {
        course.notes.push(format!("was called {previous}"));
        course.changes_state = true;
    }
    let key = (json.address.clone(), json.deposed.clone());
    if let Some(drift) = drifted.get(&key) {
        course.not_found = drift.action == Action::Delete && planned.action == Action::Create;
        course.notes.extend(what_is_put_back(drift, planned));
    }
    course
}

/// What this change only brings back to what it was before somebody else touched it.
fn put_back(drift: &Change, planned: &PlannedResource) -> Vec<String> {
    if (drift.action, planned.action) != (Action::Update, Action::Update) {
        return Vec::new();
    }
    drift
        .fields()
        .iter()
        .filter(|field| planned.planned.at(&field.path) == Some(&field.before))
        // What is only told of the secret nobody sets.
        .filter(|field| !matches!(field.path.to_string().as_str(), "rotation_due" | "status"))
        .map(|field| field.path.to_string())
        .collect()
}

fn what_is_put_back(drift: &Change, planned: &PlannedResource) -> Option<String> {
    if (drift.action, planned.action) == (Action::Delete, Action::Create) {
        return Some("takes the place of one that is not found on this server any more".to_owned());
    }
    let paths = put_back(drift, planned);
    (!paths.is_empty()).then(|| format!("puts back what was changed outside: {}", paths.join(", ")))
}

/// An identity's attributes as a configuration writes them.
fn identity_text(identity: &Json) -> String {
    let attributes = identity.as_object().into_iter().flatten();
    let attributes: Vec<String> = attributes
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name} = {}", quoted(text)),
            None => format!("{name} = {value}"),
        })
        .collect();
    attributes.join(", ")
}

/// What actions are called on.
pub(super) struct Called<'a> {
    /// The access tokens of the state, by their ids.
    pub(super) tokens: HashMap<String, Token>,
    pub(super) circumstances: &'a Circumstances,
    pub(super) plan: &'a Plan,
    /// How often the plan rotates each, by their addresses.
    pub(super) rotations: HashMap<String, usize>,
}

/// True where a rotation ends the former secret of the one before.
fn keeps_one(server: &Capabilities) -> bool {
    matches!(
        server.access_token.rotation,
        RotationCapability::Server { .. }
    )
}

impl<'a> Called<'a> {
    pub(super) fn of(
        tokens: HashMap<String, Token>,
        invocations: &[Invocation],
        reviewed: &'a Reviewed,
    ) -> Self {
        let rotates = |called: &&Invocation| {
            matches!(called.kind, ActionType::Ours(ActionKind::RotateAccessToken))
        };
        let called = invocations.iter().filter(rotates);
        let called = called.filter_map(|one| match argument(one, "access_token") {
            Ok(Argument::Is(id)) => tokens.get(id).map(|token| &token.address),
            _ => None,
        });
        let changes = reviewed.plan.changes.iter();
        let changes = changes.filter(|change| change.rotates());
        let mut rotations = HashMap::new();
        for address in called.chain(changes.map(|change| &change.address)) {
            *rotations.entry(address.clone()).or_default() += 1;
        }
        Self {
            tokens,
            circumstances: &reviewed.circumstances,
            plan: &reviewed.plan,
            rotations,
        }
    }

    /// True if it does so more than once, where that ends a secret to which the first rotation gave a grace period.
    fn rotates_again(&self, address: &str) -> bool {
        let is_again = self.rotations.get(address).is_some_and(|count| *count > 1);
        let api = self.circumstances.api_of(address);
        is_again && api.is_none_or(|api| keeps_one(capabilities(api)))
    }

    /// The changes that rotate what an action rotates as well.
    pub(super) fn rotated_again(&self, plan: &Plan) -> Vec<usize> {
        let changes = plan.changes.iter().enumerate();
        let again =
            changes.filter(|(_, change)| change.rotates() && self.rotates_again(&change.address));
        again.map(|(index, _)| index).collect()
    }

    /// Our own actions that the plan calls.
    ///
    /// # Errors
    ///
    /// One has an argument that is not understood.
    pub(super) fn invocations(&self, invocations: Vec<Invocation>) -> Result<Vec<Aside>, String> {
        let told = invocations.into_iter().filter_map(|invocation| {
            let ActionType::Ours(kind) = invocation.kind else {
                return None;
            };
            Some(self.told(kind, &invocation).map(|text| Aside {
                event: Event::Invocation,
                text,
                address: invocation.address,
            }))
        });
        told.collect()
    }

    fn told(&self, kind: ActionKind, invocation: &Invocation) -> Result<String, String> {
        let id = argument(invocation, "access_token")?;
        let found = match id {
            Argument::Is(id) => self.tokens.get(id).map(|found| (id, found)),
            Argument::Absent | Argument::Unknown | Argument::Hidden => None,
        };
        let address = found.map(|(_, token)| token.address.as_str());
        let token = match (id, address) {
            (Argument::Absent, _) => "(none)".to_owned(),
            (Argument::Unknown, _) => "(known after apply)".to_owned(),
            (Argument::Hidden, _) => "(sensitive)".to_owned(),
            (Argument::Is(id), Some(address)) => format!("{address}, {}", quoted(id)),
            (Argument::Is(id), None) => quoted(id),
        };
        let what = match kind {
            ActionKind::RevokeAccessToken => {
                let comma = if address.is_some() { "," } else { "" };
                format!("revokes the access token {token}{comma} at once")
            }
            ActionKind::RotateAccessToken => {
                let state = found.and_then(|(id, token)| token.state(id));
                let works = Works::after(invocation)?;
                let secrets = self.secrets(address, state.as_ref(), &works);
                format!("rotates the access token {token}: {secrets}")
            }
        };
        let by = match &invocation.lifecycle_action_trigger {
            Some(trigger) => {
                let by = &trigger.triggering_resource_address;
                format!(" (by `action_trigger` of {by})")
            }
            None if invocation.invoke_action_trigger.is_some() => " (by `-invoke`)".to_owned(),
            None => String::new(),
        };
        let users = address.map(|address| self.circumstances.uses.names_of(address));
        let users = users.unwrap_or_default();
        Ok(match users.is_empty() {
            true => format!("{what}{by}"),
            false => format!("{what}{by}; it is used by {}", users.join(", ")),
        })
    }

    /// What becomes of the secrets of a token that an action rotates. Its server says what is its former one, or may keep one.
    fn secrets(
        &self,
        address: Option<&str>,
        state: Option<&State<Shown>>,
        works: &Works,
    ) -> String {
        let api = self.circumstances.api_of(address.unwrap_or_default());
        let server = api.map(capabilities);
        let former = match state {
            Some(state) => Former::of(server, state, self.circumstances.now),
            None => server
                .is_none_or(keeps_one)
                .then_some(Former::Perhaps(None)),
        };
        let is_last = !address.is_some_and(|address| self.rotates_again(address));
        let current = works.words(is_last, None, None);
        let own = || {
            let state = state?;
            let end = works
                .grace()
                .and_then(|grace| OwnEnd::of(state, api)?.before(grace, self.circumstances.now));
            Some(works.words(is_last, end, self.kept_from_working(address, state)))
        };
        let found = state.is_some_and(|state| undated(state).next().is_some());
        match (state.and_then(NotWorking::of), former) {
            // What the server kept is the very secret of the state.
            (Some(NotWorking::ReplacedAndKept(_)), _) => format!(
                "the secret in the state, which was replaced elsewhere, ends at once, and the one in its place {current}"
            ),
            (Some(why @ NotWorking::Revoked), _) if !found => format!(
                "the secret in the state {}, and the one in its place {current}",
                why.words()
            ),
            (Some(why @ NotWorking::Expired), _) => format!("the old secret {}", why.words()),
            (_, former) => {
                let before = match former {
                    Some(Former::Kept(_)) => ", and the one before it ends at once",
                    Some(Former::Perhaps(_)) => {
                        "; one before it that the server may still keep ends at once"
                    }
                    None => "",
                };
                format!("the old secret {}{before}", own().unwrap_or(current))
            }
        }
    }

    /// What keeps the secrets of a token from working, by its state or by what the plan makes of that.
    fn kept_from_working(
        &self,
        address: Option<&str>,
        state: &State<Shown>,
    ) -> Option<&'static str> {
        let changes = self.plan.changes.iter().enumerate();
        let mut changes = changes.map(|(index, change)| (change, self.circumstances.course(index)));
        let accounts = Accounts::among(changes.clone(), self.circumstances);
        let planned = changes.find(|(change, _)| address == Some(&*change.address));
        match planned {
            Some((change, _)) => {
                let [before, after] = [change.seen_before(), change.seen_after()];
                let fate = accounts.fate(change, before.as_ref());
                words::kept_from_working(after.as_ref().or(before.as_ref()), fate)
            }
            None => words::kept_from_working(Some(state), Fate::of(state)),
        }
    }
}

/// How long a secret works that an action replaces.
enum Works {
    No,
    /// What was given for it is not known.
    Perhaps,
    UntilFirstUse,
    For(Lifetime),
}

impl Works {
    fn after(invocation: &Invocation) -> Result<Self, String> {
        let grace = match argument(invocation, "grace_period")? {
            Argument::Absent => return Ok(Self::No),
            Argument::Unknown | Argument::Hidden => return Ok(Self::Perhaps),
            Argument::Is(text) => GracePeriod::parse(text).map_err(|problem| {
                let address = &invocation.address;
                format!("{address}: the `grace_period` {} {problem}", quoted(text))
            })?,
        };
        Ok(match grace {
            GracePeriod::UntilFirstUse => Self::UntilFirstUse,
            length if length.is_none() => Self::No,
            GracePeriod::Lasts(length) => Self::For(length),
        })
    }

    fn grace(&self) -> Option<GracePeriod> {
        match self {
            Self::No | Self::Perhaps => None,
            Self::UntilFirstUse => Some(GracePeriod::UntilFirstUse),
            Self::For(length) => Some(GracePeriod::Lasts(*length)),
        }
    }

    /// `is_last`: no other rotation follows, which would end it.
    fn words(&self, is_last: bool, own_end: Option<String>, off: Option<&str>) -> String {
        let (until, most) = match is_last {
            true => ("until", ""),
            false => ("at most until", "at most "),
        };
        let how = match self {
            Self::No => return "ends at once".to_owned(),
            Self::Perhaps => return "may end at once".to_owned(),
            Self::UntilFirstUse => format!("{until} the first use of the new one"),
            Self::For(length) => format!("for {most}{length} more"),
        };
        let how = words::not_beyond(&how, own_end.as_deref());
        match off {
            Some(why) => format!("would work {how}, but {why}"),
            None => format!("works {how}"),
        }
    }
}

/// What an action is given.
#[derive(Clone, Copy)]
enum Argument<'a> {
    Absent,
    Unknown,
    Hidden,
    Is(&'a str),
}

fn argument<'a>(invocation: &'a Invocation, name: &str) -> Result<Argument<'a>, String> {
    let marked = |marks: &Json| *marks == true || is_marked(&marks[name]);
    if marked(&invocation.config_unknown) {
        return Ok(Argument::Unknown);
    }
    match &invocation.config_values[name] {
        Json::Null => Ok(Argument::Absent),
        _ if marked(&invocation.config_sensitive) => Ok(Argument::Hidden),
        Json::String(text) => Ok(Argument::Is(text)),
        _ => Err(format!(
            "{}: the `{name}` of the action is no text",
            invocation.address
        )),
    }
}
