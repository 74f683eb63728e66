//! A plan over many resources, as data: what changes, field by field, and why. Renderers and apply only read it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Deref;

use super::meaning::same;
use super::strange::strange_words;
use super::{Action, Forced, PlannedResource, Reason, Renewal, Takes, plan_forced, plan_resource};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Body, Format, Nesting};
use crate::model::server::Capabilities;
use crate::model::state::{Outline, Planned, Shown, State};
use crate::parallel;
use crate::redaction::KnownSecrets;
use crate::secret::Secret;
use crate::value::{AttributePath, Value};

/// Everything that an apply would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order of the configuration; what no configuration knows follows.
    pub changes: Vec<Change>,
}

/// A plan as whoever reads it may see it.
#[derive(Clone, Debug)]
pub struct Masked<'a>(Cow<'a, Plan>);

impl Deref for Masked<'_> {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.0
    }
}

/// What happens to one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// For example `lanyard_access_token.ci["eu"]`, or the object's id where no configuration knows it.
    pub address: String,
    pub kind: Kind,
    pub action: Action,
    pub requires_replace: Vec<AttributePath>,
    pub reasons: Vec<Reason>,
    pub diagnostics: Vec<Diagnostic>,
    /// Addresses that have to be applied before this one, and deleted after it.
    pub depends_on: Vec<String>,
    /// Where the secret goes, as far as the configuration shows: addresses of arguments and outputs.
    pub consumers: Vec<String>,
    /// Null for a creation.
    pub prior: Value,
    /// Null for a deletion.
    pub planned: Value,
    /// Null for a deletion.
    pub config: Value,
    /// False where the server knows no restrictions: their absence says nothing there.
    pub restrictable: bool,
    /// Attributes whose value the configuration marks as sensitive: changed and compared, never shown.
    pub hidden: BTreeSet<AttributePath>,
    /// What tells the secret that is there from another one, where nothing in `prior` does; only in a saved plan.
    pub trace: Option<String>,
    /// What somebody else made and a creation takes, where the server was asked.
    pub takes: Option<Takes>,
    /// What it does with the secret.
    renewal: Renewal,
    /// What outside the resource decides about it. No plan file has it: it follows from everything else.
    pub forced: Option<Forced>,
    /// What differs, where it does not follow from all else any more: a plan keeps no list of it for each of thousands.
    told: Option<Vec<Field>>,
}

/// Whether accounts there have a secret of their own; true where it is not known what kind of server it is.
pub(crate) fn accounts_have_secrets(server: Option<&Capabilities>) -> bool {
    server.is_none_or(|server| server.service_account.issues_secret)
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub path: AttributePath,
    pub before: Value,
    /// Unknown where the apply decides.
    pub after: Value,
    /// Never shown, whatever the values are.
    pub sensitive: bool,
    pub forces_replacement: bool,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub create: usize,
    pub update: usize,
    /// Of the updates, those that issue a new secret.
    pub rotate: usize,
    pub replace: usize,
    pub delete: usize,
    pub unchanged: usize,
}

impl Plan {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            let count = match change.action {
                Action::Create => &mut counts.create,
                Action::Update => &mut counts.update,
                Action::Replace => &mut counts.replace,
                Action::Delete => &mut counts.delete,
                Action::NoOp => &mut counts.unchanged,
            };
            *count += 1;
            counts.rotate += usize::from(change.rotates());
        }
        counts
    }

    /// The same for whoever reads it, without what the configuration marks as sensitive, and without the secrets that stand in clear
    /// where nobody marks them.
    pub fn masked(&self) -> Masked<'_> {
        let known = self.known_secrets();
        let shows = |change: &Change| !change.hidden.is_empty() || change.shows(&known);
        let changes: Vec<&Change> = self.changes.iter().collect();
        if !parallel::map(changes.clone(), shows).contains(&true) {
            return Masked(Cow::Borrowed(self));
        }
        let masked = |change: &Change| {
            let mut masked = change.masked();
            masked.hide_secrets(&known);
            masked
        };
        Masked(Cow::Owned(Self {
            changes: parallel::map(changes, masked),
        }))
    }

    /// The secrets of all that is changed or unchanged.
    pub fn known_secrets(&self) -> KnownSecrets {
        KnownSecrets::new(self.changes.iter().flat_map(Change::secrets).cloned())
    }

    /// True if an apply would do nothing.
    pub fn is_empty(&self) -> bool {
        self.changes
            .iter()
            .all(|change| change.action == Action::NoOp)
    }
}

