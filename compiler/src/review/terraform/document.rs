//! The JSON of a plan as Terraform and OpenTofu write it. Fields that we do not know are theirs to add; a word that we do not know
//! where we know the words is an error: what it means for a credential cannot be told.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::clear::{OutputChange, stand_in};
use super::prior_state::PriorState;
use super::said::{Said, said};
use super::signs_in::Variable;
use super::values::{either, object, strangers};
use crate::language::PREFIX;
use crate::model::action::ActionKind;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::secret::Secret;
use crate::value::Value;

#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default)]
    pub(super) format_version: String,
    pub(super) resource_changes: Option<Changes>,
    pub(super) resource_drift: Option<Changes>,
    #[serde(default, deserialize_with = "said")]
    pub(super) deferred_changes: Option<Vec<Json>>,
    #[serde(default, deserialize_with = "said")]
    pub(super) action_invocations: Option<Vec<Json>>,
    #[serde(default, deserialize_with = "said")]
    pub(super) deferred_action_invocations: Option<Vec<Json>>,
    #[serde(default, deserialize_with = "said")]
    pub(super) checks: Option<Vec<Json>>,
    #[serde(default)]
    pub(super) errored: bool,
    /// When the plan was made.
    #[serde(default)]
    pub(super) timestamp: Json,
    pub(super) complete: Option<bool>,
    pub(super) applyable: Option<bool>,
    #[serde(default, deserialize_with = "said")]
    pub(super) configuration: Json,
    pub(super) prior_state: Option<PriorState>,
    #[serde(default, deserialize_with = "said")]
    pub(super) variables: Option<BTreeMap<String, Variable>>,
    #[serde(default, deserialize_with = "said")]
    pub(super) output_changes: Option<BTreeMap<String, OutputChange>>,
    /// Only that they are there counts.
    pub(super) planned_values: Option<BTreeMap<String, IgnoredAny>>,
}

#[derive(Deserialize)]
pub(super) struct ResourceChange {
    pub(super) address: String,
    pub(super) previous_address: Option<String>,
    pub(super) deposed: Option<String>,
    pub(super) mode: Mode,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) action_reason: Option<ActionReason>,
    pub(super) change: Change,
    /// Both sides of one of our resources, in the shape of the schema.
    #[serde(skip)]
    pub(super) sides: Option<(Value, Value)>,
    /// The attributes of ours in it that this version does not know.
    #[serde(skip)]
    pub(super) strangers: BTreeSet<String>,
    /// What is sensitive of somebody else's.
    #[serde(skip)]
    pub(super) secrets: Vec<Secret>,
    /// See [`Self::outline`]; as text, since in memory JSON takes many times its room, and few are ever looked at.
    #[serde(skip)]
    outline: Rc<str>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mode {
    Managed,
    Data,
    Ephemeral,
}

#[derive(Deserialize)]
pub(super) struct Change {
    pub(super) actions: Vec<Verb>,
    #[serde(default)]
    pub(super) replace_paths: Json,
    pub(super) importing: Option<Importing>,
}

/// What a change holds of the resource, which may be anything: most of a plan's text, so it is taken out of it as it is.
struct Values {
    before: Json,
    after: Json,
    unknown: Json,
    was_sensitive: Json,
    sensitive: Json,
}

