//! What the base asks for, as the state of an object that was made of it.

use jiff::Timestamp;

use super::Resource;
use super::addresses::Called;
use crate::comparison::ignore_changes;
use crate::model::access_token::Status;
use crate::model::schema::{Body, Presence};
use crate::model::server::Naming;
use crate::model::state::Stored;
use crate::model::{Kind, Lifetime, State, facts};
use crate::plan::{Change, Reason, plan_resource};
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// Stands for an id or a name while something is planned with it.
const NOT_KNOWN: &str = "(not known)";

/// Likewise for the time at which a secret was issued. What follows from it is never told.
const ISSUED: Timestamp = Timestamp::UNIX_EPOCH;

/// A state to plan with, and what has to be unlearned after that.
pub(super) struct Prior {
    pub(super) state: Value,
    /// The configuration that it is planned with.
    pub(super) config: Value,
    /// What the base says and is not known, with what the head says in its place if that is the same, or nobody knows.
    unknown: Vec<(AttributePath, Value, Option<Value>)>,
    /// What only a server tells; true where a configuration never says it.
    computed: Vec<(AttributePath, bool)>,
}

impl Prior {
    pub(super) fn of(base: &Resource<'_>, head: &Resource<'_>, called: &Called<'_>) -> Self {
        let kind = base.kind;
        let created = plan_resource(kind, base.server, &Value::Null, &base.instance.config).planned;
        let computed = computed(kind, &base.instance.config, &created);
        let mut state = made(base, &created);
        let mut config = head.instance.config.clone();
        let mut unknown = Vec::new();
        for path in not_known(&facts::schema(kind).body, &base.instance.config) {
            let before = base
                .instance
                .config
                .at(&path)
                .cloned()
                .unwrap_or(Value::Unknown);
            let stand_in = stand_in(&path, &before);
            if let Some(place) = state.at_mut(&path) {
                *place = stand_in.clone();
            }
            let same = is_same(&path, base, head, called);
            let after = config.at_mut(&path).filter(|_| same);
            let after = after.map(|place| std::mem::replace(place, stand_in));
            unknown.push((path, before, after));
        }
        ignore_changes(&head.instance.lifecycle.ignore_changes, &state, &mut config);
        Self {
            state,
            config,
            unknown,
            computed,
        }
    }

    /// Takes back all that was only assumed.
    pub(super) fn forget(&self, change: &mut Change) {
        change.fields_mut();
        self.forget_times(change);
        for (path, always) in &self.computed {
            let kept = change.prior.at(path) == change.planned.at(path);
            set(&mut change.prior, path, Value::Unknown);
            if kept {
                set(&mut change.planned, path, Value::Unknown);
            }
            let fields = change.fields_mut().iter_mut();
            for field in fields.filter(|field| field.path.is_within(path)) {
                field.before = Value::Unknown;
                if *always {
                    field.after = Value::Unknown;
                }
            }
        }
        for (path, before, after) in &self.unknown {
            set(&mut change.prior, path, before.clone());
            if let Some(after) = after {
                set(&mut change.planned, path, after.clone());
            }
            let fields = change.fields_mut().iter_mut();
            for field in fields.filter(|field| field.path.is_within(path)) {
                field.before = Value::Unknown;
            }
        }
    }
}

impl Prior {
    /// What follows from a time of issue that nobody here knows, where the configuration does not say it.
    fn forget_times(&self, change: &mut Change) {
        for name in ["issued_at", "expires_at", "rotate_at"] {
            let path = AttributePath::attribute(name);
            let is_assumed = |side: &Value| side.at(&path).is_some_and(|time| !time.is_null());
            if !self.config.get(name).is_null() || !is_assumed(&change.planned) {
                continue;
            }
            set(&mut change.planned, &path, Value::Unknown);
            let mut fields = change.fields_mut().iter_mut();
            if let Some(field) = fields.find(|field| field.path == path) {
                field.after = Value::Unknown;
            }
        }
        let ttl = self.config.get("ttl").as_str();
        let end = ttl.and_then(|ttl| Lifetime::parse(ttl).ok()?.after(ISSUED));
        let Some(end) = end.map(|end| format!("ends {end}")) else {
            return;
        };
        for reason in &mut change.reasons {
            if let Reason::PossibleRotation { why } = reason {
                *why = why.replace(&end, "ends earlier");
            }
        }
    }
}