impl Change {
    /// Says where its secret goes. Whoever refers to the secret of an account that has none gets nothing.
    pub fn used_by(
        &mut self,
        consumers: Vec<String>,
        account_has_secret: impl FnOnce(&Self) -> bool,
    ) {
        if self.kind == Kind::AccessToken || consumers.is_empty() || account_has_secret(self) {
            self.consumers = consumers;
        }
    }

    /// False if there is no secret before it and none after it, as far as its states tell.
    pub(crate) fn may_hold_secret(&self) -> bool {
        let may_hold = |state| State::<Shown>::may_hold_secret(self.kind, state);
        may_hold(&self.prior) || may_hold(&self.planned)
    }

    /// Describes a planned resource. Dependencies and consumers are the caller's to add.
    pub fn new(
        address: impl Into<String>,
        kind: Kind,
        prior: Value,
        config: Value,
        planned: PlannedResource,
    ) -> Self {
        let PlannedResource {
            action,
            prior: before,
            state: after,
            planned,
            requires_replace,
            reasons,
            diagnostics,
            restrictable,
        } = planned;
        let renewal = after.map_or(Renewal::No, |after| Renewal::of(before.as_deref(), &after));
        Self {
            address: address.into(),
            kind,
            action,
            requires_replace,
            reasons,
            diagnostics,
            depends_on: Vec::new(),
            consumers: Vec::new(),
            prior,
            planned,
            config,
            restrictable,
            hidden: BTreeSet::new(),
            trace: None,
            takes: None,
            renewal,
            forced: None,
            told: None,
        }
    }