impl Values {
    /// Out of an entry of `resource_changes`.
    fn taken(entry: &mut Json) -> Self {
        let mut change = entry.get_mut("change");
        let mut take = |name: &str| {
            let place = change.as_mut().and_then(|change| change.get_mut(name));
            place.map(Json::take).unwrap_or_default()
        };
        Self {
            before: take("before"),
            after: take("after"),
            unknown: take("after_unknown"),
            was_sensitive: take("before_sensitive"),
            sensitive: take("after_sensitive"),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verb {
    NoOp,
    Create,
    Read,
    Update,
    Delete,
    Forget,
    Open,
    Renew,
    Close,
}

#[derive(Deserialize)]
pub(super) struct Importing {
    pub(super) id: Option<String>,
    pub(super) identity: Option<Json>,
}

/// Terraform's reasons, and OpenTofu's.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionReason {
    ReplaceBecauseCannotUpdate,
    ReplaceBecauseTainted,
    ReplaceByRequest,
    ReplaceByTriggers,
    DeleteBecauseNoResourceConfig,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    DeleteBecauseNoModule,
    DeleteBecauseNoMoveTarget,
    DeleteBecauseEnabledFalse,
    // OpenTofu 1.12.6: `internal/command/jsonplan/plan.go` of its public source.
    ForgotBecauseLifecycleDestroyInConfig,
    ForgotBecauseLifecycleDestroyInState,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    ReadBecauseCheckNested,
}

#[derive(Deserialize)]
pub(super) struct Deferred {
    pub(super) reason: Option<DeferredReason>,
    pub(super) resource_change: Option<ResourceChange>,
    pub(super) action_invocation: Option<Invocation>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeferredReason {
    Unknown,
    InstanceCountUnknown,
    ResourceConfigUnknown,
    ProviderConfigUnknown,
    AbsentPrereq,
    DeferredPrereq,
    // Terraform's after 1.15: `internal/command/jsonplan/plan.go` and `internal/command/views/json` of its public source.
    Excluded,
    ExcludedPrereq,
    NotIncluded,
}

/// Reads every entry of a list of what is put off.
///
/// # Errors
///
/// One is not understood.
pub(super) fn put_off(list: Option<Vec<Json>>, name: &str) -> Result<Vec<Deferred>, String> {
    let entries = list.unwrap_or_default().into_iter().enumerate();
    let read = |(index, mut entry): (usize, Json)| {
        let values = entry.get_mut("resource_change").map(Values::taken);
        let mut deferred: Deferred = one(index, entry)?;
        let change = deferred.resource_change.take().zip(values);
        let digested = change.map(|(change, values)| change.digest(values, index));
        deferred.resource_change = digested.transpose()?;
        Ok(deferred)
    };
    let tell = |mistake: Mistake| mistake.tell(name);
    entries.map(|entry| read(entry).map_err(tell)).collect()
}

#[derive(Deserialize)]
pub(super) struct Invocation {
    pub(super) address: String,
    #[serde(rename = "type")]
    pub(super) kind: ActionType,
    #[serde(default)]
    pub(super) config_values: Json,
    #[serde(default)]
    pub(super) config_sensitive: Json,
    #[serde(default)]
    pub(super) config_unknown: Json,
    pub(super) lifecycle_action_trigger: Option<LifecycleTrigger>,
    /// Only that it is there counts.
    pub(super) invoke_action_trigger: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct LifecycleTrigger {
    pub(super) triggering_resource_address: String,
}

/// Whose action it is.
#[derive(Clone, Copy)]
pub(super) enum ActionType {
    Ours(ActionKind),
    Others,
}

impl<'de> Deserialize<'de> for ActionType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let kind = ActionKind::ALL
            .into_iter()
            .find(|kind| kind.type_name() == name);
        match kind {
            Some(kind) => Ok(Self::Ours(kind)),
            None if name.starts_with(PREFIX) => Err(unknown_type(&name)),
            None => Ok(Self::Others),
        }
    }
}

/// What something of ours does that we do not know, nobody here can tell.
fn unknown_type<E: serde::de::Error>(name: &str) -> E {
    E::custom(format_args!("unknown type {name:?}"))
}

#[derive(Deserialize)]
pub(super) struct Check {
    pub(super) address: CheckAddress,
    pub(super) status: CheckStatus,
    pub(super) instances: Option<Vec<CheckInstance>>,
}

#[derive(Deserialize)]
pub(super) struct CheckAddress {
    pub(super) to_display: String,
}

#[derive(Deserialize)]
pub(super) struct CheckInstance {
    pub(super) problems: Option<Vec<Problem>>,
}

#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) message: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckStatus {
    Pass,
    Fail,
    Error,
    Unknown,
}

impl ResourceChange {
    /// What kind of ours it is, if it is one.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::from_type_name(&self.kind).filter(|_| self.mode == Mode::Managed)
    }