/// What a server tells of an object that was created, and no configuration: always, or because this one leaves it to the server.
fn computed(kind: Kind, config: &Value, created: &Value) -> Vec<(AttributePath, bool)> {
    let attributes = facts::schema(kind).body.attributes.iter();
    attributes
        .map(|attribute| {
            let always = attribute.presence == Presence::Computed;
            (AttributePath::attribute(&attribute.name), always)
        })
        .filter(|(path, always)| {
            let is_there = created.at(path).is_some_and(|value| !value.is_null());
            let is_open = created.at(path).is_some_and(Value::is_unknown);
            let is_left = config.at(path).is_none_or(Value::is_null);
            is_there && (*always || is_open && is_left)
        })
        .collect()
}

fn set(object: &mut Value, path: &AttributePath, value: Value) {
    if let Some(place) = object.at_mut(path) {
        *place = value;
    }
}

/// The state of what was created: what is not known there is absent, but for what planning builds on.
fn made(base: &Resource<'_>, created: &Value) -> Value {
    let Ok(mut state) = State::<Stored>::read(base.kind, &created.known_part()) else {
        return Value::Null;
    };
    state.id = Some(id_of(base, &state).unwrap_or_else(|| NOT_KNOWN.to_owned()));
    state.rotation_due = Some(false);
    let secret = created.at(&AttributePath::attribute("token"));
    if secret.is_some_and(Value::is_unknown) {
        state.token = Some(Secret::new(""));
    }
    let encrypted = created.at(&AttributePath::attribute("encrypted_token"));
    if encrypted.is_some_and(Value::is_unknown) {
        state.encrypted_token = Some(NOT_KNOWN.to_owned());
    }
    if state.holds_secret() {
        state.generation = Some(1);
    }
    if base.kind == Kind::AccessToken {
        let end = state.ttl.as_ref().and_then(|ttl| ttl.value().after(ISSUED));
        if let (None, Some(end)) = (&state.expires_at, end) {
            state.expires_at = Some(end.into());
        }
        state.issued_at = Some(ISSUED.into());
        state.status = Some(Status::Active);
        state.retired = Some(Vec::new());
    }
    state.write()
}

/// As far as planning asks for it: that an address was made of the name. OpenObserve's ids begin with the organization.
fn id_of(base: &Resource<'_>, made: &State<Stored>) -> Option<String> {
    match made.capabilities(base.server?).naming {
        Naming::Address { address, .. } if made.email.is_none() => {
            let organization = "default";
            let address = address(made.name.as_deref()?, organization);
            Some(format!("{organization}/{address}"))
        }
        _ => None,
    }
}

/// Everything in a configuration that is not wholly known, attribute by attribute.
fn not_known(body: &Body, config: &Value) -> Vec<AttributePath> {
    let mut found = Vec::new();
    collect(body, config, &AttributePath::root(), &mut found);
    found
}

fn collect(body: &Body, config: &Value, path: &AttributePath, found: &mut Vec<AttributePath>) {
    for attribute in &body.attributes {
        if !config.get(&attribute.name).is_wholly_known() {
            found.push(path.then(&attribute.name));
        }
    }
    for block in &body.blocks {
        let path = path.then(&block.name);
        match config.get(&block.name) {
            Value::Unknown => found.push(path),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(&block.body, item, &path.index(index), found);
                }
            }
            single @ Value::Map(_) => collect(&block.body, single, &path, found),
            _ => {}
        }
    }
}

/// The known part; a name and an owner that are not known are there all the same.
fn stand_in(path: &AttributePath, value: &Value) -> Value {
    let is_there = ["name", "service_account"]
        .map(AttributePath::attribute)
        .contains(path);
    match value {
        Value::Unknown if is_there => NOT_KNOWN.into(),
        other => other.known_part(),
    }
}

/// True if both revisions say the same of what is not known.
fn is_same(
    path: &AttributePath,
    base: &Resource<'_>,
    head: &Resource<'_>,
    called: &Called<'_>,
) -> bool {
    let is_known = head
        .instance
        .config
        .at(path)
        .is_none_or(Value::is_wholly_known);
    if is_known {
        return false;
    }
    let said = [base, head].map(|resource| resource.said_at(path));
    called.agrees(path, [&said[0], &said[1]])
}