    /// What differs, in the order of the schema. For a creation or deletion everything that is set.
    pub fn fields(&self) -> Cow<'_, [Field]> {
        match &self.told {
            Some(told) => told.into(),
            None => self.differences().into(),
        }
    }

    /// Likewise, to be told otherwise; it stays so whatever becomes of the action and of both states.
    pub fn fields_mut(&mut self) -> &mut Vec<Field> {
        let told = self.told.take().unwrap_or_else(|| self.differences());
        self.told.insert(told)
    }

    fn differences(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        if self.action != Action::NoOp {
            collect(
                &facts::schema(self.kind).body,
                &self.prior,
                &self.planned,
                &AttributePath::root(),
                &self.requires_replace,
                &mut fields,
            );
        }
        fields
    }

    /// Likewise, of a plan that somebody wrote down, where parts may be hidden.
    pub fn read(
        address: impl Into<String>,
        kind: Kind,
        prior: Value,
        planned: PlannedResource,
    ) -> Self {
        let seen = [&prior, &planned.planned].map(|state| State::read_any(kind, state));
        Self::read_as(seen, address, kind, prior, planned)
    }

    /// Likewise, where both states are read already.
    pub fn read_as(
        [before, after]: [Result<Option<State<Shown>>, Diagnostic>; 2],
        address: impl Into<String>,
        kind: Kind,
        prior: Value,
        planned: PlannedResource,
    ) -> Self {
        let mut change = Self::new(address, kind, prior, Value::Null, planned);
        match (before, after) {
            (Ok(_), Ok(None)) => change.renewal = Renewal::No,
            (Ok(before), Ok(Some(after))) => {
                change.renewal = Renewal::of(before.as_deref(), &after);
            }
            (Err(unreadable), _) | (Ok(_), Err(unreadable)) => {
                change.diagnostics.push(unreadable);
                return change;
            }
        }
        for state in [&change.prior, &change.planned] {
            for unreadable in strange_words(kind, state) {
                if !change.diagnostics.contains(&unreadable) {
                    change.diagnostics.push(unreadable);
                }
            }
        }
        change
    }

    /// Plans the same change again, now that more is known of its prior state or configuration.
    pub fn plan_again(
        &self,
        server: Option<&Capabilities>,
        prior: &Value,
        config: &Value,
    ) -> PlannedResource {
        let mut planned = match &self.forced {
            Some(forced) => plan_forced(self.kind, server, prior, config, forced),
            None => plan_resource(self.kind, server, prior, config),
        };
        // What its account leaves to a new secret is nothing that the resource itself says.
        if planned.action == Action::Update && self.rotates() && config.get("roles").is_null() {
            planned.set_roles(self.planned.get("roles").clone());
        }
        planned
    }

    /// Plans other roles, as something outside the resource decides.
    pub(crate) fn set_roles(&mut self, roles: Value) {
        self.told = None;
        if let Some(entries) = self.planned.as_map_mut() {
            entries.insert("roles", roles);
        }
    }

    /// True for an update that issues a new secret, or may.
    pub fn rotates(&self) -> bool {
        self.action == Action::Update && matches!(self.renewal, Renewal::Open | Renewal::Issued)
    }

    /// True for the end of an account that is not ours to delete: it stays, and so does what signs in as it.
    pub fn leaves_account(&self) -> bool {
        let mut problems = self.diagnostics.iter();
        self.kind == Kind::ServiceAccount
            && matches!(self.action, Action::Delete | Action::Replace)
            && problems.any(|problem| problem.code == Code::DeletionLeavesSomething)
    }

    /// True for an update that hands over the secret that the server shows again.
    pub fn hands_over(&self) -> bool {
        self.action == Action::Update && self.renewal == Renewal::HandedOver
    }

    /// What of it cannot be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Diagnostic> {
        let problems = self.diagnostics.iter();
        problems.filter(|problem| problem.code == Code::UnreadableState)
    }

    pub fn is_unreadable(&self) -> bool {
        self.unreadable().next().is_some()
    }

    /// The same for whoever reads it: what the configuration marks as sensitive is a secret on both sides.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut masked = self.clone();
        masked.fields_mut();
        for path in &self.hidden {
            for side in [&mut masked.prior, &mut masked.planned] {
                if let Some(place) = side.at_mut(path) {
                    hide(place);
                }
            }
            for field in masked.fields_mut() {
                if field.path.is_within(path) || path.is_within(&field.path) {
                    field.sensitive = true;
                    hide(&mut field.before);
                    hide(&mut field.after);
                }
            }
            // Words that name what is hidden.
            for reason in &mut masked.reasons {
                if matches!(reason, Reason::Cascade { .. }) && path.to_string() == "roles" {
                    *reason = Reason::tokens_lose_hidden();
                }
            }
        }
        masked
    }

    /// The secrets that are in it. A text that is encrypted is none.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let attributes = facts::schema(self.kind).body.attributes.iter();
        let attributes = attributes.filter(|attribute| attribute.sensitive);
        attributes
            .flat_map(|attribute| {
                let sides = [&self.prior, &self.planned];
                sides.map(|side| side.get(&attribute.name).as_secret())
            })
            .flatten()
    }

    /// True if a secret stands in it without a mark.
    pub(crate) fn shows(&self, known: &KnownSecrets) -> bool {
        known.stands_in(&self.prior)
            || self.planned != self.prior && known.stands_in(&self.planned)
            || known.stands_in(&self.config)
    }

    /// Hides secrets where they stand without a mark; where that is in what comes.
    pub fn hide_secrets(&mut self, known: &KnownSecrets) -> Vec<AttributePath> {
        self.fields_mut();
        let Self {
            address: _,
            kind: _,
            action: _,
            requires_replace: _,
            reasons,
            diagnostics,
            depends_on: _,
            consumers: _,
            prior,
            planned,
            config,
            restrictable: _,
            hidden: _,
            renewal: _,
            forced: _,
            trace: _,
            takes,
            told,
        } = self;
        if let Some(owner) = takes.as_mut().and_then(|takes| takes.managed_by.as_mut()) {
            known.hide_in_text(owner);
        }
        for side in [prior, config] {
            known.hide_in(side, &AttributePath::root());
        }
        for field in told.iter_mut().flatten() {
            known.hide_in(&mut field.before, &field.path);
            known.hide_in(&mut field.after, &field.path);
        }
        for reason in reasons {
            match reason {
                Reason::Rotation { why }
                | Reason::PossibleRotation { why }
                | Reason::Replacement { path: _, why } => known.hide_in_text(why),
                Reason::Cascade { what } => known.hide_in_text(what),
                Reason::Revocation { ids: _ }
                | Reason::PossibleRevocation { ids: _ }
                | Reason::GraceBegins { ids: _ } => {}
            }
        }
        for problem in diagnostics {
            problem.hide_secrets(known);
        }
        known.hide_in(planned, &AttributePath::root())
    }

    /// True if a secret is to come, a new one or the same again.
    pub fn brings_secret(&self) -> bool {
        self.renewal.brings_secret()
    }

    /// The prior state; `None` for a creation, and where a part of it is hidden.
    pub fn before(&self) -> Option<State> {
        State::read_any(self.kind, &self.prior).ok().flatten()
    }

    /// The planned state; `None` for a deletion, and where a part of it is hidden.
    pub fn after(&self) -> Option<State<Planned>> {
        State::read_any(self.kind, &self.planned).ok().flatten()
    }

    /// The prior state as a reviewer may see it; `None` for a creation.
    pub fn seen_before(&self) -> Option<State<Shown>> {
        State::read_any(self.kind, &self.prior).ok().flatten()
    }

    /// Likewise the planned state; `None` for a deletion.
    pub fn seen_after(&self) -> Option<State<Shown>> {
        State::read_any(self.kind, &self.planned).ok().flatten()
    }

    /// True if only an apply can tell whether a new secret is issued.
    pub fn may_rotate(&self) -> bool {
        self.action == Action::Update && self.renewal == Renewal::Open
    }

    /// The object's name, before the change if it exists.
    pub fn name(&self) -> Option<String> {
        let named = |state: &Value| Outline::of(state).name.value().cloned();
        named(&self.prior).or_else(|| named(&self.planned))
    }
}