    /// Its own, and the one that it had before.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        let previous = self.previous_address.as_deref();
        std::iter::once(self.address.as_str()).chain(previous)
    }

    /// True if it is somebody else's and an apply changes it, or what the state says of it.
    pub(super) fn is_others_change(&self) -> bool {
        let is_called_otherwise = || {
            self.previous_address
                .as_ref()
                .is_some_and(|previous| *previous != self.address)
        };
        self.mode == Mode::Managed
            && self.kind().is_none()
            && (self.change.actions != [Verb::NoOp]
                || self.change.importing.is_some()
                || is_called_otherwise())
    }

    /// What of the planned values is set, with what stands in for each value; then what of them is not known yet, and what is sensitive.
    pub(super) fn outline(&self) -> [Json; 3] {
        serde_json::from_str(&self.outline).unwrap_or_default()
    }

    /// Reads what is ours and forgets the values: those of others concern nobody here.
    ///
    /// # Errors
    ///
    /// It is of a type of ours that we do not know.
    fn digest(mut self, values: Values, index: usize) -> Result<Self, Mistake> {
        let kind = self.kind();
        if kind.is_none() && self.mode == Mode::Managed && self.kind.starts_with(PREFIX) {
            return Err(Mistake {
                index,
                path: "type".to_owned(),
                problem: unknown_type(&self.kind),
                address: Some(self.address),
            });
        }
        let Values {
            before,
            mut after,
            mut unknown,
            was_sensitive,
            sensitive,
        } = values;
        if let Some(kind) = kind {
            let body = &facts::schema(kind).body;
            for (side, marks) in [(&before, &Json::Null), (&after, &unknown)] {
                strangers(body, side, marks, "", &mut self.strangers);
            }
            let hidden = either(&was_sensitive, &sensitive);
            let prior = object(body, &before, &hidden, &Json::Null);
            let planned = object(body, &after, &hidden, &unknown);
            self.sides = Some(beside(prior, planned));
        } else {
            hidden_texts(&before, &was_sensitive, &mut self.secrets);
            if after != before {
                hidden_texts(&after, &sensitive, &mut self.secrets);
            }
        }
        forget_marks(&mut unknown, &was_sensitive);
        forget_values(&mut after);
        self.outline = Json::from(vec![after, unknown, sensitive])
            .to_string()
            .into();
        Ok(self)
    }
}

/// Most of a plan does not change: both sides share what is the same.
fn beside(prior: Value, planned: Value) -> (Value, Value) {
    match (prior, planned) {
        (Value::Map(prior), Value::Map(planned)) => {
            let prior = prior.settled();
            let mut shared = prior.clone();
            for (name, value) in &planned {
                if prior.get(name) != Some(value) {
                    shared.insert(&**name, value.clone());
                }
            }
            (Value::Map(prior), Value::Map(shared))
        }
        sides => sides,
    }
}

/// Every text that is marked.
fn hidden_texts(json: &Json, marks: &Json, found: &mut Vec<Secret>) {
    match (json, marks) {
        (_, Json::Null | Json::Bool(false)) => {}
        (Json::String(text), Json::Bool(true)) => found.push(Secret::new(text.as_str())),
        (Json::Array(items), _) => {
            for (index, item) in items.iter().enumerate() {
                let marks = if *marks == true { marks } else { &marks[index] };
                hidden_texts(item, marks, found);
            }
        }
        (Json::Object(entries), _) => {
            for (name, item) in entries {
                let marks = if *marks == true { marks } else { &marks[name] };
                hidden_texts(item, marks, found);
            }
        }
        _ => {}
    }
}