/// Makes a secret of what is set.
fn hide(value: &mut Value) {
    if !matches!(value, Value::Null | Value::Unknown | Value::Secret(_)) {
        *value = Value::Secret(Secret::new(format!("{value:?}")));
    }
}

fn collect(
    body: &Body,
    before: &Value,
    after: &Value,
    path: &AttributePath,
    forcing: &[AttributePath],
    fields: &mut Vec<Field>,
) {
    let field = |name: &str, format: Format, before: &Value, after: &Value, sensitive| {
        (!same(format, before, after)).then(|| {
            let path = path.then(name);
            Field {
                forces_replacement: forcing.contains(&path),
                path,
                before: before.clone(),
                after: after.clone(),
                sensitive,
            }
        })
    };
    for attribute in &body.attributes {
        let name = attribute.name.as_str();
        let (before, after) = (before.get(name), after.get(name));
        fields.extend(field(
            name,
            attribute.format,
            before,
            after,
            attribute.sensitive,
        ));
    }
    for block in &body.blocks {
        let (before, after) = (before.get(&block.name), after.get(&block.name));
        if after.is_unknown() {
            fields.extend(field(&block.name, Format::Plain, before, after, false));
            continue;
        }
        let path = path.then(&block.name);
        let (before, after) = (items(before), items(after));
        let count = before.len().max(after.len());
        for index in 0..count {
            let path = if count > 1 || block.nesting == Nesting::List {
                path.index(index)
            } else {
                path.clone()
            };
            let item = |items: &[Value]| items.get(index).cloned().unwrap_or_default();
            let (before, after) = (item(before), item(after));
            collect(&block.body, &before, &after, &path, forcing, fields);
        }
    }
}

/// The objects of a block: none, one or several.
fn items(block: &Value) -> &[Value] {
    match block {
        Value::List(items) => items,
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
}