/// Of what was sensitive and is not known yet Terraform does not say whether it still is: an outline says nothing of it.
fn forget_marks(unknown: &mut Json, was_sensitive: &Json) {
    match (unknown, was_sensitive) {
        (unknown, Json::Bool(true)) => *unknown = Json::Null,
        (Json::Array(items), Json::Array(marks)) => {
            let each = items.iter_mut().zip(marks);
            each.for_each(|(item, mark)| forget_marks(item, mark));
        }
        (Json::Object(entries), Json::Object(marks)) => {
            for (name, item) in entries {
                forget_marks(item, marks.get(name).unwrap_or(&Json::Null));
            }
        }
        _ => {}
    }
}

fn forget_values(json: &mut Json) {
    match json {
        Json::Null => {}
        Json::Array(items) => items.iter_mut().for_each(forget_values),
        Json::Object(entries) => entries.values_mut().for_each(forget_values),
        Json::Bool(_) | Json::Number(_) | Json::String(_) => *json = stand_in(json),
    }
}

/// A list of changes, each digested before the next one is read: the JSON of a plan takes many times the room of what is kept of it.
#[derive(Default)]
pub(super) struct Changes {
    read: Vec<ResourceChange>,
    /// The first entry that is not understood.
    mistake: Option<Mistake>,
}

impl Changes {
    pub(super) fn all(self, name: &str) -> Result<Vec<ResourceChange>, String> {
        match self.mistake {
            Some(mistake) => Err(mistake.tell(name)),
            None => Ok(self.read),
        }
    }
}

impl<'de> Deserialize<'de> for Changes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Changes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of changes")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut entries: S) -> Result<Changes, S::Error> {
        let mut changes = Changes::default();
        // Those of the instances of a block are the same mostly.
        let mut outlines: HashSet<Rc<str>> = HashSet::new();
        let mut index = 0;
        while let Some(Said(mut entry)) = entries.next_element()? {
            if changes.mistake.is_none() {
                let values = Values::taken(&mut entry);
                let read = one::<ResourceChange>(index, entry);
                match read.and_then(|change| change.digest(values, index)) {
                    Ok(mut change) => {
                        match outlines.get(&change.outline) {
                            Some(same) => change.outline = Rc::clone(same),
                            None => drop(outlines.insert(Rc::clone(&change.outline))),
                        }
                        changes.read.push(change);
                    }
                    Err(mistake) => changes.mistake = Some(mistake),
                }
            }
            index += 1;
        }
        Ok(changes)
    }
}

/// An entry of a list that is not understood.
struct Mistake {
    index: usize,
    path: String,
    address: Option<String>,
    problem: serde_json::Error,
}

impl Mistake {
    fn tell(&self, name: &str) -> String {
        let Self {
            index,
            path,
            address,
            problem,
        } = self;
        let whose = match address {
            Some(address) => format!(" ({address})"),
            None => String::new(),
        };
        format!(
            "`{name}[{index}].{path}`{whose} is not understood, perhaps a newer Lanyard knows it: {problem}"
        )
    }
}

fn one<T: DeserializeOwned>(index: usize, entry: Json) -> Result<T, Mistake> {
    let address = entry["address"].as_str().map(str::to_owned);
    serde_path_to_error::deserialize(entry).map_err(|error| Mistake {
        index,
        path: error.path().to_string(),
        address,
        problem: error.into_inner(),
    })
}

/// Reads every entry of a list; a mistake is told with its place.
pub(super) fn each<T: DeserializeOwned>(
    list: Option<Vec<Json>>,
    name: &str,
) -> Result<Vec<T>, String> {
    let entries = list.unwrap_or_default().into_iter().enumerate();
    entries
        .map(|(index, entry)| one(index, entry).map_err(|mistake| mistake.tell(name)))
        .collect()
}
